"""How long reruns of the page Compare take, of 4 agencies among 1,000, as multiples of an empty page's.

    python -m benchmarks.reruns [agencies]

The empty page is the dashboard's own with nothing below its title: the same router, sign-in, sidebar and garbage
collector. Beside it, for scale, a script of one title. Reruns of all three take turns, so that whatever else the
machine does falls on each alike; medians of the CPU time of the server's process are compared (see
benchmarks/serving), and wall time is printed beside them. Exit 1 where a promise is broken.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serving import ROOT, Took, Visitor, filled, served, usual

BARE = "import streamlit as st\nst.title('bare')\n"
# With what the product has loaded, and frozen, or the two could not be told apart from the garbage collector.
SERVE = "import streamlit as st\nfrom pmqa import web\napp = st.App({script!r}, lifespan=web.lifespan)\n"
RUN, NOTHING = "ui.run_page(page, t, viewer)", "__import__('streamlit').title('empty')"
WARM, TURNS = 5, 30
CHOSEN = 4
REPLAYED, CHANGED = 2.0, 6.0  # at most so many times an empty page's rerun


def empty_app() -> str:
    """The dashboard's own script with nothing below the title. Raises ValueError where it runs its page otherwise."""
    script = (ROOT / "app.py").read_text(encoding="utf-8")
    if RUN not in script:
        raise ValueError(f"app.py does not say {RUN}: what is measured as empty would not be")
    return script.replace(RUN, NOTHING)


def chosen(first: int) -> str:
    """The address of four agencies."""
    codes = (f"agencies=DEMO-{number:03}" for number in range(first, first + CHOSEN))
    return "&".join([*codes, "lang=en"])


def taken_in_turns(bare: Visitor, empty: Visitor, compare: Visitor) -> tuple[dict[str, Took], int]:
    """What a rerun takes of each, and the bytes of a replayed one. A changed choice is one never made before."""
    bare.turn_to("")
    empty.turn_to("compare", "lang=en")
    compare.turn_to("compare", chosen(1))
    taken: dict[str, list[Took]] = {"bare page": [], "empty page": [], "replayed": [], "a choice changed": []}
    size = 0
    for turn in range(WARM + TURNS):
        taken["bare page"].append(bare.rerun())
        taken["empty page"].append(empty.rerun("lang=en"))
        for _ in range(2):  # back from the choice before; in the run after that, widgets still say that they were set
            compare.rerun(chosen(1))
        taken["replayed"].append(compare.rerun(chosen(1)))
        size = compare.sent
        taken["a choice changed"].append(compare.rerun(chosen(2 + turn)))
    return {name: usual(runs[WARM:]) for name, runs in taken.items()}, size


def main(agencies: int = 1000) -> int:
    """Print the table; 1 where a rerun takes longer than is promised."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as open_:
        folder = Path(place)
        scripts = {"bare": BARE, "empty": empty_app()}
        entries = {}
        for name, script in scripts.items():
            (folder / f"{name}.py").write_text(script, encoding="utf-8")
            (folder / f"serve_{name}.py").write_text(SERVE.format(script=str(folder / f"{name}.py")), encoding="utf-8")
            entries[f"serve_{name}:app"] = folder
        visitors = []
        pattern = filled(folder / "pattern.duckdb", agencies)
        for entry, home in {**entries, "asgi:app": ROOT}.items():
            database = folder / f"{len(visitors)}.duckdb"  # one process at a time may have a database
            shutil.copyfile(pattern, database)
            server = open_.enter_context(served(entry, home, database))
            visitors.append(open_.enter_context(Visitor(server)))
        taken, size = taken_in_turns(*visitors)
    least = taken["empty page"]
    most = {"replayed": REPLAYED, "a choice changed": CHANGED}
    for name, took in taken.items():
        held = f"   at most {most[name]:g} x" if name in most else ""
        print(
            f"{name:<18} CPU {1000 * took.cpu:7.1f} ms {took.cpu / least.cpu:6.2f} x    "
            f"wall {1000 * took.wall:7.1f} ms {took.wall / least.wall:6.2f} x{held}"
        )
    print(f"sent in a replayed rerun: {size / 1000:.0f} kB")
    broken = [name for name, limit in most.items() if taken[name].cpu >= limit * least.cpu]
    print(*(f"BROKEN: {name}" for name in broken), sep="\n", end="")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
