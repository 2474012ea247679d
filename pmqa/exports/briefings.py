"""A ministry's one page as PDF and as a deck. What it says comes worded (pmqa/views/paper/ministry.py)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

import pandas as pd

from pmqa.exports.paper import Chip, settable
from pmqa.exports.report_files import report_pptx
from pmqa.exports.reports import Page, Report
from pmqa.exports.stamp import Stamp
from pmqa.exports.typesetting import typeset
from pmqa.text import translator


@dataclass(frozen=True)
class Tile:
    """A cell of the table of agencies: change is -1, 0 or 1 where it is worth an arrow."""

    chip: Chip
    score: str
    change: int
    incomplete: bool


@dataclass(frozen=True)
class Pair:
    """A name and two ends on a scale of its own (shares), with words beside them."""

    name: str
    start: float
    end: float
    note: str
    difference: str


@dataclass(frozen=True)
class Briefing:
    """A ministry on one page of A4, every word in one language."""

    language: str
    ministry: str
    finding: str
    topic: str
    asks: tuple[tuple[str, str], ...]  # what, and what it gives
    levels: tuple[tuple[str, tuple[tuple[Chip, int], ...]], ...]  # a year, its levels with whole agencies
    levels_title: str
    absent_title: str
    absent: tuple[tuple[str, str], ...]
    table_title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Tile, ...]], ...]
    shown: tuple[int, ...]  # rows on the first page; those left out between them are counted
    left_out: str
    key: tuple[Chip, ...]
    criteria_title: str
    criteria: tuple[tuple[str, int, str, str], ...]  # words, agencies that lack it, points, agencies it alone keeps
    sent: int
    movers_title: str
    movers: tuple[Pair, ...]
    assessed_title: str
    assessed: tuple[Pair, ...]
    teach_title: str
    teach: tuple[tuple[str, str, str], ...]  # category, teacher, learners
    words: dict[str, str]
    footer: tuple[str, ...]
    sample: str  # that fictitious agencies are among the data; "" where there are none


def briefing_file(page: Briefing, stamp: Stamp, form: Literal["pdf", "pptx"], template: bytes | None = None) -> bytes:
    """The page as PDF for everybody, or as a deck. Raises ExportError."""
    if form == "pptx":
        return report_pptx(briefing_report(page, stamp), template=template)
    (content,) = typeset("briefing", settable(asdict(page)), page.language)
    return content


def briefing_report(page: Briefing, stamp: Stamp) -> Report:
    """The same as slides: finding, asks, agencies, criteria, movers, assessors, teachers."""
    t, words = translator(page.language), page.words
    asks = tuple(f"{number}. {what} – {gives} · {words['by']}" for number, (what, gives) in enumerate(page.asks, 1))
    absent = tuple(f"{what}: {who}" for what, who in page.absent)
    levels = tuple(
        f"{year}: " + " · ".join(f"{chip.code} {chip.name} {count}" for chip, count in parts if count)
        for year, parts in page.levels
    )
    agencies = pd.DataFrame(
        [
            (name, *(f"{tile.chip.code} {tile.score}{'*' if tile.incomplete else ''}" for tile in tiles))
            for name, tiles in page.rows
        ],
        columns=[words["agency"], words["overall"], *page.columns],
    )
    criteria = pd.DataFrame(
        [(what, f"{count}/{page.sent}", points, alone) for what, count, points, alone in page.criteria],
        columns=[words["criterion"], words["lacking"], words["points"], words["alone"]],
    )
    movers = pd.DataFrame(
        [(one.name, one.note, one.difference) for one in page.movers],
        columns=[words["agency"], words["level"], words["change"]],
    )
    assessed = pd.DataFrame(
        [(one.name, one.note, one.difference) for one in page.assessed],
        columns=[words["agency"], f"{words['self']} / {words['assessor']}", words["difference"]],
    )
    teach = pd.DataFrame(list(page.teach), columns=[words["category"], words["teacher"], words["learner"]])
    pages = [
        Page(page.finding, (page.topic, *asks)),
        Page(page.levels_title, (*levels, page.absent_title, *absent)),
        Page(page.table_title, (), agencies),
        *(Page(title, (), table) for title, table in (
            (page.criteria_title, criteria),
            (page.movers_title, movers),
            (page.assessed_title, assessed),
            (page.teach_title, teach),
        ) if len(table)),
        Page(t("exports.report.how"), (t("exports.method"), *page.footer)),
    ]  # fmt: skip
    return Report(replace(stamp, title=page.finding), tuple(pages))
