"""Which files of a batch cannot be recorded before somebody has said which of them is to count, and whose they are.

A sound file claims to be what counts for its agency, year and source. Nobody but a person can choose between two such
claims, tell two agencies whose codes look alike from one, or want a file back that another has replaced since.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from pmqa.errors import Finding
from pmqa.store import Whose
from pmqa.workbook import layout, limits
from pmqa.workbook.archive import Refusal, list_entries, read_part
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.normalise import fold, look_of

APART: Final = ""  # said of codes that look alike: each is an agency of its own
NONE_PROPOSED: Final = "–"
MOST_NAMED: Final = 5  # files that a finding names
PROPERTIES: Final = "docProps/core.xml"  # the part of a workbook that says when it was changed last
MODIFIED: Final = re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*([0-9T:.Z+-]{4,40})\s*<")
ABOUT_CODE: Final = frozenset(("new_agency", "codes_look_alike"))  # said of a code before somebody says whose it is


@dataclass(frozen=True, slots=True)
class Before:
    """What the same content has become before.

    submission: the one of that content that counts, else the latest of them. withdrawn: it was taken back.
    counts: the submission that counts in its place; None where it counts itself, or nothing does.
    """

    submission: str
    whose: Whose
    agency: tuple[str, str]  # name, ministry
    withdrawn: bool = False
    counts: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file claims to be. key: tells it from the other files. content: its SHA-256.

    modified: when a program says that it saved it last. is_new: nobody knows the agency's code; alike: codes that are
    known and look like it. before: where it was recorded before; then it claims nothing unless it is chosen.
    """

    key: str
    name: str
    content: str
    whose: Whose
    agency: tuple[str, str]  # name, ministry
    modified: dt.datetime | None = None
    is_new: bool = False
    alike: tuple[str, ...] = ()
    before: Before | None = None


@dataclass(frozen=True)
class Said:
    """What somebody has said. chosen: contents that are to count. codes: look -> the code that is meant, or APART."""

    chosen: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to say, or has said.

    codes: whether codes that look alike (`about` is their look) are one agency, that of the first of `codes`, or each
    its own. files: which of the files is to count. again: whether a file that was replaced is to count again.
    keys: the files that it is about; proposed: the one that was changed last, None where that cannot be told.
    """

    kind: Literal["codes", "files", "again"]
    about: str
    keys: tuple[str, ...]
    codes: tuple[str, ...] = ()
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a file. outcome: None = it stays what it is. again: it is to count again.

    finding: what waits to be said, naming all that it is about.
    """

    agency_code: str
    outcome: Literal["undecided", "passed_over", "known"] | None = None
    again: bool = False
    finding: Finding | None = None


def judge(claims: Sequence[Claim], said: Said = Said()) -> tuple[dict[str, Verdict], list[Question]]:
    """Key -> what becomes of the file, and every question, answered or not, in the order of the files."""
    verdicts: dict[str, Verdict] = {}
    firsts: dict[str, Claim] = {}
    for claim in claims:
        if firsts.setdefault(claim.content, claim) is not claim:
            verdicts[claim.key] = Verdict(claim.whose[0], "known")
    questions: list[Question] = []
    different = list(firsts.values())
    _judge_codes(different, said, verdicts, questions)
    _judge_files(different, said, verdicts, questions)
    return verdicts, questions


def settled(claims: Iterable[Claim], said: Said) -> Said:
    """The same said of each file alone: with the codes that only the whole batch tells to be one agency's."""
    claims = list(claims)
    verdicts, _ = judge(claims, said)
    taken = {claim.whose[0]: verdicts[claim.key].agency_code for claim in claims}
    return replace(said, codes={look_of(own): code for own, code in taken.items() if own != code} | dict(said.codes))


def findings_after(findings: tuple[Finding, ...], code: str | None, verdict: Verdict) -> tuple[Finding, ...]:
    """The findings of a file by what was judged of it; `code` is the agency's as its reader took it."""
    if code is not None and verdict.agency_code != code:
        about = [one for one in findings if one.code in ABOUT_CODE]
        place = (about[0].sheet, about[0].cell) if about else (None, None)
        taken = _finding("code_taken_as", *place, code, after=verdict.agency_code)
        findings = (*(one for one in findings if one not in about), taken)
    if verdict.finding is None:
        return findings
    return (verdict.finding, *(one for one in findings if one.code != verdict.finding.code))


