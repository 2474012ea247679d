"""One agency against its peers, scope by scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pmqa.charts.chart_points import agency_points, coverage_text, listed, numbers, who_counts
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, cells
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import open_notes, spine_notes
from pmqa.charts.pairs import signed
from pmqa.charts.style import Caption
from pmqa.charts.tables import SPINE
from pmqa.framework import Framework
from pmqa.text import Translator


def spine_data(
    scored: pd.DataFrame,
    peers: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    agency: str,
    target: float | Mapping[str, float] | None = None,
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """SPINE of the agency on PEER_STATS; target: one number, or scope -> number."""
    own = agency_points(scored, framework, t, kind=kind, agencies=[agency], scopes=scopes)
    stats = peers[peers["kind"] == kind].assign(scope=lambda p: p["scope"].astype("str")).set_index("scope")
    stats = stats.reindex(own["scope"])
    targets = target if isinstance(target, Mapping) else dict.fromkeys(own["scope"], target)
    return SPINE.conform(
        pd.DataFrame(
            {
                "scope": own["scope"],
                "scope_name": own["scope_name"],
                "own": own["score"],
                "coverage": own["coverage"],
                **{name: stats[name].to_numpy() for name in ("minimum", "q1", "median", "q3", "maximum")},
                "target": own["scope"].map(targets).astype("float64"),
                "n": stats["n"].astype("Int64").array,
            }
        )
    )


def spine(rows: pd.DataFrame, caption: Caption, framework: Framework, t: Translator, *, own_name: str = "") -> Drawing:
    """SPINE: the peers' range a thin bar, quartiles a thick one, median and target posts; own value a mark."""
    own, median, scale = numbers(rows["own"]), numbers(rows["median"]), Scale.points(framework, t)
    below = [o is not None and m is not None and o < m for o, m in zip(own, median, strict=True)]
    answered = [coverage_text(coverage, t) for coverage in rows["coverage"]]
    asides = [
        " · ".join(part for part in ("" if pd.isna(n) else t("charts.n", n=n), said) if part)
        for n, said in zip(rows["n"], answered, strict=True)
    ]
    marks = cells(
        own,
        incomplete=(rows["coverage"] < 1).tolist(),
        said=answered,
        style=[LOOKS["behind" if under else "own"] for under in below],
    )
    notes = [*spine_notes(rows, caption, t), *([t("charts.spine_read")] if any(below) else [])]
    return Drawing(
        "rows",
        caption,
        _spine_finding(rows, caption, t),
        scale,
        tuple(
            Row(key, name, aside, t("charts.no_score") if value is None else t.number(value), quiet=value is None)
            for key, name, aside, value in zip(rows["scope"], rows["scope_name"], asides, own, strict=True)
        ),
        (
            Layer("span", t("charts.range"), LOOKS["range"], _between(rows, "minimum", "maximum")),
            Layer("span", t("charts.quartiles"), LOOKS["quartiles"], _between(rows, "q1", "q3")),
            Layer("post", t("charts.median"), replace(LOOKS["median"], dash="solid", weight=0.75), cells(median)),
            Layer("post", t("charts.target"), LOOKS["target"], cells(numbers(rows["target"]))),
            Layer("dot", own_name or t("charts.own"), LOOKS["own"], marks),
        ),
        details=_sides_of_median(rows, t),
        notes=(*notes, *open_notes(rows["own"], rows["coverage"], t)),
        rows_of="scope",
    )


def _between(rows: pd.DataFrame, low: str, high: str) -> tuple[Cell, ...]:
    known = rows[low].notna() & rows[high].notna()
    return cells(numbers(rows[low].where(known)), to=numbers(rows[high].where(known)))


def _spine_finding(rows: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """In how many scopes the agency is below its peers' median, and where most."""
    known = rows[rows["own"].notna() & rows["median"].notna()]
    if known.empty:
        few = rows["own"].notna().any()
        counted = who_counts(t, incomplete=caption.incomplete)
        return finding(t, "spine_few", counted=counted) if few else finding(t, "nothing")
    apart = (known["own"] - known["median"]).tolist()
    below = [difference for difference in apart if difference < 0]
    ends = extremes_of(known["scope_name"].tolist(), apart, lambda value: signed(value, t))
    words = {"count": len(below), "n": len(known), "suffix": ("not_comparable", len(rows) - len(known))}
    if ends is None or not below:
        return finding(t, "spine_above", scopes=ends.top if ends else (), difference=ends.high if ends else "", **words)
    return finding(t, "spine_below", scopes=ends.bottom, difference=ends.low, **words)


def _sides_of_median(rows: pd.DataFrame, t: Translator) -> tuple[str, ...]:
    """Scopes above and below the peers' median, and what cannot be compared."""
    known = rows[rows["own"].notna() & rows["median"].notna()]
    above = [str(name) for name in known[known["own"] >= known["median"]]["scope_name"]]
    below = [str(name) for name in known[known["own"] < known["median"]]["scope_name"]]
    said = [
        t(f"charts.alt_{side}", n=len(scopes), scopes=listed(scopes, t))
        for side, scopes in (("above", above), ("below", below))
        if scopes
    ]
    blank = len(rows) - len(known)
    return (*said, t("charts.alt_incomparable", n=blank)) if blank else tuple(said)
