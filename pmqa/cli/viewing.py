"""What an analyst takes from the pages, without the pages: cards by their addresses, a comparison, reports."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pmqa import charts, exports
from pmqa.cli.choosing import submissions_asked_for
from pmqa.cli.console import Progress
from pmqa.errors import CardGone, UsageError
from pmqa.exports import Stamp
from pmqa.sources import bases, bases_of, source_of
from pmqa.store import Store
from pmqa.text import Translator
from pmqa.viewer import Viewer
from pmqa.views import data, files, reporting, storyboards
from pmqa.views.address import Address, parse
from pmqa.views.building import build_with_view, card_of, view_of
from pmqa.views.cards import Card
from pmqa.views.reporting import briefing_of, profiles
from pmqa.views.selected import Selection
from pmqa.views.view import View

OWNER: Final = Viewer("local", "admin")  # who has the database sees all of it
# One card of a comparison as a picture: which, and over what.
CHARTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "radar": ("compare.profile", {}),
    "dots": ("compare.everyone", {}),
    "heatmap": ("compare.heat", {}),
}
CARD_FORMS: Final[dict[str, Callable[[View, Card], bytes]]] = {
    "csv": files.card_csv,
    "xlsx": files.card_xlsx,
    "pptx": files.card_pptx,
    **{form: partial(files.card_picture, form=form) for form in files.PICTURES},
}


# --- cards ------------------------------------------------------------------------------------------------------------


def cards_file(store: Store, addresses: Sequence[str], closed: str | None, form: str, t: Translator) -> bytes:
    """Cards by their addresses as one file; several make one deck, workbook or zip. closed: name of the closed round
    that they are of, where they name none. Raises UsageError, ExportError.
    """
    round_ = round_of(store, closed, t)
    try:
        parsed = [_as_reported(parse(text, t.language), round_) for text in addresses]
        made = [build_with_view(one, OWNER, store) for one in parsed]
    except CardGone as gone:
        raise UsageError(str(gone)) from gone
    view, card = made[0]
    if form in ("pptx", *files.PICTURES) and not files.drawings_of(made):
        raise UsageError(t("cli.export.no_chart", card=addresses[0], form=form))
    if form == "zip":
        return files.page_zip(card.title, made, {"cards": list(addresses)}, addresses=parsed)
    if len(made) == 1:
        return CARD_FORMS[form](view, card)
    several = {"pptx": files.deck, "xlsx": files.workbook}
    if form not in several:
        raise UsageError(t("cli.export.one_card", form=form, known=", ".join([*several, "zip"])))
    return several[form](card.title, made)


def storyboard_file(
    store: Store, name: str, owner: str | None, closed: str | None, form: str, t: Translator
) -> tuple[bytes, list[str]]:
    """A storyboard as one file, and a sentence for each slide that is not in it. owner: of several of the same name.
    closed: name of the closed round that slides are of, where they name none.

    Raises UsageError, ExportError.
    """
    kept = store.storyboards.named(name)
    if not kept:
        known = ", ".join(store.storyboards.names()) or t("cli.export.none")
        raise UsageError(t("cli.export.no_storyboard", name=name, known=known))
    if owner is None and len(kept) > 1:
        raise UsageError(t("cli.export.whose_storyboard", name=name, owners=", ".join(kept)))
    if owner is not None and owner not in kept:
        raise UsageError(t("cli.export.not_their_storyboard", name=name, owner=owner, owners=", ".join(kept)))
    id_ = next(iter(kept.values())) if owner is None else kept[owner]
    slides = store.storyboards.slides(id_, OWNER)
    version = data.as_reported(data.version_of(store), round_of(store, closed, t))
    laid = storyboards.laid_out(slides, OWNER, version, t.language)
    board = store.storyboards.opened(id_, OWNER)
    assert board is not None  # noqa: S101 - it was found above, in the same copy of the data
    report = storyboards.report_of(board, laid, t)
    left_out = storyboards.left_out(laid, t)
    if form == "xlsx":
        return files.workbook(name, storyboards.cards_of(laid)), left_out
    return reporting.report_file(report, "pdf" if form == "pdf" else "pptx"), left_out


def round_of(store: Store, name: str | None, t: Translator) -> str:
    """The id of the closed round of this name; "" for none. Raises UsageError that says which there are."""
    if name is None:
        return ""
    rounds = store.rounds.all()
    found = rounds.loc[rounds["name"] == name, "round"]
    if found.empty:
        known = ", ".join(rounds["name"]) or t("cli.export.none")
        raise UsageError(t("cli.export.no_round", name=name, known=known))
    return str(found.iloc[0])


def _as_reported(address: Address, round_: str) -> Address:
    selection = address.selection
    return replace(address, selection=replace(selection, closed=selection.closed or round_))


# --- a comparison -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """What the options choose. view: of all agencies of the year; agencies: the chosen codes, in the order given;
    whose: them in words, where not all are chosen."""

    view: View
    agencies: tuple[str, ...]
    whose: str

    def cards(self, *cards: tuple[str, dict[str, Any]]) -> files.Made:
        """The cards of these ids and choices, but those that this edition's scopes make no picture of."""
        made = []
        for card, choices in cards:
            with suppress(CardGone):
                made.append((self.view, card_of(self.view, card, tuple(choices.items()))))
        return made

    def stamp(self, title: str) -> Stamp:
        """What a file of it says about itself."""
        (one,) = self.cards(("compare.scores", {"agencies": self.agencies}))
        return replace(files.whole_stamp(title, [one]), n=len(self.agencies), filters=self.whose)


