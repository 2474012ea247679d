"""What a made workbook shows, and what reading must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pmqa.submission import Submission
from tests.forms import Edit, edited, small_submission

Make = Callable[[], bytes]
Change = Callable[[Submission], Submission]


@dataclass(frozen=True)
class Case:
    """codes: all findings that are expected, no more and no fewer. change: what differs from the small submission."""

    name: str
    make: Make
    codes: frozenset[str]
    change: Change = field(default=lambda submission: submission)
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None

    @property
    def expected(self) -> Submission:
        """The submission that must be read."""
        return self.change(small_submission())


class Cases(list[Case]):
    """A folder of cases; functions that edit or make a form join it by decoration."""

    def edit(
        self, *codes: str, change: Change = lambda submission: submission, **place: str | None
    ) -> Callable[[Edit], Edit]:
        """A function that changes an open workbook."""

        def join(function: Edit) -> Edit:
            self.append(Case(function.__name__, lambda: edited(function), frozenset(codes), change, **place))
            return function

        return join

    def file(
        self, *codes: str, change: Change = lambda submission: submission, **place: str | None
    ) -> Callable[[Make], Make]:
        """A function that makes a file."""

        def join(function: Make) -> Make:
            self.append(Case(function.__name__, function, frozenset(codes), change, **place))
            return function

        return join
