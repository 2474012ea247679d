"""What a child that reads takes of memory and CPU time, watched from outside where the system sets no limits.

Windows has none for one process: there the parent looks, some times a second, and ends a child that takes too much.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psutil

from pmqa.workbook import limits

LIMITED_BY_SYSTEM: Final = sys.platform != "win32"  # by the child itself, before it reads


@contextmanager
def watched(process: int, end: Callable[[str], None]) -> Iterator[None]:
    """While a file is read: `end` is called once, with the code of a finding, where the process takes too much."""
    done = threading.Event()
    threading.Thread(target=_watch, args=(process, end, done), name="watch", daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _watch(process: int, end: Callable[[str], None], done: threading.Event) -> None:
    with suppress(psutil.NoSuchProcess):  # it has ended by itself, which whoever waits for its answer sees
        child = psutil.Process(process)
        began = _cpu_seconds(child)
        while not done.wait(limits.CHILD_WATCH_SECONDS):
            too_much = _bytes(child) > limits.CHILD_MEMORY_BYTES
            if too_much or _cpu_seconds(child) - began > limits.CHILD_CPU_SECONDS:
                end("needs_too_much_memory" if too_much else "took_too_long")
                return


def _cpu_seconds(child: psutil.Process) -> float:
    times = child.cpu_times()
    return float(times.user + times.system)


def _bytes(child: psutil.Process) -> int:
    """Its own memory, in use or put away: Windows says it as `private`, others only what is in use."""
    said = child.memory_info()
    return int(getattr(said, "private", said.rss))
