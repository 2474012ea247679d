"""Kills, full disks and backups while people send, assess, plan and import; then a look at what is there.

`make soak` does it for long; a test does it for seconds. A worker is a process of its own that says what is done, a
line for each deed once it is on disk.

python tests/soak.py [KILLS] [FULL_DISKS] [FORMS] [SEED]
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from factories import make_measure, make_submission

from pmqa.errors import StoreError
from pmqa.store import Action, Store, verified
from pmqa.tables import AGENCIES

ROOT = Path(__file__).parent.parent
REOPENED_WITHIN = 2.0  # seconds
LONGEST_LIFE = 1.5  # of a worker until it is killed, after it began
KILLS, FULL_DISKS, FORMS = 100, 20, 50
PLANNING = "P001"  # the agency that plans; plans of agencies that nobody knows are not shown


@dataclass
class Sure:
    """What was acknowledged: kind of deed -> keys; how long opening took after each end."""

    done: dict[str, list[str]] = field(default_factory=dict)
    opened_in: list[float] = field(default_factory=list)
    refused: int = 0
    copies: list[int] = field(default_factory=list)  # of each backup: forms that were sure before it began

    def hear(self, lines: str) -> None:
        """Lines of a worker."""
        for line in lines.splitlines():
            kind, _, key = line.partition(" ")
            if kind == "refused":
                self.refused += 1
            elif kind in DEEDS:
                self.done.setdefault(kind, []).append(key)


# --- the worker ------------------------------------------------------------------------------------------------------


def send(store: Store, tag: str) -> str:
    """A form with its file; the submission."""
    one = make_submission(tag, measures=[make_measure()])
    return store.recording.record(one, tag.encode() * 9999, file_name=f"{tag}.xlsx", received_by=tag).submission_id


def assess(store: Store, tag: str) -> str:
    """An assessor's form; the submission."""
    one = make_submission(tag, source="assessor")
    return store.recording.record(
        one, f"{tag} assessor".encode() * 999, file_name="a.xlsx", received_by=tag
    ).submission_id


def plan(store: Store, tag: str) -> str:
    """A step of an improvement plan; its name."""
    return store.plans.save_action(Action(PLANNING, 2569, "ทำแผน", ("1.1.B1",)), who=tag)


def put_in_register(store: Store, tag: str) -> str:
    """An agency of the register; its code."""
    row = {"agency_code": tag, "agency_name": tag, "ministry": "กระทรวงตัวอย่าง", "agency_type": "กรม"}
    store.register.save_agencies(pd.DataFrame([row], columns=list(AGENCIES.columns)), who=tag)
    return tag


DEEDS: dict[str, Callable[[Store, str], str]] = {
    "sent": send,
    "assessed": assess,
    "planned": plan,
    "registered": put_in_register,
}


def work(database: Path, tag: str, seed: int, most: int) -> None:
    """Do one deed after the other and say so; a full disk is said too, and goes away by itself after a while."""
    chance = random.Random(seed)
    store = Store(database)
    put_in_register(store, PLANNING)
    print("ready", flush=True)
    disk = _disk_that_fills(chance) if most else _disk_with_room()
    refused = 0
    for number in itertools.count():
        next(disk)
        kind = chance.choice(list(DEEDS))
        try:
            key = DEEDS[kind](store, f"{tag}{number:04d}")
        except StoreError:
            print("refused", flush=True)
            refused += 1
        else:
            print(kind, key, flush=True)
        if most and refused >= most:
            break
    disk.close()
    print("sent", send(store, f"{tag}free"), flush=True)
    assert store.database.is_ready()
    store.close()


def _disk_with_room() -> Generator[None, None, None]:
    while True:
        yield


