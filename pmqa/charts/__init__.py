"""Drawings from declared tables: pure functions, one style, no data access.

Every chart is two functions: `x_data(...)` makes its table (pmqa.charts.tables) from SCORED and the like, `x(...)`
makes of that table a Drawing (pmqa.charts.drawing), which `render.figure` draws and `render.wording` words. Pages
show the figure with `theme=None` (the style is the figure's own), `figure_config(...)` and the words, and the table
beside it. Figures need MIN_WIDTH pixels.

SCORED given to a `_data` function holds one basis, and one fiscal year unless it says otherwise: one row per agency
and scope. `peers` is PEER_STATS of pmqa.analysis.peers for the same basis and year.
"""

from pmqa.charts.actual_dots import actuals, actuals_data
from pmqa.charts.blocking import pareto, pareto_data
from pmqa.charts.chart_points import who_counts
from pmqa.charts.dot_plots import dots, dots_data
from pmqa.charts.effect_dots import MOST_EFFECTS, effects, effects_data
from pmqa.charts.footnotes import ANNOUNCED, SUFFIX
from pmqa.charts.heat import heatmap, heatmap_data
from pmqa.charts.histories import MOST_LINES, history, history_data
from pmqa.charts.ladder import level_ladder, level_ladder_data
from pmqa.charts.levels import level_distribution, level_distribution_data
from pmqa.charts.pairs import MOST_SLOPES, arrows, dumbbell, pairs_data, slope
from pmqa.charts.palette import Look, Theme, agency_colours
from pmqa.charts.plans import plan_steps, plan_steps_data
from pmqa.charts.profiles import LEAST_AXES, MOST_AXES, MOST_SERIES, radar, radar_data
from pmqa.charts.quadrants import quadrant, quadrant_data
from pmqa.charts.reader_notes import notes_of
from pmqa.charts.results import (
    indicator_line,
    indicator_line_data,
    success_rates,
    success_rates_data,
)
from pmqa.charts.spines import spine, spine_data
from pmqa.charts.spread import rank_bands, rank_bands_data, strip, strip_data, strip_stats
from pmqa.charts.style import EXPORT_WIDTH, MIN_WIDTH, Caption, figure_config, with_origin
from pmqa.charts.tables import (
    ACTUALS,
    CHART_POINTS,
    EFFECTS,
    GAP_BARS,
    HISTORY_POINTS,
    INDICATOR_YEARS,
    LADDER,
    LEVEL_COUNTS,
    PAIRS,
    PARETO,
    PLAN_STEPS,
    QUADRANT,
    RANK_BANDS,
    SPINE,
    STRIP_POINTS,
    STRIP_STATS,
    SUCCESS_RATES,
)
from pmqa.charts.targets import gap_bars, gap_bars_data
