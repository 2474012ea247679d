"""Reader's notes: sentences below a chart, made by rule from the same scores."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pmqa.charts.points import BELOW, scope_label
from pmqa.framework import Framework
from pmqa.text import Translator

MOST_SCOPES = 3


def notes_of(
    scored: pd.DataFrame, framework: Framework, t: Translator, *, kind: str, scopes: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Sentences about SCORED of one basis and year over a kind's scopes.

    In order: the scopes with most agencies below the first level (at most three), agencies with incomplete answers,
    agencies without any score. Nothing to say gives no sentence.
    """
    wanted = list(scopes) if scopes is not None else list(framework.scopes(kind))
    rows = scored[(scored["kind"] == kind) & scored["scope"].isin(wanted)]
    known = rows[rows["score"].notna()]
    per_scope = known.assign(scope=known["scope"].astype("str"), low=known["level"] == BELOW)
    counts = per_scope.groupby("scope")["low"].agg(["sum", "size"]).reindex(wanted)
    counts = counts[counts["sum"] > 0].sort_values("sum", ascending=False, kind="stable").head(MOST_SCOPES)
    first_level = t.pick(framework.levels[0].name)
    notes = [
        t(
            "charts.note_below",
            below=int(count["sum"]),
            n=int(count["size"]),
            level=first_level,
            scope=scope_label(framework, kind, str(scope), t),
        )
        for scope, count in counts.to_dict("index").items()
    ]
    agencies = rows["agency_code"].astype("str")
    everyone = agencies.nunique()
    silent = set(agencies) - set(known["agency_code"].astype("str"))
    partly = set(agencies[rows["coverage"] < 1]) - silent
    if partly:
        notes.append(t("charts.note_incomplete", agencies=len(partly), n=everyone))
    if silent:
        notes.append(t("charts.note_silent", agencies=len(silent), n=everyone))
    return tuple(notes)
