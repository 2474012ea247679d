"""What needs somebody first: kinds in their order, within one by points, two of a kind, ten at most."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import pandas as pd
import pytest
from factories import make_measure, make_submission

from pmqa.analysis.compare import DIFFERENCES
from pmqa.analysis.doctor import diagnoses
from pmqa.analysis.gaps import BLOCKERS, blocking_criteria
from pmqa.analysis.highlights import HIGHLIGHTS, KINDS, Facts, asks, highlights, in_order
from pmqa.analysis.moves import MOVES, moves
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score
from pmqa.scoring.score import score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import SCORED, STATUS

FRAMEWORK = shipped_frameworks()["pmqa4"]
NOW = dt.datetime(2026, 11, 28, 3, 0)  # 10:00 in Bangkok
WELL = [make_measure(indicator.id) for indicator in FRAMEWORK.indicators]


def said(*, no=(), blank=()):
    return {c.id: c.id not in no for c in FRAMEWORK.criteria if c.id not in blank}


def scored_of(submissions):
    scores = score(source_frame(submissions), answer_frame(submissions), measure_frame(submissions), FRAMEWORK)
    scores = scores[scores["basis"] == "claimed"]
    whose = {
        name: scores["submission"].astype("str").map({key: getattr(one, name) for key, one in submissions.items()})
        for name in ("agency_code", "agency_name", "ministry", "agency_type", "fiscal_year", "source", "edition")
    }
    return SCORED.conform(scores.assign(**whose))


def facts_of(*sent, last_year=(), status=None, differences=None, **values):
    """What is known of submissions of this year and of the last."""
    now, then = ({one.agency_code: one for one in of} for of in (sent, last_year))
    scored = scored_of(now) if now else SCORED.empty()
    results = score_measures(source_frame(now), measure_frame(now), FRAMEWORK)
    results = results[results["basis"] == "claimed"]
    whose = pd.DataFrame({"submission": list(now), "fiscal_year": 2569})
    return Facts(
        framework=FRAMEWORK,
        now=NOW,
        status=STATUS.empty() if status is None else status,
        scored=scored,
        moves=moves(scored_of(then), scored, FRAMEWORK) if then else MOVES.empty(),
        before=2568 if then else None,
        blockers=blocking_criteria(answer_frame(now), FRAMEWORK, "claimed") if now else BLOCKERS.empty(),
        results=results,
        differences=DIFFERENCES.empty() if differences is None else differences,
        diagnoses=diagnoses(measure_frame(now), results, whose, FRAMEWORK),
        **values,
    )


def status_of(*rows):
    """Agency, state, and when it was due."""
    return STATUS.conform(
        pd.DataFrame(
            [
                {
                    **{"agency_code": code, "agency_name": code, "ministry": "กระทรวงตัวอย่าง", "agency_type": "กรม"},
                    **{"expected": state != "unasked", "due": due, "state": "missing" if state == "unasked" else state},
                    **{"submission": None, "first_received_at": None},
                }
                for code, state, due in rows
            ]
        )
    )


def differ(*rows):
    """Agency, own and assessed overall, whether both are complete."""
    frame = pd.DataFrame(rows, columns=["agency_code", "own", "assessed", "complete"])
    frame = frame.assign(fiscal_year=2569, kind="overall", scope="overall", own_coverage=1.0, assessed_coverage=1.0)
    return DIFFERENCES.conform(frame.assign(difference=frame["own"] - frame["assessed"]))


def rows_of(found, kind, *columns):
    rows = found[found["kind"] == kind][list(columns)].astype("object")
    return [tuple(row) for row in rows.where(rows.notna(), None).itertuples(index=False)]


ONE = make_submission("D001", met=said(no=["1.1.B1"]), measures=WELL)
TWO = make_submission("D002", met=said(no=["1.1.B1", "1.1.B2", "2.1.S1"]), measures=WELL)
THREE = make_submission("D003", met=said(no=["2.1.S1"]), measures=WELL, ministry="กระทรวงตัวอย่างสอง")


LEFT = [make_measure(i.id) for i in FRAMEWORK.indicators[1:]]
FALLING = [make_measure("7.1.1", target=85.0, actual=70.0, actual_1=75.0, actual_2=80.0), *LEFT]
SLIPPED = [make_measure("7.1.1", target=85.0, actual=859.0), *LEFT]
ALL = make_submission("D004", measures=WELL)


def test_the_criterion_that_holds_most_points_back_comes_with_its_agencies_and_its_gain():
    found = highlights(facts_of(ONE, TWO, THREE))
    kept = rows_of(found, "blocking", "subject", "scope", "count", "of", "beside", "about", "others")
    # Of equal points, the one that blocks more agencies comes first; 1.1.B2 is the one below.
    assert kept == [("1.1.B1", "1.1", 2, 3, 1, "basic", 2), ("2.1.S1", "2.1", 2, 3, 2, "significance", 1)]
    # 1.1.B1 opens the gate of D001 (100 + 200 points of the item), and is a step of D002, which lacks B2 too (100).
    assert list(found[found["kind"] == "blocking"]["value"]) == pytest.approx([400 / 28, 100 / 28])


def test_an_ask_is_a_criterion_its_agencies_its_gain_and_an_owner_to_fill_in():
    facts = facts_of(ONE, TWO, THREE)
    found = asks(facts.scored, facts.blockers, 99)
    assert list(found["criterion"]) == ["1.1.B1", "2.1.S1", "1.1.B2"]
    assert list(found["agencies"]) == ["D001\nD002", "D002\nD003", "D002"]
    assert (list(found["n"]), list(found["reached"])) == ([2, 2, 1], [1, 2, 0])
    assert list(found["gain"]) == pytest.approx([400 / 28, 100 / 28, 100 / 28])
    assert found["owner"].isna().all()


DUE = dt.datetime(2026, 11, 25, 16, 59, 59)  # the end of 25 November in Bangkok


@pytest.mark.parametrize(
    ("rows", "kind", "expected"),
    [
        # Two whole days since the due moment; the longest overdue first, and how many more there are.
        ([("D1", "missing", DUE)], "overdue", [("D1", 2, 1, 0)]),
        ([("D1", "missing", DUE), ("D2", "missing", DUE - dt.timedelta(days=7)), ("D3", "sent", DUE)], "overdue",
         [("D2", 9, 3, 1), ("D1", 2, 3, 0)]),
        ([(f"D{n}", "missing", DUE) for n in range(5)], "overdue", [("D0", 2, 5, 4), ("D1", 2, 5, 3)]),
        # On the day, and where no day was set, nobody is overdue; who need not send is none of it.
        ([("D1", "missing", NOW + dt.timedelta(hours=1)), ("D2", "missing", None)], "overdue", []),
        ([("D1", "unasked", DUE)], "overdue", []),
        # A refused file has to be mended before the day too; then there are no days to tell of.
        ([("D1", "refused", NOW + dt.timedelta(days=9)), ("D2", "refused", DUE)], "refused",
         [("D2", 2, 2, 1), ("D1", None, 2, 0)]),
    ],
)  # fmt: skip
def test_who_must_send_and_has_not_is_told_with_the_days(rows, kind, expected):
    found = highlights(facts_of(status=status_of(*rows)))
    assert rows_of(found, kind, "subject", "value", "of", "others") == expected


def test_rises_and_falls_are_like_for_like():
    last = [make_submission(code, met=said(no=["1.1.B1"]), measures=WELL) for code in ("D001", "D002")]
    new = [
        make_submission("D001", measures=WELL),  # gained 300 points of an item
        make_submission("D002", met=said(no=["1.1.B1", "1.2.B1"]), measures=WELL),  # lost 300
        make_submission("D003", met=said(blank=["1.1.B1"]), measures=WELL),  # left blank: not comparable
        make_submission("D004", measures=WELL),  # sent for the first time
    ]
    found = highlights(facts_of(*new, last_year=[*last, make_submission("D003", measures=WELL)]))
    assert rows_of(found, "rise", "subject", "value", "of") == [("D001", 10.7, 2)]
    assert rows_of(found, "fall", "subject", "value", "of") == [("D002", -10.7, 2)]
    assert json.loads(found.loc[found["kind"] == "fall", "choices"].item()) == {"agency": "D002", "before": 2568}


def weak(code, ministry):
    return make_submission(
        code, met=said(no=[c.id for c in FRAMEWORK.criteria if c.level == "basic"]), ministry=ministry
    )


@pytest.mark.parametrize(
    ("minimum", "expected"),
    [(2, [("กระทรวงหนึ่ง", 2, 3)]), (4, [])],
    ids=["enough agencies", "too few to say anything of a group"],
)
def test_a_ministry_is_told_of_where_enough_of_its_agencies_count(minimum, expected):
    one = [weak("D1", "กระทรวงหนึ่ง"), weak("D2", "กระทรวงหนึ่ง"), make_submission("D3", ministry="กระทรวงหนึ่ง")]
    half = [c.id for c in FRAMEWORK.criteria if c.level == "significance"]
    blank = make_submission("D4", met=said(blank=half), ministry="กระทรวงหนึ่ง")  # incomplete everywhere: does not count
    found = highlights(facts_of(*one, blank, weak("D5", "กระทรวงสอง"), minimum=minimum))
    assert rows_of(found, "group", "subject", "count", "of") == expected
    # Both have 0 points of every dimension: 300 each are missing to Basic.
    assert rows_of(found, "group", "value", "beside", "about") == [(600, 300, "basic")] * len(expected)


def test_who_is_one_criterion_from_a_level_is_told_with_the_score_that_follows():
    found = highlights(facts_of(ONE, TWO, THREE, ALL))
    kept = rows_of(found, "near", "subject", "scope", "value", "beside", "about", "others")
    assert kept == [("D001", "1.1.B1", 300, 500, "basic", 2), ("D002", "2.1.S1", 50, 500, "significance", 1)]


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (FALLING, [("D001", "7.1.1#1", 1, len(WELL))]),
        (WELL, []),
        ([make_measure("7.1.1", target=85.0, actual=84.9, actual_1=80.0, actual_2=75.0)], []),  # missed, rising
        ([make_measure("7.1.1", target=60.0, actual=70.0, actual_1=75.0, actual_2=80.0)], []),  # falling, still met
        ([make_measure("7.1.1", target=85.0, actual=None)], []),  # nothing was reported: nothing was missed
    ],
)
def test_a_target_is_told_of_where_it_is_missed_and_the_trend_is_worse(measures, expected):
    found = highlights(facts_of(make_submission("D001", measures=measures)))
    assert rows_of(found, "target", "subject", "scope", "count", "of") == expected


def test_agencies_and_assessors_are_compared_where_both_answered_in_full():
    sides = differ(("D1", 400, 326, True), ("D2", 300, 399, True), ("D3", 500, 100, False), ("D4", 310, 310, True))
    found = highlights(facts_of(differences=sides))
    assert rows_of(found, "assessor", "subject", "value", "of") == [("D2", -99, 3), ("D1", 74, 3)]


def test_a_number_that_may_be_wrong_is_told_with_what_it_is_held_against():
    found = highlights(facts_of(make_submission("D001", measures=SLIPPED)))
    assert rows_of(found, "check", "subject", "scope", "value", "beside", "about") == [
        ("D001", "7.1.1#1", 859, 83.0 + 1.0, "unit_slip actual")
    ]


def test_what_is_unanswered_matters_by_what_it_could_still_give_and_no_answer_is_no_zero():
    half = make_submission("D001", met=said(blank=["1.1.B1"]), measures=WELL)
    silent = make_submission("D002", met=None)
    found = highlights(facts_of(half, silent, ALL))
    assert rows_of(found, "unanswered", "subject", "value", "weight") == [("D002", None, 500), ("D001", 10.7, 10.7)]
    assert found.loc[found["subject"] == "D001", "beside"].between(0.9, 1, inclusive="left").any()


@cache
def many():
    """Facts of which every kind has three rows and more."""
    last = [make_submission(f"D{n}", met=said(no=["1.1.B1"] if n < 3 else []), measures=WELL) for n in range(6)]
    met = [said(no=["1.2.B1"] if n >= 3 else ["2.1.S1", "3.1.S1"]) for n in range(6)]
    sent = [make_submission(f"D{n}", met=one, measures=WELL) for n, one in enumerate(met)]
    numbers = [
        make_submission(
            f"M{n}", met=said(blank=["1.1.B1"]), measures=[*FALLING[:1], make_measure("7.1.2", actual=859.0)]
        )
        for n in range(3)
    ]
    states = [(f"X{n}", "missing" if n < 3 else "refused", DUE) for n in range(6)]
    sides = differ(*((f"D{n}", 400, 300 + n, True) for n in range(3)))
    return facts_of(*sent, *numbers, last_year=last, status=status_of(*states), differences=sides)


def test_the_first_ten_have_each_kind_once_before_any_twice_and_no_kind_thrice():
    facts = many()
    found = highlights(facts)
    told = set(found["kind"])
    assert list(found["kind"][: len(told)]) == [kind for kind in KINDS if kind in told]
    assert found.groupby("kind").size().max() == 2
    assert list(dict.fromkeys(in_order(found)["kind"])) == [kind for kind in KINDS if kind in told]
    assert told == set(KINDS) - {"group"}
    assert in_order(found).groupby("kind")["weight"].apply(lambda of: of.is_monotonic_decreasing).all()


def test_one_agency_has_its_own_highlights_alone():
    found = highlights(many().of("D3"))
    assert set(found[~found["kind"].isin(["blocking"])]["subject"]) == {"D3"}
    assert rows_of(found, "blocking", "subject", "count", "of") == [("1.2.B1", 1, 1)]


def test_of_nothing_there_is_nothing_to_say():
    nothing = facts_of()
    assert highlights(nothing).dtypes.equals(HIGHLIGHTS.empty().dtypes)
    assert len(highlights(nothing)) == len(asks(nothing.scored, nothing.blockers, 99)) == 0
    assert highlights(facts_of(ALL)).empty  # everything met, everything answered


def test_the_order_of_what_came_changes_nothing():
    facts = many()
    mixed = {
        name: getattr(facts, name).sample(frac=1, random_state=3)
        for name in ("scored", "moves", "blockers", "status", "results", "differences")
    }
    shuffled = highlights(Facts(**{**facts.__dict__, **mixed}))
    pd.testing.assert_frame_equal(shuffled, highlights(facts))
