"""What the store costs and what it survives.

    python benchmarks/store.py [--submissions 1000] [--kills 50]

Records made-up submissions with files of 94 KB in batches as the intake does, reads them while others write, derives
all scores again, and kills a recording process at random moments. Exit 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from factories import make_measure, make_submission  # noqa: E402

from pmqa.framework import DEFAULT_EDITION, shipped_frameworks  # noqa: E402
from pmqa.store import Incoming, Store, deriving  # noqa: E402

SEED = 11
FILE_BYTES = 94_000
BATCH = 32
MOST_RECORDING = 8.0  # ms of CPU a form, of the 35 ms that intake may take in all
MOST_VERSION = 5.0  # ms: every rerun of every page asks for it


def made_up(count: int) -> list[Incoming]:
    """Submissions with every criterion and two measures an indicator."""
    chance = random.Random(SEED)
    framework = shipped_frameworks()[DEFAULT_EDITION]
    return [
        Incoming(
            make_submission(
                f"D{number:05d}",
                met={criterion.id: chance.choice([True, True, False, None]) for criterion in framework.criteria},
                measures=[
                    make_measure(indicator.id, each, actual=chance.uniform(40, 110))
                    for indicator in framework.indicators
                    for each in (1, 2)
                ],
            ),
            chance.randbytes(FILE_BYTES),
            f"{number}.xlsx",
            raw_cells=chance.randbytes(FILE_BYTES // 8),
        )
        for number in range(count)
    ]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that it takes, the middle of five."""
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return median(spent)


def record(store: Store, incoming: list[Incoming]) -> float:
    """CPU milliseconds a form."""
    start = time.process_time()
    for first in range(0, len(incoming), BATCH):
        store.recording.record_many(incoming[first : first + BATCH], received_by="bench")
    return (time.process_time() - start) * 1000 / len(incoming)


def read_while_writing(store: Store, count: int) -> tuple[float, float]:
    """Milliseconds to read the overall scores, alone and while another thread records."""

    def read() -> object:
        return store.facts.scored(None, kinds=["overall"])

    alone = timed(read)
    others = made_up(count)
    fresh = [Incoming(one.submission, b"again" + one.content, one.file_name) for one in others]
    writer = threading.Thread(target=record, args=(store, fresh))
    writer.start()
    beside = timed(read)
    writer.join()
    return alone, beside


def survive_kills(folder: Path, kills: int) -> tuple[int, int]:
    """Acknowledged submissions, and those of them that are missing or in part."""
    chance = random.Random(SEED)
    database = folder / "killed.duckdb"
    sure: list[str] = []
    for attempt in range(kills):
        command = [sys.executable, str(ROOT / "tests" / "recorder.py"), str(database), f"K{attempt}-", "400"]
        with subprocess.Popen(
            [*command, str(chance.choice([1, 4, BATCH])), "60"],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ) as process:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise SystemExit("the recorder did not start")
            time.sleep(chance.uniform(0.0, 2.0))
            process.send_signal(signal.SIGKILL)
            output = process.communicate()[0]
        sure += [line.split()[1] for line in output.splitlines() if line.startswith("recorded")]
    with Store(database) as store:
        there = set(store.submissions.standing()["submission"])
        answers, scores = (
            store.facts.answers()["submission"].value_counts(),
            store.facts.scores()["submission"].value_counts(),
        )
        whole = {key for key in there if answers[key] == answers.max() and scores[key] == scores.max()}
        broken = (set(sure) | set(answers.index) | set(scores.index) | there) - whole
    return len(sure), len(broken)


def main() -> int:
    """Print the figures; exit 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "pmqa.duckdb"
        with Store(path) as store:
            spent = record(store, made_up(chosen.submissions))
            print(f"recorded {chosen.submissions:,}: {spent:.1f} ms CPU a form (promise {MOST_RECORDING})")
            version = timed(store.version)
            print(f"version: {version:.2f} ms (promise {MOST_VERSION})")
            reads = {
                "answers": store.facts.answers,
                "scores": store.facts.scores,
                "scores with owners": lambda: store.facts.scored(None),
            }
            print("all " + ", ".join(f"{name} {timed(read):.0f} ms" for name, read in reads.items()))
            alone, beside = read_while_writing(store, chosen.submissions // 10)
            print(f"overall scores: {alone:.0f} ms alone, {beside:.0f} ms while another thread records")
        print(f"opened in {timed(lambda: Store(path).close()):.0f} ms; {path.stat().st_size / 1e6:.0f} MB")
        deriving.RULES_VERSION = "benchmark"  # type: ignore[misc]
        start = time.perf_counter()
        Store(path).close()
        print(f"opened with every score stale in {time.perf_counter() - start:.1f} s")
        sure, broken = survive_kills(folder, chosen.kills)
        print(f"killed {chosen.kills} times: {sure} submissions acknowledged, {broken} missing or in part (promise 0)")
    return int(spent > MOST_RECORDING or version > MOST_VERSION or broken > 0)


if __name__ == "__main__":
    sys.exit(main())
