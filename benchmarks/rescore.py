"""How long rescoring everything takes, beside the time in which DuckDB hands over the same rows.

    python benchmarks/rescore.py [--submissions 10000]

Makes its own data. Prints seconds and their ratio; the promise is a ratio of 3 or less.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.scoring import score
from pmqa.tables import ANSWERS, MEASURES

SEED = 4
PROMISE = 3.0


def filled(submissions: int, framework: Framework) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """sources, ANSWERS and MEASURES of plausible submissions: every criterion, one measure an indicator."""
    random = np.random.default_rng(SEED)
    ids = np.array([f"{number:032x}" for number in range(submissions)])
    criteria = np.array([criterion.id for criterion in framework.criteria])
    indicators = np.array([indicator.id for indicator in framework.indicators])
    answers = pd.DataFrame({"submission": np.repeat(ids, len(criteria)), "criterion": np.tile(criteria, submissions)})
    drawn = random.random(len(answers))
    answers["met"] = pd.array(np.where(drawn < 0.1, None, drawn < 0.75), dtype="boolean")  # type: ignore[call-overload]
    answers["evidence"] = np.where(drawn % 0.1 < 0.07, "คำสั่งกรมตัวอย่าง ที่ 12/2568", None)
    answers["explanation"] = np.where(drawn % 0.01 < 0.008, "ดำเนินการตามแผนที่ได้รับอนุมัติและทบทวนทุกปี", None)
    for name in ("suggestion", "sheet", "cell"):
        answers[name] = None
    measures = pd.DataFrame(
        {"submission": np.repeat(ids, len(indicators)), "indicator": np.tile(indicators, submissions), "number": 1}
    )
    count = len(measures)
    measures["direction"] = np.where(random.random(count) < 0.8, "higher", "lower")
    measures["method"] = np.where(random.random(count) < 0.9, "bands", "interval")
    measures["target"] = np.where(random.random(count) < 0.1, np.nan, random.uniform(50, 100, count).round(1))
    for name in ("actual_2", "actual_1", "actual"):
        measures[name] = random.uniform(40, 110, count).round(1)
    measures["benchmark"], measures["step"] = 80.0, 5.0
    measures["accepted"] = pd.array([None] * count, dtype="boolean")
    for name in ("name", "unit", "evidence", "note", "suggestion", "sheet", "target_cell", "actual_cell"):
        measures[name] = None
    sources = pd.DataFrame({"submission": ids, "source": "self"})
    return sources, ANSWERS.conform(answers, check_key=False), MEASURES.conform(measures, check_key=False)


def main() -> int:
    """Print the times; exit 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    framework = shipped_frameworks()[DEFAULT_EDITION]
    sources, answers, measures = filled(chosen.submissions, framework)
    with duckdb.connect() as database:
        for table, frame in ((ANSWERS, answers), (MEASURES, measures)):
            database.execute(table.ddl().replace(f"PRIMARY KEY ({', '.join(table.key)})", "CHECK (true)"))
            database.register("frame", frame)
            database.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM frame")
        handing, scoring = [], []
        for _ in range(chosen.repeats):
            start = time.perf_counter()
            answers = database.execute("SELECT submission, criterion, met, evidence FROM answers").df()
            measures = database.execute("SELECT * FROM measures").df()
            handing.append(time.perf_counter() - start)
            start = time.perf_counter()
            scores = score(sources, answers, measures, framework)
            scoring.append(time.perf_counter() - start)
    ratio = min(scoring) / min(handing)
    print(f"answers {len(answers):,}, measures {len(measures):,}, scores {len(scores):,}")
    print(f"DuckDB to pandas {min(handing):.2f} s, scoring {min(scoring):.2f} s, ratio {ratio:.2f} (promise {PROMISE})")
    return int(ratio > PROMISE)


if __name__ == "__main__":
    raise SystemExit(main())
