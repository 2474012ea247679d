"""A batch of forms from bytes to stored scores, against the floor (inflate + expat) and openpyxl, all in one run.

    python -m benchmarks.intake [--forms 1000] [--made 40] [--saved 20] [--turns 5]

Every form is filled in differently: `--made` of them are written, the others are those with other texts, codes and
names, so that nothing which is kept from one form to the next helps beyond the words of the form itself. They lie in a
folder and go the way of `pmqa ingest`: bytes kept, read in children, checked, reconciled, scored, recorded, and the
database closed. CPU is of this process and its children. The floor inflates and parses every part of the same files
and does nothing else; it is measured before and after. Then some of them are taken in by one reader and by two, in
turns, on a machine that does nothing else, and the best turn of each is set against the other's: how much faster two
can be follows from both shares of the CPU and from how many cores there are. A program that saves a form rewrites
every part of it: `--saved` forms go through LibreOffice, if it is there, and are set against a floor of their own.
Exit 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

import openpyxl

sys.path.insert(0, str(Path(__file__).parent.parent))

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks
from pmqa.intake import files_in, kept, known_agencies, receive, record_accepted, recorded_contents
from pmqa.store import Store
from pmqa.workbook import write_form
from pmqa.workbook.readers import MOST_READERS, close_idle
from tests.factories import make_measure, make_submission
from tests.office import convert

MOST_FLOORS = 5.0
MOST_SECONDS_A_FORM = 0.15
LEAST_FASTER = 1.7  # two readers than one
FORMS_A_TURN = 192
MOST_GROWTH = 1.25  # of this process's memory, from the first time that the database's log is full to the end
SEED = 11
PAGE = resource.getpagesize()
STATEMENT = "ดำเนินการตามแผนปฏิบัติราชการและรายงานผลต่อผู้บริหารทุกไตรมาส"
MARK = re.compile(rb"(?:ref|D)00000")  # stands in a made form where its copies differ

Held = tuple[float, int]  # megabytes of this process, bytes of the database's log


class Measured(NamedTuple):
    """Seconds a form: CPU of this process and of its children, and wall."""

    own: float
    children: float
    wall: float

    @property
    def cpu(self) -> float:
        """Of both."""
        return self.own + self.children


def made_form(number: int) -> bytes:
    """A form with everything answered, explained and evidenced, and a measure for each indicator."""
    framework = shipped_frameworks()[DEFAULT_EDITION]
    chance = random.Random(SEED + number)
    submission = make_submission(
        "D00000",
        met={criterion.id: chance.random() < 0.8 for criterion in framework.criteria},
        evidence={c.id: f"คำสั่งตัวอย่างที่ ref00000/{n}" for n, c in enumerate(framework.criteria)},
        measures=[make_measure(i.id, actual=round(chance.uniform(60, 99), 1)) for i in framework.indicators],
    )
    answers = [
        replace(answer, explanation=f"ครั้งที่ ref00000/{n} {STATEMENT * (1 + n % 3)}")
        for n, answer in enumerate(submission.answers)
    ]
    measures = [replace(measure, name=f"{measure.name} ref00000") for measure in submission.measures]
    return write_form(framework, prefill=replace(submission, answers=tuple(answers), measures=tuple(measures)))


def copied(form: bytes, number: int) -> bytes:
    """The form of another agency, with texts of its own in every cell that an agency writes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as source, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            changed = MARK.sub(lambda mark: mark[0][:-5] + b"%05d" % number, source.read(name))
            target.writestr(name, changed)
    return sink.getvalue()


