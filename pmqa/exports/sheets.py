"""The numbers behind an editable chart: what people edit first, then what programs need, bound to it by formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pmqa.exports.chart_parts import OWN_SHEET, Source, escape, letters
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.tables import new_workbook, write_text
from pmqa.shown import as_kept

NAMES_WIDTH, VALUES_WIDTH = 40, 16  # characters


@dataclass(frozen=True)
class Formula:
    """A value that follows others. text: with {0}, {1} ... for the cells, each a column and a row (0 = first value)."""

    text: str
    cells: tuple[tuple[int, int], ...]
    value: float | None


Value = float | str | None | Formula


@dataclass
class Sheet:
    """Names of the rows in column A, values below their headings from column B; a blank heading hides its column.

    source: where it stands. Columns may be of different lengths; programs are told of the longest, because LibreOffice
    loses series that are shorter than others. form: of numbers, as Excel writes it.
    """

    names: Sequence[str]
    source: Source = OWN_SHEET
    form: str = "0.0"
    columns: list[tuple[str, tuple[Value, ...]]] = field(default_factory=list)

    def add(self, head: str, values: Sequence[Value]) -> int:
        """A column; its number."""
        self.columns.append((clean_text(head), tuple(values)))
        return len(self.columns)

    @property
    def deepest(self) -> int:
        """Rows of the longest column."""
        return max([len(self.names), *(len(values) for _, values in self.columns), 1])

    def at(self, column: int, row: int) -> Value:
        """A cell."""
        return self.columns[column - 1][1][row]

    def ref(self, tag: str, column: int) -> str:
        """The cells of a column for a series, with what they hold; blanks are left out."""
        values = [_shown(value) for value in (self.columns[column - 1][1] if column else self.names)]
        texts = any(isinstance(value, str) for value in values)
        points = "".join(
            f'<c:pt idx="{row}"><c:v>{escape(value) if isinstance(value, str) else repr(value)}</c:v></c:pt>'
            for row, value in enumerate(values)
            if value is not None
        )
        kind, form = ("str", "") if texts else ("num", "<c:formatCode>General</c:formatCode>")
        return (
            f"<{tag}><c:{kind}Ref><c:f>{self.source.cells(column, self.deepest)}</c:f><c:{kind}Cache>{form}"
            f'<c:ptCount val="{self.deepest}"/>{points}</c:{kind}Cache></c:{kind}Ref></{tag}>'
        )

    def write(self, workbook: Workbook, sheet: Worksheet, style: Mapping[str, Any] | None = None) -> None:
        """The columns at their place, headings above; style: xlsxwriter's, of all cells."""
        base = {"num_format": self.form, **(style or {})}
        plain, quoted = workbook.add_format(base), workbook.add_format({**base, "quote_prefix": True})
        head = workbook.add_format({**base, "bold": True, "text_wrap": True, "valign": "vcenter"})
        columns: list[tuple[str, tuple[Value, ...]]] = [("", tuple(self.names)), *self.columns]
        for column, (above, values) in enumerate(columns):
            if above:
                write_text(sheet, self.source.names_row - 1, column, above, head, head)
            for row, value in enumerate(values, start=self.source.names_row):
                self._write_cell(sheet, row, column, value, plain, quoted)
            hidden = {"hidden": True} if column and not above else {}
            texts = any(isinstance(value, str) for value in values)
            sheet.set_column(column, column, NAMES_WIDTH if texts else VALUES_WIDTH, None, hidden)

    def _write_cell(self, sheet: Worksheet, row: int, column: int, value: Value, plain: Any, quoted: Any) -> None:
        if isinstance(value, str):
            write_text(sheet, row, column, value, plain, quoted)
        elif isinstance(value, Formula):
            top = self.source.names_row + 1
            cells = [f"{letters(at)}{top + line}" for at, line in value.cells]
            shown = "#N/A" if value.value is None else value.value
            sheet.write_formula(row, column, f"={value.text.format(*cells)}", plain, shown)
        elif value is not None:
            sheet.write_number(row, column, as_kept(value), plain)

    def workbook(self, stamp: Stamp) -> bytes:
        """The small workbook behind a slide's chart."""
        content = io.BytesIO()
        book = new_workbook(content, stamp)
        self.write(book, book.add_worksheet(self.source.sheet))
        book.close()
        return content.getvalue()


def _shown(value: Value) -> float | str | None:
    return value.value if isinstance(value, Formula) else value
