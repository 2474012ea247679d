"""CPU of reading standard forms, against the floor (inflate + expat) and openpyxl, all in one run.

    python benchmarks/intake.py [--forms 1000] [--distinct 40]

The floor inflates and parses every part of the same files and does nothing else. `read` is from bytes to submissions,
children included; `and score` adds the scores of all of them.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from xml.parsers import expat

import openpyxl

sys.path.insert(0, str(Path(__file__).parent.parent))

from pmqa.framework import shipped_frameworks
from pmqa.scoring import score
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.workbook import read_many, write_form
from pmqa.workbook.readers import close_idle
from tests.factories import make_measure, make_submission

MOST_FLOORS = 5.0
MOST_SECONDS_A_FORM = 0.15


def standard_form(number: int) -> bytes:
    """A form with everything answered, explained and evidenced, and a measure for each indicator."""
    framework = shipped_frameworks()["pmqa4"]
    text = "ดำเนินการตามแผนปฏิบัติราชการและรายงานผลต่อผู้บริหารทุกไตรมาส"
    submission = make_submission(
        f"D{number:03}",
        evidence={c.id: f"คำสั่งตัวอย่างที่ {number}/{n}" for n, c in enumerate(framework.criteria)},
        measures=[make_measure(i.id, actual=80 + (number + n) % 20) for n, i in enumerate(framework.indicators)],
    )
    answers = [
        type(answer)(answer.criterion, answer.met, text * (1 + n % 3), answer.evidence)
        for n, answer in enumerate(submission.answers)
    ]
    fields = {name: getattr(submission, name) for name in Submission.__dataclass_fields__}
    return write_form(framework, prefill=Submission(**{**fields, "answers": tuple(answers)}))


def floor(contents: list[bytes]) -> None:
    """Inflate and parse every part."""
    for content in contents:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                expat.ParserCreate().Parse(archive.read(name), True)


def read(contents: list[bytes]) -> list[Submission]:
    """Bytes to submissions."""
    readings = read_many(contents, shipped_frameworks())
    submissions = [reading.submission for reading in readings if reading.submission is not None]
    close_idle()
    return submissions


def read_and_score(contents: list[bytes]) -> int:
    """Bytes to scores."""
    submissions = {str(number): submission for number, submission in enumerate(read(contents))}
    frames = (source_frame(submissions), answer_frame(submissions), measure_frame(submissions))
    return len(score(*frames, shipped_frameworks()["pmqa4"]))


def openpyxl_reads(contents: list[bytes]) -> None:
    """Every cell by openpyxl's read-only mode."""
    for content in contents:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                continue


def measured(what: Callable[[list[bytes]], object], contents: list[bytes]) -> tuple[float, float]:
    """CPU seconds (children too) and wall seconds a file."""
    cpu, start = _cpu(), time.perf_counter()
    what(contents)
    return (_cpu() - cpu) / len(contents), (time.perf_counter() - start) / len(contents)


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--forms", type=int, default=1000)
    arguments.add_argument("--distinct", type=int, default=40)
    chosen = arguments.parse_args()
    made = [standard_form(number) for number in range(min(chosen.distinct, chosen.forms))]
    contents = list(islice(cycle(made), chosen.forms))
    # The slow one reads a tenth, the shortest path first so that all are warm.
    rows = {
        "floor": measured(floor, contents),
        "read": measured(read, contents),
        "read and score": measured(read_and_score, contents),
        "openpyxl": measured(openpyxl_reads, contents[: max(1, chosen.forms // 10)]),
    }
    base = rows["floor"][0]
    print(f"{len(contents)} forms of {len(contents[0]) / 1024:.0f} KB (CPU ms a form, wall ms, x floor)")
    for name, (cpu, wall) in rows.items():
        print(f"  {name:<15} {cpu * 1000:7.1f} {wall * 1000:7.1f} {cpu / base:6.2f}")
    print(f"  memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    cpu = rows["read and score"][0]
    return int(cpu > MOST_FLOORS * base or cpu > MOST_SECONDS_A_FORM or cpu > rows["openpyxl"][0])


if __name__ == "__main__":
    raise SystemExit(main())
