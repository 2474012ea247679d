"""What agencies send is kept as it came, the latest counts, and nothing is ever altered."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.gaps import met_on
from pmqa.errors import AccessDenied, Finding, StoreChanged, StoreError
from pmqa.scoring import RULES_VERSION, score
from pmqa.store import Incoming, Store, deriving
from pmqa.store.facts import THERE
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import AGENCIES, FINDINGS, MEASURE_RESULTS, PLACES, PROSE, SCORED, SUBMISSIONS
from pmqa.viewer import LOCAL_ANALYST, Viewer
from tests.postgres import ON_BOTH

MINISTRY_ONE, MINISTRY_TWO = "กระทรวงตัวอย่างหนึ่ง", "กระทรวงตัวอย่างสอง"


def sent(store, submission, content=None, **rest):
    content = content if content is not None else repr(submission).encode()
    return store.recording.record(submission, content, **{"file_name": "form.xlsx", "received_by": "tester"} | rest)


# --- recording -------------------------------------------------------------------------------------------------


@ON_BOTH
def test_a_submission_reads_back_as_it_was_sent(store):
    submission = make_submission(
        met={"1.1.B1": True, "1.1.B2": False},
        measures=[make_measure(), make_measure("7.2.1", 2, target=0.0, actual=None, accepted=False)],
        contact_name="ผู้ประสานงานตัวอย่าง",
    )
    recorded = sent(store, submission)
    again = store.submissions.one(recorded.submission_id)
    assert again == submission
    assert [answer.cell for answer in again.answers] == [answer.cell for answer in submission.answers]


def test_a_submission_without_any_answer_or_measure_reads_back(store):
    empty = make_submission(met=None)
    assert store.submissions.one(sent(store, empty).submission_id) == empty


def test_of_texts_that_are_not_asked_for_it_is_read_whether_there_is_evidence(store):
    sent(store, make_submission(met={"1.1.B1": True, "1.1.B2": True}, evidence={"1.1.B1": "คำสั่งตัวอย่างที่ 1/2569"}))
    whole = store.facts.answers()
    for texts in ((), ("evidence",), ("explanation", "suggestion")):
        read = store.facts.answers(texts=texts)
        for name in (*PROSE, *PLACES):
            if name in texts:
                assert read[name].equals(whole[name])
            elif name == "evidence":
                assert read[name].notna().equals(whole[name].notna())
                assert set(read[name].dropna()) <= {THERE}
            else:
                assert read[name].isna().all()
        others = [name for name in whole if name not in (*PROSE, *PLACES)]
        assert read[others].equals(whole[others])


@ON_BOTH
def test_scores_stand_by_submission_whether_forms_came_together_or_one_by_one(store, framework):
    forms = [make_submission(code, met={"1.1.B1": True}) for code in ("D002", "D001", "D003")]
    sent(store, forms[0])
    store.recording.record_many([Incoming(one, repr(one).encode(), "a.xlsx") for one in forms[1:]], received_by="t")
    scores = store.facts.scored(None)
    assert scores["agency_code"].unique().tolist() == ["D002", "D001", "D003"]
    assert scores.equals(scores.sort_values(["submission", "basis", "kind", "scope"], ignore_index=True))


@ON_BOTH
def test_what_was_met_is_what_the_answers_say(store, framework):
    both = ("1.1.B1", "1.1.B2")
    sent(store, make_submission("D001", met=dict.fromkeys(both, True), evidence={"1.1.B1": "คำสั่งตัวอย่างที่ 1/2569"}))
    sent(store, make_submission("D002", ministry=MINISTRY_TWO, met={"1.1.B1": False, "1.1.B2": None}))
    ids = [*store.submissions.standing()["submission"], "S9999999"]
    criteria = [criterion.id for criterion in framework.criteria]
    for viewer in (LOCAL_ANALYST, Viewer("one", "ministry", ministries=frozenset({MINISTRY_TWO}))):
        for basis in ("claimed", "evidenced"):
            read = store.facts.met(ids, viewer, criteria, with_evidence=basis == "evidenced")
            said = met_on(store.facts.answers(ids, viewer), framework, basis)
            assert read.submissions == said.submissions
            assert (read.answered == said.answered).all()
            assert (read.met == said.met).all()
    assert met_on(store.facts.answers(ids), framework, "claimed").met.sum() == len(both)


def test_of_measures_without_their_words_all_is_read_that_results_follow_from(store):
    sent(store, make_submission(measures=[make_measure(actual=85.9), make_measure("7.2.1", 2, target=0.0)]))
    whole, read = store.facts.measures(), store.facts.measures(words=False)
    words = ["name", "note", "suggestion", "sheet", "target_cell", "actual_cell"]
    assert read[words].isna().all(axis=None)
    assert read.drop(columns=words).astype({"unit": "str"}).equals(whole.drop(columns=words))
    every = store.facts.measure_results()
    for basis, of_basis in every.groupby("basis"):
        assert store.facts.measure_results(basis=basis, measures=read).equals(of_basis.reset_index(drop=True))


@ON_BOTH
def test_the_file_is_kept_byte_for_byte(store):
    content = bytes(range(256)) * 50
    recorded = sent(store, make_submission(), content)
    assert store.submissions.original(recorded.submission_id) == content
    assert store.submissions.standing().loc[0, "sha256"] == hashlib.sha256(content).hexdigest()


def test_who_sent_what_and_when_is_known_in_utc(store):
    bangkok = dt.timezone(dt.timedelta(hours=7))
    sent(
        store,
        make_submission(),
        file_name="แบบประเมิน.xlsx",
        received_at=dt.datetime(2026, 11, 1, 9, 30, tzinfo=bangkok),
    )
    row = store.submissions.standing().iloc[0]
    assert (row["file_name"], row["received_by"]) == ("แบบประเมิน.xlsx", "tester")
    assert row["received_at"] == pd.Timestamp(2026, 11, 1, 2, 30)


@ON_BOTH
def test_the_same_content_twice_is_one_submission_and_changes_nothing(store):
    first = sent(store, make_submission(), b"same")
    before = store.version()
    second = sent(store, make_submission("D999"), b"same", file_name="another name.xlsx")
    assert (second.submission_id, second.already_known) == (first.submission_id, True)
    assert store.version() == before
    assert len(store.submissions.standing()) == len(store.audit.changes()) == 1


def test_the_same_content_twice_in_one_batch_is_one_submission(store):
    one, two = store.recording.record_many(
        [Incoming(make_submission(), b"same", "a.xlsx"), Incoming(make_submission(), b"same", "b.xlsx")],
        received_by="tester",
    )
    assert not one.already_known
    assert two.already_known
    assert one.submission_id == two.submission_id


@ON_BOTH
def test_a_later_submission_counts_and_the_earlier_stays_readable(store):
    first = sent(store, make_submission(met=False))
    second = sent(store, make_submission(met=True))
    assert second.replaces == first.submission_id
    assert store.submissions.current(LOCAL_ANALYST)["submission"].to_list() == [second.submission_id]
    assert store.submissions.standing()["submission"].to_list() == [first.submission_id, second.submission_id]
    assert not store.facts.answers([first.submission_id])["met"].any()


def test_years_sources_and_agencies_do_not_replace_each_other(store):
    kept = [
        make_submission("D001", 2568),
        make_submission("D001", 2569),
        make_submission("D001", 2569, "assessor"),
        make_submission("D002", 2569),
    ]
    assert [sent(store, submission).replaces for submission in kept] == [None] * 4
    assert len(store.submissions.current(None, source=None)) == 4
    assert len(store.submissions.current(None)) == 3
    assert len(store.submissions.current(None, source="assessor")) == 1
    assert store.submissions.current(None, years=[2568])["fiscal_year"].to_list() == [2568]


def test_within_a_batch_the_later_one_counts(store):
    batch = [Incoming(make_submission(met=met), repr(met).encode(), "a.xlsx") for met in (False, True)]
    first, second = store.recording.record_many(batch, received_by="tester")
    assert second.replaces == first.submission_id
    assert store.submissions.current(None)["submission"].to_list() == [second.submission_id]


@ON_BOTH
def test_a_batch_is_recorded_whole_or_not_at_all(store):
    sound = make_submission("D001")
    broken = dataclasses.replace(make_submission("D002"), answers=sound.answers[:1] * 2)
    before = store.version()
    with pytest.raises(Exception, match="repeat the key"):
        store.recording.record_many([Incoming(sound, b"1", "a"), Incoming(broken, b"2", "b")], received_by="tester")
    assert store.version() == before
    assert store.submissions.standing().empty
    assert store.facts.answers().empty


# --- who may send what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "source", "code", "ministry"),
    [
        (Viewer("x", "agency", frozenset({"D001"})), "assessor", "D001", MINISTRY_ONE),
        (Viewer("x", "agency", frozenset({"D001"})), "self", "D002", MINISTRY_ONE),
        (Viewer("x", "assessor"), "self", "D001", MINISTRY_ONE),
        (Viewer("x", "viewer"), "self", "D001", MINISTRY_ONE),
        (Viewer("x", "analyst", ministries=frozenset({MINISTRY_ONE})), "self", "D009", MINISTRY_TWO),
        # Known to be of another ministry, by what it sent, or by the register: what the form says does not change that.
        (Viewer("x", "analyst", ministries=frozenset({MINISTRY_ONE})), "self", "D002", MINISTRY_ONE),
        (Viewer("x", "analyst", ministries=frozenset({MINISTRY_ONE})), "self", "D003", MINISTRY_ONE),
    ],
)
def test_nobody_records_forms_of_a_source_or_an_agency_that_are_not_theirs_to_send(
    store, viewer, source, code, ministry
):
    register = pd.DataFrame([("D003", "กรมตัวอย่าง", MINISTRY_TWO, "กรม")], columns=list(AGENCIES.columns))
    store.register.save_agencies(register, who="admin")
    sent(store, make_submission("D002", ministry=MINISTRY_TWO))
    before = store.version()
    with pytest.raises(AccessDenied):
        sent(store, make_submission(code, source=source, ministry=ministry), viewer=viewer)
    assert store.version() == before


@pytest.mark.parametrize(
    ("viewer", "source"),
    [
        (Viewer("x", "agency", frozenset({"D001"})), "self"),
        (Viewer("x", "assessor", frozenset({"D001"})), "assessor"),
        (Viewer("x", "analyst", ministries=frozenset({MINISTRY_ONE})), "self"),
        (LOCAL_ANALYST, "assessor"),
    ],
)
def test_who_may_send_a_form_records_it(store, viewer, source):
    sent(store, make_submission("D001", source=source), viewer=viewer)
    assert len(store.submissions.standing()) == 1


def test_what_was_made_from_a_submission_is_recorded_only_while_that_one_counts(store):
    whose = ("D001", 2569, "assessor")
    first = Incoming(make_submission(source="assessor", met=False), b"1", "a")
    (recorded,) = store.recording.record_many([first], received_by="t", made_from={whose: None})
    again = Incoming(make_submission(source="assessor"), b"2", "a")
    with pytest.raises(StoreChanged, match=recorded.submission_id):
        store.recording.record_many([again], received_by="t", made_from={whose: None})
    assert len(store.submissions.standing()) == 1
    store.recording.record_many([again], received_by="t", made_from={whose: recorded.submission_id})
    assert len(store.submissions.standing()) == 2


@ON_BOTH
def test_findings_of_the_file_are_kept_in_their_order(store):
    findings = [
        Finding("met_without_evidence", "warning", "หมวด 1", "E4:E9", None, {"n": 6}),
        Finding("unknown_sheet", "note", "แผ่น 1"),
    ]
    key = sent(store, make_submission(), findings=findings).submission_id
    kept = store.facts.findings([key])
    assert list(kept.columns) == list(FINDINGS.columns)
    assert kept["code"].to_list() == ["met_without_evidence", "unknown_sheet"]
    assert json.loads(kept.loc[0, "details"]) == {"n": 6}
    assert pd.isna(kept.loc[1, "cell"])


def test_nothing_recorded_is_empty_tables_and_no_error(store):
    assert store.submissions.standing().empty
    assert list(store.submissions.current(LOCAL_ANALYST).columns) == list(SUBMISSIONS.columns)
    assert list(store.facts.scored(LOCAL_ANALYST).columns) == list(SCORED.columns)
    assert list(store.facts.measure_results().columns) == list(MEASURE_RESULTS.columns)
    assert store.recording.record_many([], received_by="tester") == []
    assert not store.submissions.has_samples()


# --- scores ----------------------------------------------------------------------------------------------------


def test_scores_are_those_of_the_rules(store, framework):
    submissions = [
        make_submission("D001", met={"1.1.B1": True}, measures=[make_measure()]),
        make_submission("D002", met=True),
        make_submission("D001", source="assessor", measures=[make_measure(accepted=True)]),
    ]
    by_key = {sent(store, submission).submission_id: submission for submission in submissions}
    expected = score(source_frame(by_key), answer_frame(by_key), measure_frame(by_key), framework)
    keys = ["submission", "basis", "kind", "scope"]
    pd.testing.assert_frame_equal(
        store.facts.scores().astype(dict.fromkeys([*keys, "level"], "str")).sort_values(keys, ignore_index=True),
        expected.astype(dict.fromkeys([*keys, "level"], "str")).sort_values(keys, ignore_index=True),
    )


@ON_BOTH
def test_scored_says_whose_the_current_scores_are(store):
    sent(store, make_submission("D001", met=False))
    sent(store, make_submission("D001", met=True))
    scored = store.facts.scored(LOCAL_ANALYST, bases=["claimed"], kinds=["item"])
    assert scored["submission"].nunique() == 1
    assert set(scored["kind"]) == {"item"}
    assert set(scored["agency_code"]) == {"D001"}
    assert scored.loc[scored["scope"] == "1.1", "score"].to_list() == [500.0]
    assert len(store.submissions.standing(LOCAL_ANALYST)) == 2


def test_scopes_sort_as_the_framework_lists_them(store, framework):
    sent(store, make_submission())
    items = store.facts.scored(None, bases=["claimed"], kinds=["item"]).sort_values("scope")
    assert items["scope"].to_list() == [item.id for item in framework.items]


def test_measure_results_are_of_the_submissions_asked_for(store):
    first = sent(store, make_submission("D001", measures=[make_measure(actual=85.9)])).submission_id
    sent(store, make_submission("D002", measures=[make_measure(actual=10.0)]))
    results = store.facts.measure_results([first])
    assert set(results["submission"]) == {first}
    assert results["score"].to_list() == [400.0, 400.0]  # claimed, evidenced


def test_scores_are_derived_again_when_the_rules_change(tmp_path, monkeypatch):
    with Store(tmp_path / "pmqa.duckdb") as store:
        key = sent(store, make_submission(met=True)).submission_id
        before = store.version()
    monkeypatch.setattr(deriving, "RULES_VERSION", f"{RULES_VERSION}-next")
    monkeypatch.setattr(deriving, "score", lambda *given: score(*given).assign(score=123.0))
    with Store(tmp_path / "pmqa.duckdb") as store:
        assert set(store.facts.scores([key])["score"]) == {123.0}
        assert store.version() != before
        assert store.audit.changes()["action"].to_list() == ["recorded", "rescored"]


def test_scores_are_derived_again_when_the_edition_changes(tmp_path, framework):
    with Store(tmp_path / "pmqa.duckdb") as store:
        sent(store, make_submission(met=True))
        rows = len(store.facts.scores())
    newer = dataclasses.replace(framework, version="4.9.9")
    with Store(tmp_path / "pmqa.duckdb", frameworks={framework.edition: newer}) as store:
        assert store.audit.changes()["action"].to_list() == ["recorded", "rescored"]
        assert len(store.facts.scores()) == rows
    with Store(tmp_path / "pmqa.duckdb", frameworks={framework.edition: newer}) as store:
        assert len(store.audit.changes()) == 2  # nothing is stale any more


def test_a_submission_to_an_edition_that_is_not_there_is_kept_and_scored_later(tmp_path, framework):
    submission = make_submission(met=True)
    with Store(tmp_path / "pmqa.duckdb", frameworks={}) as store:
        key = sent(store, submission).submission_id
        assert store.submissions.one(key) == submission
        assert store.facts.scores().empty
    with Store(tmp_path / "pmqa.duckdb", frameworks={framework.edition: framework}) as store:
        assert set(store.facts.scores([key])["kind"]) >= {"overall", "dimension"}


# --- who sees what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "agencies"),
    [
        (None, {"D001", "D002", "D003"}),
        (LOCAL_ANALYST, {"D001", "D002", "D003"}),
        (Viewer("one", "agency", agencies=frozenset({"D001"})), {"D001"}),
        (Viewer("m", "viewer", ministries=frozenset({MINISTRY_ONE})), {"D001", "D002"}),
        # both limit: an agency of another ministry stays out of sight
        (Viewer("both", "viewer", frozenset({"D002", "D003"}), frozenset({MINISTRY_ONE})), {"D002"}),
        (Viewer("none", "agency", agencies=frozenset()), set()),
    ],
)
def test_a_viewer_reads_only_what_they_may_see(store, viewer, agencies):
    for code, ministry in (("D001", MINISTRY_ONE), ("D002", MINISTRY_ONE), ("D003", MINISTRY_TWO)):
        sent(
            store, make_submission(code, ministry=ministry, measures=[make_measure()]), findings=[Finding("x", "note")]
        )
    seen = store.submissions.standing(viewer)
    assert set(seen["agency_code"]) == agencies
    assert set(store.submissions.current(viewer)["agency_code"]) == agencies
    assert set(store.facts.scored(viewer)["agency_code"]) == agencies
    everything = store.submissions.standing()["submission"].to_list()
    for read in (
        store.facts.answers,
        store.facts.measures,
        store.facts.findings,
        store.facts.scores,
        store.facts.measure_results,
    ):
        assert set(read(everything, viewer)["submission"]) == set(seen["submission"]), read.__name__


def test_what_a_viewer_may_not_see_is_as_if_it_were_not_there(store):
    key = sent(store, make_submission("D001")).submission_id
    stranger = Viewer("stranger", "agency", agencies=frozenset({"D002"}))
    for read in (store.submissions.one, store.submissions.original):
        with pytest.raises(StoreError, match=key):
            read(key, stranger)
        with pytest.raises(StoreError, match="S9999999"):
            read("S9999999")


def test_an_earlier_submission_under_another_ministry_does_not_count_for_that_ministry(store):
    sent(store, make_submission("D001", ministry=MINISTRY_TWO, met=False))
    sent(store, make_submission("D001", ministry=MINISTRY_ONE))
    assert store.submissions.current(Viewer("two", "viewer", ministries=frozenset({MINISTRY_TWO}))).empty


# --- version, audit, samples -----------------------------------------------------------------------------------


def test_the_version_changes_with_every_change_and_survives_closing(tmp_path):
    seen = []
    for code in ("D001", "D002"):
        with Store(tmp_path / "pmqa.duckdb") as store:
            seen.append(store.version())
            sent(store, make_submission(code))
            seen.append(store.version())
    assert seen[1] == seen[2]
    assert len(set(seen)) == 3


def test_the_same_history_gives_the_same_version(tmp_path):
    versions = set()
    for name in ("one", "two"):
        with Store(tmp_path / f"{name}.duckdb") as store:
            sent(store, make_submission("D001"))
            sent(store, make_submission("D002"))
            versions.add(store.version())
    assert len(versions) == 1


@ON_BOTH
def test_at_one_moment_a_thread_reads_one_state_until_it_changes_something_itself(store):
    sent(store, make_submission("D001"))
    with ThreadPoolExecutor(1) as another, store.database.at_one_moment():
        before = store.version()
        another.submit(sent, store, make_submission("D002")).result()
        assert (store.version(), len(store.submissions.standing())) == (before, 1)
        assert store.facts.scored(None)["agency_code"].unique().tolist() == ["D001"]
        assert another.submit(lambda: len(store.submissions.standing())).result() == 2
        store.audit.note("a", "signed_in")  # no change of the data
        assert store.version() == before
        sent(store, make_submission("D003"))
        assert len(store.submissions.standing()) == 3
        changed = store.version()
    assert store.version() == changed != before


@ON_BOTH
def test_every_change_is_in_the_audit(store):
    key = sent(store, make_submission("D001", 2569), sample=True).submission_id
    store.tidying.remove_samples("admin")
    audit = store.audit.changes()
    assert audit["number"].to_list() == [1, 2]
    assert audit["action"].to_list() == ["recorded", "samples_removed"]
    assert audit["who"].to_list() == ["tester", "admin"]
    assert audit.loc[0, "subject"] == key
    assert json.loads(audit.loc[0, "details"])["agency_code"] == "D001"
    assert json.loads(audit.loc[1, "details"]) == {"submissions": [key]}


@ON_BOTH
def test_samples_are_removed_without_a_trace_in_the_data_and_nothing_else_is(store):
    real = sent(store, make_submission("D001", measures=[make_measure()]), b"real").submission_id
    sent(
        store,
        make_submission("X001", measures=[make_measure()]),
        b"sample",
        sample=True,
        findings=[Finding("x", "note")],
    )
    assert store.submissions.has_samples()
    assert store.tidying.remove_samples() == 1
    assert not store.submissions.has_samples()
    assert store.submissions.standing()["submission"].to_list() == [real]
    for read in (store.facts.answers, store.facts.measures, store.facts.scores):
        assert set(read()["submission"]) == {real}
    assert store.facts.findings().empty
    assert store.submissions.original(real) == b"real"
    assert store.tidying.remove_samples() == 0


def test_samples_are_removed_only_by_who_may(store):
    sent(store, make_submission("X001"), sample=True)
    with pytest.raises(AccessDenied):
        store.tidying.remove_samples("x", Viewer("x", "agency", frozenset({"X001"})))
    assert store.submissions.has_samples()


@ON_BOTH
def test_a_number_is_never_given_to_a_second_submission(store):
    first = sent(store, make_submission("X001"), b"sample", sample=True).submission_id
    store.tidying.remove_samples()
    again = sent(store, make_submission("X001"), b"sample")
    assert not again.already_known
    assert again.submission_id > first
