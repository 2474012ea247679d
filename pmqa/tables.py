"""Every table of the system, declared once: DuckDB's DDL and the check of a frame come from the same lines.

Frames are long, one fact a row. A column's type is one of Column; `?` in a declaration means that it may be blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from pmqa.errors import TableError

# declared type -> (pandas dtype, DuckDB type). Booleans and whole numbers use pandas' nullable types,
# because "unanswered" must survive beside True and False.
TYPES: Final[dict[str, tuple[str, str]]] = {
    "text": ("str", "VARCHAR"),
    "bool": ("boolean", "BOOLEAN"),
    "int": ("Int64", "BIGINT"),
    "float": ("float64", "DOUBLE"),
    "time": ("datetime64[us]", "TIMESTAMP"),
    "bytes": ("object", "BLOB"),
}

ARROW: Final[dict[str, pa.DataType]] = {
    "text": pa.large_string(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "time": pa.timestamp("us"),
    "bytes": pa.large_binary(),
}
NULLABLE: Final[dict[pa.DataType, Any]] = {
    ARROW[kind]: pd.api.types.pandas_dtype(TYPES[kind][0]) for kind in ("text", "bool", "int")
}


def as_text(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The frame with these columns as plain text, so that frames from different places merge; blanks stay."""
    return frame.assign(**{name: text_of(frame[name]) for name in names})


