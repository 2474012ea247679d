"""The page Compare: every question over every kind, in both languages, its links, its files, its meeting mode."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pmqa.charts.render import figure
from pmqa.charts.render.wording import alt
from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.ui import downloads
from pmqa.ui.comparing import KINDS, QUESTIONS
from pmqa.ui.forms import peers
from pmqa.ui.showing import notes_below
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data, files
from pmqa.views import peers as held
from pmqa.views.cards import Card, agency, compare, compare_over, compare_rest, trust, years
from pmqa.views.view import View
from tests.crawl import keep_taken
from tests.pages import SAMPLES, a_view, filled, in_address, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

CHOSEN = ["DEMO-001", "DEMO-002", "DEMO-003"]


@pytest.fixture
def samples(databases: dict[str, Path]) -> Path:
    return databases[SAMPLES]


@pytest.fixture
def alone(databases: dict[str, Path]) -> Path:
    return databases["one agency"]


@pytest.fixture
def own_samples(framework: Framework, tmp_path: Path) -> Path:
    """Samples that a test may change."""
    return filled(tmp_path / "own.duckdb", framework, 8, 2)


@pytest.fixture
def view(samples: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    return a_view("th")


def group_names(at: AppTest) -> list[Any]:
    """Where a group can be named, as far as the page offers it."""
    return [box for box in at.text_input if box.key == "group-name"]


def compared(database: Path, monkeypatch: pytest.MonkeyPatch, **choices: Any) -> AppTest:
    """The page Compare as a link with these choices opens it."""
    return opened("compare", database, monkeypatch, **choices)


# --- questions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_with_a_chart_and_its_table(
    question: str, language: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = compared(samples, monkeypatch, ask=question, lang=language, agencies=CHOSEN)
    assert not at.exception
    charts = at.get("plotly_chart")
    assert charts
    assert len(at.dataframe) == len(charts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_goes_down_to_the_indicators(
    question: str, kind: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = compared(samples, monkeypatch, ask=question, by=kind, agencies=CHOSEN, lang="en")
    assert not at.exception
    assert at.get("plotly_chart")


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_agency_alone_is_no_error(question: str, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = compared(alone, monkeypatch, ask=question)
    assert not at.exception
    assert at.get("plotly_chart") or at.info


def test_more_agencies_than_a_radar_holds_get_a_radar_each_and_the_reason(view: View) -> None:
    few, many = (compare.profile(view, tuple(list(view.agencies)[:count]), "dimension") for count in (3, 6))
    assert not any("เรดาร์แยกรายหน่วยงาน" in note for note in few.notes)
    assert "เรดาร์แยกรายหน่วยงาน" in many.notes[0]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_chart_is_read_out_in_a_note(question: str, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = keep_taken(monkeypatch)
    at = compared(samples, monkeypatch, ask=question, agencies=CHOSEN, lang="en")
    assert not at.exception
    for _, shown in taken.cards:
        card = shown.card()
        assert notes_below(card), shown.name
        assert card.drawing is None or card.drawing.finding, shown.name


def test_too_many_axes_for_a_radar_leave_the_dots_and_the_reason(view: View) -> None:
    scopes = compare.scopes_of(view, "item", "all")
    assert len(scopes) == 30
    assert not compare.has_profile(scopes)
    card = compare.values(view, ("DEMO-001",), "item")
    assert "30" in card.notes[0]


def test_the_difference_of_self_and_assessor_is_the_agencys_own_minus_the_assessors(view: View) -> None:
    card = compare_over.assessed_scopes(view, "DEMO-003", "category", order="given")
    assessed, own = compare_over.assessor_views(view)
    for row in card.table.itertuples():
        one, other = (
            side.scored[(side.scored["agency_code"] == "DEMO-003") & (side.scored["scope"] == row.row)]
            for side in (own, assessed)
        )
        if len(one) and len(other) and pd.notna(row.difference):
            assert row.difference == one["score"].iloc[0] - other["score"].iloc[0]


def test_charts_over_years_and_their_files_name_the_years_that_they_span(view: View) -> None:
    before = view.t.year(2568)
    for card, first in (
        (compare_over.all_years(view, ("DEMO-001",)), view.t.year(2567)),
        (compare_over.one_over_years(view, "DEMO-001", "category"), view.t.year(2567)),
        (agency.history(view, "DEMO-001", "dimension"), view.t.year(2567)),
        (compare_over.two_years(view, ("DEMO-001", "DEMO-002"), 2568, "1", "given"), before),
    ):
        span = f"{first} – {view.t.year(2569)}"
        assert span in figure(card.drawing, view.t).layout.title.text
        chart = card.drawing
        assert chart is not None
        assert chart.caption.fiscal_year == span
        assert files.stamp(view, card).fiscal_year == span
    moved = years.moves(view, "DEMO-001", 2568, "category")
    assert moved.drawing is not None
    assert files.stamp(view, moved).fiscal_year == moved.drawing.caption.fiscal_year
    one = compare.heat(view, "category")
    assert files.stamp(view, one).fiscal_year == view.t.year(2569)
    assert view.caption("", 1, years=[2569, 2569]).fiscal_year == view.t.year(2569)


def test_the_picture_of_ranks_says_itself_how_many_have_none(view: View) -> None:
    card = compare.ranks(view, "7")
    out = len(view.agencies) - len(card.table)
    assert out
    said = view.t("compare_page.not_ranked", n=out, counted=view.who_counts)
    assert said in figure(card.drawing, view.t).layout.annotations[-1].text.replace("<br>", "")
    assert said in alt(card.drawing)
    assert card.drawing is not None
    assert said in card.drawing.caption.notes
    marked = trust.ranks(view, next(iter(view.agencies)), "item")
    assert f" {len(view.agencies) - marked.n} " in figure(marked.drawing, view.t).layout.annotations[-1].text


def test_agencies_may_be_cleared_and_chosen_anew(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = compared(samples, monkeypatch)
    at.multiselect(key="agencies").set_value([]).run()
    assert not at.get("plotly_chart")
    assert not at.exception
    assert at.info
    at.run()
    assert at.multiselect(key="agencies").value == []
    at.multiselect(key="agencies").set_value(["DEMO-007"]).run()
    assert at.multiselect(key="agencies").value == ["DEMO-007"]
    assert in_address(at)["agencies"] == ["DEMO-007"]


def test_the_assessors_question_begins_with_agencies_that_were_assessed(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = compared(samples, monkeypatch, ask="assessor")
    with Store(samples) as store:
        assessed = set(store.submissions.current(None, source="assessor", years=[2569])["agency_code"])
    assert len(at.multiselect(key="agencies").value) == 3
    assert set(at.multiselect(key="agencies").value) <= assessed
    assert at.selectbox(key="highlight").value in assessed


def test_of_the_chosen_agencies_one_that_was_assessed_is_looked_at(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(samples) as store:
        assessed = set(store.submissions.current(None, source="assessor", years=[2569])["agency_code"])
        others = sorted(set(store.submissions.current(None, years=[2569])["agency_code"]) - assessed)
    one = min(assessed)
    at = compared(samples, monkeypatch, ask="assessor", agencies=[others[0], one])
    assert at.multiselect(key="agencies").value == [others[0], one]
    assert at.selectbox(key="highlight").value == one
    assert len(at.get("plotly_chart")) == 2


def test_where_none_of_the_chosen_was_assessed_the_page_says_so_and_offers_some(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(samples) as store:
        assessed = set(store.submissions.current(None, source="assessor", years=[2569])["agency_code"])
        others = sorted(set(store.submissions.current(None, years=[2569])["agency_code"]) - assessed)
    at = compared(samples, monkeypatch, ask="assessor", agencies=others[:2], lang="en")
    assert not at.get("plotly_chart")
    assert f"For {len(assessed)} agencies" in at.info[-1].value
    at.button(key="choose-assessed").click().run()
    assert not at.exception
    assert set(at.multiselect(key="agencies").value) <= assessed
    assert len(at.get("plotly_chart")) == 2


def test_where_nobody_was_assessed_the_page_says_what_to_do(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = compared(samples, monkeypatch, ask="assessor", year="2567", lang="en")
    assert not at.get("plotly_chart")
    assert "Choose another year" in at.info[-1].value


def test_the_order_of_agencies_is_the_one_that_was_asked_for(view: View) -> None:
    orders = {order: list(compare.heat(view, order=order).table["series"]) for order in ("score", "name", "gap")}
    assert sorted(orders["score"]) == sorted(orders["name"]) == sorted(orders["gap"])
    assert orders["score"] != orders["gap"]
    assert orders["name"] == list(view.agencies)


def test_profiles_stand_in_the_order_that_was_asked_for_and_one_can_stand_out(
    samples: Path, monkeypatch: pytest.MonkeyPatch, view: View
) -> None:
    overall = view.scored[view.scored["kind"] == "overall"].set_index("agency_code")["score"]
    by_score = overall[CHOSEN].sort_values(ascending=False).index.tolist()
    given = CHOSEN[::-1]
    orders = {order: list(compare.in_order(view, tuple(given), order)) for order in ("given", "name", "score", "gap")}
    assert orders["given"] == given
    assert orders["name"] == sorted(CHOSEN, key=lambda code: view.agencies[code])
    assert orders["score"] == by_score
    assert orders["gap"] == by_score[::-1]
    chosen = {"agencies": given, "order": "score", "highlight": by_score[1], "lang": "en"}
    at = compared(samples, monkeypatch, **chosen)
    assert not at.exception
    for chart in at.get("plotly_chart"):
        traces = [trace for trace in json.loads(chart.proto.spec)["data"] if "edian" not in trace["name"]]
        names = [view.agencies[code] for code in by_score]
        assert [next(name for name in names if name in trace["name"]) for trace in traces] == names
        assert [trace["name"].startswith("<b>") for trace in traces] == [False, True, False]
        assert traces[1]["marker"]["size"] > traces[0]["marker"]["size"]


def test_the_scopes_of_one_agency_stand_in_the_order_that_was_asked_for(view: View) -> None:
    agency = next(iter(view.agencies))
    tables = {
        order: compare.against_peers(view, agency, "category", order=order).table for order in ("given", "score", "gap")
    }
    assert tables["given"]["scope"].tolist() == list(view.framework.scopes("category"))
    assert tables["score"]["own"].is_monotonic_decreasing
    assert (tables["gap"]["median"] - tables["gap"]["own"]).is_monotonic_decreasing


def test_groups_stand_in_the_order_that_was_asked_for_and_small_ones_tell_nothing_by_their_place(view: View) -> None:
    cards = {order: compare_over.spread(view, order=order).table for order in ("name", "score", "gap")}
    for order, table in cards.items():
        groups = table.drop_duplicates("group")
        small = groups["median"].isna().tolist()
        assert order == "name" or small == sorted(small)
        unknown = groups[groups["median"].isna()]["group_name"].tolist()
        assert unknown == sorted(unknown)
    assert cards["name"]["group_name"].is_monotonic_increasing
    shown = {order: table.drop_duplicates("group").dropna(subset=["median"]) for order, table in cards.items()}
    assert shown["score"]["median"].is_monotonic_decreasing
    assert (shown["gap"]["q3"] - shown["gap"]["q1"]).is_monotonic_decreasing
    for _, rows in cards["score"].groupby("group"):
        assert rows["score"].dropna().is_monotonic_decreasing


# --- peers --------------------------------------------------------------------------------------------------------


def test_statistics_of_fewer_agencies_than_the_least_are_blank(view: View) -> None:
    agency = "DEMO-001"
    sizes = {group: len(held._members(view, group, agency)) for group in held.KINDS}
    assert min(sizes.values()) < 5 <= max(sizes.values())
    for group, n in sizes.items():
        stats = held.stats_of_peers(view, group, agency)
        overall = stats[stats["kind"] == "overall"].iloc[0]
        assert overall["n"] <= n
        assert pd.isna(overall["median"]) == (overall["n"] < 5)
        assert pd.isna(overall["best_agency"]) == (overall["n"] < 5)


def test_the_rest_is_everybody_who_is_not_in_the_group_whatever_the_filters(view: View) -> None:
    agency = "DEMO-001"
    every = view.unfiltered[view.unfiltered["kind"] == "overall"].set_index("agency_code")
    ministry = every.loc[agency, "ministry"]
    for of in (view, replace(view, ministries=(str(ministry),))):
        scored = every[every["complete"].astype("bool")]
        card = compare_rest.against_the_rest(of, agency, "category", peers="ministry")
        total = held.stats_of_rest(of, "ministry", agency).query("kind == 'overall'").iloc[0]
        assert total["median"] == pytest.approx(scored[scored["ministry"] != ministry]["score"].median())
        assert total["n"] == (scored["ministry"] != ministry).sum()
        assert (card.table["difference"].dropna() > 0).any()
    with_nobody_else = compare_rest.against_the_rest(view, agency, "category", peers="view")
    assert with_nobody_else.table["first"].isna().all()
    assert view.too_few_for_median in with_nobody_else.notes


def test_a_group_that_an_analyst_names_is_kept_and_offered(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [f"DEMO-{number:03}" for number in range(1, 7)]
    with Store(own_samples) as store:
        store.register.save_peer_group("กลุ่มนำร่อง", codes, who="analyst")
    at = compared(own_samples, monkeypatch, ask="peers", peers="group-กลุ่มนำร่อง", agencies=["DEMO-001"])
    assert not at.exception
    assert at.selectbox(key="peers").value == "group-กลุ่มนำร่อง"
    assert "n = 6" in at.get("plotly_chart")[0].proto.spec


def test_naming_a_group_keeps_it_and_uses_it(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = compared(own_samples, monkeypatch, ask="peers")
    assert not group_names(at)  # the menu is filled when it is opened
    at.session_state[peers.MENU] = True
    at.run()
    at.text_input(key="group-name").input("กลุ่มใหม่")
    at.multiselect(key="group-members").set_value(["DEMO-002", "DEMO-004"])
    next(button for button in at.button if button.label == "บันทึกกลุ่ม").click().run()
    assert not at.exception
    assert data.store().register.peer_groups()["agency_code"].tolist() == ["DEMO-002", "DEMO-004"]
    assert at.selectbox(key="peers").value == "group-กลุ่มใหม่"


def test_a_group_of_another_is_replaced_only_when_told(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(own_samples) as store:
        store.register.save_peer_group("กลุ่มเดิม", ["DEMO-001"], who="other")
    at = compared(own_samples, monkeypatch, ask="peers")
    at.session_state[peers.MENU] = True
    at.run()
    at.text_input(key="group-name").input("กลุ่มเดิม")
    at.multiselect(key="group-members").set_value(["DEMO-002"])
    next(button for button in at.button if button.label == "บันทึกกลุ่ม").click().run()
    assert any("กลุ่มเดิม" in warning.value for warning in at.warning)
    assert data.store().register.peer_groups()["agency_code"].tolist() == ["DEMO-001"]
    at.button(key="group-replace").click().run()
    assert not at.exception
    assert data.store().register.peer_groups()["agency_code"].tolist() == ["DEMO-002"]


def test_a_group_of_ones_own_is_filled_in_to_be_edited_and_removed(
    own_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(own_samples) as store:
        store.register.save_peer_group("กลุ่มเดิม", ["DEMO-001", "DEMO-024"], who="x", viewer=LOCAL_ANALYST)
        store.register.save_peer_group("ของผู้อื่น", ["DEMO-001"], who="x", viewer=Viewer("other@x", "analyst"))
    monkeypatch.setattr(peers, "may_change_group", lambda owner, _: owner != "other@x")
    at = compared(own_samples, monkeypatch, ask="peers")
    at.session_state[peers.MENU] = True
    at.run()
    assert any("ของผู้อื่น" in caption.value for caption in at.caption)
    at.button(key="group-edit-กลุ่มเดิม").click().run()
    assert at.text_input(key="group-name").value == "กลุ่มเดิม"
    assert at.multiselect(key="group-members").value == ["DEMO-001", "DEMO-024"]
    at.multiselect(key="group-members").set_value(["DEMO-002"])
    next(button for button in at.button if button.label == "บันทึกกลุ่ม").click().run()
    assert not at.exception
    groups = data.store().register.peer_groups().groupby("name", observed=True)["agency_code"].agg(list).to_dict()
    assert groups == {"กลุ่มเดิม": ["DEMO-002"], "ของผู้อื่น": ["DEMO-001"]}
    at.button(key="group-remove-กลุ่มเดิม").click().run()
    assert set(data.store().register.peer_groups()["name"]) == {"ของผู้อื่น"}


def test_who_may_not_name_groups_is_not_offered_to(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("x", "viewer"))
    at = compared(samples, monkeypatch, ask="peers")
    assert not at.exception
    assert not group_names(at)


def test_peers_are_only_those_that_the_viewer_may_see(view: View) -> None:
    one = replace(view, viewer=Viewer("x", "agency", frozenset({"DEMO-001"})))
    for group in held.KINDS:
        assert set(held.peer_scores(one, group, "DEMO-001")["agency_code"]) == {"DEMO-001"}


# --- links --------------------------------------------------------------------------------------------------------


def test_the_whole_view_is_in_the_link(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {
        "ask": "years",
        "by": "category",
        "agencies": ["DEMO-005", "DEMO-002"],
        "scope": "3",
        "other": "2569",
        "order": "gap",
        "highlight": "DEMO-002",
        "year": "2568",
        "basis": "evidenced",
    }
    at = compared(samples, monkeypatch, lang="en", **choices)
    assert {name: value for name, value in in_address(at).items() if name in choices} == {
        name: value if isinstance(value, list) else [value] for name, value in choices.items()
    }


def test_a_link_says_when_the_data_have_changed_since(
    own_samples: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(own_samples))
    with Store(own_samples) as store:
        version = store.version()
        first = store.submissions.standing()["submission"].iloc[0]
    fresh = compared(own_samples, monkeypatch, data=version)
    assert not fresh.warning
    assert fresh.query_params["data"] == [version] or fresh.query_params["data"] == version
    data.store().history.withdraw(first, reason="ทดสอบ", who="test")
    at = compared(own_samples, monkeypatch, data=version)
    assert "เปลี่ยนไป 1 ครั้ง" in at.warning[0].value
    at.button(key="unpin").click().run()
    assert not at.warning
    assert "data" not in at.query_params


def test_a_setting_or_a_group_is_no_change_of_the_data(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(own_samples) as store:
        version = store.version()
        store.register.save_peer_group("ก", ["DEMO-001"], who="test")
    assert not compared(own_samples, monkeypatch, data=version).warning


def test_a_link_to_what_is_gone_says_so_and_keeps_the_rest(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(own_samples))
    with Store(own_samples) as store:
        rows = store.submissions.current(None)
        gone = rows[rows["agency_code"] == "DEMO-001"]
        for submission in gone["submission"]:
            store.history.withdraw(submission, reason="ทดสอบ", who="test")
    link = {"agencies": ["DEMO-001", "DEMO-002"], "ask": "peers", "peers": "group-ที่ลบแล้ว", "by": "category"}
    at = compared(own_samples, monkeypatch, lang="en", **link)
    assert not at.exception
    said = at.warning[0].value.replace("\\", "").replace("\u2060", "")
    assert "Agencies (DEMO-001)" in said
    assert "Held against (group-ที่ลบแล้ว)" in said
    assert in_address(at) == {"agencies": ["DEMO-002"], "ask": ["peers"], "by": ["category"], "lang": ["en"]}


def test_a_version_in_a_link_that_cannot_be_read_is_said_too(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "คัดลอกลิงก์" in compared(samples, monkeypatch, data="no version!").warning[0].value


def test_a_link_of_another_database_says_so(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ข้อมูลชุดอื่น" in compared(samples, monkeypatch, data="999-abcdef").warning[0].value


# --- files --------------------------------------------------------------------------------------------------------


def cards_of(view: View) -> list[Card]:
    """The cards of the page's first question, as the page hands them over."""
    agencies = tuple(list(view.agencies)[:3])
    return [compare.profile(view, agencies), compare.values(view, agencies)]


