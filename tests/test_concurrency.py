"""Many at once: threads of one dashboard, processes on one file, and a process that dies at any moment."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import soak
from factories import make_submission

from pmqa.errors import StoreError
from pmqa.store import Incoming, Store
from pmqa.store.opening import log_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
RECORDER = Path(__file__).parent / "recorder.py"


def recorder(database, tag, count, *, batch=1, patience=120.0):
    command = [sys.executable, str(RECORDER), str(database), tag, str(count), str(batch), str(patience)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})


def acknowledged(output):
    return [line.split()[1] for line in output.splitlines() if line.startswith("recorded")]


def assert_whole(store, framework, ids):
    """Each of the submissions is there with everything that belongs to it, and nothing belongs to none."""
    there = set(store.submissions.standing()["submission"])
    assert set(ids) <= there
    assert set(store.facts.answers()["submission"].value_counts().reindex(sorted(there), fill_value=0)) <= {
        len(framework.criteria)
    }
    assert set(store.facts.measures()["submission"]) == there
    assert store.facts.scores()["submission"].value_counts().nunique() <= 1
    assert set(store.facts.scores()["submission"]) == set(store.facts.answers()["submission"]) == there
    assert set(store.audit.changes()["subject"]) == there
    for key in there:
        assert store.submissions.original(key)


def test_threads_read_whole_submissions_while_others_are_being_recorded(tmp_path, framework):
    finished = threading.Event()
    batches = [
        [Incoming(make_submission(f"{tag}{n:03d}"), f"{tag}{n}".encode(), "a.xlsx") for n in range(start, start + 5)]
        for tag in "AB"
        for start in range(0, 30, 5)
    ]

    def read_on(store):
        seen = 0
        while not finished.is_set():
            version = store.version()
            answers = store.facts.answers()["submission"].value_counts()
            assert set(answers) <= {len(framework.criteria)}
            scored = store.facts.scored(None, kinds=["overall"])["submission"].value_counts()
            assert set(scored) <= {2}  # claimed, evidenced
            assert len(scored) % 5 == 0  # batches come whole
            assert len(scored) >= len(answers) >= seen, version
            seen = len(answers)
        return seen

    with Store(tmp_path / "pmqa.duckdb") as store, ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read_on, store) for _ in range(4)]
        writers = [pool.submit(store.recording.record_many, batch, received_by="tester") for batch in batches]
        recorded = [one for writer in writers for one in writer.result()]
        finished.set()
        for reader in readers:
            reader.result()
        assert len({one.submission_id for one in recorded}) == 60
        assert len(store.submissions.standing()) == len(store.audit.changes()) == 60


def test_two_stores_on_one_file_in_one_process_do_not_get_in_each_others_way(tmp_path):
    with Store(tmp_path / "pmqa.duckdb") as one, Store(tmp_path / "pmqa.duckdb") as two, ThreadPoolExecutor(4) as pool:
        work = [
            pool.submit(
                store.recording.record, make_submission(f"D{n:03d}"), f"{n}".encode(), file_name="a", received_by="t"
            )
            for n, store in enumerate([one, two] * 8)
        ]
        assert len({each.result().submission_id for each in work}) == 16
        assert one.version() == two.version()


def test_a_process_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path):
    sure = soak.killed(tmp_path / "pmqa.duckdb", times=3, seed=7)
    assert sure.done


def test_a_disk_that_fills_and_is_free_again_stops_nothing_and_loses_nothing(tmp_path):
    sure = soak.filled(tmp_path / "pmqa.duckdb", times=3, seed=7)
    assert sure.refused >= 3
    assert len(sure.done["sent"]) > 0


def test_every_backup_beside_forms_that_come_in_is_whole_and_holds_what_was_sure(tmp_path):
    sure = soak.backed_up(tmp_path / "pmqa.duckdb", times=8, seed=7)
    assert len(sure.done["sent"]) == 8
    assert sure.copies[-1] == 8  # the last began when all had come


def test_eight_processes_at_once_wait_for_each_other_and_lose_nothing(tmp_path, framework):
    database = tmp_path / "pmqa.duckdb"
    processes = [recorder(database, f"P{number}", 6, batch=2) for number in range(8)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    ids = [key for output in outputs for key in acknowledged(output)]
    assert len(set(ids)) == len(ids) == 48
    with Store(database) as store:
        assert_whole(store, framework, ids)
        assert len(store.submissions.standing()) == 48


def test_who_cannot_wait_any_longer_is_told_so_in_both_languages(tmp_path):
    database = tmp_path / "pmqa.duckdb"
    with Store(database):
        output = recorder(database, "B", 1, patience=0.3).communicate(timeout=60)[0]
    assert acknowledged(output) == []
    (message,) = [line for line in output.splitlines() if line.startswith("busy")]
    assert "กำลังถูกใช้โดยโปรแกรมอื่น" in message
    assert "in use by another program" in message
    assert str(database) in message
    assert f"PID {os.getpid()}" in message


def test_a_full_disk_is_told_in_words_and_loses_nothing(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def sent(store, code):
        return store.recording.record(make_submission(code), code.encode() * 99_999, file_name="a", received_by="t")

    with Store(tmp_path / "pmqa.duckdb") as store:
        sent(store, "D001")
        fullest = log_of(store.path).stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (fullest + 50_000, hard))
        try:
            with pytest.raises(StoreError, match="ดิสก์เต็ม"):
                sent(store, "D002")
            assert store.submissions.standing()["agency_code"].to_list() == ["D001"]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sent(store, "D003")
    with Store(tmp_path / "pmqa.duckdb") as store:
        assert store.submissions.standing()["agency_code"].to_list() == ["D001", "D003"]
