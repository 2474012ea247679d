"""Submissions made directly, for tests that need no workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.submission import Answer, Measure, Submission

Met = bool | None
# Tables of the database since version 5, for tests of what becomes of older ones.
LATER_TABLES = (
    *("people", "events", "announced", "storyboards", "slides", "links", "saved_views", "notes"),
    *("group_owners", "rounds", "round_scores", "successions", "layouts"),
    *("wordings", "families", "settled"),
)


def make_submission(
    agency_code: str = "D001",
    fiscal_year: int = 2569,
    source: str = "self",
    *,
    met: Met | Mapping[str, Met] = True,
    evidence: str | Mapping[str, str | None] | None = "คำสั่งตัวอย่างที่ 1/2569",
    measures: Iterable[Measure] = (),
    framework: Framework | None = None,
    agency_name: str | None = None,
    ministry: str = "กระทรวงตัวอย่างหนึ่ง",
    agency_type: str = "กรม",
    edition_version: str | None = None,
    contact_name: str | None = None,
) -> Submission:
    """A whole submission to one edition.

    met: the answer to every criterion, or by criterion (those not named are unanswered).
    evidence: the reference of every criterion that is met, or by criterion.
    """
    framework = framework or shipped_frameworks()[DEFAULT_EDITION]
    answers = []
    for row, criterion in enumerate(framework.criteria, start=4):
        answer = met.get(criterion.id) if isinstance(met, Mapping) else met
        reference = evidence.get(criterion.id) if isinstance(evidence, Mapping) else evidence
        answers.append(
            Answer(
                criterion.id,
                answer,
                evidence=reference if answer or isinstance(evidence, Mapping) else None,
                sheet=f"หมวด {framework.item[criterion.item].category}",
                cell=f"E{row}",
            )
        )
    return Submission(
        agency_code=agency_code,
        agency_name=agency_name or f"กรมตัวอย่าง {agency_code}",
        ministry=ministry,
        agency_type=agency_type,
        fiscal_year=fiscal_year,
        source=source,
        edition=framework.edition,
        edition_version=edition_version or framework.version,
        form_version="1.0",
        answers=tuple(answers),
        measures=tuple(measures),
        contact_name=contact_name,
    )


def make_measure(
    indicator: str = "7.1.1",
    number: int = 1,
    *,
    target: float | None = 85.0,
    actual: float | None = 85.9,
    actual_1: float | None = 84.0,
    actual_2: float | None = 82.0,
    direction: str = "higher",
    method: str = "bands",
    step: float | None = None,
    benchmark: float | None = None,
    accepted: bool | None = None,
) -> Measure:
    """A measure with a target and three years of actuals."""
    return Measure(
        indicator,
        number,
        name=f"ตัววัดตัวอย่าง {indicator} ({number})",
        unit="ร้อยละ",
        direction=direction,
        target=target,
        actual_2=actual_2,
        actual_1=actual_1,
        actual=actual,
        benchmark=benchmark,
        method=method,
        step=step,
        accepted=accepted,
        sheet="หมวด 7",
    )
