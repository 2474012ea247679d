"""What downloads cost: a deck of 100 agencies, one-pagers of 300, pictures cold and warm, workbooks.

    python -m benchmarks.exports

Prints one line a case: seconds of CPU, the same as times of a fixed piece of Python in the same run, since machines
differ, bytes, and the limit.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pmqa.analysis.gaps import gaps_to_target, next_level_targets
from pmqa.charts import dots, dots_data, gap_bars, gap_bars_data, radar, radar_data
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure as figure_of
from pmqa.exports import Stamp, to_csv, to_png, to_pptx, to_svg, to_xlsx, xlsx_with_charts
from pmqa.framework import shipped_frameworks
from pmqa.store import Store
from pmqa.text import translator
from pmqa.views.data import version_of
from pmqa.views.reporting import profiles
from pmqa.views.view import View
from tests.pages import a_view, filled

AGENCIES, PAGES = 100, 300
YEAR = 2569
T = translator("th")
FRAMEWORK = shipped_frameworks()["pmqa4"]
STAMP = Stamp("วัดความเร็ว", "เฉพาะที่มีหลักฐาน", str(YEAR), "PMQA 4.0", AGENCIES, "", "bench", dt.date(2026, 1, 1))


def sample(folder: Path, agencies: int) -> View:
    """A view of so many agencies, with evidence."""
    store = Store(filled(folder / f"{agencies}.duckdb", FRAMEWORK, agencies, 1))
    return a_view(basis="evidenced", version=version_of(store))


def pages_of(view: View) -> bytes:
    """The one page of every agency, as a zip would take them: one by one."""
    return b"".join(content for _, content in profiles(view, sorted(view.agencies), STAMP, "pdf"))


def charts_of(view: View) -> list[Drawing]:
    """A radar, a dot plot and a gap chart of each agency."""
    peers = view.peers
    found = []
    for agency in sorted(view.agencies):
        caption = view.caption(agency, AGENCIES)
        own = view.scored[view.scored["agency_code"] == agency]
        points = radar_data(own, FRAMEWORK, T, kind="dimension", agencies=[agency], peers=peers)
        items = radar_data(own, FRAMEWORK, T, kind="category", agencies=[agency], peers=peers)
        gaps = gap_bars_data(gaps_to_target(own, next_level_targets(own, FRAMEWORK)), FRAMEWORK, T, kind="category")
        found += [
            draw(table, caption, FRAMEWORK, T) for draw, table in ((radar, points), (dots, items), (gap_bars, gaps))
        ]
    return found


def yardstick() -> bytes:
    """A fixed piece of Python: a million additions."""
    total = 0
    for number in range(1_000_000):
        total += number % 7
    return str(total).encode()


def seconds_of(make: Callable[[], bytes]) -> tuple[float, bytes]:
    start = time.process_time()
    content = make()
    return time.process_time() - start, content


def measured(name: str, make: Callable[[], bytes], limit: float | None = None) -> None:
    seconds, content = seconds_of(make)
    once = min(seconds_of(yardstick)[0] for _ in range(5))
    verdict = "" if limit is None else f"  limit {limit:g} s: {'kept' if seconds <= limit else 'MISSED'}"
    print(f"{name:<40}{seconds:>8.2f} s CPU ={seconds / once:>8.1f} x{len(content):>12,} bytes{verdict}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(sample(Path(folder), AGENCIES), sample(Path(folder), PAGES))


def measure(view: View, many: View) -> None:
    charts = charts_of(view)
    overall = dots_data(view.scored, FRAMEWORK, T, kind="overall", scope="overall")
    measured(f"deck of {AGENCIES} agencies, {len(charts)} charts", lambda: to_pptx(charts_of(view), STAMP), 20)
    measured(f"workbook of {len(charts)} charts", lambda: xlsx_with_charts(charts, STAMP))
    measured(f"xlsx of {len(view.scored):,} scores", lambda: to_xlsx({"scores": view.scored}, STAMP))
    measured(f"csv of {len(view.scored):,} scores", lambda: to_csv(view.scored))
    measured(f"one-pagers of {PAGES} agencies, pdf", lambda: pages_of(many), 60)
    measured("dots of all agencies, pptx", lambda: to_pptx([dots(overall, charts[0].caption, FRAMEWORK, T)], STAMP))
    points = radar_data(view.scored, FRAMEWORK, T, kind="dimension", agencies=sorted(view.agencies)[:4])
    figure = figure_of(radar(points, charts[0].caption, FRAMEWORK, T), T)
    measured("png of a radar, cold", lambda: to_png(figure))
    measured("png of a radar, warm", lambda: to_png(figure), 0.1)
    measured("svg of a radar, warm", lambda: to_svg(figure))


if __name__ == "__main__":
    main()
