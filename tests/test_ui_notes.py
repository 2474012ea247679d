"""Reader's notes: sentences that follow from a chart's own table, and say nothing that the table does not show."""

from __future__ import annotations

import pandas as pd

from pmqa.charts import HISTORY_POINTS, RANK_BANDS, STRIP_POINTS, strip_stats
from pmqa.tables import Table
from pmqa.text import translator
from pmqa.views.remarks import notes_of_history, notes_of_ranks, notes_of_spread

T = translator("en")


def frame(table: Table, *rows: tuple[object, ...]) -> pd.DataFrame:
    return table.conform(pd.DataFrame(rows, columns=list(table.columns)))


def history(*rows: tuple[str, int, float | None]) -> pd.DataFrame:
    lines = [(series, series, "agency", year, score, 1.0, None) for series, year, score in rows]
    return frame(
        HISTORY_POINTS,
        *lines,
        ("median", "M", "median", 2567, 1.0, None, 9),
        ("median", "M", "median", 2569, 9.0, None, 9),
    )


def test_lines_are_read_from_each_ones_first_year_to_its_last():
    rows = history(
        *(("A", 2567, 100.0), ("A", 2568, 50.0), ("A", 2569, 200.0)),
        *(("B", 2567, None), ("B", 2568, 100.0), ("B", 2569, 99.0)),
        *(("C", 2567, 100.01), ("C", 2569, 100.04)),
        ("D", 2569, 7.0),
    )
    said = "From the first year with a score to the last: lines that rose 1, fell 1, stayed 1 (of 3)."
    assert notes_of_history(rows, T) == (said,)


def test_of_one_line_the_points_are_said():
    rows = history(("A", 2567, 100.0), ("A", 2569, 87.5))
    assert notes_of_history(rows, T) == ("From the first year with a score to the last: −12.5 points.",)


def test_a_single_year_is_no_movement():
    assert notes_of_history(history(("A", 2569, 7.0)), T) == (T("compare_page.no_movement"),)


def test_ranks_say_how_many_are_ranked_and_how_many_by_a_band():
    bands = frame(RANK_BANDS, ("A", "A", 9.0, 1, 1, 3), ("B", "B", 8.0, 2, 3, 3), ("C", "C", 8.0, 2, 3, 3))
    ranked = "3 of {} agencies are ranked, 2 of them by a band."
    assert notes_of_ranks(bands, 3, T) == (ranked.format(3),)
    assert notes_of_ranks(bands, 5, T) == (ranked.format(5),)  # who is not says the chart itself
    assert notes_of_ranks(bands.iloc[:0], 5, T) == ()


def test_a_spread_is_read_of_groups_that_are_large_enough_alone():
    scores = {"M": (100, 110, 120, 130, 140), "N": (50, 100, 150, 200, 250), "O": (499, 500)}
    rows = [(g, g, f"{g}{n}", f"{g}{n}", float(s), 1.0) for g, many in scores.items() for n, s in enumerate(many)]
    found = frame(STRIP_POINTS, *rows)
    notes = notes_of_spread(found, strip_stats(found, minimum=5), 5, T("charts.counted_complete"), T)
    assert notes[0] == "Highest median: N (150.0)."
    assert notes[1] == "Middle half furthest apart: N (100.0 points)."
    assert notes[2].startswith("Groups of fewer than 5")
    assert notes[2].endswith(": 1.")
    assert not any("O" in note for note in notes)


def test_of_one_group_alone_none_is_the_highest_or_the_widest():
    rows = [("M", "M", f"M{n}", f"M{n}", 100.0 + n, 1.0) for n in range(5)]
    found = frame(STRIP_POINTS, *rows)
    assert notes_of_spread(found, strip_stats(found, minimum=5), 5, T("charts.counted_complete"), T) == ()
