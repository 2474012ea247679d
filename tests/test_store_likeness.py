"""Texts that stand again are found from what was taken down when they were recorded, and by who may see them alone."""

from __future__ import annotations

import datetime as dt
import random

import duckdb
import pytest
from factories import make_submission

from pmqa.settings import read_settings
from pmqa.store import Incoming, Reread, Store, likeness
from pmqa.viewer import Viewer
from pmqa.views import data, texts
from pmqa.web.housekeeping import Housekeeping
from tests.postgres import ON_BOTH

YEAR = 2569
pytestmark = pytest.mark.usefixtures("nothing_cached")
EVERYBODY = Viewer("analyst", "analyst")
WORDS = "".join(random.Random(3).choices("กขคงจชซดตถทธนบปผพฟมยรลวสห", k=160))
# The first is like the second, and the second like the third, but the first is not like the third.
CHAIN = [WORDS[:100], WORDS[:120], WORDS[:145]]


def cite(store, text, code, **rest):
    """Record that an agency cites a text once; the submission."""
    one = make_submission(code, YEAR, met={"1.1.B1": True}, evidence={"1.1.B1": text}, **rest)
    return store.recording.record(one, f"{code} {text}".encode(), file_name="f.xlsx", received_by="t").submission_id


def together(store, viewer=EVERYBODY, closed=""):
    """Agencies by number whose texts are one group, as a viewer is shown them."""
    version = data.as_reported(data.version_of(store), closed)
    of_year = (version, viewer, "self", YEAR, "evidence")
    found = texts.reused(*of_year)
    owner = data.submissions(version, viewer, "self").astype({"submission": "str"}).set_index("submission")
    rows = found.assign(agency=found["submission"].astype("str").map(owner["agency_code"]))
    assert all(rows.groupby("group")["agency"].nunique() == rows.groupby("group")["agencies"].first())
    return [sorted(of) for _, of in rows.groupby("group")["agency"]]


def kept(store):
    """What is kept of comparing, of what may be there after it is forgotten."""
    with store.database.reading() as cursor:
        return [cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("families", "settled")]


def test_texts_that_come_later_join_the_family_of_those_that_were_there(store):
    cite(store, CHAIN[0], "D001")
    cite(store, CHAIN[2], "D003")
    assert together(store) == []
    cite(store, CHAIN[1], "D002")
    assert together(store) == [["D001", "D002", "D003"]]


def test_texts_are_compared_within_their_year_source_and_column(store):
    cite(store, CHAIN[0], "D001")
    cite(store, CHAIN[1], "D002", source="assessor")
    assert together(store) == []


@ON_BOTH
def test_what_links_two_texts_counts_only_while_it_counts(store):
    for number in (1, 3):
        cite(store, CHAIN[number - 1], f"D{number:03}")
    assert together(store) == []
    link = cite(store, CHAIN[1], "D002")
    assert together(store) == [["D001", "D002", "D003"]]
    store.history.withdraw(link, reason="ส่งผิดไฟล์", who="t")
    assert together(store) == []
    store.history.restore(link, who="t")
    assert together(store) == [["D001", "D002", "D003"]]
    cite(store, "บันทึกการประชุมที่ไม่เหมือนใครเลย", "D003")
    assert together(store) == [["D001", "D002"]]


def test_a_closed_round_is_of_the_texts_that_counted_then(store):
    keys = [cite(store, text, f"D{number:03}") for number, text in enumerate(CHAIN, start=1)]
    closed = store.rounds.close("รอบที่ 1", dt.date(2026, 11, 29), who="t")
    store.history.withdraw(keys[1], reason="ส่งผิดไฟล์", who="t")
    assert together(store) == []
    assert together(store, closed=closed) == [["D001", "D002", "D003"]]


