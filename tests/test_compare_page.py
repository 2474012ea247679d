"""The page Compare: every question over every kind, in both languages, its links, its files, its meeting mode."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pmqa.demo import demo_submissions
from pmqa.exports.browser import WORKER
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.ui import data, downloads, meeting, peers
from pmqa.ui.cards import Card
from pmqa.ui.comparing import KINDS, QUESTIONS
from pmqa.ui.parts import compare, compare_over
from pmqa.ui.shared import forget
from pmqa.ui.view import View
from pmqa.viewer import LOCAL_ANALYST, Viewer

pytestmark = pytest.mark.slow  # whole pages run

ROOT = Path(__file__).parent.parent
CHOSEN = ["DEMO-001", "DEMO-002", "DEMO-003"]
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def filled(path: Path, framework: Framework, agencies: int, years: int) -> Path:
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=agencies, years=years)
        files = [(f"{one.agency_code}-{one.fiscal_year}-{one.source}", one) for one in sent]
        store.record_many([Incoming(one, name.encode(), f"{name}.xlsx") for name, one in files], received_by="demo")
    return path


@pytest.fixture(scope="module")
def samples(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("compare") / "samples.duckdb", framework, 24, 3)


@pytest.fixture(scope="module")
def alone(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("compare") / "alone.duckdb", framework, 1, 1)


@pytest.fixture
def own_samples(framework: Framework, tmp_path: Path) -> Path:
    """Samples that a test may change."""
    return filled(tmp_path / "own.duckdb", framework, 8, 2)


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    forget()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    forget()


@pytest.fixture
def view(samples: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    return View("th", "light", LOCAL_ANALYST, data.version(), "pmqa4", 2569, "claimed", (), (), 5)


def opened(database: Path, monkeypatch: pytest.MonkeyPatch, page: str = "compare", **choices: Any) -> AppTest:
    """The page as a link with these choices opens it on a cold server."""
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in choices.items():
        at.query_params[name] = value
    at.switch_page(f"pages/{page}.py")
    return at.run()


def everything_on(at: AppTest) -> str:
    """All that the page sends to the browser, and its address."""
    parts = [json.dumps(dict(at.query_params), ensure_ascii=False)]
    for kind in ("title", "markdown", "caption", "info", "warning", "code", "subheader"):
        parts += [str(element.value) for element in at.get(kind)]
    for kind in ("selectbox", "multiselect", "button", "metric", "download_button"):
        parts += [str(element.proto) for element in at.get(kind)]
        parts += [str(option) for element in at.get(kind) for option in getattr(element, "options", [])]
    parts += [chart.proto.spec for chart in at.get("plotly_chart")]
    parts += [table.value.to_csv() for table in [*at.table, *at.dataframe]]
    return "\n".join(parts)


# --- questions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_with_a_chart_and_its_table(
    question: str, language: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(samples, monkeypatch, ask=question, lang=language, agencies=CHOSEN)
    assert not at.exception
    charts = at.get("plotly_chart")
    assert charts
    assert len(at.dataframe) == len(charts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_goes_down_to_the_indicators(
    question: str, kind: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(samples, monkeypatch, ask=question, by=kind, agencies=CHOSEN, lang="en")
    assert not at.exception
    assert at.get("plotly_chart")


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_agency_alone_is_no_error(question: str, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(alone, monkeypatch, ask=question)
    assert not at.exception
    assert at.get("plotly_chart") or at.info


def test_more_agencies_than_a_radar_holds_get_a_radar_each_and_the_reason(view: View) -> None:
    scopes = compare.scopes_of(view, "dimension", "all")
    few, many = (
        compare.profile(view, tuple(list(view.agencies)[:count]), "dimension", scopes, "view", "", True)
        for count in (3, 6)
    )
    assert not few.notes
    assert "เรดาร์แยกรายหน่วยงาน" in many.notes[0]


def test_too_many_axes_for_a_radar_leave_the_dots_and_the_reason(view: View) -> None:
    scopes = compare.scopes_of(view, "item", "all")
    assert len(scopes) == 30
    assert not compare.has_profile(scopes)
    card = compare.values(view, ("DEMO-001",), "item", scopes, "view", "DEMO-001", True)
    assert "30" in card.notes[0]


def test_the_difference_of_self_and_assessor_is_the_agencys_own_minus_the_assessors(view: View) -> None:
    card = compare_over.assessed_scopes(
        view, "DEMO-003", "category", compare.scopes_of(view, "category", "all"), "given"
    )
    assessed, own = compare_over.assessor_views(view)
    for row in card.table.itertuples():
        one, other = (
            side.scored[(side.scored["agency_code"] == "DEMO-003") & (side.scored["scope"] == row.row)]
            for side in (own, assessed)
        )
        if len(one) and len(other) and pd.notna(row.difference):
            assert row.difference == one["score"].iloc[0] - other["score"].iloc[0]


def test_the_order_of_agencies_is_the_one_that_was_asked_for(view: View) -> None:
    scopes = compare.scopes_of(view, "dimension", "all")
    orders = {
        order: list(compare.heat(view, "dimension", scopes, order, ()).table["series"])
        for order in ("score", "name", "gap")
    }
    assert sorted(orders["score"]) == sorted(orders["name"]) == sorted(orders["gap"])
    assert orders["score"] != orders["gap"]
    assert orders["name"] == list(view.agencies)


# --- peers --------------------------------------------------------------------------------------------------------


def test_statistics_of_fewer_agencies_than_the_least_are_blank(view: View) -> None:
    agency = "DEMO-001"
    sizes = {group: len(peers._members(view, group, agency)) for group in peers.KINDS}
    assert min(sizes.values()) < 5 <= max(sizes.values())
    for group, n in sizes.items():
        stats = peers.stats_of_peers(view, group, agency)
        overall = stats[stats["kind"] == "overall"].iloc[0]
        assert overall["n"] <= n
        assert pd.isna(overall["median"]) == (overall["n"] < 5)
        assert pd.isna(overall["best_agency"]) == (overall["n"] < 5)


def test_a_group_that_an_analyst_names_is_kept_and_offered(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [f"DEMO-{number:03}" for number in range(1, 7)]
    with Store(own_samples) as store:
        store.save_peer_group("กลุ่มนำร่อง", codes, who="analyst")
    at = opened(own_samples, monkeypatch, ask="peers", peers="group-กลุ่มนำร่อง", agencies=["DEMO-001"])
    assert not at.exception
    assert at.selectbox(key="peers").value == "group-กลุ่มนำร่อง"
    assert "n = 6" in at.get("plotly_chart")[0].proto.spec


def test_naming_a_group_keeps_it_and_uses_it(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(own_samples, monkeypatch, ask="peers")
    assert not at.text_input  # the menu is filled when it is opened
    at.session_state[peers.MENU] = True
    at.run()
    at.text_input(key="group-name").input("กลุ่มใหม่")
    at.multiselect(key="group-members").set_value(["DEMO-002", "DEMO-004"])
    next(button for button in at.button if button.label == "บันทึกกลุ่ม").click().run()
    assert not at.exception
    assert data.store().peer_groups()["agency_code"].tolist() == ["DEMO-002", "DEMO-004"]
    assert at.selectbox(key="peers").value == "group-กลุ่มใหม่"


def test_who_may_not_name_groups_is_not_offered_to(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("x", "viewer"))
    at = opened(samples, monkeypatch, ask="peers")
    assert not at.exception
    assert not at.text_input


def test_peers_are_only_those_that_the_viewer_may_see(view: View) -> None:
    one = replace(view, viewer=Viewer("x", "agency", frozenset({"DEMO-001"})))
    for group in peers.KINDS:
        assert set(peers.peer_scores(one, group, "DEMO-001")["agency_code"]) == {"DEMO-001"}


# --- the meeting mode ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_in_a_meeting_nothing_that_reaches_the_browser_names_an_agency(
    question: str, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = opened(samples, monkeypatch, ask=question, agencies=CHOSEN)
    names = [str(option) for option in named.multiselect(key="agencies").options]
    at = opened(samples, monkeypatch, ask=question, meeting="0a1b2c3d")
    assert not at.exception
    sent = everything_on(at)
    assert "DEMO-" not in sent
    assert not [name for name in names if name in sent]
    assert "หน่วยงาน A" in sent or "หน่วยงาน B" in sent


@pytest.mark.parametrize("page", ["overview", "agency", "gaps", "indicators", "framework"])
def test_other_pages_keep_names_out_of_a_meeting_too(page: str, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = set(opened(samples, monkeypatch).multiselect(key="agencies").options)
    at = opened(samples, monkeypatch, page=page, meeting="0a1b2c3d")
    assert not at.exception
    sent = everything_on(at)
    assert "DEMO-" not in sent
    assert not [name for name in names if name in sent]


def test_a_page_that_must_name_agencies_is_closed_in_a_meeting(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(samples, monkeypatch, page="submit", meeting="0a1b2c3d")
    assert not at.exception
    assert "โหมดประชุม" in at.info[-1].value
    assert not at.dataframe


def test_switching_the_mode_keeps_the_choice_and_puts_aliases_into_the_url(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(samples, monkeypatch, agencies=CHOSEN)
    before = at.get("plotly_chart")[0].proto.spec
    at.toggle(key=meeting.TOGGLE).set_value(True).run()
    aliases = at.query_params["agencies"]
    assert len(aliases) == 3
    assert not set(aliases) & set(CHOSEN)
    values = [json.loads(spec)["data"][-1]["r"] for spec in (before, at.get("plotly_chart")[0].proto.spec)]
    assert values[0] == values[1]  # the same agencies under other names
    at.toggle(key=meeting.TOGGLE).set_value(False).run()
    assert at.multiselect(key="agencies").value == CHOSEN
    assert "meeting" not in at.query_params


def test_a_link_into_a_meeting_shows_the_same_aliases_on_a_cold_server(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = []
    for _ in range(2):
        st.cache_data.clear()
        st.cache_resource.clear()
        forget()
        at = opened(samples, monkeypatch, meeting="0a1b2c3d", agencies=["C", "B"])
        specs.append(at.get("plotly_chart")[0].proto.spec)
    assert specs[0] == specs[1]
    assert at.multiselect(key="agencies").value == ["C", "B"]


def test_aliases_differ_between_meetings_and_between_databases(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (meeting.aliases_of(view.version, word, 5).agencies for word in ("00000001", "00000002"))
    assert sorted(first.values()) == sorted(second.values())
    assert first != second
    forget()
    monkeypatch.setattr(data, "alias_key", lambda: "another key")
    assert meeting.aliases_of(view.version, "00000001", 5).agencies != first


def test_filters_that_leave_too_few_to_hide_anybody_show_nothing(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(samples, monkeypatch, meeting="0a1b2c3d")
    ministries, types = (set(at.multiselect(key=name).options) for name in ("ministry", "type"))
    both = opened(samples, monkeypatch, meeting="0a1b2c3d", ministry=sorted(ministries)[0], type=sorted(types)[0])
    assert not both.get("plotly_chart")
    everything = opened(samples, monkeypatch)
    assert len(ministries) < len(everything.multiselect(key="ministry").options)


def test_files_of_a_meeting_hold_aliases_only(view: View) -> None:
    hidden = replace(view, meeting="0a1b2c3d")
    names = list(view.agencies.values())
    shown = shown_of(hidden)
    archive = zipfile.ZipFile(io.BytesIO(downloads.page_zip(hidden, "compare", shown, "http://x/compare")))
    for name in archive.namelist():
        assert "DEMO" not in name
        content = archive.read(name)
        parts = [content]
        if content.startswith(b"PK"):
            inner = zipfile.ZipFile(io.BytesIO(content))
            parts = [inner.read(part) for part in inner.namelist()]
        for part in parts:
            assert b"DEMO-" not in part, name
            assert not [one for one in names if one.encode() in part], name


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
    at = opened(samples, monkeypatch, lang="en", **choices)
    kept = {name: at.query_params.get(name) for name in choices}
    assert {name: value if isinstance(value, list) else [value] for name, value in kept.items()} == {
        name: value if isinstance(value, list) else [value] for name, value in choices.items()
    }


def test_a_link_says_when_the_data_have_changed_since(
    own_samples: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(own_samples))
    with Store(own_samples) as store:
        version = store.version()
        first = store.submissions()["submission"].iloc[0]
    fresh = opened(own_samples, monkeypatch, data=version)
    assert not fresh.warning
    assert fresh.query_params["data"] == [version] or fresh.query_params["data"] == version
    data.store().withdraw(first, reason="ทดสอบ", who="test")
    at = opened(own_samples, monkeypatch, data=version)
    assert "เปลี่ยนไป 1 ครั้ง" in at.warning[0].value
    at.button(key="unpin").click().run()
    assert not at.warning
    assert "data" not in at.query_params


def test_a_setting_or_a_group_is_no_change_of_the_data(own_samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(own_samples) as store:
        version = store.version()
        store.save_peer_group("ก", ["DEMO-001"], who="test")
    assert not opened(own_samples, monkeypatch, data=version).warning


def test_a_link_of_another_database_says_so(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ข้อมูลชุดอื่น" in opened(samples, monkeypatch, data="999-abcdef").warning[0].value


# --- files --------------------------------------------------------------------------------------------------------


def shown_of(view: View) -> list[downloads.Shown]:
    """The cards of the page's first question, as the page hands them over."""
    agencies = tuple(list(view.agencies)[:3])
    scopes = compare.scopes_of(view, "dimension", "all")
    builds: list[tuple[str, Callable[..., Card]]] = [("profile", compare.profile), ("values", compare.values)]
    return [
        downloads.Shown(
            name, name, False, True, lambda build=build: build(view, agencies, "dimension", scopes, "view", "", True)
        )  # type: ignore[misc]
        for name, build in builds
    ]


