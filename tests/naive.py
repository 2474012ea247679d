"""The rules a second time, in plain Python, written from docs/scoring.md and not from the code: the tests' oracle.

One submission, one basis at a time. None is null. Numbers in brackets are paragraphs of docs/scoring.md.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from statistics import mean, median


@lru_cache(maxsize=10_000)
def F(number):  # [2.1]: the decimal that was typed
    return None if number is None else Fraction(repr(float(number)))


def naive_scores(framework, basis, answers, measures):
    """{(kind, scope): (score, score_max, coverage, level)} from the Answers and Measures of one submission."""
    rules, answer_of, found = framework.scoring, {a.criterion: a for a in answers}, {}
    levels = [level.id for level in framework.levels]
    said = {c.id: getattr(answer_of.get(c.id), "met", None) for c in framework.criteria}
    met = {c for c, yes in said.items() if yes and (basis != "evidenced" or answer_of[c].evidence is not None)}
    hopeful = met | {c for c, yes in said.items() if yes is None}
    rung, of_dimension = {}, {}
    for c in framework.criteria:
        rung.setdefault((c.item, c.level), []).append(c.id)
        for dimension, weight in c.dimensions.items():
            of_dimension.setdefault((dimension, c.level), []).append((c, F(weight)))

    def level(points):  # [8.1]
        reached = [name for name, least in rules.level_thresholds.items() if points >= F(least)]
        return reached[-1] if reached else "below"

    def put(kind, scope, score, score_max, coverage, level_id=None):
        found[kind, scope] = (score, score_max, coverage, None if score is None else level_id or level(score))

    def climb(item, met):  # [4.1, 4.2, 4.3]: points, complete levels
        points, complete = Fraction(0), []
        for name in levels:
            of_level = rung[item, name]
            share = Fraction(sum(c in met for c in of_level), len(of_level))
            points += F(rules.band_points[name]) * share
            if share < 1:
                break
            complete.append(name)
        return points, complete

    for item in framework.items_with_criteria:
        own = [c.id for c in framework.criteria if c.item == item.id]
        answered = sum(said[c] is not None for c in own)
        points, complete = climb(item.id, met)
        top = complete[-1] if complete else "below"
        put(
            "item", item.id, points if answered else None, climb(item.id, hopeful)[0], Fraction(answered, len(own)), top
        )

    scores_of = {}
    for m in measures:
        points = naive_points(rules, m)
        if basis == "verified" and points is not None:  # [5.5]
            points = None if m.accepted is None else points if m.accepted else Fraction(0)
        put("measure", f"{m.indicator}#{m.number}", points, points, Fraction(points is not None))
        scores_of.setdefault(m.indicator, []).extend([] if points is None else [points])
    for item in framework.items_with_indicators:
        parts, parts_max, core = [], [], []
        for indicator in [i for i in framework.indicators if i.item == item.id]:
            scored = scores_of.get(indicator.id, [])
            score = mean(scored) if scored else None  # [5.6]
            score_max = score if scored else Fraction(500) if indicator.core else None  # [5.7]
            put("indicator", indicator.id, score, score_max, Fraction(bool(scored)))
            if scored or indicator.core:  # [5.8]
                parts.append(score or Fraction(0))
                parts_max.append(score_max)
            core += [Fraction(bool(scored))] if indicator.core else []
        some = any(scores_of.get(i.id) for i in framework.indicators if i.item == item.id)
        coverage = mean(core) if core else Fraction(some)  # [5.9]
        put("item", item.id, mean(parts) if some else None, mean(parts_max) if parts else Fraction(500), coverage)

    def mean_of(kind, scope, parts):  # [6.1, 6.2, 6.3]
        null = all(score is None for score, *_ in parts)
        score_max = mean(Fraction(500) if score is None else most for score, most, *_ in parts)
        put(
            kind,
            scope,
            None if null else mean(p[0] or Fraction(0) for p in parts),
            score_max,
            mean(p[2] for p in parts),
        )

    for category in framework.categories:
        mean_of("category", category.id, [found["item", i.id] for i in framework.items if i.category == category.id])
    mean_of("overall", "overall", [found["category", c.id] for c in framework.categories])

    def heights(met):
        return {item.id: len(climb(item.id, met)[1]) for item in framework.items_with_criteria}

    def ladder(dimension, met, height):  # [7.1]
        points = Fraction(0)
        for rank, name in enumerate(levels):
            of_level = of_dimension[dimension, name]
            counted = [weight for c, weight in of_level if c.id in met and height[c.item] >= rank]
            points += F(rules.band_points[name]) * sum(counted) / sum(weight for _, weight in of_level)
        return points

    height, height_at_most = heights(met), heights(hopeful)
    for dimension in (d.id for d in framework.dimensions):
        weights = {c.id: F(c.dimensions[dimension]) for c in framework.criteria if dimension in c.dimensions}
        answered = [c for c in weights if said[c] is not None]
        coverage = Fraction(sum(weights[c] for c in answered)) / sum(weights.values())
        score = ladder(dimension, met, height) if answered else None
        score_max = ladder(dimension, hopeful, height_at_most)
        if dimension == rules.results_dimension:  # [7.4]
            part, half = found["category", rules.results_category], F(rules.results_share)
            both_null = score is None and part[0] is None
            most = (1 - half) * (500 if score is None else score_max)
            score_max = most + half * (500 if part[0] is None else part[1])
            score = None if both_null else (1 - half) * (score or 0) + half * (part[0] or 0)
            coverage = (1 - half) * coverage + half * part[2]
        put("dimension", dimension, score, score_max, coverage)
    return found


def naive_rate(rules, m):
    """[5.2]"""
    if m.target is None or m.actual is None or m.target < 0:
        return None
    if m.target == 0:
        return Fraction(100 if (m.actual <= 0 if m.direction == "lower" else m.actual >= 0) else 0)
    rate = 100 * F(m.actual) / F(m.target)
    rate = 200 - rate if m.direction == "lower" else rate
    return min(max(rate, Fraction(0)), Fraction(200))


def naive_points(rules, m):
    """[5.1, 5.3, 5.4]"""
    if m.target is None or m.actual is None:
        return None
    if m.method == "interval":
        if m.step is None or m.step <= 0:
            return None
        ahead = F(m.target) - F(m.actual) if m.direction == "lower" else F(m.actual) - F(m.target)
        return min(max(300 + 100 * ahead / F(m.step), Fraction(0)), Fraction(500))
    rate = naive_rate(rules, m)
    if rate is None:
        return None
    return 3 * rate if rate < 100 else Fraction(300 if rate <= 101 else 400 if rate <= 105 else 500)


def naive_trend(m):
    """[5.10]"""
    years = [(x, F(y)) for x, y in ((-2, m.actual_2), (-1, m.actual_1), (0, m.actual)) if y is not None]
    if len(years) < 2:
        return None
    slope = median((y2 - y1) / (x2 - x1) for n, (x1, y1) in enumerate(years) for x2, y2 in years[n + 1 :])
    if abs(slope) <= abs(mean(y for _, y in years)) / 100:
        return "steady"
    return "better" if (slope < 0) == (m.direction == "lower") else "worse"


def naive_comparison(m):
    """[5.11]"""
    if m.actual is None or m.benchmark is None:
        return None
    if m.actual == m.benchmark:
        return "same"
    return "better" if (m.actual < m.benchmark) == (m.direction == "lower") else "worse"
