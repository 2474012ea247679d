"""What became of agencies, as the register knows it."""

from __future__ import annotations

import pandas as pd

from pmqa.views import data
from pmqa.views.cards import Card, Column, card
from pmqa.views.view import View
from pmqa.views.words import agency_words


@card("register.successions", closed="files", of_scores=False)
def successions(view: View) -> Card:
    """Who was renamed, merged or split, into whom, since which year."""
    t, rows, names = view.t, data.successions(view.version, view.viewer), data.names(view.version, view.viewer)
    sides = {
        side: pd.Series([agency_words(code, names.get(code, code)) for code in rows[side]], dtype="str")
        for side in ("predecessor", "successor")
    }
    table = rows.assign(
        old=sides["predecessor"],
        new=sides["successor"],
        how=pd.Series([t(f"succession.kind_{kind}") for kind in rows["kind"]], dtype="str"),
        year=pd.Series([t.year(int(year)) for year in rows["fiscal_year"]], dtype="str"),
    )
    columns = (
        Column("old", t("succession.predecessor")),
        Column("how", t("succession.kind")),
        Column("new", t("succession.successor")),
        Column("year", t("succession.year")),
    )
    return Card(t("succession.all"), table, columns, None, of_scores=False)
