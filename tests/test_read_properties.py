"""What holds for every submission and for every file, however it was damaged."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmqa.sources import SOURCES
from pmqa.submission import Answer, Measure, Submission
from pmqa.text import translator
from pmqa.workbook import finding_text, layout, read_submission, write_form
from pmqa.workbook.normalise import clean_text, fold, is_reference, number_value
from tests.forms import packed, parts_of, small_form, small_framework, small_frameworks, small_submission

pytestmark = pytest.mark.slow  # hundreds of forms are written and read

QUICK = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LETTERS = "กขคงมีไม่น้ำเเแ๐๑ะาํ ่ABCxyz0189 =+-@'\"<>&;,.%/|()#\n\t\u200b\u00a0😀"

texts = st.text(LETTERS, max_size=40).map(clean_text).map(lambda text: text or None)
words = st.text(LETTERS, max_size=30).map(clean_text).filter(is_reference)
evidence = st.none() | words
numbers = st.none() | st.floats(-1e14, 1e14) | st.integers(-1000, 1000).map(float)
answers = st.builds(
    lambda met, explanation, reference, suggestion: {
        "met": met,
        "explanation": explanation,
        "evidence": reference,
        "suggestion": suggestion,
    },
    st.sampled_from([True, False, None]),
    texts,
    evidence,
    texts,
)


@st.composite
def measures(draw: st.DrawFn, indicator: str, number: int) -> Measure:
    method = draw(st.sampled_from(list(layout.METHODS)))
    target = draw(numbers)
    return Measure(
        indicator,
        number,
        name=draw(words),
        unit=draw(texts),
        direction=draw(st.sampled_from(list(layout.DIRECTIONS))),
        target=abs(target) if target is not None and method == "bands" else target,
        actual_2=draw(numbers),
        actual_1=draw(numbers),
        actual=draw(numbers),
        benchmark=draw(numbers),
        method=method,
        step=draw(st.floats(0.001, 1e6)) if method == "interval" else None,
        evidence=draw(evidence),
        note=draw(texts),
        accepted=draw(st.sampled_from([True, False, None])),
        suggestion=draw(texts),
    )


@st.composite
def submissions(draw: st.DrawFn) -> Submission:
    framework = small_framework()
    reported = {
        indicator.id: draw(st.integers(0, 5) if place == 0 else st.integers(0, 1))
        for place, indicator in enumerate(framework.indicators)
    }
    return dataclasses.replace(
        small_submission(),
        agency_code=draw(st.from_regex(r"[A-Zก-ฮ0-9][A-Z0-9ก-ฮ./-]{0,10}", fullmatch=True)),
        agency_name=draw(words),
        ministry=draw(words),
        agency_type=draw(st.sampled_from(layout.AGENCY_TYPES)),
        fiscal_year=draw(st.integers(2540, 2600)),
        source=draw(st.sampled_from(list(SOURCES))),
        contact_name=draw(evidence),
        contact_email=draw(evidence),
        contact_phone=draw(evidence),
        answers=tuple(Answer(criterion.id, **draw(answers)) for criterion in framework.criteria),
        measures=tuple(
            draw(measures(indicator, number)) for indicator, count in reported.items() for number in range(1, count + 1)
        ),
    )


@QUICK
@given(submissions())
def test_any_submission_that_the_form_writes_reads_back_equal(submission):
    reading = read_submission(write_form(small_framework(), prefill=submission), small_frameworks())
    assert reading.submission == submission, [finding_text(f, translator("en")) for f in reading.findings]


@given(st.text(LETTERS + "\u0e4d\u0e32\ufeff\u2060"))
def test_cleaning_and_folding_twice_is_cleaning_and_folding_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert fold(fold(text)) == fold(text)


@given(st.floats(-1e14, 1e14), st.booleans())
def test_a_number_reads_as_itself_however_it_is_stored(number, percent):
    assert number_value(["n", repr(number)], percent) == (number, None)
    # As text, a power of ten may be a code: it is read, and told of.
    assert number_value(repr(number), percent) == (number, "number_corrected" if "e" in repr(number) else None)


@pytest.mark.parametrize("text", ["0,85", "1.250,5", "1,25", "12,34,567", "0,850", "1,2345"])
def test_a_comma_that_could_be_a_decimal_sign_is_never_guessed(text):
    assert number_value(text, percent=False) == (None, "decimal_comma")


def is_answered(content: bytes) -> bool:
    """Whether reading a file ends in a submission or in errors, each with a sentence - and no child was lost."""
    reading = read_submission(content, small_frameworks())
    codes = {finding.code for finding in reading.findings}
    sentences = [finding_text(finding, translator("th")) for finding in reading.findings]
    return (
        reading.is_sound != any(finding.is_error for finding in reading.findings)
        and not codes & {"reader_stopped", "took_too_long", "needs_too_much_memory"}
        and all(sentences)
    )


@settings(QUICK, max_examples=150)
@given(st.data())
def test_a_form_with_some_bytes_changed_is_answered(data):
    content = bytearray(small_form())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    assert is_answered(bytes(content))


@settings(QUICK, max_examples=200)
@given(st.data())
def test_a_form_with_parts_changed_is_answered(data):
    parts = parts_of(small_form())
    for name in data.draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=3, unique=True)):
        change = data.draw(st.sampled_from(["bytes", "cut", "swap", "drop", "repeat"]))
        part = parts[name]
        at = data.draw(st.integers(0, len(part)))
        if change == "bytes":
            marks = st.sampled_from(
                [b"<", b">", b"&", b'"', b"<c>", b"</row>", b"<v>1</v>", b"\0", b"<t>", b"-1", b"E4", b"s"]
            )
            parts[name] = part[:at] + data.draw(marks) + part[at + data.draw(st.integers(0, 3)) :]
        elif change == "cut":
            parts[name] = part[:at]
        elif change == "swap":
            parts[name] = parts[data.draw(st.sampled_from(sorted(parts)))]
        elif change == "repeat":
            end = min(len(part), at + data.draw(st.integers(1, 2000)))
            parts[name] = part[:end] + part[at:]
        elif len(parts) > 1:
            del parts[name]
    assert is_answered(packed(parts))


@settings(QUICK, max_examples=150)
@given(st.data())
def test_a_form_with_well_formed_but_odd_cells_is_answered(data):
    """Mutations that keep the XML whole get past the parser, to the code behind it."""
    parts = parts_of(small_form())
    name = data.draw(st.sampled_from([name for name in parts if "worksheets/sheet" in name and "rels" not in name]))
    cells = parts[name].split(b"</c>")
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(cells) - 2))
        kind = data.draw(
            st.sampled_from(["", ' t="s"', ' t="b"', ' t="e"', ' t="d"', ' t="str"', ' t="n" s="3"', ' s="99999"'])
        )
        value = data.draw(
            st.sampled_from(
                ["", "0", "1", "-1", "1e999", "NaN", "มี", "7.1", "2026-01-01", "#REF!", "9" * 400, " ", "_xD800_"]
            )
        )
        formula = data.draw(st.sampled_from(["", "<f/>", "<f>1+1</f>", '<f t="shared" si="0"/>']))
        start, _, old = cells[at].rpartition(b"<c ")
        address = old.split(b'"')[1] if b'"' in old else b"A1"
        cells[at] = start + b'<c r="' + address + b'"' + f"{kind}>{formula}<v>{value}</v>".encode()
    parts[name] = b"</c>".join(cells)
    assert is_answered(packed(parts))