def test_the_same_view_gives_the_same_bytes_in_every_form(view: View) -> None:
    card = cards_of(view)[0]
    for make in (files.card_csv, files.card_xlsx, files.card_parquet, files.card_pptx):
        assert make(view, card) == make(view, card), make.__name__
    first, second = (files.page_zip("ก", [(view, card) for card in cards_of(view)], {}) for _ in range(2))
    assert first == second


def test_the_screens_theme_does_not_reach_the_files(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[downloads.Shown] = []
    monkeypatch.setattr("pmqa.ui.showing.offer", lambda view, shown: given.append(shown))
    monkeypatch.setattr(st.context.theme.__class__, "type", property(lambda self: "dark"), raising=False)
    at = compared(samples, monkeypatch)
    assert not at.exception
    first = given[0]
    background = figure(first.card().drawing, first.view.t, first.view.theme).layout.paper_bgcolor
    assert background in ("#ffffff", "white", "#FFFFFF")


def test_the_zip_says_what_is_in_it_and_how_to_come_back(view: View) -> None:
    about = {"address": "http://x/compare?ask=profile"}
    archive = zipfile.ZipFile(io.BytesIO(files.page_zip("ก", [(view, card) for card in cards_of(view)], about)))
    about = json.loads(archive.read("metadata.json"))
    assert about["address"] == "http://x/compare?ask=profile"
    assert about["view"]["fiscal_year"] == 2569
    assert about["data_version"] == view.version.rpartition("@")[2]
    book = openpyxl.load_workbook(io.BytesIO(archive.read("ก.xlsx")))
    assert any(name.startswith("ส่วนใดเป็นทางการ") for name in book.sheetnames)
    rows = list(book[view.t("dictionary.title")].iter_rows(values_only=True))
    shown = {column.name: column.label for card in cards_of(view) for column in card.columns}
    assert {row[1]: row[2] for row in rows if row[1] in shown}.keys() == shown.keys()
    assert ("หน่วยงาน", "Agency") in {row[2:4] for row in rows}
    formats = {cell.number_format for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"0.0", "0%"} <= formats
    assert {Path(name).suffix for name in archive.namelist()} == {
        ".txt",
        ".json",
        ".xlsx",
        ".pptx",
        ".csv",
        ".parquet",
        ".svg",
        ".png",
    }


def test_pictures_are_offered_beside_the_other_forms(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = compared(samples, monkeypatch)
    at.session_state[f"{downloads.MENU}profile"] = True
    at.run()
    keys = {str(button.proto.id).rsplit("-", 1)[-1] for button in at.get("download_button")}
    assert {"pptx", "xlsx", "csv", "parquet", "png", "svg", "pdf"} <= keys


def test_a_template_that_cannot_be_used_is_left_out_and_its_fault_said() -> None:
    assert downloads._template_problem(b"no presentation", "th")
    assert not downloads._template_problem(_deck(), "en")


def _deck() -> bytes:
    from pptx import Presentation  # noqa: PLC0415

    content = io.BytesIO()
    Presentation().save(content)
    return content.getvalue()
