"""The draft of a file: all that it says, in the rows of the form, beside them where it fits none."""

from __future__ import annotations

from collections.abc import Sequence

from pmqa.framework import Framework
from pmqa.workbook.agency import AgencyRead
from pmqa.workbook.checks import Form
from pmqa.workbook.draft import Draft, DraftRow
from pmqa.workbook.findings import CATALOGUE, Spot, single_finding
from pmqa.workbook.loose import loose_of
from pmqa.workbook.mapping import Located
from pmqa.workbook.rows import FormRow
from pmqa.workbook.unplaced import unplaced_lines
from pmqa.workbook.wording import astray, has_own_words


def draft_of(
    form: Form | None,
    found: Located,
    agency: AgencyRead,
    framework: Framework | None,
    date1904: bool,
    *,
    only_own_words: bool = False,
) -> Draft:
    """What the file says; errors of a marked copy whose unplaced lines are not settled are added to its spots.

    only_own_words: leaves rows out whose words are not the code's, as where the edition is not known.
    """
    sent = unplaced_lines(found, found.spots)
    rows = _rows(form, only_own_words) if form is not None else {}
    # A form has one row for a criterion; of a second one the cells are loose.
    placed = (
        {id_: of_id if id_ in form.framework.indicator else of_id[:1] for id_, of_id in rows.items()} if form else {}
    )
    loose = loose_of(found, placed, framework, found.spots, date1904)
    return Draft(
        agency.draft,
        {
            id_: tuple(DraftRow(row.sheet, row.row, {**row.kept, **row.draft}) for row in of_id)
            for id_, of_id in rows.items()
        },
        {block.sheet.name: block.columns for block in found.blocks},
        {block.sheet.name: block.head for block in found.blocks},
        (*sent, *loose),
        {
            (one.sheet, f"{one.column}{one.row}", one.code): single_finding(one)
            for one in found.spots
            if one.sheet and _is_marked(one)
        },
    )


def _is_marked(one: Spot) -> bool:
    return bool(one.column and one.row) and CATALOGUE[one.code] != "note"


def _rows(form: Form, only_own_words: bool) -> dict[str, list[FormRow]]:
    """Id -> its rows in the form; where codes were sorted alone, the code whose words stand in the row."""
    other = {id(row): id_ for row, id_ in astray(form)}
    found: dict[str, list[FormRow]] = {}
    # The rows of indicators without any measure have no content, but a finding may be about them.
    offered = {id_: [row] for id_, row in form.offered.items() if id_ not in form.indicators and id_ not in form.spare}
    for sent in (form.criteria, form.indicators, form.spare, offered):
        for id_, rows in sent.items():
            for row in _kept(rows, form.framework, only_own_words):
                found.setdefault(other.get(id(row), id_), []).append(row)
    return found


def _kept(rows: Sequence[FormRow], framework: Framework, only_own_words: bool) -> Sequence[FormRow]:
    return [row for row in rows if has_own_words(row, framework)] if only_own_words else rows
