"""Scores that move without anybody sending anything: kept with what moved them, printed, and said once on Overview."""

from __future__ import annotations

import dataclasses
import json

import duckdb
import pytest
from factories import make_measure, make_submission

from pmqa import cli
from pmqa.scoring import CAUSES, RULES_VERSION, by_reading, moved_scores, rules_since
from pmqa.scoring.moved import RULES
from pmqa.store import Reread, Store
from pmqa.text import translator
from pmqa.viewer import Viewer
from pmqa.workbook import write_form
from tests.pages import opened

ON_THE_EDGE = [make_measure(i, target=1000.2, actual=1000.3, method="interval", step=0.1) for i in ("7.1.1", "7.1.2")]


def sent(store, submission):
    content = repr(submission).encode()
    return store.recording.record(submission, content, file_name="form.xlsx", received_by="tester").submission_id


def scored_by_version_1(path):
    """What version 1 of the rules had stored of those measures: a hair below 400, and so Basic."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE scores SET score = 399.999999999983, level = 'basic' WHERE kind IN ('measure', 'indicator')"
            " AND score = 400 AND submission = 'S0000001'"
        )
        connection.execute("UPDATE derived SET rules_version = '1'")


@pytest.fixture
def edge_database(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        sent(store, make_submission("D001", measures=ON_THE_EDGE, ministry="กระทรวงตัวอย่างหนึ่ง"))
        sent(store, make_submission("D002", measures=[make_measure()], ministry="กระทรวงตัวอย่างสอง"))
    scored_by_version_1(path)
    return path


# --- what moved ------------------------------------------------------------------------------------------------


def test_today_s_version_says_what_it_changed():
    assert RULES_VERSION in RULES
    assert rules_since("1") == "exact"
    assert rules_since(RULES_VERSION) == ""
    assert rules_since("of a later program") == "rules"


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("cause", CAUSES)
def test_everything_that_moves_scores_has_its_words(cause, language):
    assert translator(language).has(f"moved.by.{cause}")


def test_the_rules_moved_the_scores_on_an_edge_and_no_others(edge_database):
    with Store(edge_database) as store:
        moved = store.history.moved()
    assert set(moved["agency_code"]) == {"D001"}
    assert set(moved["scope"]) == {"7.1.1", "7.1.2", "7.1.1#1", "7.1.2#1"}
    assert set(moved["before"]) == {399.999999999983}
    assert set(moved["after"]) == {400.0}
    assert set(moved["level_before"]) == {"basic"}
    assert set(moved["level_after"]) == {"advance"}
    assert set(moved["rule"]) == {"exact"}


def test_a_score_that_is_shown_the_same_at_the_same_level_has_not_moved(edge_database):
    with Store(edge_database) as store:
        scores = store.facts.scores()
    other = scores.assign(score=scores["score"] * (1 + 1e-16))
    assert moved_scores(scores, other).empty
    assert moved_scores(scores, scores.head(0)).empty  # nothing to compare with


def test_a_score_that_was_not_there_before_has_moved(edge_database):
    with Store(edge_database) as store:
        scores = store.facts.scores()
    overall = scores["kind"] == "overall"
    before = scores.assign(score=scores["score"].mask(overall), level=scores["level"].mask(overall))
    moved = moved_scores(before, scores)
    assert set(moved["kind"]) == {"overall"}
    assert moved["before"].isna().all()
    assert moved["after"].notna().all()


def test_nothing_moves_twice(edge_database):
    with Store(edge_database) as store:
        first = store.history.moved()
    with Store(edge_database) as store:
        assert len(store.history.moved()) == len(first)
        assert store.history.moved(after=store.opened_after).empty


def test_another_edition_says_so(tmp_path, framework):
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        sent(store, make_submission(measures=ON_THE_EDGE))
    scoring = dataclasses.replace(framework.scoring, level_thresholds={"basic": 1, "advance": 2, "significance": 3})
    newer = dataclasses.replace(framework, version="4.9.9", scoring=scoring)
    with Store(path, frameworks={framework.edition: newer}) as store:
        assert set(store.history.moved()["rule"]) == {"edition"}


def test_words_that_are_no_evidence_any_more_move_scores_with_evidence_only(tmp_path):
    submission = make_submission(met=True)
    first, *rest = submission.answers
    without = dataclasses.replace(submission, answers=(dataclasses.replace(first, evidence=None), *rest))
    with Store(tmp_path / "pmqa.duckdb") as store:
        key = sent(store, submission)
        store.history.reread({key: Reread(without)}, who="admin")
        moved = store.history.moved()
    assert {"overall", "category", "item"} <= set(moved["kind"])
    assert set(moved["basis"]) == {"evidenced"}
    assert set(moved["rule"]) == {"evidence"}


def test_an_answer_that_is_read_differently_is_no_matter_of_evidence(tmp_path):
    submission = make_submission(met=True)
    first, *rest = submission.answers
    changed = dataclasses.replace(submission, answers=(dataclasses.replace(first, met=False, evidence=None), *rest))
    with Store(tmp_path / "pmqa.duckdb") as store:
        key = sent(store, submission)
        store.history.reread({key: Reread(changed)}, who="admin")
        moved = store.history.moved()
    assert set(moved["basis"]) == {"claimed", "evidenced"}
    assert set(moved["rule"]) == {"reading"}


def test_no_scores_that_moved_have_no_causes(edge_database):
    with Store(edge_database) as store:
        nothing = moved_scores(store.facts.scores(), store.facts.scores())
    assert by_reading(nothing, ["S0000001"]).empty


# --- who sees it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ministry", "seen"), [("กระทรวงตัวอย่างหนึ่ง", {"D001"}), ("กระทรวงตัวอย่างสอง", set())])
def test_a_viewer_sees_only_what_moved_of_theirs(edge_database, ministry, seen):
    viewer = Viewer("ก", "viewer", ministries=frozenset({ministry}))
    with Store(edge_database) as store:
        assert set(store.history.moved(viewer)["agency_code"]) == seen


def test_what_moved_of_a_submission_that_counts_no_more_is_not_said(edge_database):
    with Store(edge_database) as store:
        sent(store, make_submission("D001", met=False))
        assert store.history.moved().empty


# --- said on the command line and on Overview ------------------------------------------------------------------


def test_reread_prints_whose_scores_moved_from_what_to_what_and_by_what(edge_database, capsys):
    cli.main(["reread", "--database", str(edge_database), "--lang", "en"])
    line = "7.1.1#1: 399.9 (Basic) → 400.0 (Advance), by exact arithmetic on the decimals that were typed"
    assert f"D001 2569 (2026) As claimed {line}" in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_ingest_prints_it_too_and_leaves_json_alone(edge_database, tmp_path, framework, capsys, more):
    form = tmp_path / "form.xlsx"
    form.write_bytes(write_form(framework, prefill=make_submission("D009")))
    cli.main(["ingest", str(form), "--database", str(edge_database), "--lang", "en", *more])
    out, err = capsys.readouterr()
    assert "399.9 (Basic) → 400.0 (Advance)" in (err if more else out)
    if more:
        json.loads(out)


def test_overview_says_once_what_moved(edge_database, monkeypatch, nothing_cached):
    at = opened("overview", edge_database, monkeypatch, lang="en")
    said = [element.value for element in at.info]
    assert any("Agencies: 1;" in each and "exact arithmetic" in each for each in said)
    (button,) = [button for button in at.button if button.key == "moved-seen"]
    button.click().run()
    assert not at.exception
    assert not any("Scores moved" in element.value for element in at.info)
    again = opened("overview", edge_database, monkeypatch, lang="en")
    assert not any("Scores moved" in element.value for element in again.info)


def test_a_meeting_does_not_say_whose_scores_moved(edge_database, monkeypatch, nothing_cached):
    at = opened("overview", edge_database, monkeypatch, lang="en", meeting="1")
    assert "moved-seen" not in [button.key for button in at.button]