def modified_at(content: bytes) -> dt.datetime | None:
    """When the program that saved a workbook says it was changed last, in UTC; None where it does not say."""
    try:
        entry = list_entries(content).get(PROPERTIES)
        if entry is None or entry.size > limits.MB:
            return None
        found = MODIFIED.search(read_part(content, entry))
        moment = dt.datetime.fromisoformat(found[1].decode()) if found else None
    except (Refusal, ValueError):
        return None
    return moment.replace(tzinfo=dt.UTC) if moment and moment.tzinfo is None else moment


def _judge_codes(claims: Iterable[Claim], said: Said, verdicts: dict[str, Verdict], questions: list[Question]) -> None:
    groups: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        verdicts[claim.key] = Verdict(claim.whose[0])
        if claim.is_new:
            groups[look_of(claim.whose[0])].append(claim)
    for look, group in groups.items():
        known = [code for claim in group for code in claim.alike]
        codes = tuple(dict.fromkeys([*known, *(claim.whose[0] for claim in group)]))
        if len(codes) == 1 and look not in said.codes:
            continue
        agree = not known and len({tuple(map(fold, claim.agency)) for claim in group}) == 1
        meant = said.codes.get(look, codes[0] if agree else None)
        if not agree and len(codes) > 1:
            questions.append(Question("codes", look, tuple(claim.key for claim in group), codes))
        for claim in group:
            own = claim.whose[0]
            if meant is None:
                others = ", ".join(_named(code, group) for code in codes if code != own)
                asked = _finding("codes_look_alike", None, None, own, others=others)
                verdicts[claim.key] = Verdict(own, "undecided", finding=asked)
            elif meant != APART:
                verdicts[claim.key] = Verdict(meant)


def _named(code: str, group: Iterable[Claim]) -> str:
    files = [claim.name for claim in group if claim.whose[0] == code]
    return f"{code} ({_listed(files)})" if files else code


def _judge_files(claims: Sequence[Claim], said: Said, verdicts: dict[str, Verdict], questions: list[Question]) -> None:
    there = {claim.before.submission for claim in claims if claim.before}
    groups: defaultdict[Whose, list[Claim]] = defaultdict(list)
    for claim in claims:
        before, verdict = claim.before, verdicts[claim.key]
        # Beside the file that counts now, an earlier one is history: folders keep both.
        nothing_to_say = before and (before.counts is None or before.counts in there)
        if verdict.outcome is None and not nothing_to_say:
            groups[verdict.agency_code, *claim.whose[1:]].append(claim)
    for whose, group in groups.items():
        if len(group) == 1 and group[0].before is None:
            continue
        questions.append(_question(whose, group))
        chosen = [claim for claim in group if claim.content in said.chosen]
        for claim in group:
            if len(chosen) != 1:
                judged = replace(verdicts[claim.key], outcome="undecided", finding=_asked(whose, group))
            elif claim is chosen[0]:
                judged = replace(verdicts[claim.key], again=claim.before is not None)
            else:
                judged = replace(verdicts[claim.key], outcome="passed_over")
            verdicts[claim.key] = judged


def _question(whose: Whose, group: Sequence[Claim]) -> Question:
    newest = _newest(group)
    kind: Literal["files", "again"] = "files" if len(group) > 1 else "again"
    about = "-".join(map(str, whose))
    return Question(kind, about, tuple(claim.key for claim in group), proposed=newest.key if newest else None)


def _asked(whose: Whose, group: Sequence[Claim]) -> Finding:
    before = group[0].before
    if len(group) == 1 and before is not None:
        return _finding("counted_before", submission=before.submission, counts=before.counts)
    newest = _newest(group)
    return _finding(
        "several_files",
        agency=whose[0],
        year=whose[1],
        source=layout.source_words()[whose[2]],
        files=_listed([claim.name for claim in group]),
        proposed=newest.name if newest else NONE_PROPOSED,
    )


def _newest(group: Sequence[Claim]) -> Claim | None:
    """The file that was changed last; None where one does not say, or two say the same."""
    moments = [claim.modified for claim in group if claim.modified is not None]
    if len(moments) < len(group) or len(group) == 1 or moments.count(max(moments)) > 1:
        return None
    return group[moments.index(max(moments))]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def _finding(
    code: str, sheet: str | None = None, cell: str | None = None, value: str | None = None, **values: object
) -> Finding:
    return Finding(code, CATALOGUE[code], sheet, cell, value, values)
