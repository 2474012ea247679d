"""Text in figures: harmless, wrapped where Thai may break, never torn from its tone marks."""

from __future__ import annotations

import html
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pmqa.charts.words import LEADING_VOWELS, NEVER_FIRST, clusters, escaped, fitted, lines_of, plain, width_of, wrapped
from pmqa.framework import Framework

THAI = st.text(alphabet=[chr(c) for c in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E4F))] + [" "], max_size=60)
NAMES = st.one_of(THAI, st.text(max_size=60))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("การปรับเปลี่ยนเป็นดิจิทัล", 110, ("การปรับเปลี่ยนเป็น", "ดิจิทัล")),
        ("การวางแผนเชิงยุทธศาสตร์", 110, ("การวางแผนเชิง", "ยุทธศาสตร์")),
        ("การวัด วิเคราะห์ และการจัดการความรู้", 110, ("การวัด วิเคราะห์", "และการจัดการ", "ความรู้")),
        ("นวัตกรรมการปรับปรุงกระบวนการ", 110, ("นวัตกรรมการ", "ปรับปรุง", "กระบวนการ")),  # not กระบวน|การ
        ("การบรรลุตามยุทธศาสตร์อื่น ๆ", 110, ("การบรรลุตาม", "ยุทธศาสตร์อื่น ๆ")),  # ๆ stays with its word
        ("Customer and stakeholder focus", 110, ("Customer and", "stakeholder", "focus")),
        ("Digitalization", 70, ("Digitalization",)),  # a Latin word leaves the line rather than being torn
        ("กรมตัวอย่างการพัฒนาบริการ 6", 160, ("กรมตัวอย่างการพัฒนา", "บริการ 6")),  # no number alone on a line
        ("Operations focus · n = 8", 124, ("Operations focus ·", "n = 8")),  # no equation is torn
        # The number of a name stays with it, not with the score behind it.
        ("กรมตัวอย่างคุณภาพอากาศ 11 338.9", 170, ("กรมตัวอย่างคุณภาพอากาศ 11", "338.9")),
        ("ผลลัพธ์ต่ำสุด 352.8 (n = 229–262)", 180, ("ผลลัพธ์ต่ำสุด 352.8", "(n = 229–262)")),
        ("", 100, ()),
    ],
)
def test_a_name_breaks_where_a_reader_would_break_it(text: str, width: float, lines: tuple[str, ...]) -> None:
    assert tuple(plain(line) for line in lines_of(text, width, 13)) == lines


def test_no_name_of_the_framework_is_torn_inside_a_syllable_that_a_space_or_word_could_spare(
    framework: Framework,
) -> None:
    for kind in ("dimension", "category", "item", "indicator"):
        for scope in framework.scopes(kind):
            for line in lines_of(framework.scope_name(kind, scope, "th"), 190, 13):
                assert line[0] not in NEVER_FIRST
                assert line[-1] not in LEADING_VOWELS
                assert width_of(line, 13) <= 190


@given(NAMES, st.floats(20, 400))
@example("กกกกกกกกกกกกกก ็กกก", 20.0)  # a mark without a letter of its own keeps its space
def test_wrapping_loses_nothing_and_tears_no_mark_from_its_letter(text: str, width: float) -> None:
    lines = lines_of(text, width, 13)
    assert "".join(lines).replace(" ", "").replace("\u00a0", "") == plain(text).replace(" ", "")
    for line in lines[1:]:
        assert unicodedata.category(line[0]) not in ("Mn", "Me", "Mc")


@given(THAI.filter(lambda text: len(plain(text)) > 0), st.floats(60, 300))
def test_thai_lines_fit_their_width(text: str, width: float) -> None:
    for line in lines_of(text, width, 13):
        assert width_of(line, 13) <= width or not any(
            after[0] not in NEVER_FIRST and before[0] not in LEADING_VOWELS
            for before, after in zip(clusters(line), clusters(line)[1:], strict=False)
        )


@given(NAMES, st.floats(40, 200), st.integers(1, 3))
def test_what_does_not_fit_ends_in_an_ellipsis(text: str, width: float, most: int) -> None:
    lines = lines_of(text, width, 12, most)
    assert len(lines) <= most
    if tuple(lines) != tuple(lines_of(text, width, 12)):
        assert lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>กรม</b>", "&lt;b&gt;กรม&lt;/b&gt;"),
        ("%{y} ของ $x$", "%&#123;y} ของ &#36;x&#36;"),
        ("ก\n\tข\x00\u202eค", "ก ข ค"),
        ('"ก" & ข', "&quot;ก&quot; &amp; ข"),
    ],
)
def test_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.text(max_size=80))
def test_no_text_can_become_markup_a_template_or_a_formula(text: str) -> None:
    shown = escaped(text)
    assert not set("<>$\"'") & set(shown)
    assert "%{" not in shown
    assert html.unescape(shown) == plain(text)


@given(st.text(max_size=80))
def test_wrapped_text_holds_no_markup_but_line_breaks(text: str) -> None:
    assert "<" not in wrapped(text, 80, 12).replace("<br>", "")


def test_marks_above_and_below_add_no_width() -> None:
    assert width_of("ที่", 10) == width_of("ท", 10)
    assert clusters("ผู้รับ") == ["ผู้", "รั", "บ"]


@pytest.mark.parametrize("number", [2, 14])
def test_a_name_that_does_not_fit_keeps_its_end(number: int) -> None:
    name = f"Sample Department of Quality of Life of Older and Disabled Persons {number}"
    lines = fitted(name, 195, 12, 2)
    assert len(lines) == 2
    assert lines[0].startswith("Sample Department")
    assert lines[-1].endswith(str(number))
    assert "…" in "".join(lines)
    assert fitted("กรมตัวอย่าง 2", 195, 12, 2) == ("กรมตัวอย่าง\u00a02",)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_what_follows_a_name_that_does_not_fit_stays_whole(most: int) -> None:
    name = "สำนักงานตัวอย่างเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อนยุทธศาสตร์ชาติระยะยี่สิบปี เขตที่ 12" * 2
    lines = fitted(name, 210, 12, most, " · ตอบแล้ว 62%")
    assert len(lines) == most
    assert "".join(lines).replace(" ", "").replace("\u00a0", "").endswith("ขตที่12·ตอบแล้ว62%")
    assert all(width_of(line, 12) <= 210 for line in lines)
    # As much of the name as there is room for.
    assert width_of("".join(lines), 12) > 0.8 * (most - 1) * 210 + 100


def test_three_hundred_long_names_are_fitted_in_the_time_of_a_click() -> None:
    name = "สำนักงานตัวอย่างเพื่อการบูรณาการเชิงพื้นที่และการขับเคลื่อนยุทธศาสตร์ชาติระยะยี่สิบปี " * 2
    started = time.process_time()
    shown = {fitted(f"{name}{number}", 185, 12, 3) for number in range(300)}
    assert len(shown) == 300
    assert time.process_time() - started < 4


@given(text=NAMES)
def test_a_fitted_name_has_no_more_lines_than_asked_for_where_there_is_room_for_its_end(text: str) -> None:
    assert len(fitted(text, 150, 12, 2)) <= 2
