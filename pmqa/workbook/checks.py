"""What is asked of a form once its cells are read: one small function for each finding, in the lists at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pmqa.framework import Framework
from pmqa.sources import SELF, SOURCES
from pmqa.submission import FIRST_YEAR, MOST_MEASURES
from pmqa.text import BUDDHIST_ERA
from pmqa.workbook import layout
from pmqa.workbook.agency import AgencyRead
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import (
    ACTUALS,
    YEAR_HEADING,
    Block,
    Located,
    text_of,
)
from pmqa.workbook.normalise import THAI_DIGITS, clean_text, fold
from pmqa.workbook.rows import FormRow
from pmqa.workbook.wording import criterion_text_changed, indicator_name_changed

SAME_EVIDENCE: Final = 5  # criteria that may share one evidence text
MERGE_PARTS: Final = 2


@dataclass(slots=True)
class Form:
    """A form whose cells are read.

    criteria: id -> its rows, more than one where it repeats. indicators: id -> its rows with content.
    offered: indicator id -> its first row, with content or without. spare: its rows that say only unit or direction.
    astray: what wording.astray found, once it was looked for.
    broken: categories of which a sheet or column is missing, so that what is blank there says nothing.
    """

    framework: Framework
    located: Located
    agency: AgencyRead
    criteria: Mapping[str, list[FormRow]]
    indicators: Mapping[str, list[FormRow]]
    offered: Mapping[str, FormRow]
    broken: set[str]
    spare: Mapping[str, list[FormRow]] = field(default_factory=dict)
    astray: list[tuple[FormRow, str]] | None = None

    def measures(self) -> Iterator[FormRow]:
        """Every row with a measure."""
        for rows in self.indicators.values():
            yield from rows

    def category_of(self, criterion: str) -> str:
        """The category of a criterion."""
        return self.framework.item[self.framework.criterion[criterion].item].category


Check = Callable[[Form], Iterator[Spot]]


# --- the form --------------------------------------------------------------------------------------------------------


def criterion_twice(form: Form) -> Iterator[Spot]:
    """A criterion that is answered in two rows: which one is meant?"""
    for rows in form.criteria.values():
        for first, again in pairwise(rows):
            yield again.spot(
                "criterion_twice", "criterion", again.id, other=f"{first.sheet} {first.address('criterion')}"
            )


def missing_criterion(form: Form) -> Iterator[Spot]:
    """A criterion without a row, in a sheet that is there."""
    # A row with an unknown code is reported as such; that its right code is missing only follows from it.
    strays = {spot.sheet for spot in form.located.spots if spot.code in ("unknown_criterion", "row_without_code")}
    sheet_of = {form.category_of(rows[0].id): rows[0].sheet for rows in form.criteria.values()}
    for criterion in form.framework.criteria:
        category = form.category_of(criterion.id)
        if criterion.id not in form.criteria and category in sheet_of and category not in form.broken:
            sheet = sheet_of[category]
            if sheet not in strays:
                yield spot("missing_criterion", sheet, value=criterion.id)


def merged_cells(form: Form) -> Iterator[Spot]:
    """Merged cells over several answers: only the first cell has a value, and the others look filled."""
    rows_of: dict[int, set[int]] = defaultdict(set)
    blocks: dict[int, Block] = {}
    for rows in (*form.criteria.values(), *form.indicators.values()):
        for row in rows:
            rows_of[id(row.block)].add(row.row)
            blocks[id(row.block)] = row.block
    for key, block in blocks.items():
        filled_in = {letters for name, letters in block.columns.items() if name in ("answer", *TEXTS, *NUMBERS)}
        for merge in block.sheet.merges:
            corners = [_corner(part) for part in merge.split(":")]
            if len(corners) == MERGE_PARTS and all(corners):
                (left, top), (right, bottom) = corners  # type: ignore[misc]  # all() has just said that both are there
                hidden = {x for x in filled_in if _order(left) <= _order(x) <= _order(right)}
                covered = {row for row in rows_of[key] if top <= row <= bottom}
                if hidden and covered and (hidden != {left} or covered != {top}):
                    yield spot("merged_cells", block.sheet.name, left, top, merge)


def heading_year_differs(form: Form) -> Iterator[Spot]:
    """The year above a column of actuals is not the one that the form's fiscal year gives it."""
    year = form.agency.values.get("fiscal_year")
    blocks = {id(row.block): row.block for row in form.measures()}
    for block in blocks.values():
        headings = block.sheet.rows.get(block.head, {})
        for back, key in enumerate(ACTUALS):
            match = YEAR_HEADING.fullmatch(fold(text_of(headings.get(block.columns.get(key, "")))))
            if match and isinstance(year, int):
                said = (
                    int(match[1]) if int(match[1]) >= FIRST_YEAR - BUDDHIST_ERA // 2 else int(match[1]) + BUDDHIST_ERA
                )
                if said != year - back:
                    letters = block.columns[key]
                    yield spot(
                        "heading_year_differs", block.sheet.name, letters, block.head, match[1], expected=year - back
                    )


