"""What an agency sent, parsed once: a Submission of Answers and Measures; many of them as ANSWERS and MEASURES."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

MOST_MEASURES: Final = 5  # of one indicator
FIRST_YEAR, LAST_YEAR = 2540, 2600  # พ.ศ., fiscal years that a submission can be of
CLASSIFIED: Final = "ชั้นความลับ"  # marks evidence that stays at the agency


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one criterion. Its place in the file is kept for tracing and is no part of what was said."""

    criterion: str
    met: bool | None = None  # None = unanswered
    explanation: str | None = None
    evidence: str | None = None
    suggestion: str | None = None
    sheet: str | None = field(default=None, compare=False)
    cell: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an indicator, numbered from 1 within it in the order of the sheet."""

    indicator: str
    number: int
    name: str | None = None
    unit: str | None = None
    direction: str = "higher"
    target: float | None = None
    actual_2: float | None = None
    actual_1: float | None = None
    actual: float | None = None
    benchmark: float | None = None
    method: str = "bands"
    step: float | None = None
    evidence: str | None = None
    note: str | None = None
    accepted: bool | None = None  # the assessor's เหมาะสม / ไม่เหมาะสม
    suggestion: str | None = None
    sheet: str | None = field(default=None, compare=False)
    target_cell: str | None = field(default=None, compare=False)
    actual_cell: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole, sound submission: no error was found in it.

    answers: one per criterion of the edition, in its order, answered or not.
    measures: those with any content, in the order of indicators and numbers.
    """

    agency_code: str
    agency_name: str
    ministry: str
    agency_type: str  # as in the form's list: กรม, จังหวัด, ...
    fiscal_year: int  # พ.ศ.
    source: str  # self, assessor
    edition: str
    edition_version: str
    form_version: str
    answers: tuple[Answer, ...]
    measures: tuple[Measure, ...]
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


def answer_frame(submissions: Mapping[str, Submission]) -> pd.DataFrame:
    """ANSWERS of submissions by their ids."""
    from pmqa.tables import ANSWERS  # noqa: PLC0415 - the child that judges files starts without pandas

    return ANSWERS.of(_columns({key: submission.answers for key, submission in submissions.items()}, Answer))


def measure_frame(submissions: Mapping[str, Submission]) -> pd.DataFrame:
    """MEASURES of submissions by their ids."""
    from pmqa.tables import MEASURES  # noqa: PLC0415 - as above

    return MEASURES.of(_columns({key: submission.measures for key, submission in submissions.items()}, Measure))


def source_frame(submissions: Mapping[str, Submission]) -> pd.DataFrame:
    """Columns submission, source: what `score` needs to know of each submission."""
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.DataFrame(
        {"submission": list(submissions), "source": [submission.source for submission in submissions.values()]},
        dtype="str",
    )


def _columns(
    facts: Mapping[str, Sequence[Answer] | Sequence[Measure]], kind: type[Answer] | type[Measure]
) -> dict[str, list[object]]:
    rows = list(chain.from_iterable(facts.values()))
    columns = {part.name: list(map(attrgetter(part.name), rows)) for part in fields(kind)}
    return {"submission": [key for key, of_one in facts.items() for _ in of_one], **columns}
