"""What a download says about itself: its stamp, its file name, and text that is safe in any of them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from pmqa.charts.words import ELLIPSIS, LEADING_VOWELS, TRAILING_SIGNS, clusters
from pmqa.text import DEFAULT_LANGUAGE, translator

SEPARATOR: Final = " · "
LONGEST_NAME: Final = 180  # bytes of UTF-8, so that name, counter and suffix stay below the 255 of file systems

# Characters that XML 1.0 forbids and lone surrogates: neither xlsx, pptx, svg nor UTF-8 can hold them.
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet program reads such text as a formula, also behind blanks, and full-width signs after it converts them.
FORMULA_LIKE: Final = re.compile(r"'*[\t\r\n]|[\s\u00a0\u200b-\u200f\u2060\ufeff']*[=+\-@＝＋－＠]")
FORBIDDEN_IN_NAMES: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069]'
)
RESERVED_NAMES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


@dataclass(frozen=True)
class Stamp:
    """What every download carries, already worded in its language.

    fiscal_year: as `t.year()` words it; several years in one string. n: agencies in the view; None where that means
    nothing. filters: "" = none. data_version: the store's. made_on: Bangkok's date; a part of the input, so that
    the same view on the same day gives the same bytes. sample: whether there are fictitious agencies among the data.
    """

    title: str
    basis: str
    fiscal_year: str
    edition: str
    n: int | None
    filters: str
    data_version: str
    made_on: dt.date
    language: str = DEFAULT_LANGUAGE
    sample: bool = False

    @property
    def moment(self) -> dt.datetime:
        """The time that file formats are given as their creation: midnight of made_on."""
        return dt.datetime(self.made_on.year, self.made_on.month, self.made_on.day)

    def basis_line(self) -> str:
        """Basis, fiscal year, edition and n, as far as there are any."""
        return basis_line(self.basis, self.fiscal_year, self.edition, self.n, self.language)

    def filters_line(self) -> str:
        """The filters, or that there are none."""
        t = translator(self.language)
        return t("exports.filters", filters=self.filters) if self.filters else t("exports.unfiltered")

    def origin_line(self, *, shown: bool = False) -> str:
        """Whether the data are samples, their version, and the date. shown: to an audience, without the digest that
        tells versions of databases apart."""
        t = translator(self.language)
        number = self.data_version.partition("-")[0] if shown else self.data_version
        version = number and t("exports.data_version", version=number)
        parts = (t("exports.sample") if self.sample else "", version, t("exports.made_on", date=t.date(self.made_on)))
        return SEPARATOR.join(part for part in parts if part)

    def lines(self) -> tuple[str, str, str]:
        """What stands below the title."""
        return self.basis_line(), self.filters_line(), self.origin_line()


def basis_line(basis: str, fiscal_year: str, edition: str, n: int | None, language: str) -> str:
    """ "Basis: evidenced · Fiscal year 2569 (2026) · Edition: PMQA 4.0 · n = 24 agencies"; blanks left out."""
    t = translator(language)
    parts = [
        basis and t("exports.basis", basis=basis),
        fiscal_year and t("exports.fiscal_year", year=fiscal_year),
        edition and t("exports.edition", edition=edition),
        "" if n is None else t("exports.agencies", n=n),
    ]
    return SEPARATOR.join(part for part in parts if part)


def metadata(stamp: Stamp) -> dict[str, object]:
    """The stamp for JSON; made_on as YYYY-MM-DD."""
    return asdict(stamp) | {"made_on": stamp.made_on.isoformat()}


def file_name(parts: Iterable[object], suffix: str = "") -> str:
    """A speaking name that every file system takes, Thai kept: `pmqa_เปรียบเทียบ_2569.xlsx`.

    Blank parts are left out; what a file system forbids becomes "-", blanks "_"; at most LONGEST_NAME bytes before
    the suffix: the middle of the longest part gives way to "…", between whole letters, since what tells names apart
    stands at their ends. suffix: with or without its dot.
    """
    cleaned = (
        FORBIDDEN_IN_NAMES.sub("-", unicodedata.normalize("NFC", str(part))) for part in parts if part is not None
    )
    words = [re.sub(r"-*\s+", "_", word.strip()) for word in cleaned if word.strip()]
    while (over := _bytes("_".join(words)) - LONGEST_NAME) > 0:
        longest = max(range(len(words)), key=lambda place: _bytes(words[place]))
        words[longest] = _without_middle(words[longest], over)
        words = [word for word in words if word]
    name = "_".join(words)
    while name and unicodedata.category(name[0]) == "Mn":
        name = name[1:]
    name = name.strip("._- ") or "pmqa"
    if RESERVED_NAMES.match(name):
        name = f"pmqa_{name}"
    return f"{name}.{suffix.lstrip('.')}" if suffix else name


def _bytes(text: str) -> int:
    return len(text.encode())


def _without_middle(text: str, over: int) -> str:
    """The text shorter by at least `over` bytes, as far as it goes: whole letters with their vowels and tone marks."""
    letters = clusters(text)
    head, tail = letters[: -(-len(letters) // 2)], letters[-(-len(letters) // 2) :]
    free = over + _bytes(ELLIPSIS)
    while free > 0 and (head or tail):
        side = head if _bytes("".join(head)) >= _bytes("".join(tail)) else tail
        free -= _bytes(side.pop(-1 if side is head else 0))
    while head and head[-1] in LEADING_VOWELS:
        head.pop()
    while tail and tail[0][0] in TRAILING_SIGNS:
        tail.pop(0)
    return "".join([*head, ELLIPSIS, *tail]) if head or tail else ""


def clean_text(text: str) -> str:
    """The text with every character that no file format holds replaced by U+FFFD."""
    return UNPRINTABLE.sub("\ufffd", text)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return FORMULA_LIKE.match(text) is not None
