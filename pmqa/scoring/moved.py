"""Scores that moved without anybody sending anything: from what to what, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from pmqa.scoring.score import RULES_VERSION
from pmqa.shown import rounded_each
from pmqa.sources import bases
from pmqa.tables import MOVED_SCORES

# What each version of the rules changed.
RULES: Final[Mapping[str, str]] = MappingProxyType({"2": "exact"})
# What moves scores: those, rules of a version that this product does not know, another version of the edition, words
# that are no evidence any more, anything else that is read differently. Each has its sentence in ui.toml.
CAUSES: Final = (*RULES.values(), "rules", "edition", "evidence", "reading")

KEY: Final = ("submission", "basis", "kind", "scope")
OF_SCOPE: Final = ["submission", "kind", "scope"]


def rules_since(version: str) -> str:
    """What changed between an earlier version of the rules and today's: causes, separated by a space."""
    if version == RULES_VERSION:
        return ""
    versions = ["1", *RULES]
    later = list(RULES.values())[versions.index(version) :] if version in versions else []
    return " ".join(later) or "rules"


def moved_scores(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """SCORES of submissions before and after to MOVED_SCORES without change and rule: what is shown differently.

    Of submissions that have scores both times; a scope that one of them lacks was blank then.
    """
    both = _by_key(before).add_suffix("_before").join(_by_key(after).add_suffix("_after"), how="outer")
    in_both = set(before["submission"].astype("str")) & set(after["submission"].astype("str"))
    both = both[both.index.get_level_values("submission").isin(in_both)]
    shown = [rounded_each(both[name]).to_numpy() for name in ("score_before", "score_after")]
    levels = [both[name].where(both[name].notna(), "") for name in ("level_before", "level_after")]
    same = (shown[0] == shown[1]) | (np.isnan(shown[0]) & np.isnan(shown[1]))
    found = both[~same | (levels[0] != levels[1]).to_numpy(dtype=np.bool_)].reset_index()
    return found.rename(columns={"score_before": "before", "score_after": "after"})


def _by_key(scores: pd.DataFrame) -> pd.DataFrame:
    plain = scores.astype(dict.fromkeys(KEY, "str") | {"level": "object"})
    return plain.set_index(list(KEY))[["score", "level"]]


def by_reading(moved: pd.DataFrame, without_evidence: Iterable[str]) -> pd.Series[Any]:
    """What moved each score of files that were read again.

    without_evidence: submissions of which evidence became blank. What moved there with evidence only, and not as
    claimed, moved by that.
    """
    with_evidence = moved["basis"].isin([basis.id for basis in bases().values() if basis.needs_evidence])
    claimed = set(moved.loc[~with_evidence, OF_SCOPE].itertuples(index=False, name=None))
    also_claimed = np.array([row in claimed for row in moved[OF_SCOPE].itertuples(index=False, name=None)], np.bool_)
    by_evidence = moved["submission"].isin(set(without_evidence)) & with_evidence & ~also_claimed
    return pd.Series(np.where(by_evidence, "evidence", "reading"), index=moved.index, dtype="str")


def as_moved(moved: pd.DataFrame, change: int, rule: pd.Series[Any]) -> pd.DataFrame:
    """MOVED_SCORES of one change of the audit."""
    return MOVED_SCORES.conform(moved.assign(change=change, rule=rule.to_numpy()), check_key=False)
