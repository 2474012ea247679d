"""What is read and derived is kept once for whoever has the same reach, and given to nobody who has another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pmqa.errors import AccessDenied
from pmqa.tables import as_text
from pmqa.text import languages
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data, derived
from pmqa.views.ahead import look_ahead
from pmqa.views.building import view_of
from pmqa.views.memory import forget
from pmqa.views.selected import Selection
from pmqa.views.view import View
from tests.pages import SAMPLES, serve

pytestmark = pytest.mark.usefixtures("nothing_cached")

ALL = Viewer("all@x.example", "viewer")
OWN = "DEMO-003"
NOW = derived.this_hour()

# What goes by the reach alone, of a view.
FOUND: dict[str, Callable[[View], pd.DataFrame]] = {
    "submissions": lambda view: view.submissions,
    "received": lambda view: view.received,
    "scores": lambda view: view.broad,
    "peers": lambda view: view.peers,
    "unfiltered": lambda view: view.unfiltered,
    "announced": lambda view: view.announced,
    "blockers": derived.blockers,
    "robustness": derived.robustness,
    "diagnoses": derived.diagnoses,
    "evidence": derived.evidence_quality,
    "highlights": lambda view: derived.highlights(view, NOW),
    "asks": lambda view: derived.asks(view, 5),
    "status": derived.status,
}


@pytest.fixture
def served(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The version of the samples."""
    serve(databases[SAMPLES], monkeypatch)
    yield data.version()
    data.store().close()


def seen(version: str, viewer: Viewer, language: str = "th") -> View:
    return view_of(Selection(language), viewer, version)


def texts_of(frame: pd.DataFrame) -> str:
    return as_text(frame, *frame.columns).to_csv()


@pytest.mark.parametrize("found", ["submissions", "scores", "peers", "blockers", "diagnoses", "highlights"])
def test_what_goes_by_the_reach_alone_is_found_once_for_everybody_who_has_it(found: str, served: str) -> None:
    first = FOUND[found](seen(served, LOCAL_ANALYST))
    for language in languages():
        assert FOUND[found](seen(served, ALL, language)) is first


@pytest.mark.slow
@pytest.mark.parametrize("limits", [{"agencies": frozenset({OWN})}, {"ministries": frozenset({""})}])
def test_who_may_see_a_part_is_given_nothing_that_was_found_for_others(limits: dict[str, Any], served: str) -> None:
    if "ministries" in limits:
        whose = seen(served, ALL).submissions.set_index("agency_code")["ministry"]
        limits = {"ministries": frozenset({str(whose[OWN])})}
    part = Viewer("part@x.example", "analyst", **limits)
    alone = {name: texts_of(find(seen(served, part))) for name, find in FOUND.items()}
    forget()
    look_ahead()
    for viewer in (LOCAL_ANALYST, ALL):
        for find in FOUND.values():
            find(seen(served, viewer))
    others = set(seen(served, ALL).agencies) - set(seen(served, part).agencies)
    assert others
    for name, find in FOUND.items():
        given = texts_of(find(seen(served, part)))
        assert given == alone[name], name
        assert not [code for code in others if code in given], name


def test_what_goes_by_a_role_or_a_name_is_kept_for_nobody_else(served: str) -> None:
    admin = Viewer("admin@x.example", "admin")
    assert data.people(served, admin) is data.people(served, admin)
    data.contacts(served, admin)
    for refused in (data.people, data.contacts):
        with pytest.raises(AccessDenied):
            refused(served, ALL)


def test_the_store_is_asked_with_the_reach_of_who_looks(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Viewer("part@x.example", "analyst", frozenset({OWN}))
    asked: list[Viewer] = []
    read = type(data.store().facts).scored

    def noted(facts: Any, viewer: Viewer, **wanted: Any) -> pd.DataFrame:
        asked.append(viewer)
        return read(facts, viewer, **wanted)

    monkeypatch.setattr("pmqa.store.facts.Facts.scored", noted)
    assert set(seen(served, part).broad["agency_code"].astype("str")) == {OWN}
    assert {one.agencies for one in asked} == {frozenset({OWN})}
