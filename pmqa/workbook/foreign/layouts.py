"""A layout as a file: which sheet, where the rows begin, which column is what, which words are answers.

docs/layouts.md says it to those who write one. A layout that is wrong is refused with all its problems at once.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.sources import SOURCES
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.text import languages
from pmqa.workbook.normalise import THAI_DIGITS, clean_text

LAYOUT_FOLDER: Final = Path(__file__).parent.parent.parent.parent / "data" / "layouts"
AGENCY_IN: Final = ("file", "sheet", "row")
FISCAL_YEAR: Final = "fiscal_year"
WHOSE: Final = ("agency_code", "agency_name", "ministry", "agency_type", FISCAL_YEAR)
IDS: Final = ("criterion", "item", "number")
ANSWER, EVIDENCE, EXPLANATION, POINTS = "answer", "evidence", "explanation", "points"
MEANINGS: Final = (*IDS, ANSWER, EVIDENCE, EXPLANATION, POINTS, *WHOSE)
ADDRESS: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
LETTERS: Final = re.compile(r"[A-Z]{1,3}")

# setting -> what it must be
SETTINGS: Final = {
    "name": "words",
    "edition": "text",
    "source": "text",
    "agency": "text",
    "sheet_is": "text",
    "sheets": "texts",
    "without": "texts",
    "first_row": "number",
    "fiscal_year": "number",
    "evidence_in_comments": "yes or no",
    "skip": "texts",
    "where": "table of texts",
    "columns": "tables",
    "words": "table of lists",
    "codes": "table of texts",
}
NEEDED: Final = ("name", "edition", "agency", "first_row", "columns")
OF_COLUMN: Final = {
    "column": "text",
    "means": "text",
    "level": "text",
    "criterion": "text",
    "scope": "text",
    "fiscal_year": "number",
}
WORDS: Final = ("yes", "no", "unanswered")


class Problem(NamedTuple):
    """What is wrong with a layout. code: sentence layouts.<code>; about: the setting; value: what stands there."""

    code: str
    about: str
    value: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds. means: one of MEANINGS. level: answers of an item's criteria of this level.
    criterion, scope, fiscal_year: what the column is about, where the row does not say it.
    """

    letters: str
    means: str
    level: str | None = None
    criterion: str | None = None
    scope: str | None = None
    fiscal_year: int | None = None


@dataclass(frozen=True)
class Layout:
    """How files of one kind are read.

    agency: file, sheet or row: what one agency has of its own. sheet_is: what the name of a sheet is, where it is a
    sheet. sheets, without: names, * for anything. first_row: of what is read. where: field of WHOSE -> cell.
    words: word -> yes, no, unanswered; codes: old code or text -> criterion; both by what `same` leaves.
    skip: texts of rows that are passed over.
    """

    name: str
    title: Mapping[str, str]
    edition: str
    source: str
    agency: str
    first_row: int
    columns: tuple[Column, ...]
    sheet_is: str = "agency_name"
    sheets: tuple[str, ...] = ("*",)
    without: tuple[str, ...] = ()
    fiscal_year: int | None = None
    evidence_in_comments: bool = False
    skip: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def of(self, means: str) -> tuple[Column, ...]:
        """The columns of a meaning."""
        return tuple(column for column in self.columns if column.means == means)


def same(text: str) -> str:
    """What two wordings of one mark or code share. Less than `fold` drops: 1.1(1) is not 1.11."""
    return " ".join(clean_text(text).translate(THAI_DIGITS).casefold().split())


def layout_names(folder: Path = LAYOUT_FOLDER) -> list[str]:
    """The layouts that there are."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def layout_text(name: str, folder: Path = LAYOUT_FOLDER) -> str:
    """The text of a layout that comes with the product."""
    return (folder / f"{name}.toml").read_text(encoding="utf-8")


def as_text(raw: Mapping[str, Any]) -> str:
    """The file's text of a layout's settings: texts, numbers, yes or no, lists of texts, and tables of these.

    What is None, or an empty list or table, is left out.
    """
    plain = {key: value for key, value in raw.items() if not isinstance(value, Mapping) and key != "columns"}
    lines = [*_settings(plain)]
    if title := raw.get("name"):
        said = ", ".join(f"{code} = {_as_toml(word)}" for code, word in title.items())
        lines.insert(0, f"name = {{ {said} }}")
    for key, value in raw.items():
        if isinstance(value, Mapping) and value and key != "name":
            lines += ["", f"[{key}]", *_settings(value)]
    for column in raw.get("columns", ()):
        lines += ["", "[[columns]]", *_settings(column)]
    return "\n".join(lines) + "\n"


def _settings(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value is not None and value != []:
            yield f"{key if key.isascii() and key.isidentifier() else _as_toml(key)} = {_as_toml(value)}"


def _as_toml(value: Any) -> str:
    # A text of JSON is one of TOML, but for the one sign that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_layout(text: str, name: str, frameworks: Mapping[str, Framework]) -> tuple[Layout | None, tuple[Problem, ...]]:
    """A layout from its file's text, or everything that is wrong with it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (Problem("no_toml", name, str(error)),)
    problems = tuple(_shape(raw)) or tuple(_meaning(raw, frameworks))
    return (None, problems) if problems else (_layout(raw, name), ())


def _layout(raw: Mapping[str, Any], name: str) -> Layout:
    said: dict[str, Any] = {key: tuple(raw[key]) for key in ("sheets", "without", "skip") if key in raw}
    said |= {key: raw[key] for key in ("sheet_is", "fiscal_year", "evidence_in_comments", "where") if key in raw}
    return Layout(
        name=name,
        title=raw["name"],
        edition=raw["edition"],
        source=raw.get("source", "self"),
        agency=raw["agency"],
        first_row=raw["first_row"],
        columns=tuple(
            Column(one["column"], one["means"], **{key: one[key] for key in one if key not in ("column", "means")})
            for one in raw["columns"]
        ),
        words={same(word): kind for kind, words in raw.get("words", {}).items() for word in words},
        codes={same(old): new for old, new in raw.get("codes", {}).items()},
        **said,
    )


