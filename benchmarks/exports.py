"""What downloads cost: a deck of 100 agencies, one-pagers of 300, pictures cold and warm, workbooks.

    python -m benchmarks.exports

Prints one line a case: seconds of CPU, the same as times of a fixed piece of Python in the same run, since machines
differ, bytes, and the limit.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pandas as pd

from pmqa.analysis.gaps import gaps_to_target, next_level_targets
from pmqa.analysis.peers import peer_stats
from pmqa.charts import Caption, dots, dots_data, gap_bars, gap_bars_data, radar, radar_data
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure as figure_of
from pmqa.demo.submissions import demo_submissions
from pmqa.exports import (
    ReportData,
    Stamp,
    one_pagers,
    to_csv,
    to_png,
    to_pptx,
    to_svg,
    to_xlsx,
    xlsx_with_charts,
)
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import SCORED
from pmqa.text import translator

AGENCIES, PAGES = 100, 300
YEAR = 2569
T = translator("th")
FRAMEWORK = shipped_frameworks()["pmqa4"]
STAMP = Stamp("วัดความเร็ว", "เฉพาะที่มีหลักฐาน", str(YEAR), "PMQA 4.0", AGENCIES, "", "bench", dt.date(2026, 1, 1))


def sample(agencies: int) -> ReportData:
    sent = {f"s{n}": s for n, s in enumerate(demo_submissions(FRAMEWORK, agencies, 1)) if s.source == "self"}
    answers, measures, sources = answer_frame(sent), measure_frame(sent), source_frame(sent)
    about = ["agency_code", "agency_name", "ministry", "agency_type", "fiscal_year", "source", "edition"]
    who = pd.DataFrame(
        [(key, *(getattr(s, name) for name in about)) for key, s in sent.items()], columns=["submission", *about]
    )
    scores = score(sources, answers, measures, FRAMEWORK).astype({"submission": "str"})
    scored = SCORED.conform(scores.merge(who, on="submission"), check_key=False)
    results = score_measures(sources, measures, FRAMEWORK)
    return ReportData(
        scored[scored["basis"] == "evidenced"],
        answers,
        measures,
        results[results["basis"] == "evidenced"],
        FRAMEWORK,
        "evidenced",
        "ข้อมูลตัวอย่าง",
    )


def agencies_of(data: ReportData) -> list[str]:
    return sorted(data.scored["agency_code"].astype("str").unique())


def pages_of(data: ReportData) -> bytes:
    """The one page of every agency, as a zip would take them: one by one."""
    return b"".join(content for _, content in one_pagers(data, agencies_of(data), STAMP, "pdf"))


def charts_of(data: ReportData) -> list[Drawing]:
    """A radar, a dot plot and a gap chart of each agency."""
    peers = peer_stats(data.scored, minimum=5)
    found = []
    for agency in agencies_of(data):
        caption = Caption(agency, STAMP.basis, STAMP.fiscal_year, STAMP.edition, AGENCIES, data.source)
        own = data.scored[data.scored["agency_code"] == agency]
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
    data = sample(AGENCIES)
    charts = charts_of(data)
    overall = dots_data(data.scored, FRAMEWORK, T, kind="overall", scope="overall")
    measured(f"deck of {AGENCIES} agencies, {len(charts)} charts", lambda: to_pptx(charts_of(data), STAMP), 20)
    measured(f"workbook of {len(charts)} charts", lambda: xlsx_with_charts(charts, STAMP))
    measured(f"xlsx of {len(data.scored):,} scores", lambda: to_xlsx({"scores": data.scored}, STAMP))
    measured(f"csv of {len(data.scored):,} scores", lambda: to_csv(data.scored))
    many = sample(PAGES)
    measured(f"one-pagers of {PAGES} agencies, pdf", lambda: pages_of(many), 60)
    measured("dots of all agencies, pptx", lambda: to_pptx([dots(overall, charts[0].caption, FRAMEWORK, T)], STAMP))
    points = radar_data(data.scored, FRAMEWORK, T, kind="dimension", agencies=agencies_of(data)[:4])
    figure = figure_of(radar(points, charts[0].caption, FRAMEWORK, T), T)
    measured("png of a radar, cold", lambda: to_png(figure))
    measured("png of a radar, warm", lambda: to_png(figure), 0.1)
    measured("svg of a radar, warm", lambda: to_svg(figure))


if __name__ == "__main__":
    main()
