"""Where in a marked copy a finding is to be looked at: always a cell that people see, never only a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmqa.errors import Finding
from pmqa.workbook import layout
from pmqa.workbook.draft import Draft, Loose, Place, cells_in, places

Address = tuple[str, str]  # sheet, cell
ANSWER_KEYS = ("answer", "target")


@dataclass(frozen=True)
class Copy:
    """Where everything stands in the form that was just written.

    fresh: the places of the form. headings: (sheet, column key) -> the heading. scores: scope -> its first score.
    lines: the cells of the draft's loose texts, in their order.
    """

    fresh: Mapping[Place, Address]
    headings: Mapping[tuple[str, str], Address]
    scores: Mapping[str, Address]
    lines: Sequence[Address]


class Links:
    """The cells of a copy for the findings of the file that it was made from."""

    def __init__(self, draft: Draft | None, copy: Copy) -> None:
        self._draft = draft or Draft({}, {}, {})
        self._copy = copy
        self._sent = {(sheet, cell): place for sheet, cell, place in places(self._draft)}
        # The first cell that people fill in, of each sheet.
        self._first: dict[str, Address] = {}
        for place, address in copy.fresh.items():
            if place.key in ("answer", "measure", "value"):
                self._first.setdefault(address[0], address)

    def marked(self, finding: Finding) -> list[tuple[Address, Finding]]:
        """The cells of a finding in the form's own rows, each with what is said of that cell alone."""
        found = []
        if finding.sheet is not None and finding.cell is not None:
            for cell in cells_in(finding.cell):
                address = self._in_form(finding.sheet, cell)
                if address is not None:
                    found.append((address, self._draft.singles.get((finding.sheet, cell, finding.code), finding)))
        elif finding.code == "missing_agency_field":
            address = self._field(finding)
            found = [(address, finding)] if address else []
        return found

    def target(self, finding: Finding) -> Address | None:
        """Where the line of a finding leads; None where there is nothing to look at, as of the file as a whole."""
        marked = self.marked(finding)
        if marked and finding.code != "criterion_twice":
            return marked[0][0]
        return self._line(finding) or (marked[0][0] if marked else None) or self._named(finding)

    def _in_form(self, sheet: str, cell: str) -> Address | None:
        place = self._sent.get((sheet, cell))
        if place is not None:
            # A criterion that stood there twice is in the form once.
            return self._copy.fresh.get(place) or self._copy.fresh.get(place._replace(number=1))
        letters = cell.rstrip("0123456789")
        if self._draft.heads.get(sheet) == int(cell[len(letters) :]):
            key = next((key for key, own in self._draft.columns[sheet].items() if own == letters), "")
            return self._copy.headings.get((self._category(sheet), key))
        return None

    def _category(self, sheet: str) -> str:
        """The sheet of the form that has the rows of a sheet of the file."""
        for id_, rows in self._draft.rows.items():
            if any(row.sheet == sheet for row in rows):
                return layout.category_sheet(id_.partition(".")[0])
        return sheet

    def _line(self, finding: Finding) -> Address | None:
        """The line of the unplaced texts that a finding is about: of its cell, else of its row, else of its sheet."""
        cells = set(cells_in(finding.cell)) if finding.cell else set()
        rows = {cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in cells}
        best: tuple[int, Address] | None = None
        for one, address in zip(self._draft.loose, self._copy.lines, strict=False):
            rank = _likeness(one, finding, cells, rows)
            if rank and (best is None or rank > best[0]):
                best = rank, address
        return best[1] if best else None

    def _field(self, finding: Finding) -> Address | None:
        words = finding.values.get("field")
        name = next((field.name for field in layout.AGENCY_FIELDS if " / ".join(field.words.values()) == words), "")
        return self._copy.fresh.get(Place(name, 1, "value"))

    def _named(self, finding: Finding) -> Address | None:
        """The row, column, score or sheet that a finding without a cell names."""
        for key in ANSWER_KEYS:
            address = self._copy.fresh.get(Place(finding.value or "", 1, key))
            if address is not None:
                return address
        scope = str(finding.values.get("scope", "")).partition(",")[0]
        if finding.sheet == layout.SUMMARY_SHEET:
            return self._copy.scores.get(scope)
        return self._first.get(finding.sheet or "") or self._first.get(self._category(finding.sheet or ""))


def _likeness(one: Loose, finding: Finding, cells: set[str], rows: set[str]) -> int:
    """How surely a loose text is what a finding is about; 0 where it is not."""
    if one.line in cells and finding.sheet != one.sheet:
        return 4
    if isinstance(one.why, Finding) and one.why.code == finding.code and one.why.sheet == finding.sheet:
        return 3
    if one.sheet != finding.sheet:
        return 0
    letters = one.cell.rstrip("0123456789")
    if finding.code == "unknown_column":
        return int(letters in {cell.rstrip("0123456789") for cell in cells})
    return 2 if one.cell[len(letters) :] in rows and rows else int(finding.code == "unknown_sheet")
