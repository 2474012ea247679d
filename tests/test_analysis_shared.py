"""Measures that several agencies report, in one unit: what is converted, what is refused and why."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from factories import make_measure, make_submission
from hypothesis import given
from hypothesis import strategies as st

from pmqa.analysis.shared import REFUSALS, shared_measures
from pmqa.analysis.units import COUNTED, KINDS, converted, unit_of
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score_measures
from pmqa.submission import measure_frame, source_frame

FRAMEWORK = shipped_frameworks()["pmqa4"]
NAME = "ระยะเวลาให้บริการ"


@pytest.mark.parametrize(
    ("value", "sent", "wanted", "expected"),
    [
        (0.85, "สัดส่วน", "ร้อยละ", 85.0),
        (85.0, "เปอร์เซ็นต์", "ร้อยละ", 85.0),
        (85.0, "%", "สัดส่วน", 0.85),
        (85.0, "ร้อยละ (%)", "ร้อยละ", 85.0),
        (85.0, "% (ร้อยละ)", "ร้อยละ", 85.0),
        (85.0, "สัดส่วน (ร้อยละ)", "ร้อยละ", 85.0),
        (85.0, "ความพึงพอใจ (ร้อยละ)", "%", 85.0),
        (1.5, "ล้านบาท", "บาท", 1_500_000.0),
        (1_500.0, "พันบาท", "ล้านบาท", 1.5),
        (2.0, "พันล้านบาท", "ล้านบาท", 2_000.0),
        (3.0, "million baht", "ล้านบาท", 3.0),
        (4.0, "ล้านบาท (มูลค่าความเสียหาย)", "ล้านบาท", 4.0),  # brackets say of what
        (90.0, "นาที", "ชั่วโมง", 1.5),
        (2.0, "วัน", "ชั่วโมง", 48.0),
        (36.0, "ชม.", "วัน", 1.5),
        (2.0, "สัปดาห์", "วัน", 14.0),
        (18.0, "เดือน", "ปี", 1.5),
        (12.0, "พันราย", "ราย", 12_000.0),
        (0.5, "แสนคน", "คน", 50_000.0),
        (0.0, "ล้านบาท", "บาท", 0.0),
        (7.0, "คะแนน", "คะแนน", 7.0),  # not understood, but the same
    ],
)
def test_what_can_be_converted_exactly_is(value: float, sent: str, wanted: str, expected: float) -> None:
    assert converted(value, unit_of(sent), unit_of(wanted)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("บาท", "วัน"),
        ("คน", "ราย"),  # a case is not a person
        ("เดือน", "วัน"),  # a month is of 28 to 31 days
        ("วันทำการ", "วัน"),
        ("วัน (ทำการ)", "วัน"),
        ("บาท (ร้อยละ)", "บาท"),  # of what has a unit of its own it is not clear which holds
        ("บาท (ร้อยละ)", "ร้อยละ"),
        ("บาท (ล้าน)", "บาท"),  # brackets that say how much
        ("บาท (ต่อปี)", "บาท"),
        ("ร้อยละของต้นทุนที่ลดลง", "ร้อยละ"),
        ("ต่อประชากรแสนคน", "คน"),
        ("คะแนน", "ระดับ"),
    ],
)
def test_what_cannot_be_converted_is_refused(one: str, other: str) -> None:
    with pytest.raises(ValueError, match="cannot be converted"):
        converted(1.0, unit_of(one), unit_of(other))


@given(st.floats(-1e9, 1e9), st.sampled_from(sorted(KINDS)), st.data())
def test_there_and_back_gives_the_same(value: float, kind: str, drawn: st.DataObject) -> None:
    one, other = (unit_of(drawn.draw(st.sampled_from(sorted(KINDS[kind])))) for _ in range(2))
    back = converted(converted(value, one, other), other, one)
    assert math.isclose(back, value, rel_tol=1e-12)


def test_counted_things_are_kinds_of_their_own() -> None:
    assert {unit_of(word).kind for word in COUNTED} == set(COUNTED)


def measure(actual, unit, target=None, direction="lower", name=NAME):
    own = make_measure("7.2.1", actual=actual, direction=direction)
    return replace(own, name=name, unit=unit, target=actual if target is None else target)


def found(*measures):
    """SHARED_MEASURES of one measure of agencies D000, D001, ..."""
    submissions = {f"s{n}": make_submission(f"D{n:03}", measures=[one]) for n, one in enumerate(measures)}
    rows = measure_frame(submissions)
    results = score_measures(source_frame(submissions), rows, FRAMEWORK)
    whose = pd.DataFrame([(key, one.agency_code) for key, one in submissions.items()])
    whose.columns = ["submission", "agency_code"]
    return shared_measures(rows, results[results["basis"] == "claimed"], whose, FRAMEWORK)


def test_agencies_are_compared_in_the_unit_that_most_use_the_best_first_with_what_was_sent_beside_it() -> None:
    rows = found(measure(2, "ชั่วโมง"), measure(90, "นาที", 120), measure(1, "ชั่วโมง"), measure(1, "วัน"))
    assert rows["agency_code"].tolist() == ["D002", "D001", "D000", "D003"]
    assert set(rows["unit"]) == {"ชั่วโมง"}
    assert rows["actual"].tolist() == [1, 1.5, 2, 24]
    assert rows["target"].tolist() == [1, 2, 2, 24]
    assert rows["actual_sent"].tolist() == [1, 90, 2, 1]
    assert rows["unit_sent"].tolist() == ["ชั่วโมง", "นาที", "ชั่วโมง", "วัน"]
    assert rows["converted"].tolist() == [False, True, False, True]
    assert set(rows["n"]) == {4}
    assert set(rows["median"]) == {1.75}
    assert rows["refused"].isna().all()


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (measure(3, "วันทำการ"), "unknown_unit"),
        (measure(3, "บาท"), "other_kind"),
        (measure(3, "ชั่วโมง", direction="higher"), "other_direction"),
    ],
)
def test_what_is_not_compared_stays_with_its_reason_and_its_own_value(odd, why: str) -> None:
    rows = found(measure(2, "ชั่วโมง"), measure(4, "ชั่วโมง"), odd)
    last = rows.iloc[-1]
    assert (last["agency_code"], last["refused"], last["actual_sent"]) == ("D002", why, 3)
    assert math.isnan(last["actual"])
    assert set(rows["n"]) == {2}
    assert set(rows["median"]) == {3}
    assert why in REFUSALS


def test_a_share_above_one_is_not_multiplied() -> None:
    rows = found(measure(80, "ร้อยละ"), measure(90, "%"), measure(0.85, "สัดส่วน"), measure(85, "สัดส่วน"))
    shown = rows.set_index("agency_code")
    assert shown.at["D002", "actual"] == 85
    assert shown.at["D003", "refused"] == "not_a_share"


def test_names_of_one_spelling_are_one_measure_and_a_blank_unit_is_the_indicators_own() -> None:
    own = FRAMEWORK.indicator["7.2.1"].unit["th"]
    rows = found(measure(80, own), measure(90, None, name="ระยะเวลาให้บริการ "), measure(1, own, name="อื่น"))
    assert rows["agency_code"].tolist() == ["D000", "D001"]


def test_what_one_agency_alone_reports_is_not_shared() -> None:
    assert found(measure(80, "ร้อยละ"), measure(3, "วัน")).empty
