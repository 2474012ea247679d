"""What of a text is compared and counted, taken down once, when it is recorded: pages then read numbers, no texts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.submission import CLASSIFIED
from pmqa.tables import Table
from pmqa.text import BUDDHIST_ERA

WORDINGS: Final = Table(
    "wordings",
    {
        "submission": "text",
        "criterion": "text",
        "number": "int",  # of the answer in its form: which texts come first decides which are compared
        "met": "bool",  # answered มี
        "evidence": "int",  # equal where the texts are the same but for spaces, signs and the script of digits
        "evidence_letters": "int",  # of the text without spaces and signs
        "explanation": "int",
        "explanation_letters": "int",
        "classified": "bool?",  # of the evidence, as what follows; blank = there is none
        "document_named": "bool?",
        "year_in_period": "bool?",  # names the assessed year or one of the two before it
    },
    key=("submission", "criterion"),
)
PARTS: Final = ("evidence", "explanation")  # columns of ANSWERS
VERSION: Final = "1"  # raised whenever anything below takes down something else: all is then taken down again

YEARS: Final = 3  # the assessed one and the two before it, as in category 7
YEAR: Final = re.compile(r"(?<!\d)(?:19|20|24|25|26)\d\d(?!\d)")
THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
THAI_DIGIT: Final = re.compile("[๐-๙]")
BETWEEN: Final = "\x1e"  # texts that are normalised together
# Letters, digits, and Thai vowels and tone marks, which are no letters to \w.
NO_LETTER: Final = re.compile(rf"[^\w\u0e00-\u0e7f{BETWEEN}]+|_+")


def all_normalised(texts: Sequence[str]) -> list[str]:
    """Of each text what its spellings share: NFC, small letters, Arabic digits, no spaces and signs."""
    if not texts:
        return []
    # All at once: half the time goes into the calls for each text otherwise.
    joined = BETWEEN.join(texts)
    if joined.count(BETWEEN) != len(texts) - 1:
        joined = BETWEEN.join(text.replace(BETWEEN, "") for text in texts)
    spelled = NO_LETTER.sub("", unicodedata.normalize("NFC", joined).casefold())
    # Looking for a Thai digit is many times cheaper than translating every text.
    return (spelled.translate(THAI_DIGITS) if THAI_DIGIT.search(spelled) else spelled).split(BETWEEN)


def normalised(text: str) -> str:
    """What two spellings of one text share."""
    return all_normalised([text])[0]


# The mark as people write it, whatever spaces and signs stand between its letters.
CLASSIFIED_MARK: Final = re.compile(r"(?:[^\w\u0e00-\u0e7f]|_)*".join(normalised(CLASSIFIED)))
# Kinds of documents and references by which somebody else could find the evidence again.
DOCUMENT: Final = re.compile(
    r"คำสั่ง|ประกาศ|ระเบียบ|ข้อบังคับ|มติ|รายงาน|บันทึก|หนังสือ|แผน|คู่มือ|แนวทาง|นโยบาย|โครงการ|แบบสำรวจ|แบบประเมิน|ทะเบียน|สัญญา|ข้อตกลง"
    r"|เว็บไซต์|ระบบสารสนเทศ|ภาพถ่าย|วาระ|หลักสูตร|สถิติ|ฐานข้อมูล|https?://|www\.|\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png)\b"
    r"|\bเลขที่|ที่\s*\S*\d+\s*/\s*\d{2,4}"
    r"|\b(?:order|report|minutes|memo|manual|policy|plan|regulation|announcement|survey|contract|register)\b",
    re.IGNORECASE,
)


def is_classified(text: str) -> bool:
    """Whether the reference is marked as classified evidence held at the agency."""
    return CLASSIFIED_MARK.search(unicodedata.normalize("NFC", text)) is not None


def names_document(text: str) -> bool:
    """Whether a document, file, register or address is named, by which the evidence can be found again."""
    return DOCUMENT.search(text) is not None


def years_named(text: str) -> frozenset[int]:
    """The years that a text names, พ.ศ.; Thai digits and ค.ศ. too."""
    # Looking for a Thai digit is many times cheaper than translating every text.
    found = (int(year) for year in YEAR.findall(text.translate(THAI_DIGITS) if THAI_DIGIT.search(text) else text))
    return frozenset(year if year >= 2400 else year + BUDDHIST_ERA for year in found)  # noqa: PLR2004  eras lie apart


def wordings_of(answers: pd.DataFrame, years: Mapping[str, int]) -> pd.DataFrame:
    """ANSWERS to WORDINGS of those that are met or say something. years: submission -> its fiscal year."""
    met = answers["met"].astype("boolean").fillna(value=False).to_numpy(dtype=np.bool_)
    told = {name: answers[name].notna().to_numpy() for name in PARTS}
    kept = met | told["evidence"] | told["explanation"]
    rows = answers[kept]
    taken = {name: pd.factorize(rows[name]) for name in PARTS}
    number = answers.groupby("submission", sort=False, observed=True).cumcount()
    columns: dict[str, object] = {
        **{name: rows[name] for name in ("submission", "criterion")},
        "number": number[kept],
        "met": met[kept],
    }
    for name, (place, distinct) in taken.items():
        spelled = all_normalised(distinct.tolist())
        # The last stands for a blank, whose place is -1.
        columns[name] = np.array([*map(number_of, spelled), 0], dtype=np.int64)[place]
        columns[f"{name}_letters"] = np.array([*map(len, spelled), 0], dtype=np.int64)[place]
    place, distinct = taken["evidence"]
    columns |= _marks(place, distinct.tolist(), [years[key] for key in rows["submission"].tolist()])
    return WORDINGS.conform(pd.DataFrame(columns), check_key=False)


def number_of(spelled: str) -> int:
    """A number for a normalised text: two of a billion texts have the same with a chance of one in forty."""
    return int.from_bytes(hashlib.blake2b(spelled.encode(), digest_size=8).digest(), "big", signed=True)


def _marks(place: npt.NDArray[np.intp], texts: Sequence[str], years: Sequence[int]) -> dict[str, object]:
    """What evidence is marked by, row by row; blank where there is none. place: of each row's text, -1 for none."""
    named = [years_named(text) for text in texts]
    period = [
        any(year - YEARS < each <= year for each in named[at]) if at >= 0 else None
        for at, year in zip(place.tolist(), years, strict=True)
    ]
    return {
        "classified": np.array([*map(is_classified, texts), None], dtype=object)[place],
        "document_named": np.array([*map(names_document, texts), None], dtype=object)[place],
        "year_in_period": pd.array(period, dtype="boolean"),
    }
