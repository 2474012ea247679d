"""Who counts in ranks and statistics: complete agencies, others where a switch says so; bands where ranks are soft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pmqa.analysis.peers import ranks
from pmqa.charts.render import figure
from pmqa.framework import Framework
from pmqa.views import derived, files, peers
from pmqa.views.cards import compare, compare_over, overview, plan, trust
from pmqa.views.reporting import agency_report
from pmqa.views.view import View
from tests.pages import SAMPLES, a_view, in_address, opened, words_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

SAID = "count agencies with incomplete answers too"


@pytest.fixture
def database(databases: dict[str, Path]) -> Path:
    return databases[SAMPLES]


@pytest.fixture
def view(database: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    return a_view("en")


@pytest.fixture
def wide(view: View) -> View:
    return replace(view, with_incomplete=True)


def overall(view: View) -> pd.DataFrame:
    return view.scored[view.scored["kind"] == "overall"].astype({"agency_code": "str"})


def incomplete(view: View) -> set[str]:
    rows = overall(view)
    return set(rows.loc[~rows["complete"].astype("bool") & rows["score"].notna(), "agency_code"])


# --- the switch ---------------------------------------------------------------------------------------------------


def test_the_switch_counts_the_others_in_every_statistic_and_rank(view: View, wide: View) -> None:
    some = incomplete(view)
    assert some  # or this test would show nothing
    whole = len(overall(view)) - len(some)
    for one, n in ((view, whole), (wide, whole + len(some))):
        assert one.peer_row("overall", "overall")["n"] == n
        assert len(derived.robustness(one)) == n
        assert len(derived.ranks(one, "overall", "overall")) == n
        stats = peers.stats_of_peers(one, "view", "DEMO-001")
        assert stats.loc[stats["kind"] == "overall", "n"].item() == n
        assert overview.summary(one)[2].label == f"Median overall (n = {n})"
        assert len(compare.ranks(one).table) == n
        spread = compare_over.spread(one).table
        assert spread.drop_duplicates("group")["n"].sum() == n


def test_what_is_unanswered_makes_ranks_wider_where_the_switch_is_on(view: View, wide: View) -> None:
    found = derived.robustness(view)
    assert (found["unanswered_low"] == found["rank_low"]).all()
    found = derived.robustness(wide).set_index("agency_code").loc[sorted(incomplete(view))]
    assert (found["unanswered_low"] < found["rank_low"]).any()


def test_charts_and_files_say_that_incomplete_agencies_count(view: View, wide: View) -> None:
    card = compare.everyone(wide)
    said = "agencies with incomplete answers counted too"
    heading = figure(card.drawing, wide.t).layout.title.text.replace("<br>", " ")
    assert said in heading
    assert "(incomplete answers too)" in figure(card.drawing, wide.t).to_json()
    assert said in files.stamp(wide, card).filters
    assert said in agency_report(wide, "DEMO-001").stamp.filters
    assert files.view_ids(wide)["with_incomplete"] is True
    assert said not in figure(compare.everyone(view).drawing, view.t).to_json()
    assert view.filters == ""


@pytest.mark.parametrize("page", ["overview", "compare", "agency", "gaps", "trust"])
def test_the_switch_is_off_until_it_is_pressed_is_in_the_address_and_is_said_on_the_page(
    page: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, database, monkeypatch, lang="en")
    assert not at.toggle(key="incomplete").value
    assert SAID not in " ".join(words_on(at))
    at.toggle(key="incomplete").set_value(True).run()
    assert not at.exception
    assert in_address(at)["incomplete"] == ["1"]
    assert SAID in " ".join(words_on(at))
    at.switch_page("pages/submit.py").run()
    at.switch_page("pages/compare.py").run()
    assert at.toggle(key="incomplete").value


# --- bands --------------------------------------------------------------------------------------------------------


def test_a_rank_that_one_item_can_flip_is_a_band_on_every_page(view: View) -> None:
    robust = derived.robustness(view).set_index("agency_code")
    soft = robust.index[~robust["firm"].astype("bool")]
    assert len(soft)
    shown = compare.ranks(view).table.set_index("series")
    assert (shown["rank_low"] == robust["item_low"].loc[shown.index]).all()
    assert (shown["rank_high"] == robust["item_high"].loc[shown.index]).all()
    agency = soft[0]
    quoted = trust.rank(view, agency)[0].value
    assert "–" in quoted
    assert plan.outcome(view, agency, view.submission_id(agency), (), ())[2].value == quoted


def test_a_rank_in_a_category_is_a_band_where_one_of_its_items_moves_it(view: View, framework: Framework) -> None:
    category = framework.categories[0].id
    found = derived.ranks(view, "category", category).set_index("agency_code")
    tied = ranks(view.scored, "category", category).set_index("agency_code")
    assert (found["rank_low"] <= tied["rank_low"]).all()
    assert (found["rank_high"] >= tied["rank_high"]).all()
    assert (found["rank_high"] - found["rank_low"]).sum() > (tied["rank_high"] - tied["rank_low"]).sum()
    for kind, scope in (("item", "1.1"), ("dimension", next(iter(framework.dimension)))):
        pd.testing.assert_frame_equal(
            derived.ranks(view, kind, scope), ranks(view.scored, kind, scope), check_categorical=False
        )
