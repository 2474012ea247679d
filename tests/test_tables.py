"""A table is declared once: the frame's check and the database's DDL come from the same lines."""

from __future__ import annotations

import pandas as pd
import pytest

from pmqa import tables
from pmqa.errors import TableError
from pmqa.tables import Table

FRUIT = Table("fruit", {"name": "text", "ripe": "bool?", "grams": "float?"}, key=("name",))


def test_a_frame_is_given_the_declared_columns_order_and_types():
    frame = FRUIT.conform(pd.DataFrame({"grams": [1, None], "name": ["a", "b"], "ripe": [True, None], "more": [1, 2]}))
    assert list(frame.columns) == ["name", "ripe", "grams"]
    assert list(map(str, frame.dtypes)) == ["str", "boolean", "float64"]
    assert frame["ripe"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"name": ["a"], "ripe": [True]}, "no column 'grams'"),
        ({"name": ["a", None], "ripe": [None, None], "grams": [1.0, 2.0]}, "column 'name' has blanks"),
        ({"name": ["a", "a"], "ripe": [None, None], "grams": [1.0, 2.0]}, "repeat the key"),
        ({"name": ["a"], "ripe": [None], "grams": ["heavy"]}, "column 'grams' is not float"),
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused_with_the_reason(rows, said):
    with pytest.raises(TableError, match=said):
        FRUIT.conform(pd.DataFrame(rows))


def test_values_of_python_become_the_same_frame_as_one_that_conforms():
    columns = {"more": [1, 2], "grams": [1, None], "ripe": [None, True], "name": ["ก", "b"]}
    pd.testing.assert_frame_equal(FRUIT.of(columns), FRUIT.conform(pd.DataFrame(columns)))
    assert FRUIT.of({name: [] for name in columns}).dtypes.tolist() == FRUIT.empty().dtypes.tolist()
    for wrong in ({"name": ["a", None]}, {"grams": ["heavy", 1.0]}):
        with pytest.raises(TableError, match="fruit"):
            FRUIT.of(columns | wrong)


def test_an_empty_table_conforms_to_itself():
    for table in vars(tables).values():
        if isinstance(table, Table):
            assert len(table.conform(table.empty())) == 0


def test_ddl_says_what_may_be_blank_and_what_is_unique():
    assert FRUIT.ddl() == (
        'CREATE TABLE fruit (\n    "name" VARCHAR NOT NULL,\n    "ripe" BOOLEAN,\n'
        '    "grams" DOUBLE,\n    PRIMARY KEY (name)\n)'
    )
