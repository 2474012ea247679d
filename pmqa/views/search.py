"""What can be searched for, and where it is shown: agencies, what is assessed, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import agency_words


class Entry(NamedTuple):
    """Something to be found. words: of its name, code and kind. query: what its page is to show."""

    words: str
    page: str
    query: tuple[tuple[str, str], ...] = ()


@shared(most=16)
def entries(view: View, pages: tuple[tuple[str, str], ...]) -> tuple[Entry, ...]:
    """Everything that the viewer may find, whatever the filters. pages: address -> title, of those in the menu."""
    everybody = replace(view, ministries=(), agency_types=(), theme="light")
    found = [
        *_named(view, "page", {title: (page, {}) for page, title in pages}),
        *_named(
            view, "agency", {everybody.agency_label(code): ("agency", {"agency": code}) for code in everybody.agencies}
        ),
        *_unsent(view, everybody, frozenset(page for page, _ in pages)),
        *_assessed(view),
    ]
    return tuple(found)


def _unsent(view: View, everybody: View, pages: frozenset[str]) -> Iterator[Entry]:
    """Agencies of the register without a score of the year: to their form, else the register; in a meeting none."""
    page = next((page for page in ("submit", "register") if page in pages), None)
    if view.meeting or page is None:
        return
    rows = data.register(view.version, view.viewer)
    names = dict(zip(rows["agency_code"], rows["agency_name"], strict=True))
    places = {
        agency_words(code, name): (page, {"form_agency": code} if page == "submit" else {})
        for code, name in names.items()
        if code not in everybody.agencies
    }
    yield from _named(view, "unsent", places)


def _assessed(view: View) -> Iterator[Entry]:
    """A scope leads to everybody's scores on it, an indicator to its results, a criterion to what it asks."""
    framework = view.framework
    for kind in ("dimension", "category", "item"):
        places = {}
        for scope in framework.scopes(kind):
            within = {"category": framework.item[scope].category} if kind == "item" else {}
            places[view.scope_name(kind, scope)] = ("compare", {"ask": "one", "by": kind, **within, "scope": scope})
        yield from _named(view, kind, places)
    measured = {
        view.scope_name("indicator", one.id): ("indicators", {"part": "indicator", "indicator": one.id})
        for one in framework.indicators
    }
    yield from _named(view, "indicator", measured)
    asked = {
        f"{one.id} {view.t.pick(one.text)}": ("framework", {"category": framework.item[one.item].category})
        for one in framework.criteria
    }
    yield from _named(view, "criterion", asked)


def _named(view: View, kind: str, places: Mapping[str, tuple[str, Mapping[str, str]]]) -> Iterator[Entry]:
    word = view.t(f"search.{kind}")
    for name, (page, query) in places.items():
        yield Entry(view.t("search.entry", name=name, kind=word), page, tuple(query.items()))