def comment_unread(form: Form) -> Iterator[Spot]:
    """A comment in a cell of the form, where somebody may have put an answer; the marked copy's own are none."""
    foreign = {found.sheet for found in form.located.spots if found.code == "unknown_sheet"}
    for sheet, cells in form.located.comments.items():
        for cell, (author, text) in cells.items() if sheet not in foreign else ():
            place = _corner(cell)
            if place is not None and author != layout.COMMENT_AUTHOR:
                yield spot("comment_unread", sheet, *place, text)


# --- measures ---------------------------------------------------------------------------------------------------------


def too_many_measures(form: Form) -> Iterator[Spot]:
    """More measures than an indicator may have."""
    for rows in form.indicators.values():
        for row in rows[MOST_MEASURES:]:
            yield row.spot("too_many_measures", "indicator", row.id, most=MOST_MEASURES)


def negative_target(form: Form) -> Iterator[Spot]:
    """A success rate in percent of a negative target means nothing; scoring.md, section 4."""
    for row in form.measures():
        target = row.values.get("target")
        bands = row.values.get("method", "bands") == "bands" and "method" not in row.bad
        if isinstance(target, float) and target < 0 and bands:
            yield row.spot("negative_target", "target", f"{target:.15g}")


def step_missing(form: Form) -> Iterator[Spot]:
    """The method by intervals needs the interval."""
    for row in form.measures():
        blank = "step" not in row.draft and "step" in row.block.columns
        if row.values.get("method") == "interval" and blank:
            yield row.spot("step_missing", "step")


def step_not_positive(form: Form) -> Iterator[Spot]:
    """An interval of zero or less."""
    for row in form.measures():
        step = row.values.get("step")
        if isinstance(step, float) and step <= 0 and row.values.get("method") == "interval":
            yield row.spot("step_not_positive", "step", f"{step:.15g}")


def step_unused(form: Form) -> Iterator[Spot]:
    """An interval where the method has none."""
    for row in form.measures():
        if "step" in row.values and row.values.get("method", "bands") == "bands" and "method" not in row.bad:
            yield row.spot("step_unused", "step", f"{row.values['step']:.15g}")


def target_without_actual(form: Form) -> Iterator[Spot]:
    """A target, and nothing to hold against it: the measure counts as unanswered."""
    yield from _one_without_other(form, "target_without_actual", "target", "actual")


def actual_without_target(form: Form) -> Iterator[Spot]:
    """The reverse."""
    yield from _one_without_other(form, "actual_without_target", "actual", "target")


def target_zero(form: Form) -> Iterator[Spot]:
    """A target of zero: no success rate, only met or not."""
    for row in form.measures():
        if row.values.get("target") == 0 and row.values.get("method", "bands") == "bands":
            yield row.spot("target_zero", "target", "0")


def target_met_last_year(form: Form) -> Iterator[Spot]:
    """A target that the year before had reached already."""
    for row in form.measures():
        target, before = row.values.get("target"), row.values.get("actual_1")
        if isinstance(target, float) and isinstance(before, float) and target != 0 and "direction" not in row.bad:
            direction = row.values.get("direction", form.framework.indicator[row.id].direction)
            if before >= target if direction == "higher" else before <= target:
                yield row.spot("target_met_last_year", "target", f"{target:.15g}", before=f"{before:.15g}")


def missing_indicator(form: Form) -> Iterator[Spot]:
    """An optional indicator whose rows were deleted: it counts as not reported."""
    sheet = next((row.sheet for row in form.offered.values()), None)
    for indicator in form.framework.indicators:
        if sheet and not indicator.core and indicator.id not in form.offered and not _is_broken(form, indicator.item):
            yield spot("missing_indicator", sheet, value=indicator.id)


