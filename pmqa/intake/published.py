"""The product's own data export (pmqa.exports.data_zip), read back: its tables, judged as strictly as any file.

A submission in it becomes a form again (the caller's), so that it is checked, recorded and traced like one sent.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd

from pmqa.exports.datapackage import FILE
from pmqa.exports.dictionary import DATA, Field, fields_of
from pmqa.exports.tables import MOMENT, unguarded
from pmqa.framework import Framework
from pmqa.store.layouts import NAME
from pmqa.submission import MOST_MEASURES, Answer, Measure, Submission
from pmqa.workbook import limits
from pmqa.workbook.archive import Refusal, list_entries, read_part
from pmqa.workbook.foreign.layouts import read_layout

NEEDED: Final = ("submissions", "answers", "measures")
BOOLEANS: Final = {"True": True, "False": False}
ANNOUNCED_KINDS: Final = ("item", "category", "dimension", "overall")
MOST_PROBLEMS: Final = 100  # that are said of a file
FIRST_ROW: Final = 2  # below the heading


@dataclass(frozen=True)
class Problem:
    """What is wrong where. key: of `cli.published`; values: what fills its blanks."""

    key: str
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    known: str = ""


@dataclass(frozen=True)
class Published:
    """The tables of a zip by name, of the types of DATA; nothing of them where there is any problem."""

    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]


def is_published(content: bytes) -> bool:
    """Whether a file is a zip with a datapackage.json, and so to be read as an export."""
    try:
        return FILE in list_entries(content, limits.BUNDLE_INFLATED_BYTES)
    except Refusal:
        return False


def read_published(content: bytes, frameworks: Mapping[str, Framework]) -> Published:
    """Every table of an export, and everything that is wrong with it (MOST_PROBLEMS at most)."""
    try:
        if len(content) > limits.BUNDLE_BYTES:
            raise Refusal("too_large", most=limits.BUNDLE_BYTES // limits.MB)
        entries = list_entries(content, limits.BUNDLE_INFLATED_BYTES)
        raw = {name: read_part(content, entries[f"{name}.csv"]) for name in DATA if f"{name}.csv" in entries}
    except Refusal as refusal:
        return Published({}, (Problem("damaged", value=refusal.code),))
    problems = [Problem("no_table", f"{name}.csv") for name in NEEDED if name not in raw]
    tables = {}
    for name, part in raw.items():
        rows, wrong = _rows_of(name, part)
        problems += wrong
        if not wrong:
            tables[name] = DATA[name].conform(pd.DataFrame(rows, columns=list(DATA[name].columns)), check_key=False)
    if not problems:
        problems = [*_unfitting(tables, frameworks)]
    return Published({} if problems else tables, tuple(problems[:MOST_PROBLEMS]))


@dataclass(frozen=True)
class SentBefore:
    """A submission of an export. id: what it was called there; again: how many earlier ones say the very same.

    withdrawn_reason: None where it stands.
    """

    id: str
    file_name: str
    submission: Submission
    again: int
    withdrawn_reason: str | None


def submissions_of(published: Published, frameworks: Mapping[str, Framework]) -> Iterator[SentBefore]:
    """What was sent, in the order in which it was recorded there."""
    facts = {
        name: dict(iter(published.tables[name].groupby("submission", sort=False))) for name in ("answers", "measures")
    }
    names = [part.name for part in fields(Submission)]
    before: Counter[Submission] = Counter()
    for row in published.tables["submissions"].sort_values("submission").to_dict("records"):
        id_ = row["submission"]
        said = {one["criterion"]: _made(Answer, one) for one in _records(facts["answers"].get(id_))}
        whole = tuple(said.get(one.id, Answer(one.id)) for one in frameworks[row["edition"]].criteria)
        measures = tuple(_made(Measure, one) for one in _records(facts["measures"].get(id_)))
        about = {name: _plain(row[name]) for name in names if name in row}
        sent = Submission(**about, answers=whole, measures=measures)
        yield SentBefore(id_, row["file_name"], sent, before[sent], _plain(row["withdrawn_reason"]))
        before[sent] += 1


def _records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    return [] if frame is None else frame.to_dict("records")


def _made(kind: type[Any], row: Mapping[str, Any]) -> Any:
    return kind(**{part.name: _plain(row[part.name]) for part in fields(kind)})


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def _rows_of(name: str, part: bytes) -> tuple[list[list[Any]], list[Problem]]:
    """The rows of a csv with their values, and what is wrong in it."""
    path = f"{name}.csv"
    try:
        reader = csv.reader(io.StringIO(part.decode("utf-8-sig"), newline=""), strict=True)
        heading = next(reader, [])
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [Problem("no_csv", path, value=str(error)[:80])]
    wanted = list(DATA[name].columns)
    problems = [Problem("no_column", path, column=one) for one in wanted if one not in heading]
    problems += [Problem("column_twice", path, column=one) for one in dict.fromkeys(heading) if heading.count(one) > 1]
    problems += [Problem("unknown_column", path, column=one) for one in heading if one not in wanted]
    problems += [
        Problem("row_length", path, FIRST_ROW + n) for n, line in enumerate(lines) if len(line) != len(heading)
    ]
    if problems:
        return [], problems
    columns = []
    for field in fields_of(DATA[name]):
        at = heading.index(field.name)
        values, wrong = _column([line[at] for line in lines], field, path)
        columns.append(values)
        problems += wrong
    return [list(row) for row in zip(*columns, strict=True)], problems


def _column(texts: Sequence[str], field: Field, path: str) -> tuple[list[Any], list[Problem]]:
    """The values of a column, and those of its cells that cannot be one."""
    values: list[Any] = []
    problems = []
    known = ", ".join(field.allowed)
    for row, text in enumerate(texts, FIRST_ROW):
        value: Any = None
        if not text:
            if not field.blank:
                problems.append(Problem("blank", path, row, field.name))
        elif len(text) > limits.CELL_CHARACTERS:
            problems.append(Problem("too_long", path, row, field.name))
        else:
            try:
                value = PARSERS[field.kind](text)
            except ValueError:
                problems.append(Problem(f"no_{field.kind}", path, row, field.name, text[:80]))
        if value is not None and field.allowed and value not in field.allowed:
            problems.append(Problem("not_allowed", path, row, field.name, text[:80], known))
        values.append(value)
    return values, problems


def _bool(text: str) -> bool:
    if text not in BOOLEANS:
        raise ValueError(text)
    return BOOLEANS[text]


def _int(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise ValueError(text)
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if not pd.notna(value) or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def _time(text: str) -> pd.Timestamp:
    return pd.to_datetime(text, format=MOMENT).tz_localize(None)


PARSERS: Final = {"text": unguarded, "bool": _bool, "int": _int, "float": _float, "time": _time}


def _unfitting(tables: Mapping[str, pd.DataFrame], frameworks: Mapping[str, Framework]) -> Iterator[Problem]:
    """Rows that repeat a key, or name what is not there."""
    for name, frame in tables.items():
        for row in frame.index[frame.duplicated(list(DATA[name].key))]:
            said = ", ".join(str(frame.loc[row, column]) for column in DATA[name].key)
            yield Problem("row_twice", f"{name}.csv", int(row) + FIRST_ROW, ", ".join(DATA[name].key), said)
    sent = tables["submissions"]
    editions = dict(zip(sent["submission"], sent["edition"], strict=True))
    for row, edition in sent["edition"].items():
        if edition not in frameworks:
            yield Problem(
                "no_edition", "submissions.csv", int(row) + FIRST_ROW, "edition", edition, ", ".join(frameworks)
            )
    for name, column, kind in (("answers", "criterion", "criterion"), ("measures", "indicator", "indicator")):
        frame = tables[name]
        for row, id_, scope in zip(frame.index, frame["submission"], frame[column], strict=True):
            if id_ not in editions:
                yield Problem("no_submission", f"{name}.csv", int(row) + FIRST_ROW, "submission", id_)
            elif editions[id_] in frameworks and scope not in _ids(frameworks[editions[id_]], kind):
                yield Problem("not_of_edition", f"{name}.csv", int(row) + FIRST_ROW, column, scope)
    told = tables.get("announced", DATA["announced"].empty())
    for row, edition, kind, scope in zip(told.index, told["edition"], told["kind"], told["scope"], strict=True):
        if edition not in frameworks:
            known = ", ".join(frameworks)
            yield Problem("no_edition", "announced.csv", int(row) + FIRST_ROW, "edition", edition, known)
        elif kind not in ANNOUNCED_KINDS or scope not in frameworks[edition].scopes(kind):
            yield Problem("not_of_edition", "announced.csv", int(row) + FIRST_ROW, "scope", scope)
    numbers = tables["measures"]["number"]
    for row in numbers.index[~numbers.between(1, MOST_MEASURES)]:
        yield Problem(
            "no_measure", "measures.csv", int(row) + FIRST_ROW, "number", str(numbers[row]), str(MOST_MEASURES)
        )
    yield from _unfitting_rounds(tables, editions)
    if "layouts" in tables:
        rows = tables["layouts"]
        for row, name, text in zip(rows.index, rows["layout"], rows["settings"], strict=True):
            for problem in read_layout(text, name, frameworks)[1]:
                yield Problem("no_layout", "layouts.csv", int(row) + FIRST_ROW, problem.about, name)
            if not NAME.fullmatch(name):
                yield Problem("no_layout", "layouts.csv", int(row) + FIRST_ROW, "layout", name)
    if "progress" in tables:
        actions = set(tables["actions"]["action"]) if "actions" in tables else set()
        for row, action in tables["progress"]["action"].items():
            if action not in actions:
                yield Problem("no_action", "progress.csv", int(row) + FIRST_ROW, "action", action)


def _unfitting_rounds(tables: Mapping[str, pd.DataFrame], editions: Mapping[str, str]) -> Iterator[Problem]:
    """Rounds without a day, and rows of rounds or submissions that are not there."""
    rounds = tables.get("rounds", DATA["rounds"].empty())
    for row, day in rounds["day"].items():
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) or pd.isna(pd.to_datetime(day, errors="coerce")):
            yield Problem("no_day", "rounds.csv", int(row) + FIRST_ROW, "day", day)
    for name in ("reported", "announced"):
        frame = tables.get(name, DATA[name].empty())
        for row in frame.index[frame["round"].notna() & ~frame["round"].isin(rounds["round"])]:
            yield Problem("no_round", f"{name}.csv", int(row) + FIRST_ROW, "round", frame["round"][row])
    reported = tables.get("reported", DATA["reported"].empty())
    for row in reported.index[~reported["submission"].isin(editions)]:
        yield Problem("no_submission", "reported.csv", int(row) + FIRST_ROW, "submission", reported["submission"][row])


def _ids(framework: Framework, kind: str) -> Mapping[str, Any]:
    return framework.criterion if kind == "criterion" else framework.indicator
