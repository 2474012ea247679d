"""The improvement plan: from blockers, a path or a scenario to actions, their progress, what came of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from factories import make_submission

from pmqa.framework import Framework
from pmqa.store import Action, Store
from pmqa.text import translator
from pmqa.viewer import Viewer
from pmqa.views.cards import followup
from tests.pages import a_view, filled, opened, words_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

YEAR = 2569


def test_a_plan_is_drafted_reported_on_and_held_against_the_next_year(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("followup", own_database, monkeypatch, year=str(YEAR - 1), lang="en")
    assert at.metric[1].value == "0%"
    at.button(key="draft-actions").click().run()
    assert not at.exception
    assert at.metric[1].value == "100%"
    at.number_input(key="progress-percent").set_value(40.0)
    at.button(key="save-progress").click().run()
    assert at.metric[3].value == "40%"
    assert any("What the submission of 2569" in words for words in words_on(at))
    with Store(own_database) as store:
        assert store.plans.progress()["percent"].tolist() == [40.0]
    at.button(key="remove-action").click().run()
    assert not at.exception


def criteria_planned(database: Path) -> list[str]:
    with Store(database) as store:
        return [criterion for ids in store.plans.actions()["criteria"] for criterion in ids.split()]


def criteria_in(table: pd.DataFrame) -> list[str]:
    return [code.replace("\\", "") for code in table["Code"]]


def agency_first_by_name(database: Path) -> str:
    with Store(database) as store:
        return str(store.submissions.current(None, years=[YEAR]).sort_values("agency_name")["agency_code"].iloc[0])


def test_a_path_becomes_actions_and_no_criterion_is_planned_twice(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("plan", own_database, monkeypatch, path_target="number", points="350", lang="en")
    path = criteria_in(at.table[0].value)
    agency = agency_first_by_name(own_database)
    with Store(own_database) as store:
        store.plans.save_action(Action(agency, YEAR, "ทำแล้ว", (path[0],)), who="x")
        store.plans.save_action(Action("DEMO-999", YEAR, "ของหน่วยงานอื่น", (path[1],)), who="x")
        store.plans.save_action(Action(agency, YEAR - 1, "ของปีก่อน", (path[1],)), who="x")
    at.run()
    assert f"1 of {len(path)} criteria" in str([caption.value for caption in at.caption])
    at.button(key="draft-actions").click().run()
    assert not at.exception
    assert any("Actions added to the plan" in box.value for box in at.success)
    with Store(own_database) as store:
        own = store.plans.actions()
    own = own[(own["agency_code"] == agency) & (own["fiscal_year"] == YEAR)]
    assert sorted(" ".join(own["criteria"]).split()) == sorted(path)
    assert own["criteria"].map(lambda ids: len({c.rsplit(".", 1)[0] for c in ids.split()})).eq(1).all()
    assert at.button(key="draft-actions").disabled
    assert f"{len(path)} of {len(path)} criteria" in str([caption.value for caption in at.caption])


def test_what_somebody_planned_meanwhile_is_not_planned_again(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("plan", own_database, monkeypatch, path_target="number", points="350", lang="en")
    path = criteria_in(at.table[0].value)
    with Store(own_database) as store:
        store.plans.save_action(Action(agency_first_by_name(own_database), YEAR, "ทำ", tuple(path)), who="x")
    at.button(key="draft-actions").click().run()
    assert not at.exception
    assert sorted(criteria_planned(own_database)) == sorted(path)


def test_a_scenario_becomes_actions(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("plan", own_database, monkeypatch, plan_part="whatif", lang="en")
    assert "draft-actions" not in {button.key for button in at.button}
    for _ in range(2):
        next(box for box in at.checkbox if not box.value).check().run()
    assumed = sorted(criteria_in(at.table[-1].value))
    at.button(key="draft-actions").click().run()
    assert not at.exception
    assert sorted(criteria_planned(own_database)) == assumed
    assert at.button(key="draft-actions").disabled
    assert any("Actions added to the plan" in box.value for box in at.success)


def test_progress_on_an_action_that_somebody_removed_is_refused_in_words(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(own_database) as store:
        name = store.plans.save_action(Action(agency_first_by_name(own_database), YEAR, "ทำ", ("1.1.B1",)), who="x")
    at = opened("followup", own_database, monkeypatch, lang="en")
    with Store(own_database) as store:
        store.plans.remove_action(name, who="y")
    at.button(key="save-progress").click().run()
    assert not at.exception
    assert name in at.warning[0].value


def test_an_action_becomes_overdue_on_a_server_that_goes_on_running(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = dt.date(2026, 12, 1)
    with Store(own_database) as store:
        store.plans.save_action(Action(agency_first_by_name(own_database), YEAR, "ทำ", ("1.1.B1",), due=due), who="x")
    overdue = []
    for day in (due, due + dt.timedelta(days=1)):
        monkeypatch.setattr("pmqa.views.cards.followup.today", lambda day=day: day)
        at = opened("followup", own_database, monkeypatch, lang="en")
        overdue.append((at.metric[4].value, at.table[0].value["Overdue"].iloc[0]))
    assert overdue == [("0", "No"), ("1", "Yes")]


def test_a_plan_is_not_held_against_another_edition(
    framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "own.duckdb", replace(framework, edition="pmqa5")
    with Store(path, frameworks={"pmqa4": framework, "pmqa5": other}) as store:
        for year, of in ((YEAR, framework), (YEAR + 1, other)):
            sent = make_submission(fiscal_year=year, framework=of)
            store.recording.record(sent, str(year).encode(), file_name="x.xlsx", received_by="x", framework=of)
        store.plans.save_action(Action("D001", YEAR, "ทำ", ("1.1.B1",)), who="x")
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    view = a_view("en", fiscal_year=YEAR)
    card = followup.effects(view, "D001")
    assert card.table.empty
    assert "another edition (pmqa5)" in card.notes[0]


def test_an_action_that_does_not_say_what_keeps_what_was_filled_in(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("followup", own_database, monkeypatch, lang="en")
    at.text_input(key="action-owner").input("กองแผน")
    at.date_input(key="action-due").set_value(dt.date(2026, 12, 1))
    at.multiselect(key="action-criteria").set_value(["1.1.B1"])
    at.button(key="save-action").click().run()
    assert at.warning
    assert at.text_input(key="action-owner").value == "กองแผน"
    at.text_area(key="action-what").input("ทำแผน")
    at.button(key="save-action").click().run()
    assert not at.exception
    with Store(own_database) as store:
        assert store.plans.actions()[["what", "owner", "criteria"]].to_numpy().tolist() == [
            ["ทำแผน", "กองแผน", "1.1.B1"]
        ]
    widgets = at.text_area(key="action-what"), at.multiselect(key="action-criteria"), at.text_input(key="action-owner")
    assert [widget.value for widget in widgets] == ["", [], ""]
    assert at.date_input(key="action-due").value is None


@pytest.mark.parametrize(
    ("page", "viewer", "sentence"),
    [
        ("compare", Viewer("x", "viewer"), "ui.no_data_seen"),
        ("compare", Viewer("x", "agency", frozenset({"D001"})), "ui.no_data_own"),
        ("compare", Viewer("x", "analyst"), "ui.no_data_next"),
    ],
)
def test_where_there_are_no_data_people_are_told_what_they_themselves_may_do(
    page: str, viewer: Viewer, sentence: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    at = opened(page, databases["nothing"], monkeypatch)
    assert translator("th")(sentence) in [text.value for text in at.markdown]
    leading = [link.proto.label for link in at.get("page_link") if link.proto.label != "?"]  # that is the guide
    assert bool(leading) == (viewer.role != "viewer")


@pytest.mark.parametrize(("role", "ending"), [("viewer", "_seen"), ("analyst", "")])
def test_nobody_is_told_to_plan_or_to_assess_who_may_not(
    role: Any, ending: str, framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = filled(tmp_path / "one.duckdb", framework, 1, 1)
    with Store(database) as store:
        for submission in store.submissions.current(None, source="assessor")["submission"]:
            store.history.withdraw(submission, reason="ทดสอบ", who="t")
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("x", role))
    for page, sentence in (("followup", "followup_page.no_actions"), ("assess", "assess_page.nobody")):
        at = opened(page, database, monkeypatch)
        assert translator("th")(f"{sentence}{ending}") in [info.value for info in at.info]


def test_somebody_who_may_only_look_gets_no_buttons_that_change_the_plan(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(own_database) as store:
        store.plans.save_action(Action(agency_first_by_name(own_database), YEAR, "ทำให้ครบ", ("1.1.B1",)), who="x")
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("x", "viewer"))
    changing = {"draft-actions", "save-action", "keep-scenario"}
    for page, part in (("followup", {}), ("plan", {"plan_part": "whatif"}), ("plan", {"path_target": "number"})):
        at = opened(page, own_database, monkeypatch, **part)
        assert not at.exception
        assert not {button.key for button in at.button} & changing
    at = opened("assess", own_database, monkeypatch, assess_part="grid")
    assert "save-assessment" not in {button.key for button in at.button}
