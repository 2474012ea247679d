"""What is asked of a form once its cells are read: one small function for each finding, in the lists at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from pmqa.framework import Framework
from pmqa.sources import SELF, SOURCES
from pmqa.submission import MOST_MEASURES
from pmqa.text import BUDDHIST_ERA, MISSING
from pmqa.workbook import layout
from pmqa.workbook.agency import AgencyRead
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import (
    ACTUALS,
    YEAR_HEADING,
    Block,
    Located,
    close_match,
    hint_of,
    text_of,
)
from pmqa.workbook.normalise import FIRST_YEAR, THAI_DIGITS, clean_text, fold, look_of
from pmqa.workbook.rows import FormRow

SAME_EVIDENCE: Final = 5  # criteria that may share one evidence text
MERGE_PARTS: Final = 2
ASTRAY: Final = 3  # rows with other codes' texts that are no slip of one row


@dataclass(frozen=True)
class Known:
    """What the receiver knows already.

    agencies: code -> (name, ministry). complete: it is a register, so that a code outside it is an error.
    submitters, ministries: codes, and ministries of agencies, that the sender may send for; None = any.
    sources: whose forms the sender may send.
    """

    agencies: Mapping[str, tuple[str, str]]
    complete: bool = False
    submitters: frozenset[str] | None = None
    ministries: frozenset[str] | None = None
    sources: frozenset[str] = field(default_factory=lambda: frozenset(SOURCES))

    def alike(self, code: str) -> list[str]:
        """Known codes that a code only looks like; none for a code that is known itself."""
        return [] if code in self.agencies else self._by_look.get(look_of(code), [])

    def meant(self, code: str, name: str, ministry: str) -> str:
        """The known code that a code is another spelling of: by the register, or by name and ministry; else itself."""
        alike, said = self.alike(code), (fold(name), fold(ministry))
        agreeing = [known for known in alike if tuple(map(fold, self.agencies[known])) == said]
        found = agreeing or (alike if self.complete else [])
        return found[0] if len(found) == 1 else code

    @cached_property
    def _by_look(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code in self.agencies:
            found[look_of(code)].append(code)
        return found


@dataclass(slots=True)
class Form:
    """A form whose cells are read.

    criteria: id -> its rows, more than one where it repeats. indicators: id -> its rows with content.
    offered: indicator id -> its first row, with content or without.
    broken: categories of which a sheet or column is missing, so that what is blank there says nothing.
    """

    framework: Framework
    located: Located
    agency: AgencyRead
    criteria: Mapping[str, list[FormRow]]
    indicators: Mapping[str, list[FormRow]]
    offered: Mapping[str, FormRow]
    broken: set[str]
    known: Known | None

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


def criterion_text_changed(form: Form) -> Iterator[Spot]:
    """The words of a criterion are not those of the edition: what was answered may be something else."""
    if _astray(form):
        return
    for rows in form.criteria.values():
        for row in rows:
            cell = row.block.sheet.rows[row.row].get(row.block.columns.get("text", ""))
            words = form.framework.criterion[row.id].text
            if cell == words["th"] or cell == words["en"] or "text" not in row.block.columns:
                continue
            if fold(text := text_of(cell)) not in {fold(word) for word in words.values()}:
                yield row.spot("criterion_text_changed", "text", text or MISSING)


def codes_sorted_alone(form: Form) -> Iterator[Spot]:
    """Codes that stand beside other codes' texts, as when their column was sorted by itself: every answer is astray.

    Only where the form is of this version, whose texts are known, and of enough rows that no edit explains it.
    """
    for row, other in _astray(form):
        yield row.spot("code_astray", "criterion", row.id, other=other)


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


# --- the agency -------------------------------------------------------------------------------------------------------


def unknown_agency(form: Form) -> Iterator[Spot]:
    """A code that is not in the register; without a register, one that nobody has sent before."""
    code = form.agency.values.get("agency_code")
    if form.known and isinstance(code, str) and form.known.agencies and code not in form.known.agencies:
        name = str(form.agency.values.get("agency_name") or "")
        same = [known for known, (known_name, _) in form.known.agencies.items() if fold(known_name) == fold(name)]
        match = same[0] if same else close_match(code, list(form.known.agencies), 0.7)
        alike = form.known.alike(code)
        if alike and not form.known.complete:
            names = (f"{known} ({form.known.agencies[known][0]})" for known in alike)
            yield _agency_spot(form, "codes_look_alike", others=", ".join(names))
            return
        yield _agency_spot(form, "unknown_agency" if form.known.complete else "new_agency", hint=hint_of(match))


def agency_name_differs(form: Form) -> Iterator[Spot]:
    """A code that is known under another name: a wrong code would overwrite another agency's answers."""
    yield from _known_differs(form, "agency_name_differs", "agency_name", 0)


