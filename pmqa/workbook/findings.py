"""Findings: the catalogue of their codes, how repeats are grouped, and their sentences.

The sentences are data: `findings.<code>` says what was found, `mend.<code>` what to do (data/text/findings.toml).
docs/findings.md is made from both (catalogue.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from pmqa.errors import Finding, Severity
from pmqa.text import Translator

# In the order of docs/findings.md: the file, the form, the agency, rows, cells, measures, meaning, corrections.
CATALOGUE: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        # what the file is
        "is_empty": "error",
        "is_xls": "error",
        "is_xlsb": "error",
        "is_ods": "error",
        "is_macro_workbook": "error",
        "is_template": "error",
        "is_csv": "error",
        "is_html": "error",
        "is_xml": "error",
        "is_pdf": "error",
        "is_numbers": "error",
        "is_zip": "error",
        "zip_without_form": "error",
        "is_not_a_workbook": "error",
        "password_protected": "error",
        "damaged": "error",
        # what no honest workbook has, and limits
        "too_large": "error",
        "too_large_inflated": "error",
        "too_many_parts": "error",
        "part_twice": "error",
        "unsafe_part_name": "error",
        "part_with_backslash": "error",
        "has_dtd": "error",
        "too_many_elements": "error",
        "too_many_sheets": "error",
        "sheet_twice": "error",
        "too_many_cells": "error",
        "cell_twice": "error",
        "bad_address": "error",
        "bad_text_index": "error",
        "too_much_text": "error",
        "too_many_merges": "error",
        "too_many_styles": "error",
        "too_many_names": "error",
        "took_too_long": "error",
        "needs_too_much_memory": "error",
        "reader_stopped": "error",
        # the form
        "not_this_form": "error",
        "unknown_edition": "error",
        "newer_form": "error",
        "older_form": "warning",
        "edition_assumed": "warning",
        "other_edition_version": "warning",
        "missing_sheet": "error",
        "emptied_sheet": "error",
        "measures_twice": "error",
        "code_astray": "error",
        "no_headings": "error",
        "missing_column": "error",
        "column_twice": "error",
        "column_mixed": "error",
        "heading_year_differs": "warning",
        "merged_cells": "warning",
        "unplaced_left": "error",
        "unplaced_gone": "error",
        "unknown_sheet": "note",
        "unknown_column": "note",
        # the agency
        "missing_agency_field": "error",
        "agency_field_twice": "warning",
        "agency_label_differs": "error",
        "bad_agency_code": "error",
        "bad_fiscal_year": "error",
        "unknown_agency_type": "error",
        "unknown_source": "error",
        "unknown_agency": "error",
        "agency_name_differs": "error",
        "ministry_differs": "error",
        "other_agency": "error",
        "other_source": "error",
        "codes_look_alike": "warning",
        "several_files": "warning",
        "counted_before": "warning",
        "says_less": "warning",
        "year_converted": "warning",
        "new_agency": "note",
        "code_from_number": "note",
        "code_taken_as": "note",
        # rows
        "unknown_criterion": "error",
        "unknown_indicator": "error",
        "criterion_twice": "error",
        "row_without_code": "error",
        "too_many_measures": "error",
        "missing_criterion": "warning",
        "criterion_text_changed": "warning",
        "indicator_name_changed": "warning",
        "missing_indicator": "note",
        "code_corrected": "note",
        # cells
        "unreadable_answer": "error",
        "unreadable_opinion": "error",
        "unknown_direction": "error",
        "unknown_method": "error",
        "not_a_number": "error",
        "decimal_comma": "error",
        "percent_without_unit": "error",
        "date_for_number": "error",
        "number_out_of_range": "error",
        "error_value": "error",
        "formula_without_value": "error",
        # measures
        "negative_target": "error",
        "step_missing": "error",
        "step_not_positive": "error",
        "target_without_actual": "warning",
        "actual_without_target": "warning",
        "target_zero": "warning",
        "target_met_last_year": "warning",
        "factor_ten": "warning",
        "percent_out_of_range": "warning",
        "percent_as_fraction": "warning",
        "number_scaled": "warning",
        "step_unused": "note",
        # answers as a whole
        "nothing_answered": "warning",
        "item_unanswered": "warning",
        "core_unanswered": "warning",
        "met_without_evidence": "warning",
        "evidence_repeated": "warning",
        "score_overwritten": "warning",
        "score_gate_ignored": "warning",
        "score_text_edited": "warning",
        "score_not_recalculated": "warning",
        # corrections
        "comment_unread": "note",
        "mark_for_blank": "note",
        "evidence_says_nothing": "note",
        "text_cleaned": "note",
        "date_in_text": "note",
        "number_corrected": "note",
        "answer_corrected": "note",
    }
)

MOST_VALUES: Final = 5  # of a group that are shown
MOST_RANGES: Final = 40  # the marked copy fills the cells that are named here
LONGEST_VALUE: Final = 120
HINT: Final = "hint"  # the blank of "did you mean", empty or with the space before it


class Spot(NamedTuple):
    """One finding at one place, before repeats are grouped."""

    code: str
    sheet: str | None = None
    column: str = ""  # letters; "" where it is about a row, a sheet or the file
    row: int = 0
    value: str | None = None
    values: tuple[tuple[str, str | int], ...] = ()


def spot(
    code: str, sheet: str | None = None, column: str = "", row: int = 0, value: str | None = None, **values: str | int
) -> Spot:
    """A finding at a place; `values` fill the other blanks of its sentence."""
    return Spot(code, sheet, column, row, value, tuple(values.items()))


Place = tuple[int, int, int, str]  # number of the sheet from 1, row, width of the column, column
Placed = tuple[Place, Finding]


def grouped(spots: Iterable[Spot], sheets: Sequence[str]) -> tuple[Finding, ...]:
    """Findings, one for each code, sheet and column, with compressed ranges; in the order of sheets, rows, columns."""
    return tuple(finding for _, finding in placed(spots, sheets))


def placed(spots: Iterable[Spot], sheets: Sequence[str]) -> list[Placed]:
    """The same, each with the place that it is ordered by."""
    groups: dict[tuple[str, str | None, str], list[Spot]] = {}
    for number, found in enumerate(spots):
        # Without a cell there is nothing to join: each stays by itself.
        column = found.column if found.column and found.row else f"#{number}"
        groups.setdefault((found.code, found.sheet, column), []).append(found)
    order = {name: position for position, name in enumerate(sheets, 1)}

    def place(group: list[Spot]) -> Place:
        first = min(group, key=lambda found: found.row)
        return order.get(first.sheet or "", 0), first.row, len(first.column), first.column

    return in_order((place(group), _finding(group)) for group in groups.values())


def in_order(findings: Iterable[Placed]) -> list[Placed]:
    """By their places; those of one place stay as they were."""
    return sorted(findings, key=lambda one: one[0])


def _finding(group: list[Spot]) -> Finding:
    first = group[0]
    cell = None
    if first.column and first.row:
        cell = cell_ranges(first.column, [found.row for found in group])
    blanks = {name for found in group for name, _ in found.values}
    values: dict[str, object] = {
        name: _joined(dict(found.values)[name] for found in group if name in dict(found.values)) for name in blanks
    }
    if values.get(HINT):
        values[HINT] = f" {values[HINT]}"  # it follows a word, and nothing where there is none
    values["count"] = len(group)
    value = _joined(found.value for found in group if found.value is not None) or None
    return Finding(first.code, CATALOGUE[first.code], first.sheet, cell, value, MappingProxyType(values))


def cell_ranges(column: str, rows: Iterable[int]) -> str:
    """Cells of one column, compressed: "E4:E31, E40"; an ellipsis where there are too many ranges to print."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    words = [f"{column}{a}" if a == b else f"{column}{a}:{column}{b}" for a, b in runs[:MOST_RANGES]]
    return ", ".join(words) + (", …" if len(runs) > MOST_RANGES else "")


def _joined(values: Iterable[str | int]) -> str:
    distinct = [text for text in dict.fromkeys(_short(str(value)) for value in values) if text]
    return ", ".join(distinct[:MOST_VALUES]) + (", …" if len(distinct) > MOST_VALUES else "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def single_finding(found: Spot) -> Finding:
    """A finding of one cell by itself, whatever it is grouped with in the list."""
    return _finding([found])


def finding_text(finding: Finding, t: Translator) -> str:
    """What was found and what to do, in the translator's language; the place is for the caller to show."""
    return f"{found_text(finding, t)} {mend_text(finding, t)}".strip()


def found_text(finding: Finding, t: Translator) -> str:
    """What was found, without what to do."""
    return t(f"findings.{finding.code}", **_blanks(finding))


def mend_text(finding: Finding, t: Translator) -> str:
    """What to do, without what was found."""
    return t(f"mend.{finding.code}", **_blanks(finding))


def _blanks(finding: Finding) -> dict[str, object]:
    return {**finding.values, "value": finding.value or "", "sheet": finding.sheet or "", "cell": finding.cell or ""}
