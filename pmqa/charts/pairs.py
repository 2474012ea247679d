"""Two values of each row: A against B, self against assessor, last year against this."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.charts.chart_points import agency_names, coverage_text, numbers, scope_label
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale, Style, cells, of_agency
from pmqa.charts.findings import finding
from pmqa.charts.footnotes import pair_notes, pair_open_notes
from pmqa.charts.palette import Look, agency_colours
from pmqa.charts.style import SMALLEST, Caption
from pmqa.charts.tables import PAIRS
from pmqa.charts.words import fitted
from pmqa.framework import Framework
from pmqa.shown import differences_shown
from pmqa.text import Translator

MOST_SLOPES: Final = 8  # rows; above it, the page shows arrows
NAME_OF_COVERAGE: Final = 200  # pixels of one side's name and its coverage below a row's name
COUNTED: Final = re.compile(r" \(n = [^)]*\)$")  # of how many a side is the median, which the legend says
STEADY: Final = 0.05  # points: below it, the display's one decimal shows no difference


def pairs_data(
    first: pd.DataFrame,
    second: pd.DataFrame,
    framework: Framework,
    t: Translator,
    *,
    kind: str,
    scope: str | None = None,
    order: str = "given",
) -> pd.DataFrame:
    """PAIRS of two SCORED frames.

    scope None: rows are the kind's scopes; each frame holds one agency (A against B, self against assessor, two years
    of one). scope given: rows are the agencies of either frame on that scope. order: given, name, score (of the
    second, highest first) or gap (largest difference first). Raises ValueError where a frame has a row twice.
    """
    by = "scope" if scope is None else "agency_code"
    sides = []
    for frame in (first, second):
        rows = frame[frame["kind"] == kind]
        rows = rows if scope is None else rows[rows["scope"] == scope]
        if rows[by].duplicated().any():
            raise ValueError(f"pairs need one row per {by} in each frame")
        sides.append(rows[["score", "coverage"]].set_axis(rows[by].astype("str"), axis="index"))
    if scope is None:
        keys = list(framework.scopes(kind))
        names = {key: scope_label(framework, kind, key, t) for key in keys}
    else:
        keys = list(dict.fromkeys([*sides[1].index, *sides[0].index]))
        names = agency_names(pd.concat([first, second], ignore_index=True))
    left, right = (side.reindex(keys) for side in sides)
    pairs = PAIRS.conform(
        pd.DataFrame(
            {
                "row": keys,
                "row_name": [names[key] for key in keys],
                "first": left["score"].to_numpy(),
                "second": right["score"].to_numpy(),
                "difference": differences_shown(right["score"], left["score"]).to_numpy(),
                "first_coverage": left["coverage"].to_numpy(),
                "second_coverage": right["coverage"].to_numpy(),
            }
        )
    )
    if order == "name":
        pairs = pairs.sort_values("row_name", kind="stable")
    elif order == "score":
        pairs = pairs.sort_values("second", ascending=False, kind="stable", na_position="last")
    elif order == "gap":
        pairs = pairs.sort_values("difference", key=lambda d: -d.abs(), kind="stable", na_position="last")
    return pairs.reset_index(drop=True)


def dumbbell(
    pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, framework: Framework, t: Translator, *, most: int = 0
) -> Drawing:
    """PAIRS as two marks a row joined by a line, the difference (second - first) beside them; most: rows drawn."""
    return _two_marks(pairs, names, caption, framework, t, most, pointed=False)


def arrows(
    pairs: pd.DataFrame, names: tuple[str, str], caption: Caption, framework: Framework, t: Translator, *, most: int = 0
) -> Drawing:
    """PAIRS as a dot with an arrow to the second value: last year to this; most: rows drawn, 0 = all."""
    return _two_marks(pairs, names, caption, framework, t, most, pointed=True)


def slope(
    pairs: pd.DataFrame,
    names: tuple[str, str],
    caption: Caption,
    framework: Framework,
    t: Translator,
    *,
    colours: Mapping[str, Look] | None = None,
) -> Drawing:
    """PAIRS as lines from left to right, each named at both ends. Raises ValueError for more than eight rows."""
    if len(pairs) > MOST_SLOPES:
        raise ValueError(f"{len(pairs)} slopes hide each other; the most is {MOST_SLOPES}")
    look, scale = colours or agency_colours([str(row) for row in pairs["row"]]), Scale.points(framework, t)
    first, second = (_side(pairs, side, t) for side in ("first", "second"))
    lines = [
        Layer(
            "line",
            name,
            of_agency(look[key]),
            (replace(first[place], row=0), replace(second[place], row=1)),
            legend=False,
            key=key,
        )
        for place, (key, name) in enumerate(zip(pairs["row"].astype("str"), pairs["row_name"], strict=True))
    ]
    said = t("charts.slope_scale", low=t.number(scale.low, 0), high=t.number(scale.high, 0))
    return Drawing(
        "course",
        caption,
        _finding(pairs, names, t),
        scale,
        tuple(Row(name, name, ruled=True) for name in names),
        tuple(lines),
        details=(_counts(pairs, names, t),),
        notes=(*pair_notes(pairs, t), said, *pair_open_notes(pairs, t)),
    )


def signed(value: float, t: Translator) -> str:
    """A difference with its sign; a true minus, so that it is as wide as a plus."""
    text = t.number(abs(value))
    if abs(value) < STEADY:
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def _two_marks(
    pairs: pd.DataFrame,
    names: tuple[str, str],
    caption: Caption,
    framework: Framework,
    t: Translator,
    most: int,
    *,
    pointed: bool,
) -> Drawing:
    shown = pairs.head(most) if most else pairs
    apart, scale = numbers(shown["difference"]), Scale.points(framework, t)
    both = shown["difference"].notna()
    joined = cells(numbers(shown["first"].where(both)), to=numbers(shown["second"].where(both)))
    before = LOOKS["before" if pointed else "other"]
    after = [_direction(difference) if pointed else LOOKS["own"] for difference in apart]
    ends = [t("charts.no_difference") if difference is None else signed(difference, t) for difference in apart]
    asides = _coverages(shown, names, t)
    return Drawing(
        "rows",
        caption,
        _finding(pairs, names, t),
        scale,
        tuple(
            Row(key, name, aside, end, quiet=difference is None)
            for key, name, aside, end, difference in zip(
                shown["row"], shown["row_name"], asides, ends, apart, strict=True
            )
        ),
        (
            Layer("link", "", LOOKS["link"], joined, legend=False, plain=True),
            Layer("dot", names[0], before, _side(shown, "first", t)),
            Layer("dot", names[1], LOOKS["rising" if pointed else "own"], _side(shown, "second", t, after)),
        ),
        details=(_counts(pairs, names, t),),
        notes=(*pair_notes(shown, t), *pair_open_notes(shown, t), *([t("charts.arrows_read")] if pointed else [])),
        end_title=t("charts.difference"),
    )


def _direction(difference: float | None) -> Style:
    """The mark at an arrow's end."""
    if difference is None or abs(difference) < STEADY:
        return LOOKS["agency"]
    return LOOKS["rising" if difference > 0 else "falling"]


