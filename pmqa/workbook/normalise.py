"""A cell as meaning: cleaned text, a number, an answer, a year - or the code of the finding that says why not.

Every function here returns (value, code). code is None where nothing is to be said; a note or a warning where the value
was corrected; an error where there is none. Patterns are strict: what is not surely meant is never guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, wraps
from itertools import groupby
from typing import Final

from pmqa.sources import SOURCES
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.text import BUDDHIST_ERA
from pmqa.workbook import layout
from pmqa.workbook.sheet import Cell

NUMBER_LIMIT: Final = 1e15  # from there on a float no longer holds every whole number
THOUSAND: Final = 3  # digits
SHORT: Final = 300  # letters of a text that is remembered: the longest criterion has 120

THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MINUS_SIGNS: Final = str.maketrans("−–－", "---")
# With marks that turn the direction of writing.
INVISIBLE: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
ZERO_WIDTH: Final = re.compile(f"[{INVISIBLE}]")
SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
SPLIT_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")  # ํ (tone) า, as pdf text splits ำ
ODD: Final = re.compile("[\u00a0\u00ad\u061c\u0e4d\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2069\u3000\ufeff]")
UNSEEN: Final = re.compile(f"[{INVISIBLE}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufe0e\ufe0f]|^\\s+|\\s+$")

# Thai marks above and below a consonant look the same in any order, and drawn twice: vowels come first, then tones.
# What MISPLACED finds may be in order; the usual pairs, vowel and tone or tone and ำ, it passes over.
MISPLACED: Final = re.compile(
    "[\u0e31\u0e33-\u0e39\u0e47-\u0e4e](?:(?<=[\u0e31\u0e34-\u0e39])[\u0e31\u0e34-\u0e39\u0e47]"
    "|(?<=[\u0e33\u0e47-\u0e4e])[\u0e31\u0e34-\u0e39\u0e47-\u0e4e])"
)
MARKS: Final = re.compile("[\u0e31\u0e34-\u0e39\u0e47-\u0e4e]{2,}")
AM_BEFORE_TONE: Final = re.compile("\u0e33([\u0e48-\u0e4b]+)")  # ำ tone, which looks like tone ำ
TONES: Final = "\u0e48\u0e49\u0e4a\u0e4b"
LAST_MARKS: Final = "\u0e4c\u0e4d\u0e4e"
# The last two say whether a sign is drawn as a letter or as a picture.
NO_DIFFERENCE: Final = re.compile("[\\s*:()_\ufe0e\ufe0f]+")

PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
SIMPLE: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")  # what reads one way
GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9][0-9.,]*,[0-9.]*")
YEAR: Final = re.compile(
    r"(?:ปีงบประมาณ|ปี|FY)?\s*(?P<era>พ\.?\s?ศ\.?|B\.?E\.?|ค\.?\s?ศ\.?|A\.?D\.?|C\.?E\.?)?\s*(?P<year>[0-9]{4})(?:\.0+)?",
    re.IGNORECASE,
)
LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
DIGIT: Final = re.compile(r"[0-9๐-๙]")
AGENCY_CODE: Final = re.compile(r"[^\W_][\w./-]{0,39}")
# Folded letters, Cyrillic and Greek ones among them, that are drawn like another sign -> that sign.
DRAWN_ALIKE: Final = str.maketrans(
    dict.fromkeys("\u0430\u03b1", "a")
    | dict.fromkeys("\u0432\u03b2", "b")
    | dict.fromkeys("\u0441", "c")
    | dict.fromkeys("\u0435\u03b5", "e")
    | dict.fromkeys("\u043d\u03b7", "h")
    | dict.fromkeys("\u0458", "j")
    | dict.fromkeys("\u043a\u03ba", "k")
    | dict.fromkeys("\u043c\u03bc", "m")
    | dict.fromkeys("\u03bd", "n")
    | dict.fromkeys("\u0440\u03c1", "p")
    | dict.fromkeys("\u0455", "s")
    | dict.fromkeys("\u0442\u03c4", "t")
    | dict.fromkeys("\u0445\u03c7", "x")
    | dict.fromkeys("\u0443\u03c5", "y")
    | dict.fromkeys("\u03b6", "z")
    | dict.fromkeys("\u043e\u03bf\u0585", "o")
    | dict.fromkeys("l\u0456\u03b9", "i")
)
PERCENT: Final = re.compile(r"ร้อย\s*ล่?ะ|เปอร์?\s*เซ็?นต?์?|per\s?cent|%|％", re.IGNORECASE)

_YES: Final = ("yes", "y", "ใช่", "true", "1", "✓", "✔", "☑", "✅", "√")
_NO: Final = ("no", "n", "ไม่ใช่", "false", "0", "✗", "✘", "✖", "☒", "❌")


def remembered(change: Callable[[str], str]) -> Callable[[str], str]:
    """The same of texts, that of the latest short ones kept: a form's own words are in every form."""
    known = lru_cache(maxsize=4096)(change)

    @wraps(change)
    def changed(text: str) -> str:
        return known(text) if len(text) <= SHORT else change(text)

    return changed


