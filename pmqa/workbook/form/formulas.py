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
# Spreadsheets compute in doubles. Numbers are typed with at most 15 digits, so the difference of two is exact once it
# is rounded to the place of the larger one's last digit; bands go by such differences and not by the rate (2.1).
TYPED_DIGITS: Final = 15
# Means of points carry an error of less than half of this place: what is a level's threshold on paper is one here.
POINT_DIGITS: Final = 12


def number(value: float) -> str:
    """A number of the edition as a formula writes it."""
    return f"{value:.15g}"


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
        formula = f"IF(ROUND({cell},{POINT_DIGITS})>={number(threshold)},{text(name)},{formula})"
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


def last_place(at: str) -> str:
    """The decimal place of the last digit that the larger of actual and target can have. at: as below."""
    largest = f"MAX(ABS({_value(ACTUAL, at)}),ABS({_value(TARGET, at)}),1E-15)"
    return f'IF({at}="","",{TYPED_DIGITS - 1}-INT(LOG10({largest})))'


def ahead(at: str, place: str, indicator: Indicator) -> str:
    """By how much a measure is better than its target, exactly. place: the cell of `last_place`."""
    actual, target = _value(ACTUAL, at), _value(TARGET, at)
    better = f"IF({_is_lower(at, indicator)},{target}-{actual},{actual}-{target})"
    return f'IF({at}="","",ROUND({better},{place}))'


def success_rate(at: str, better: str, framework: Framework) -> str:
    """Percent of the target that a measure reached. at: the cell that holds its position; better: that of `ahead`."""
    target, scoring = _value(TARGET, at), framework.scoring
    rate = f"IF({target}=0,IF({better}>=0,100,0),100+100*{better}/{target})"
    within = f"MAX({number(scoring.success_rate_min)},MIN({number(scoring.success_rate_max)},{rate}))"
    return f'IF({at}="","",{within})'


def measure_points(at: str, cells: Mapping[str, str], framework: Framework, *, verified: bool) -> str:
    """Points of a measure by its method; 0 where the assessor refused it. cells: of place, ahead and rate."""
    scoring = framework.scoring
    by_interval = (
        f"MAX({number(scoring.scale_min)},MIN({number(scoring.scale_max)},{number(scoring.interval_points_at_target)}"
        f"+{number(scoring.interval_points_per_step)}*{cells['ahead']}/{_value(STEP, at)}))"
    )
    method = f"{_value(METHOD, at)}={text(layout.METHODS['interval'])}"
    points = f"IF({method},{by_interval},{_bands(at, cells, framework)})"
    if verified:
        refused = f"{_value(ANSWER, at)}={text(layout.ACCEPTED[False])}"
        points = f"IF({refused},{number(scoring.scale_min)},{points})"
    return f'IF({at}="","",{points})'


def _bands(at: str, cells: Mapping[str, str], framework: Framework) -> str:
    """Points by bands. With a target of 0 the rate is 0 or 100 exactly; otherwise it is on a limit where the measure is
    ahead by the limit's share of the target."""
    target, rate, formula = _value(TARGET, at), cells["rate"], ""
    for band in reversed(framework.scoring.bands):
        points = number(band.points) if band.points is not None else f"{number(band.points_per_percent or 0)}*{rate}"
        sign, beyond = "<=" if band.inclusive else "<", band.limit - 100
        share = f"ROUND({cells['ahead']}-{number(beyond)}*{target}/100,{cells['place']}+2)"
        within = f"IF({target}=0,{rate}-{number(band.limit)},{share}){sign}0"
        formula = f"IF({within},{points},{formula})" if formula else points
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
