"""Reports of an agency or a ministry: lists of cards, each a page; and their one-page documents, as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from pmqa.charts.chart_points import too_few_text
from pmqa.errors import CardGone
from pmqa.exports import (
    Page,
    Report,
    Stamp,
    briefing_file,
    file_name,
    one_pager_file,
    report_pdf,
    report_pptx,
    summary_of,
)
from pmqa.exports.stamp import SEPARATOR
from pmqa.scoring import OVERALL
from pmqa.views.building import card_of
from pmqa.views.cards import Card
from pmqa.views.files import stamp, stamp_of
from pmqa.views.paper.agency import one_pager
from pmqa.views.paper.ministry import briefing
from pmqa.views.since import who_changed
from pmqa.views.told import headline
from pmqa.views.view import View
from pmqa.views.wide import worded

Form = Literal["pptx", "pdf"]
MOST_ROWS: Final = 11  # of a table that is cut


class Listed(NamedTuple):
    """A card of a report. table: whether its table is the page, or its chart, as far as it has one; columns: which of
    its columns, () = all; filled: the column without which a row is left out; most: rows at most; on_paper: whether the
    first slides of a deck say it."""

    card: str
    choices: dict[str, Any]
    table: bool = False
    columns: tuple[str, ...] = ()
    filled: str = ""
    most: int | None = None
    on_paper: bool = False


def agency_report(view: View, agency: str, *, notes: bool = False) -> Report:
    """The report of one agency: its one page, then categories, radar, items, gaps, indicators, years, notes where they
    are asked for, whose the rules are, method.

    Raises CardGone where the agency is not in the view.
    """
    t, one = view.t, {"agency": agency}
    by_category, by_dimension = one | {"kind": "category"}, one | {"kind": "dimension"}
    results = {"agencies": (agency,), "kind": "item", "part": view.framework.scoring.results_category}
    of_step = ("step", "criterion", "level_name", "text", "score")
    of_measure = ("indicator", "name", "unit", "target", "actual", "success_rate", "score", "trend_name")
    listed = [
        Listed("agency.categories", one, table=True, on_paper=True),
        Listed("agency.profile", by_dimension),
        Listed("compare.peers", by_category),
        Listed("agency.ladder", one),
        Listed("compare.values", results),
        Listed("gaps.to_target", by_category),
        Listed("gaps.to_target", by_dimension),
        Listed("gaps.path", one, table=True, columns=of_step, most=MOST_ROWS, on_paper=True),
        Listed("indicators.achievement", one),
        Listed("indicators.achievement", one, table=True, columns=of_measure, filled="number"),
        Listed("framework.origins", {}, table=True),
    ]
    every = view.every_year(OVERALL)
    own = every[every["agency_code"] == agency]
    if own["fiscal_year"].nunique() > 1:
        listed.insert(-1, Listed("agency.history", by_category))
    if notes:
        listed.insert(-1, Listed("agency.notes", one, table=True))
    card_of(view, "agency.categories", (("agency", agency),))  # an agency that is not there has no report
    title = t("exports.report.of_agency", agency=view.agencies[agency])
    whole = stamp_of(view, title, len(view.agencies))
    summary = summary_of(one_pager(view, agency, whole))
    return Report(whole, (*_pages(view, listed), method_page(view, whole)), summary)


def ministry_report(view: View, ministry: str, *, notes: bool = False) -> Report:
    """The report of one ministry: its agencies, levels, profile, who stands where, items, gaps, what to work on,
    indicators, notes where they are asked for, whose the rules are, method.

    Raises CardGone where nobody of it is in the view.
    """
    t, own = view.t, replace(view, ministries=(ministry,))
    # Compared with everybody, not with itself where the page shows only that.
    everybody = replace(view, ministries=())
    card_of(view, "ministry.profile", (("of_ministry", ministry),))  # a ministry that is not there has no report
    title = t("exports.report.of_ministry", ministry=ministry)
    whole = stamp_of(own, title, len(own.agencies))
    of_agency = ("agency_code", "agency_name", "score", "level_name", "coverage")
    (first,) = _pages(own, [Listed("overview.totals", {}, table=True, columns=of_agency)])
    pages = [
        replace(first, topic=SEPARATOR.join((title, whole.basis_line())), lines=(*first.lines, _spread(own))),
        *_pages(own, [Listed("overview.levels", {"kind": "category"})]),
        *_pages(everybody, [Listed("ministry.profile", {"of_ministry": ministry})]),
        *_pages(
            own,
            [
                Listed("compare.everyone", {}),
                Listed("compare.heat", {"kind": "item"}),
                Listed("gaps.agencies", {}),
                Listed("leverage.leverage", {}),
                Listed("indicators.medians", {}),
                Listed("indicators.medians", {}, table=True),
                *([Listed("ministry.notes", {}, table=True)] if notes else []),
                Listed("framework.origins", {}, table=True),
            ],
        ),
    ]
    return Report(whole, (*pages, method_page(own, whole)))


def report_file(report: Report, form: Form, template: bytes | None = None) -> bytes:
    """A report as slides (from a ministry's own .pptx) or as PDF. Raises ExportError where it cannot be made."""
    return report_pptx(report, template=template) if form == "pptx" else report_pdf(report)


def agency_reports(
    view: View,
    agencies: Iterable[str],
    form: Form = "pptx",
    template: bytes | None = None,
    *,
    notes: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """File name and content of the report of each agency, one by one, so that the caller shows progress and never
    holds more than one."""
    for agency in agencies:
        report = agency_report(view, agency, notes=notes)
        name = file_name([report.stamp.title, agency, report.stamp.fiscal_year], form)
        yield name, report_file(report, form, template)


def _pages(view: View, listed: Iterable[Listed]) -> Iterator[Page]:
    """A page for each card that is there and has something to show."""
    for one in listed:
        with suppress(CardGone):
            card = card_of(view, one.card, tuple(one.choices.items()))
            if one.table and len(card.table):
                yield table_page(view, card, one)
            elif not one.table and card.drawing is not None:
                yield Page(card.title, chart=card.drawing)


def table_page(view: View, card: Card, of: Listed) -> Page:
    """The table of a card as a page, cut as it is listed."""
    rows = card.table.dropna(subset=[of.filled]) if of.filled else card.table
    title = headline(card, view.t)
    lines = [line for line in card.notes if line and line != title]
    if of.most is not None and len(rows) > of.most:
        lines.append(view.t("exports.report.rows_shown", shown=of.most, all=len(rows)))
    rows = rows.head(of.most or len(rows))
    shown = [column for column in card.columns if column.name in of.columns or (not of.columns and column.kind != "id")]
    words = pd.DataFrame({column.label: worded(view.t, rows[column.name], column.kind) for column in shown})
    topic = SEPARATOR.join(part for part in (card.title, stamp(view, card).basis_line()) if part)
    return Page(title, tuple(lines), words, topic=topic, on_paper=of.on_paper)


def _spread(view: View) -> str:
    """Median and ends of the overall, or why there are none."""
    t, stats = view.t, view.peer_row("overall", "overall")
    if stats is None or pd.isna(stats["median"]):
        return too_few_text(0 if stats is None else int(stats["n"]), view.who_counts, t)
    ends = {"median": t.number(stats["median"]), "low": t.number(stats["minimum"]), "high": t.number(stats["maximum"])}
    return t("exports.report.spread", n=t.number(stats["n"], 0), counted=view.who_counts, **ends)


def method_page(view: View, whole: Stamp) -> Page:
    """How scores are made, from what, and what the stamp says."""
    t, framework = view.t, view.framework
    levels = " → ".join(
        f"{t.pick(level.name)} ({t.number(framework.scoring.level_thresholds[level.id], 0)})"
        for level in framework.levels
    )
    lines = (
        t("exports.report.bases"),
        t("exports.method"),
        t("exports.report.thresholds", levels=levels, most=t.number(framework.scoring.scale_max, 0)),
        t("exports.report.results_method", most=t.number(framework.scoring.success_rate_max, 0)),
        t("exports.report.statistics", least=view.peer_minimum, counted=view.who_counts),
        t.pick(framework.source),
        f"{t.pick(framework.name)} · {framework.called(t)}",
        *whole.lines(),
        *who_changed(view),
    )
    return Page(t("exports.report.how"), lines)


def profiles(
    view: View, agencies: Iterable[str], stamp: Stamp, form: Form, template: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """File name and content of the one page of each agency, one by one. Raises ExportError where it cannot be made."""
    for agency in agencies:
        page = one_pager(view, agency, stamp)
        name = file_name([view.t("exports.one_pager.name"), agency, page.agency, stamp.fiscal_year], form)
        yield name, one_pager_file(page, stamp, form, template)


def briefing_of(view: View, ministry: str, stamp: Stamp, form: Form, template: bytes | None = None) -> bytes:
    """The one page of a ministry. Raises ExportError where it cannot be made."""
    return briefing_file(briefing(view, ministry, stamp), stamp, form, template)