@remembered
def fold(text: str) -> str:
    """What two wordings of one heading, name or code share: case, spaces, Thai digits and typing habits dropped."""
    bare_text = clean_text(NO_DIFFERENCE.sub("", text))
    return bare_text.translate(THAI_DIGITS).casefold().replace("เเ", "แ")


def _words(words: Mapping[str, bool | str]) -> dict[str, bool | str]:
    return {fold(word): value for word, value in words.items()}


def _cleaned(text: str) -> str:
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        if ODD.search(text):
            text = SPLIT_AM.sub(r"\1ำ", SPACES.sub(" ", ZERO_WIDTH.sub("", text)))
        if MISPLACED.search(text):
            text = _marks_in_order(text)
    return text.strip()


@remembered
def clean_text(text: str) -> str:
    """NFC, ำ in one piece, Thai marks in order and once, no zero-width or no-break spaces, no outer spaces.

    Never NFKC: it splits ำ.
    """
    return _cleaned(text)


def _marks_in_order(text: str) -> str:
    ordered = SPLIT_AM.sub(r"\1ำ", MARKS.sub(_run_in_order, AM_BEFORE_TONE.sub(r"\1ำ", text)))
    ordered = unicodedata.normalize("NFC", ordered)
    # What one step brought together is for the next one.
    return text if ordered == text else _marks_in_order(ordered)


def _run_in_order(run: re.Match[str]) -> str:
    ordered = sorted(run[0], key=lambda mark: 2 if mark in LAST_MARKS else int(mark in TONES))
    return "".join(mark for mark, _ in groupby(ordered))


def visible(text: str) -> str:
    """A text with what nobody sees in it named, as where a finding says what was dropped: ⟨U+200B⟩; ␣ outer space."""
    return UNSEEN.sub(lambda found: "".join(map(_named, found[0])), text)


def _named(letter: str) -> str:
    return "␣" if letter == " " else f"⟨U+{ord(letter):04X}⟩"


MET_WORDS: Final = _words(
    dict.fromkeys((*_YES, layout.MET[True]), True) | dict.fromkeys((*_NO, layout.MET[False]), False)
)
ACCEPTED_WORDS: Final = _words(
    dict.fromkeys((*_YES, layout.ACCEPTED[True], "appropriate", "accepted"), True)
    | dict.fromkeys((*_NO, layout.ACCEPTED[False], "not appropriate", "not accepted"), False)
)
DIRECTION_WORDS: Final = _words(
    {word: value for value, word in layout.DIRECTIONS.items()}
    | {"higher": "higher", "higher is better": "higher", "มาก": "higher"}
    | {"lower": "lower", "lower is better": "lower", "น้อย": "lower"}
)
METHOD_WORDS: Final = _words(
    {word: value for value, word in layout.METHODS.items()}
    | {"bands": "bands", "percent bands": "bands", "interval": "interval"}
)
TYPE_WORDS: Final = _words(
    {word: word for word in layout.AGENCY_TYPES}
    | dict(
        zip(
            (
                "department",
                "province",
                "public organisation",
                "state enterprise",
                "higher education institution",
                "local administrative organisation",
                "other",
            ),
            layout.AGENCY_TYPES,
            strict=True,
        )
    )
    | {"public organization": layout.AGENCY_TYPES[2], "local administrative organization": layout.AGENCY_TYPES[5]}
)


