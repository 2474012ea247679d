"""Sentences, numbers and dates as people read them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pmqa.errors import TextError
from pmqa.text import Translator, blanks, languages, load_sentences, translator

ROOT = Path(__file__).parent.parent
THAI = re.compile("[\u0e00-\u0e7f]")
# A number and a word that is right for more than one: "{n} of {of} more agencies".
COUNTED = re.compile(
    r"\{(\w+)\}(?: (?:more|sample|other|announced|complete|saved))? (?:people|criteria|(?:agenc|ministr|entr)ies"
    r"|(?:indicator|measure|submission|file|form|slide|place|cell|row|day|month|year|report|error|warning|score|scenario"
    r"|line|answer|action|change|group|thing|target|note|time|value|scope|item|sheet|round|card|chart|level|dimension)s"
    r"|were|wait|differ|reach)\b"
)
# Limits and what an edition has; scores, which have a decimal; the first of so many that not all are shown.
NEVER_ONE = ("most", "minimum", "value", "dimensions", "points", "draws", "high", "address")
NEVER_ONE_IN = (
    "headline.dots_level",
    "headline.strip_level",
    "headline.actuals_level",
    "findings.",
    "form.",
    "streamlit.",
)
CUT = re.compile(r"\b[Tt]he first \{n\} of \{of\} |shows \{n\} ")


def test_every_sentence_is_there_in_both_languages_with_the_same_blanks():
    sentences = load_sentences()
    assert sentences
    assert all(words[language].strip() for words in sentences.values() for language in languages())


def test_no_english_sentence_is_left_in_thai_script_and_the_other_way_round():
    """A Thai sentence may be without Thai letters only where both languages say the same ("CSV", "PMQA 4.0")."""
    for key, words in load_sentences().items():
        assert THAI.search(words["th"]) or words["th"] == words["en"], f"{key}: Thai without Thai letters"


def test_a_word_takes_the_form_that_goes_with_its_number():
    wrong = {
        key: words["en"]
        for key, words in load_sentences().items()
        if not key.startswith(NEVER_ONE_IN) and not CUT.search(words["en"])
        if any(blank not in NEVER_ONE for blank in COUNTED.findall(words["en"]))
    }
    assert not wrong


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "n = 1 agency"),
        (2, "n = 2 agencies"),
        (0, "n = 0 agencies"),
        ("1", "n = 1 agency"),
        ("1,001", "n = 1,001 agencies"),
    ],
)
def test_one_is_one_and_anything_else_is_many(n, said):
    assert translator("en")("exports.agencies", n=n) == said
    assert translator("th")("exports.agencies", n=n) == f"n = {n} หน่วยงาน"


def test_a_language_may_have_more_forms_than_two(monkeypatch):
    russian = replace(languages()["en"], plural=("(.*[^1])?1", "(.*[^1])?[2-4]"))
    monkeypatch.setattr("pmqa.text.languages", lambda: {"ru": russian})
    t = Translator("ru", {"files": "{n} {n:файл|файла|файлов}"})
    assert [t("files", n=n) for n in (1, 3, 5, 11, 21)] == ["1 файл", "3 файла", "5 файлов", "11 файлов", "21 файл"]


def test_every_key_that_the_code_names_is_a_sentence():
    known = load_sentences()
    literal = re.compile(r"""\bt\(\s*["']([a-z0-9_.]+)["']""")
    named = {
        (path.name, key)
        for folder in ("pmqa", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for key in literal.findall(path.read_text(encoding="utf-8"))
        if path.name != "text.py"  # its docstrings show examples
    }
    assert not {(file, key) for file, key in named if key not in known}


def test_no_sentence_with_blanks_is_shown_without_filling_them():
    bare = re.compile(r"""\bt\(\s*["']([a-z0-9_.]+)["']\s*\)""")
    unfilled = {key for key, words in load_sentences().items() if blanks(words["th"])}
    shown = {
        (path.name, key)
        for folder in ("pmqa", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for key in bare.findall(path.read_text(encoding="utf-8"))
    }
    assert not {(file, key) for file, key in shown if key in unfilled}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (366.6666, "366.7"),
        (0.05, "0.1"),  # half up, where binary rounding would give 0.0
        (2.25, "2.3"),
        (0.0, "0.0"),  # zero is a number
        (None, "–"),  # missing is not
        (float("nan"), "–"),
        (1250.5, "1,250.5"),
        (-0.04, "0.0"),  # no minus before nothing
    ],
)
def test_numbers_are_rounded_half_up_and_missing_is_not_zero(value, shown):
    assert translator("th").number(value) == shown


@pytest.mark.parametrize(("share", "shown"), [(1.0, "100%"), (0.375, "38%"), (0.0, "0%"), (None, "–")])
def test_shares_are_shown_as_percent(share, shown):
    assert translator("en").percent(share) == shown


def test_a_share_below_one_is_never_shown_as_all():
    assert translator("en").percent(0.998) == "99%"
    assert translator("en").percent(0.002) == "1%"


def test_dates_are_bangkoks_and_thai_years_are_buddhist():
    moment = dt.datetime(2026, 11, 21, 18, 30)  # UTC; already the 22nd in Bangkok
    assert translator("th").moment(moment) == "22 พ.ย. 2569 01:30"
    assert translator("en").date(moment) == "22 Nov 2026"
    assert translator("th").year(2569) == "2569"
    assert translator("en").year(2569) == "2569 (2026)"


def test_an_unknown_sentence_or_a_blank_without_value_is_an_error_that_names_it():
    with pytest.raises(TextError, match="nowhere"):
        translator("th")("nowhere.at_all")
    with pytest.raises(TextError, match="no language"):
        translator("fr")


def test_a_folder_of_sentences_lists_all_its_problems(tmp_path):
    (tmp_path / "a.toml").write_text('[a]\nx = { th = "ก {n}", en = "k" }\ny = { th = "ก" }\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text('[c]\nx = { th = "{n:ก|ข}", en = "{n:a|b|c}" }\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('[a]\nx = { th = "ก", en = "k" }\n', encoding="utf-8")
    with pytest.raises(TextError) as refused:
        load_sentences(tmp_path)
    forms = ("c.x needs 1 forms of a word in th", "c.x needs 2 forms of a word in en")
    for part in ("a.x has other blanks", "a.y needs exactly th and en", "a.x is defined twice", *forms):
        assert part in str(refused.value)
