"""One word for one thing: the glossary's words on pages, in files and in documents, and none that it gives up."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from pmqa.views.guide import glossary

ROOT = Path(__file__).parent.parent
WHERE = (
    *sorted(
        path for path in (ROOT / "data" / "text").glob("*.toml") if path.stem != "form_headings"
    ),  # agencies have them
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "data" / "guide").glob("*.md")),
    ROOT / "README.md",
)
OFFICIAL = ("องค์กรปกครองส่วนท้องถิ่น",)  # names that are not ours to word
ASCII_WORD = r"(?<![a-z]){}s?(?![a-z])"  # Thai has no spaces between words, English has


TERMS = glossary()
GIVEN_UP = [(word, term.thai) for term in TERMS for word in term.not_used]


def uses(word: str, text: str) -> list[str]:
    """The places where a text uses the word, with what stands around it."""
    for name in OFFICIAL:
        text = text.replace(name, "")
    pattern = ASCII_WORD.format(re.escape(word)) if word.isascii() else re.escape(word)
    return [text[max(found.start() - 30, 0) : found.end() + 30] for found in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize(("word", "instead"), GIVEN_UP)
def test_no_page_file_or_document_uses_a_word_that_the_glossary_gives_up(word: str, instead: str) -> None:
    found = {path.name: places for path in WHERE if (places := uses(word, path.read_text(encoding="utf-8")))}
    assert not found, f"{word}: the glossary's word is {instead}"


@pytest.mark.parametrize(("word", "instead"), GIVEN_UP)
def test_the_glossary_itself_does_not_use_what_it_gives_up(word: str, instead: str) -> None:
    used = [cell for term in TERMS for cell in (term.thai, term.english) if uses(word, cell)]
    assert not used, f"{word}: the glossary's word is {instead}"


def test_every_term_stands_once_and_has_its_english_and_its_identifier() -> None:
    assert all(term.thai and term.english and term.identifier for term in TERMS)
    for words in ([term.thai for term in TERMS], [term.english for term in TERMS], [word for word, _ in GIVEN_UP]):
        assert not [word for word, times in Counter(words).items() if times > 1]


@pytest.mark.parametrize(
    "term",
    [
        *("มัธยฐาน", "ค่าเทียบเคียง", "กลุ่มเปรียบเทียบ", "ไม่ได้ตอบ", "ตามที่ผู้ประเมินยืนยัน"),
        *("เฉพาะที่มีหลักฐาน", "แบบประเมิน", "ชีต", "เวิร์กบุ๊ก", "คะแนนรวม", "ผลิตภัณฑ์นี้", "เอกสารต้นทาง"),
    ],
)
def test_the_word_that_is_kept_is_the_one_that_people_read(term: str) -> None:
    assert any(term in row.thai for row in TERMS)
    assert any(term in path.read_text(encoding="utf-8") for path in WHERE if path.suffix == ".toml")


@pytest.mark.parametrize(
    ("word", "text", "used"),
    [
        ("องค์กร", "องค์กรปกครองส่วนท้องถิ่น", False),  # an official name
        ("องค์กร", "ทั่วทั้งองค์กร", True),
        ("panel", "a panel of judges", True),
        ("panel", "panelled", False),
        ("action plan", "Action plans", True),
    ],
)
def test_a_word_is_found_as_a_word(word: str, text: str, used: bool) -> None:
    assert bool(uses(word, text)) is used
