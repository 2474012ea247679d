"""The rules of docs/scoring.md as spreadsheet formulas that Excel 2016, LibreOffice and Google Sheets all compute.

They look rows up by code over whole columns, so that inserted, moved and sorted rows count; they use SUMPRODUCT where
an array is needed, because it is the one array function that needs no special entry anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pmqa.framework import Framework, Indicator
from pmqa.workbook import layout
from pmqa.workbook.form.grid import LAST_ROW

# Larger than any row number a measure can have; positions are found as the largest of FAR - row.
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


def scored(sheet: str, letters: Mapping[str, str], code: str, *, verified: bool) -> str:
    """1 for each row of the sheet that is a measure of the indicator and has what its method needs, else 0."""

    def span(key: str) -> str:
        return f"'{sheet}'!${letters[key]}$1:${letters[key]}${LAST_ROW}"

    interval = f"({span('method')}={text(layout.METHODS['interval'])})"
    by_interval = f"{interval}*ISNUMBER({span('step')})*({span('step')}>0)"
    by_bands = f"(1-{interval})*({span('target')}>=0)"
    parts = [
        f"({span('indicator')}={code})",
        f"ISNUMBER({span('target')})",
        f"ISNUMBER({span('actual')})",
        f"({by_interval}+{by_bands})",
    ]
    if verified:
        verdict = span("answer")
        parts.append("(" + "+".join(f"({verdict}={text(word)})" for word in layout.ACCEPTED.values()) + ")")
    return "*".join(parts)


def measure_count(sheet: str, letters: Mapping[str, str], code: str, *, verified: bool) -> str:
    """How many scored measures the indicator has."""
    return f"SUMPRODUCT({scored(sheet, letters, code, verified=verified)})"


def position(sheet: str, letters: Mapping[str, str], code: str, place: int, count: str, *, verified: bool) -> str:
    """The row of the indicator's nth scored measure; "" where there are fewer. count: the cell that says how many."""
    rows = f"({FAR}-ROW('{sheet}'!${letters['indicator']}$1:${letters['indicator']}${LAST_ROW}))"
    found = f"SUMPRODUCT(LARGE({scored(sheet, letters, code, verified=verified)}*{rows},{place}))"
    return f'IF({count}<{place},"",{FAR}-{found})'


def success_rate(sheet: str, letters: Mapping[str, str], row: str, indicator: Indicator, framework: Framework) -> str:
    """Percent of the target that a measure reached; row is the cell that holds its row."""
    actual, target = _at(sheet, letters["actual"], row), _at(sheet, letters["target"], row)
    lower = _is_lower(sheet, letters, row, indicator)
    at_zero = f"IF({lower},IF({actual}<=0,100,0),IF({actual}>=0,100,0))"
    rate = f"IF({target}=0,{at_zero},IF({lower},200-100*{actual}/{target},100*{actual}/{target}))"
    scoring = framework.scoring
    within = f"MAX({number(scoring.success_rate_min)},MIN({number(scoring.success_rate_max)},{rate}))"
    return f'IF({row}="","",{within})'


def measure_points(
    sheet: str,
    letters: Mapping[str, str],
    row: str,
    rate: str,
    indicator: Indicator,
    framework: Framework,
    *,
    verified: bool,
) -> str:
    """Points of a measure by its method; 0 where the assessor refused it. row, rate: cells."""
    scoring = framework.scoring
    actual, target = _at(sheet, letters["actual"], row), _at(sheet, letters["target"], row)
    ahead = f"IF({_is_lower(sheet, letters, row, indicator)},{target}-{actual},{actual}-{target})"
    by_interval = (
        f"MAX({number(scoring.scale_min)},MIN({number(scoring.scale_max)},{number(scoring.interval_points_at_target)}"
        f"+{number(scoring.interval_points_per_step)}*{ahead}/{_at(sheet, letters['step'], row)}))"
    )
    method = f"{_at(sheet, letters['method'], row)}={text(layout.METHODS['interval'])}"
    points = f"IF({method},{by_interval},{_bands(rate, framework)})"
    if verified:
        refused = f"{_at(sheet, letters['answer'], row)}={text(layout.ACCEPTED[False])}"
        points = f"IF({refused},{number(scoring.scale_min)},{points})"
    return f'IF({row}="","",{points})'


def _bands(rate: str, framework: Framework) -> str:
    formula = ""
    for band in reversed(framework.scoring.bands):
        points = number(band.points) if band.points is not None else f"{number(band.points_per_percent or 0)}*{rate}"
        sign = "<=" if band.inclusive else "<"
        formula = f"IF(ROUND({rate},{RATE_DIGITS}){sign}{number(band.limit)},{points},{formula})" if formula else points
    return formula


def _is_lower(sheet: str, letters: Mapping[str, str], row: str, indicator: Indicator) -> str:
    """Whether less is better: as the row says, else as the indicator does."""
    direction = _at(sheet, letters["direction"], row)
    lower = f"{direction}={text(layout.DIRECTIONS['lower'])}"
    return f'OR({direction}="",{lower})' if indicator.direction == "lower" else f"({lower})"


def _column(sheet: str, letter: str) -> str:
    return f"'{sheet}'!${letter}:${letter}"


def _at(sheet: str, letter: str, row: str) -> str:
    return f"INDEX({_column(sheet, letter)},{row})"
