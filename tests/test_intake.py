"""Files as they arrive: folders and zips opened, outcomes, reading apart from recording."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pmqa import intake
from pmqa.intake.comparing import says_less
from pmqa.store import Store
from pmqa.workbook import limits, write_form
from tests.factories import make_measure, make_submission
from tests.forms import packed, zipped

pytestmark = pytest.mark.slow  # forms are read in child processes


@pytest.fixture(scope="module")
def sound(framework) -> bytes:
    measures = [make_measure(indicator.id) for indicator in framework.indicators if indicator.core]
    evidence = {criterion.id: f"เอกสารตัวอย่าง {criterion.id}" for criterion in framework.criteria}
    return write_form(framework, prefill=make_submission(measures=measures, evidence=evidence))


@pytest.fixture(scope="module")
def warned(framework) -> bytes:
    return write_form(framework, prefill=make_submission("D002", evidence=None))


@pytest.fixture(scope="module")
def blank(framework) -> bytes:
    return write_form(framework)


@pytest.fixture
def store(tmp_path):
    opened_store = Store(tmp_path / "pmqa.duckdb")
    yield opened_store
    opened_store.close()


def outcomes(files, frameworks, **known) -> dict[str, str]:
    return {one.name: one.outcome for one in intake.receive(files, frameworks, **known)}


def test_a_file_is_accepted_accepted_with_warnings_refused_or_skipped(frameworks, sound, warned, blank):
    files = [
        intake.Sent("a.xlsx", sound),
        intake.Sent("b.xlsx", warned),
        intake.Sent("c.xlsx", blank),
        intake.Sent("d.pdf", None),
        intake.Sent("e.xlsx", b"%PDF-1.7"),
    ]
    assert outcomes(files, frameworks) == {
        "a.xlsx": "accepted",
        "b.xlsx": "warnings",
        "c.xlsx": "refused",
        "d.pdf": "skipped",
        "e.xlsx": "refused",
    }


def test_a_refused_file_has_findings_and_no_submission(frameworks, blank):
    (one,) = intake.receive([intake.Sent("c.xlsx", blank)], frameworks)
    assert one.reading.submission is None
    assert any(finding.is_error for finding in one.findings)


def test_the_same_content_twice_in_a_batch_is_known_the_second_time(frameworks, sound):
    files = [intake.Sent("a.xlsx", sound), intake.Sent("copy.xlsx", sound)]
    assert outcomes(files, frameworks) == {"a.xlsx": "accepted", "copy.xlsx": "known"}


def test_a_refused_content_twice_is_refused_twice(frameworks, blank):
    files = [intake.Sent("a.xlsx", blank), intake.Sent("copy.xlsx", blank)]
    assert set(outcomes(files, frameworks).values()) == {"refused"}


def test_reading_stores_nothing_and_recording_keeps_the_order(frameworks, store, sound, warned, blank):
    files = [
        intake.Sent("x/a.xlsx", sound),
        intake.Sent("c.xlsx", blank),
        intake.Sent("d.txt", None),
        intake.Sent("b.xlsx", warned),
    ]
    received = list(intake.receive(files, frameworks))
    assert store.submissions.standing().empty
    recorded = list(intake.record_accepted(store, received, received_by="ผู้ทดสอบ"))
    assert [one.name for one, _ in recorded] == ["x/a.xlsx", "c.xlsx", "d.txt", "b.xlsx"]
    assert [kept is not None for _, kept in recorded] == [True, False, False, True]
    assert store.submissions.standing()["file_name"].to_list() == ["a.xlsx", "b.xlsx"]
    assert store.submissions.original(recorded[0][1].submission_id) == sound


def test_what_is_recorded_is_known_next_time(frameworks, store, sound):
    list(
        intake.record_accepted(store, intake.receive([intake.Sent("a.xlsx", sound)], frameworks), received_by="ผู้ทดสอบ")
    )
    (again,) = intake.receive([intake.Sent("b.xlsx", sound)], frameworks, recorded=intake.recorded_contents(store))
    assert again.outcome == "known"
    assert again.submission_id == store.submissions.standing()["submission"].item()


def test_a_code_that_belongs_to_another_name_is_refused(frameworks, framework, store, sound):
    list(
        intake.record_accepted(store, intake.receive([intake.Sent("a.xlsx", sound)], frameworks), received_by="ผู้ทดสอบ")
    )
    other = write_form(framework, prefill=make_submission(agency_name="กรมตัวอย่างชื่ออื่น"))
    (one,) = intake.receive([intake.Sent("b.xlsx", other)], frameworks, known=intake.known_agencies(store))
    assert one.outcome == "refused"
    assert "agency_name_differs" in {finding.code for finding in one.findings}


def ingested(store, frameworks, files, said=None):
    """Name -> what became of it, with everything of one batch judged together."""
    waiting = intake.kept(store, files, received_by="t", recorded=intake.recorded_contents(store))
    read = intake.receive(
        waiting, frameworks, known=intake.known_agencies(store), recorded=intake.recorded_contents(store)
    )
    batch = intake.decided(list(intake.held(read)), said or intake.Said())
    return {
        one.name: (one, recorded)
        for one, recorded in intake.record_accepted(store, intake.compared(store, batch), received_by="t")
    }


def test_of_two_files_of_one_agency_in_a_batch_neither_is_recorded_before_one_is_chosen(frameworks, framework, store):
    first, second = (write_form(framework, prefill=make_submission(met=met)) for met in (True, False))
    copies = [intake.Sent("a.xlsx", first), intake.Sent("b.xlsx", second), intake.Sent("copy of a.xlsx", first)]
    done = ingested(store, frameworks, copies)
    assert {one.outcome for one, _ in done.values()} == {"undecided"}
    assert store.submissions.standing().empty
    done = ingested(store, frameworks, copies, intake.Said(frozenset({done["a.xlsx"][0].sha256})))
    assert {name: one.outcome for name, (one, _) in done.items()} == {
        "a.xlsx": "warnings", "b.xlsx": "passed_over", "copy of a.xlsx": "known",
    }  # fmt: skip
    assert store.submissions.original(store.submissions.standing()["submission"].item()) == first


def test_codes_that_look_alike_become_one_agency_and_stay_so_when_read_again(frameworks, framework, store):
    forms = [
        intake.Sent(f"{year}.xlsx", write_form(framework, prefill=make_submission(code, year, agency_name="กรมตัวอย่าง")))
        for code, year in (("DEMO-004", 2568), ("demo-004", 2569))
    ]
    done = ingested(store, frameworks, forms)
    assert store.submissions.standing()["agency_code"].to_list() == ["DEMO-004"] * 2
    notes = [finding for finding in done["2569.xlsx"][0].findings if finding.code == "code_taken_as"]
    assert [(note.value, note.values["after"]) for note in notes] == [("demo-004", "DEMO-004")]
    assert {one.outcome for one in intake.read_again(store, who="t")} == {"same"}


def test_a_file_that_says_less_than_what_it_replaces_says_so_and_keeps_saying_so(frameworks, framework, store):
    measures = [make_measure("7.1.1"), make_measure("7.1.2")]
    full = write_form(framework, prefill=make_submission(measures=measures))
    blank = write_form(framework, prefill=make_submission(met={"1.1.B1": True}, measures=measures[:1]))
    (one, first) = ingested(store, frameworks, [intake.Sent("full.xlsx", full)])["full.xlsx"]
    assert (one.replaces, first.replaces) == (None, None)
    one, recorded = ingested(store, frameworks, [intake.Sent("blank.xlsx", blank)])["blank.xlsx"]
    assert one.replaces == recorded.replaces == first.submission_id
    (less,) = (finding for finding in one.findings if finding.code == "says_less")
    assert less.severity == "warning"
    criteria = len(framework.criteria)
    assert dict(less.values) == {
        "replaces": first.submission_id, "answers_before": criteria, "answers": 1, "evidence_before": 1, "evidence": 1,
        "measures_before": 2, "measures": 1,
    }  # fmt: skip
    assert {one.outcome for one in intake.read_again(store, who="t")} == {"same"}


@pytest.mark.parametrize(
    ("before", "after", "less"),
    [
        ({"met": True}, {"met": True}, False),
        ({"met": True}, {"met": False}, False),  # another answer is no less, and "no" needs no evidence
        ({"met": False}, {"met": True, "evidence": None}, False),
        ({"met": True}, {"met": True, "evidence": None}, True),
        ({"met": {"1.1.B1": True, "1.1.B2": False}}, {"met": {"1.1.B1": True}}, True),
        ({"met": {"1.1.B1": True}}, {"met": {"1.1.B1": True, "1.1.B2": False}}, False),
        ({"measures": [make_measure()]}, {"measures": [make_measure(actual=None)]}, True),
        ({"measures": [make_measure()]}, {}, True),
        ({}, {"measures": [make_measure()]}, False),
    ],
)
def test_less_is_fewer_answers_less_evidence_of_what_is_met_or_fewer_measures_with_an_actual(
    store, before, after, less
):
    key = store.recording.record(make_submission(**before), b"1", file_name="1.xlsx", received_by="t").submission_id
    found = says_less(store.facts.answers([key]), store.facts.measures([key]), {key: make_submission(**after)})
    assert bool(found) == less


def test_the_right_file_then_a_wrong_one_then_the_right_one_counts_again_when_it_is_chosen(
    frameworks, framework, store, sound
):
    wrong = write_form(framework, prefill=make_submission(met=False))
    for name, content in (("right.xlsx", sound), ("wrong.xlsx", wrong)):
        ingested(store, frameworks, [intake.Sent(name, content)])
    ((one, recorded),) = ingested(store, frameworks, [intake.Sent("right.xlsx", sound)]).values()
    assert (one.outcome, recorded) == ("undecided", None)
    ((one, recorded),) = ingested(
        store, frameworks, [intake.Sent("right.xlsx", sound)], intake.Said(frozenset({one.sha256}))
    ).values()
    assert one.is_accepted
    assert store.submissions.current(None)["submission"].to_list() == [recorded.submission_id]
    assert store.submissions.original(recorded.submission_id) == sound
    assert len(store.submissions.standing()) == 3
    # From now on it is what counts: sent once more, it changes nothing.
    ((one, _),) = ingested(store, frameworks, [intake.Sent("right.xlsx", sound)]).values()
    assert (one.outcome, one.submission_id) == ("known", recorded.submission_id)


def test_an_answer_comes_only_after_it_is_on_disk(frameworks, store, framework):
    contents = (write_form(framework, prefill=make_submission(f"D{n}")) for n in range(3))
    received = intake.receive((intake.Sent(f"{n}.xlsx", content) for n, content in enumerate(contents)), frameworks)
    for done, (_, recorded) in enumerate(intake.record_accepted(store, received, received_by="ผู้ทดสอบ"), 1):
        assert recorded.submission_id in set(store.submissions.standing()["submission"])
        assert len(store.submissions.standing()) >= min(done, Store.at_once)


def test_a_zip_is_opened_and_what_lies_beside_the_forms_is_skipped(frameworks, sound, blank):
    content = zipped(
        {
            "ส่งมา/กรมตัวอย่าง.xlsx": sound,
            "ส่งมา/เปล่า.xlsx": blank,
            "ส่งมา/หลักฐาน.pdf": b"%PDF",
            "__MACOSX/ส่งมา/._กรมตัวอย่าง.xlsx": b"x",
            "ส่งมา/~$กรมตัวอย่าง.xlsx": b"x",
            "ส่งมา/.DS_Store": b"x",
        }
    )
    assert outcomes([intake.Sent("รวม.zip", content)], frameworks) == {
        "รวม.zip › ส่งมา/กรมตัวอย่าง.xlsx": "accepted",
        "รวม.zip › ส่งมา/เปล่า.xlsx": "refused",
        "รวม.zip › ส่งมา/หลักฐาน.pdf": "skipped",
    }


def test_bytes_are_kept_before_anybody_reads_them_and_refused_files_can_be_fetched_again(
    frameworks, store, sound, blank
):
    files = [
        intake.Sent("a.xlsx", sound),
        intake.Sent("b.xlsx", blank),
        intake.Sent("c.txt", None),
        intake.Sent("d.zip", b"PK damaged"),
    ]
    waiting = list(intake.kept(store, files, received_by="ผู้ทดสอบ"))
    assert set(store.received.all()["outcome"]) == {"pending"}
    list(intake.record_accepted(store, intake.receive(waiting, frameworks), received_by="ผู้ทดสอบ"))
    listed = store.received.all().set_index("file_name")
    assert listed["outcome"].to_dict() == {"a.xlsx": "accepted", "b.xlsx": "refused", "d.zip": "refused"}
    assert store.received.file(listed.loc["b.xlsx", "receipt"]) == blank
    assert {finding.code for finding in store.received.findings(listed.loc["d.zip", "receipt"])} == {"damaged"}


def test_a_refused_file_that_was_not_kept_before_is_kept_when_it_is_recorded(frameworks, store, blank):
    list(
        intake.record_accepted(store, intake.receive([intake.Sent("b.xlsx", blank)], frameworks), received_by="ผู้ทดสอบ")
    )
    assert store.received.all()["outcome"].to_list() == ["refused"]


def test_what_is_recorded_already_leaves_no_trace_when_it_comes_again(frameworks, store, sound):
    def ingest():
        recorded = intake.recorded_contents(store)
        waiting = intake.kept(store, [intake.Sent("a.xlsx", sound)], received_by="ผู้ทดสอบ", recorded=recorded)
        return list(
            intake.record_accepted(store, intake.receive(waiting, frameworks, recorded=recorded), received_by="ผู้ทดสอบ")
        )

    ingest()
    version = store.version()
    ((one, _),) = ingest()
    assert one.outcome == "known"
    assert store.version() == version


def test_cells_are_kept_with_the_submission(frameworks, store, sound):
    ((_, recorded),) = intake.record_accepted(
        store, intake.receive([intake.Sent("a.xlsx", sound)], frameworks), received_by="ผู้ทดสอบ"
    )
    assert store.history.raw_cells(recorded.submission_id)


def test_with_a_register_an_unknown_code_is_refused(frameworks, store, sound):
    agencies = {"agency_code": ["Z9"], "agency_name": ["กรมตัวอย่าง"], "ministry": ["ก"], "agency_type": ["กรม"]}
    store.register.save_agencies(pd.DataFrame(agencies), who="ผู้ทดสอบ")
    (one,) = intake.receive([intake.Sent("a.xlsx", sound)], frameworks, known=intake.known_agencies(store))
    assert "unknown_agency" in {finding.code for finding in one.findings if finding.is_error}


def test_a_name_in_a_zip_is_shown_and_never_a_path(frameworks, store, sound):
    received = intake.receive([intake.Sent("รวม.zip", zipped({"ลึก/มาก/ก.xlsx": sound}))], frameworks)
    list(intake.record_accepted(store, received, received_by="ผู้ทดสอบ"))
    assert store.submissions.standing()["file_name"].to_list() == ["ก.xlsx"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"../ข้างนอก.xlsx": b"x"}, "unsafe_part_name"),
        ({"/etc/a.xlsx": b"x"}, "unsafe_part_name"),
        ({"ก.xlsx": b"0" * (limits.PART_BYTES + 1)}, "too_large_inflated"),
        ({"ใน.zip": zipped({"ก.xlsx": b"x"})}, "is_zip"),
        ({f"{n}.xlsx": b"" for n in range(limits.ENTRIES + 1)}, "too_many_parts"),
    ],
    ids=["up", "absolute", "bomb", "zip in a zip", "too many"],
)
def test_a_zip_beyond_the_limits_is_refused_and_says_why(frameworks, parts, code):
    (one,) = intake.receive([intake.Sent("รวม.zip", zipped(parts))], frameworks)
    assert one.outcome == "refused"
    assert [finding.code for finding in one.findings] == [code]


def test_one_bad_entry_does_not_refuse_the_others(frameworks, sound):
    content = bytearray(zipped({"ก.xlsx": b"plain text, plain text", "ข.xlsx": sound}))
    content[content.index(b"PK\1\2") + 16] ^= 0xFF  # the checksum that the directory gives for the first entry
    assert list(outcomes([intake.Sent("รวม.zip", bytes(content))], frameworks).values()) == ["refused", "accepted"]


@pytest.mark.parametrize("parts", [{"อ่านก่อน.pdf": b"%PDF", "รูป/1.png": b"PNG"}, {}], ids=["other files", "nothing"])
def test_a_zip_without_a_form_says_so(frameworks, parts):
    *skipped, last = intake.receive([intake.Sent("ส่งมา.zip", packed(parts))], frameworks)
    assert {one.outcome for one in skipped} <= {"skipped"}
    assert (last.outcome, [finding.code for finding in last.findings]) == ("refused", ["zip_without_form"])


def test_folders_in_a_zip_may_be_parted_by_backslashes(sound):
    content = packed({"กรม/แบบ.xlsx": sound}).replace("กรม/แบบ.xlsx".encode(), "กรม\\แบบ.xlsx".encode())
    (sent,) = intake.opened([intake.Sent("ส่งมา.zip", content)])
    assert (sent.file_name, sent.content) == ("แบบ.xlsx", sound)


def test_a_damaged_zip_is_refused(frameworks, sound):
    (one,) = intake.receive([intake.Sent("รวม.zip", zipped({"ก.xlsx": sound})[:-40])], frameworks)
    assert [finding.code for finding in one.findings] == ["damaged"]


def test_a_workbook_whose_name_ends_in_zip_is_read_as_a_workbook(frameworks, sound):
    assert outcomes([intake.Sent("แบบ.zip", sound)], frameworks) == {"แบบ.zip": "accepted"}


def test_thai_names_that_windows_wrote_without_saying_so_are_readable(sound):
    content = zipped({"XXXX.xlsx": sound}).replace(b"XXXX.xlsx", "แบบ1.xlsx".encode("cp874"))
    (one,) = intake.opened([intake.Sent("รวม.zip", content)])
    assert one.file_name == "แบบ1.xlsx"


def test_a_folder_is_walked_in_order_and_bookkeeping_left_out(tmp_path: Path):
    for name in ("ข/2.xlsx", "ก/1.XLSX", "ก/อ่าน.txt", "ก/~$1.xlsx", "ค/.git/x.xlsx", "ค/.ซ่อน.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = list(intake.files_in([tmp_path]))
    assert [(sent.file_name, sent.content is not None) for sent in found] == [
        ("1.XLSX", True),
        ("อ่าน.txt", False),
        ("2.xlsx", True),
    ]


def test_a_batch_is_read_as_it_goes_and_not_as_a_whole(frameworks, blank):
    taken = []

    def endless():
        for number in range(1000):
            taken.append(number)
            yield intake.Sent(f"{number}.xlsx", blank + bytes(number))

    batch = intake.receive(endless(), frameworks)
    next(batch)
    batch.close()
    assert len(taken) < 50