def source_words() -> dict[str, bool | str]:
    """What people write into the cell of who fills in the form -> the source."""
    said = {word: source.id for source in SOURCES.values() for word in source.said}
    return _words({word: source for source, word in layout.source_words().items()} | said)


def shown(cell: Cell, date1904: bool = False) -> str:
    """The text that a person sees in a cell."""
    if isinstance(cell, str):
        return cell
    kind, raw = cell[0], cell[1]
    if kind == "n":
        return _number_text(raw)
    if kind == "p":
        return f"{_shifted(raw, 2)}%" if PLAIN.fullmatch(raw) else raw
    if kind[0] == "k":
        return _shifted(raw, -THOUSAND * len(kind)) if PLAIN.fullmatch(raw) else raw
    if kind == "d":
        return _date_text(raw, date1904)
    if kind == "b":
        return "TRUE" if raw == "1" else "FALSE"
    return f"={cell[2]}" if kind == "f" else raw


def text_value(cell: Cell, date1904: bool = False) -> tuple[str | None, str | None]:
    """A cell of free text; None where it is blank. Numbers and dates become the text that a person sees."""
    if isinstance(cell, str):
        cleaned = _cleaned(cell)  # not remembered: what an agency writes is in no other form
        return cleaned or None, None if cleaned == cell or not cleaned else "text_cleaned"
    if code := UNREADABLE.get(cell[0]):
        return None, code
    cleaned = clean_text(shown(cell, date1904))
    return cleaned or None, "date_in_text" if cell[0] == "d" else None


def choice_value(cell: Cell, words: Mapping[str, bool | str]) -> tuple[bool | str | None, str | None]:
    """One of a list's words; (None, "unreadable") where it is none of them, and the caller knows the list.

    None where it is blank, with a note where it holds a mark that says nothing, such as "*".
    """
    if isinstance(cell, str):
        text, key = cell, fold(cell)
    elif code := UNREADABLE.get(cell[0]):
        return None, code
    else:
        text = shown(cell)
        key = fold(text)
    if not key:
        return None, "mark_for_blank" if clean_text(text) else None
    value = words.get(key)
    return value, "unreadable" if value is None else None


def number_value(cell: Cell, percent: bool) -> tuple[float | None, str | None]:
    """A number, or None where the cell is blank.

    percent: whether the unit is percent; only then do "85%" and 0.85 shown as 85% read, as 85.
    """
    if isinstance(cell, str):
        return _number_of_text(cell, percent)
    kind, raw = cell[0], cell[1]
    if kind == "s":
        return _number_of_text(raw, percent)
    if kind == "n" or kind[0] == "k":
        return _bounded(raw, None)
    if kind == "p":
        if not percent:
            return None, "percent_without_unit"
        return _bounded(_shifted(raw, 2), "number_corrected") if PLAIN.fullmatch(raw) else (None, "not_a_number")
    if kind == "d":
        return None, "date_for_number"
    return None, UNREADABLE.get(kind, "not_a_number")


def fiscal_year_value(cell: Cell) -> tuple[int | None, str | None]:
    """A fiscal year, พ.ศ.; a year in ค.ศ. is converted, with a warning."""
    if not isinstance(cell, str) and (code := UNREADABLE.get(cell[0])):
        return None, code
    if not isinstance(cell, str) and cell[0] not in ("n", "s"):
        return None, "bad_fiscal_year"
    text = shown(cell)
    match = YEAR.fullmatch(clean_text(text).translate(THAI_DIGITS))
    if not match:
        return None, "bad_fiscal_year"
    year = int(match["year"])
    era = fold(match["era"] or "").replace(".", "")
    if FIRST_YEAR <= year <= LAST_YEAR and era in ("", "พศ", "be"):
        return year, None if text == match["year"] else "text_cleaned"
    if FIRST_YEAR <= year + BUDDHIST_ERA <= LAST_YEAR and era in ("", "คศ", "ad", "ce"):
        return year + BUDDHIST_ERA, "year_converted"
    return None, "bad_fiscal_year"