def chosen_of(store: Store, arguments: Namespace, t: Translator) -> Chosen:
    """What the options choose; the latest fiscal year, and every agency, unless told. Raises UsageError."""
    basis = _basis(arguments, t)
    closed = round_of(store, arguments.round, t)
    submissions = store.submissions.current(None, source=source_of(basis).id, closed=closed or None)
    if arguments.year is None and len(submissions):
        submissions = submissions[submissions["fiscal_year"] == submissions["fiscal_year"].max()]
    found = submissions_asked_for(submissions, arguments, t)
    year = int(found["fiscal_year"].iloc[0])
    # Of the chosen and of those that they are compared with.
    editions = submissions.loc[submissions["fiscal_year"] == year, "edition"].unique()
    if len(editions) > 1:
        raise UsageError(t("cli.export.several_editions", editions=", ".join(sorted(editions))))
    # In the order that was asked for, else by name.
    agencies = tuple(dict.fromkeys(arguments.agencies or found.sort_values("agency_name")["agency_code"]))
    whose = arguments.ministry or (", ".join(agencies) if arguments.agencies else "")
    selection = Selection(t.language, fiscal_year=year, basis=basis, closed=closed)
    return Chosen(view_of(selection, OWNER, data.version_of(store)), agencies, whose)


def _basis(arguments: Namespace, t: Translator) -> str:
    """The basis asked for, else the first of the source asked for. Raises UsageError where they contradict."""
    fitting = tuple(bases()) if arguments.source is None else bases_of(arguments.source)
    if arguments.basis not in (None, *fitting):
        words = {"name": f"--source {arguments.source}", "other": f"--basis {arguments.basis}"}
        raise UsageError(t("cli.errors.not_together", **words))
    return str(arguments.basis or fitting[0])


def comparison_file(of: Chosen, form: str, chart: str, tables: dict[str, pd.DataFrame]) -> bytes:
    """The comparison in one format. tables: the data behind it, for the workbook. Raises ExportError."""
    if form in files.PICTURES:
        return _picture(of, chart, form)
    title = of.view.t("cli.export.comparison")
    makers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: _workbook(of, title, tables),
        "pptx": lambda: exports.to_pptx(files.drawings_of(compared(of)), of.stamp(title)),
        "csv": lambda: exports.to_csv(_scores(of).table),
    }
    if form in makers:
        return makers[form]()
    every = {f"{title}.{suffix}": make() for suffix, make in makers.items()}
    every |= {f"{title}-{name}.svg": CARD_FORMS["svg"](*made) for name in CHARTS for made in _charted(of, name)}
    return exports.to_zip(every, of.stamp(title))


