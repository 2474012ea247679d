"""The pages from scores to decisions, in both languages, with nothing stored, with one agency and with the samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from factories import make_measure, make_submission
from streamlit.testing.v1 import AppTest

from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.scoring import score
from pmqa.store import Store
from pmqa.store.likeness import Likeness
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.ui.forms.assess import answered_submission
from pmqa.views import data, texts
from pmqa.views.cards import doctor
from pmqa.workbook import read_submission, write_form
from tests.pages import SAMPLES, a_view, clear_caches, english_left, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

YEAR = 2569
SECTIONS: dict[str, list[dict[str, str]]] = {
    "trace": [{}, {"trace": "3.2"}, {"trace": "7.1.1"}, {"trace": "results", "detail": "cells"}],
    "plan": [{}, {"path_scope": "3", "path_target": "significance", "effort": "1"}, {"plan_part": "whatif"}],
    "followup": [{}, {"year": "2568"}],
    "leverage": [{"leverage_part": part} for part in ("blocking", "missed", "teachers")],
    "years": [
        {"years_part": "agency", "of_dimension": "digitalization", "every_year": "1"},
        {"years_part": "everyone"},
    ],
    "trust": [{"trust_part": part} for part in ("ranks", "evidence", "reuse")],
    "doctor": [{"doctor_part": part} for part in ("look", "ambition", "consistency", "shared")],
    "assess": [{"assess_part": part} for part in ("differ", "one", "bias", "grid")],
}
CASES = [(page, choices) for page, many in SECTIONS.items() for choices in many]


@pytest.mark.parametrize(("page", "choices"), CASES, ids=[f"{page}-{'-'.join(c.values())}" for page, c in CASES])
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_part_opens_with_the_samples(
    page: str, choices: dict[str, str], language: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases[SAMPLES], monkeypatch, lang=language, **choices)
    assert not at.exception
    assert len(at.title) == 1
    assert at.get("markdown")
    if language == "th":
        assert not english_left(at)
    else:
        assert at.title[0].value.isascii()


@pytest.mark.parametrize("size", ["nothing", "one agency"])
@pytest.mark.parametrize(("page", "choices"), CASES, ids=[f"{page}-{'-'.join(c.values())}" for page, c in CASES])
def test_every_part_says_something_where_there_is_little(
    page: str, choices: dict[str, str], size: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases[size], monkeypatch, **choices)
    assert not at.exception
    assert len(at.title) == 1
    assert at.get("subheader") or at.get("info") or at.get("table") or at.get("dataframe") or at.get("caption")


def test_a_yes_without_evidence_that_blocks_is_not_called_a_no(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "มี แต่ไม่มีหลักฐานอ้างอิง"
    said = {}
    for basis in ("claimed", "evidenced"):
        at = opened("gaps", databases[SAMPLES], monkeypatch, basis=basis)
        tables = [table.value for table in [*at.table, *at.dataframe]]
        said[basis] = any(words in str(value) for table in tables for value in table.to_numpy().ravel())
    assert said == {"claimed": False, "evidenced": True}


def test_no_median_of_few_agencies_is_shown(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("assess", own_database, monkeypatch)
    assert at.metric[0].value == "1"
    assert at.metric[1].value == "–"


def test_one_agency_alone_has_no_rank(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("trust", databases["one agency"], monkeypatch, lang="en")
    assert "two agencies" in at.info[-1].value
    assert not at.metric


@pytest.mark.parametrize("part", ["evidence", "reuse"])
def test_what_is_still_compared_is_said_and_shown_once_it_is(
    part: str, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MOST_AWAITED", 0)
    at = opened("trust", own_database, monkeypatch, lang="en", trust_part=part)
    assert "The texts of 0 of 3 submissions are compared" in at.info[-1].value
    assert not [*at.table, *at.dataframe]
    with monkeypatch.context() as thousands:
        thousands.setattr(Likeness, "so_far", lambda *_: (200, 10_000))
        assert "The texts of 200 of 10,000 submissions are compared" in at.run().info[-1].value
    data.store().likeness.settle()
    at.run()
    assert not at.info
    assert [*at.table, *at.dataframe]


def test_a_trace_ends_at_the_answers_and_adds_up(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("trace", databases[SAMPLES], monkeypatch, trace="3.2", lang="en")
    table = at.table[0].value
    levels = [number for number, name in enumerate(table["Step"]) if name.count("›") == 1]
    assert len(levels) == 3
    added = sum(float(table["Points for the step above"][number]) for number in levels)
    assert added == pytest.approx(float(at.metric[0].value), abs=0.2)
    assert (table["Step"].str.count("›") == 2).sum() == len(table) - 4


# --- plan -------------------------------------------------------------------------------------------------------------


def test_a_tick_moves_the_scores_and_never_the_submission(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(own_database) as store:
        before = store.facts.scores()
    at = opened("plan", own_database, monkeypatch, plan_part="whatif")
    box = next(box for box in at.checkbox if not box.value)
    assert "→" not in at.metric[0].value
    box.check().run()
    assert not at.exception
    assert "→" in at.metric[0].value
    with Store(own_database) as store:
        assert store.facts.scores().equals(before)


def test_a_scenario_is_kept_by_name_and_opened_again(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("plan", own_database, monkeypatch, plan_part="whatif")
    assert at.button(key="keep-scenario").disabled
    next(box for box in at.checkbox if not box.value).check().run()
    at.button(key="keep-scenario").click().run()
    assert at.warning  # it has no name yet
    at.text_input(key="scenario-name").input("ลองหนึ่งข้อ").run()
    at.button(key="keep-scenario").click().run()
    assert not at.exception
    at.button(key="forget-scenario").click().run()
    assert "→" not in at.metric[0].value
    at.run()
    at.button(key="open-scenario").click().run()
    assert "→" in at.metric[0].value
    at.button(key="remove-scenario").click().run()
    with Store(own_database) as store:
        assert store.plans.scenarios().empty


def test_a_scenario_of_an_earlier_submission_is_said_and_fits_the_present_one(
    own_database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (criterion.id for criterion in framework.criteria[:2])
    sent = next(one for one in demo_submissions(framework, agencies=3, years=2) if one.fiscal_year == YEAR)
    measure = sent.measures[0]
    scope = f"{measure.indicator}#{measure.number}"

    def saying(**met: bool) -> Submission:
        answers = (replace(a, met=met.get(a.criterion.replace(".", "_"), a.met)) for a in sent.answers)
        return replace(sent, answers=tuple(answers))

    no = {first.replace(".", "_"): False, second.replace(".", "_"): False}
    with Store(own_database) as store:
        earlier, later = (
            store.recording.record(
                saying(**answers), name, file_name=f"{name.decode()}.xlsx", received_by="x"
            ).submission_id
            for answers, name in ((no, b"earlier"), (no | {first.replace(".", "_"): True}, b"later"))
        )
        changes = {"answers": {first: True, second: True, "9.9.B1": True}, "actuals": {scope: 1.0, "7.9.9#1": 2.0}}
        store.plans.save_scenario(earlier, "แผน", changes, who="x")
    at = opened("plan", own_database, monkeypatch, plan_part="whatif", lang="en", agency=sent.agency_code)
    assert any("1 scenario was kept for other submissions" in str(text.value) for text in at.markdown)
    assert earlier in at.selectbox(key="scenario-elsewhere").options[0]
    at.button(key="fit-scenario").click().run()
    assert not at.exception
    assert "Taken over: 2. As sent already: 1. Not in this submission: 2." in at.info[0].value
    assumed = at.session_state["_assumed"][later]
    assert assumed == {"answers": {second: True}, "actuals": {scope: 1.0}}
    assert any("What is assumed" in str(text.value) for text in at.markdown)
    at.button(key="remove-elsewhere").click().run()
    assert "scenario-elsewhere" not in {box.key for box in at.selectbox}
    with Store(own_database) as store:
        assert store.plans.scenarios().empty


def test_the_path_becomes_a_scenario_with_a_click(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("plan", own_database, monkeypatch, path_target="number", points="350", lang="en")
    steps = at.metric[2].value
    at.button(key="try-path").click().run()
    assert not at.exception
    assert [table for table in at.table if len(table.value) == int(steps)]


def test_a_yes_without_evidence_can_be_assumed_and_weighed_where_evidence_counts(
    own_database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(own_database) as store:
        current = store.submissions.current(None, source="self", years=[YEAR]).sort_values("agency_name")
        answers = store.facts.answers(current["submission"]).astype({"criterion": "str"})
    bare = answers[answers["met"].eq(True).fillna(False).astype("bool") & answers["evidence"].isna()].iloc[0]
    agency = current.set_index("submission").at[bare["submission"], "agency_code"]
    where = {"agency": agency, "basis": "evidenced", "lang": "en"}
    item = framework.criterion[bare["criterion"]].item
    at = opened("plan", own_database, monkeypatch, plan_part="whatif", assume_item=item, **where)
    box = at.checkbox(key=f"assume-{bare['submission']}-{bare['criterion']}")
    assert not box.value
    box.check().run()
    assert any("but without evidence" in str(table.value.to_numpy()) for table in at.table)
    at = opened("plan", own_database, monkeypatch, effort="1", **where)
    assert bare["criterion"] in [c for f in at.dataframe if "effort" in f.value for c in f.value["criterion"]]


def test_efforts_change_the_path(own_database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {"path_scope": "1", "path_target": "significance", "lang": "en"}
    at = opened("plan", own_database, monkeypatch, effort="1", **choices)
    before = at.metric[3].value
    with Store(own_database) as store:
        current = store.submissions.current(None, years=[YEAR]).sort_values("agency_name")
        agency = str(current["agency_code"].iloc[0])
        store.plans.save_efforts(agency, framework.edition, dict.fromkeys(framework.criterion, 3.0), who="x")
    clear_caches()
    at = opened("plan", own_database, monkeypatch, effort="1", **choices)
    assert float(at.metric[3].value) == pytest.approx(3 * float(before))


def test_keeping_efforts_leaves_those_of_criteria_that_are_not_shown(
    own_database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(own_database) as store:
        agency = str(store.submissions.current(None, years=[YEAR]).sort_values("agency_name")["agency_code"].iloc[0])
        store.plans.save_efforts(agency, framework.edition, dict.fromkeys(framework.criterion, 3.0), who="x")
    shown: list[str] = []

    def editor(table: pd.DataFrame, **_: Any) -> pd.DataFrame:
        """As if the first effort had been edited, once."""
        shown[:] = table["criterion"]
        return table.assign(effort=[2.0, *table["effort"].iloc[1:]])

    monkeypatch.setattr(st, "data_editor", editor)
    at = opened("plan", own_database, monkeypatch, effort="1", agency=agency)
    assert len(shown) < len(framework.criterion)
    with Store(own_database) as store:
        store.plans.save_efforts(agency, framework.edition, {shown[1]: 9.0}, who="other")  # meanwhile
    at.button(key="keep-efforts").click().run()
    assert not at.exception
    assert at.button(key="keep-efforts").disabled
    with Store(own_database) as store:
        kept = store.plans.efforts(agency, framework.edition)
    assert kept == dict.fromkeys(framework.criterion, 3.0) | {shown[0]: 2.0, shown[1]: 9.0}


def test_a_scenario_of_another_is_replaced_only_when_told(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("plan", own_database, monkeypatch, plan_part="whatif", lang="en")
    with Store(own_database) as store:
        own = store.submissions.current(None, years=[YEAR]).sort_values("agency_name").iloc[0]
        store.plans.save_scenario(own["submission"], "ของเขา", {"answers": {}, "actuals": {}}, who="other")
    next(box for box in at.checkbox if not box.value).check().run()
    at.text_input(key="scenario-name").input("ของเขา").run()
    at.button(key="keep-scenario").click().run()
    assert any("ของเขา" in warning.value for warning in at.warning)
    with Store(own_database) as store:
        assert store.plans.scenarios()["made_by"].tolist() == ["other"]
    at.button(key="replace-scenario").click().run()
    assert not at.warning
    with Store(own_database) as store:
        assert store.plans.scenarios()["made_by"].tolist() == ["local"]


# --- indicator doctor -------------------------------------------------------------------------------------------------


def test_the_doctor_points_at_the_cell_of_the_number_it_asks_about_and_at_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = {"target_cell": "F5", "actual_cell": "I5"}
    measures = [
        replace(make_measure("7.1.1", target=850, actual_2=80, actual_1=82, actual=83), **cells),
        replace(make_measure("7.1.2", target=85, actual_2=80, actual_1=82, actual=865), **cells),
        replace(make_measure("7.1.3", target=85, actual_2=84, actual_1=8.5, actual=86), **cells),
        replace(make_measure("7.1.4", target=85, actual_2=80, actual_1=82, actual=86, benchmark=850), **cells),
    ]
    path = tmp_path / "own.duckdb"
    with Store(path) as store:
        store.recording.record(make_submission(measures=measures), b"x", file_name="x.xlsx", received_by="x")
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    view = a_view("en", fiscal_year=YEAR)
    table = doctor.diagnoses(view, "all", "all").table
    table = table[table["check"].isin(["unit_slip", "target_slip"])].set_index("indicator")
    assert table["column"].to_dict() == {
        "7.1.1": "target",
        "7.1.2": "actual",
        "7.1.3": "actual_1",
        "7.1.4": "benchmark",
    }
    assert table["place"].dropna().to_dict() == {"7.1.1": "หมวด 7!F5", "7.1.2": "หมวด 7!I5"}


# --- assessor ---------------------------------------------------------------------------------------------------------


def test_what_the_assessor_answers_on_the_page_becomes_a_submission_that_can_be_traced(
    own_database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("assess", own_database, monkeypatch, assess_part="grid", lang="en")
    assert at.button(key="save-assessment").disabled
    with Store(own_database) as store:
        own = store.submissions.current(None, years=[YEAR]).sort_values("agency_name").iloc[0]
    first = framework.criteria_of["1.1"][0].id
    at.segmented_control(key=f"assess-answer-assessor-{own['submission']}-{first}").set_value(True)
    at.text_area(key=f"assess-suggestion-assessor-{own['submission']}-{first}").input("=ดูแล้ว")
    at.run()
    at.button(key="save-assessment").click().run()
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    with Store(own_database) as store:
        new = store.submissions.current(None, source="assessor", years=[YEAR])
        new = new[new["agency_code"] == own["agency_code"]].iloc[0]
        answers = store.facts.answers([new["submission"]]).set_index("criterion")
        content = store.submissions.original(str(new["submission"]))
    assert new["file_name"].endswith(".xlsx")
    assert bool(answers.at[first, "met"]) is True
    assert answers.at[first, "suggestion"] == "=ดูแล้ว"
    assert answers.at[first, "cell"]
    assert answers["met"].notna().sum() == 1
    again = read_submission(content, {framework.edition: framework})
    assert again.submission is not None
    assert again.submission.source == "assessor"


def answer(at: AppTest, submission: str, *answers: tuple[str, bool | None]) -> AppTest:
    for criterion, met in answers:
        at.segmented_control(key=f"assess-answer-assessor-{submission}-{criterion}").set_value(met)
    at.run()
    assert not at.exception
    return at


def assessed_by(database: Path, agency: str) -> dict[str, bool]:
    with Store(database) as store:
        rows = store.submissions.current(None, source="assessor", years=[YEAR])
        answers = store.facts.answers(rows.loc[rows["agency_code"] == agency, "submission"]).dropna(subset=["met"])
    return dict(zip(answers["criterion"].astype("str"), answers["met"].astype("bool"), strict=True))


@pytest.fixture
def unassessed(own_database: Path) -> tuple[Path, str, str]:
    """Database, agency and its submission, which no assessor has looked at."""
    with Store(own_database) as store:
        for submission in store.submissions.current(None, source="assessor")["submission"]:
            store.history.withdraw(submission, reason="ทดสอบ", who="t")
        own = store.submissions.current(None, years=[YEAR]).sort_values("agency_name").iloc[0]
    return own_database, str(own["agency_code"]), str(own["submission"])


def test_two_assessors_of_one_agency_lose_nothing_of_each_other(
    unassessed: tuple[Path, str, str], framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, agency, submission = unassessed
    first, second, third = (criterion.id for criterion in framework.criteria_of["1.1"][:3])
    one, two = (opened("assess", database, monkeypatch, assess_part="grid", agency=agency) for _ in range(2))
    answer(one, submission, (first, True), (second, True))
    answer(two, submission, (third, False)).button(key="save-assessment").click().run()
    one.button(key="save-assessment").click().run()
    assert [said.value for said in one.success]
    assert assessed_by(database, agency) == {first: True, second: True, third: False}
    assert one.segmented_control(key=f"assess-answer-assessor-{submission}-{third}").value is False


def test_where_two_assessors_answer_otherwise_the_second_is_told_and_may_insist(
    unassessed: tuple[Path, str, str], framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, agency, submission = unassessed
    first, second = (criterion.id for criterion in framework.criteria_of["1.1"][:2])
    one, two = (opened("assess", database, monkeypatch, assess_part="grid", agency=agency) for _ in range(2))
    answer(one, submission, (first, True), (second, True))
    two.text_area(key=f"assess-suggestion-assessor-{submission}-{first}").input("ขาดเอกสาร")
    answer(two, submission, (first, False)).button(key="save-assessment").click().run()
    one.button(key="save-assessment").click().run()
    assert any(f"{first} (ไม่มี)" in error.value.replace("\\", "") for error in one.error)
    assert assessed_by(database, agency) == {first: False}
    one.button(key="save-assessment").click().run()
    assert assessed_by(database, agency) == {first: True, second: True}
    assert one.text_area(key=f"assess-suggestion-assessor-{submission}-{first}").value == "ขาดเอกสาร"


def test_an_assessment_of_a_measure_that_the_new_form_lacks_does_not_stop_the_grid(
    unassessed: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, agency, submission = unassessed
    with Store(database) as store:
        sent = store.submissions.one(submission)
        said = {a.criterion: {"answer": True, "suggestion": None} for a in sent.answers}
        said |= {f"{m.indicator}#{m.number}": {"answer": True, "suggestion": None} for m in sent.measures}
        store.recording.record(
            answered_submission(sent, said, "assessor"), b"assessed", file_name="a.xlsx", received_by="t"
        )
        fewer = replace(sent, measures=sent.measures[:-1])
        store.recording.record(fewer, b"again", file_name="b.xlsx", received_by="t")
    at = opened("assess", database, monkeypatch, assess_part="grid", agency=agency)
    assert not at.exception
    assert not at.button(key="save-assessment").disabled


def test_an_assessor_who_agrees_with_everything_gives_the_claimed_score(framework: Framework) -> None:
    sent = demo_submissions(framework, agencies=1, years=1)[0]
    said = {a.criterion: {"answer": a.met, "suggestion": None} for a in sent.answers}
    said |= {f"{m.indicator}#{m.number}": {"answer": True, "suggestion": None} for m in sent.measures}
    assessed = answered_submission(sent, said, "assessor")
    assert assessed.contact_name is None
    content = write_form(framework, prefill=assessed, source="assessor")
    read = read_submission(content, {framework.edition: framework}).submission
    assert read is not None
    overall: list[float] = []
    for one, basis in ((sent, "claimed"), (read, "verified")):
        by_id = {"1": one}
        scores: Any = score(source_frame(by_id), answer_frame(by_id), measure_frame(by_id), framework)
        chosen = scores[(scores["basis"] == basis) & (scores["kind"] == "overall")]
        overall.append(float(chosen["score"].iloc[0]))
    assert overall[0] == pytest.approx(overall[1])
