"""Sample submissions: characters answering criteria, growing over the years; assessors answering again."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from pmqa.demo import words
from pmqa.demo.agencies import SampleAgency, draws, happens, sample_agencies
from pmqa.demo.measures import sample_measures
from pmqa.framework import Criterion, Framework
from pmqa.sources import ASSESSOR, SELF
from pmqa.submission import Answer, Measure, Submission
from pmqa.workbook.layout import CLASSIFIED, FORM_VERSION

LAST_YEAR: Final = 2569  # the latest fiscal year that agencies can have finished
ASSESSED: Final = 3  # every third agency was visited by assessors in the last year

# What a criterion asks at each rung of the ladder, from the first; a further rung asks as much more again.
RUNG: Final = 1.8
CRITERION_NOISE: Final = 0.5
ITEM_NOISE: Final = 0.65
SLIP: Final = 0.006  # the share of met criteria that an agency lets slip in a year


def demo_submissions(
    framework: Framework, agencies: int = 24, years: int = 3, seed: int = 1, last_year: int = LAST_YEAR
) -> list[Submission]:
    """Self-assessments by year and agency, then the assessors' of the last year.

    The same arguments give the same submissions; an agency's are the same however many agencies there are.
    """
    sampled = sample_agencies(agencies, seed)
    span = range(last_year - years + 1, last_year + 1)
    own = [_self_assessment(agency, framework, year, last_year, seed) for year in span for agency in sampled]
    newest = own[len(own) - len(sampled) :] if years else []
    assessed = [
        _assessment(submission, agency, seed)
        for number, (agency, submission) in enumerate(zip(sampled, newest, strict=True))
        if number % ASSESSED == 1
    ]
    return own + assessed


def _self_assessment(agency: SampleAgency, framework: Framework, year: int, last_year: int, seed: int) -> Submission:
    return Submission(
        agency_code=agency.code,
        agency_name=agency.name,
        ministry=agency.ministry,
        agency_type=agency.agency_type,
        fiscal_year=year,
        source=SELF.id,
        edition=framework.edition,
        edition_version=framework.version,
        form_version=FORM_VERSION,
        answers=tuple(_answer(agency, framework, c, year, last_year, seed) for c in framework.criteria),
        measures=tuple(sample_measures(agency, framework, year, last_year, seed)),
        contact_name="ผู้ประสานงานตัวอย่าง",
        contact_email=f"{agency.code.lower()}@example.org",
        contact_phone="0 0000 0000",
    )


def _answer(
    agency: SampleAgency, framework: Framework, criterion: Criterion, year: int, last_year: int, seed: int
) -> Answer:
    character = agency.character
    # What belongs to the agency and the criterion stays over the years, so that years can be compared.
    lasting = draws(seed, agency.code, criterion.id)
    yearly = draws(seed, agency.code, criterion.id, year)
    item = draws(seed, agency.code, criterion.item)
    rung = [level.id for level in framework.levels].index(criterion.level)
    strength = sum(weight * character.strengths.get(d, 0.0) for d, weight in criterion.dimensions.items())
    ability = character.ability + strength + item.gauss(0, ITEM_NOISE) - character.growth * (last_year - year)
    met = ability + lasting.gauss(0, CRITERION_NOISE) > rung * RUNG and not happens(yearly, SLIP)
    # An agency that leaves gaps fills some of them from year to year.
    blank = happens(lasting, character.unanswered * (1 + 0.3 * (last_year - year)))
    if blank:
        return Answer(criterion.id)
    return Answer(
        criterion.id,
        met,
        explanation=_explanation(framework, criterion, met, year, yearly) if happens(yearly, 0.85) else None,
        evidence=_evidence(agency, criterion, year, yearly) if met and happens(lasting, character.evidenced) else None,
    )


def _explanation(framework: Framework, criterion: Criterion, met: bool, year: int, rng: Random) -> str:
    category = framework.item[criterion.item].category
    sentences = words.MET.get(criterion.level, words.MET["basic"]) if met else words.NOT_MET
    return rng.choice(sentences).format(
        unit=rng.choice(words.UNITS.get(category, words.OTHER_UNITS)),
        year=year,
        next=year + 1,
        start=year - rng.randint(1, 4),
        quarter=rng.randint(1, 4),
        times=rng.randint(2, 6),
        partners=rng.randint(3, 28),
        percent=rng.randint(6, 45),
    )


def _evidence(agency: SampleAgency, criterion: Criterion, year: int, rng: Random) -> str:
    if happens(rng, agency.character.copied):
        return words.COPIED.format(year=year)
    if happens(rng, 0.012):  # a few documents stay at the agency
        return f"{CLASSIFIED} เอกสารตัวอย่างเก็บไว้ที่หน่วยงาน เลขที่ {rng.randint(1, 400)}/{year}"
    documents = rng.sample(words.DOCUMENTS, rng.choice((1, 1, 1, 2)))
    return "\n".join(_document(sentence, agency, criterion, year, rng) for sentence in documents)


def _document(sentence: str, agency: SampleAgency, criterion: Criterion, year: int, rng: Random) -> str:
    month = rng.choice(words.MONTHS)
    return sentence.format(
        n=rng.randint(1, 12),
        number=rng.randint(11, 399),
        quarter=rng.randint(1, 4),
        day=rng.randint(1, 28),
        month=month,
        calendar=year - 1 if month in words.FIRST_YEAR_MONTHS else year,
        year=year,
        criterion=criterion.id,
        code=agency.code.lower(),
    )


def _assessment(claimed: Submission, agency: SampleAgency, seed: int) -> Submission:
    """The panel's view of a self-assessment: stricter where evidence is missing, here and there more generous."""
    rng = draws(seed, agency.code, "panel")
    strictness = rng.uniform(0.015, 0.1)
    return replace(
        claimed,
        source=ASSESSOR.id,
        answers=tuple(_assessed_answer(answer, strictness, rng) for answer in claimed.answers),
        measures=tuple(_assessed_measure(measure, rng) for measure in claimed.measures),
    )


def _assessed_answer(answer: Answer, strictness: float, rng: Random) -> Answer:
    if answer.met:
        refused = happens(rng, strictness if answer.evidence else 0.75)
        met, kind = (False, "refused") if refused else (True, "kept")
    else:
        raised = happens(rng, 0.02)  # assessors find what the agency did not think to claim
        met, kind = (True, "raised") if raised else (False, "open")
    # A refusal is always explained; praise and hints are given now and then.
    spoken = kind in ("refused", "raised") or happens(rng, 0.15)
    return replace(answer, met=met, suggestion=rng.choice(words.SUGGESTIONS[kind]) if spoken else None)


def _assessed_measure(measure: Measure, rng: Random) -> Measure:
    accepted = happens(rng, 0.95 if measure.evidence else 0.8)
    doubt = None if accepted else "ควรทบทวนความเหมาะสมของตัววัดและค่าเป้าหมาย"
    return replace(measure, accepted=accepted, suggestion=doubt)
