"""Evidence quality stands beside the score; reused Thai texts are found whatever their spaces, signs and digits."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pandas as pd
import pytest
from factories import make_submission

from pmqa.analysis.evidence import CITED, evidence_quality
from pmqa.analysis.likeness import (
    ALIKE,
    BANDS,
    LEAST_NEAR,
    RUN,
    Runs,
    groups_of_alike,
    likeness,
    settled,
)
from pmqa.analysis.reuse import TEXTS, alike_wordings, reused_texts
from pmqa.analysis.wordings import (
    all_normalised,
    is_classified,
    names_document,
    normalised,
    number_of,
    wordings_of,
    years_named,
)
from pmqa.submission import answer_frame
from pmqa.tables import SUBMISSIONS
from pmqa.viewer import Viewer
from pmqa.views import data, texts

YEAR = 2569
LONG = "คำสั่งกรมตัวอย่าง ที่ 12/2568 เรื่อง แต่งตั้งคณะทำงานพัฒนาคุณภาพการบริหารจัดการภาครัฐ ลงวันที่ 5 มกราคม 2568"


def reused_of(submissions):
    """What is reused of the evidence of submissions."""
    answers = answer_frame(submissions)
    found = wordings_of(answers, {key: s.fiscal_year for key, s in submissions.items()})
    named = found.assign(wording=found["evidence"], letters=found["evidence_letters"], open=found["met"])
    spelled = all_normalised(answers["evidence"].dropna().tolist())
    written = pd.Series({number_of(text): text for text in spelled if len(text) >= LEAST_NEAR}, dtype="str")
    return reused_texts(TEXTS.conform(named), alike_wordings(written.index.to_numpy(), written.to_list()))


def quality_of(store, *submissions):
    """EVIDENCE_QUALITY of what is recorded, by agency."""
    for number, one in enumerate(submissions):
        store.recording.record(one, str(number).encode(), file_name="f.xlsx", received_by="t")
    of_year = (data.version_of(store), Viewer("analyst", "analyst"), "self", YEAR)
    reused = texts.reused(*of_year, "evidence")
    found = evidence_quality(texts.cited(*of_year), data.submissions(*of_year[:3]), reused)
    return found.set_index("agency_code")


def cited(evidence, code="D001", year=YEAR):
    return make_submission(code, year, met={c: True for c in evidence}, evidence=evidence)  # noqa: C420


# --- reuse ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("รายงานประจำปี ๒๕๖๘", "รายงานประจำปี  2568"),
        ("รายงานประจำปี 2568.", "รายงานประจำปี-2568"),
        ("Annual Report 2025", "annual report (2025)"),
        ("ที่ นร 0101/123", "ที่นร0101/123"),
    ],
)
def test_spaces_signs_case_and_the_script_of_digits_make_no_other_text(one, other):
    assert normalised(one) == normalised(other)


def test_vowels_and_tone_marks_do_make_another_text():
    assert len({normalised(text) for text in ("มา", "ม้า", "มี", "ม")}) == 4


def test_reused_texts_are_grouped_within_and_between_agencies():
    near = LONG.replace("ที่ 12/2568", "ที่ 15/2568")
    submissions = {
        "a": cited({"1.1.B1": LONG, "1.1.B2": LONG.replace(" ", ""), "1.2.B1": "แผนแม่บทของหน่วยงานฉบับที่หนึ่ง"}),
        "b": cited({"2.1.B1": near, "2.1.B2": "สั้น", "2.1.B3": "สั้น"}, "D002"),
        "c": cited({"3.1.B1": "บันทึกการประชุมผู้บริหารที่ไม่เหมือนใครเลยแม้แต่น้อย"}, "D003"),
    }
    found = reused_of(submissions)
    assert list(zip(found["submission"], found["criterion"], strict=True)) == [
        ("a", "1.1.B1"),
        ("a", "1.1.B2"),
        ("b", "2.1.B1"),
    ]
    assert set(found["group"]) == {1}
    assert list(found["same"]) == [1, 1, 2]
    assert (set(found["texts"]), set(found["agencies"]), set(found["criteria"])) == ({3}, {2}, {3})


def test_short_texts_are_reused_only_when_they_are_the_same():
    submissions = {"a": cited({"1.1.B1": "รายงานปี 2568", "1.1.B2": "รายงานปี 2567", "1.1.B3": "รายงานปี ๒๕๖๘"})}
    found = reused_of(submissions)
    assert list(found["criterion"]) == ["1.1.B1", "1.1.B3"]


def some_texts(count, seed):
    """Texts of which about half are small changes of another."""
    drawn = random.Random(seed)
    letters = "กขคงจชซดตถทธนบปผพฟมยรลวสหอาเแโไใ"
    texts = ["".join(drawn.choices(letters, k=drawn.randint(30, 120))) for _ in range(count // 2)]
    for _ in range(count - len(texts)):
        changed = list(drawn.choice(texts))
        for _ in range(drawn.randint(1, 6)):
            changed[drawn.randrange(len(changed))] = drawn.choice(letters)
        texts.append("".join(changed))
    return list(dict.fromkeys(texts))


def runs_of(text):
    return {text[n : n + RUN] for n in range(len(text) - RUN + 1)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_near_duplicates_are_those_that_comparing_every_pair_finds(seed):
    texts = some_texts(240, seed)
    parent = list(range(len(texts)))

    def root(place):
        return place if parent[place] == place else root(parent[place])

    for one, other in itertools.combinations(range(len(texts)), 2):
        left, right = runs_of(texts[one]), runs_of(texts[other])
        if len(left & right) / len(left | right) >= ALIKE:
            parent[root(other)] = root(one)
    expected = {frozenset(n for n in range(len(texts)) if root(n) == r) for r in {root(n) for n in range(len(texts))}}
    label = groups_of_alike(texts)
    assert {frozenset(np.flatnonzero(label == group).tolist()) for group in set(label.tolist())} == expected


@pytest.mark.parametrize("size", [60, 150])
def test_texts_settled_in_parts_are_in_the_families_of_texts_compared_at_once(size):
    texts = some_texts(240, seed=5)
    random.Random(5).shuffle(texts)
    numbers = np.arange(len(texts)) + 1000
    bands, families = np.empty((0, BANDS), dtype=np.int32), np.empty(0, dtype=np.int64)
    for start in range(0, len(texts), size):
        part = slice(start, start + size)
        found = settled(texts[part], numbers[part], bands, families, lambda at: [texts[n] for n in at.tolist()])
        families = np.array([found.merged.get(one, one) for one in families.tolist()], dtype=np.int64)
        families, bands = np.concatenate([families, found.families]), np.concatenate([bands, found.bands])
    at_once = groups_of_alike(texts)
    assert len(set(families.tolist())) < len(texts)
    assert len(set(zip(families.tolist(), at_once.tolist(), strict=True))) == len(set(at_once.tolist()))
    assert len(set(families.tolist())) == len(set(at_once.tolist()))


def test_likeness_is_the_share_of_runs_in_common():
    sets = ([1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [1, 2, 3])
    size = np.array([len(one) for one in sets])
    own = Runs(np.concatenate(sets).astype(np.uint64), np.cumsum(size) - size, size)
    # the last is too small to be alike, and is not measured
    assert likeness(own, np.array([0, 0, 0]), np.array([1, 0, 2])).tolist() == [4 / 6, 1, 0]


def test_texts_below_the_least_length_stay_alone():
    text = "ก" * (LEAST_NEAR - 1)
    assert list(groups_of_alike([text, text[:-1] + "ข", LONG])) == [0, 1, 2]


# --- quality --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("คำสั่งกรมตัวอย่าง ที่ 12/2568", True),
        ("หนังสือ ที่ ตย 0101/ว 123", True),
        ("https://www.example.go.th/plan.pdf", True),
        ("รายงานผลการสำรวจ.xlsx", True),
        ("มีการดำเนินการอย่างต่อเนื่อง", False),
        ("ดำเนินการแล้วทุกหน่วย", False),
    ],
)
def test_a_document_is_something_by_which_the_evidence_can_be_found_again(text, named):
    assert names_document(text) is named


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("รายงานประจำปี ๒๕๖๘", {2568}),
        ("Annual report 2025, 2568", {2568}),
        ("เลขที่ 25681", set()),
        ("ปี 68", set()),
    ],
)
def test_years_are_read_in_both_eras_and_both_scripts(text, years):
    assert years_named(text) == years


def test_classified_evidence_is_recognised_by_its_mark():
    assert is_classified("ชั้นความลับ เก็บไว้ที่หน่วยงาน")
    assert is_classified("(ชั้น_ความ - ลับ)")
    assert not is_classified("เอกสารเปิดเผย")


def test_quality_counts_each_property_of_the_evidence(store):
    marked = make_submission(
        met={"1.1.B1": True, "1.1.B2": True, "1.1.B3": True, "1.1.A1": True, "1.1.A2": True, "1.1.A3": False},
        evidence={
            "1.1.B1": LONG,
            "1.1.B2": LONG,
            "1.1.B3": "ชั้นความลับ แฟ้มที่ 3/2568",
            "1.1.A1": "ทำแล้วทุกหน่วยในสังกัด",
            "1.1.A3": "รายงาน 2568",
        },
    )
    other = cited({"1.1.B1": LONG, "1.1.B2": "รายงานประจำปี 2560"}, "D002")
    found = quality_of(store, marked, other, make_submission("D003", met=None))
    counts = ["met", "evidenced", "classified", "open", "document_named", "year_in_period"]
    assert found.loc["D001", counts].to_list() == [5, 4, 1, 3, 2, 2]
    reuse = ["reused_within", "reused_between", "alike_within", "alike_between"]
    assert found.loc["D001", reuse].to_list() == [2, 2, 2, 2]
    assert found.loc["D001", "share_evidenced"] == 0.8
    assert found.loc["D002", counts].to_list() == [2, 2, 0, 2, 2, 1]
    assert found.loc["D002", reuse].to_list() == [0, 1, 0, 1]
    assert found.loc["D003", counts].to_list() == [0] * 6
    assert found.loc["D003", ["share_evidenced", "share_document"]].isna().all()


def test_a_like_text_is_counted_apart_from_the_same_text(store):
    near = LONG.replace("ที่ 12/2568", "ที่ 15/2568")
    found = quality_of(store, cited({"1.1.B1": LONG, "1.1.B2": near}), cited({"1.1.B1": LONG}, "D002"))
    counts = ["reused_within", "reused_between", "alike_within", "alike_between"]
    assert found.loc["D001", counts].to_list() == [0, 1, 2, 2]


def test_no_data_gives_the_tables_without_rows():
    reused = reused_of({})
    assert len(reused) == 0
    assert len(evidence_quality(CITED.empty(), SUBMISSIONS.empty(), reused)) == 0
    assert len(reused_of({"a": make_submission(met=None)})) == 0