def _disk_that_fills(chance: random.Random) -> Generator[None, None, None]:
    """Each step is a deed: now and then no file may grow beyond a size, which stands for a full disk; then it may."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        while True:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            for _ in range(chance.randrange(1, 6)):
                yield
            resource.setrlimit(resource.RLIMIT_FSIZE, (chance.choice([1 << 12, 1 << 16, 1 << 20]), hard))
            for _ in range(chance.randrange(1, 4)):
                yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


# --- the judge -------------------------------------------------------------------------------------------------------


def worker(database: Path, tag: str, seed: int, most: int = 0) -> subprocess.Popen[str]:
    """A worker that is ready. most: times that its disk is to be full; 0 = never, and it works until it is killed."""
    words = [sys.executable, str(Path(__file__)), "--work", str(database), tag, str(seed), str(most)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed(database: Path, times: int, seed: int) -> Sure:
    """A worker killed so many times, each at a random moment; what was acknowledged is looked for after each."""
    chance, sure = random.Random(seed), Sure()
    for number in range(times):
        process = worker(database, f"K{number:03d}-", chance.randrange(1 << 30))
        time.sleep(chance.uniform(0.0, LONGEST_LIFE))
        process.kill()
        sure.hear(process.communicate()[0])
        check(database, sure)
    return sure


def filled(database: Path, times: int, seed: int) -> Sure:
    """One worker whose disk is full so many times; it goes on each time without being started again."""
    sure = Sure()
    process = worker(database, "F", seed, times)
    sure.hear(process.communicate()[0])
    assert process.returncode == 0
    check(database, sure)
    return sure


def backed_up(database: Path, times: int, seed: int) -> Sure:
    """Copies taken one after the other while so many forms come in; each is whole and holds what was sure before it."""
    sure, tag = Sure(), f"B{seed}-"
    with Store(database) as store, ThreadPoolExecutor(1) as pool:
        sure.done["sent"] = []
        sending = pool.submit(_send_many, store, tag, times, sure.done["sent"])
        for number in itertools.count():
            before = set(sure.done["sent"])
            over = sending.done()
            copy = database.with_name(f"copy-{number}.duckdb")
            store.copy_to(copy)
            sure.copies.append(len(before))
            found = verified(copy)
            assert found.problems == (), found.problems
            began = time.monotonic()
            with Store(copy) as opened:
                sure.opened_in.append(time.monotonic() - began)
                assert before <= set(opened.submissions.standing()["submission"])
            copy.unlink()
            if over:
                break
        sending.result()
    check(database, sure)
    return sure


def _send_many(store: Store, tag: str, times: int, sent: list[str]) -> None:
    for number in range(times):
        sent.append(send(store, f"{tag}{number:04d}"))


def check(database: Path, sure: Sure) -> None:
    """Everything acknowledged is there and whole, and the file opens in time."""
    began = time.monotonic()
    with Store(database) as store:
        sure.opened_in.append(time.monotonic() - began)
        there = {
            "sent": set(store.submissions.standing()["submission"]),
            "assessed": set(store.submissions.standing()["submission"]),
            "planned": set(store.plans.actions()["action"]),
            "registered": set(store.register.agencies()["agency_code"]),
        }
    for kind, keys in sure.done.items():
        assert set(keys) <= there[kind], (kind, set(keys) - there[kind])
    found = verified(database)
    assert found.problems == (), found.problems
    assert found.scored == found.submissions


def main(kills: int, full_disks: int, forms: int, seed: int) -> None:
    """All three, and a line about each."""
    with tempfile.TemporaryDirectory() as folder:
        for name, soak, times in (
            ("kills", killed, kills),
            ("full disks", filled, full_disks),
            ("forms beside backups", backed_up, forms),
        ):
            if not times:
                continue
            sure = soak(Path(folder) / f"{name}.duckdb", times, seed)
            counts = ", ".join(f"{len(keys)} {kind}" for kind, keys in sure.done.items())
            slowest = max(sure.opened_in)
            print(f"{times} {name}: {counts}; none lost, none in part; reopened within {slowest:.2f} s", flush=True)
            if sure.copies:
                print(f"{len(sure.copies)} backups, each whole, of {min(sure.copies)} to {max(sure.copies)} sure forms")
            assert slowest < REOPENED_WITHIN


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        asked = [int(word) for word in sys.argv[1:]]
        main(*(asked + [KILLS, FULL_DISKS, FORMS, 7][len(asked) :]))
