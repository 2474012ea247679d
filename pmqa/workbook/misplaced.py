"""Does every cell stand beside what it belongs to? Columns under their headings, codes beside their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pmqa.text import DEFAULT_LANGUAGE
from pmqa.workbook.checks import Check, Form
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import ACTUALS, COLUMNS, HEADING_WORDS, YEAR_HEADING, text_of
from pmqa.workbook.normalise import fold
from pmqa.workbook.wording import codes_sorted_alone


def column_mixed(form: Form) -> Iterator[Spot]:
    """A column whose heading is another's than its hidden key: cells were moved on one of the two rows alone.

    What was filled in goes by the heading that people see, what is read by the key; neither is surely meant.
    """
    for block in form.located.blocks:
        headings, words = block.sheet.rows.get(block.head, {}), HEADING_WORDS[block.kind]
        titles = {column.key: column.words[DEFAULT_LANGUAGE] for column in COLUMNS[block.kind]}
        for key, letters in block.columns.items():
            text = text_of(headings.get(letters))
            said = words.get(folded := fold(text), key)
            if said != key or (YEAR_HEADING.fullmatch(folded) and key not in ACTUALS):
                yield spot("column_mixed", block.sheet.name, letters, block.head, text, expected=titles.get(key, key))


MISPLACED: Final = ("column_mixed", "code_astray")  # errors that say so of a sheet
MISPLACED_CHECKS: Final[tuple[Check, ...]] = (column_mixed, codes_sorted_alone)
