"""Closed rounds: which there are, and what has changed since one was closed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pmqa.views import data
from pmqa.views.cards import Card, Column, card, headed, usual
from pmqa.views.since import changes
from pmqa.views.view import View


@card("rounds.changes", of_scores=False)
def changed(view: View) -> Card:
    """Whose scores are shown otherwise now than in the round that is looked at, and by what."""
    t, rows = view.t, changes(view)
    table = rows.assign(
        why_name=[t(f"rounds.why_{why}") for why in rows["why"]],
        level_from=[view.level_name(level) for level in rows["level_then"]],
        level_to=[view.level_name(level) for level in rows["level_now"]],
    )
    columns = (
        *usual(t, "agency_code", "agency_name"),
        Column("why_name", t("rounds.why")),
        *headed(t, "score", "rounds.then", "rounds.now", "rounds.difference"),
        Column("level_from", t("rounds.level_then")),
        Column("level_to", t("rounds.level_now")),
        Column("scopes", t("rounds.scopes"), "count"),
        *headed(t, "id", "rounds.submission_then", "rounds.submission_now"),
    )
    title = t("rounds.changed", n=len(rows), name=view.round_name) if view.closed else t("rounds.present")
    notes = (t("rounds.changed_note"),) if len(rows) else (t("rounds.unchanged"),)
    return Card(title, table, columns, len(rows), notes=notes)


@card("rounds.all", closed="files", of_scores=False)
def every(view: View) -> Card:
    """The rounds that were closed."""
    t, rows = view.t, data.rounds(view.version)
    table = rows.assign(
        date=pd.Series([t.date(dt.date.fromisoformat(day)) for day in rows["day"]], dtype="str"),
        closed=pd.Series([t.moment(moment) for moment in rows["closed_at"]], dtype="str"),
    )
    columns = (
        Column("name", t("rounds.name")),
        Column("date", t("rounds.day")),
        Column("closed", t("rounds.closed_at")),
        Column("closed_by", t("rounds.closed_by")),
        Column("round", t("ui.code")),
        Column("version", t("rounds.version"), "id"),
    )
    return Card(t("rounds.all"), table, columns, None, of_scores=False)
