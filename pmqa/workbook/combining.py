"""One form out of several that were filled in parts: what each says, where they differ, where each cell comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, DraftCell, DraftRow, Loose, Origin, Place, Raw
from pmqa.workbook.normalise import clean_text, fold, is_reference
from pmqa.workbook.read import Reading
from pmqa.workbook.rows import MEASURE_CONTENT

# What is wrong with a part only because it is one.
OF_A_PART: Final = frozenset(("missing_sheet", "emptied_sheet", "missing_agency_field"))
IDENTITY: Final = ("agency_code", "fiscal_year", "source")  # of one form there is one of each
VALUE: Final = "value"
EVIDENCE: Final = "evidence"


@dataclass(frozen=True)
class Conflict:
    """What parts say otherwise of one criterion, measure or field of the agency.

    id: criterion, "7.1.1#2" or the field's name. said: file -> column key -> its cell, of the columns that differ.
    chosen: the file whose word is taken; None = nobody has said.
    """

    id: str
    said: Mapping[str, Mapping[str, Origin]]
    chosen: str | None = None


@dataclass(frozen=True)
class Combined:
    """draft: the whole form, without what is in conflict and unchosen. origins: place -> the cell that it was taken
    from, first, and those that say something else. left: texts of the parts that have no cell in a form.
    """

    draft: Draft
    conflicts: tuple[Conflict, ...]
    origins: Mapping[Place, tuple[Origin, ...]]
    left: tuple[tuple[str, Loose], ...]

    @property
    def open(self) -> tuple[Conflict, ...]:
        """Conflicts that nobody has chosen in."""
        return tuple(one for one in self.conflicts if one.chosen is None)


@dataclass(slots=True)
class _Row:
    """A row of the whole form: what each part has in it, by column. first: where it was seen first."""

    id: str
    first: DraftRow | None
    said: dict[str, dict[str, Origin]] = field(default_factory=dict)


def of_the_part(reading: Reading) -> tuple[Finding, ...]:
    """The errors that a part has to be mended of before it can be combined; lacking sheets are none."""
    return tuple(one for one in reading.findings if one.is_error and one.code not in OF_A_PART)


def strangers(parts: Mapping[str, Reading]) -> Mapping[str, Mapping[str, str]]:
    """agency_code, fiscal_year, source, edition -> file -> its value, where the parts are not of one form."""
    found: dict[str, dict[str, str]] = {}
    for name in (*IDENTITY, "edition"):
        said = {file: getattr(reading, name) for file, reading in parts.items()}
        known = {file: str(value) for file, value in said.items() if value is not None}
        if len(set(known.values())) > 1:
            found[name] = known
    return found


def combine(parts: Mapping[str, Draft], framework: Framework, chosen: Mapping[str, str] = {}) -> Combined:
    """The whole form.

    parts: file -> what it says; of one agency, year, source and edition. chosen: id of a conflict -> file.
    A blank never overrules. Measures of one name are one; others of an indicator stand below each other. Where the
    answers of a criterion differ, the chosen file's whole row is taken: the rest of another argues for its answer.
    """
    rows = list(_rows(parts, framework))
    conflicts: list[Conflict] = []
    origins: dict[Place, tuple[Origin, ...]] = {}
    taken: defaultdict[str, list[DraftRow]] = defaultdict(list)
    agency: dict[str, DraftCell] = {}
    for row in rows:
        number = len(taken[row.id]) + 1
        id_ = f"{row.id}#{number}" if row.id in framework.indicator else row.id
        cells, conflict = _settled(id_, row, chosen.get(id_))
        conflicts += [conflict] if conflict else []
        for key, said in cells.items():
            origins[Place(row.id, number, key)] = said
        if row.first is None:
            for said in cells.values():
                agency[row.id] = DraftCell(said[0].value, said[0].sheet, said[0].cell)
        else:
            values = {key: said[0].value for key, said in cells.items()}
            taken[row.id].append(DraftRow(row.first.sheet, row.first.row, values))
    left = tuple((file, one) for file, draft in parts.items() for one in draft.loose if one.text)
    draft = Draft(agency, {id_: tuple(of_id) for id_, of_id in taken.items() if of_id}, {})
    return Combined(draft, tuple(conflicts), origins, left)


def _settled(id_: str, row: _Row, chosen: str | None) -> tuple[dict[str, tuple[Origin, ...]], Conflict | None]:
    """The cells of a row, each with what says otherwise behind it, and the conflict where parts differ."""
    keys = list(dict.fromkeys(key for cells in row.said.values() for key in cells))
    said = {key: [cells[key] for cells in row.said.values() if key in cells] for key in keys}
    differing = [key for key in keys if len({_meant(one.value) for one in said[key]}) > 1]
    if not differing:
        return {key: tuple(same[:1]) for key, same in said.items()}, None
    sides = {
        file: {key: cells[key] for key in differing if key in cells}
        for file, cells in row.said.items()
        if any(key in cells for key in differing)
    }
    chosen = chosen if chosen in sides else None
    whole_row = "answer" in differing
    if whole_row and chosen is not None and "answer" not in sides[chosen]:
        chosen = None
    cells: dict[str, tuple[Origin, ...]] = {}
    for key in keys:
        if key not in differing and not whole_row:
            cells[key] = tuple(said[key][:1])
            continue
        own = [one for one in said[key] if one.file == chosen]
        others = [one for one in said[key] if own and _meant(one.value) != _meant(own[0].value)]
        if own:
            cells[key] = (*own, *others)
    if whole_row and chosen is not None:
        # What only the others say goes with their answer.
        alone = [one for key in keys if key not in cells for one in said[key]]
        cells["answer"] = (*cells["answer"], *alone)
    return cells, Conflict(id_, sides, chosen)


def _meant(value: Raw) -> Raw:
    return fold(value) if isinstance(value, str) else value


def _rows(parts: Mapping[str, Draft], framework: Framework) -> Iterator[_Row]:
    for agency_field in layout.AGENCY_FIELDS:
        row = _Row(agency_field.name, None)
        for file, draft in parts.items():
            cell = draft.agency.get(agency_field.name)
            if cell is not None and not _is_blank(VALUE, cell.value):
                row.said[file] = {VALUE: Origin(file, cell.sheet, cell.cell, cell.value)}
        if row.said:
            yield row
    for criterion in framework.criteria:
        yield from _joined(
            criterion.id, ((file, draft.rows.get(criterion.id, ())[:1], draft) for file, draft in parts.items())
        )
    for indicator in framework.indicators:
        yield from _joined(
            indicator.id, ((file, draft.rows.get(indicator.id, ()), draft) for file, draft in parts.items())
        )


def _joined(id_: str, of_parts: Iterable[tuple[str, Sequence[DraftRow], Draft]]) -> Iterator[_Row]:
    """The rows of an id: one for a criterion, for measures one for each name; without a name, by its place."""
    found: dict[str, _Row] = {}
    for file, rows, draft in of_parts:
        for number, row in enumerate(rows, 1):
            cells = _cells(file, row, draft)
            is_measure = "measure" in draft.columns.get(row.sheet, {})
            if not cells or (is_measure and not any(key in cells for key in MEASURE_CONTENT)):
                continue
            name = cells.get("measure")
            key = fold(str(name.value)) if name else str(number) if is_measure else ""
            joined = found.setdefault(key, _Row(id_, row))
            # Of two measures of one name in a file the second is a measure of its own.
            joined = joined if file not in joined.said else found.setdefault(f"{key} {file} {number}", _Row(id_, row))
            joined.said[file] = cells
    yield from found.values()


def _cells(file: str, row: DraftRow, draft: Draft) -> dict[str, Origin]:
    columns = draft.columns.get(row.sheet, {})
    return {
        key: Origin(file, row.sheet, f"{columns[key]}{row.row}", value)
        for key, value in row.cells.items()
        if key in columns and not _is_blank(key, value)
    }


def _is_blank(key: str, value: Raw) -> bool:
    """Evidence that says nothing overrules none."""
    if not isinstance(value, str):
        return value is None
    return not clean_text(value) or (key == EVIDENCE and not is_reference(value))
