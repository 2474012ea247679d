"""Highlights in sentences: numbers and names, short, in both languages; what is cut is said."""

from __future__ import annotations

import pandas as pd
import pytest

from pmqa.analysis.highlights import ASKS, HIGHLIGHTS, KINDS
from pmqa.charts.telling import LONGEST, tell, tell_asks
from pmqa.charts.words import clusters
from pmqa.framework import shipped_frameworks
from pmqa.text import languages, translator

FRAMEWORK = shipped_frameworks()["pmqa4"]
NAMES = {"D1": "กรมตัวอย่าง", "D2": "สำนักงานคณะกรรมการตัวอย่างว่าด้วยการส่งเสริมและพัฒนาคุณภาพชีวิตแห่งชาติ เขต 12"}


def row(kind, subject="D1", **values):
    blank = dict.fromkeys(HIGHLIGHTS.columns)
    return {**blank, "kind": kind, "subject": subject, "others": 0, "card": "x", "choices": "{}", **values}


def told(*rows, language="th"):
    return tell(HIGHLIGHTS.conform(pd.DataFrame(rows)), NAMES, FRAMEWORK, translator(language))


ROWS = {
    "overdue": row("overdue", value=3, of=20),
    "overdue, hours": row("overdue", value=0, of=20),
    "refused": row("refused", of=20),
    "refused, late": row("refused", value=3, of=20),
    "blocking": row("blocking", "4.4.B2", scope="4.4", value=40.95, beside=3, count=9, of=20, about="basic"),
    "blocking, a step": row("blocking", "4.4.B2", scope="4.4", value=40.95, beside=0, count=9, of=20, about="basic"),
    "blocking, one agency": row("blocking", "4.4.B2", scope="4.4", value=3.5, beside=1, count=1, of=1, about="basic"),
    "fall": row("fall", scope="overall", value=-41.2, beside=300, of=18, choices='{"before": 2568}'),
    "fall, one agency": row("fall", scope="overall", value=-41.2, beside=300, of=1, choices='{"before": 2568}'),
    "rise": row("rise", scope="overall", value=52.6, beside=300, of=18, choices='{"before": 2568}'),
    "group": row("group", "กระทรวงตัวอย่าง", scope="customer", value=120.5, beside=300, count=3, of=5, about="basic"),
    "near": row("near", scope="5.2.B3", value=200, beside=450, about="basic"),
    "target": row("target", scope="7.4.1#1 7.4.2#2 7.6.5#1", count=3, of=30),
    "assessor": row("assessor", scope="overall", value=74, of=12),
    "assessor, stricter than the agency": row("assessor", scope="overall", value=-74, of=12),
    "check": row("check", scope="7.3.2#1", value=780, beside=78, about="unit_slip actual"),
    "unanswered": row("unanswered", scope="overall", value=118.3, beside=0.56),
    "unanswered, all of it": row("unanswered", scope="overall", beside=0.0),
}


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("overdue", "กรมตัวอย่าง เลยกำหนดส่ง 3 วัน"),
        ("overdue, hours", "กรมตัวอย่าง เลยกำหนดส่งไม่ถึง 1 วัน"),
        ("refused", "กรมตัวอย่าง ส่งแล้วแต่ไฟล์ต้องแก้ไข จึงยังไม่มีคะแนน"),
        ("refused, late", "กรมตัวอย่าง ไฟล์ที่ส่งต้องแก้ไข เลยกำหนด 3 วันแล้ว"),
        ("blocking", "ประเด็น 4.4.B2 กั้น 9 จาก 20 หน่วยงาน ทำแล้ว 3 แห่งถึงระดับพื้นฐาน"),
        ("blocking, a step", "ประเด็น 4.4.B2 กั้น 9 จาก 20 หน่วยงาน ทำแล้วคะแนนรวมเพิ่ม 41.0"),  # half up
        ("blocking, one agency", "ประเด็น 4.4.B2 กั้นระดับอยู่ ทำแล้วคะแนนรวมเพิ่ม 3.5"),
        ("fall", "กรมตัวอย่าง ลดลง 41.2 คะแนนจากปี 2568 มากที่สุดใน 18 แห่ง"),
        ("fall, one agency", "กรมตัวอย่าง ลดลง 41.2 คะแนนจากปี 2568"),
        ("rise", "กรมตัวอย่าง เพิ่มขึ้น 52.6 คะแนนจากปี 2568 มากที่สุดใน 18 แห่ง"),
        ("group", "กระทรวงตัวอย่าง 3 จาก 5 หน่วยงานต่ำกว่าระดับพื้นฐานด้านผู้รับบริการ"),
        ("near", "กรมตัวอย่าง ขาดเพียง 5.2.B3 ทำแล้วหัวข้อ 5.2 ได้ 450.0"),
        ("target", "กรมตัวอย่าง ไม่ถึงเป้าหมายและแนวโน้มแย่ลง 3 ตัววัด"),
        ("assessor", "กรมตัวอย่าง ให้ตนเองสูงกว่าผู้ประเมิน 74.0 คะแนน"),
        ("assessor, stricter than the agency", "กรมตัวอย่าง ให้ตนเองต่ำกว่าผู้ประเมิน 74.0 คะแนน"),
        ("check", "กรมตัวอย่าง ตัวชี้วัด 7.3.2 ส่งค่า 780 ควรตรวจซ้ำ"),
        ("unanswered", "กรมตัวอย่าง ตอบแล้ว 56% ตอบครบอาจได้เพิ่มถึง 118.3 คะแนน"),
        ("unanswered, all of it", "กรมตัวอย่าง ไม่ได้ตอบเลย จึงยังไม่มีคะแนน"),
    ],
)
def test_a_highlight_is_one_sentence_with_who_and_how_much(of, expected):
    assert [line.sentence for line in told(ROWS[of])] == [expected]


