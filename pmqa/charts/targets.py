"""How far it is from scores to their targets."""

from __future__ import annotations

import pandas as pd

from pmqa.charts.chart_points import coverage_text, numbers, scope_label
from pmqa.charts.drawing import LOOKS, Drawing, Layer, Row, Scale, Style, cells
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import gap_notes
from pmqa.charts.style import Caption
from pmqa.charts.tables import GAP_BARS
from pmqa.framework import Framework
from pmqa.text import Translator


def gap_bars_data(gaps: pd.DataFrame, framework: Framework, t: Translator, *, kind: str) -> pd.DataFrame:
    """GAP_BARS of a kind from GAPS of pmqa.analysis.gaps of one agency, the largest gap first."""
    gaps = gaps[gaps["kind"] == kind]
    rows = GAP_BARS.conform(
        pd.DataFrame(
            {
                "scope": gaps["scope"].astype("str"),
                "scope_name": [scope_label(framework, kind, str(scope), t) for scope in gaps["scope"]],
                "score": gaps["score"],
                "target": gaps["target"],
                "gap": gaps["gap"],
                "coverage": gaps["coverage"],
            }
        )
    )
    return rows.sort_values("gap", ascending=False, kind="stable", ignore_index=True)


def gap_bars(rows: pd.DataFrame, caption: Caption, framework: Framework, t: Translator) -> Drawing:
    """GAP_BARS: the score as a bar, the way to the target hatched, the target a post, the gap in words."""
    scores, targets, gaps = (numbers(rows[name]) for name in ("score", "target", "gap"))
    words = [_gap_words(*one, t) for one in zip(scores, targets, gaps, strict=True)]
    answered = [coverage_text(coverage, t) for coverage in rows["coverage"]]
    ways = cells([score if gap else None for score, gap in zip(scores, gaps, strict=True)], to=targets)
    return Drawing(
        "rows",
        caption,
        _gap_finding(rows, t),
        Scale.points(framework, t),
        tuple(
            Row(key, name, said, end, quiet=gap is None)
            for key, name, said, end, gap in zip(rows["scope"], rows["scope_name"], answered, words, gaps, strict=True)
        ),
        (
            Layer("bar", t("charts.score"), LOOKS["score"], cells(scores, text=[t.number(score) for score in scores])),
            Layer("bar", t("charts.gap"), LOOKS["gap"], ways),
            Layer("post", t("charts.target"), Style("ink"), cells(targets)),
        ),
        notes=tuple(gap_notes(rows, t)),
        rows_of="scope",
    )


def _gap_finding(rows: pd.DataFrame, t: Translator) -> str:
    """How many targets are reached, and where most is left."""
    known = rows[rows["gap"].notna()]
    blank = ("missing", int(rows["score"].isna().sum()))
    if known.empty:
        return finding(t, "gap_none" if rows["score"].notna().any() else "nothing")
    left = known[known["gap"] > 0]
    if left.empty:
        return finding(t, "gap_reached", suffix=blank, n=len(known))
    ends = extremes_of(left["scope_name"].tolist(), left["gap"].tolist(), t.number)
    words = {"reached": len(known) - len(left), "n": len(known)}
    top, high = (ends.top, ends.high) if ends else ((), "")
    return finding(t, "gap", suffix=blank, scopes=top, gap=high, **words)


def _gap_words(score: float | None, target: float | None, gap: float | None, t: Translator) -> str:
    if score is None:
        return t("charts.no_score")
    if target is None or gap is None:
        return t("charts.no_target")
    return t("charts.reached") if gap == 0 else t("charts.short_of", gap=t.number(gap))
