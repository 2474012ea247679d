"""An agency's one page as PDF and as slides. What it says comes worded (pmqa/views/paper/agency.py)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Literal

import pandas as pd

from pmqa.exports.codes import code_svg
from pmqa.exports.paper import Chip, settable
from pmqa.exports.report_files import report_pptx
from pmqa.exports.reports import Page, Report, Summary
from pmqa.exports.stamp import Stamp
from pmqa.exports.typesetting import typeset
from pmqa.text import translator


@dataclass(frozen=True)
class Row:
    """A category: shares of the scale for the bar, last year's dot and the peers' quartiles; None = not known."""

    name: str
    score: str
    change: str
    chip: Chip
    at: float | None
    before: float | None
    quartiles: tuple[float, float] | None
    incomplete: bool


@dataclass(frozen=True)
class Step:
    """A criterion to close, and where the overall stands after it (share of the way shown)."""

    code: str
    words: str
    whole: str  # the words where there is room for all of them
    gain: str
    score: str
    start: float
    end: float


@dataclass(frozen=True)
class Missed:
    """A measure far from its target: result and target, and the success rate."""

    words: str
    whole: str  # the words where there is room for all of them
    pair: str
    rate: str


@dataclass(frozen=True)
class OnePager:
    """An agency on one page of A4, every word in one language; blanks are said, never 0."""

    language: str
    agency: str
    finding: str
    topic: str
    tiles: tuple[tuple[str, str, str], ...]  # label, value, note
    level: Chip
    bases: tuple[tuple[str, str], ...]
    where: str  # the finding of the categories
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[Row, ...]
    key: tuple[Chip, ...]
    strengths: tuple[tuple[str, str], ...]
    gaps: tuple[tuple[str, str], ...]
    way: str
    steps: tuple[Step, ...]
    results: str
    marks: tuple[tuple[str, str], ...]  # a result item; its indicators: m met, x not, n not reported, capital core
    worst: tuple[Missed, ...]
    words: dict[str, str]
    footer: tuple[str, ...]
    link: str  # that its code opens; "" where there is none
    sample: str  # that fictitious agencies are among the data; "" where there are none


def one_pager_file(page: OnePager, stamp: Stamp, form: Literal["pdf", "pptx"], template: bytes | None = None) -> bytes:
    """The page as PDF for everybody, or as slides. Raises ExportError."""
    t, summary = translator(page.language), summary_of(page)
    if form == "pptx":
        method = Page(t("exports.report.how"), (t("exports.method"), *page.footer))
        return report_pptx(Report(replace(stamp, title=page.finding), (method,), summary), template=template)
    (content,) = typeset("one_pager", summary.sheet, page.language)
    return content


def summary_of(page: OnePager) -> Summary:
    """The page as it stands before a report: as slides it is standing and why, categories, what to do, results."""
    words = page.words
    on_bases = " · ".join(f"{name} {score}" for name, score in page.bases)
    categories = pd.DataFrame(
        [(row.name, row.score, row.change, f"{row.chip.code} {row.chip.name}") for row in page.rows],
        columns=[words["category"], words["score"], words["change"], words["level"]],
    )
    steps = pd.DataFrame(
        [(f"{step.code} {step.whole}", step.gain, step.score, "", "") for step in page.steps],
        columns=[words["step"], words["gain"], words["running"], words["owner"], words["due"]],
    )
    worst = pd.DataFrame(
        [(one.whole, one.pair, one.rate) for one in page.worst],
        columns=[words["worst"], words["actual"], words["rate"]],
    )
    pages = (
        Page(page.finding, table=_standing(page), second=_why(page), link=page.link),
        Page(page.where, (on_bases,) if on_bases else (), categories),
        Page(page.way, (), steps if len(steps) else None),
        Page(page.results, (), _reported(page), second=worst if len(worst) else None),
    )
    slides = tuple(replace(one, topic=page.topic) for one in pages)
    return Summary(settable(asdict(page)) | {"code": code_svg(page.link) if page.link else ""}, slides)


def _standing(page: OnePager) -> pd.DataFrame:
    """The tiles: a column each, its value above its note."""
    labels, *rows = zip(*page.tiles, strict=True)
    return pd.DataFrame(rows, columns=list(labels))


def _reported(page: OnePager) -> pd.DataFrame:
    """How many indicators of each result item are met, missed and not reported."""
    kinds = [(page.words[word], sign) for word, sign in (("met", "m"), ("not_met", "x"), ("unreported", "n"))]
    counts = {item: [str(signs.casefold().count(sign)) for _, sign in kinds] for item, signs in page.marks}
    return pd.DataFrame({page.words["by_item"]: [word for word, _ in kinds], **counts})


def _why(page: OnePager) -> pd.DataFrame:
    """Strengths beside gaps."""
    sides = [[f"{lead}: {rest}" if rest else lead for lead, rest in side] for side in (page.strengths, page.gaps)]
    heads = [f"▲ {page.words['strengths']}", f"▼ {page.words['gaps']}"]
    return pd.DataFrame(list(zip_longest(*sides, fillvalue="")), columns=heads)
