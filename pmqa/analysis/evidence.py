"""How good the evidence is, beside the score and never in it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.reuse import kinds
from pmqa.tables import Table

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

Flags = npt.NDArray[np.bool_]


def evidence_quality(texts: pd.DataFrame, submissions: pd.DataFrame, reused: pd.DataFrame) -> pd.DataFrame:
    """TEXTS of evidence with their SUBMISSIONS to EVIDENCE_QUALITY, one row a submission, in their order.

    texts: of the whole year, so that copying from an agency outside this selection is seen as well; reused:
    REUSED_TEXTS of them.
    """
    owner = texts["submission"].astype("category")
    whose = submissions[["submission", "agency_code", "fiscal_year"]].astype({"submission": "str"})
    place = pd.Index(whose["submission"]).get_indexer(owner.cat.categories)[owner.cat.codes.to_numpy()]

    def counted(which: Flags) -> npt.NDArray[np.int64]:
        return np.bincount(place[which & (place >= 0)], minlength=len(whose))

    met = _true(texts["met"])
    evidenced = met & _true(texts["evidenced"])
    readable = evidenced & ~_true(texts["classified"])
    counts = {
        "met": counted(met),
        "evidenced": counted(evidenced),
        "classified": counted(evidenced & ~readable),
        "open": counted(readable),
        **{name: counted(readable & _true(texts[name])) for name in ("document_named", "year_in_period")},
        **{name: counted(readable & which) for name, which in _again(reused, len(texts)).items()},
    }
    found = whose.assign(**counts)
    some, open_ = (found[name].where(found[name] > 0) for name in ("met", "open"))
    return EVIDENCE_QUALITY.conform(
        found.assign(
            share_evidenced=found["evidenced"] / some,
            share_document=found["document_named"] / open_,
            share_year=found["year_in_period"] / open_,
            share_within=found["reused_within"] / open_,
            share_between=found["reused_between"] / open_,
        )
    )


def _true(column: pd.Series[bool]) -> Flags:
    found: Flags = column.to_numpy(dtype=np.bool_)
    return found


def _again(reused: pd.DataFrame, length: int) -> dict[str, Flags]:
    """Whether each text stands again in its own submission, and at another agency: the same, and alike."""
    row = reused["row"].to_numpy(dtype=np.int64)
    owner = reused["submission"].astype("category").cat.codes.to_numpy().astype(np.int64)
    found = {}
    for name, group in (("reused", "same"), ("alike", "group")):
        number = reused[group].to_numpy(dtype=np.int64)
        pair, _ = pd.factorize(number * (owner.max(initial=0) + 1) + owner)
        times = np.bincount(pair)
        for end, which in (("within", times[pair] > 1), ("between", kinds(number, owner)[number] > 1)):
            found[f"{name}_{end}"] = np.zeros(length, dtype=np.bool_)
            found[f"{name}_{end}"][row] = which
    return found
