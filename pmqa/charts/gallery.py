"""Every chart from fictitious data: for the developers' page, the tests, and for looking.

`python -m pmqa.charts.gallery FOLDER` writes a page per language and theme.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import plotly.io
import plotly.offline

from pmqa.analysis.paths import cheapest_path
from pmqa.analysis.peers import peer_stats, ranks
from pmqa.charts import (
    actual_dots,
    blocking,
    dot_plots,
    effect_dots,
    heat,
    histories,
    ladder,
    levels,
    pairs,
    plans,
    profiles,
    quadrants,
    render,
    results,
    spines,
    spread,
    targets,
)
from pmqa.charts.drawing import Drawing
from pmqa.charts.gallery_data import (
    AGENCIES,
    YEAR,
    long_names,
    sample_answers,
    sample_blockers,
    sample_effects,
    sample_measures,
    sample_scores,
    sample_shared,
    sample_years_of_measure,
)
from pmqa.charts.palette import THEMES, Theme
from pmqa.charts.render.wording import alt
from pmqa.charts.style import Caption, figure_config
from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.text import Translator, languages, translator

Shown = tuple[str, go.Figure, pd.DataFrame, str]
Made = tuple[str, Drawing, pd.DataFrame]

FEW = ("S01", "S02", "S03")
SEVEN = tuple(f"S{number:02d}" for number in range(1, 8))
PICKED = "S04"


def gallery(language: str, theme: Theme, edition: str = DEFAULT_EDITION) -> list[Shown]:
    """Every chart: (name, figure, its table, alt text). The same call gives the same charts."""
    t = translator(language)
    return [(name, render.figure(made, t, theme), table, alt(made)) for name, made, table in _made(t, edition)]


def drawings(language: str, edition: str = DEFAULT_EDITION) -> list[tuple[str, Drawing]]:
    """Every chart as a drawing, by name."""
    return [(name, made) for name, made, _ in _made(translator(language), edition)]


def _made(t: Translator, edition: str) -> list[Made]:
    framework = shipped_frameworks()[edition]
    scored = sample_scores(framework, t)
    return [
        *_profiles(scored, framework, t),
        *_many(scored, framework, t),
        *_two(scored, framework, t),
        *_one(scored, framework, t),
        *_over_years(scored, framework, t),
    ]


def sample_caption(name: str, t: Translator, n: int = AGENCIES) -> Caption:
    """A caption as pages make it, titled for a chart of the gallery."""
    return Caption(
        title=t(f"charts.sample.{name}"),
        basis=t("charts.sample.basis"),
        fiscal_year=t.year(YEAR),
        edition="PMQA 4.0",
        n=n,
        source=t("charts.sample.source"),
    )


def _category(framework: Framework, place: int) -> str:
    """The category at a place of the edition, or its last one."""
    return framework.categories[min(place, len(framework.categories) - 1)].id


def _aim(framework: Framework) -> float:
    """The points of the level below the highest."""
    return list(framework.scoring.level_thresholds.values())[-2]


def _profiles(scored: pd.DataFrame, framework: Framework, t: Translator) -> list[Made]:
    peers, named = peer_stats(scored), long_names(scored, t)
    twelve = list(framework.scopes("item"))[: profiles.MOST_AXES]
    shown: list[Made] = []
    for name, rows, kind, scopes, codes in (
        ("radar", scored, "dimension", None, FEW),
        ("radar_one", scored, "category", None, (PICKED,)),
        ("radar_long_names", named, "category", None, FEW),
        ("radar_small_multiples", scored, "dimension", None, SEVEN),
        ("small_multiples_of_categories", scored, "category", None, SEVEN),
        ("small_multiples_of_items", named, "item", twelve, SEVEN[:5]),
    ):
        points = profiles.radar_data(rows, framework, t, kind=kind, agencies=codes, scopes=scopes, peers=peers)
        shown.append((name, profiles.radar(points, sample_caption(name, t), framework, t), points))
    points = profiles.radar_data(scored, framework, t, kind="category", agencies=FEW, peers=peers)
    made = dot_plots.dots(points, sample_caption("dots_of_scopes", t), framework, t)
    return [*shown, ("dots_of_scopes", made, points)]


def _many(scored: pd.DataFrame, framework: Framework, t: Translator) -> list[Made]:
    shown: list[Made] = []
    named = long_names(scored, t)
    for name, rows in (("dots", scored), ("dots_long_names", named)):
        points = dot_plots.dots_data(
            rows, framework, t, kind="category", scope=_category(framework, 3), peers=peer_stats(rows)
        )
        made = dot_plots.dots(points, sample_caption(name, t), framework, t, highlight=[PICKED])
        shown.append((name, made, points))

    for name, rows, kind in (
        ("heatmap", scored, "dimension"),
        ("heatmap_items", scored, "item"),
        ("heatmap_long_names", named, "category"),
    ):
        points = heat.heatmap_data(rows, framework, t, kind=kind)
        made = heat.heatmap(points, sample_caption(name, t), framework, t, highlight=[PICKED])
        shown.append((name, made, points))

    points = spread.strip_data(scored, kind="overall", scope="overall")
    stats, caption = spread.strip_stats(points), sample_caption("strip", t)
    shown.append(("strip", spread.strip(points, stats, caption, framework, t, highlight=[PICKED]), points))

    for name, rows, picked in (
        ("quadrant", scored, (PICKED,)),
        ("quadrant_few", named[named["agency_code"].isin(SEVEN[:5])], ()),
    ):
        points = quadrants.quadrant_data(rows, framework)
        caption = sample_caption(name, t, n=len(points))
        shown.append((name, quadrants.quadrant(points, caption, framework, t, highlight=picked), points))

    order = ranks(scored, "overall", "overall")
    bands = spread.rank_bands_data(scored, order, kind="overall", scope="overall")
    made = spread.rank_bands(bands, sample_caption("rank_bands", t), t, highlight=[PICKED])
    shown.append(("rank_bands", made, bands))

    counts = levels.level_distribution_data(scored, framework, t, kind="category")
    made = levels.level_distribution(counts, sample_caption("level_distribution", t), framework, t)
    shown.append(("level_distribution", made, counts))
    return shown


def _two(scored: pd.DataFrame, framework: Framework, t: Translator) -> list[Made]:
    first, second = (scored[scored["agency_code"] == code] for code in FEW[1:])
    rows = pairs.pairs_data(first, second, framework, t, kind="category")
    names = (t("charts.sample.self"), t("charts.sample.assessor"))
    made = pairs.dumbbell(rows, names, sample_caption("dumbbell", t, n=1), framework, t)
    shown: list[Made] = [("dumbbell", made, rows)]

    before = sample_scores(framework, t, year=YEAR - 1)
    names = (t.year(YEAR - 1), t.year(YEAR))
    plain, named = (before, scored), (long_names(before, t), long_names(scored, t))
    for name, sides in (("slope", plain), ("slope_long_names", named)):
        was, now = (frame[frame["agency_code"].isin(SEVEN)] for frame in sides)
        rows = pairs.pairs_data(was, now, framework, t, kind="category", scope=_category(framework, 1), order="score")
        made = pairs.slope(rows, names, sample_caption(name, t, n=len(rows)), framework, t)
        shown.append((name, made, rows))
    rows = pairs.pairs_data(before, scored, framework, t, kind="category", scope=_category(framework, 1), order="score")
    made = pairs.arrows(rows, names, sample_caption("arrows", t, n=len(rows)), framework, t)
    return [*shown, ("arrows", made, rows)]


def _one(scored: pd.DataFrame, framework: Framework, t: Translator) -> list[Made]:
    shown: list[Made] = []
    aim = _aim(framework)
    rows = spines.spine_data(scored, peer_stats(scored), framework, t, kind="dimension", agency=PICKED, target=aim)
    shown.append(("spine", spines.spine(rows, sample_caption("spine", t), framework, t), rows))

    own = scored[scored["agency_code"] == FEW[-1]]
    gaps = own.assign(target=aim, gap=(aim - own["score"]).clip(lower=0))
    rows = targets.gap_bars_data(gaps, framework, t, kind="category")
    shown.append(("gap_bars", targets.gap_bars(rows, sample_caption("gap_bars", t, n=1), framework, t), rows))

    rows = ladder.level_ladder_data(sample_answers(framework), framework, t, basis="claimed")
    made = ladder.level_ladder(rows, sample_caption("level_ladder", t, n=1), framework, t)
    shown.append(("level_ladder", made, rows))

    rows = blocking.pareto_data(sample_blockers(framework), framework, t)
    shown.append(("pareto", blocking.pareto(rows, sample_caption("pareto", t), framework, t), rows))

    way = cheapest_path(sample_answers(framework), framework, "claimed", aim, scope=_category(framework, 2))
    rows = plans.plan_steps_data(way.steps, way.score_before, framework, t)
    made = plans.plan_steps(rows, sample_caption("plan_steps", t, n=1), framework, t, target=aim)
    shown.append(("plan_steps", made, rows))

    rows, caption = actual_dots.actuals_data(sample_shared(), {}), sample_caption("actuals", t, n=6)
    made = actual_dots.actuals(rows, caption, t, unit="h", direction="lower", median=1.25)
    shown.append(("actuals", made, rows))

    items = [item.id for item in framework.items_with_criteria]
    names = {item: f"{item} {framework.scope_name('item', item, t.language)}" for item in items}
    rows = effect_dots.effects_data(sample_effects(framework), names, differing=items[:1])
    caption = sample_caption("effects", t)
    shown.append(("effects", effect_dots.effects(rows, caption, t), rows))

    measures, rates = sample_measures(framework, t)
    rows = results.success_rates_data(rates, measures, framework, t)
    made = results.success_rates(rows, sample_caption("success_rates", t, n=1), framework, t)
    shown.append(("success_rates", made, rows))
    return shown


def _over_years(scored: pd.DataFrame, framework: Framework, t: Translator) -> list[Made]:
    # The year before last is missing for everyone.
    earlier = [sample_scores(framework, t, year=YEAR - back) for back in (3, 1)]
    every = pd.concat([*earlier, scored], ignore_index=True)
    peers = {int(frame["fiscal_year"].iloc[0]): peer_stats(frame) for frame in (*earlier, scored)}
    span = f"{t.year(YEAR - 3)} – {t.year(YEAR)}"
    shown: list[Made] = []
    for name, n, points in (
        (
            "history",
            len(FEW),
            histories.history_data(
                every, framework, t, kind="category", scope=_category(framework, 1), agencies=FEW, peers=peers
            ),
        ),
        ("history_dimensions", 1, histories.history_data(every, framework, t, kind="dimension", agencies=["S01"])),
    ):
        caption = replace(sample_caption(name, t, n=n), fiscal_year=span)
        shown.append((name, histories.history(points, caption, framework, t), points))

    for name, unit, direction in (
        ("indicator_line", "percent", "higher"),
        ("indicator_line_lower", "complaints", "lower"),
    ):
        line = results.indicator_line_data(sample_years_of_measure(lower=direction == "lower"))
        caption, beside = sample_caption(name, t, n=1), t(f"charts.sample.{unit}")
        shown.append((name, results.indicator_line(line, caption, t, unit=beside, direction=direction), line))
    return shown


def write_gallery(folder: Path) -> list[Path]:
    """A page per language and theme with every chart, its alt text and its table."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plotly.js").write_text(plotly.offline.get_plotlyjs(), encoding="utf-8")
    written = []
    for language in languages():
        for theme in THEMES:
            page = folder / f"{language}_{theme}.html"
            page.write_text(_page(language, theme), encoding="utf-8")
            written.append(page)
    return written


def _page(language: str, theme: Theme) -> str:
    parts = [
        f"<h2>{name}</h2>"
        + plotly.io.to_html(figure, config=figure_config(name), full_html=False, include_plotlyjs=False)
        + f"<p>{escape(words)}</p>{table.head(30).to_html()}"
        for name, figure, table, words in gallery(language, theme)
    ]
    head = f'<meta charset="utf-8"><title>{language} {theme}</title><script src="plotly.js"></script>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{"".join(parts)}</body></html>'


if __name__ == "__main__":
    for path in write_gallery(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")
