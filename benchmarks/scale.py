"""What many agencies cost: pages and memory with so many of them, each against the first number of the list.

    python -m benchmarks.scale [100 300 10000] [--years 5] [--pages compare overview] [--kept FOLDER] [--intake]

A database of a hundred sample agencies is recorded as forms are; larger ones are copies of its rows under other codes,
names and words, made by the database in bulk, since recording ten thousand forms takes minutes and is measured by
benchmarks/intake.py (--intake runs that at the end). What is compared of texts is copied with them; the texts of the
latest year, which pages show, are then compared as a server does, and those of earlier years said to be: comparing them
would take as long again for each. --kept makes the databases in a folder and takes those that are there.

Each database has a server of its own. Every page is turned to once (its first view), by a visitor of its own; then all
servers' reruns of a page take turns, and the CPU time of the servers' processes is compared (see benchmarks/serving).
Memory is what a server holds after all of it. Exit 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import intake
from benchmarks.pages import PAGES
from benchmarks.serving import PATIENCE, ROOT, Server, Visitor, filled, served, usual
from pmqa.analysis.wordings import PARTS as PARTS_OF_TEXTS
from pmqa.store import Store

RECORDED: Final = 100  # agencies whose forms are really recorded
WARM, TURNS = 4, 20
MOST_RATIO = 1.3  # of a rerun with many agencies to one with the first number of them
MOST_FIRST = 1.0  # seconds of CPU for a first view
MOST_FIRST_OF: Final = {("trust", "trust_part=reuse"): 2.0}
MOST_MEGABYTES, MOST_MEGABYTES_OF_YEARS = 1000.0, 2000.0  # of a server of one year, and of several
# What else a page shows first, by its address, where it is of all agencies' texts.
PARTS: Final = {"trust": ("", "trust_part=evidence", "trust_part=reuse")}

# Each table's columns that a copy has under another name. `k` is the number of the copy, `$of` of those recorded.
SUBMISSION: Final = "'S' || lpad((substr(submission, 2)::INT + k * $of)::VARCHAR, 7, '0') AS submission"
OF_OTHERS: Final = {
    "submissions": (
        "agency_code || '-' || k AS agency_code, agency_name || ' แห่งที่ ' || k AS agency_name,"
        "sha256(sha256 || k) AS sha256"
    ),
    "answers": "evidence || chr((3585 + k % 46)::INT) || md5(criterion || k) AS evidence",
    # As many letters more, and another number for each of the texts.
    "wordings": (
        "CASE WHEN evidence_letters > 0 THEN (hash(evidence, criterion, k) >> 1)::BIGINT ELSE evidence END AS evidence,"
        "CASE WHEN evidence_letters > 0 THEN evidence_letters + 33 ELSE 0 END AS evidence_letters"
    ),
    "settled": "",
    "measures": "name || ' ' || k AS name",
    "findings": "",
    "scores": "",
    "derived": "",
}

SAY_SETTLED: Final = """
    INSERT INTO settled SELECT submission, done FROM submissions, (SELECT unnest(?) AS done) WHERE fiscal_year < ?
"""


def pattern_in(folder: Path, years: int) -> Path:
    """The database that others are copies of, with what is compared of its texts."""
    path = folder / f"pattern of {years}.duckdb"
    if not path.exists():
        filled(path, RECORDED, years=years)
        with Store(path) as store:
            for year, source in _years_and_sources(store):
                store.likeness.settle(year, source)
    return path


def multiplied(pattern: Path, path: Path, times: int) -> Path:
    """A database of the pattern's agencies `times` times over."""
    if path.exists():
        return path
    making = path.with_suffix(".making")
    shutil.copyfile(pattern, making)
    with Store(making) as store, store.database.transaction() as cursor:
        ((last,),) = cursor.execute("SELECT max(substr(submission, 2)::INT) FROM submissions").fetchall()
        of = {"of": last, "times": times}
        for table, others in OF_OTHERS.items():
            named = ", ".join(part for part in (SUBMISSION, others) if part)
            cursor.execute(
                f"INSERT INTO {table} SELECT t.* REPLACE ({named}) FROM {table} t, range(1, $times) r(k) ORDER BY 1", of
            )
        store.database.log(cursor, "benchmark", [("multiplied", None, of)])
    began = time.process_time()
    with Store(making) as store:
        latest = max(year for year, _ in _years_and_sources(store))
        for year, source in _years_and_sources(store):
            if year == latest:
                store.likeness.settle(year, source, *PARTS_OF_TEXTS)  # as the server does between its other work
        with store.database.transaction() as cursor:
            cursor.execute(SAY_SETTLED, [list(PARTS_OF_TEXTS), latest])
    print(f"texts of {times * RECORDED} agencies compared: {time.process_time() - began:.1f} s of CPU", flush=True)
    return making.rename(path)


