"""Units of measures as agencies write them, brought to one spelling, and converted where that can be done exactly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.tables import text_of
from pmqa.text import DEFAULT_LANGUAGE

PERCENT: Final = "percent"
PERCENT_WORDS: Final = frozenset({"ร้อยละ", "%", "percent", "per cent", "pct", "เปอร์เซ็นต์", "เปอร์เซนต์", PERCENT})
SHARE_WORDS: Final = frozenset({"สัดส่วน", "ทศนิยม", "fraction", "proportion", "share"})  # 0..1

# What is measured -> its units: word -> how many of the smallest one it is. Months are of no fixed number of days, so
# they stand apart; a working day is of no fixed number of hours and is not understood at all.
MONEY: Final = {"บาท": 1, "baht": 1, "thb": 1}
TIME: Final = {
    **dict.fromkeys(("วินาที", "second", "seconds", "sec"), 1),
    **dict.fromkeys(("นาที", "minute", "minutes", "min"), 60),
    **dict.fromkeys(("ชั่วโมง", "ชม.", "ชม", "hour", "hours", "hr", "hrs"), 3600),
    **dict.fromkeys(("วัน", "day", "days"), 86_400),
    **dict.fromkeys(("สัปดาห์", "week", "weeks"), 604_800),
}
MONTHS: Final = {
    **dict.fromkeys(("เดือน", "month", "months"), 1),
    **dict.fromkeys(("ปี", "year", "years"), 12),
}
KINDS: Final = {"money": MONEY, "time": TIME, "months": MONTHS}
# Things that are counted: each is a kind of its own, with a multiple in front or not.
COUNTED: Final = frozenset(
    {"คน", "ราย", "เรื่อง", "ครั้ง", "แห่ง", "ชิ้น", "ฉบับ", "โครงการ", "หน่วยงาน", "รางวัล", "ระบบ"}
    | {"ตัน", "กิโลกรัม", "ลิตร", "หน่วย", "ไร่", "ครัวเรือน", "ข้อ"}
    | {"persons", "people", "cases", "times", "places", "projects", "awards", "tons"}
)
MULTIPLES: Final = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
ENGLISH_MULTIPLES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
IN_BRACKETS: Final = re.compile(r"\s*\(([^)]*)\)")  # says what is counted, not in what
# Unless it says in what after all: "บาท (ล้าน)", "วัน (ทำการ)", "บาท (ต่อปี)". Then the unit is not understood.
SAYS_HOW_MUCH: Final = re.compile(r"สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน|ทำการ|ต่อ|\d|/|hundred|thousand|million|billion|working|per ")


@dataclass(frozen=True)
class Unit:
    """A unit as it is understood.

    kind: units of one kind can be converted into each other; of a unit that is not known, its own spelling.
    size: in the smallest unit of the kind. known: whether the kind is one of this module's.
    """

    kind: str
    size: Fraction
    known: bool


def plain(text: str) -> str:
    """A text in one spelling: NFC, one space between words, small letters."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def unit_of(text: str) -> Unit:
    """What a unit as somebody wrote it means; of what is not understood, its own spelling."""
    spelled = plain(text)
    remarks, outside = IN_BRACKETS.findall(spelled), plain(IN_BRACKETS.sub("", spelled))
    if any(plain(remark) in PERCENT_WORDS for remark in remarks):
        counted = unit_of(outside)  # "บาท (ร้อยละ)": of something with a unit of its own it is not clear which holds
        contradicted = counted.known and counted.kind != PERCENT
        return Unit(spelled, Fraction(1), False) if contradicted else Unit(PERCENT, Fraction(1), True)
    if not any(SAYS_HOW_MUCH.search(remark) for remark in remarks):
        spelled = outside or spelled
    if spelled in PERCENT_WORDS:
        return Unit(PERCENT, Fraction(1), True)
    if spelled in SHARE_WORDS:
        return Unit(PERCENT, Fraction(100), True)
    multiple, word = _multiple(spelled)
    for kind, sizes in KINDS.items():
        if word in sizes:
            return Unit(kind, Fraction(multiple * sizes[word]), True)
    if word in COUNTED:
        return Unit(word, Fraction(multiple), True)
    return Unit(spelled, Fraction(1), False)


def converted(value: float, unit: Unit, into: Unit) -> float:
    """A value in another unit of the same kind, exactly but for one rounding. Raises ValueError for another kind."""
    if unit.kind != into.kind:
        raise ValueError(f"{unit.kind} cannot be converted into {into.kind}")
    ratio = unit.size / into.size
    return value * ratio.numerator / ratio.denominator


def written_units(measures: pd.DataFrame, framework: Framework) -> pd.Series[str]:
    """The unit of each of MEASURES as it was written; what was left blank is the indicator's own unit."""
    usual = {indicator.id: indicator.unit[DEFAULT_LANGUAGE] for indicator in framework.indicators}
    written = text_of(measures["unit"])
    blank = written.isna() | (written == "")
    written[blank] = text_of(measures.loc[blank, "indicator"]).map(usual).astype("str")
    return written


def units_of(measures: pd.DataFrame, framework: Framework) -> pd.Series[str]:
    """The unit of each of MEASURES in one spelling; what was left blank is the indicator's own unit."""
    written = written_units(measures, framework)
    codes, texts = pd.factorize(written)
    units = map(unit_of, texts)
    spelled = [unit.kind if unit.size == 1 else f"{unit.size} {unit.kind}" for unit in units]
    return pd.Series(pd.array(spelled, dtype="str").take(codes), index=written.index)


def _multiple(spelled: str) -> tuple[int, str]:
    """A multiple in front of a unit and the unit: "พันล้านบาท" is 1,000,000,000 and บาท."""
    first, _, rest = spelled.partition(" ")
    if first in ENGLISH_MULTIPLES and rest:
        return ENGLISH_MULTIPLES[first], rest
    multiple, word = 1, spelled
    while found := next((name for name in MULTIPLES if word.startswith(name) and word != name), None):
        multiple, word = multiple * MULTIPLES[found], word.removeprefix(found).strip()
    known = word in COUNTED or any(word in sizes for sizes in KINDS.values())
    return (multiple, word) if known else (1, spelled)
