"""A Drawing in words: what is said at a mark, the alternative text, the accessible table. The same numbers as drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pmqa.charts.drawing import Cell, Drawing, Layer, Row, Scale
from pmqa.charts.words import escaped
from pmqa.text import Translator


def value_words(drawing: Drawing, layer: Layer, cell: Cell, t: Translator) -> str:
    """A cell's value as people read it: of a bar its length, of a span or link both ends."""
    if cell.to is None or cell.value is None or drawing.across is not None:
        return drawing.scale.words(cell.value, t)
    if layer.mark == "bar" and not drawing.scale.around:
        return drawing.scale.words(cell.to - cell.value, t)
    ends = [drawing.scale.words(end, t) for end in (cell.value, cell.to)]
    return "–".join(dict.fromkeys(ends))


def hover(drawing: Drawing, layer: Layer, cell: Cell, t: Translator) -> str:
    """What is shown at a mark: row (and column), layer and value, and what more there is to say; markup of Plotly."""
    # Each by itself: a name is escaped once for all of a grid.
    where = escaped(cell.name or drawing.rows[cell.row].name)
    if drawing.columns:
        where += f" · {escaped(drawing.columns[cell.column].name)}"
    name = drawing.scale.title if drawing.kind == "field" else layer.name
    lines = [f"{name}: {value_words(drawing, layer, cell, t)}", *cell.said.split("\n")]
    if drawing.across is not None:
        lines.insert(0, f"{drawing.across.title}: {drawing.across.words(cell.to, t)}")
    return "<br>".join([f"<b>{where}</b>", *(escaped(line) for line in lines if line)])


def alt(drawing: Drawing) -> str:
    """The alternative text: the finding, and what else the drawing shows."""
    return " ".join(part for part in (drawing.finding, drawing.caption.title, *drawing.details) if part)


def row_name(row: Row) -> str:
    """A row's name and what stands small behind it."""
    return f"{row.name} · {row.aside}" if row.aside else row.name


@dataclass(frozen=True)
class Column:
    """Values of a layer, a row a row; of a layer with many marks a row, a mark a row. end: value, to, or name."""

    head: str
    values: tuple[float | str | None, ...]
    layer: Layer
    end: str = "value"


def columns_of(drawing: Drawing, t: Translator) -> list[Column]:
    """The numbers of a drawing's layers, full precision: what stands in a table, and what people edit."""
    found: list[Column] = []
    shown = [layer for layer in drawing.drawn() if not layer.plain and layer.mark != "text"]
    if drawing.across is not None:
        return _placed(drawing, drawing.across, shown)
    for layer in shown:
        many = any(cell.name for cell in layer.cells)
        if many:
            found.append(Column(layer.name, tuple(cell.name for cell in layer.cells), layer, "name"))
        length = layer.mark == "bar" and not drawing.scale.around
        ends = ("value", "to") if not length and any(cell.to is not None for cell in layer.cells) else ("value",)
        for end in ends:
            head = (
                layer.name
                if len(ends) == 1
                else t(f"charts.table_{'from' if end == 'value' else 'to'}", name=layer.name)
            )
            values = [(cell.row, _length(cell) if length else getattr(cell, end)) for cell in layer.cells]
            at = dict(enumerate(value for _, value in values)) if many else dict(values)
            count = len(values) if many else len(drawing.rows)
            found.append(Column(head, tuple(at.get(row) for row in range(count)), layer, end))
    return found


def _placed(drawing: Drawing, across: Scale, shown: Sequence[Layer]) -> list[Column]:
    """Where the marks stand across, then a column of values a layer; a rule's places stand in the first row."""
    marks, rows = [layer for layer in shown if layer.mark != "rule"], range(len(drawing.rows))
    along = {cell.row: cell.to for layer in marks for cell in layer.cells}
    found = [Column(across.title, tuple(along.get(row) for row in rows), layer, "to") for layer in marks[:1]]
    for layer in shown:
        at = {cell.row: cell.value for cell in layer.cells}
        found.append(Column(layer.name, tuple(at.get(row) for row in rows), layer))
        if layer.mark == "rule" and (place := layer.cells[0].to) is not None:
            found.append(Column(f"{layer.name} · {across.title}", (place, *[None] * (len(rows) - 1)), layer, "to"))
    return found


def table(drawing: Drawing, t: Translator) -> pd.DataFrame:
    """The accessible table: a row a row, a column a layer (or a column of a grid); where rows have many marks, a row
    a mark. The words beside the plot stand last."""
    name = t("exports.row")
    if any(cell.name for layer in drawing.layers for cell in layer.cells):
        marks = [
            (drawing.rows[cell.row].name, cell.name or layer.name, cell.value, cell.to)
            for layer in drawing.drawn()
            if not layer.plain
            for cell in layer.cells
        ]
        return pd.DataFrame(marks, columns=[name, "", t("charts.table_from", name=""), t("charts.table_to", name="")])
    found: dict[str, Sequence[object]] = {name: [row_name(row) for row in drawing.rows]}
    for place, column in enumerate(drawing.columns):
        at = {cell.row: cell.value for layer in drawing.layers for cell in layer.cells if cell.column == place}
        found[_free(column.name, found)] = [at.get(row) for row in range(len(drawing.rows))]
    for one in () if drawing.columns else columns_of(drawing, t):
        found[_free(one.head, found)] = one.values
    if any(row.end for row in drawing.rows):
        found[_free(drawing.end_title, found)] = [row.end.replace("\n", " · ") for row in drawing.rows]
    return pd.DataFrame(found)


def _length(cell: Cell) -> float | None:
    return cell.value if cell.to is None or cell.value is None else cell.to - cell.value


def _free(head: str, taken: Mapping[str, object]) -> str:
    """A heading that no other column has: two layers may share a name."""
    while head in taken:
        head += "\u200b"
    return head
