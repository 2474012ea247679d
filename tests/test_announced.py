"""Scores as announced beside computed ones: open marks, a basis of their own, in no median unless somebody asks."""

from __future__ import annotations

import pandas as pd
import pytest

from pmqa.analysis.announced import beside, standing_in
from pmqa.analysis.peers import peer_stats
from pmqa.errors import CardGone
from pmqa.store import Store
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data
from pmqa.views.address import parse
from pmqa.views.building import build
from tests.pages import a_view, announce, opened, words_on
from tests.postgres import ON_BOTH

# agency, year, scope, points; DEMO-001 and DEMO-002 have sent for both years, OLD-1 for none
TOLD = [
    ("DEMO-001", 2569, "1", 450.0),
    ("DEMO-001", 2567, "1", 310.0),
    ("DEMO-001", 2567, "2", 290.5),
    ("OLD-1", 2569, "1", 100.0),
    ("OLD-1", 2567, "1", 90.0),
]


@pytest.fixture
def announced(own_database, monkeypatch, nothing_cached):
    """The samples of two years, and what was announced of one of them and of an agency that never sent."""
    monkeypatch.setenv("PMQA_DATABASE", str(own_database))
    announce(data.store(), TOLD)
    return own_database


def card(address: str):
    return build(parse(address, "en"), LOCAL_ANALYST, data.store())


def test_what_is_announced_stands_beside_what_is_computed_and_in_no_median_unasked(announced):
    view = a_view()
    scored = view.every_year("category")
    rows = beside(scored[scored["kind"] == "category"], view.announced)
    rows = rows.set_index(["agency_code", "fiscal_year", "scope"])
    own, old = (rows.loc[(code, 2569, "1")] for code in ("DEMO-001", "OLD-1"))
    assert (own["announced"], own["difference"]) == (450, pytest.approx(450 - round(own["score"], 1)))
    assert (pd.isna(old["score"]), old["announced"]) == (True, 100)
    both = standing_in(scored, view.announced)

    def count(frame):
        one = (frame["fiscal_year"] == 2569) & (frame["kind"] == "category") & (frame["scope"] == "1")
        return peer_stats(frame[one], complete_only=False)["n"].item()

    assert (count(scored), count(both)) == (3, 4)  # OLD-1 alone: DEMO-001 has a score of its own


@ON_BOTH
def test_what_is_announced_later_counts_and_the_same_again_is_nothing_new(store):
    announce(store, TOLD)
    announce(store, [("OLD-1", 2569, "1", 100.0)])
    version = store.version()
    announce(store, TOLD)
    assert store.version() == version
    announce(store, [("OLD-1", 2569, "1", 120.0)])
    assert store.announced.counting().set_index(["agency_code", "fiscal_year", "scope"])["points"].to_dict() == {
        (code, year, scope): points for code, year, scope, points in [*TOLD, ("OLD-1", 2569, "1", 120.0)]
    }


@pytest.mark.parametrize(
    ("address", "series"),
    [
        ("years.announced?agency=DEMO-001&kind=category", 2),
        ("years.announced?agency=OLD-1&kind=category", 1),
        ("compare.all-years?agencies=DEMO-001&scope=1", 1),
        ("compare.own-years?agency=DEMO-001&kind=category", 2),
        ("agency.history?agency=DEMO-001&kind=category", 2),
    ],
)
def test_wherever_years_are_drawn_announced_scores_are_open_marks_with_their_footnote(announced, address, series):
    drawing = card(address).drawing
    told = [layer for layer in drawing.drawn() if layer.style.fill == "open"]
    assert len(told) == series
    assert all("(as announced)" in layer.name for layer in told)
    assert any("as announced, not traceable" in note for note in drawing.notes)
    # joined and named only where there is no line of its own
    assert {layer.mark for layer in told} == ({"line"} if "OLD-1" in address else {"dot"})


def test_three_announced_years_stand_beside_the_computed_ones_in_years_and_compare(announced):
    announce(data.store(), [("DEMO-001", 2566, "1", 280.0), ("DEMO-001", 2568, "1", 330.0)])
    told = {2566: 280, 2567: 310, 2568: 330, 2569: 450}
    rows = card("years.announced?agency=DEMO-001&kind=category").table
    rows = rows[rows["scope"] == "1"].set_index("fiscal_year")
    assert rows["announced"].to_dict() == told
    computed = rows["score"].dropna()
    assert list(computed.index) == [2568, 2569]
    for address, name in (
        ("compare.own-years?agency=DEMO-001&kind=category", "1"),
        ("compare.all-years?agencies=DEMO-001&scope=1", "DEMO-001"),
    ):
        rows = card(address).table.dropna(subset="score")
        own, marked = (
            rows[rows["series"] == series].set_index("fiscal_year") for series in (name, f"{name} announced")
        )
        assert (marked["score"].to_dict(), set(marked["role"])) == (told, {"announced"}), address
        pd.testing.assert_series_equal(own["score"], computed, check_dtype=False, check_index_type=False)


def test_a_median_counts_announced_scores_where_it_is_asked_to_and_says_how_many(announced):
    address = "compare.all-years?agencies=DEMO-001&scope=1&incomplete=1"
    alone, mixed = (card(address + more) for more in ("", "&mixed=1"))
    assert any("counts 3 scores as announced" in note for note in mixed.notes)
    assert not any("counts" in note for note in alone.notes)


@pytest.mark.parametrize(
    "address", ["gaps.to_target?agency=OLD-1", "gaps.blocking?agency=OLD-1", "trace.steps?agency=OLD-1&scope=overall"]
)
def test_a_link_to_gaps_or_a_trace_of_what_is_only_announced_says_why_there_is_none(announced, address):
    with pytest.raises(CardGone, match="as announced alone"):
        card(address)


def test_a_meeting_shows_nothing_announced_as_everybody_may_know_whose_it_is(announced):
    assert a_view(meeting="12345678").announced.empty


@pytest.mark.slow
def test_the_pages_show_announced_scores_or_say_why_they_have_none(announced, monkeypatch):
    at = opened("years", announced, monkeypatch, years_part="announced", agency="OLD-1", lang="en")
    assert not at.exception
    assert "as announced, not traceable" in " ".join(words_on(at))
    for page in ("gaps", "trace"):
        at = opened(page, announced, monkeypatch, lang="en")
        assert any("scores as announced alone" in word for word in words_on(at))
    at = opened("compare", announced, monkeypatch, ask="years", scope="1", by="category", mixed="1", lang="en")
    assert not at.exception
    assert any("counts 3 scores as announced" in word for word in words_on(at))


@pytest.mark.slow
def test_a_database_of_nothing_but_announced_scores_has_its_comparison(announced, monkeypatch, tmp_path):
    with Store(tmp_path / "told.duckdb") as store:
        announce(store, TOLD)
    at = opened("years", tmp_path / "told.duckdb", monkeypatch, agency="OLD-1", lang="en")
    assert not at.exception
    assert any("as announced, not traceable" in word for word in words_on(at))