def text_of(column: pd.Series[Any]) -> pd.Series[str]:
    """A column as plain text; blanks stay."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("str")
    # Each distinct text is made once: pandas' own way makes each row's, and takes eight times as long.
    texts = column.cat.categories.astype("str").array.take(column.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(texts, index=column.index, name=column.name)


@dataclass(frozen=True)
class Table:
    """A named set of columns with a key.

    columns: name -> type, one of TYPES, with a trailing `?` where blanks are allowed.
    key: columns that are unique together; () for none.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...] = ()

    def some(self, *names: str) -> dict[str, str]:
        """Some of its columns, for another table that has them too."""
        return {name: self.columns[name] for name in names}

    def type_of(self, column: str) -> str:
        """The declared type without its blank mark."""
        return self.columns[column].rstrip("?")

    def ddl(self) -> str:
        """CREATE TABLE for DuckDB, with NOT NULL and the primary key."""
        lines = [
            f'"{name}" {TYPES[kind.rstrip("?")][1]}{"" if kind.endswith("?") else " NOT NULL"}'
            for name, kind in self.columns.items()
        ]
        if self.key:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        return f"CREATE TABLE {self.name} (\n    " + ",\n    ".join(lines) + "\n)"

    def empty(self) -> pd.DataFrame:
        """The table with no rows, so that no-data paths need no special case."""
        return pd.DataFrame({name: pd.Series(dtype=TYPES[self.type_of(name)][0]) for name in self.columns})

    def of(self, columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
        """The table of values as Python has them, None for a blank. Raises TableError as `conform`.

        Their types are told and not looked for, which takes pandas more than twice the time.
        """
        schema = pa.schema([(name, ARROW[self.type_of(name)]) for name in self.columns])
        try:
            rows = pa.table({name: columns[name] for name in self.columns}, schema)
        except pa.ArrowException as error:
            raise TableError(f"{self.name}: {error}") from error
        return self.conform(rows.to_pandas(types_mapper=NULLABLE.get), check_key=False)

    def conform(self, frame: pd.DataFrame, *, check_key: bool = True) -> pd.DataFrame:
        """The frame with exactly the declared columns, in order, of the declared types.

        Categorical text columns stay categorical (they are smaller and faster). Raises TableError that names every
        missing column, every blank where none may be, and duplicate keys. `check_key=False` spares the check of
        uniqueness on large derived frames whose key holds by construction.
        """
        problems = [f"no column {name!r}" for name in self.columns if name not in frame.columns]
        if problems:
            raise TableError(f"{self.name}: " + "; ".join(problems))
        columns = {}
        for name, kind in self.columns.items():
            column = frame[name]
            dtype = TYPES[self.type_of(name)][0]
            if str(column.dtype) != dtype and not (dtype == "str" and isinstance(column.dtype, pd.CategoricalDtype)):
                try:
                    column = text_of(column) if dtype == "str" else column.astype(dtype)
                except (TypeError, ValueError) as error:
                    problems.append(f"column {name!r} is not {self.type_of(name)}: {error}")
            if not kind.endswith("?") and column.isna().any():
                problems.append(f"column {name!r} has blanks")
            columns[name] = column
        if not problems and check_key and self.key:
            repeated = frame.duplicated(list(self.key)).sum()
            if repeated:
                problems.append(f"{repeated} rows repeat the key {self.key}")
        if problems:
            raise TableError(f"{self.name}: " + "; ".join(problems))
        return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


# --- what agencies sent -----------------------------------------------------------------------------------------

SUBMISSIONS = Table(
    "submissions",
    {
        "submission": "text",
        "agency_code": "text",
        "agency_name": "text",
        "ministry": "text",
        "agency_type": "text",
        "fiscal_year": "int",  # พ.ศ.
        "source": "text",  # self, assessor
        "edition": "text",
        "edition_version": "text",
        "form_version": "text",
        "sha256": "text",
        "file_name": "text",
        "received_at": "time",  # UTC
        "received_by": "text",
    },
    key=("submission",),
)

ANSWERS = Table(
    "answers",
    {
        "submission": "text",
        "criterion": "text",
        "met": "bool?",  # blank = unanswered
        "explanation": "text?",
        "evidence": "text?",  # blank = no evidence reference
        "suggestion": "text?",
        "sheet": "text?",
        "cell": "text?",  # of the answer, in the file that was sent
    },
    key=("submission", "criterion"),
)

PROSE: Final = ("explanation", "evidence", "suggestion")  # columns of ANSWERS with what people wrote
PLACES: Final = ("sheet", "cell")  # columns of ANSWERS with where that stood

MEASURES = Table(
    "measures",
    {
        "submission": "text",
        "indicator": "text",
        "number": "int",  # 1..5 within the indicator; scope id is "7.1.1#2"
        "name": "text?",
        "unit": "text?",
        "direction": "text",  # higher, lower
        "target": "float?",
        "actual_2": "float?",  # two years before the assessed one
        "actual_1": "float?",
        "actual": "float?",
        "benchmark": "float?",
        "method": "text",  # bands, interval
        "step": "float?",
        "evidence": "text?",
        "note": "text?",
        "accepted": "bool?",  # the assessor: เหมาะสม, ไม่เหมาะสม; blank = unanswered
        "suggestion": "text?",
        "sheet": "text?",
        "target_cell": "text?",
        "actual_cell": "text?",
    },
    key=("submission", "indicator", "number"),
)

# --- what is derived from them ----------------------------------------------------------------------------------

SCORES = Table(
    "scores",
    {
        "submission": "text",
        "basis": "text",  # claimed, evidenced, verified
        "kind": "text",  # item, category, dimension, overall, indicator, measure
        "scope": "text",  # "3.2", "3", "digitalization", "overall", "7.1.1", "7.1.1#2"
        "score": "float?",  # on the scale of the edition; blank where nothing in the scope was answered
        "score_max": "float?",  # with every unanswered part at its best; blank where the scope does not apply
        "coverage": "float",  # 0..1
        "level": "text?",  # below, or the id of a level of the edition
        "complete": "bool",  # coverage is 1
    },
    key=("submission", "basis", "kind", "scope"),
)

# Scores with whose they are: what comparison and analysis start from.
SCORED = Table(
    "scored",
    {
        **SCORES.columns,
        **SUBMISSIONS.some("agency_code", "agency_name", "ministry", "agency_type", "fiscal_year", "source", "edition"),
    },
    key=SCORES.key,
)

MEASURE_RESULTS = Table(
    "measure_results",
    {
        "submission": "text",
        "basis": "text",
        "indicator": "text",
        "number": "int",
        "success_rate": "float?",  # percent, 0..200
        "score": "float?",  # on the scale of the edition
        "target_is_zero": "bool",
        "trend": "text?",  # better, steady, worse; blank with fewer than two years
        "comparison": "text?",  # better, same, worse; blank without benchmark or actual
    },
    key=("submission", "basis", "indicator", "number"),
)

# Scores as somebody announced them, without answers; the latest record of an agency, year and scope counts.
ANNOUNCED = Table(
    "announced",
    {
        "record": "int",  # the number of the audit's entry
        **SUBMISSIONS.some("agency_code", "agency_name", "ministry", "agency_type"),
        "fiscal_year": "int",  # พ.ศ.
        "edition": "text",
        "kind": "text",  # item, category, dimension, overall
        "scope": "text",
        "points": "float",  # 0..500
        "layout": "text",  # by which the file was read
        "file_name": "text",
        "sha256": "text",
        "sheet": "text",
        "cell": "text",
        "recorded_at": "time",  # UTC
        "recorded_by": "text",
    },
    key=("record", "agency_code", "fiscal_year", "kind", "scope"),
)

# How files of other kinds are read, as somebody said it on screen; text: TOML, as docs/layouts.md describes it.
LAYOUTS = Table(
    "layouts",
    {"name": "text", "text": "text", "kept_at": "time", "kept_by": "text"},  # kept_at: UTC
    key=("name",),
)

# Scores that moved without anybody sending anything: the rules changed, or a file is read differently.
MOVED_SCORES = Table(
    "moved_scores",
    {
        "change": "int",  # the number of the audit's entry
        **SCORES.some("submission", "basis", "kind", "scope"),
        "before": "float?",
        "after": "float?",
        "level_before": "text?",
        "level_after": "text?",
        "rule": "text",  # what moved it: CAUSES of pmqa.scoring.moved, separated by a space
    },
    key=("change", "submission", "basis", "kind", "scope"),
)

# --- what the store keeps beside them ---------------------------------------------------------------------------

FINDINGS = Table(
    "findings",
    {
        "submission": "text",
        "number": "int",  # from 1, in the order of the file
        "code": "text",
        "severity": "text",  # warning, note
        "sheet": "text?",
        "cell": "text?",
        "value": "text?",
        "details": "text",  # JSON: what else fills the blanks of the sentence
    },
    key=("submission", "number"),
)

AUDIT = Table(
    "audit",
    {
        "number": "int",  # from 1, without gaps
        "at": "time",  # UTC
        "who": "text",
        "action": "text",
        "subject": "text?",  # the submission, agency, ... that it is about
        "details": "text",  # JSON
        "version": "text",  # of the data, after this change
    },
    key=("number",),
)

# What was done without a change of the data: signed in, was refused, signed out, downloaded.
EVENTS = Table(
    "events",
    AUDIT.some("at", "who", "action", "subject", "details"),
)

# Cards that somebody keeps to show. agencies, ministries: the reach of who wrote the texts, as of PEOPLE; whoever sees
# less is not shown them.
STORYBOARDS = Table(
    "storyboards",
    {
        "storyboard": "text",  # which a link names
        "owner": "text",
        "name": "text",
        "place": "text?",  # where it is shown, or who shows it
        "day": "text?",  # when, ISO 8601
        "agencies": "text?",
        "ministries": "text?",
        "changed_at": "time",  # UTC
    },
    key=("storyboard",),
)

SLIDES = Table(
    "slides",
    {
        "storyboard": "text",
        "slide": "text",
        "place": "int",  # in their order, with gaps
        "address": "text",  # of the card, as pmqa.views.address writes it
        "finding": "text",  # what the card said at `version`, in the address's language
        "digest": "text",  # of the card's table then
        "version": "text",  # of the data
        "headline": "text?",  # in place of the finding
        "note": "text?",  # for the speaker
        "agencies": "text?",
        "ministries": "text?",
    },
    key=("storyboard", "slide"),
)

# Views by short links, and by names that somebody gave them.
LINKS = Table(
    "links",
    {
        "link": "text",
        "page": "text",
        "query": "text",  # the parameters of its address, encoded
        "kept_at": "time",  # UTC
    },
    key=("link",),
)

SAVED_VIEWS = Table(
    "saved_views",
    {"owner": "text", "name": "text", "link": "text", "saved_at": "time"},  # UTC
    key=("owner", "name"),
)

# What people noted on agencies: on one as a whole, on a score of a year, or on a submission.
NOTES = Table(
    "notes",
    {
        "note": "text",
        "agency_code": "text",
        "fiscal_year": "int?",  # of the score
        "scope": "text?",  # as the page Trace has it: "overall", "3", "3.2", "digital"
        "submission": "text?",
        "words": "text",
        "noted_at": "time",  # UTC
        "noted_by": "text",
    },
    key=("note",),
)

# Closed rounds: the data as they were reported under a name on a day.
ROUNDS = Table(
    "rounds",
    {
        "round": "text",
        "name": "text",
        "day": "text",  # of the report, ISO 8601
        "number": "int",  # the last entry of the audit that it knows of
        "version": "text",  # of the data then
        "closed_at": "time",  # UTC
        "closed_by": "text",
    },
    key=("round",),
)

# The scores of the submissions that counted when a round was closed: later rules and readings leave them alone.
ROUND_SCORES = Table("round_scores", {"round": "text", **SCORES.columns}, key=("round", *SCORES.key))

# A file as it came in, whatever became of it.
RECEIVED = Table(
    "received",
    {
        "receipt": "text",
        "sha256": "text",
        "file_name": "text",
        "size": "int",  # bytes
        "received_at": "time",  # UTC
        "received_by": "text",
        "outcome": "text",  # pending, accepted, refused, known, set_aside
        "submission": "text?",  # accepted: what it became; known: what it had become before
        "agency_code": "text?",  # these three as far as they could be read
        "fiscal_year": "int?",
        "source": "text?",
        "errors": "int",
        "warnings": "int",
        "notes": "int",
    },
    key=("receipt",),
)

# Moved scores with whose they are.
MOVED = Table(
    "moved",
    {
        **MOVED_SCORES.columns,
        **SUBMISSIONS.some("agency_code", "agency_name", "fiscal_year", "source", "edition"),
    },
    key=MOVED_SCORES.key,
)

# Submissions with what became of them.
HISTORY = Table(
    "history",
    {
        **SUBMISSIONS.columns,
        "current": "bool",
        "sample": "bool",
        "withdrawn": "bool",
        "withdrawn_at": "time?",  # UTC
        "withdrawn_by": "text?",
        "withdrawn_reason": "text?",
    },
    key=SUBMISSIONS.key,
)

# --- who is there, who must send --------------------------------------------------------------------------------

AGENCIES = Table(
    "agencies",
    {"agency_code": "text", "agency_name": "text", "ministry": "text", "agency_type": "text"},
    key=("agency_code",),
)

PEOPLE = Table(
    "people",
    {
        "email": "text",  # in small letters
        "role": "text",  # viewer, agency, assessor, analyst, admin
        "agencies": "text?",  # codes, one a line; blank = all
        "ministries": "text?",  # names, one a line; blank = all
        "valid_until": "time?",  # UTC, the last moment; blank = until they are removed
        "note": "text?",
        "removed_at": "time?",  # UTC; since then they stay out, whatever an identity provider says
    },
    key=("email",),
)

# What became of agencies: who is whose successor, since which year.
SUCCESSIONS = Table(
    "successions",
    {
        "predecessor": "text",
        "successor": "text",
        "fiscal_year": "int",  # พ.ศ., the first of the successor
        "kind": "text",  # renamed, merged, split
        "number": "int",  # of the audit's entry
    },
    key=("predecessor", "successor"),
)

EXPECTATIONS = Table(
    "expectations",
    {
        "fiscal_year": "int",  # พ.ศ.
        "source": "text",  # self, assessor
        "agency_code": "text",
        "due": "time?",  # UTC, the last moment; blank = no date was set
    },
    key=("fiscal_year", "source", "agency_code"),
)

STATUS = Table(
    "status",
    {
        **AGENCIES.columns,
        "expected": "bool",
        "due": "time?",  # UTC
        "state": "text",  # sent, late, refused, missing
        "submission": "text?",  # the current one
        "first_received_at": "time?",  # of the first one that still stands; corrections do not make it late
    },
    key=("agency_code",),
)

# Whom to ask at an agency, as it said last.
CONTACTS = Table(
    "contacts",
    {
        "agency_code": "text",
        "contact_name": "text?",
        "contact_email": "text?",
        "contact_phone": "text?",
        "told_for": "int?",  # the fiscal year of the form that says so
    },
    key=("agency_code",),
)

PEER_GROUPS = Table("peer_groups", {"name": "text", "agency_code": "text"}, key=("name", "agency_code"))

# Who may change a named group; a group without a row is everybody's.
GROUP_OWNERS = Table("group_owners", {"name": "text", "owner": "text"}, key=("name",))

# --- what people plan -------------------------------------------------------------------------------------------

SCENARIOS = Table(
    "scenarios",
    {
        "submission": "text",
        "name": "text",
        "changes": "text",  # JSON: what is assumed, as the page that made it reads it
        "made_at": "time",  # UTC
        "made_by": "text",
    },
    key=("submission", "name"),
)

ACTIONS = Table(
    "actions",
    {
        "action": "text",
        "agency_code": "text",
        "fiscal_year": "int",  # of the submission whose gaps it closes
        "what": "text",
        "owner": "text?",
        "due": "time?",  # UTC
        "criteria": "text",  # the criteria it closes, separated by a space
    },
    key=("action",),
)

PROGRESS = Table(
    "progress",
    {
        "action": "text",
        "month": "int",  # after the start of the plan: 6, 12
        "percent": "float",  # 0..100
        "note": "text?",
        "reported_at": "time",  # UTC
        "reported_by": "text",
    },
    key=("action", "month"),
)

EFFORTS = Table(
    "efforts",
    {"agency_code": "text", "edition": "text", "criterion": "text", "effort": "float"},  # in the agency's own unit
    key=("agency_code", "edition", "criterion"),
)
