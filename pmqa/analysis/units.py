"""Units and names of measures as agencies write them, brought to one spelling so that they can be compared."""

from __future__ import annotations

import unicodedata
from typing import Final

import pandas as pd

from pmqa.framework import Framework

PERCENT: Final = "percent"
PERCENT_WORDS: Final = frozenset({"ร้อยละ", "%", "percent", "per cent", "pct", "เปอร์เซ็นต์", "เปอร์เซนต์", PERCENT})


def plain(text: str) -> str:
    """A text in one spelling: NFC, one space between words, small letters."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def units_of(measures: pd.DataFrame, framework: Framework) -> pd.Series[str]:
    """The unit of each of MEASURES in one spelling; what was left blank is the indicator's own unit."""
    usual = {indicator.id: indicator.unit["th"] for indicator in framework.indicators}
    written = measures["unit"].astype("object").where(measures["unit"].notna(), None)
    names = {unit: plain(unit) for unit in {*written.dropna(), *usual.values()}}
    given = [unit or usual[indicator] for unit, indicator in zip(written, measures["indicator"], strict=True)]
    spelled = [PERCENT if names[unit] in PERCENT_WORDS else names[unit] for unit in given]
    return pd.Series(spelled, index=measures.index, dtype="str")
