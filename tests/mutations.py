"""Forms changed at random as people change them, and what a person then reads in their cells, for tests of reading."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

import openpyxl

from pmqa.workbook import layout
from tests.forms import CATEGORY, RESULTS, parts_of, sheet_part, small_form, small_framework

SHEETS = (layout.AGENCY_SHEET, CATEGORY, RESULTS)
STYLES = {"n": 0, "p": 1, "d": 2, "kk": 3}  # kind of cell -> style
STYLE_PART = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="#,##0.00,,"/></numFmts><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
WORDS = (
    *("มี", "ไม่มี", "Yes", "ใช่", "✓", "✔\ufe0f", "√", "*", "_", "-", "N/A", " มี ", "มี\u200b", "มีี"),
    *("(มี)", "มี*", "ไม่ มี", "12E3", "1,250", "1.250,5", "0,85", "85%", "85 %", "๘๕", "1 250", "1'250"),
    *("+85", "85.", ".5", "−5", "(85)", "85-90", "≥ 85", "ประมาณ 85", "85 คน", "1e400", "0x1F", "1_000"),
    *("๑,๒๕๐", "85,9", " ", "\n", "=1+1", ".", "1.1.B2", "7.1.2", "NaN", "inf", "½", "８５", "۸۵", "85\u00a0000"),
    *("1.234.567", "85\n90", "l00", "1OO", "2569", "2568", "๒๕๖๘", "2026", "ยิ่งมากยิ่งดี", "ยิ่งน้อยยิ่งดี"),
    *("ช่วงค่า", "ช่วงร้อยละ", "higher", "ร้อยละ", "ล้านบาท", "เรื่อง", "ประเมินตนเอง", "ผู้ประเมิน"),
)
NUMBERS = (0.0, 1.0, -5.0, 0.85, 85.9, 859.0, 1e15, 1e-7, 45000.0, 0.1 + 0.2, 5_000_000.0, 2568.0)


@dataclass(frozen=True)
class Cell:
    """value: what is stored. kind: n, p (shown as percent), d (date), kk (shown in millions), e (error), b.

    formula: it is the cached value of one; "" with a formula = never calculated where the kind is n.
    """

    value: str | float
    kind: str = "s"
    formula: bool = False


Grid = dict[int, dict[int, Cell]]
Book = dict[str, Grid]
Mutation = Callable[[Book, random.Random], None]


@cache
def _unchanged() -> dict[str, dict[int, dict[int, Cell]]]:
    book = openpyxl.load_workbook(io.BytesIO(small_form()))
    return {
        title: {
            row[0].row: {
                cell.column: Cell(*((cell.value, "s") if isinstance(cell.value, str) else (float(cell.value), "n")))
                for cell in row
                if cell.value is not None
            }
            for row in book[title].iter_rows()
        }
        for title in SHEETS
    }


def unchanged() -> Book:
    """The cells of the form of the small submission."""
    return {title: {row: dict(cells) for row, cells in grid.items()} for title, grid in _unchanged().items()}


@cache
def _parts() -> tuple[dict[str, bytes], Mapping[str, str]]:
    return {**parts_of(small_form()), "xl/styles.xml": STYLE_PART.encode()}, {s: sheet_part(s) for s in SHEETS}


def written(book: Book) -> bytes:
    """The workbook of these cells, with the form's other sheets."""
    parts, names = _parts()
    sheets = {names[title]: _sheet(grid) for title, grid in book.items()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {**parts, **sheets}.items():
            archive.writestr(name, data)
    return sink.getvalue()


def _sheet(grid: Grid) -> bytes:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(_cell(f"{letters(column)}{row}", cell) for column, cell in sorted(cells.items()))
        + "</row>"
        for row, cells in sorted(grid.items())
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _cell(address: str, cell: Cell) -> str:
    formula = "<f>1+1</f>" if cell.formula else ""
    if cell.kind == "s" and not cell.formula:
        text = escape(str(cell.value))
        return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    kind = {"s": ' t="str"', "b": ' t="b"', "e": ' t="e"'}.get(cell.kind, f' s="{STYLES.get(cell.kind, 0)}"')
    value = f"<v>{cell.value!r}</v>" if isinstance(cell.value, float) else f"<v>{escape(cell.value)}</v>"
    return f'<c r="{address}"{kind}>{formula}{value}</c>'


def letters(column: int) -> str:
    """The letters of a column below 27."""
    return chr(ord("A") + column - 1)


# --- mutations --------------------------------------------------------------------------------------------------------


def other_value(book: Book, chance: random.Random) -> None:
    """Another word or number in a cell."""
    grid, row, column = _place(book, chance)
    grid[row][column] = _value(chance)


def blank(book: Book, chance: random.Random) -> None:
    """A cell cleared."""
    grid, row, column = _place(book, chance)
    grid[row].pop(column, None)


def exchanged_cells(book: Book, chance: random.Random) -> None:
    """Two cells of a column exchanged."""
    grid, row, column = _place(book, chance)
    other = chance.choice(_rows(grid))
    _put(grid, {(row, column): grid[other].get(column), (other, column): grid[row].get(column)})


def exchanged_neighbours(book: Book, chance: random.Random) -> None:
    """Two cells of a row exchanged."""
    grid, row, column = _place(book, chance)
    _put(grid, {(row, column): grid[row].get(column + 1), (row, column + 1): grid[row].get(column)})


def exchanged_rows(book: Book, chance: random.Random) -> None:
    """Two whole rows exchanged."""
    grid, row, _ = _place(book, chance)
    other = chance.choice(_rows(grid))
    grid[row], grid[other] = grid[other], grid[row]


def deleted_row(book: Book, chance: random.Random) -> None:
    """A row gone, the rows below moved up."""
    grid, row, _ = _place(book, chance)
    _renumbered(grid, {old: old - (old > row) for old in grid if old != row})


def repeated_row(book: Book, chance: random.Random) -> None:
    """A row copied below itself."""
    grid, row, _ = _place(book, chance)
    copied = dict(grid[row])
    _renumbered(grid, {old: old + (old > row) for old in grid})
    grid[row + 1] = copied


def cleared_row(book: Book, chance: random.Random) -> None:
    """A row emptied."""
    grid, row, _ = _place(book, chance)
    grid[row] = {}


def shifted_column(book: Book, chance: random.Random) -> None:
    """Cells of one column from somewhere on moved down by one, as by inserting a cell."""
    grid, row, column = _place(book, chance)
    rows = [one for one in _rows(grid) if one >= row]
    _put(grid, {(row, column): None} | {(one + 1, column): grid[one].get(column) for one in rows})


def sorted_column(book: Book, chance: random.Random) -> None:
    """One column sorted by itself."""
    grid, _, column = _place(book, chance)
    rows = [row for row in _rows(grid) if column in grid[row]]
    cells = sorted((grid[row][column] for row in rows), key=lambda cell: str(cell.value), reverse=chance.random() < 0.5)
    _put(grid, {(row, column): cell for row, cell in zip(rows, cells, strict=True)})


def exchanged_columns(book: Book, chance: random.Random) -> None:
    """Two columns exchanged: with headings and keys, with headings alone, or the answers alone."""
    grid, _, column = _place(book, chance)
    other = chance.choice(_columns(grid))
    first = chance.choice((layout.KEY_ROW, layout.HEADING_ROW, layout.FIRST_ROW))
    rows = [row for row in grid if row >= first]
    _put(
        grid,
        {(row, column): grid[row].get(other) for row in rows} | {(row, other): grid[row].get(column) for row in rows},
    )


def exchanged_headings(book: Book, chance: random.Random) -> None:
    """Two headings, or two keys, exchanged."""
    grid, _, column = _place(book, chance)
    other, row = chance.choice(_columns(grid)), chance.choice((layout.KEY_ROW, layout.HEADING_ROW))
    cells = grid.get(row, {})
    _put(grid, {(row, column): cells.get(other), (row, other): cells.get(column)})


def lost_heading(book: Book, chance: random.Random) -> None:
    """A heading or a key cleared."""
    grid, _, column = _place(book, chance)
    grid.get(chance.choice((layout.KEY_ROW, layout.HEADING_ROW)), {}).pop(column, None)


def deleted_column(book: Book, chance: random.Random) -> None:
    """A column gone, those to its right moved."""
    grid, _, column = _place(book, chance)
    for row, cells in grid.items():
        grid[row] = {old - (old > column): cell for old, cell in cells.items() if old != column}


def filled_down(book: Book, chance: random.Random) -> None:
    """A cell copied over some below it."""
    grid, row, column = _place(book, chance)
    source = grid[row].get(column)
    _put(grid, {(one, column): source for one in _rows(grid) if row <= one <= row + chance.randint(1, 4)})


MUTATIONS: tuple[Mutation, ...] = (
    *(other_value,) * 8,
    *(blank, exchanged_cells, exchanged_neighbours, exchanged_rows, deleted_row, repeated_row, cleared_row),
    *(shifted_column, sorted_column, exchanged_columns, exchanged_headings, lost_heading, deleted_column, filled_down),
)


def _place(book: Book, chance: random.Random) -> tuple[Grid, int, int]:
    grid = book[chance.choices(SHEETS, (1, 4, 5))[0]]
    rows = _rows(grid)
    return grid, chance.choice(rows), chance.choice(_columns(grid))


def _rows(grid: Grid) -> list[int]:
    is_agency = layout.KEY_ROW not in grid or len(grid[layout.KEY_ROW]) < 3
    return [row for row in grid if row >= (1 if is_agency else layout.FIRST_ROW)]


def _columns(grid: Grid) -> list[int]:
    return sorted({column for cells in grid.values() for column in cells}) or [1]


def _put(grid: Grid, cells: Mapping[tuple[int, int], Cell | None]) -> None:
    for (row, column), cell in cells.items():
        if cell is None:
            grid.get(row, {}).pop(column, None)
        else:
            grid.setdefault(row, {})[column] = cell


def _renumbered(grid: Grid, rows: Mapping[int, int]) -> None:
    moved = {rows[old]: cells for old, cells in grid.items() if old in rows}
    grid.clear()
    grid.update(moved)


def _value(chance: random.Random) -> Cell:
    kind = chance.choice("ssssnnnnpdkbef")
    if kind == "s":
        return Cell(chance.choice(WORDS), "s", chance.random() < 0.1)
    if kind in "npdk":
        value = chance.choice(NUMBERS)
        return Cell(value, {"k": "kk"}.get(kind, kind), chance.random() < 0.1)
    return {"b": Cell(chance.choice("01"), "b"), "e": Cell("#REF!", "e"), "f": Cell("", "s", True)}[kind]


# --- what a person reads ----------------------------------------------------------------------------------------------

UNCLEAR = object()  # a person would ask what is meant
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Said = dict[
    tuple[str, str], tuple[object, str, int | None]
]  # (id, of a measure with its row, key) -> value, sheet, row


def read_by_eye(book: Book) -> Said:
    """Every figure as the visible cells say it: by headings, and by the texts beside answers; or UNCLEAR."""
    framework = small_framework()
    texts = {criterion.text["th"]: criterion.id for criterion in framework.criteria}
    said: Said = {}
    columns = _headed(book[CATEGORY], layout.CRITERION_COLUMNS)
    rows = {identity: [] for identity in texts.values()}
    for row, cells in _below(book[CATEGORY]):
        identity = texts.get(_text(cells.get(columns.get("text", 0)))) or _text(cells.get(columns.get("criterion", 0)))
        if identity in rows:
            rows[identity].append(row)
    for identity, found in rows.items():
        row = found[0] if len(found) == 1 else None
        clear = row is not None and "answer" in columns
        answer = _choice(book[CATEGORY][row].get(columns["answer"]), {"มี": True, "ไม่มี": False}) if clear else UNCLEAR
        said[identity, "met"] = (answer, CATEGORY, row)
    said |= _measures_by_eye(book[RESULTS])
    front = book[layout.AGENCY_SHEET]
    labels = {row: [_text(cells.get(column)) for column in (1, 3)] for row, cells in front.items()}
    year = [front[row].get(2) for row, said in labels.items() if any(one.startswith("ปีงบประมาณ") for one in said)]
    said["agency", "fiscal_year"] = (_number(year[0], "") if len(year) == 1 else UNCLEAR, layout.AGENCY_SHEET, None)
    return said


NUMBER_KEYS = ("target", "actual_2", "actual_1", "actual", "benchmark", "step")
CONTENT = ("measure", *NUMBER_KEYS, "evidence", "note", "answer", "suggestion")


def _measures_by_eye(grid: Grid) -> Said:
    framework = small_framework()
    names = {indicator.name["th"]: indicator for indicator in framework.indicators}
    ids = {indicator.id: indicator for indicator in framework.indicators}
    columns = _headed(grid, layout.MEASURE_COLUMNS)
    said: Said = {}
    for row, cells in _below(grid):
        name = _text(cells.get(columns.get("indicator_name", 0))).partition("\n")[0].rstrip(" *")
        indicator = names.get(name) or ids.get(_text(cells.get(columns.get("indicator", 0))))
        if indicator is None or not any(_text(cells.get(columns.get(key, 0))).strip() for key in CONTENT):
            continue
        place = f"{indicator.id} {row}"
        unit = _text(cells.get(columns.get("unit", 0)))
        for key in NUMBER_KEYS:
            value = _number(cells.get(columns[key]), unit) if key in columns else UNCLEAR
            said[place, key] = (value, RESULTS, row)
        for key, words in (("direction", layout.DIRECTIONS), ("method", layout.METHODS)):
            meaning = {word: value for value, word in words.items()}
            value = _choice(cells.get(columns[key]), meaning) if key in columns else UNCLEAR
            if value is None:
                value = indicator.direction if key == "direction" else "bands"
            said[place, key] = (value, RESULTS, row)
    return said


def _headed(grid: Grid, columns: tuple[layout.Column, ...]) -> dict[str, int]:
    headings = {column.words["th"]: column.key for column in columns}
    years = {"ผลดำเนินงาน ปี 2569": "actual", "ผลดำเนินงาน ปี 2568": "actual_1", "ผลดำเนินงาน ปี 2567": "actual_2"}
    found: dict[str, int] = {}
    for column, cell in grid.get(layout.HEADING_ROW, {}).items():
        text = _text(cell)
        if key := years.get(text) or headings.get(text):
            found.setdefault(key, column)
    # Where a heading was cleared, people know the form's columns; so does its hidden row of keys.
    for column, cell in grid.get(layout.KEY_ROW, {}).items():
        if column not in grid.get(layout.HEADING_ROW, {}):
            found.setdefault(_text(cell), column)
    return found


def _below(grid: Grid) -> list[tuple[int, dict[int, Cell]]]:
    return [(row, cells) for row, cells in sorted(grid.items()) if row > layout.HEADING_ROW]


def _text(cell: Cell | None) -> str:
    return "" if cell is None else str(cell.value)


def _choice(cell: Cell | None, words: Mapping[str, object]) -> object:
    if cell is None or (cell.kind == "s" and not str(cell.value).strip()):
        return None
    return words.get(str(cell.value), UNCLEAR) if cell.kind == "s" else UNCLEAR


def _number(cell: Cell | None, unit: str) -> object:
    if cell is None or (cell.kind == "s" and not str(cell.value).strip()):
        return None
    if cell.kind == "n" or (cell.kind == "kk" and "ล้าน" not in unit):
        return cell.value
    plain = cell.kind == "s" and PLAIN_NUMBER.fullmatch(str(cell.value)) and not cell.value.startswith("-")
    return float(cell.value) if plain else UNCLEAR


def mutated(seed: int) -> tuple[Book, str]:
    """A form changed in one place, or in up to three, and how."""
    chance = random.Random(seed)
    book = unchanged()
    chosen = [chance.choice(MUTATIONS) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    for mutation in chosen:
        mutation(book, chance)
    return book, ", ".join(mutation.__name__ for mutation in chosen)