def ministry_differs(form: Form) -> Iterator[Spot]:
    """A code that is known under another ministry."""
    yield from _known_differs(form, "ministry_differs", "ministry", 1)


def other_agency(form: Form) -> Iterator[Spot]:
    """A file for an agency that the sender may not send for."""
    code, known = form.agency.values.get("agency_code"), form.known
    if known is None or not isinstance(code, str):
        return
    # What the form says of its ministry is only what its sender typed; what is known of the agency counts beside it.
    said = str(form.agency.values.get("ministry"))
    _, kept = known.agencies.get(code, ("", said))
    if known.submitters is not None and code not in known.submitters:
        yield _agency_spot(form, "other_agency", expected=", ".join(sorted(known.submitters)))
    elif known.ministries is not None and not {said, kept} <= known.ministries:
        yield _agency_spot(form, "other_agency", expected=", ".join(sorted(known.ministries)))


def other_source(form: Form) -> Iterator[Spot]:
    """An assessor's form of somebody who does not assess, or an agency's own of somebody who only assesses."""
    source, known = form.agency.values.get("source"), form.known
    if known is not None and isinstance(source, str) and source not in known.sources:
        sheet, column, row = form.agency.places["source"]
        expected = ", ".join(layout.source_words()[name] for name in sorted(known.sources))
        yield spot("other_source", sheet, column, row, layout.source_words()[source], expected=expected)


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
    codes_sorted_alone,
    merged_cells,
    heading_year_differs,
    comment_unread,
    unknown_agency,
    agency_name_differs,
    ministry_differs,
    other_agency,
    other_source,
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


def _known_differs(form: Form, code: str, name: str, part: int) -> Iterator[Spot]:
    said = form.agency.values.get(name)
    known = form.known.agencies.get(str(form.agency.values.get("agency_code"))) if form.known else None
    if known is not None and isinstance(said, str) and fold(said) != fold(known[part]):
        yield _agency_spot(form, code, name, expected=known[part])


def _agency_spot(form: Form, code: str, name: str = "agency_code", **values: str | int) -> Spot:
    sheet, column, row = form.agency.places[name]
    return spot(code, sheet, column, row, str(form.agency.values.get(name)), **values)


def _astray(form: Form) -> list[tuple[FormRow, str]]:
    """Rows whose text is another code's, with that code; none where they are few, or of texts of another version."""
    if form.located.keys.get("edition_version") != form.framework.version:
        return []
    whose = {fold(word): c.id for c in form.framework.criteria for word in c.text.values()}
    found = []
    for rows in form.criteria.values():
        for row in rows:
            cell = row.block.sheet.rows[row.row].get(row.block.columns.get("text", ""))
            own = form.framework.criterion[row.id].text
            if cell is None or cell == own["th"] or cell == own["en"]:
                continue
            if (other := whose.get(fold(text_of(cell)), row.id)) != row.id:
                found.append((row, other))
    return found if len(found) >= ASTRAY else []


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
