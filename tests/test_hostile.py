"""Files made to hurt, and a child process that does not come back: each is a finding, in time and within memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pmqa.text import translator
from pmqa.workbook import finding_text, limits, read_submission, readers
from pmqa.workbook.watching import watched
from tests.forms import small_form, small_frameworks, small_submission
from tests.workbooks.hostile import HOSTILE

pytestmark = pytest.mark.slow  # child processes are made to hang and to die

SECONDS = 15.0
BYTES = 600 << 20


def taken() -> float:
    """CPU time of this process and of the children that read for it, in seconds: that others work does not count."""
    readers.close_idle()  # of children only those that have ended are counted
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


@contextmanager
def most_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, int]]:
    """Child that reads meanwhile -> the most that it had in memory, in bytes, looked at every few milliseconds.

    What the system says of children that have ended (ru_maxrss) begins with the memory of their parent, the tests.
    """
    most: dict[int, int] = {}
    done = threading.Event()

    class Watched(readers.Reader):
        def __init__(self) -> None:
            super().__init__()
            look_at(self._process.pid)  # it may have ended before the first look of the other thread

    def look_at(child: int) -> None:
        with suppress(OSError):  # it has ended
            _, _, rest = Path(f"/proc/{child}/status").read_text(encoding="utf-8").partition("VmHWM:")
            most[child] = max(most.get(child, 0), int(rest.split()[0]) << 10 if rest else 0)

    def look() -> None:
        while not done.wait(0.005):
            for child in tuple(most):
                look_at(child)

    monkeypatch.setattr(readers, "Reader", Watched)
    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield most
    finally:
        done.set()
        watch.join()


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_or_read_correctly_in_time_and_memory(monkeypatch, case):
    content = case.make()
    with most_memory(monkeypatch) as most:
        before = taken()
        reading = read_submission(content, small_frameworks())
        assert taken() - before < SECONDS
    assert all(0 < child < BYTES for child in most.values())
    assert {finding.code for finding in reading.findings} == case.codes, [
        finding_text(finding, translator("en")) for finding in reading.findings
    ]
    assert reading.is_sound == (not any(finding.is_error for finding in reading.findings))
    for wanted, found in ((case.sheet, "sheet"), (case.cell, "cell")):
        assert wanted is None or wanted == getattr(reading.findings[0], found)


@pytest.fixture
def own_readers(monkeypatch):
    """A pool of children for one test, ended after it."""
    pool: list[readers.Reader] = []
    monkeypatch.setattr(readers, "_idle", pool)
    yield pool
    for reader in pool:
        reader.close()


def boot_that_does(what: str) -> str:
    """A child that does something else instead of reading a file."""
    path = readers.BOOT.partition("; from")[0]
    does = f"child.answer_to = lambda *_: {what}; child.main()"
    return f"{path}; import os, time; from pmqa.workbook import child; {does}"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("time.sleep(60)", "took_too_long"),
        ("bytearray(1 << 34)", "needs_too_much_memory"),
        ("os.abort()", "reader_stopped"),
        ("os._exit(0)", "reader_stopped"),
        ("1 // 0", "reader_stopped"),
        ("b'no answer'", "reader_stopped"),
        ("bytes(child.limits.RESULT_BYTES + 1)", "too_much_text"),
    ],
)
def test_a_child_that_does_not_answer_or_makes_things_up_is_a_finding(monkeypatch, own_readers, what, code):
    good = readers.BOOT
    usual = limits.CHILD_WALL_SECONDS
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 1.0 if code == "took_too_long" else usual)
    monkeypatch.setattr(readers, "BOOT", boot_that_does(what))
    (finding,) = read_submission(small_form(), small_frameworks()).findings
    assert (finding.code, finding.severity) == (code, "error")
    monkeypatch.setattr(readers, "BOOT", good)
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", usual)
    assert read_submission(small_form(), small_frameworks()).submission == small_submission(), "the next file is read"


def test_a_child_that_is_killed_from_outside_is_replaced(own_readers):
    read_submission(small_form(), small_frameworks())
    own_readers[0]._process.kill()
    assert read_submission(small_form(), small_frameworks()).is_sound


def test_processor_time_is_limited_where_the_system_can(monkeypatch, own_readers):
    busy = "[None for _ in iter(int, 1)]"
    quick = boot_that_does(busy).replace("; child.a", "; child.limits.CHILD_CPU_SECONDS = 0; child.a")
    monkeypatch.setattr(readers, "BOOT", quick)
    (finding,) = read_submission(small_form(), small_frameworks()).findings
    assert finding.code == "took_too_long"


def test_time_in_which_a_busy_machine_does_something_else_does_not_count(monkeypatch, own_readers):
    # It sleeps longer than it may calculate, as a process does that waits for its turn.
    slow = boot_that_does("time.sleep(2) or read(*_)").replace(
        "; child.a", "; child.limits.CHILD_CPU_SECONDS = 0; read = child.answer_to; child.a"
    )
    monkeypatch.setattr(readers, "BOOT", slow)
    assert read_submission(small_form(), small_frameworks()).submission == small_submission()


@pytest.mark.parametrize(
    ("does", "ended_for"),
    [
        ("while True: pass", "took_too_long"),
        (
            "kept = bytearray(400 << 20); kept[::4096] = b'x' * len(kept[::4096]); time.sleep(30)",
            "needs_too_much_memory",
        ),
        ("time.sleep(2)", None),  # a busy machine makes it wait
        ("", None),
    ],
)
def test_where_the_system_sets_no_limits_a_child_is_watched_and_ended(monkeypatch, does, ended_for):
    monkeypatch.setattr(limits, "CHILD_CPU_SECONDS", 1)
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 200 << 20)
    monkeypatch.setattr(limits, "CHILD_WATCH_SECONDS", 0.05)
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", f"import time\n{does}"])
    ended = []
    with watched(child.pid, lambda why: (ended.append(why), child.kill())):
        child.wait(60)
    assert ended == ([ended_for] if ended_for else [])


def test_a_file_is_read_under_the_watch_and_one_that_takes_too_much_is_said(monkeypatch, own_readers):
    monkeypatch.setattr(readers, "LIMITED_BY_SYSTEM", False)
    monkeypatch.setattr(limits, "CHILD_WATCH_SECONDS", 0.05)
    assert read_submission(small_form(), small_frameworks()).submission == small_submission()
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 1)
    monkeypatch.setattr(readers, "BOOT", boot_that_does("time.sleep(20)"))
    readers.close_idle()
    (finding,) = read_submission(small_form(), small_frameworks()).findings
    assert finding.code == "needs_too_much_memory"


def test_a_child_starts_without_the_packages_of_the_product():
    path = readers.BOOT.partition("; from")[0]
    code = f"{path}; import pmqa.workbook.child, pmqa.workbook.handed; print(*sorted(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert not {"pandas", "openpyxl", "numpy", "zipfile", "pickle", "socket"} & set(modules.split())


def test_a_batch_leaves_no_memory_behind(own_readers):
    for _ in range(20):
        read_submission(small_form(), small_frameworks())
    assert len(own_readers) == 1, "one thread needs one child"
