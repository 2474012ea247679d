"""The child process that reads cells: one file after another from its input, plain data to its output.

Started as `python -I -S -c BOOT`; it imports only the standard library, so that it starts in 50 ms and has nothing
that a hostile file could reach. A frame is its length in eight bytes, then as many bytes: a file in, JSON out.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import struct
import sys
from typing import BinaryIO, Final

from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal
from pmqa.workbook.cells import read_cells

LENGTH: Final = struct.Struct(">Q")
OUT_OF_MEMORY: Final = 70  # exit code
NICER: Final = 10  # people who look at a page go before files that wait
GARBAGE_AFTER: Final = 100_000  # new objects


def answer_to(content: bytes) -> bytes:
    """JSON: the cells, or {"refused": code, "values": {...}}."""
    try:
        text = read_cells(content)
    except Refusal as refusal:
        text = json.dumps({"refused": refusal.code, "values": refusal.values}, ensure_ascii=False)
    return text.encode("utf-8", "replace")


def main() -> None:
    """Answer every file of standard input until it ends."""
    _limit_once()
    # Reading makes many objects and hardly a cycle: looking for cycles at the usual pace costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        try:
            content = source.read(length)
            _limit_cpu()
            answer = answer_to(content)
        except MemoryError:
            # What is left cannot be trusted to go on; the parent starts another.
            os._exit(OUT_OF_MEMORY)
        _send(sink, answer)


def _send(sink: BinaryIO, answer: bytes) -> None:
    sink.write(LENGTH.pack(len(answer)))
    sink.write(answer)
    sink.flush()


def _limit_once() -> None:
    if sys.platform != "win32":
        os.nice(NICER)
    # Windows has no such limits: there the parent watches (watching.py).
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES, limits.CHILD_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu() -> None:
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415

        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = int(used.ru_utime + used.ru_stime) + 1 + limits.CHILD_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
