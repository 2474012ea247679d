"""The list of forms that should pass, and how what they say differs from the small submission."""

from __future__ import annotations

import dataclasses
from typing import Any

from pmqa.submission import Submission
from tests.workbooks.case import Cases, Change

PASSES = Cases()


def answer(criterion: str, **changes: Any) -> Change:
    def change(submission: Submission) -> Submission:
        answers = tuple(
            dataclasses.replace(one, **changes) if one.criterion == criterion else one for one in submission.answers
        )
        return dataclasses.replace(submission, answers=answers)

    return change


def measure(place: int, **changes: Any) -> Change:
    def change(submission: Submission) -> Submission:
        measures = list(submission.measures)
        measures[place] = dataclasses.replace(measures[place], **changes)
        return dataclasses.replace(submission, measures=tuple(measures))

    return change


def fields(**changes: Any) -> Change:
    return lambda submission: dataclasses.replace(submission, **changes)
