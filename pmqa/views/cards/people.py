"""Who may sign in, and the audit: what administrators look at and take away."""

from __future__ import annotations

import datetime as dt
import json
from typing import Final

import pandas as pd

from pmqa.settings import read_settings
from pmqa.text import Translator
from pmqa.viewer import Person
from pmqa.views import data
from pmqa.views.cards import Card, Column, Metric, card, headed
from pmqa.views.view import View
from pmqa.workbook.people import FIELDS

SECTIONS: Final = ("people", "audit")


@card("people.people", closed="people", of_scores=False)
def people(view: View) -> Card:
    """Everybody whom the administrators let in, headed so that a download can be brought back by the command line."""
    t = view.t
    rows = [_row(t, person) for person in data.people(view.version, view.viewer).values()]
    table = pd.DataFrame(rows, columns=[*FIELDS, "state"])
    columns = (*(Column(name, t(f"people.field_{name}")) for name in FIELDS), Column("state", t("people.state")))
    notes = (t("people.of_settings", who=", ".join(sorted(read_settings().administrators)) or t("people.nobody")),)
    return Card(t("people.list"), table, columns, n=None, notes=notes, of_scores=False)


def audit(view: View, since: dt.datetime) -> Card:
    """Who did what since a moment (UTC, without zone), the last first."""
    t = view.t
    rows = data.store().audit.trail(view.viewer, since=since).iloc[::-1]
    details = [json.loads(words) for words in rows["details"]]
    table = rows.assign(
        when=[t.moment(moment) for moment in rows["at"]],
        what=[action_name(t, action) for action in rows["action"]],
        why=[_why(t, action, said) for action, said in zip(rows["action"], details, strict=True)],
    )
    columns = (
        *headed(t, "text", "people.when", "people.who", "people.what", "people.subject", "people.why"),
        *headed(t, "id", "people.action", "people.details"),
    )
    notes = (t("people.audit_note"),)
    return Card(t("people.audit", date=t.date(since)), table, columns, n=None, notes=notes, of_scores=False)


def metrics(view: View) -> list[Metric]:
    """How many there are in each role, those whose last day has passed aside."""
    t = view.t
    known = data.people(view.version, view.viewer).values()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    valid = [person for person in known if not is_over(person, now)]
    admins = [person for person in valid if person.role == "admin"]
    return [
        Metric(t("people.n_valid"), t.number(len(valid), 0)),
        Metric(t("people.n_admins"), t.number(len(admins), 0)),
        Metric(t("people.n_over"), t.number(len(known) - len(valid), 0)),
    ]


def is_over(person: Person, now: dt.datetime) -> bool:
    """Whether somebody's last day has passed. now: UTC, without zone."""
    return person.valid_until is not None and person.valid_until < now


def action_name(t: Translator, action: str) -> str:
    """What the audit's actions are called."""
    return t(f"people.action_{action}") if t.has(f"people.action_{action}") else action


def _row(t: Translator, person: Person) -> tuple[str | None, ...]:
    over = is_over(person, dt.datetime.now(dt.UTC).replace(tzinfo=None))
    return (
        person.email,
        t(f"people.role_{person.role}"),
        _listed(person.agencies),
        _listed(person.ministries),
        _day(t, person.valid_until) if person.valid_until else None,
        person.note,
        t("people.state_over" if over else "people.state_valid"),
    )


def _listed(names: frozenset[str] | None) -> str:
    return "*" if names is None else "; ".join(sorted(names))


def _day(t: Translator, moment: dt.datetime) -> str:
    """A day as a list of people may say it."""
    return t.short_date(moment)


def _why(t: Translator, action: str, details: dict[str, object]) -> str | None:
    if action == "not_let_in":
        return t(f"people.kept_out_{details['why']}")
    reason = details.get("reason")
    return str(reason) if reason else None