# --- answers as a whole -----------------------------------------------------------------------------------------------


def nothing_answered(form: Form) -> Iterator[Spot]:
    """The blank form, sent as it was."""
    if _is_blank(form):
        yield spot("nothing_answered")


def item_unanswered(form: Form) -> Iterator[Spot]:
    """An item without any answer."""
    if _is_blank(form):
        return
    for item in form.framework.items_with_criteria:
        rows = [row for c in form.framework.criteria_of[item.id] for row in form.criteria.get(c.id, ())]
        if not _is_broken(form, item.id) and not any("answer" in row.draft for row in rows):
            for row in rows:
                yield row.spot("item_unanswered", "answer", item.id)


def core_unanswered(form: Form) -> Iterator[Spot]:
    """A core indicator that is not reported: it counts as zero."""
    if _is_blank(form):
        return
    sheet = next((block.sheet.name for block in form.located.blocks if block.kind == "measures"), None)
    for indicator in form.framework.indicators:
        rows = form.indicators.get(indicator.id, ())
        # A name, a unit or a note is no report: without numbers it counts as zero all the same.
        silent = not any(key in row.draft for row in rows for key in ("target", "actual"))
        if indicator.core and not _is_broken(form, indicator.item) and silent:
            row = rows[0] if rows else form.offered.get(indicator.id)
            if row is not None:
                yield row.spot("core_unanswered", "target", indicator.id)
            else:
                yield spot("core_unanswered", sheet, value=indicator.id)


def met_without_evidence(form: Form) -> Iterator[Spot]:
    """มี and no evidence: it counts in `claimed` only. What an assessor answers counts by itself."""
    if _reviews(form):
        return
    for rows in form.criteria.values():
        for row in rows:
            columns = row.block.columns
            if row.values.get("answer") is True and "evidence" not in row.draft and "evidence" in columns:
                yield row.spot("met_without_evidence", "evidence", row.id)


def evidence_repeated(form: Form) -> Iterator[Spot]:
    """The same evidence for many criteria. In an assessor's form it is the agency's, and not the sender's to mend."""
    if _reviews(form):
        return
    users: dict[str, list[FormRow]] = defaultdict(list)
    for rows in form.criteria.values():
        evidence = rows[0].values.get("evidence")
        if isinstance(evidence, str):
            users[evidence].append(rows[0])
    for evidence, rows in users.items():
        if len(rows) > SAME_EVIDENCE and fold(evidence) != fold(layout.CLASSIFIED):
            for row in rows:
                yield row.spot("evidence_repeated", "evidence", evidence, criteria=len(rows))


TEXTS: Final = ("explanation", "evidence")
NUMBERS: Final = layout.NUMBER_COLUMNS

CHECKS: Final[tuple[Check, ...]] = (
    criterion_twice,
    missing_criterion,
    criterion_text_changed,
    indicator_name_changed,
    merged_cells,
    heading_year_differs,
    comment_unread,
    too_many_measures,
    negative_target,
    step_missing,
    step_not_positive,
    step_unused,
    target_without_actual,
    actual_without_target,
    target_zero,
    target_met_last_year,
    missing_indicator,
    nothing_answered,
    item_unanswered,
    core_unanswered,
    met_without_evidence,
    evidence_repeated,
)


def _one_without_other(form: Form, code: str, key: str, other: str) -> Iterator[Spot]:
    for row in form.measures():
        if key in row.values and other not in row.draft and other in row.block.columns:
            yield row.spot(code, other, value=f"{row.values[key]:.15g}")


def _is_blank(form: Form) -> bool:
    return not form.indicators and not any("answer" in row.draft for rows in form.criteria.values() for row in rows)


def _reviews(form: Form) -> bool:
    return SOURCES[str(form.agency.values.get("source") or SELF.id)].reviews


def _is_broken(form: Form, item: str) -> bool:
    return form.framework.item[item].category in form.broken


def _corner(address: str) -> tuple[str, int] | None:
    bare = clean_text(address).translate(THAI_DIGITS).replace("$", "")
    letters = bare.rstrip("0123456789")
    number = bare[len(letters) :]
    return (letters, int(number)) if letters.isalpha() and number else None


def _order(letters: str) -> tuple[int, str]:
    return len(letters), letters