def agency_code_value(cell: Cell) -> tuple[str | None, str | None]:
    """An agency's code: letters and digits, with . / - between them."""
    if not isinstance(cell, str) and cell[0] not in ("s", "n"):
        return None, UNREADABLE.get(cell[0], "bad_agency_code")
    text = shown(cell)
    code = clean_text(text).translate(THAI_DIGITS)
    if not code:
        return None, None
    if not AGENCY_CODE.fullmatch(code):
        return None, "bad_agency_code"
    if not isinstance(cell, str) and cell[0] == "n":
        return code, "code_from_number"
    return code, None if code == text else "text_cleaned"


def look_of(code: str) -> str:
    """What an agency's code looks like to a reader: codes of one look are hardly two agencies.

    Case, full-width forms, invisible signs and letters that are drawn alike (the A of Latin and of Cyrillic, I and l)
    make no difference; digits, the order of the signs and the dashes between them do.
    """
    return unicodedata.normalize("NFKC", clean_text(code)).translate(THAI_DIGITS).casefold().translate(DRAWN_ALIKE)


def is_percent(unit: str | None) -> bool:
    """Whether a unit is percent."""
    return unit is not None and PERCENT.search(unit) is not None


def is_reference(evidence: str) -> bool:
    """Whether evidence says anything: "-" and "..." do not, nor do words that only say that there is none."""
    # No words that say so have a digit; most evidence has one, of a number or a date.
    return DIGIT.search(evidence) is not None or any(
        LETTER_OR_DIGIT.search(line) and bare(line) not in NO_EVIDENCE for line in evidence.splitlines()
    )


def bare(text: str) -> str:
    """A text without what people put around and between words: what two ways of saying nothing share."""
    return fold(text).translate(_BARE)


class _WithoutSigns(dict[int, int | None]):
    """A table for str.translate that drops punctuation, symbols, spaces and what is no letter."""

    def __missing__(self, letter: int) -> int | None:
        kept = None if unicodedata.category(chr(letter))[0] in "PSZC" else letter
        if letter < LAST_KEPT:
            self[letter] = kept
        return kept


LAST_KEPT: Final = 0x3000  # letters below it are looked up once
_BARE: Final = _WithoutSigns()
NO_EVIDENCE: Final = frozenset(bare(words) for words in layout.NO_EVIDENCE)
UNREADABLE: Final = {"e": "error_value", "f": "formula_without_value"}  # kind of cell -> finding


def _number_of_text(text: str, percent: bool) -> tuple[float | None, str | None]:
    cleaned = clean_text(text)
    if not cleaned:
        return None, None
    bare = cleaned.translate(THAI_DIGITS).translate(MINUS_SIGNS).replace("％", "%")
    if bare.endswith("%"):
        bare = bare[:-1].rstrip()
        if not percent:
            return None, "percent_without_unit" if PLAIN.fullmatch(bare) or GROUPED.fullmatch(bare) else "not_a_number"
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(bare):
        return None, "decimal_comma"
    # 12E3 may be 12000, and may be the code of a building; of 85. the end may be lost.
    return _bounded(bare, None if bare == text and SIMPLE.fullmatch(bare) else "number_corrected")


def _bounded(raw: str, code: str | None) -> tuple[float | None, str | None]:
    if not PLAIN.fullmatch(raw):
        return None, "not_a_number"
    number = float(raw)
    if not abs(number) < NUMBER_LIMIT:
        return None, "number_out_of_range"
    return number + 0.0, code  # -0.0 is 0


def _shifted(raw: str, places: int) -> str:
    # In decimal: 0.07 * 100 is not 7 in binary.
    return _number_text(str(Decimal(raw).scaleb(places)))


def _number_text(raw: str) -> str:
    """A stored number as people would type it: 85 for 85.0, 0.3 for 0.30000000000000004."""
    if not PLAIN.fullmatch(raw):
        return raw
    number = float(raw)
    if not abs(number) < NUMBER_LIMIT:
        return raw
    return str(int(number)) if number == int(number) else f"{number:.15g}"


def _date_text(raw: str, date1904: bool) -> str:
    if not PLAIN.fullmatch(raw):
        return raw  # an ISO date already
    start = dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 30)
    try:
        return (start + dt.timedelta(days=int(float(raw)))).isoformat()
    except (OverflowError, ValueError):
        return raw