def _is(value: object, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str) and bool(value.strip())
    if kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "yes or no":
        return isinstance(value, bool)
    if kind == "words":
        needed = {code for code, language in languages().items() if language.instead is None}
        return (
            isinstance(value, dict)
            and needed <= set(value) <= set(languages())
            and all(_is(one, "text") for one in value.values())
        )
    if kind == "table of texts":
        return isinstance(value, dict) and all(_is(one, "text") for one in value.values())
    if kind == "table of lists":
        return isinstance(value, dict) and all(_is(one, "texts") for one in value.values())
    inner = "table" if kind == "tables" else "text"
    return isinstance(value, list) and all(
        isinstance(one, dict) if inner == "table" else _is(one, inner) for one in value
    )


def _shape(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in raw:
            yield Problem("missing", name)
    for name, value in raw.items():
        if name not in SETTINGS:
            yield Problem("unknown_setting", name, known=", ".join(SETTINGS))
        elif not _is(value, SETTINGS[name]):
            yield Problem("wrong_kind", name, str(value)[:80], SETTINGS[name])
    columns = raw.get("columns")
    if not _is(columns, "tables"):
        return
    for number, one in enumerate(columns or (), 1):
        about = f"columns {number}"
        for name in ("column", "means"):
            if name not in one:
                yield Problem("missing", f"{about}: {name}")
        for name, value in one.items():
            if name not in OF_COLUMN:
                yield Problem("unknown_setting", f"{about}: {name}", known=", ".join(OF_COLUMN))
            elif not _is(value, OF_COLUMN[name]):
                yield Problem("wrong_kind", f"{about}: {name}", str(value)[:80], OF_COLUMN[name])


def _meaning(raw: Mapping[str, Any], frameworks: Mapping[str, Framework]) -> Iterator[Problem]:
    framework = frameworks.get(raw["edition"])
    if framework is None:
        yield Problem("not_among", "edition", raw["edition"], ", ".join(frameworks))
        return
    for name, known in (("agency", AGENCY_IN), ("source", tuple(SOURCES)), ("sheet_is", WHOSE[:2])):
        if name in raw and raw[name] not in known:
            yield Problem("not_among", name, raw[name], ", ".join(known))
    if raw["first_row"] < 1:
        yield Problem("out_of_range", "first_row", str(raw["first_row"]), "1-")
    yield from _years("fiscal_year", raw)
    for name, cell in raw.get("where", {}).items():
        if name not in WHOSE:
            yield Problem("not_among", "where", name, ", ".join(WHOSE))
        elif not ADDRESS.fullmatch(cell):
            yield Problem("no_cell", f"where: {name}", cell)
    for kind, words in raw.get("words", {}).items():
        if kind not in WORDS:
            yield Problem("not_among", "words", kind, ", ".join(WORDS))
        for word in words:
            other = [k for k, said in raw["words"].items() if k != kind and same(word) in map(same, said)]
            if other and kind < other[0]:
                yield Problem("word_twice", "words", word, f"{kind}, {other[0]}")
    for old, new in raw.get("codes", {}).items():
        if new not in framework.criterion:
            yield Problem("no_criterion", f"codes: {old}", new)
    yield from _columns(raw["columns"], framework)
    yield from _whole(raw)


def _columns(columns: Sequence[Mapping[str, Any]], framework: Framework) -> Iterator[Problem]:
    scopes = {OVERALL, *framework.scopes("category"), *framework.scopes("item"), *framework.scopes("dimension")}
    taken: dict[str, int] = {}
    for number, one in enumerate(columns, 1):
        about = f"columns {number}"
        if not LETTERS.fullmatch(one["column"]):
            yield Problem("no_column", about, one["column"])
        elif taken.setdefault(one["column"], number) != number:
            yield Problem("column_twice", about, one["column"], str(taken[one["column"]]))
        if one["means"] not in MEANINGS:
            yield Problem("not_among", f"{about}: means", one["means"], ", ".join(MEANINGS))
        if "level" in one and one["level"] not in framework.level:
            yield Problem("not_among", f"{about}: level", one["level"], ", ".join(framework.level))
        if "criterion" in one and one["criterion"] not in framework.criterion:
            yield Problem("no_criterion", about, one["criterion"])
        if "scope" in one and one["scope"] not in scopes:
            yield Problem("no_scope", about, one["scope"])
        if one["means"] == POINTS and "scope" not in one:
            yield Problem("missing", f"{about}: scope")
        yield from _years(f"{about}: fiscal_year", one)


def _years(about: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    year = table.get("fiscal_year")
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        yield Problem("out_of_range", about, str(year), f"{FIRST_YEAR}-{LAST_YEAR}")


def _whole(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What the parts are together: something to read, and whose it is."""
    means = [one["means"] for one in raw["columns"]]
    if ANSWER not in means and POINTS not in means:
        yield Problem("nothing_to_read", "columns")
    for number, one in enumerate(raw["columns"], 1):
        alone = "criterion" in one or "criterion" in means or ("level" in one and "item" in means)
        if one["means"] in (ANSWER, EVIDENCE, EXPLANATION) and not alone:
            yield Problem("of_what", f"columns {number}", one["means"])
    where = {"file": raw.get("where", {}), "row": means}.get(raw["agency"])
    if where is not None and not {"agency_code", "agency_name"} & set(where):
        yield Problem("whose", "where" if raw["agency"] == "file" else "columns")
