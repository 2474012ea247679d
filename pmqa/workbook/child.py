"""The child process that reads and judges files: one after another from its input, plain data to its output.

Started as `python -I -S -c BOOT`; it imports the standard library and, once it has editions to judge by, what of this
product needs no more than that. So it starts in 50 ms and has nothing that a hostile file could reach. A frame is its
length in eight bytes, then as many bytes, of which the first says what the others are: editions, for which there is no
answer, or a file. JSON comes out: the cells of a file; before them, in a line of its own, what it says by the editions.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pathlib
import struct
import sys
from typing import Any, BinaryIO, Final

from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal
from pmqa.workbook.cells import read_cells

LENGTH: Final = struct.Struct(">Q")
EDITIONS, FILE, FORM = b"e", b"c", b"j"  # a file whose cells are asked for; one that is to be judged as well
OUT_OF_MEMORY: Final = 70  # exit code
NICER: Final = 10  # people who look at a page go before files that wait
GARBAGE_AFTER: Final = 100_000  # new objects


def answer_to(content: bytes, editions: Any = None) -> bytes:
    """JSON: what a file says by the editions, and its cells; or {"refused": code, "values": {...}}."""
    try:
        cells = read_cells(content)
    except Refusal as refusal:
        return _json({"refused": refusal.code, "values": refusal.values})
    return _json(cells) if editions is None else b"%s\n%s" % (_judged(cells, editions), _json(cells))


def _judged(cells: dict[str, Any], editions: Any) -> bytes:
    from pmqa.workbook.handed import plain  # noqa: PLC0415 - who asks for cells need not wait for it
    from pmqa.workbook.judging import judge  # noqa: PLC0415 - as above

    return _json(plain(judge(cells, editions)))


def _editions(told: bytes) -> Any:
    """Editions by their ids, and where their sentences lie: from the parent, whom no file has touched."""
    from pmqa import text  # noqa: PLC0415 - as above
    from pmqa.framework import from_plain  # noqa: PLC0415 - as above

    folder, editions = json.loads(told)
    vars(text)["TEXT_FOLDER"] = pathlib.Path(folder)
    return {name: from_plain(edition) for name, edition in editions.items()}


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return text.encode("utf-8", "replace")


def main() -> None:
    """Answer every file of standard input until it ends."""
    _limit_once()
    # Reading makes many objects and hardly a cycle: looking for cycles at the usual pace costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    editions = None
    while head := source.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        try:
            kind, content = source.read(1), source.read(length - 1)
            _limit_cpu()
            if kind == EDITIONS:
                editions = _editions(content)
                continue
            answer = answer_to(content, editions if kind == FORM else None)
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
