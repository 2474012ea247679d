"""Does every cell stand beside what it belongs to? Columns under their headings, codes beside their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pmqa.workbook.checks import ASTRAY, Check, Form
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import ACTUALS, COLUMNS, HEADING_WORDS, YEAR_HEADING, text_of
from pmqa.workbook.normalise import fold
from pmqa.workbook.rows import FormRow


def column_mixed(form: Form) -> Iterator[Spot]:
    """A column whose heading is another's than its hidden key: cells were moved on one of the two rows alone.

    What was filled in goes by the heading that people see, what is read by the key; neither is surely meant.
    """
    for block in form.located.blocks:
        headings, words = block.sheet.rows.get(block.head, {}), HEADING_WORDS[block.kind]
        titles = {column.key: column.th for column in COLUMNS[block.kind]}
        for key, letters in block.columns.items():
            text = text_of(headings.get(letters))
            said = words.get(folded := fold(text), key)
            if said != key or (YEAR_HEADING.fullmatch(folded) and key not in ACTUALS):
                yield spot("column_mixed", block.sheet.name, letters, block.head, text, expected=titles.get(key, key))


def indicator_name_changed(form: Form) -> Iterator[Spot]:
    """The name beside a measure is not its indicator's; or, in many rows, another's: the codes were sorted alone."""
    changed = list(_with_another_name(form))
    astray = [(row, other) for row, _, other in changed if other]
    if len(astray) >= ASTRAY and form.located.keys.get("edition_version") == form.framework.version:
        for row, other in astray:
            yield row.spot("code_astray", "indicator", row.id, other=other)
        return
    for row, name, _ in changed:
        yield row.spot("indicator_name_changed", "indicator_name", name, expected=row.id)


MISPLACED_CHECKS: Final[tuple[Check, ...]] = (column_mixed, indicator_name_changed)


def _with_another_name(form: Form) -> Iterator[tuple[FormRow, str, str]]:
    """Rows with another name than their indicator's, with it, and with the id whose name it is or ""."""
    whose: dict[str, str] = {}
    for row in form.measures():
        # Below its name the form says what applies where unit and direction are left blank.
        name = text_of(row.block.sheet.rows[row.row].get(row.block.columns.get("indicator_name", ""))).partition("\n")[
            0
        ]
        own = form.framework.indicator[row.id].name.values()
        if not name or name.rstrip(" *") in own or fold(name) in map(fold, own):
            continue
        whose = whose or {fold(word): one.id for one in form.framework.indicators for word in one.name.values()}
        yield row, name, whose.get(fold(name), "")
