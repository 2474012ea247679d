"""Any two submissions of an agency: the page, the workbook and the command line tell of one difference."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from functools import partial

import openpyxl
import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.versions import IN_TIME, LATE, NO_DATE, differences, versions
from pmqa.errors import CardGone
from pmqa.store import Store
from pmqa.text import translator
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data
from pmqa.views.address import parse
from pmqa.views.building import build
from pmqa.views.cards.agency import versions_book
from pmqa.workbook.differing import difference_tables
from tests.pages import a_view, opened, words_on

DUE = dt.date(2026, 11, 30)
LOOSE = {"check_dtype": False, "check_index_type": False}


def corrected(submission, criterion, **changes):
    answers = [dataclasses.replace(a, **changes) if a.criterion == criterion else a for a in submission.answers]
    measures = [dataclasses.replace(measure, actual=60.0) for measure in submission.measures]
    return dataclasses.replace(submission, answers=tuple(answers), measures=tuple(measures))


@pytest.fixture(scope="module")
def database(tmp_path_factory, request):
    """S1 in time and S2 late of one agency, S3 of another; who must send is said of the first only."""
    path = tmp_path_factory.mktemp("differing") / "pmqa.duckdb"
    first = make_submission(measures=[make_measure()])
    second = corrected(first, "1.1.A1", met=False, evidence=None)
    sent = [
        (first, "ครั้งแรก.xlsx", "ผู้ส่งหนึ่ง", dt.datetime(2026, 11, 30, 16, 59, 59)),
        (second, "แก้ไข.xlsx", "ผู้ส่งสอง", dt.datetime(2026, 11, 30, 17, 0, 1)),
        (make_submission("D002"), "อื่น.xlsx", "ผู้ส่งสอง", dt.datetime(2026, 12, 1)),
    ]
    with Store(path) as store:
        ids = [
            store.recording.record(one, name.encode(), file_name=name, received_by=who, received_at=when).submission_id
            for one, name, who, when in sent
        ]
        rows = store.submissions.standing().iloc[:1]
        store.register.save_agencies(rows[["agency_code", "agency_name", "ministry", "agency_type"]], who="test")
        store.register.expect(2569, ["D001"], due=DUE, who="test")
    return path, ids


def test_a_corrected_score_shows_who_changed_what_when_and_that_it_was_after_the_due_date(database, run):
    path, (before, after, _) = database
    code, shown, _ = run("diff", before, after, "--database", path, "--lang", "en")
    assert code == 0
    first, second = [line for line in shown.splitlines() if "Sent by" in line]
    assert all(part in first for part in ("ผู้ส่งหนึ่ง", "30 Nov 2026 23:59", "before it", "replaced"))
    assert all(part in second for part in ("ผู้ส่งสอง", "1 Dec 2026 00:00", "after it", "counts"))
    (answer,) = [line for line in shown.splitlines() if "Code: 1.1.A1" in line]
    assert "Answer, before: Yes · Answer, after: No · Evidence, before: คำสั่งตัวอย่างที่ 1/2569" in answer
    assert "Value, before: 85.9 · Value, after: 60" in shown
    assert "Scope: 1.1 " in shown
    assert "Scope: 2.1 " not in shown  # it did not move


def test_the_workbook_has_the_rows_of_the_page_and_json_the_ids(database, run, tmp_path):
    path, (before, after, _) = database
    out = tmp_path / "เทียบ.xlsx"
    assert run("diff", before, after, "--format", "xlsx", "--out", out, "--database", path)[0] == 0
    t = translator("th")
    with Store(path) as store:
        both = versions(store.history.all(), store.register.expectations(), [before, after])
        framework = store.frameworks[both["edition"].iloc[1]]
        ids = [before, after]
        found = differences(
            both, store.facts.answers(ids), store.facts.measures(ids), store.facts.scores(ids), framework
        )
    tables = difference_tables(found, framework, t)
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    assert book.sheetnames == list(tables)
    for title, rows in tables.items():
        written = list(book[title].iter_rows(min_row=6, values_only=True))
        assert written[0] == tuple(rows.columns)
        pd.testing.assert_frame_equal(
            pd.DataFrame(written[1:], columns=rows.columns), rows.astype("object").where(rows.notna(), None), **LOOSE
        )
    _, shown, _ = run("diff", before, after, "--format", "json", "--database", path)
    said = json.loads(shown)
    assert [row["timing"] for row in said["versions"]] == [IN_TIME, LATE]
    assert [row["criterion"] for row in said["answers"]] == ["1.1.A1"]
    assert {row["scope"] for row in said["effects"]} >= {"overall", "1.1", "7.1.1"}


def test_the_page_has_the_tables_of_the_workbook(database, monkeypatch, nothing_cached):
    path, (before, after, other) = database
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    build_one = partial(build, viewer=LOCAL_ANALYST, store=data.store())
    parts = ("versions", "effects", "criteria", "measures")
    address = f"agency.versions?before={before}&after={after}"
    cards = {part: build_one(parse(f"{address}&part={part}", "en")) for part in parts}
    content = versions_book(a_view("en"), before, after)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [translator("en")(f"differing.{part}") for part in parts]
    for (part, card), sheet in zip(cards.items(), book, strict=True):
        headed, *written = list(sheet.iter_rows(min_row=6, values_only=True))
        assert headed == tuple(column.label for column in card.columns), part
        assert len(written) == len(card.table)
    said = cards["versions"].table.astype("str").to_numpy().tolist()
    assert {"before it", "ผู้ส่งหนึ่ง"} <= set(said[0])
    assert {"after it", "ผู้ส่งสอง"} <= set(said[1])
    with pytest.raises(CardGone, match="D002"):
        build_one(parse(f"agency.versions?before={before}&after={other}", "en"))


@pytest.mark.slow
def test_the_page_of_the_agency_compares_the_two_latest_unless_told(database, monkeypatch, nothing_cached):
    path, (before, after, _) = database
    at = opened("agency", path, monkeypatch, part="sent", agency="D001", lang="en")
    assert not at.exception
    assert (at.selectbox(key="version_before").value, at.selectbox(key="version_after").value) == (before, after)
    assert any("after it" in word for word in words_on(at))


def test_the_other_way_round_everything_is_the_other_way_round(database):
    path, (before, after, _) = database
    with Store(path) as store:
        history, expectations, framework = store.history.all(), store.register.expectations(), store.frameworks["pmqa4"]
        facts = store.facts.answers(), store.facts.measures(), store.facts.scores()
        there, back = (
            differences(versions(history, expectations, ids), *facts, framework)
            for ids in ([before, after], [after, before])
        )
    changed = there.effects["change"].dropna()
    assert (changed != 0).any()
    assert changed.tolist() == (-back.effects["change"].dropna()).tolist()
    assert there.answers[["before", "after"]].values.tolist() == back.answers[["after", "before"]].values.tolist()


def test_without_an_expectation_nothing_is_late(database):
    path, ids = database
    with Store(path) as store:
        assert versions(store.history.all(), store.register.expectations(), ids)["timing"].tolist() == [
            IN_TIME,
            LATE,
            NO_DATE,
        ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (lambda ids: (ids[0], ids[2]), "D001"),  # two agencies
        (lambda ids: (ids[0], "S9999999"), "S9999999"),  # no such submission
        (lambda ids: (ids[0], ids[1], "--format", "xlsx"), "--out"),  # to where?
    ],
)
def test_what_cannot_be_compared_is_said(database, run, words, said):
    path, ids = database
    code, _, complaint = run("diff", *words(ids), "--database", path, "--lang", "en")
    assert code == 2
    assert said in complaint
