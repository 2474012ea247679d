"""Reader's notes: sentences below a chart, made by rule from the same scores."""

from __future__ import annotations

import math
from collections import Counter
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
    everyone, known, partly = set(), set(), set()
    scored_of, below_of = Counter[str](), Counter[str]()
    columns = (rows[name].tolist() for name in ("agency_code", "scope", "score", "coverage", "level"))
    for agency, scope, score, coverage, level in zip(*columns, strict=True):
        everyone.add(agency)
        if coverage < 1:
            partly.add(agency)
        if not math.isnan(score):
            known.add(agency)
            scored_of[scope] += 1
            below_of[scope] += level == BELOW
    most = sorted((scope for scope in wanted if below_of[scope]), key=lambda scope: -below_of[scope])[:MOST_SCOPES]
    first_level = t.pick(framework.levels[0].name)
    notes = [
        t(
            "charts.note_below",
            below=below_of[scope],
            n=scored_of[scope],
            level=first_level,
            scope=scope_label(framework, kind, scope, t),
        )
        for scope in most
    ]
    silent = everyone - known
    partly -= silent
    if partly:
        notes.append(t("charts.note_incomplete", agencies=len(partly), n=len(everyone)))
    if silent:
        notes.append(t("charts.note_silent", agencies=len(silent), n=len(everyone)))
    return tuple(notes)
