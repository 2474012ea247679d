"""A ministry's one page as PDF and as a deck. What it says comes worded (pmqa/views/paper/ministry.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

import pandas as pd

from pmqa.charts.words import NO_BREAK
from pmqa.exports.codes import code_svg
from pmqa.exports.paper import Chip, settable
from pmqa.exports.report_files import report_pptx
from pmqa.exports.reports import Page, Report, Tinted
from pmqa.exports.stamp import SEPARATOR, Stamp
from pmqa.exports.typesetting import typeset
from pmqa.text import MISSING, Translator, translator

TOGETHER: Final = 6  # agencies that stand on the slide of the levels
NOBODY: Final = ("#ffffff", "#4d5b6a")  # paper and ink where a level has none
ARROWS: Final = {-1: "▼", 0: "", 1: "▲"}


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
    link: str  # that its code opens; "" where there is none
    sample: str  # that fictitious agencies are among the data; "" where there are none


def briefing_file(page: Briefing, stamp: Stamp, form: Literal["pdf", "pptx"], template: bytes | None = None) -> bytes:
    """The page as PDF for everybody, or as a deck. Raises ExportError."""
    if form == "pptx":
        return report_pptx(briefing_report(page, stamp), template=template)
    sheet = settable(asdict(page)) | {"code": code_svg(page.link) if page.link else ""}
    (content,) = typeset("briefing", sheet, page.language)
    return content


def briefing_report(page: Briefing, stamp: Stamp) -> Report:
    """The same as slides: finding and asks, levels and who is missing, agencies, criteria and teachers, movers and
    assessors."""
    t, words = translator(page.language), page.words
    heads = ("exports.briefing.ask", "exports.briefing.gives", "exports.one_pager.owner", "exports.briefing.until")
    asks = [(f"{number}. {what}", gives, "", "") for number, (what, gives) in enumerate(page.asks, 1)]
    slides = (
        Page(page.finding, table=_table(asks, [t(head) for head in heads]), link=page.link),
        *_where(page, t),
        _two(
            (page.criteria_title, _criteria(page)),
            (page.teach_title, _table(page.teach, [words[head] for head in ("category", "teacher", "learner")])),
        ),
        _two(
            (page.movers_title, _pairs(page.movers, [t("ui.agency"), words["level"], words["change"]])),
            (page.assessed_title, _pairs(page.assessed, _assessed_heads(page, t))),
            beside=True,
        ),
    )
    shown = (replace(slide, topic=page.topic) for slide in slides if slide is not None)
    method = Page(t("exports.report.how"), (t("exports.method"), *page.footer))
    return Report(replace(stamp, title=page.finding), (*shown, method))


def _where(page: Briefing, t: Translator) -> tuple[Page | None, ...]:
    """Levels and who is missing, and the agencies; on one slide where nobody is missing and there are few."""
    levels, marks = (page.levels_title, _levels(page, t)), (_marks_of(page),)
    if page.absent or len(page.rows) > TOGETHER:
        absent = (page.absent_title, _table(page.absent, _absent_heads(t)))
        return _two(levels, absent), Page(page.table_title, marks, _agencies(page))
    both = _two(levels, (page.table_title, _agencies(page)))
    return (None if both is None else replace(both, lines=marks),)


Block = tuple[str, pd.DataFrame | None]  # its finding, and its table where there is one


def _two(first: Block, other: Block, *, beside: bool = False) -> Page | None:
    """Two blocks on one slide, under their findings; of one without a table its finding; None without any."""
    tables = [table for _, table in (first, other) if table is not None]
    title = SEPARATOR.join((first[0], other[0]))
    return Page(title, table=tables[0], second=tables[1] if tables[1:] else None, beside=beside) if tables else None


def _table(rows: Sequence[tuple[object, ...]], heads: Sequence[str]) -> pd.DataFrame | None:
    return pd.DataFrame(list(rows), columns=list(heads), dtype="object") if rows else None


def _absent_heads(t: Translator) -> list[str]:
    return [t("exports.briefing.state"), t("ui.agency")]


def _assessed_heads(page: Briefing, t: Translator) -> list[str]:
    return [t("ui.agency"), f"{page.words['self']} / {page.words['assessor']}", page.words["difference"]]


def _levels(page: Briefing, t: Translator) -> pd.DataFrame | None:
    """Agencies on each level, a row a year, in the colours of the levels."""
    last = page.levels[-1][1] if page.levels else ()
    known = {at for at, (chip, _) in enumerate(last) if chip.code != MISSING}
    kept = [at for at in range(len(last)) if at in known or any(parts[at][1] for _, parts in page.levels)]
    rows = [(year, *(_count(*parts[at]) for at in kept)) for year, parts in page.levels]
    heads = (NO_BREAK.join(dict.fromkeys((last[at][0].code, last[at][0].name))) for at in kept)
    return _table(rows, [t("ui.fiscal_year"), *heads])


def _count(chip: Chip, n: int) -> Tinted:
    return Tinted(str(n), chip.fill, chip.ink) if n else Tinted(str(n), *NOBODY)


def _agencies(page: Briefing) -> pd.DataFrame | None:
    """Every agency by category, in the colours of the levels."""
    rows = [(name, *map(_tinted, tiles)) for name, tiles in page.rows]
    category = page.words["category"]
    heads = (f"{category} {one}" for one in page.columns)
    return _table(rows, [page.words["agency"], page.words["overall"], *heads])


def _tinted(tile: Tile) -> Tinted:
    parts = (tile.chip.code, f"{tile.score}{'*' if tile.incomplete else ''}", ARROWS[tile.change])
    words = NO_BREAK.join(part for part in parts if part)
    return Tinted(words, tile.chip.fill, tile.chip.ink)


def _marks_of(page: Briefing) -> str:
    """The key of the tiles."""
    return SEPARATOR.join((*(f"{chip.code} {chip.name}" for chip in page.key), page.words["tiles"]))


def _criteria(page: Briefing) -> pd.DataFrame | None:
    rows = [(what, f"{count}/{page.sent}", points, alone) for what, count, points, alone in page.criteria]
    return _table(rows, [page.words[head] for head in ("criterion", "lacking", "points", "alone")])


def _pairs(pairs: Sequence[Pair], heads: Sequence[str]) -> pd.DataFrame | None:
    return _table([(one.name, one.note, one.difference) for one in pairs], heads)
