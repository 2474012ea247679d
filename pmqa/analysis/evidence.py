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

# What is counted of the evidence of submissions, as EVIDENCE_QUALITY has it; of those alone that say anything.
CITED: Final = Table(
    "cited",
    {
        name: EVIDENCE_QUALITY.columns[name]
        for name in ("submission", "met", "evidenced", "classified", "open", "document_named", "year_in_period")
    },
    key=("submission",),
)


def evidence_quality(cited: pd.DataFrame, submissions: pd.DataFrame, reused: pd.DataFrame) -> pd.DataFrame:
    """CITED with their SUBMISSIONS to EVIDENCE_QUALITY, one row a submission, in their order.

    reused: REUSED_TEXTS of the evidence of the whole year, so that copying from an agency outside this selection is
    seen as well.
    """
    whose = submissions[["submission", "agency_code", "fiscal_year"]].astype({"submission": "str"})
    place = pd.Index(cited["submission"]).get_indexer(whose["submission"])
    # Who says nothing at all has nothing that could be counted.
    counts = {name: np.append(cited[name].to_numpy(dtype=np.int64), 0)[place] for name in list(CITED.columns)[1:]}
    found = whose.assign(**counts, **_again(reused, pd.Index(whose["submission"])))
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


def _again(reused: pd.DataFrame, submissions: pd.Index[str]) -> dict[str, npt.NDArray[np.int64]]:
    """How many texts of each submission stand again in it, and at another agency: the same, and alike."""
    owner = reused["submission"].astype("category").cat
    code = owner.codes.to_numpy().astype(np.int64)
    place = submissions.get_indexer(owner.categories)[code]
    counts = reused["open"].to_numpy(dtype=np.bool_) & (place >= 0)
    found = {}
    same, group = (reused[name].to_numpy(dtype=np.int64) for name in ("same", "group"))
    agencies = {"reused": (same, kinds(same, code)[same]), "alike": (group, reused["agencies"].to_numpy())}
    for name, (number, others) in agencies.items():
        pair, _ = pd.factorize(number * (code.max(initial=0) + 1) + code)
        times = np.bincount(pair)
        for end, which in (("within", times[pair] > 1), ("between", others > 1)):
            found[f"{name}_{end}"] = np.bincount(place[which & counts], minlength=len(submissions))
    return found