def _years_and_sources(store: Store) -> list[tuple[int, str]]:
    with store.database.reading() as cursor:
        return cursor.execute("SELECT DISTINCT fiscal_year, source FROM submissions ORDER BY ALL").fetchall()


def megabytes(server: Server) -> float:
    """What a server's process holds in memory now."""
    status = Path(f"/proc/{server.process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000


def compared(servers: dict[int, Server], pages: Sequence[str]) -> list[str]:
    """Prints what each page costs on each server; what is longer than is promised."""
    broken = []
    first_of_all, *_ = servers
    for page, part in [(one, part) for one in pages for part in PARTS.get(one, ("",))]:
        with ExitStack() as open_:
            visitors = {number: open_.enter_context(Visitor(server)) for number, server in servers.items()}
            try:
                first = {number: visitor.turn_to(page, part).cpu for number, visitor in visitors.items()}
            except TimeoutError:
                broken.append(f"{page} {part}: the first view takes longer than {PATIENCE} s")
                continue
            turns = [{number: visitor.rerun(part) for number, visitor in visitors.items()} for _ in range(WARM + TURNS)]
        took = {number: usual([turn[number] for turn in turns[WARM:]]).cpu for number in servers}
        name = f"{page} {part.partition('=')[2]}"
        print(f"{name:<14}", end="")
        for number in servers:
            ratio = took[number] / took[first_of_all]
            print(
                f" | {number:>6}: first {first[number]:6.2f} s, rerun {1000 * took[number]:6.1f} ms {ratio:5.2f} x",
                end="",
            )
            if ratio > MOST_RATIO:
                broken.append(f"{name}: a rerun with {number} takes {ratio:.2f} times as long")
            if first[number] > (most := MOST_FIRST_OF.get((page, part), MOST_FIRST)):
                broken.append(f"{name}: the first view with {number} takes {first[number]:.2f} s of {most:g}")
        print(flush=True)
    return broken


def main(words: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("agencies", type=int, nargs="*", default=[100, 300, 10_000])
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--pages", nargs="*", default=["overview", *(page for page in PAGES if page != "overview")])
    parser.add_argument("--kept", type=Path, metavar="FOLDER")
    parser.add_argument("--intake", action="store_true")
    chosen = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_:
        folder = chosen.kept or Path(name)
        pattern = pattern_in(folder, chosen.years)
        servers = {}
        for number in chosen.agencies:
            database = multiplied(pattern, folder / f"{number} of {chosen.years}.duckdb", -(-number // RECORDED))
            servers[number] = open_.enter_context(served("asgi:app", ROOT, database))
        started = {number: megabytes(server) for number, server in servers.items()}
        broken = compared(servers, chosen.pages)
        most = MOST_MEGABYTES if chosen.years == 1 else MOST_MEGABYTES_OF_YEARS
        for number, server in servers.items():
            held = megabytes(server)
            print(f"memory with {number}: {started[number]:.0f} MB at the start, {held:.0f} MB after all ({most:.0f})")
            if held > most:
                broken.append(f"the server of {number} holds {held:.0f} MB")
    print(*(f"BROKEN: {line}" for line in broken), sep="\n")
    return int(bool(broken)) | (intake.main([]) if chosen.intake else 0)


if __name__ == "__main__":
    sys.exit(main())