@pytest.mark.parametrize("language", languages())
def test_every_kind_is_told_in_both_languages_and_fits(language):
    assert {one["kind"] for one in ROWS.values()} == set(KINDS)
    for name, of in ROWS.items():
        code = "D2" if of["subject"] == "D1" else of["subject"]
        (line,) = told({**of, "subject": code}, language=language)
        assert len(clusters(line.sentence)) <= LONGEST or "\u2026" in line.who, name
        assert line.beside, name
        assert "None" not in line.sentence + line.beside, name


def test_a_long_name_gives_way_in_its_middle_and_stays_whole_beside():
    (line,) = told({**ROWS["fall"], "subject": "D2"})
    assert line.who.startswith("สำนักงาน")
    assert line.who.endswith("เขต 12")
    assert "\u2026" in line.who
    assert line.whole == NAMES["D2"]


def test_only_the_first_of_a_kind_is_the_most_and_the_last_says_how_many_follow():
    first, second = told({**ROWS["fall"], "others": 6}, {**ROWS["fall"], "subject": "D2", "value": -2.0, "others": 5})
    assert "มากที่สุด" in first.says
    assert "มากที่สุด" not in second.says
    assert "และอีก" not in first.beside
    assert second.beside.endswith("และอีก 5 หน่วยงาน")
    (alone,) = told({**ROWS["blocking"], "others": 4})
    assert alone.beside.endswith("และอีก 4 ประเด็น")


def test_measures_that_are_many_are_counted_beyond_four():
    (line,) = told(row("target", scope=" ".join(f"7.1.{n}#1" for n in range(1, 7)), count=6, of=30))
    assert "7.1.1, 7.1.2, 7.1.3, 7.1.4 (และอีก 2)" in line.beside


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("th", "ขอให้ 2 หน่วยงานทำประเด็น 4.4.B2: คะแนนรวมเพิ่ม 40.9 และ 1 แห่งถึงระดับพื้นฐานในหัวข้อ 4.4"),
        ("en", "Ask 2 agencies for 4.4.B2: 40.9 points overall, and 1 reach Basic in item 4.4"),
    ],
)
def test_an_ask_says_whom_for_what_and_what_it_gives(language, expected):
    ask = {"criterion": "4.4.B2", "item": "4.4", "level": "basic", "agencies": "D1\nD2", "n": 2, "reached": 1}
    frame = ASKS.conform(pd.DataFrame([{**ask, "gain": 40.9, "owner": None}]))
    found = tell_asks(frame, NAMES, FRAMEWORK, translator(language)).iloc[0]
    assert (found["ask"], found["names"]) == (expected, ", ".join(NAMES.values()))
    assert found["text"]
    assert pd.isna(found["owner"])
