"""From SCORED to CHART_POINTS, and the small things that all charts say about points: coverage, what is missing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.charts.style import Caption
from pmqa.charts.tables import CHART_POINTS
from pmqa.framework import Framework
from pmqa.text import Translator

NO_SCORE: Final = "none"
REFERENCES: Final = frozenset({"median", "best", "target"})  # what agencies are held against
MOST_NAMES: Final = 4  # names that a footnote lists before it counts


def scope_label(framework: Framework, kind: str, scope: str, t: Translator) -> str:
    """A scope as an axis names it: dimensions by name, others with their number in front."""
    if kind == "overall":
        return t("charts.overall")
    name = framework.scope_name(kind, scope, t.language)
    return name if kind == "dimension" else f"{scope} {name}"


def agency_names(scored: pd.DataFrame) -> dict[str, str]:
    """Agency code -> name, the last one given; agencies of the same name carry their code."""
    last = scored.drop_duplicates("agency_code", keep="last")
    names = dict(zip(last["agency_code"].tolist(), last["agency_name"].tolist(), strict=True))
    seen = Counter(names.values())
    in_order = ((code, names[code]) for code in scored["agency_code"].unique().tolist())
    return {code: f"{name} ({code})" if seen[name] > 1 else name for code, name in in_order}


def agency_points(
    scored: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agencies: Sequence[str],
    scopes: Sequence[str] | None = None,
    peers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """CHART_POINTS agencies x scopes, in the orders given; a combination without a row is blank.

    peers: PEER_STATS, whose median follows as a series of its own, blank where there are too few. Raises ValueError
    where SCORED mixes bases or years.
    """
    wanted = list(scopes) if scopes is not None else list(framework.scopes(kind))
    rows = scored[(scored["kind"] == kind) & scored["agency_code"].isin(agencies) & scored["scope"].isin(wanted)]
    # Column by column: of ten thousand agencies, a tuple a point would take most of a page's time.
    at, column = pd.Index(agencies).get_indexer(rows["agency_code"]), pd.Index(wanted).get_indexer(rows["scope"])
    place, size = at * len(wanted) + column, len(agencies) * len(wanted)
    if len(np.unique(place)) < len(place):
        raise ValueError("a chart needs one basis and one year: an agency has more than one row for a scope")
    values = {name: np.full(size, math.nan) for name in ("score", "coverage")}
    for name, found in values.items():
        found[place] = rows[name].to_numpy(dtype="float64")
    names = agency_names(rows)
    labels = {scope: scope_label(framework, kind, scope, t) for scope in wanted}
    row, column = np.repeat(np.arange(len(agencies)), len(wanted)), np.tile(np.arange(len(wanted)), len(agencies))
    shown = [names.get(agency, agency) for agency in agencies]
    if peers is not None:
        medians = [_medians(peers, kind).get(scope, (math.nan, None)) for scope in wanted]
        row, column = np.append(row, [len(agencies)] * len(wanted)), np.append(column, np.arange(len(wanted)))
        values["score"] = np.append(values["score"], [score for score, _ in medians])
        values["coverage"] = np.append(values["coverage"], [math.nan] * len(wanted))
    texts: dict[str, tuple[list[str], Any]] = {
        "series": ([*agencies, "median"], row),
        "series_name": ([*shown, t("charts.median")], row),
        "role": (["agency", "median"], (row == len(agencies)).astype(np.int64)),
        "scope": (wanted, column),
        "scope_name": (list(labels.values()), column),
    }
    # Each text is made once and taken as often as it stands there.
    points = {name: pd.array(words, dtype="str").take(places) for name, (words, places) in texts.items()}
    n = pd.array(np.zeros(len(row), dtype=np.int64), dtype="Int64")
    n[:size] = pd.NA
    if peers is not None:
        n[size:] = [n for _, n in medians]
    return CHART_POINTS.conform(pd.DataFrame({**points, **values, "n": n}), check_key=False)


def _medians(peers: pd.DataFrame, kind: str) -> dict[str, tuple[float, int | None]]:
    """Scope -> median and n of PEER_STATS of a kind."""
    rows = peers[peers["kind"] == kind]
    columns = (rows[name].tolist() for name in ("scope", "median", "n"))
    return {scope: (median, None if pd.isna(n) else int(n)) for scope, median, n in zip(*columns, strict=True)}


def agency_order(
    scored: pd.DataFrame,
    *,
    order: str,
    kind: str = "overall",
    scope: str = "overall",
    agencies: Sequence[str] | None = None,
) -> list[str]:
    """Agency codes: by score (highest first), gap (lowest first) or name, those without score last; or as given."""
    if order == "given" and agencies is not None:
        return list(agencies)
    rows = scored[(scored["kind"] == kind) & (scored["scope"] == scope)]
    names = agency_names(rows)
    given = list(names) if agencies is None else list(agencies)
    if order == "given":
        return given
    by_name = sorted(given, key=lambda code: names.get(code, code))
    if order == "name":
        return by_name
    sign = -1 if order == "score" else 1
    known = rows[rows["score"].notna()]
    places = dict(zip(known["agency_code"].tolist(), (sign * known["score"]).tolist(), strict=True))
    return sorted(by_name, key=lambda code: places.get(code, math.inf))


def numbers(values: Iterable[float | None]) -> list[float | None]:
    """Floats for a trace, None where there is none: Plotly leaves a gap there."""
    found = values.tolist() if isinstance(values, pd.Series) else values
    return [None if value is None or math.isnan(value) else float(value) for value in found]


def series_of(points: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Series -> its rows, in order of appearance."""
    return {str(series): rows for series, rows in points.groupby("series", sort=False, observed=True)}


