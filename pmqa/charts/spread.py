"""How far agencies are apart: the spread of groups, and ranks with their tie bands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.charts.chart_points import agency_names, coverage_text, first_of, numbers, who_counts
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, Style, cells, round_step
from pmqa.charts.findings import extremes_of, finding
from pmqa.charts.footnotes import strip_notes
from pmqa.charts.style import Caption
from pmqa.charts.tables import RANK_BANDS, STRIP_POINTS, STRIP_STATS
from pmqa.framework import Framework
from pmqa.settings import PEER_MINIMUM
from pmqa.shown import shown_tenths
from pmqa.text import Translator

BAND: Final = 0.8  # of a row: quartiles, and the lanes of marks within them
BANDS: Final = Style("band", fill="faint", weight=1.33)
LEAST_LANES: Final = 5  # of a row's band: fewer do not spread over all of it
MOST_TICKS: Final = 10
NEAR: Final = 11.0  # points of the scale that a mark takes at the least width


def strip_data(scored: pd.DataFrame, *, kind: str, scope: str, group: str = "ministry") -> pd.DataFrame:
    """STRIP_POINTS of one scope, groups by name; group: ministry or agency_type."""
    rows = scored[(scored["kind"] == kind) & (scored["scope"] == scope)]
    names = agency_names(scored)
    return STRIP_POINTS.conform(
        pd.DataFrame(
            {
                "group": rows[group].astype("str"),
                "group_name": rows[group].astype("str"),
                "series": rows["agency_code"].astype("str"),
                "series_name": rows["agency_code"].astype("str").map(names),
                "score": rows["score"],
                "coverage": rows["coverage"],
            }
        ).sort_values(["group", "series"], kind="stable")
    )


def strip_stats(points: pd.DataFrame, *, minimum: int = PEER_MINIMUM, complete_only: bool = True) -> pd.DataFrame:
    """STRIP_STATS of STRIP_POINTS, over complete scores or over all; quartiles are blank below `minimum` agencies."""
    whole = points[points["score"].notna()]
    if complete_only:
        whole = whole[whole["coverage"] >= 1]
    groups = list(dict.fromkeys(points["group"].astype(str)))
    by_group = whole.groupby("group", observed=True)["score"]
    counts = by_group.count().reindex(groups, fill_value=0)
    quartiles = by_group.quantile([0.25, 0.5, 0.75]).unstack().reindex(index=groups, columns=[0.25, 0.5, 0.75])
    quartiles = quartiles[counts >= minimum].reindex(groups)
    return STRIP_STATS.conform(
        pd.DataFrame(
            {
                "group": groups,
                "n": counts.to_numpy(),
                "q1": quartiles[0.25].to_numpy(),
                "median": quartiles[0.5].to_numpy(),
                "q3": quartiles[0.75].to_numpy(),
            }
        )
    )


def strip(
    points: pd.DataFrame,
    stats: pd.DataFrame,
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    highlight: Collection[str] = (),
) -> Drawing:
    """Spread of each group: every agency a mark, quartiles a band, the median a post, n beside the name."""
    names, order = first_of(points, "group", "group_name"), [str(group) for group in stats["group"]]
    at = {group: row for row, group in enumerate(order)}
    scored = points[points["score"].notna()].sort_values(["group", "score"], kind="stable")
    scored = scored.assign(lift=dodges(scored)[0], picked=scored["series"].isin(list(highlight)))
    medians = numbers(stats["median"])
    printed = [
        Cell(row, value, text=t.number(value), lift=-BAND / 2) for row, value in enumerate(medians) if value is not None
    ]
    clouds = [
        Layer("dot", t(f"charts.{name}"), LOOKS[look], _cloud(scored[scored["picked"] == picked], at, t))
        for picked, name, look in ((False, "agency", "agency"), (True, "highlighted", "picked"))
    ]
    return Drawing(
        "rows",
        caption,
        _strip_finding(points, stats, caption, t),
        Scale.points(framework, t),
        tuple(Row(g, names[g], t("charts.n", n=t.number(n, 0))) for g, n in zip(order, stats["n"], strict=True)),
        (
            Layer("span", t("charts.quartiles"), BANDS, cells(numbers(stats["q1"]), to=numbers(stats["q3"]))),
            *clouds,
            # The medians last: marks must not hide them.
            Layer("post", t("charts.median"), replace(LOOKS["median"], dash="solid"), cells(medians)),
            Layer("text", "", LOOKS["missing"], tuple(printed), legend=False, plain=True),
        ),
        details=_groups(stats, names, t),
        notes=tuple(strip_notes(points, stats, caption, t)),
        marks_of="agency",
    )


def _cloud(marks: pd.DataFrame, at: Mapping[str, int], t: Translator) -> tuple[Cell, ...]:
    """Marks of STRIP_POINTS."""
    columns = (marks[name].tolist() for name in ("group", "series", "series_name", "score", "coverage", "lift"))
    return tuple(
        Cell(at[group], score, incomplete=share < 1, said=coverage_text(share, t), lift=lift, name=name, key=key)
        for group, key, name, score, share, lift in zip(*columns, strict=True)
    )


def _strip_finding(points: pd.DataFrame, stats: pd.DataFrame, caption: Caption, t: Translator) -> str:
    """Groups with the highest and the lowest median; of one group its statistics."""
    names, shown = first_of(points, "group", "group_name"), stats[stats["median"].notna()]
    groups = [names[group] for group in shown["group"]]
    blank = ("missing", int(points["score"].isna().sum()))
    ends = extremes_of(groups, shown["median"].tolist(), t.number)
    if ends is None:
        few = points["score"].notna().any()
        counted = who_counts(t, incomplete=caption.incomplete)
        return finding(t, "strip_few", counted=counted) if few else finding(t, "nothing")
    if len(shown) == 1:
        words = {name: t.number(shown[name].iloc[0]) for name in ("median", "q1", "q3")}
        return finding(t, "strip_one", suffix=blank, group=(groups[0],), n=int(shown["n"].iloc[0]), **words)
    key = "strip_level" if ends.level else "strip"
    return finding(t, key, suffix=blank, n=len(shown), **ends._asdict())


def _groups(stats: pd.DataFrame, names: Mapping[str, str], t: Translator) -> tuple[str, ...]:
    """Median, quartiles and n of each group that has them."""
    return tuple(
        t(
            "charts.alt_strip_one",
            group=names[one["group"]],
            n=int(one["n"]),
            **{name: t.number(one[name]) for name in ("median", "q1", "q3")},
        )
        for one in stats[stats["median"].notna()].to_dict("records")
    )


def dodges(scored: pd.DataFrame) -> tuple[pd.Series[float], int]:
    """How far each mark of STRIP_POINTS, ordered by group and score, moves off its row (in rows, down is positive).

    Also how many marks stand above each other at the most. Marks of near scores take different lanes, from the middle
    of the row outwards.
    """
    place: list[int] = []
    ends: list[float] = []  # of each lane of the group: its last score
    group: object = None
    for own, score in zip(scored["group"].tolist(), scored["score"].tolist(), strict=True):
        if own != group:
            group, ends = own, []
        free = next((lane for lane, end in enumerate(ends) if score - end >= NEAR), len(ends))
        ends[free : free + 1] = [score]
        place.append(free)
    lanes = max(place, default=0) + 1
    out = np.array(place, dtype="int64")
    steps = np.where(out % 2, -(out + 1) // 2, out // 2)  # 0, -1, 1, -2, 2, ...
    return pd.Series(steps * (BAND / max(lanes, LEAST_LANES)), index=scored.index), lanes


def rank_bands_data(scored: pd.DataFrame, ranks: pd.DataFrame, *, kind: str, scope: str) -> pd.DataFrame:
    """RANK_BANDS of one kind and scope from RANKS of pmqa.analysis.peers, best first."""
    rows = scored[(scored["kind"] == kind) & (scored["scope"] == scope)]
    scores = pd.Series(rows["score"].to_numpy(), index=rows["agency_code"].astype(str))
    names = agency_names(scored)
    ranks = ranks[(ranks["kind"] == kind) & (ranks["scope"] == scope)]
    codes = ranks["agency_code"].astype("str")
    return RANK_BANDS.conform(
        pd.DataFrame(
            {
                "series": codes,
                "series_name": codes.map(lambda code: names.get(code, code)),
                "score": codes.map(scores),
                "rank_low": ranks["rank_low"],
                "rank_high": ranks["rank_high"],
                "n": ranks["n"],
            }
        ).sort_values(["score", "series_name"], key=_best_first, kind="stable")
    )


def _best_first(column: pd.Series[Any]) -> pd.Series[Any]:
    """By the score as it is shown: of those who show the same, none is first."""
    return (
        pd.Series(-shown_tenths(column.to_numpy(dtype="float64")), column.index) if column.name == "score" else column
    )


def rank_bands(bands: pd.DataFrame, caption: Caption, t: Translator, *, highlight: Collection[str] = ()) -> Drawing:
    """Rank of each agency, 1 on the left; those who share ranks share a band."""
    last = int(bands["n"].max()) if len(bands) else 1
    chosen = bands["series"].isin(list(highlight)).tolist()
    step = max(1, int(round_step(last, MOST_TICKS)))
    # Round places, but for the last one: the one before it gives way where both would touch.
    ticks = tuple(sorted({1, last, *range(step, last - step // 2, step)}))
    scale = Scale(0.5, last + 0.5, ticks, t("charts.rank_axis", n=last), digits=0, around=0.5)
    ends = [
        f"{_rank_text(low, high)} · {t.number(score)}"
        for low, high, score in zip(bands["rank_low"], bands["rank_high"], bands["score"], strict=True)
    ]
    bars = cells(
        numbers(bands["rank_low"].astype("float64")),
        to=numbers(bands["rank_high"].astype("float64")),
        style=[LOOKS["picked" if pick else "score"] for pick in chosen],
        said=[f"{t('charts.score')}: {t.number(score)}" for score in bands["score"]],
    )
    return Drawing(
        "rows",
        caption,
        _rank_finding(bands, chosen, t),
        scale,
        tuple(
            Row(series, name, end=end, bold=pick)
            for series, name, end, pick in zip(bands["series"], bands["series_name"], ends, chosen, strict=True)
        ),
        (Layer("bar", t("charts.rank"), LOOKS["score"], bars, legend=False),),
        details=caption.notes,  # who has none
        notes=(t("charts.rank_bands"),),
        rows_of="agency",
    )


def _rank_finding(bands: pd.DataFrame, chosen: Sequence[bool], t: Translator) -> str:
    """Where the one marked stands, or who is first; and how many share their ranks."""
    if bands.empty:
        return finding(t, "nothing")
    n, sharing = int(bands["n"].iloc[0]), int((bands["rank_high"] > bands["rank_low"]).sum())
    one = bands[list(chosen)] if sum(chosen) == 1 else bands.iloc[:1]
    rank = _rank_text(int(one["rank_low"].iloc[0]), int(one["rank_high"].iloc[0]))
    words = {"n": n, "sharing": sharing, "score": t.number(one["score"].iloc[0]), "rank": rank}
    alike = bands if sum(chosen) != 1 else one
    first = alike[(alike["rank_low"] == one["rank_low"].iloc[0]) & (alike["rank_high"] == one["rank_high"].iloc[0])]
    return finding(t, "ranks", agencies=tuple(str(name) for name in first["series_name"]), **words)


def _rank_text(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
