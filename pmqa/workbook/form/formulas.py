"""The rules of docs/scoring.md as spreadsheet formulas that Excel 2016, LibreOffice and Google Sheets all compute.

They look rows up by code over whole columns, so that inserted, moved and sorted rows count; they use SUMPRODUCT where
an array is needed, because it is the one array function that needs no special entry anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pmqa.framework import Framework, Indicator
from pmqa.workbook import layout

# Larger than any position of a measure: the first of several is the one whose distance from FAR is largest.
FAR: Final = 100_000
# Doubles carry an error in their last digits (docs/scoring.md, 2.3): what is on a band's edge on paper is on it here.
RATE_DIGITS: Final = 10


def number(value: float) -> str:
    """A number of the edition as a formula writes it."""
    return f"{value:g}"


def text(value: str) -> str:
    """A string literal."""
    return '"' + value.replace('"', '""') + '"'


def array(values: Sequence[str]) -> str:
    """A constant array of texts, as a column."""
    return "{" + ";".join(text(value) for value in values) + "}"


# --- items of categories 1 to 6 ---------------------------------------------------------------------------------


def answered(sheet: str, letters: Mapping[str, str], criteria: Sequence[str], word: str, *, evidenced: bool) -> str:
    """How many of the criteria have this answer, and evidence with it."""
    parts = [_column(sheet, letters["criterion"]), array(criteria), _column(sheet, letters["answer"]), text(word)]
    if evidenced:
        parts += [_column(sheet, letters["evidence"]), text("<>")]
    return f"SUMPRODUCT(COUNTIFS({','.join(parts)}))"


def ladder(met: Sequence[str], of: Sequence[str], framework: Framework) -> str:
    """Points of an item: each level's share, held back until the levels below are complete.

    met, of: the criteria that are met, and all of them, level by level, as formulas or cells.
    """
    steps = []
    for place, points in enumerate(framework.scoring.band_points.values()):
        gates = "".join(f"*({met[below]}={of[below]})" for below in range(place))
        steps.append(f"{number(points)}*{met[place]}/{of[place]}{gates}")
    return "+".join(steps)


def ladder_level(met: Sequence[str], of: Sequence[str], names: Sequence[str]) -> str:
    """The highest level that is complete with all below it. names: below, then the levels."""
    formula = text(names[-1])
    for place in reversed(range(len(met))):
        formula = f"IF({met[place]}<{of[place]},{text(names[place])},{formula})"
    return formula


def points_level(cell: str, names: Sequence[str], framework: Framework) -> str:
    """The level that points reach. names: below, then the levels."""
    formula = text(names[0])
    for name, threshold in zip(names[1:], framework.scoring.level_thresholds.values(), strict=True):
        formula = f"IF(ROUND({cell},{RATE_DIGITS})>={number(threshold)},{text(name)},{formula})"
    return formula


# --- measures ---------------------------------------------------------------------------------------------------


def span_name(key: str) -> str:
    """The defined name of a column of the sheet of measures, from its first row to LAST_ROW."""
    return f"measure_{key}"


MEASURE_SPANS: Final = ("indicator", "direction", "target", "actual", "method", "step", "answer")
INDICATOR, DIRECTION, TARGET, ACTUAL, METHOD, STEP, ANSWER = map(span_name, MEASURE_SPANS)


def scored(code: str, *, verified: bool) -> str:
    """1 for each row that is a measure of the indicator and has what its method needs, else 0. code: a cell."""
    interval = f"({METHOD}={text(layout.METHODS['interval'])})"
    by_interval = f"{interval}*ISNUMBER({STEP})*({STEP}>0)"
    by_bands = f"(1-{interval})*({TARGET}>=0)"
    parts = [f"({INDICATOR}={code})", f"ISNUMBER({TARGET})", f"ISNUMBER({ACTUAL})", f"({by_interval}+{by_bands})"]
    if verified:
        parts.append("(" + "+".join(f"({ANSWER}={text(word)})" for word in layout.ACCEPTED.values()) + ")")
    return "*".join(parts)


def measure_count(code: str, *, verified: bool) -> str:
    """How many scored measures the indicator has."""
    return f"SUMPRODUCT({scored(code, verified=verified)})"


def position(code: str, place: int, count: str, *, verified: bool) -> str:
    """Where in the columns the indicator's nth scored measure stands; "" where there are fewer.

    count: the cell that says how many there are. Positions count from the columns' first row, wherever that has moved.
    """
    nearness = f"({FAR}+ROW(INDEX({INDICATOR},1))-ROW({INDICATOR}))"
    nth = f"SUMPRODUCT(LARGE({scored(code, verified=verified)}*{nearness},{place}))"
    return f'IF({count}<{place},"",{FAR}+1-{nth})'


def success_rate(at: str, indicator: Indicator, framework: Framework) -> str:
    """Percent of the target that a measure reached. at: the cell that holds its position."""
    actual, target, lower = _value(ACTUAL, at), _value(TARGET, at), _is_lower(at, indicator)
    at_zero = f"IF({lower},IF({actual}<=0,100,0),IF({actual}>=0,100,0))"
    rate = f"IF({target}=0,{at_zero},IF({lower},200-100*{actual}/{target},100*{actual}/{target}))"
    scoring = framework.scoring
    within = f"MAX({number(scoring.success_rate_min)},MIN({number(scoring.success_rate_max)},{rate}))"
    return f'IF({at}="","",{within})'


def measure_points(at: str, rate: str, indicator: Indicator, framework: Framework, *, verified: bool) -> str:
    """Points of a measure by its method; 0 where the assessor refused it. at, rate: cells."""
    scoring = framework.scoring
    actual, target = _value(ACTUAL, at), _value(TARGET, at)
    ahead = f"IF({_is_lower(at, indicator)},{target}-{actual},{actual}-{target})"
    by_interval = (
        f"MAX({number(scoring.scale_min)},MIN({number(scoring.scale_max)},{number(scoring.interval_points_at_target)}"
        f"+{number(scoring.interval_points_per_step)}*{ahead}/{_value(STEP, at)}))"
    )
    method = f"{_value(METHOD, at)}={text(layout.METHODS['interval'])}"
    points = f"IF({method},{by_interval},{_bands(rate, framework)})"
    if verified:
        refused = f"{_value(ANSWER, at)}={text(layout.ACCEPTED[False])}"
        points = f"IF({refused},{number(scoring.scale_min)},{points})"
    return f'IF({at}="","",{points})'


def _bands(rate: str, framework: Framework) -> str:
    formula = ""
    for band in reversed(framework.scoring.bands):
        points = number(band.points) if band.points is not None else f"{number(band.points_per_percent or 0)}*{rate}"
        sign = "<=" if band.inclusive else "<"
        formula = f"IF(ROUND({rate},{RATE_DIGITS}){sign}{number(band.limit)},{points},{formula})" if formula else points
    return formula


def _is_lower(at: str, indicator: Indicator) -> str:
    """Whether less is better: as the row says, else as the indicator does."""
    direction = _value(DIRECTION, at)
    lower = f"{direction}={text(layout.DIRECTIONS['lower'])}"
    return f'OR({direction}="",{lower})' if indicator.direction == "lower" else f"({lower})"


def _value(span: str, at: str) -> str:
    return f"INDEX({span},{at})"


def _column(sheet: str, letter: str) -> str:
    return f"'{sheet}'!${letter}:${letter}"