def test_whose_texts_one_may_not_see_links_nothing_and_is_not_counted(store):
    for number, text in enumerate([*CHAIN, CHAIN[0]], start=1):
        cite(store, text, f"D{number:03}")
    assert together(store) == [["D001", "D002", "D003", "D004"]]
    some = Viewer("some", "analyst", agencies=frozenset({"D001", "D003"}))
    assert together(store, some) == []
    shown = store.likeness.texts(["S0000001", "S0000002"], "evidence", YEAR, "self", some)
    assert shown["submission"].to_list() == ["S0000001"]
    assert store.likeness.written(["S0000001", "S0000002"], "evidence", viewer=some)["text"].to_list() == [CHAIN[0]]


def test_texts_that_stand_once_and_are_like_no_other_are_not_read(store):
    once = "บันทึกการประชุมที่ไม่เหมือนใครเลย"
    for number, text in enumerate([*CHAIN[:2], once, "รายงานประจำปี", "รายงาน ประจำปี", "สั้น", "สั้น"], start=1):
        cite(store, text, f"D{number:03}")
    ids = [f"S{number:07}" for number in range(1, 8)]
    store.likeness.settle()
    assert sorted(store.likeness.texts(ids, "evidence", YEAR, "self")["submission"]) == [ids[n] for n in (0, 1, 3, 4)]
    assert len(store.likeness.families(YEAR, "self", "evidence")) == 2


@ON_BOTH
def test_a_text_that_goes_leaves_nothing_behind(store):
    for number, text in enumerate(CHAIN, start=1):
        cite(store, text, f"D{number:03}")
    together(store)
    assert kept(store) == [3, 6]
    fresh = make_submission("D002", YEAR, met={"1.1.B1": True}, evidence={"1.1.B1": "เอกสารที่อ่านได้เป็นอย่างอื่นทั้งหมด"})
    store.history.reread({"S0000002": Reread(fresh)}, who="t")
    assert kept(store) == [0, 2]
    assert together(store) == []
    sample = Incoming(make_submission("D009", YEAR, evidence=CHAIN[0]), b"sample", "s.xlsx")
    store.recording.record_many([sample], received_by="t", sample=True)
    together(store)
    store.tidying.remove_samples()
    assert kept(store) == [0, 3]
    with store.database.reading() as cursor:
        assert cursor.execute("SELECT count(DISTINCT submission) FROM wordings").fetchone() == (3,)


def test_nothing_of_it_is_a_change_of_the_data(store):
    cite(store, CHAIN[0], "D001")
    before = store.version()
    while store.likeness.settle_next():
        assert store.version() == before
    assert kept(store) == [1, 3]


def test_the_server_compares_between_its_other_work(store):
    for number, text in enumerate(CHAIN, start=1):
        cite(store, text, f"D{number:03}")
    Housekeeping(store, read_settings()).compare_texts()
    assert kept(store) == [3, 9]
    assert not store.likeness.settle_next()


def test_only_what_is_compared_can_be_asked_for(store):
    with pytest.raises(KeyError):
        store.likeness.texts([], "suggestion", YEAR, "self")


# --- taking down ----------------------------------------------------------------------------------------------------


def rows_of(path):
    with duckdb.connect(str(path)) as connection:
        return connection.execute("SELECT * FROM wordings ORDER BY ALL").fetchall()


def test_another_version_takes_all_wordings_down_again(tmp_path, monkeypatch):
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        cite(store, CHAIN[0], "D001")
        together(store)
    rows = rows_of(path)
    Store(path).close()
    assert rows_of(path) == rows
    monkeypatch.setattr(likeness, "VERSION", "later")
    with Store(path) as store:
        assert kept(store) == [0, 0]
        store.likeness.settle(YEAR, "self")
    assert rows_of(path) == rows


def test_what_agencies_sent_before_wordings_were_taken_down_is_taken_down(tmp_path):
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        cite(store, CHAIN[0], "D001")
        cite(store, CHAIN[1], "D002")
    with duckdb.connect(str(path)) as connection:
        for later in ("wordings", "families", "settled"):
            connection.execute(f"DROP TABLE {later}")
        connection.execute("DELETE FROM meta WHERE name = 'wordings_version'")
        connection.execute("UPDATE meta SET value = '11' WHERE name = 'schema_version'")
    with Store(path) as store:
        assert together(store) == [["D001", "D002"]]
