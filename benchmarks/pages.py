"""What each page costs: a rerun against an empty page's, and its first view by somebody, with many agencies too.

    python -m benchmarks.pages [--first 500 1000]

Reruns, with 24 agencies over three years: the same page again and again with nothing changed in between, which is what
every click costs before what it asks for. The empty page is the dashboard with its menu and sidebar and nothing on the
page, as it is before anybody has sent anything. For comparison, a script of one button is measured as well: what
Streamlit itself takes. Pages and the empty page take turns, and CPU time of the server's process is compared (see
benchmarks/serving). Exits 1 where a page takes three times the empty page or more.

First views, with so many agencies over three years (--first; none: leave this out): each page once, on a server that
has shown nothing yet but the pages before it in the list. Nobody should wait for more than two seconds of work without
being told what is done; which pages take longer is printed, not promised.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serving import ROOT, Visitor, filled, served, usual

NOT_MEASURED = {"gallery"}  # for developers: every chart there is, at once
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - NOT_MEASURED)
# What else a page shows, by its address: what is behind its other tabs and questions.
PARTS = {
    "agency": ("part=ladder", "part=answers", "part=history", "part=sent"),
    "compare": ("ask=everyone&by=item", "ask=one&by=category", "ask=spread", "ask=years", "ask=assessor"),
    "doctor": ("doctor_part=ambition", "doctor_part=consistency", "doctor_part=shared"),
    "indicators": ("part=indicator", "part=core"),
    "leverage": ("leverage_part=missed", "leverage_part=teachers"),
    "overview": ("by=item",),
    "plan": ("plan_part=whatif",),
    "trust": ("trust_part=evidence", "trust_part=reuse"),
    "years": ("years_part=everyone",),
}
MOST = 3.0
LONG = 2.0  # seconds
WARM, RERUNS = 4, 25

# The same process with nothing on the page: the floor that Streamlit itself sets.
EMPTY_APP = 'import streamlit as st\n\nst.button("again", key="again")\n'
EMPTY_ENTRY = "import streamlit as st\nfrom pmqa import web\napp = st.App({script!r}, lifespan=web.lifespan)\n"


def reruns(folder: Path) -> dict[str, float]:
    """Page -> how many times an empty page's rerun its own takes; prints the table."""
    database = filled(folder / "24.duckdb", 24, years=3)
    (folder / "one.py").write_text(EMPTY_APP, encoding="utf-8")
    (folder / "one_entry.py").write_text(EMPTY_ENTRY.format(script=str(folder / "one.py")), encoding="utf-8")
    with served("one_entry:app", folder, folder / "unused.duckdb") as server, Visitor(server) as visitor:
        visitor.turn_to("")
        bare = usual([visitor.rerun() for _ in range(WARM + RERUNS)][WARM:])
    print(f"{'(one button)':<14}{1000 * bare.cpu:8.1f} ms of CPU {1000 * bare.wall:8.1f} ms of wall time")
    ratios = {}
    with (
        served("asgi:app", ROOT, folder / "nobody.duckdb") as empty_server,
        served("asgi:app", ROOT, database) as server,
        Visitor(empty_server) as empty,
    ):
        empty.turn_to("compare")
        for page in PAGES:
            with Visitor(server) as visitor:
                visitor.turn_to(page)
                turns = [(empty.rerun(), visitor.rerun()) for _ in range(WARM + RERUNS)][WARM:]
            floor, took = (usual(taken) for taken in zip(*turns, strict=True))
            ratios[page] = took.cpu / floor.cpu
            print(
                f"{page:<14}{1000 * took.cpu:8.1f} ms of CPU {1000 * took.wall:8.1f} ms of wall time"
                f"{ratios[page]:8.2f} x the empty page ({1000 * floor.cpu:.1f} ms)",
                flush=True,
            )
    return ratios


def first_views(folder: Path, agencies: int) -> None:
    """Prints what the first view of each page takes."""
    print(f"first views, {agencies} agencies over three years")
    database = filled(folder / f"{agencies}.duckdb", agencies, years=3)
    with served("asgi:app", ROOT, database) as server:
        for page, part in [(name, part) for name in PAGES for part in ("", *PARTS.get(name, ()))]:
            with Visitor(server) as visitor:
                took = visitor.turn_to(page, part)
            long = "   LONG" if took.cpu > LONG else ""
            print(f"{page:<12}{part:<24}{took.cpu:8.2f} s of CPU {took.wall:8.2f} s of wall time{long}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where a rerun takes too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, nargs="*", default=[500, 1000], metavar="AGENCIES")
    chosen = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        ratios = reruns(Path(name))
        for agencies in chosen.first:
            first_views(Path(name), agencies)
    slow = {page: ratio for page, ratio in ratios.items() if ratio >= MOST}
    print(*(f"BROKEN: {page} takes {ratio:.2f} times an empty page" for page, ratio in slow.items()), sep="\n", end="")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