def make_forms(folder: Path, count: int, made: int) -> list[Path]:
    """So many forms, no two the same."""
    folder.mkdir()
    originals = [made_form(number) for number in range(min(made, count))]
    paths = [folder / f"form{number:05}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(copied(originals[number % len(originals)], number + 1))
    return paths


def saved_forms(folder: Path, forms: Sequence[Path]) -> list[Path]:
    """The same forms, opened, calculated and saved by LibreOffice; none where there is none."""
    if not forms or not shutil.which("soffice"):
        return []
    folder.mkdir()
    return list(convert({path.name: path.read_bytes() for path in forms}, "xlsx", folder).values())


def floor(paths: Sequence[Path]) -> None:
    """Inflate and parse every part."""
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                expat.ParserCreate().Parse(archive.read(name), True)


def openpyxl_reads(paths: Sequence[Path]) -> None:
    """Every cell by openpyxl's read-only mode."""
    for path in paths:
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                continue


def store_all(paths: Sequence[Path], memory: list[Held], readers: int = MOST_READERS) -> None:
    """Bytes to stored scores; memory: what is held after each file. Raises SystemExit if one is refused."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "pmqa.duckdb") as store:
        known, before = known_agencies(store), recorded_contents(store)
        arriving = kept(store, files_in(paths), received_by="bench", recorded=before)
        received = receive(arriving, store.frameworks, known=known, recorded=before, workers=readers)
        for one, recorded in record_accepted(store, received, received_by="bench"):
            log = store.path.with_name(f"{store.path.name}.wal")
            memory.append((_megabytes(), log.stat().st_size if log.exists() else 0))
            if recorded is None or recorded.already_known:
                raise SystemExit(f"{one.name}: {one.outcome} {[finding.code for finding in one.findings]}")
    close_idle()


def first_cycle(memory: Sequence[Held]) -> int:
    """Files until the database had written its log out once, and tidied up.

    What is only in the log, DuckDB holds in memory, up to the log's limit; so memory rises until the log is full,
    whatever the number of forms, and only what comes after tells whether something is kept of every form.
    """
    logs = [log for _, log in memory]
    full = next((place for place in range(1, len(logs)) if logs[place] < logs[place - 1]), len(logs))
    return min(full + Store.at_once, len(logs))


def measured(what: Callable[[Sequence[Path]], object], paths: Sequence[Path]) -> Measured:
    """What it takes, a form."""
    before = *_cpu(), time.perf_counter()
    what(paths)
    after = *_cpu(), time.perf_counter()
    return Measured(*((late - early) / len(paths) for early, late in zip(before, after, strict=True)))


def against_floor(paths: Sequence[Path], memory: list[Held]) -> tuple[Measured, Measured]:
    """The floor of these forms, measured before and after and taken from the middle, and the whole way."""
    before = measured(floor, paths)
    stored = measured(lambda some: store_all(some, memory), paths)
    after = measured(floor, paths)
    return Measured(*((early + late) / 2 for early, late in zip(before, after, strict=True))), stored


def best_walls(paths: Sequence[Path], turns: int) -> tuple[float, float]:
    """Wall seconds a form with one reader and with two: the best of so many turns, which others disturbed least."""
    walls: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(turns):
        for readers, taken in walls.items():
            taken.append(measured(lambda some, readers=readers: store_all(some, [], readers), paths).wall)
    return min(walls[1]), min(walls[2])


def most_faster(stored: Measured, cores: int) -> float:
    """How many times as fast as one two readers can be where nobody waits: this process does its share alone, every
    reader another part of the rest, and all of them have no more than the cores.
    """
    one, two = (max(stored.own, stored.children / readers, stored.cpu / min(cores, readers + 1)) for readers in (1, 2))
    return one / two


def _cpu() -> tuple[float, float]:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, children = (one.ru_utime + one.ru_stime for one in used)
    return own, children


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def say(name: str, figures: Measured, base: float) -> None:
    """A line of the table."""
    print(f"  {name:<28} {figures.cpu * 1000:7.1f} {figures.wall * 1000:7.1f} {figures.cpu / base:6.2f}")


def main() -> int:
    """Print the figures; exit 1 where a promise is broken."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--forms", type=int, default=1000)
    arguments.add_argument("--made", type=int, default=40)
    arguments.add_argument("--saved", type=int, default=20)
    arguments.add_argument("--turns", type=int, default=5)
    chosen = arguments.parse_args()
    memory: list[Held] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        forms = make_forms(folder / "forms", chosen.forms, chosen.made)
        store_all(forms[:1], [])  # what is loaded once is no form's
        base, stored = against_floor(forms, memory)
        by_openpyxl = measured(openpyxl_reads, forms[: max(1, chosen.forms // 20)])
        kilobytes = sum(path.stat().st_size for path in forms) / len(forms) / 1024
        print(f"{len(forms)} forms of {kilobytes:.0f} KB (CPU ms a form, wall ms, x floor)")
        say("floor", base, base.cpu)
        say("stored scores", stored, base.cpu)
        for whose, share in (("this process", stored.own), ("its readers", stored.children)):
            print(f"    {whose:<26} {share * 1000:7.1f} {share / base.cpu:14.2f}")
        say("openpyxl, reading only", by_openpyxl, base.cpu)
        if saved := saved_forms(folder / "saved", forms[: chosen.saved]):
            own_base, own_stored = against_floor(saved, [])
            say("floor, saved by LibreOffice", own_base, own_base.cpu)
            say("stored scores, the same", own_stored, own_base.cpu)
        one, two = best_walls(forms[:FORMS_A_TURN], chosen.turns)
    cores = len(os.sched_getaffinity(0))
    print(f"  wall of {min(len(forms), FORMS_A_TURN)} forms, best of {chosen.turns} turns each, ms a form:")
    print(f"    one reader {one * 1000:.1f}, two {two * 1000:.1f}: x {one / two:.2f}", end="; ")
    print(f"where nobody waits x {most_faster(stored, cores):.2f} on {cores} cores, {most_faster(stored, 4):.2f} on 4")
    used = [megabytes for megabytes, _ in memory]
    first, later = used[: first_cycle(memory)], used[first_cycle(memory) :]
    after = f"{max(later):.0f} MB after (x {max(later) / max(first):.2f})" if later else "which takes more forms"
    print(f"  memory: {used[0]:.0f} MB after a form, {max(first):.0f} MB until the log was full once, {after}")
    promises = {
        f"at most {MOST_FLOORS:g} times the floor": stored.cpu <= MOST_FLOORS * base.cpu,
        f"at most {MOST_SECONDS_A_FORM * 1000:g} ms": stored.cpu <= MOST_SECONDS_A_FORM,
        "less than openpyxl": stored.cpu < by_openpyxl.cpu,
        f"two readers at least {LEAST_FASTER:g} times as fast as one": one >= LEAST_FASTER * two,
        f"memory grows by at most {MOST_GROWTH - 1:.0%}": max(later, default=0.0) <= MOST_GROWTH * max(first),
    }
    for promise, holds in promises.items():
        print(f"  {'kept' if holds else 'BROKEN'}: {promise}")
    return int(not all(promises.values()))


if __name__ == "__main__":
    raise SystemExit(main())