def compared(of: Chosen) -> files.Made:
    """Cards with charts: profiles, the same values as dots, gaps to the next level, and everybody at a glance.

    More agencies than a radar can show have a radar, dots and gaps each, beside their peers' median.
    """
    together = len(of.agencies) < charts.MOST_SERIES
    cards: list[tuple[str, dict[str, Any]]] = []
    for group in [of.agencies] if together else [(code,) for code in of.agencies]:
        by_dimension, by_category = ({"agencies": group, "kind": kind} for kind in ("dimension", "category"))
        if together:
            cards += [("compare.profile", by_dimension), ("compare.values", by_dimension)]
            cards += [("compare.profile", by_category), ("compare.values", by_category)]
        else:
            cards += [("agency.profile", {"agency": group[0]}), ("compare.values", by_category)]
        cards += [("gaps.to_target", {"agency": code}) for code in group]
    everybody = {"agencies": of.agencies}
    return of.cards(*cards, ("compare.heat", everybody), ("compare.everyone", everybody))


def _scores(of: Chosen) -> Card:
    ((_, card),) = of.cards(("compare.scores", {"agencies": of.agencies}))
    return card


def _workbook(of: Chosen, title: str, tables: dict[str, pd.DataFrame]) -> bytes:
    view, scores = of.view, _scores(of)
    origins = {view.t("exports.origins.title"): exports.origins_table(view.framework, view.t)}
    sheets = {title: scores.table, **tables, **files.traces_of(view, [scores]), **origins}
    return exports.xlsx_with_charts(files.drawings_of(compared(of)), of.stamp(title), sheets)


def _picture(of: Chosen, chart: str, form: str) -> bytes:
    made = _charted(of, chart)
    if not made:
        raise UsageError(of.view.t("cli.export.no_chart", card=CHARTS[chart][0], form=form))
    return CARD_FORMS[form](*made[0])


def _charted(of: Chosen, chart: str) -> files.Made:
    """The card of a chart; none where this edition's scopes make no such picture."""
    card, choices = CHARTS[chart]
    return of.cards((card, {**choices, "agencies": of.agencies}))


# --- reports ----------------------------------------------------------------------------------------------------------


def report_files(of: Chosen, form: str, ministry: str | None, *, notes: bool = False) -> Iterator[tuple[str, bytes]]:
    """Name and content of each report: the ministry's, or one for each chosen agency. Raises ExportError."""
    suffix: reporting.Form = "pdf" if form == "pdf" else "pptx"  # in a zip too
    if ministry is not None:
        report = reporting.ministry_report(of.view, ministry, notes=notes)
        name = exports.file_name([report.stamp.title, report.stamp.fiscal_year], suffix)
        yield name, reporting.report_file(report, suffix)
        return
    with Progress(of.view.t("cli.export.reporting"), len(of.agencies)) as progress:
        for name, content in reporting.agency_reports(of.view, of.agencies, suffix, notes=notes):
            progress.step(name)
            yield name, content


def profile_files(of: Chosen, form: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of the one page of each chosen agency; in a zip as PDF. Raises ExportError."""
    suffix: reporting.Form = "pptx" if form == "pptx" else "pdf"
    with Progress(of.view.t("cli.export.reporting"), len(of.agencies)) as progress:
        for name, content in profiles(of.view, of.agencies, replace(of.stamp(""), n=len(of.view.agencies)), suffix):
            progress.step(name)
            yield name, content


def briefing_content(of: Chosen, form: str, ministry: str) -> bytes:
    """The one page of a ministry. Raises ExportError."""
    return briefing_of(of.view, ministry, of.stamp(""), "pptx" if form == "pptx" else "pdf")


def write_reports(made: Iterator[tuple[str, bytes]], one: bool, form: str, out: Path, stamp: Stamp) -> list[Path]:
    """One report as a file, several as a folder, or as one zip where that is asked for."""
    write = partial(_written, out)
    if form == "zip":
        return [write(None, exports.to_zip(dict(made), stamp))]
    return [write(None if one and out.suffix else name, content) for name, content in made]


def _written(out: Path, name: str | None, content: bytes) -> Path:
    path = out if name is None else out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
