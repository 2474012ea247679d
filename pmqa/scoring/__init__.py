"""Scores from answers and measures, for all submissions of an edition at once. Pure; docs/scoring.md has the rules.

answers  -> ladder   items 1.1 to 6.4, dimensions
measures -> results  measures, indicators, items of category 7; trend and comparison
exact    where binary arithmetic could tell a level or a shown digit wrongly
both     -> score    categories, overall, the results dimension; SCORES
moved    which scores moved when the rules changed or a file is read differently
"""

from pmqa.framework import BELOW
from pmqa.scoring.exact import fraction_of, nearest_double, of_settled
from pmqa.scoring.moved import CAUSES, as_moved, by_reading, moved_scores, rules_since
from pmqa.scoring.points import (
    government_index,
    level_ids,
    level_of,
)
from pmqa.scoring.score import (
    KINDS,
    OVERALL,
    RULES_VERSION,
    exact_score,
    near_scores,
    overall_scores,
    score,
    score_measures,
)
