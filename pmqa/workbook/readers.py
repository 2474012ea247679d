"""Child processes that read and judge files, kept warm and shared by all threads; one that hangs or dies is replaced.

A file can abort or stall the process that reads it, and neither can be caught as an exception: so no file is opened
in the process that serves people.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, cast

import pyarrow as pa

from pmqa import text
from pmqa.framework import Framework, as_plain
from pmqa.settings import environment_with
from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal
from pmqa.workbook.child import EDITIONS, FILE, FORM, LENGTH, OUT_OF_MEMORY
from pmqa.workbook.handed import taken
from pmqa.workbook.judging import Judged
from pmqa.workbook.watching import LIMITED_BY_SYSTEM, watched

Answer = TypeVar("Answer")

ROOT: Final = Path(__file__).parent.parent.parent
BOOT: Final = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pmqa.workbook.child import main; main()"
ENDED_BY_SYSTEM: Final = -24  # exit code of a child that SIGXCPU ended; Windows has neither
ZSTD: Final = b"\x28\xb5\x2f\xfd"  # how all that it packed begins
# Memory that a child gives back after each file it has to ask for again, a page at a time: a tenth of all its CPU.
MEMORY: Final = {"MALLOC_TRIM_THRESHOLD_": str(32 * limits.MB), "MALLOC_MMAP_THRESHOLD_": str(32 * limits.MB)}
MOST_READERS: Final = max(1, min(4, os.cpu_count() or 1))


class Reader:
    """One child process. Not to be used by two threads at once."""

    def __init__(self) -> None:
        self.files = 0
        self._editions: Mapping[str, Framework] | None = None  # that the child judges by
        self._ended_for: str | None = None  # the code of a finding, where we ended it
        self._process = subprocess.Popen(  # noqa: S603 - our own words only; the file goes through the pipe
            [sys.executable, "-I", "-S", "-c", BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment_with(**MEMORY),
        )

    def answer_to(self, content: bytes, editions: Mapping[str, Framework] | None = None) -> bytes:
        """What the child answers to a file; with editions, what it says by them, too. Raises Refusal where it died,
        hung or had no memory left.
        """
        self.files += 1
        watch = threading.Timer(limits.CHILD_WALL_SECONDS, self._end, args=("took_too_long",))
        watch.daemon = True
        watch.start()
        try:
            with contextlib.nullcontext() if LIMITED_BY_SYSTEM else watched(self._process.pid, self._end):
                answer = self._ask(content, editions)
        finally:
            watch.cancel()
        if answer is None:
            raise Refusal(self._why())
        return answer

    def close(self) -> None:
        """End the child."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            # What was not written yet cannot be: the other end is gone.
            with contextlib.suppress(BrokenPipeError):
                cast(BinaryIO, pipe).close()
        self._process.wait()

    def _ask(self, content: bytes, editions: Mapping[str, Framework] | None) -> bytes | None:
        source = cast(BinaryIO, self._process.stdout)
        try:
            if editions is not None and editions != self._editions:
                told = str(text.TEXT_FOLDER), {name: as_plain(edition) for name, edition in editions.items()}
                self._send(EDITIONS, json.dumps(told).encode())
                self._editions = dict(editions)
            self._send(FILE if editions is None else FORM, content)
        except OSError:  # it died before it had read all
            return None
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack(head)
        if length > limits.RESULT_BYTES:
            raise Refusal("too_much_text", sheet="", cell="")
        answer = source.read(length)
        return answer if len(answer) == length else None

    def _send(self, kind: bytes, content: bytes) -> None:
        sink = cast(BinaryIO, self._process.stdin)
        sink.write(LENGTH.pack(len(kind) + len(content)) + kind)
        sink.write(content)
        sink.flush()

    def _end(self, why: str) -> None:
        self._ended_for = self._ended_for or why
        self._process.kill()

    def _why(self) -> str:
        code = self._process.wait()
        if self._ended_for is not None:
            return self._ended_for
        if code == ENDED_BY_SYSTEM:
            return "took_too_long"
        return "needs_too_much_memory" if code == OUT_OF_MEMORY else "reader_stopped"


_idle: list[Reader] = []
_lock = threading.Lock()
_places = threading.BoundedSemaphore(MOST_READERS)


def cells_text(content: bytes) -> bytes:
    """The cells of a file (cells.py), or why its child refused them, as JSON; any thread may ask. Raises Refusal."""
    return _answered(lambda reader: reader.answer_to(content))


def judged(content: bytes, editions: Mapping[str, Framework]) -> tuple[Judged, bytes]:
    """What a file says by the editions, and its cells, as JSON; any thread may ask. Raises Refusal."""

    def answer_of(reader: Reader) -> tuple[Judged | Refusal, bytes]:
        said, _, cells = reader.answer_to(content, editions).partition(b"\n")
        return taken(said, editions), cells

    found, cells = _answered(answer_of)
    if isinstance(found, Refusal):
        raise found
    return found, cells


def _answered(ask: Callable[[Reader], Answer]) -> Answer:
    """What a child answers; one that dies, hangs or makes things up is ended."""
    with _places:
        while True:
            with _lock:
                reader = _idle.pop() if _idle else None
            reader = reader or Reader()
            fresh = reader.files == 0
            try:
                answer = ask(reader)
            except BaseException as error:
                reader.close()
                # An older child may have died of what it read before, or been ended from outside: ask a new one.
                if not isinstance(error, Refusal) or fresh or error.code == "took_too_long":
                    raise
            else:
                with _lock:
                    _idle.append(reader)
                return answer


def close_idle() -> None:
    """End the children that wait for a file; the next file starts one again."""
    with _lock:
        ended, _idle[:] = list(_idle), []
    for reader in ended:
        reader.close()


def packed(text: bytes) -> bytes:
    """Cells as they are kept. Zstandard packs them smaller than zlib, at a fifth of the time."""
    return cast(bytes, pa.compress(text, codec="zstd", asbytes=True))


def unpacked(cells: bytes) -> bytes:
    """The JSON of kept cells, packed today or, by zlib, before. Raises Refusal where it is too long, or not whole."""
    try:
        text, whole = _from_zstd(cells) if cells.startswith(ZSTD) else _from_zlib(cells)
    except (zlib.error, OSError) as error:
        raise Refusal("reader_stopped") from error
    if not whole:
        raise Refusal("too_much_text", sheet="", cell="")
    return text


def _from_zstd(cells: bytes) -> tuple[bytes, bool]:
    with pa.CompressedInputStream(pa.BufferReader(cells), "zstd") as stream:
        text = stream.read(limits.RESULT_BYTES + 1)
    return text, len(text) <= limits.RESULT_BYTES


def _from_zlib(cells: bytes) -> tuple[bytes, bool]:
    machine = zlib.decompressobj()
    return machine.decompress(cells, limits.RESULT_BYTES), machine.eof
