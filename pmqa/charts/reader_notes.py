"""Reader's notes: sentences below a chart, made by rule from the same scores."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pmqa.charts.chart_points import scope_label
from pmqa.framework import BELOW, Framework
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
    scored_of = known["scope"].value_counts()
    below_of = known.loc[known["level"] == BELOW, "scope"].value_counts()
    below = [scope for scope in wanted if below_of.get(scope, 0)]
    most = sorted(below, key=lambda scope: -below_of[scope])[:MOST_SCOPES]
    first_level = t.pick(framework.levels[0].name)
    notes = [
        t(
            "charts.note_below",
            below=int(below_of[scope]),
            n=int(scored_of[scope]),
            level=first_level,
            scope=scope_label(framework, kind, scope, t),
        )
        for scope in most
    ]
    everyone = rows["agency_code"].nunique()
    silent = everyone - known["agency_code"].nunique()
    partly = rows.loc[(rows["coverage"] < 1) & rows["agency_code"].isin(known["agency_code"]), "agency_code"].nunique()
    if partly:
        notes.append(t("charts.note_incomplete", agencies=partly, n=everyone))
    if silent:
        notes.append(t("charts.note_silent", agencies=silent, n=everyone))
    return tuple(notes)
