"""What each chart is drawn from, declared once: the same table stands beside the chart and is its text alternative.

Scores are points and success rates percent, on the scales of the edition; coverage and shares 0..1. A blank is missing
and is drawn as a gap. The order of rows is the order of display. Names are plain text as people wrote them; charts
escape.
"""

from __future__ import annotations

from typing import Final

from pmqa.tables import Table

# Scores of series over scopes: radar, small multiples, dots, heatmap, strip.
CHART_POINTS: Final = Table(
    "chart_points",
    {
        "series": "text",  # agency code, or "median", "best", "target"
        "series_name": "text",
        "role": "text",  # agency, median, best, target
        "scope": "text",
        "scope_name": "text",
        "score": "float?",
        "coverage": "float?",  # blank for a median
        "n": "int?",  # agencies behind a median or best; blank for an agency
    },
    key=("series", "scope"),
)

# Two values of each row: A against B, self against assessor, last year against this.
PAIRS: Final = Table(
    "pairs",
    {
        "row": "text",  # a scope or an agency code
        "row_name": "text",
        "first": "float?",
        "second": "float?",
        "difference": "float?",  # second - first; blank where either is
        "first_coverage": "float?",
        "second_coverage": "float?",
    },
    key=("row",),
)

# One agency against its peers, a scope a row.
SPINE: Final = Table(
    "spine",
    {
        "scope": "text",
        "scope_name": "text",
        "own": "float?",
        "coverage": "float?",
        "minimum": "float?",
        "q1": "float?",
        "median": "float?",
        "q3": "float?",
        "maximum": "float?",
        "target": "float?",
        "n": "int?",  # peers behind the statistics
    },
    key=("scope",),
)

# One agency's way to its target, a scope a row.
GAP_BARS: Final = Table(
    "gap_bars",
    {
        "scope": "text",
        "scope_name": "text",
        "score": "float?",
        "target": "float?",
        "gap": "float?",  # points up to the target; 0 where it is reached
        "coverage": "float?",
    },
    key=("scope",),
)

# The ladder of one agency's items: what is met of each level, and what the gate holds back.
LADDER: Final = Table(
    "ladder",
    {
        "item": "text",
        "item_name": "text",
        "category": "text",
        "level": "text",  # its id
        "level_name": "text",
        "criteria": "int",
        "met": "int",  # of them, counted in the score
        "held_back": "int",  # met, but earns nothing: a level below is incomplete
        "not_met": "int",
        "unanswered": "int",
        "points": "float",  # what the level adds to the item's score
        "worth": "float",  # what it adds when complete
    },
    key=("item", "level"),
)

# How many agencies have which level, a scope and level a row.
LEVEL_COUNTS: Final = Table(
    "level_counts",
    {
        "scope": "text",
        "scope_name": "text",
        "level": "text",  # below, an id, none (no score)
        "level_name": "text",
        "agencies": "int",
        "n": "int",  # agencies with a score in the scope
    },
    key=("scope", "level"),
)

# What closing each criterion releases, largest first.
PARETO: Final = Table(
    "pareto",
    {
        "criterion": "text",
        "criterion_text": "text",
        "item": "text",
        "level": "text",
        "level_name": "text",
        "points": "float",  # released in its item, summed over the agencies that it blocks
        "agencies": "int",  # that it blocks
        "cumulative_share": "float",  # of all points of the table, down to this row
    },
    key=("criterion",),
)

# A plan's way up: the score after each criterion that is closed; step 0 is the start.
PLAN_STEPS: Final = Table(
    "plan_steps",
    {
        "step": "int",
        "criterion": "text?",
        "criterion_text": "text?",
        "effort": "float",
        "effort_so_far": "float",
        "gain": "float",  # points of the scope; 0 where the step only opens a level
        "score": "float?",  # after the step; blank at step 0 where nothing of the scope was answered
    },
    key=("step",),
)

# One measure of several agencies in one unit, the best first.
ACTUALS: Final = Table(
    "actuals",
    {
        "series": "text",  # agency code; with the measure's number where it has several of the name
        "series_name": "text",
        "actual": "float",  # in the unit that most use
        "target": "float?",
        "actual_sent": "float",
        "unit_sent": "text",
        "converted": "bool",
    },
    key=("series",),
)

# Effects of agencies or items on own minus assessed scores, the highest first.
EFFECTS: Final = Table(
    "effects",
    {
        "row": "text",  # agency code or item
        "row_name": "text",
        "effect": "float",  # points; above 0 the agency's own score is the higher one
        "spread": "float",  # usual rest around it, points
        "n": "int",  # differences behind it
        "differs": "bool",  # marked: everyone reads it differently
    },
    key=("row",),
)

# A measure over the years, in its own unit.
INDICATOR_YEARS: Final = Table(
    "indicator_years",
    {"fiscal_year": "int", "actual": "float?", "target": "float?", "benchmark": "float?"},
    key=("fiscal_year",),
)

# Measures (or agencies, for one indicator) on the one scale that different units share.
SUCCESS_RATES: Final = Table(
    "success_rates",
    {
        "row": "text",  # "7.1.1#2", or an agency code
        "row_name": "text",
        "core": "bool",
        "success_rate": "float?",  # percent, 0..200; blank = not reported
        "score": "float?",
        "trend": "text?",  # better, steady, worse
        "comparison": "text?",  # better, same, worse than the benchmark
    },
    key=("row",),
)

# Scores over fiscal years.
HISTORY_POINTS: Final = Table(
    "history_points",
    {
        "series": "text",  # an agency code, a scope, or "median"; of announced scores with a suffix
        "series_name": "text",
        "role": "text",  # agency, scope, announced, median
        "fiscal_year": "int",
        "score": "float?",
        "coverage": "float?",
        "n": "int?",
    },
    key=("series", "fiscal_year"),
)

# Spread of groups (ministries, types) with every agency visible.
STRIP_POINTS: Final = Table(
    "strip_points",
    {
        "group": "text",
        "group_name": "text",
        "series": "text",
        "series_name": "text",
        "score": "float?",
        "coverage": "float?",
    },
    key=("group", "series"),
)

# Quartiles of the groups of STRIP_POINTS, over complete scores only.
STRIP_STATS: Final = Table(
    "strip_stats",
    {"group": "text", "n": "int", "q1": "float?", "median": "float?", "q3": "float?"},  # blank: too few to show
    key=("group",),
)

# What agencies do (categories of processes) against what comes of it (the category of results).
QUADRANT: Final = Table(
    "quadrant",
    {
        "series": "text",
        "series_name": "text",
        "process": "float?",  # mean of the process categories
        "results": "float?",
        "coverage": "float?",  # the lower of the two
    },
    key=("series",),
)

# Ranks with their tie bands, best first.
RANK_BANDS: Final = Table(
    "rank_bands",
    {
        "series": "text",
        "series_name": "text",
        "score": "float?",
        "rank_low": "int",  # 1 is best
        "rank_high": "int",
        "n": "int",
    },
    key=("series",),
)