def shown_series(points: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`series_of` without medians and the like that have no value: a legend that lists them shows a line of nothing."""
    return {
        series: rows
        for series, rows in series_of(points).items()
        if rows["role"].iloc[0] not in REFERENCES or rows["score"].notna().any()
    }


def first_of(points: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    """key -> value of its first row, in order of appearance."""
    first = points[[key, value]].drop_duplicates(key)
    return dict(zip(first[key].tolist(), first[value].tolist(), strict=True))


def lowest_coverage(points: pd.DataFrame) -> dict[str, float]:
    """Series -> its lowest coverage, of those below 1."""
    partly = points[points["coverage"] < 1]
    lowest = partly["coverage"].groupby(partly["series"], sort=False).min()
    return dict(zip(lowest.index.tolist(), lowest.tolist(), strict=True))


def coverage_text(coverage: float | None, t: Translator) -> str:
    """ "62% answered", nothing at 100 % or unknown. Never rounds up to 100."""
    if coverage is None or math.isnan(coverage) or coverage >= 1:
        return ""
    return t("charts.coverage", share=t.percent(min(coverage, 0.99)))


def coverage_from_text(lowest: float | None, t: Translator) -> str:
    """ "incomplete (from 62%)": of a series over several scopes; nothing where all are complete."""
    return "" if lowest is None else t("charts.coverage_from", share=t.percent(lowest))


def level_name(framework: Framework, level: str, t: Translator) -> str:
    """A level as people call it; below the first and without score too."""
    return t("charts.no_score") if level == NO_SCORE else framework.level_name(level, t)


def listed(names: Sequence[str], t: Translator) -> str:
    """Names in a sentence: the first few, then how many more."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return t("charts.and_more", names=", ".join(names[:MOST_NAMES]), more=len(names) - MOST_NAMES)


def missing_note(missing: Mapping[str, Sequence[str]], t: Translator) -> list[str]:
    """A footnote for what is drawn as a gap; missing: series name -> names of the scopes without score,
    or nothing where the chart has one scope."""
    if not missing:
        return []
    if not any(missing.values()):
        return [t("charts.missing_series", series=listed(list(missing), t))]
    if len(missing) == 1:
        (series, scopes), *_ = missing.items()
        return [t("charts.missing_one", series=series, scopes=listed(list(scopes), t))]
    cells = sum(len(scopes) for scopes in missing.values())
    return [t("charts.missing_many", cells=t.number(cells, 0), series=listed(list(missing), t))]


def missing_of(points: pd.DataFrame) -> dict[str, list[str]]:
    """Agency name -> names of its scopes without score."""
    found: dict[str, list[str]] = {}
    blank = points[points["score"].isna() & (points["role"] == "agency")]
    for name, scope in zip(blank["series_name"].tolist(), blank["scope_name"].tolist(), strict=True):
        found.setdefault(name, []).append(scope)
    return found


def as_reported(value: float | None, t: Translator) -> str:
    """A raw value: up to two decimals, none where it is whole."""
    if value is None or pd.isna(value):
        return t.number(None)
    return t.number(value, 0) if float(value).is_integer() else t.number(value, 2).rstrip("0").rstrip(".")


def who_counts(t: Translator, *, incomplete: bool) -> str:
    """In words: the agencies that statistics and ranks are of."""
    return t("charts.counted_scored" if incomplete else "charts.counted_complete")


def too_few_text(n: int, counted: str, t: Translator) -> str:
    """Why there is no median. n: how many agencies there are; counted: in words, which."""
    if n:
        return t("charts.few_for_median", n=n, counted=counted)
    return t("charts.none_for_median", counted=counted)


def median_note(points: pd.DataFrame, caption: Caption, t: Translator) -> list[str]:
    """What the median is of, or why there is none."""
    counted = who_counts(t, incomplete=caption.incomplete)
    columns = (points[name].tolist() for name in ("role", "score", "n"))
    medians = [(score, n) for role, score, n in zip(*columns, strict=True) if role == "median"]
    if not medians:
        return []
    shown = [int(n) for score, n in medians if not math.isnan(score)]
    if not shown:
        known = max((0 if pd.isna(n) else int(n) for _, n in medians), default=0)
        return [too_few_text(known, counted, t)]
    low, high = min(shown), max(shown)
    return [t("charts.median_of", n=low if low == high else f"{low}–{high}", counted=counted)]