def test_the_same_view_gives_the_same_bytes_in_every_form(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "can_draw", lambda: False)
    card = shown_of(view)[0].card
    for make in (downloads.card_csv, downloads.card_xlsx, downloads.card_parquet, downloads.card_pptx):
        assert make(view, card()) == make(view, card()), make.__name__
    first, second = (downloads.page_zip(view, "compare", shown_of(view), "http://x/compare") for _ in range(2))
    assert first == second


def test_the_screens_theme_does_not_reach_the_files(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[downloads.Shown] = []
    monkeypatch.setattr("pmqa.ui.cards.offer", lambda view, shown: given.append(shown))
    monkeypatch.setattr(st.context.theme.__class__, "type", property(lambda self: "dark"), raising=False)
    at = opened(samples, monkeypatch)
    assert not at.exception
    background = given[0].card().figure.layout.paper_bgcolor
    assert background in ("#ffffff", "white", "#FFFFFF")


def test_the_zip_says_what_is_in_it_and_how_to_come_back(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "can_draw", lambda: False)
    archive = zipfile.ZipFile(
        io.BytesIO(downloads.page_zip(view, "compare", shown_of(view), "http://x/compare?ask=profile"))
    )
    about = json.loads(archive.read("metadata.json"))
    assert about["address"] == "http://x/compare?ask=profile"
    assert about["view"]["fiscal_year"] == 2569
    assert about["data_version"] == view.version.rpartition("@")[2]
    assert {Path(name).suffix for name in archive.namelist()} == {".txt", ".json", ".xlsx", ".pptx", ".csv", ".parquet"}


@pytest.mark.parametrize("browser", [True, False])
def test_pictures_are_offered_where_they_can_be_drawn_and_otherwise_how_to_get_them(
    browser: bool, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "can_draw", lambda: browser)
    at = opened(samples, monkeypatch)
    at.session_state[f"{downloads.MENU}profile"] = True
    at.run()
    keys = {str(button.proto.id).rsplit("-", 1)[-1] for button in at.get("download_button")}
    assert ({"png", "svg", "pdf"} <= keys) == browser
    assert {"pptx", "xlsx", "csv", "parquet"} <= keys
    assert any("Chromium" in caption.value for caption in at.caption) != browser


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_picture_taken_again_from_another_browser_has_the_same_bytes(view: View, form: downloads.Picture) -> None:
    if not downloads.can_draw():
        pytest.skip("no Chromium on this machine")
    profile = next(one for one in shown_of(view) if one.name == "profile")
    first = downloads.card_picture(view, profile.card(), form)
    WORKER.close()
    assert downloads.card_picture(view, profile.card(), form) == first


def test_a_template_that_cannot_be_used_is_left_out_and_its_fault_said() -> None:
    assert downloads._template_problem(b"no presentation", "th")
    assert not downloads._template_problem(_deck(), "en")


def _deck() -> bytes:
    from pptx import Presentation  # noqa: PLC0415

    content = io.BytesIO()
    Presentation().save(content)
    return content.getvalue()
