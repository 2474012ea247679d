"""Sample data: fictitious, plausible, the same each time, and through the same doors as every file."""

from __future__ import annotations

import pytest

from pmqa.demo import demo_submissions, fill_with_samples, form_name, is_untouched
from pmqa.demo.measures import KINDS
from pmqa.intake import files_in, receive
from pmqa.scoring import score
from pmqa.settings import ROOT
from pmqa.store import Store
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.workbook.layout import AGENCY_TYPES, CLASSIFIED


@pytest.fixture(scope="module")
def submissions(framework):
    return demo_submissions(framework)


@pytest.fixture(scope="module")
def scores(submissions, framework):
    by_id = {f"{s.agency_code}/{s.fiscal_year}/{s.source}": s for s in submissions}
    scored = score(source_frame(by_id), answer_frame(by_id), measure_frame(by_id), framework)
    keys = scored["submission"].astype("str").str.split("/", expand=True)
    return scored.assign(agency=keys[0], year=keys[1].astype(int))


@pytest.fixture(scope="module")
def latest(scores):
    """Overall scores as claimed, of the last year."""
    return scores[(scores["kind"] == "overall") & (scores["basis"] == "claimed") & (scores["year"] == 2569)]


def test_by_default_there_are_24_agencies_over_3_years_and_some_assessments_of_the_last(submissions):
    own = [s for s in submissions if s.source == "self"]
    assessed = [s for s in submissions if s.source == "assessor"]
    assert len(own) == 24 * 3
    assert {s.fiscal_year for s in own} == {2567, 2568, 2569}
    assert assessed
    assert {s.fiscal_year for s in assessed} == {2569}


def test_every_name_says_that_it_is_made_up(submissions):
    assert all("ตัวอย่าง" in s.agency_name and "ตัวอย่าง" in s.ministry for s in submissions)
    evidence = [a.evidence for s in submissions for a in s.answers if a.evidence]
    assert all("ตัวอย่าง" in text or "example.org" in text for text in evidence)


def test_agencies_have_own_codes_and_names_and_are_of_several_ministries_and_types(submissions):
    whose = {(s.agency_code, s.agency_name, s.ministry, s.agency_type) for s in submissions}
    assert len(whose) == len({code for code, *_ in whose}) == len({name for _, name, *_ in whose}) == 24
    assert len({ministry for *_, ministry, _ in whose}) >= 4
    types = {agency_type for *_, agency_type in whose}
    assert len(types) >= 4
    assert types <= set(AGENCY_TYPES)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_and_another_seed_gives_others(framework, submissions):
    assert demo_submissions(framework) == submissions
    assert demo_submissions(framework, seed=2) != submissions


def test_an_agency_is_the_same_however_many_there_are(framework, submissions):
    few = {(s.agency_code, s.fiscal_year, s.source): s for s in demo_submissions(framework, agencies=3)}
    many = {(s.agency_code, s.fiscal_year, s.source): s for s in submissions}
    assert few.items() <= many.items()


@pytest.mark.slow
def test_names_stay_distinct_when_there_are_hundreds_of_agencies(framework):
    many = demo_submissions(framework, agencies=300, years=1)
    assert len({s.agency_name for s in many}) == len({s.agency_code for s in many}) == 300


def test_what_was_last_years_actual_is_this_years_actual_of_the_year_before(submissions):
    actual = {
        (s.agency_code, s.fiscal_year, m.indicator, m.number): m.actual
        for s in submissions
        for m in s.measures
        if m.actual is not None
    }
    pairs = [
        (actual[key], m.actual_1)
        for s in submissions
        for m in s.measures
        if (key := (s.agency_code, s.fiscal_year - 1, m.indicator, m.number)) in actual
    ]
    assert len(pairs) > 500
    assert all(before == said for before, said in pairs)


def test_levels_are_spread_with_most_agencies_at_basic(latest):
    counts = latest["level"].value_counts()
    assert counts["basic"] > counts["below"] > 0
    assert counts["basic"] > counts["advance"] > 0
    assert latest["score"].max() > 450


def test_agencies_grow_over_the_years(scores):
    overall = scores[(scores["kind"] == "overall") & (scores["basis"] == "claimed")]
    medians = overall.groupby("year")["score"].median()
    assert medians.is_monotonic_increasing
    assert medians.iloc[-1] - medians.iloc[0] > 20


