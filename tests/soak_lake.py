"""Several processes on one lake, killed at random moments, while PostgreSQL is started anew; then a look at the data.

`make soak` does it for half an hour; a test for seconds. Who works is a process of its own that says what is done, a
line for each deed once it is acknowledged. Two are servers, which only end with the soak; the others are commands that
come and go, and are killed.

python tests/soak_lake.py [SECONDS] [KILLS] [RESTARTS] [SEED]
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from soak import DEEDS, PLANNING, ROOT, Sure, put_in_register

from pmqa.errors import StoreError
from pmqa.places import LakePlace
from pmqa.settings import place_of
from pmqa.store import Store, verified
from tests.postgres import Postgres

SECONDS, KILLS, RESTARTS = 1800, 50, 5
SERVERS, COMMANDS = 2, 3
PATIENCE = 30.0
ABORTED = -signal.SIGABRT


def work(address: str, tag: str, seed: int, until: float) -> None:
    """One deed after the other until a moment; what is refused is said, and not tried again."""
    chance = random.Random(seed)
    with _opened(place_of(address), until) as store:
        print("ready", flush=True)
        for number in itertools.count():
            if time.time() > until:
                break
            kind = chance.choice(list(DEEDS))
            try:
                key = DEEDS[kind](store, f"{tag}{number:04d}")
                store.facts.scored(None)  # as a page reads, or an export
            except StoreError:
                print("refused", flush=True)
                time.sleep(0.5)
            else:
                print(kind, key, flush=True)


def _opened(place: LakePlace, until: float) -> Store:
    """The lake, tried again as long as PostgreSQL is being started."""
    while True:
        try:
            return Store(place, patience=PATIENCE)
        except StoreError:
            if time.time() > until:
                raise
            time.sleep(0.5)


def worker(place: LakePlace, tag: str, seed: int, until: float, folder: Path) -> subprocess.Popen[bytes]:
    """A process that works; what it says goes into a file."""
    words = [sys.executable, str(Path(__file__)), "--work", place.address, tag, str(seed), str(until)]
    paths = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
    environment = {**os.environ, "PYTHONPATH": paths, "PMQA_DATA_PATH": str(place.data)}
    with (folder / f"{tag}.said").open("wb") as said:
        return subprocess.Popen(words, stdout=said, env=environment)


def soaked(postgres: Postgres, folder: Path, seconds: float, kills: int, restarts: int, seed: int) -> Sure:
    """All of it; raises AssertionError for anything lost, doubled or broken.

    Where PostgreSQL goes in the middle of a transaction, the engine's reader of it cannot roll back and may abort
    its process. Such a process is started again, as the system's service does, and its deed was not said.
    """
    chance, tags = random.Random(seed), itertools.count()
    place = postgres.lake(folder)
    with Store(place) as store:
        put_in_register(store, PLANNING)

    def begun() -> subprocess.Popen[bytes]:
        return worker(place, f"W{next(tags):03d}-", chance.randrange(1 << 30), until, folder)

    until = time.time() + seconds
    servers, commands = [begun() for _ in range(SERVERS)], [begun() for _ in range(COMMANDS)]
    events = ["kill"] * kills + ["restart"] * restarts
    chance.shuffle(events)
    for event in events:
        time.sleep(seconds / (len(events) + 1) * chance.uniform(0.8, 1.0))
        if event == "restart":
            postgres.stop("immediate")
            postgres.start()
            continue
        at = chance.randrange(COMMANDS)
        commands[at].kill()
        commands[at].wait()
        commands[at] = begun()
        for group in (servers, commands):
            for number, process in enumerate(group):
                if process.poll() == ABORTED:
                    group[number] = begun()
    ended = [process.wait() for process in (*servers, *commands)]
    assert set(ended) <= ({0, ABORTED} if restarts else {0}), ended
    sure = Sure()
    for said in folder.glob("*.said"):
        sure.hear(said.read_text(encoding="utf-8").rpartition("\n")[0])
    check(place, sure)
    return sure


def check(place: LakePlace, sure: Sure) -> None:
    """Everything acknowledged is there, once; the chain is whole; two servers show the same."""
    with Store(place) as one, Store(place) as other:
        assert one.version() == other.version()
        sent = list(one.submissions.standing()["submission"])
        there = {
            "sent": sent,
            "assessed": sent,
            "planned": list(one.plans.actions()["action"]),
            "registered": list(one.register.agencies()["agency_code"]),
        }
        assert one.facts.scores().equals(other.facts.scores())
    for kind, keys in there.items():
        assert [key for key, times in Counter(keys).items() if times > 1] == [], kind
        told = Counter(sure.done.get(kind, []))
        assert [key for key, times in told.items() if times > 1 or key not in keys] == [], kind
    found = verified(place)
    assert found.problems == (), found.problems
    assert found.scored == found.submissions


def main(seconds: float, kills: int, restarts: int, seed: int) -> None:
    """A line about it."""
    server = Postgres(fast=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            sure = soaked(server, Path(folder), seconds, kills, restarts, seed)
    finally:
        server.remove()
    counts = ", ".join(f"{len(keys)} {kind}" for kind, keys in sure.done.items())
    print(
        f"{seconds:g} s, {kills} kills, {restarts} restarts of PostgreSQL: {counts}; {sure.refused} refused; none lost"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    else:
        asked = [int(word) for word in sys.argv[1:]]
        main(*(asked + [SECONDS, KILLS, RESTARTS, 7][len(asked) :]))
