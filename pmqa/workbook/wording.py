"""The form's own words against the codes beside them: what they say when the two do not belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pmqa.framework import Criterion, Framework, Indicator
from pmqa.text import MISSING
from pmqa.workbook.findings import Spot
from pmqa.workbook.mapping import text_of
from pmqa.workbook.normalise import fold
from pmqa.workbook.rows import FormRow

if TYPE_CHECKING:
    from pmqa.workbook.checks import Form

ASTRAY: Final = 3  # rows with other codes' texts that are no slip of one row
TEXT_KEY: Final = {"criteria": "text", "measures": "indicator_name"}


def criterion_text_changed(form: Form) -> Iterator[Spot]:
    """The words of a criterion are not those of the edition, or gone: what was answered may be something else."""
    elsewhere = {id(row) for row, _ in astray(form)}
    for rows in form.criteria.values():
        for row in rows:
            if id(row) not in elsewhere and "text" in row.block.columns:
                text = text_beside(row)
                if not text or not has_own_words(row, form.framework):
                    yield row.spot("criterion_text_changed", "text", text or MISSING)


def indicator_name_changed(form: Form) -> Iterator[Spot]:
    """The name beside a measure is not its indicator's."""
    elsewhere = {id(row) for row, _ in astray(form)}
    for row in form.measures():
        if id(row) not in elsewhere and not has_own_words(row, form.framework):
            name = text_beside(row).partition("\n")[0]
            yield row.spot("indicator_name_changed", "indicator_name", name, expected=row.id)


def codes_sorted_alone(form: Form) -> Iterator[Spot]:
    """Codes that stand beside other codes' texts, as when their column was sorted by itself: every answer is astray."""
    for row, other in astray(form):
        yield row.spot("code_astray", "criterion" if row.block.kind == "criteria" else "indicator", row.id, other=other)


def astray(form: Form) -> list[tuple[FormRow, str]]:
    """Rows whose text is another code's, with that code.

    None where they are too few to be a sort, and none of another version of the edition, whose texts may have moved. A
    row of category 7 counts only where no row of its code has the code's own name: people put an indicator's further
    measures into another's spare rows, whose names are locked.
    """
    if form.astray is None:
        form.astray = _astray(form)
    return form.astray


def _astray(form: Form) -> list[tuple[FormRow, str]]:
    framework = form.framework
    if form.located.keys.get("edition_version", framework.version) != framework.version:
        return []
    criteria = [row for rows in form.criteria.values() for row in rows if not has_own_words(row, framework)]
    measures = [rows for rows in form.indicators.values() if not any(has_own_words(row, framework) for row in rows)]
    if len(criteria) + sum(map(len, measures)) < ASTRAY:
        return []
    found = list(_of_others(criteria, _owners(framework.criterion)))
    names = _owners(framework.indicator)
    for rows in measures:
        first = form.offered[rows[0].id]
        found += [] if has_own_words(first, framework) and text_beside(first) else _of_others(rows, names)
    return found if len(found) >= ASTRAY else []


def has_own_words(row: FormRow, framework: Framework) -> bool:
    """Whether the text beside a code is the code's, or blank."""
    cell = row.block.sheet.rows[row.row].get(row.block.columns.get(TEXT_KEY[row.block.kind], ""))
    if cell is None:
        return True
    if row.block.kind == "criteria":
        own = framework.criterion[row.id].text.values()
        return cell in own or not text_of(cell) or fold(text_of(cell)) in {fold(word) for word in own}
    own = framework.indicator[row.id].name.values()
    # Below its name the form says what applies where unit and direction are left blank.
    name = text_of(cell).partition("\n")[0]
    return not name or name.rstrip(" *") in own or fold(name) in {fold(word) for word in own}


def text_beside(row: FormRow) -> str:
    """The text beside a code."""
    return text_of(row.block.sheet.rows[row.row].get(row.block.columns.get(TEXT_KEY[row.block.kind], "")))


def codes_of_words(framework: Framework) -> dict[str, str]:
    """Folded words of a criterion or an indicator, and folded codes, -> the code; the first where words repeat."""
    known = {**framework.indicator, **framework.criterion}
    return {**_owners(framework.indicator), **_owners(framework.criterion), **{fold(code): code for code in known}}


def name_of(text: str) -> str:
    """An indicator's name as the form writes it, folded: the mark of a core one, unit and direction left out."""
    return fold(text.partition("\n")[0])


def _of_others(rows: Iterable[FormRow], whose: Mapping[str, str]) -> Iterator[tuple[FormRow, str]]:
    for row in rows:
        text = text_beside(row)
        other = whose.get(fold(text) if row.block.kind == "criteria" else name_of(text))
        if other is not None:
            yield row, other


def _owners(known: Mapping[str, Criterion] | Mapping[str, Indicator]) -> dict[str, str]:
    """Folded text -> the first code that has it."""
    owners: dict[str, str] = {}
    for identity, one in known.items():
        for word in (one.text if isinstance(one, Criterion) else one.name).values():
            owners.setdefault(fold(word), identity)
    return owners
