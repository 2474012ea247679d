"""Differences between agencies and assessors split into leniency of agencies and difficulty of items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmqa.analysis.bias import bias, median_polish, read_differently_by_all, readings
from pmqa.analysis.compare import DIFFERENCES
from pmqa.framework import shipped_frameworks

FRAMEWORK = shipped_frameworks()["pmqa4"]
ITEMS = [item.id for item in FRAMEWORK.items_with_criteria]


def differences_of(matrix, items=ITEMS, complete=True):
    """DIFFERENCES of agencies A, B, ... over the first items; nan is left out."""
    rows = [
        (chr(ord("A") + row), items[column], value)
        for row, values in enumerate(matrix)
        for column, value in enumerate(values)
        if not np.isnan(value)
    ]
    frame = pd.DataFrame(rows, columns=["agency_code", "scope", "difference"])
    rest = {"fiscal_year": 2569, "kind": "item", "assessed": 0.0, "own_coverage": 1.0, "assessed_coverage": 1.0}
    return DIFFERENCES.conform(frame.assign(own=frame["difference"], complete=complete, **rest))


def test_leniency_and_difficulty_that_add_up_are_found_exactly():
    agencies, items = np.array([30.0, 0, -10]), np.array([0.0, 50, -20, 10, -5])
    found, rests = bias(differences_of(100 + agencies[:, None] + items), FRAMEWORK)
    effect = found.set_index("id")["effect"]
    assert found.loc[found["part"] == "common", "effect"].item() == 100
    assert [effect["A"], effect["B"], effect["C"]] == [30, 0, -10]
    assert [effect[item] for item in ITEMS[:5]] == [0, 50, -20, 10, -5]
    assert list(found["id"][1:4]) == ["A", "B", "C"]  # most lenient first
    assert (rests["rest"] == 0).all()


def test_one_wild_difference_stays_in_its_rest_and_moves_nobodys_effect():
    matrix = np.zeros((5, 5))
    matrix[2, 3] = 400
    found, rests = bias(differences_of(matrix), FRAMEWORK)
    assert (found["effect"] == 0).all()
    assert tuple(rests.loc[0, ["agency_code", "item", "rest"]]) == ("C", ITEMS[3], 400)


@settings(max_examples=60)
@given(st.data())
def test_the_parts_of_every_difference_add_up_to_it(data):
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    numbers = st.one_of(st.just(np.nan), st.integers(-500, 500).map(float))
    matrix = np.array(data.draw(st.lists(st.lists(numbers, min_size=columns, max_size=columns), min_size=rows,
                                         max_size=rows)))  # fmt: skip
    matrix = np.where(np.isnan(matrix).all(axis=1, keepdims=True) | np.isnan(matrix).all(axis=0), 1.0, matrix)
    common, of_row, of_column, rest, converged = median_polish(matrix)
    assert converged
    assert common + of_row[:, None] + of_column + rest == pytest.approx(matrix, nan_ok=True, abs=1e-6)
    assert np.median(of_row) == pytest.approx(0, abs=1e-6)
    assert np.median(of_column) == pytest.approx(0, abs=1e-6)


def test_incomplete_items_and_missing_cells_are_left_out():
    matrix = np.array([[10.0, 20.0], [np.nan, 40.0]])
    found, rests = bias(differences_of(matrix), FRAMEWORK)
    assert len(rests) == 3
    assert found.loc[found["part"] == "common", "n"].item() == 3
    nothing, none = bias(differences_of(matrix, complete=False), FRAMEWORK)
    assert len(nothing) == len(none) == 0


def test_items_that_everyone_reads_differently_come_first():
    matrix = np.array([[0.0, 200, 0], [0, -200, 100], [0, 150, 0], [10, -100, 0]])
    found = readings(differences_of(matrix), FRAMEWORK)
    assert list(found["item"]) == [ITEMS[1], ITEMS[2], ITEMS[0]]
    assert list(found["differ"]) == [4, 1, 0]
    assert list(found["share_differ"]) == [1, 0.25, 0]
    assert len(readings(DIFFERENCES.empty(), FRAMEWORK)) == 0


@pytest.mark.parametrize(("minimum", "marked"), [(3, {ITEMS[0], ITEMS[2]}), (4, {ITEMS[0]}), (5, set())])
def test_an_item_is_read_differently_by_all_only_where_nobody_agrees_and_enough_say_so(minimum, marked):
    nan = np.nan
    matrix = np.array([[60.0, 60, 80, 0], [-60, 60, -80, 0], [100, 50, 80, 0], [51, 60, nan, 0]])
    found = readings(differences_of(matrix), FRAMEWORK)
    assert read_differently_by_all(found, minimum) == marked
