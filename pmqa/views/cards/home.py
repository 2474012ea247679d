"""The first page: what needs somebody first, and what to ask of whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import pandas as pd

from pmqa.analysis.highlights import MOST_SHOWN, in_order
from pmqa.charts.telling import Line, tell, tell_asks
from pmqa.views import data, derived
from pmqa.views.address import Address, address, write
from pmqa.views.cards import Card, Column, card, headed, usual
from pmqa.views.memory import shared
from pmqa.views.view import View

MOST_ASKS: Final = 5
MOST_NAMED: Final = 8  # agencies of an ask


@shared(most=16)
def lines(view: View, now: dt.datetime) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What is looked at first, and what there is besides, each in the order of kinds. now: UTC, without zone."""
    found = derived.highlights(view, now)
    first, more = in_order(found.head(MOST_SHOWN)), in_order(found.iloc[MOST_SHOWN:])
    names = view.agencies | _expected(view)
    told = tell(first, names, view.framework, view.t)
    return tuple(told), tuple(tell(more, names, view.framework, view.t, told=set(first["kind"])))


def proof(view: View, line: Line) -> Address:
    """The address of the card that proves a line."""
    choices = dict(line.choices)
    if line.card == "register.status":
        choices |= {"fiscal_year": view.fiscal_year, "source": view.source}
    of = address(line.card, view, choices)
    if line.kind == "group" and not view.meeting:  # where a ministry goes by a number, by which nobody can filter
        of = replace(of, selection=replace(of.selection, ministries=(line.subject,)))
    return of


@card("home.highlights")
def highlights(view: View) -> Card:
    """What needs somebody first, as a table to take along."""
    t = view.t
    said = [line for part in lines(view, derived.this_hour()) for line in part]
    lowest = view.level_name(view.framework.levels[0].id)
    table = pd.DataFrame(
        {
            "kind": [line.kind for line in said],
            "about": [t(f"home.kind_{line.kind}", level=lowest) for line in said],
            "who": [line.whole for line in said],
            "says": [line.says for line in said],
            "beside": [line.beside for line in said],
            "proof": [write(proof(view, line)) for line in said],
        },
        dtype="str",
    )
    columns = (
        Column("kind", t("ui.code"), "id"),
        Column("about", t("home.about")),
        *headed(t, "long", "home.who", "home.says", "home.beside"),
        Column("proof", t("home.proof"), "id"),
    )
    notes = (t("home.order_note"),) if said else (t("home.nothing"),)
    return Card(t("home.highlights"), table, columns, len(view.agencies), notes=notes)


@card("home.asks")
def asks(view: View) -> Card:
    """What to ask for, most points first, with an owner to fill in."""
    t = view.t
    asked, blocking = derived.asks(view, MOST_ASKS), derived.blockers(view)["criterion"].nunique()
    table = tell_asks(asked, view.agencies, view.framework, t)
    table["first"] = pd.Series([_first(view, of) for of in asked["agencies"]], index=table.index, dtype="str")
    columns = (
        Column("ask", t("home.ask"), "long"),
        *usual(t, "text"),
        Column("n", t("charts.agencies_axis"), "count"),
        Column("gain", t("home.gain"), "score"),
        Column("first", t("home.agencies"), "long"),
        Column("names", t("home.every_agency"), "id"),
        Column("owner", t("home.owner")),
    )
    notes = [t("home.asks_note")]
    if blocking > MOST_ASKS:
        notes.append(t("home.asks_more", n=MOST_ASKS, of=blocking))
    if asked.empty:
        notes = [t("leverage_page.nothing_blocks")]
    finding = "" if table.empty else str(table["ask"].iloc[0])
    return Card(t("home.asks"), table, columns, len(view.agencies), notes=tuple(notes), finding=finding)


def _first(view: View, codes: str) -> str:
    """The first of the agencies by name; of the hundreds that there may be, files have all."""
    names = [view.agencies.get(code, code) for code in codes.split("\n")]
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" {view.t('highlights.others_agencies', n=more)}" if more > 0 else "")


def _expected(view: View) -> dict[str, str]:
    """Code -> name of agencies that must send, whether or not they have; in a meeting nobody is named."""
    if view.meeting:
        return {}
    rows = data.status(view.version, view.viewer, view.fiscal_year, view.source)
    return dict(zip(rows["agency_code"].tolist(), rows["agency_name"].tolist(), strict=True))