def test_most_agencies_are_complete_and_some_are_not(latest):
    incomplete = ~latest["complete"]
    assert 2 <= incomplete.sum() <= len(latest) / 3
    assert (latest.loc[incomplete, "score_max"] > latest.loc[incomplete, "score"]).all()


def test_what_the_dashboard_must_show_occurs(submissions, framework):
    last = [s for s in submissions if s.fiscal_year == 2569 and s.source == "self"]
    measures = [m for s in last for m in s.measures]
    assert any(a.met and not a.evidence for s in last for a in s.answers), "มี without evidence"
    assert any(CLASSIFIED in (a.evidence or "") for s in last for a in s.answers), "classified evidence"
    assert any(a.met is None for s in last for a in s.answers), "unanswered criteria"
    assert any(m.actual == 0 for m in measures), "a zero that is a value"
    assert any(m.target is not None and m.actual is None for m in measures), "a target without a result"
    assert {m.direction for m in measures} == {"higher", "lower"}
    assert {m.method for m in measures} == {"bands", "interval"}
    core = {indicator.id for indicator in framework.indicators if indicator.core}
    assert any(core - {m.indicator for m in s.measures} for s in last), "a core indicator that is not reported"


def test_some_agencies_are_held_back_by_the_gate(submissions, framework):
    def held_back(submission):
        met = {answer.criterion for answer in submission.answers if answer.met}
        return any(
            any(c.id in met for c in criteria if c.level == "significance")
            and not all(c.id in met for c in criteria if c.level == "basic")
            for criteria in framework.criteria_of.values()
        )

    assert any(held_back(s) for s in submissions)


def test_assessors_differ_from_agencies_in_both_directions_and_explain_a_refusal(submissions):
    own = {s.agency_code: s for s in submissions if s.source == "self" and s.fiscal_year == 2569}
    pairs = [
        (before, after)
        for s in submissions
        if s.source == "assessor"
        for before, after in zip(own[s.agency_code].answers, s.answers, strict=True)
    ]
    refused = [after for before, after in pairs if before.met and after.met is False]
    assert refused
    assert all(after.suggestion for after in refused)
    assert any(after.met and not before.met for before, after in pairs)
    assert all(after.met is not None for _, after in pairs)


def test_every_indicator_of_the_edition_has_sample_measures(framework):
    assert set(KINDS) == set(framework.indicator)


@pytest.fixture(scope="module")
def filled(framework, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("demo") / "demo.duckdb")
    assert is_untouched(store)
    steps = list(fill_with_samples(store, framework, agencies=3, years=2))
    yield store, steps
    store.close()


@pytest.mark.slow
def test_samples_go_through_form_reading_and_recording_and_come_out_equal(filled, framework):
    store, steps = filled
    made = demo_submissions(framework, agencies=3, years=2)
    assert [(step.done, step.total) for step in steps] == [(n, len(made)) for n in range(1, len(made) + 1)]
    assert [store.submissions.one(key) for key in store.submissions.standing()["submission"]] == made


@pytest.mark.slow
def test_samples_made_again_change_nothing(filled, framework):
    store, _ = filled
    before = store.version()
    list(fill_with_samples(store, framework, agencies=3, years=2))
    assert store.version() == before
    assert not is_untouched(store)


@pytest.mark.slow
def test_samples_arrive_in_the_weeks_after_their_fiscal_year(filled):
    store, _ = filled
    submissions = store.submissions.standing()
    year_end = (submissions["fiscal_year"] - 543).astype(str) + "-10-01"
    days = (submissions["received_at"] - year_end.astype("datetime64[us]")).dt.days
    assert days.between(0, 60).all()


@pytest.mark.slow
def test_the_samples_that_come_with_the_product_are_what_demo_makes(frameworks, framework):
    folder = ROOT / "data" / "samples"
    received = [one for one in receive(files_in([folder]), frameworks) if one.outcome != "skipped"]
    made = {form_name(submission): submission for submission in demo_submissions(framework, agencies=2, years=1)}
    assert {one.sent.file_name: one.reading.submission for one in received} == made
