"""What several machines on one database cost against a file: reruns of pages, and recording 64 forms.

    python -m benchmarks.lake [agencies]

The file and a copy of it as a lake, each with a server of its own, are asked for the same pages in turns, and record
the same forms in turns; CPU time of the server's, or the recording, process is compared. PostgreSQL's own is not in it.
Exit 1 where a promise is broken.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.serving import Visitor, filled, served, usual  # noqa: E402
from benchmarks.store import made_up  # noqa: E402
from pmqa.places import Place  # noqa: E402
from pmqa.store import Incoming, Store  # noqa: E402
from tests.postgres import Postgres  # noqa: E402

PAGES = ("overview", "compare", "agency", "plan", "submit", "register")
WARM, TURNS = 3, 10
FORMS, TIMES = 64, 3
MOST_RERUN, MOST_RECORDING = 1.5, 3.0  # at most so many times the file's


def reruns(file: Path, lake: Place) -> dict[str, tuple[float, float]]:
    """Page -> CPU ms of a rerun, on the file and on the lake."""
    with ExitStack() as open_:
        visitors = [
            open_.enter_context(Visitor(open_.enter_context(served("asgi:app", ROOT, at)))) for at in (file, lake)
        ]
        found = {}
        for page in PAGES:
            for each in visitors:
                each.turn_to(page, "lang=en")
            runs = [[each.rerun("lang=en") for each in visitors] for _ in range(WARM + TURNS)][WARM:]
            found[page] = tuple(1000 * usual([turn[at] for turn in runs]).cpu for at in (0, 1))
    return found  # type: ignore[return-value]


def recordings(file: Path, lake: Place) -> tuple[float, float]:
    """CPU ms of recording so many forms at once, on the file and on the lake."""
    spent: list[list[float]] = [[], []]
    with Store(file) as one, Store(lake) as other:
        for turn in range(TIMES):
            forms = [Incoming(each.submission, b"%d" % turn + each.content, each.file_name) for each in made_up(FORMS)]
            for times, store in zip(spent, (one, other), strict=True):
                began = time.process_time()
                store.recording.record_many(forms, received_by="bench")
                times.append(1000 * (time.process_time() - began))
    return statistics.median(spent[0]), statistics.median(spent[1])


def main(agencies: int = 24) -> int:
    """Print the table; 1 where the lake costs more than is promised."""
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory() as place:
            file = filled(Path(place) / "pmqa.duckdb", agencies)
            lake = server.empty(Path(place))
            with Store(file) as store:
                store.copy_to(lake)
            rows = {page: (*took, MOST_RERUN) for page, took in reruns(file, lake).items()}
            rows[f"recording {FORMS} forms"] = (*recordings(file, lake), MOST_RECORDING)
    finally:
        server.remove()
    for name, (of_file, of_lake, most) in rows.items():
        times = of_lake / of_file
        print(f"{name:<20} file {of_file:8.1f} ms   lake {of_lake:8.1f} ms {times:6.2f} x   at most {most:g} x")
    broken = [name for name, (of_file, of_lake, most) in rows.items() if of_lake > most * of_file]
    print(*(f"BROKEN: {name}" for name in broken), sep="\n", end="")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
