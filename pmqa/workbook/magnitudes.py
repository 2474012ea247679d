"""Is a number of the size that is meant? Slips of the point, shares for percents, formats that show it smaller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook import layout
from pmqa.workbook.checks import Check, Form
from pmqa.workbook.findings import Spot
from pmqa.workbook.mapping import ACTUALS
from pmqa.workbook.normalise import is_percent, shown
from pmqa.workbook.rows import FormRow

SLIP: Final = 10.0  # the factor from which a value is more likely mistyped than true
MOST_PERCENT: Final = 200.0  # above it a percent that no other year is near to is more likely mistyped than true
PERCENTS: Final = ("target", *ACTUALS, "benchmark")
FEWEST_FRACTIONS: Final = 2  # numbers of a measure that are all shares of one: no slip of one cell
# พันธุ์ and สัมพันธ์ are no thousands.
LARGE_UNIT: Final = re.compile(r"พัน(?!ธ)|หมื่น|แสน|ล้าน|ลบ\.|thousand|million|billion", re.IGNORECASE)


def factor_ten(form: Form) -> Iterator[Spot]:
    """A value ten times, or a tenth of, both years before: a slip of the point or of the unit."""
    for row in form.measures():
        actual = row.values.get("actual")
        before = [row.values.get(key) for key in ACTUALS[1:]]
        numbers = [abs(value) for value in before if isinstance(value, float) and value]
        if isinstance(actual, float) and actual and numbers:
            high = all(abs(actual) >= SLIP * value for value in numbers)
            low = all(abs(actual) * SLIP <= value for value in numbers)
            if high or low:
                years = ", ".join(f"{value:.15g}" for value in numbers)
                yield row.spot("factor_ten", "actual", f"{actual:.15g}", before=years)


def percent_as_fraction(form: Form) -> Iterator[Spot]:
    """A unit of percent, and a target or an actual, or every number of the measure, written as a share of one."""
    for row in _in_percent(form):
        given = {key: value for key in PERCENTS if isinstance(value := row.values.get(key), float) and value}
        if len(given) >= FEWEST_FRACTIONS and all(0 < value <= 1 for value in given.values()):
            slips = set(given)
        else:
            pairs = (("actual", "target"), ("target", "actual"))
            slips = {key for key, other in pairs if 0 < given.get(key, 0) <= 1 and given.get(other, 0) >= SLIP}
        for key in slips:
            yield row.spot("percent_as_fraction", key, f"{given[key]:.15g}", after=f"{given[key] * 100:.15g}")


def percent_out_of_range(form: Form) -> Iterator[Spot]:
    """A percent far above the whole, and no earlier year of that size to tell that it is meant."""
    for row in _in_percent(form):
        before = [abs(value) for key in ACTUALS[1:] if isinstance(value := row.values.get(key), float) and value]
        for key in ("target", "actual"):
            value = row.values.get(key)
            # Of an actual that other years are far from, factor_ten tells.
            if isinstance(value, float) and abs(value) > MOST_PERCENT:
                told = bool(before) if key == "actual" else any(abs(value) < SLIP * one for one in before)
                if not told:
                    yield row.spot("percent_out_of_range", key, f"{value:.15g}")


def number_scaled(form: Form) -> Iterator[Spot]:
    """A number that its format shows in thousands or millions, beside a unit that says so: it may count twice."""
    for row in form.measures():
        unit = row.values.get("unit", form.framework.indicator[row.id].unit[DEFAULT_LANGUAGE])
        if not (isinstance(unit, str) and LARGE_UNIT.search(unit)):
            continue
        cells = row.block.sheet.rows[row.row]
        for key in layout.NUMBER_COLUMNS:
            cell = cells.get(row.block.columns.get(key, ""))
            value = row.values.get(key)
            if isinstance(cell, list) and cell[0].startswith("k") and isinstance(value, float) and value:
                yield row.spot("number_scaled", key, f"{value:.15g}", shown=shown(cell), unit=unit)


MAGNITUDE_CHECKS: Final[tuple[Check, ...]] = (factor_ten, percent_as_fraction, percent_out_of_range, number_scaled)


def _in_percent(form: Form) -> Iterator[FormRow]:
    for row in form.measures():
        unit = row.values.get("unit", form.framework.indicator[row.id].unit[DEFAULT_LANGUAGE])
        if isinstance(unit, str) and is_percent(unit):
            yield row