def _side(pairs: pd.DataFrame, side: str, t: Translator, styles: Sequence[Style] = ()) -> tuple[Cell, ...]:
    coverage = pairs[f"{side}_coverage"]
    answered = [coverage_text(share, t) for share in coverage]
    more = {"style": styles} if styles else {}
    return cells(numbers(pairs[side]), incomplete=(coverage < 1).tolist(), said=answered, **more)


def _finding(pairs: pd.DataFrame, names: tuple[str, str], t: Translator) -> str:
    """Which side is higher in how many rows, and where they are farthest apart."""
    known = pairs[pairs["difference"].notna()]
    bare = [COUNTED.sub("", name) for name in names]  # a count would be torn where names are shortened
    sides = {"first": tuple(bare[:1]), "second": tuple(bare[1:])}
    blank = ("not_comparable", len(pairs) - len(known))
    if known.empty:
        return finding(t, "pairs_none", **sides)
    higher, lower = int((known["difference"] >= STEADY).sum()), int((known["difference"] <= -STEADY).sum())
    if not higher + lower:
        return finding(t, "pairs_level", suffix=blank, n=len(known), **sides)
    said_as = {difference: signed(difference, t) for difference in known["difference"].unique().tolist()}
    apart = [said_as[difference] for difference in known["difference"].tolist()]
    largest = apart[int(known["difference"].abs().to_numpy().argmax())]
    rows = tuple(str(name) for name, said in zip(known["row_name"], apart, strict=True) if said == largest)
    words = {"n": len(known), "rows": rows, "difference": largest, **sides}
    if len(known) == 1:
        return finding(t, "pairs_one", suffix=blank, **words)
    more = "pairs_higher" if higher >= lower else "pairs_lower"
    return finding(t, more, suffix=blank, count=max(higher, lower), **words)


def _counts(pairs: pd.DataFrame, names: tuple[str, str], t: Translator) -> str:
    """How many rows are higher and lower in the second."""
    known = pairs["difference"].dropna()
    higher, lower = int((known >= STEADY).sum()), int((known <= -STEADY).sum())
    return t("charts.alt_pairs", first=names[0], second=names[1], higher=higher, lower=lower, n=len(known))


def _coverages(pairs: pd.DataFrame, names: tuple[str, str], t: Translator) -> list[str]:
    texts = []
    for first, second in zip(pairs["first_coverage"], pairs["second_coverage"], strict=True):
        parts = [
            "".join(fitted(name, NAME_OF_COVERAGE, SMALLEST, 1, f": {answered}"))
            for name, value in zip(names, (first, second), strict=True)
            if (answered := coverage_text(value, t))
        ]
        same = len(parts) == len(names) and coverage_text(first, t) == coverage_text(second, t)
        texts.append(coverage_text(first, t) if same else " · ".join(parts))
    return texts
