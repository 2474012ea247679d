"""How long the heavier analyses take, each beside its promise, on data made here.

python benchmarks/analysis.py [--agencies 1000]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from rescore import filled  # noqa: E402

from pmqa.analysis.paths import cheapest_path  # noqa: E402
from pmqa.analysis.reuse import alike_wordings, reused_texts  # noqa: E402
from pmqa.analysis.robustness import rank_robustness  # noqa: E402
from pmqa.analysis.wordings import all_normalised, number_of, wordings_of  # noqa: E402
from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks  # noqa: E402
from pmqa.scoring import score  # noqa: E402
from pmqa.tables import ANSWERS, SCORED  # noqa: E402

SEED = 5
WORDS = """
คำสั่ง แต่งตั้ง คณะทำงาน รายงาน ผล การดำเนินงาน ประจำปี แผน ยุทธศาสตร์ บันทึก การประชุม ผู้บริหาร ระบบ สารสนเทศ บริการ ประชาชน
ความพึงพอใจ แบบสำรวจ คู่มือ มาตรฐาน ตัวชี้วัด บุคลากร โครงการ นวัตกรรม เครือข่าย ข้อร้องเรียน ธรรมาภิบาล งบประมาณ หลักสูตร
""".split()  # noqa: SIM905  a list would be one word a line


def scored(sources: pd.DataFrame, answers: pd.DataFrame, measures: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """SCORED of the claimed basis, one agency a submission."""
    scores = score(sources, answers, measures, framework)
    rest = {"agency_name": "กรมตัวอย่าง", "ministry": "กระทรวงตัวอย่าง", "agency_type": "กรม", "source": "self"}
    own = scores[scores["basis"] == "claimed"].astype({"submission": "str"})
    return SCORED.conform(
        own.assign(agency_code=own["submission"], fiscal_year=2569, edition=framework.edition, **rest), check_key=False
    )


def cited(agencies: int, framework: Framework) -> pd.DataFrame:
    """ANSWERS with evidence of which a third is copied, a third adapted, a third new."""
    drawn = random.Random(SEED)

    def text() -> str:
        return "".join(drawn.choices(WORDS, k=drawn.randint(6, 16))) + f" ที่ {drawn.randint(1, 999)}/2568"

    templates = [text() for _ in range(2000)]

    def evidence() -> str:
        kind = drawn.random()
        if kind < 1 / 3:
            return drawn.choice(templates)
        return drawn.choice(templates) + f" ฉบับที่ {drawn.randint(1, 99)}" if kind < 2 / 3 else text()

    criteria = [criterion.id for criterion in framework.criteria]
    frame = pd.DataFrame(
        {
            "submission": np.repeat([f"s{number}" for number in range(agencies)], len(criteria)),
            "criterion": np.tile(criteria, agencies),
            "met": True,
            "evidence": [evidence() if drawn.random() < 0.7 else None for _ in range(agencies * len(criteria))],
        }
    )
    for name in ("explanation", "suggestion", "sheet", "cell"):
        frame[name] = None
    return ANSWERS.conform(frame, check_key=False)


def compared(texts: pd.DataFrame) -> pd.DataFrame:
    """What is reused of evidence of which nothing was taken down before."""
    found = wordings_of(texts, dict.fromkeys(texts["submission"].unique(), 2569))
    spelled = list(dict.fromkeys(all_normalised(texts["evidence"].dropna().tolist())))
    numbers = np.array([number_of(text) for text in spelled], dtype=np.int64)
    named = found.assign(wording=found["evidence"], letters=found["evidence_letters"], open=found["met"])
    return reused_texts(named, alike_wordings(numbers, spelled))


def timed(name: str, promise: float, work: Callable[[], object]) -> bool:
    """Print how long a piece of work takes; whether it keeps its promise."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{name}: {seconds:.3f} s (promise {promise} s)")
    return seconds <= promise


def main() -> int:
    """Print the times; exit 1 where a promise is broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=1000)
    agencies = parser.parse_args().agencies
    framework = shipped_frameworks()[DEFAULT_EDITION]
    sources, answers, measures = filled(agencies, framework)
    frame = scored(sources, answers, measures, framework)
    first = sources["submission"].iloc[0]
    one, its = answers[answers["submission"] == first], measures[measures["submission"] == first]
    efforts = {criterion.id: 1.0 + number % 5 for number, criterion in enumerate(framework.criteria)}
    texts = cited(agencies, framework)
    kept = [
        timed("cheapest path to 400", 0.05, lambda: cheapest_path(one, framework, "claimed", 400, measures=its)),
        timed(
            "cheapest path of a dimension",
            0.05,
            lambda: cheapest_path(one, framework, "claimed", 450, "process", measures=its),
        ),
        timed(
            "cheapest path by effort", 0.05, lambda: cheapest_path(one, framework, "claimed", 450, None, efforts, its)
        ),
        timed(
            f"rank robustness, 1,000 draws over {agencies:,} agencies",
            2.0,
            lambda: rank_robustness(frame, framework, complete_only=False),
        ),
        timed(f"evidence reuse over {agencies:,} agencies", 20.0, lambda: compared(texts)),
    ]
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
