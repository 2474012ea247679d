"""Scores that moved without anybody sending anything, as the page Overview says it once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pmqa.views import data
from pmqa.views.cards import Card, Column, card, usual
from pmqa.views.view import View
from pmqa.views.words import basis_name


def moved(view: View) -> pd.DataFrame:
    """MOVED that the viewer has not put away; in a meeting, which hides whose scores they are, nothing."""
    found = data.moved(view.version, view.viewer)
    return found.head(0) if view.meeting else found


def causes(view: View, rows: pd.DataFrame) -> str:
    """What moved them, in words."""
    known = dict.fromkeys(cause for rule in rows["rule"].unique() for cause in str(rule).split())
    return ", ".join(view.t(f"moved.by.{cause}") for cause in known)


@card("overview.moved", closed="names", of_scores=False)
def table(view: View) -> Card:
    """Which scores moved, from what to what, by what."""
    t, rows = view.t, moved(view)
    views = {edition: replace(view, edition=edition) for edition in rows["edition"].unique()}
    names = {rule: causes(view, rows[rows["rule"] == rule]) for rule in rows["rule"].unique()}
    shown = rows.assign(
        year=[t.year(int(year)) for year in rows["fiscal_year"]],
        basis_name=[basis_name(basis, t) for basis in rows["basis"]],
        kind_name=[t("moved.measure" if kind == "measure" else f"ui.kind_{kind}") for kind in rows["kind"]],
        scope_name=[
            scope if kind == "measure" else views[edition].scope_name(kind, scope)
            for edition, kind, scope in zip(rows["edition"], rows["kind"], rows["scope"], strict=True)
        ],
        rule_name=rows["rule"].map(names),
        **{
            name: [
                views[edition].level_name(_or_none(level))
                for edition, level in zip(rows["edition"], rows[name], strict=True)
            ]
            for name in ("level_before", "level_after")
        },
    )
    columns = (
        Column("agency_code", t("ui.code")),
        *usual(t, "agency_name", "year"),
        Column("basis_name", t("ui.basis")),
        Column("kind_name", t("ui.scope")),
        Column("scope_name", t("moved.scope")),
        Column("before", t("moved.before"), "score"),
        Column("level_before", t("moved.level_before")),
        Column("after", t("moved.after"), "score"),
        Column("level_after", t("moved.level_after")),
        Column("rule_name", t("moved.rule"), "long"),
    )
    return Card(t("moved.title"), shown, columns, rows["agency_code"].nunique(), of_scores=False)


def _or_none(level: object) -> str | None:
    return None if pd.isna(level) else str(level)
