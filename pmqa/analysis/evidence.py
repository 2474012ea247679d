"""How good the evidence is, beside the score and never in it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pandas as pd

from pmqa.analysis.reuse import REUSED_TEXTS, THAI_DIGIT, THAI_DIGITS, normalised
from pmqa.submission import CLASSIFIED
from pmqa.tables import Table
from pmqa.text import BUDDHIST_ERA

EVIDENCE_QUALITY: Final = Table(
    "evidence_quality",
    {
        "submission": "text",
        "agency_code": "text",
        "fiscal_year": "int",
        "met": "int",  # criteria answered มี
        "evidenced": "int",  # of them, with an evidence reference
        "classified": "int",  # of these, kept at the agency; not counted below
        "open": "int",  # the others: what can be read
        "document_named": "int",  # of the open ones
        "year_in_period": "int",  # names the assessed year or one of the two before it
        "reused_within": "int",  # the same text under another criterion of this submission
        "reused_between": "int",  # the same text at another agency
        "alike_within": "int",  # the same or a like text, likewise
        "alike_between": "int",
        "share_evidenced": "float?",  # of met; blank where nothing is met
        "share_document": "float?",  # of open; blank where nothing is open, as the next three
        "share_year": "float?",
        "share_within": "float?",
        "share_between": "float?",
    },
    key=("submission",),
)

REUSE: Final = ("reused_within", "reused_between", "alike_within", "alike_between")
YEARS: Final = 3  # the assessed one and the two before it, as in category 7
YEAR: Final = re.compile(r"(?<!\d)(?:19|20|24|25|26)\d\d(?!\d)")
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


def evidence_quality(
    answers: pd.DataFrame, submissions: pd.DataFrame, reused: pd.DataFrame | None = None
) -> pd.DataFrame:
    """ANSWERS with their SUBMISSIONS to EVIDENCE_QUALITY, one row a submission, in their order.

    reused: REUSED_TEXTS of the evidence of the whole year, so that copying from an agency outside this selection is
    seen as well; None = nothing is known to be reused.
    """
    whose = submissions[["submission", "agency_code", "fiscal_year"]].astype(
        {"submission": "str", "agency_code": "str"}
    )
    rows = answers[["submission", "criterion", "met", "evidence"]].astype({"submission": "str", "criterion": "str"})
    said = rows["met"].astype("boolean")
    rows = rows[said.where(said.notna(), False).astype("bool")].merge(whose, on="submission")
    has = rows["evidence"].notna()
    distinct = rows.loc[has, "evidence"].drop_duplicates()
    texts = distinct.tolist()
    facts = pd.DataFrame(
        {
            "evidence": distinct.array,
            "classified": [is_classified(text) for text in texts],
            "document_named": [names_document(text) for text in texts],
            "years": [years_named(text) for text in texts],
        }
    )
    rows = rows[has].merge(facts, on="evidence").merge(_reuse(reused), on=["submission", "criterion"], how="left")
    known = ~rows["classified"].astype("bool")
    period = [
        any(year - YEARS < named <= year for named in years)
        for years, year in zip(rows["years"], rows["fiscal_year"], strict=True)
    ]
    counted = pd.DataFrame(
        {
            "submission": rows["submission"],
            "evidenced": 1,
            "classified": (~known).astype("int64"),
            "open": known.astype("int64"),
            "document_named": (known & rows["document_named"].astype("bool")).astype("int64"),
            "year_in_period": (known & pd.Series(period, index=rows.index, dtype="bool")).astype("int64"),
            **{name: (known & rows[name].eq(True)).astype("int64") for name in REUSE},
        }
    )
    met = said.groupby(answers["submission"].astype("str").to_numpy()).sum().rename("met")
    found = whose.merge(met, left_on="submission", right_index=True, how="left")
    found = found.merge(counted.groupby("submission").sum(), left_on="submission", right_index=True, how="left")
    # A count of nothing is a true zero.
    counts = ["met", *counted.columns[1:]]
    found[counts] = found[counts].where(found[counts].notna(), 0).astype("int64")
    some, readable = found["met"].where(found["met"] > 0), found["open"].where(found["open"] > 0)
    return EVIDENCE_QUALITY.conform(
        found.assign(
            share_evidenced=found["evidenced"] / some,
            share_document=found["document_named"] / readable,
            share_year=found["year_in_period"] / readable,
            share_within=found["reused_within"] / readable,
            share_between=found["reused_between"] / readable,
        )
    )


def _reuse(reused: pd.DataFrame | None) -> pd.DataFrame:
    """Whether each reused text stands again in its own submission, and at another agency: the same, and alike."""
    rows = (REUSED_TEXTS.empty() if reused is None else reused).astype({"submission": "str", "criterion": "str"})
    found = rows[["submission", "criterion"]]
    for name, group in (("reused", "same"), ("alike", "group")):
        within = rows.groupby([group, "submission"])["criterion"].transform("size") > 1
        between = rows.groupby(group)["agency_code"].transform("nunique") > 1
        found = found.assign(**{f"{name}_within": within.astype("bool"), f"{name}_between": between.astype("bool")})
    return found
