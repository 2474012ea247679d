"""A card from its address, for whoever opens it: the one way of pages, files, the command line and reports."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping
from typing import Any, Final

from pmqa.errors import AccessDenied, CardGone
from pmqa.framework import shipped_frameworks
from pmqa.settings import read_settings
from pmqa.sources import SOURCES, bases, source_of
from pmqa.store import Store
from pmqa.text import DEFAULT_LANGUAGE, Translator, languages, translator
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.address import Address, Value
from pmqa.views.cards import Card, known_cards
from pmqa.views.choices import OFFERED, Agency, choices_of
from pmqa.views.masks import reads
from pmqa.views.offered import NOBODY, Groups, last_fiscal_year, offered, usual_basis
from pmqa.views.selected import Selection
from pmqa.views.view import View

Choices = tuple[tuple[str, Value], ...]

MOST_NAMED: Final = 20  # ids that a complaint still lists


def build(address: Address, viewer: Viewer, store: Store) -> Card:
    """The card of an address as whoever opens it may see it, of the store's present data. Raises CardGone."""
    return build_with_view(address, viewer, store)[1]


def build_with_view(address: Address, viewer: Viewer, store: Store) -> tuple[View, Card]:
    """The same, and the view that it is of, as files ask for both. Raises CardGone."""
    view = view_of(address.selection, viewer, data.version_of(store))
    return view, card_of(view, address.card, address.choices)


def card_of(view: View, card: str, choices: Choices) -> Card:
    """The card of a view. Raises CardGone with a sentence where it is not there for this view."""
    builder, t = known_cards().get(card), view.t
    if builder is None:
        raise CardGone(t("views.no_card", card=card, known=", ".join(sorted(known_cards()))))
    if view.meeting and builder.closed:
        raise CardGone(t(f"ui.closed_{builder.closed}"))
    if builder.of_scores and view.submissions.empty:
        raise CardGone(t("views.no_scores", year=t.year(view.fiscal_year), basis=view.basis_name))
    if builder.of_scores and view.tells_too_much:
        raise CardGone(t("views.too_few", minimum=view.peer_minimum))
    chosen = dict(choices)
    _check(view, card, chosen)
    try:
        return builder.make(view, **chosen)
    except AccessDenied as error:
        raise CardGone(t("views.not_yours")) from error


def _check(view: View, card: str, choices: Mapping[str, Any]) -> None:
    """Raises CardGone where a choice is missing, or names what this view does not have."""
    t, known = view.t, choices_of(known_cards()[card].make)
    if unknown := [name for name in choices if name not in known]:
        words = {"card": card, "names": ", ".join(unknown), "known": ", ".join(known) or t("views.none")}
        raise CardGone(t("views.no_choice", **words))
    missing = [name for name, one in known.items() if one.default is inspect.Parameter.empty and name not in choices]
    if missing:
        raise CardGone(t("views.choice_missing", card=card, names=", ".join(missing)))
    for name, value in choices.items():
        of = known[name]
        there: Collection[Any] | None = OFFERED[of.offered](view) if of.offered else of.allowed or None
        if there is None or value == of.default:
            continue
        if gone := [one for one in (value if of.many else (value,)) if one not in there]:
            if of.offered is Agency and set(gone) <= set(view.announced["agency_code"]):
                raise CardGone(t("views.announced_only", ids=", ".join(map(str, gone))))
            raise CardGone(t("views.gone", name=name, ids=", ".join(map(str, gone)), known=_listed(view, there)))


def _listed(view: View, there: Collection[Any]) -> str:
    known = [str(one) for one in there]
    return ", ".join(known[:MOST_NAMED]) + (" …" if len(known) > MOST_NAMED else "") or view.t("views.none")


def view_of(selection: Selection, viewer: Viewer, version: str) -> View:
    """What of the data somebody sees with a selection, its blanks filled. Raises CardGone."""
    known = selection.language in languages()
    t = translator(selection.language if known else DEFAULT_LANGUAGE)
    if not known:
        raise CardGone(t("views.gone", name="lang", ids=selection.language, known=", ".join(languages())))
    closed = selection.closed or data.closed_of(version) or ""
    if closed:
        _one_of("round", closed, tuple(data.rounds(version)["round"]) or ("",), t)
    version = data.as_reported(version, closed)
    of = {source: offered(version, viewer, source) for source in SOURCES}
    basis = _one_of("basis", selection.basis or usual_basis(of), tuple(bases()) if selection.basis else (), t)
    groups = of[source_of(basis).id].groups
    year = selection.fiscal_year or max(groups, default=last_fiscal_year())
    if selection.fiscal_year:
        _one_of("year", year, tuple(sorted({*groups, *of[source_of(basis).id].expected})), t)
    of_year = groups.get(year, NOBODY)
    edition = _one_of("edition", selection.edition or of_year.edition, tuple(shipped_frameworks()), t)
    if selection.meeting and not reads(version, selection.meeting):
        raise CardGone(t("views.other_meeting"))
    minimum = read_settings().peer_minimum
    _filters(selection, of_year, minimum if selection.meeting else 1, t)
    return View(
        language=selection.language,
        edition=edition,
        fiscal_year=year,
        basis=basis,
        ministries=tuple(sorted(selection.ministries)),
        agency_types=tuple(sorted(selection.agency_types)),
        meeting=selection.meeting,
        with_incomplete=selection.with_incomplete,
        closed=closed,
        viewer=viewer,
        version=version,
        peer_minimum=minimum,
    )


def _one_of(name: str, value: Any, there: tuple[Any, ...], t: Translator) -> Any:
    if there and value not in there:
        raise CardGone(t("views.gone", name=name, ids=value, known=", ".join(map(str, there))))
    return value


def _filters(selection: Selection, of_year: Groups, least: int, t: Translator) -> None:
    for name, asked, there in (
        ("ministry", selection.ministries, of_year.ministries),
        ("type", selection.agency_types, of_year.agency_types),
    ):
        known = sorted(group for group, agencies in there.items() if agencies >= least)
        if gone := [one for one in asked if one not in known]:
            words = {"ids": ", ".join(gone), "known": ", ".join(known[:MOST_NAMED]) or t("views.none")}
            raise CardGone(t("views.gone", name=name, **words))
