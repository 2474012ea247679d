"""A closed round opens with the figures that were reported, whatever is sent, withdrawn or scored anew later."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from factories import make_submission
from test_published import CELLS, PLACES, tables_of

from pmqa.analysis.rounds import since
from pmqa.errors import AccessDenied, CardGone, NameTaken, StoreError
from pmqa.exports import DATA
from pmqa.store import Incoming, Store
from pmqa.tables import AGENCIES
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.address import parse
from pmqa.views.building import build, build_with_view
from pmqa.views.files import stamp
from pmqa.views.reporting import method_page
from tests.pages import announce, opened, serve, words_on
from tests.postgres import ON_BOTH

DAY = dt.date(2026, 12, 15)
NAME = "รายงานปลัด"
SCORES = "compare.scores?agencies=A1&agencies=A2"
HEAT = "compare.heat?agencies=A1&agencies=A2"


def send(store: Store, agency: str, met: bool, *, year: int = 2569, file: str = "") -> str:
    one = make_submission(agency, fiscal_year=year, met=met)
    (kept,) = store.recording.record_many([Incoming(one, f"{agency}{file}{met}".encode(), "ส่ง.xlsx")], received_by="x")
    return kept.submission_id


@pytest.fixture
def closed(place, monkeypatch, nothing_cached):
    """Two agencies, one of them corrected; the round closed then; after it three submissions, a withdrawal and an
    announcement."""
    serve(place, monkeypatch)
    store = data.store()
    send(store, "A1", False)
    counted = send(store, "A1", True)
    send(store, "A2", True)
    before = build(parse(SCORES, "en"), LOCAL_ANALYST, store)
    round_ = store.rounds.close(NAME, DAY, who="x")
    for agency, met in (("A1", False), ("A2", False), ("A3", True)):
        send(store, agency, met, file="later")
    store.history.withdraw(counted, reason="ผิดไฟล์", who="x")
    announce(store, [("A1", 2569, "1", 450.0)])
    return store, round_, before


@ON_BOTH
def test_a_closed_round_opens_with_the_reported_figures_after_three_later_submissions(closed):
    store, round_, before = closed
    view, card = build_with_view(parse(f"{SCORES}&round={round_}", "en"), LOCAL_ANALYST, store)
    pd.testing.assert_frame_equal(card.table, before.table)
    assert set(view.agencies) == {"A1", "A2"}
    assert view.announced.empty
    assert f"As reported: {NAME}" in view.filters
    # on every chart, in every file and report of it
    assert "3 agencies changed since" in view.filters
    chart = build(parse(f"{HEAT}&round={round_}", "en"), LOCAL_ANALYST, store)
    assert chart.drawing is not None
    assert "3 agencies changed since" in chart.drawing.caption.filters
    told = " ".join(method_page(view, stamp(view, card)).lines)
    assert "(another submission counts)" in told
    assert "(sent for the first time later)" in told
    today = build(parse(SCORES, "en"), LOCAL_ANALYST, store)
    assert not today.table.equals(before.table)


def test_what_is_scored_by_later_rules_leaves_the_reported_scores_alone(closed):
    store, round_, before = closed
    with store.database.transaction() as cursor:  # as a change of the rules does
        cursor.execute("UPDATE scores SET score = 1, coverage = 0.5")
    data_of_then = build(parse(f"{SCORES}&round={round_}", "en"), LOCAL_ANALYST, store)
    pd.testing.assert_frame_equal(data_of_then.table, before.table)


def test_it_says_whose_figures_have_changed_since_and_why(closed):
    store, round_, _ = closed
    table = build(parse(f"rounds.changes?round={round_}", "en"), LOCAL_ANALYST, store).table.set_index("agency_code")
    assert table["why"].to_dict() == {"A1": "replaced", "A2": "replaced", "A3": "sent"}
    assert table.loc["A2", ["then", "now"]].tolist() != [table.loc["A2", "then"]] * 2
    assert pd.isna(table.loc["A3", "then"])


def test_since_tells_withdrawn_and_rescored_apart_and_leaves_out_what_is_shown_alike():
    def scored(rows):
        return pd.DataFrame(
            [(code, "กรม", sub, "overall", "overall", score, "basic") for code, sub, score in rows],
            columns=["agency_code", "agency_name", "submission", "kind", "scope", "score", "level"],
        )

    then = scored([("A", "S1", 100.0), ("B", "S2", 100.0), ("C", "S3", 100.0), ("D", "S4", 100.01)])
    now = scored([("A", "S1", 100.0), ("C", "S3", 99.0), ("D", "S4", 100.02)])
    found = since(then, now).set_index("agency_code")
    assert found["why"].to_dict() == {"B": "withdrawn", "C": "rescored"}
    assert found.loc["C", "difference"] == -1.0


def test_who_may_close_is_decided_in_the_store_and_audited(closed):
    store, round_, _ = closed
    for viewer in (Viewer("x", "agency"), Viewer("x", "analyst", ministries=frozenset({"ก"}))):
        with pytest.raises(AccessDenied):
            store.rounds.close("อื่น", DAY, who="x", viewer=viewer)
    for name, error in ((NAME, NameTaken), ("  ", StoreError), ("ก" * 81, StoreError)):
        with pytest.raises(error):
            store.rounds.close(name, DAY, who="x", viewer=LOCAL_ANALYST)
    store.rounds.remove(NAME, who="x", viewer=LOCAL_ANALYST)
    actions = store.audit.changes()["action"].tolist()
    assert (actions.count("round_closed"), actions.count("round_removed")) == (1, 1)
    with pytest.raises(CardGone):
        build(parse(f"{SCORES}&round={round_}", "en"), LOCAL_ANALYST, store)
    with pytest.raises(StoreError):
        store.rounds.remove(NAME, who="x")


def test_nothing_sent_is_no_round(tmp_path):
    with Store(tmp_path / "empty.duckdb") as store, pytest.raises(StoreError):
        store.rounds.close(NAME, DAY, who="x")


def test_the_command_closes_lists_and_exports_a_round(closed, run, tmp_path):
    store, *_ = closed
    database = store.path
    data.store().close()
    code, said, _ = run("round", "list", "--database", database, "--lang", "en")
    assert code == 0
    assert NAME in said
    code, *_ = run("round", "close", "อีกรอบ", "--day", "16/12/2569", "--database", database)
    assert code == 0
    out = tmp_path / "card.csv"
    words = ("--card", SCORES, "--out", out, "--database", database, "--lang", "en")
    code, *_ = run("export", "--round", NAME, *words)
    assert code == 0
    then = out.read_text(encoding="utf-8-sig")
    run("export", *words)
    assert out.read_text(encoding="utf-8-sig") != then
    code, _, said = run("export", "--round", "ไม่มี", *words)
    assert (code, "อีกรอบ" in said) == (2, True)


@pytest.mark.slow
def test_a_round_comes_along_into_an_empty_database_with_what_was_sent_before_and_after(closed, run, tmp_path):
    store, *_ = closed
    store.register.save_agencies(
        pd.DataFrame([(code, "กรม", "กระทรวง", "กรม") for code in ("A1", "A2")], columns=list(AGENCIES.columns)),
        who="x",
    )
    days = {"A1": DAY, "A2": dt.date(2026, 12, 20)}
    store.register.expect(2569, days, due=days, who="x")
    data.store().close()
    paths = (store.path, tmp_path / "new.duckdb")
    zips = [tmp_path / f"{path.stem}.zip" for path in paths]
    figures = [tmp_path / f"{path.stem}.csv" for path in paths]
    for database, out, scores in zip(paths, zips, figures, strict=True):
        if database == paths[1]:
            code, _, complaint = run("import", zips[0], "--database", database)
            assert code == 0, complaint
        assert run("export", "--what", "data", "--out", out, "--database", database)[0] == 0
        of_round = ("--round", NAME, "--tables", "scores", "--what", "data", "--out", scores)
        assert run("export", *of_round, "--database", database)[0] == 0
    before, after = (tables_of(path) for path in zips)
    for name in DATA:
        kept = [column for column in before[name].columns if column not in (*PLACES, *CELLS)]
        first, second = (one[name][kept].sort_values(kept, ignore_index=True) for one in (before, after))
        pd.testing.assert_frame_equal(first, second)
    assert before["submissions"]["counts"].tolist() == ["False", "False", "True", "True", "True"]
    assert before["submissions"]["withdrawn_reason"].dropna().tolist() == ["ผิดไฟล์"]
    assert before["expectations"]["due"].nunique() == len(days)
    then, then_there = (pd.read_csv(path).drop(columns="submission") for path in figures)
    pd.testing.assert_frame_equal(then, then_there)
    assert set(then["agency_code"]) == {"A1", "A2"}
    with Store(paths[1]) as there:
        (round_,) = there.rounds.all()["round"]
        table = build(parse(f"rounds.changes?round={round_}", "en"), LOCAL_ANALYST, there).table
    assert table.set_index("agency_code")["why"].to_dict() == {"A1": "replaced", "A2": "replaced", "A3": "sent"}


@pytest.mark.slow
def test_pages_open_the_round_of_their_address_and_lead_back(closed, monkeypatch):
    store, round_, _ = closed
    at = opened("overview", store.path, monkeypatch, round=round_, lang="en")
    assert not at.exception
    said = words_on(at)
    assert any("Agencies that have changed since: 3" in word for word in said)
    at.button(key="leave-round").click().run()
    assert "round" not in at.query_params or at.query_params["round"] in ("now", ["now"])


@pytest.mark.slow
def test_a_round_is_closed_on_the_page_of_the_register(closed, monkeypatch):
    store, *_ = closed
    at = opened("register", store.path, monkeypatch, register_part="rounds", lang="en")
    at.text_input(key="round-name").input("รอบสอง")
    next(
        button for button in at.button if button.key == "close-this-round" or "Close with" in button.label
    ).click().run()
    assert not at.exception
    assert "รอบสอง" in store.rounds.all()["name"].tolist()
