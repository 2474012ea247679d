"""The page Follow-up: actions with their progress, gaps without an action, what a year later shows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pmqa.analysis.gaps import blocking_criteria
from pmqa.analysis.plans import plan_coverage, plan_effects, plan_progress
from pmqa.framework import shipped_frameworks
from pmqa.text import BANGKOK, MISSING
from pmqa.views import data
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import Agency
from pmqa.views.memory import shared
from pmqa.views.succession import became_notes, succession_notes
from pmqa.views.view import View


@shared(most=64)
def own_actions(view: View, agency: str) -> pd.DataFrame:
    """ACTIONS of the agency for the view's year."""
    rows = data.actions(view.version, view.viewer)
    line = rows["agency_code"].map(data.lines(view.version, view.viewer))
    return rows[((rows["agency_code"] == agency) | (line == agency)) & (rows["fiscal_year"] == view.fiscal_year)]


def has_actions(view: View, agency: str) -> bool:
    """Whether there is any plan for the year."""
    return not own_actions(view, agency).empty


@shared(most=64)
def blocking(view: View, submission: str) -> pd.DataFrame:
    """BLOCKERS of the submission: the gaps that a plan should close."""
    return blocking_criteria(view.answers(submission), view.framework, view.basis)


def summary(view: View, agency: str, submission: str, day: dt.date) -> list[Metric]:
    """Gaps, how many of them have an action, how far the actions are, how many are late on that day."""
    t = view.t
    covered = plan_coverage(blocking(view, submission), own_actions(view, agency))
    progress = _progress(view, agency, day)
    gaps, planned = int(covered["gaps"].sum()), int(covered["with_action"].sum())
    return [
        Metric(t("followup_page.gaps"), t.number(gaps, 0)),
        Metric(t("followup_page.with_action"), t.percent(planned / gaps) if gaps else MISSING),
        Metric(t("followup_page.actions"), t.number(len(progress), 0)),
        Metric(t("followup_page.mean_progress", n=int(progress["latest"].notna().sum())), _mean(view, progress)),
        Metric(t("followup_page.overdue"), t.number(int(progress["overdue"].sum()), 0)),
    ]


@card("followup.actions", closed="plans")
def actions(view: View, agency: Agency, day: str = "") -> Card:
    """What, who, by when, which criteria, how far, and whether it is late on a day; "" = today."""
    t = view.t
    rows = own_actions(view, agency)
    progress = _progress(view, agency, dt.date.fromisoformat(day) if day else today()).drop(columns=["latest"])
    merged = rows.merge(progress, on="action")
    reports = data.progress(view.version, view.viewer)
    notes = reports[reports["note"].notna()].drop_duplicates("action", keep="last").set_index("action")["note"]
    table = merged.assign(
        due_date=_texts(merged, [None if pd.isna(due) else t.date(due) for due in merged["due"]]),
        late=_texts(merged, [t("ui.yes") if late else t("ui.no") for late in merged["overdue"]]),
        note=merged["action"].map(notes),
    )
    columns = (
        Column("action", t("ui.code")),
        Column("what", t("followup_page.what"), "long"),
        Column("owner", t("followup_page.owner")),
        Column("due_date", t("followup_page.due")),
        Column("criteria", t("followup_page.criteria"), "long"),
        Column("month_6", t("followup_page.month", month=6), "rate"),
        Column("month_12", t("followup_page.month", month=12), "rate"),
        Column("late", t("followup_page.late")),
        Column("note", t("followup_page.note"), "long"),
    )
    title = t("followup_page.plan", agency=view.agencies[agency], year=t.year(view.fiscal_year))
    return Card(title, table, columns, 1)


@card("followup.coverage", closed="plans")
def coverage(view: View, agency: Agency) -> Card:
    """Gaps by item: which have an action, which have none."""
    t = view.t
    found = plan_coverage(blocking(view, view.submission_id(agency)), own_actions(view, agency))
    table = found.assign(item_name=_texts(found, [view.scope_name("item", item) for item in found["item"]]))
    columns = (
        *usual(t, "item_name"),
        Column("gaps", t("followup_page.gaps"), "count"),
        Column("with_action", t("followup_page.planned"), "count"),
        Column("share", t("followup_page.with_action"), "percent"),
        Column("without_action", t("followup_page.without"), "long"),
    )
    return Card(t("followup_page.coverage", agency=view.agencies[agency]), table, columns, 1)


@card("followup.effects", closed="plans")
def effects(view: View, agency: Agency) -> Card:
    """What the next year's submission says about the criteria of each action."""
    t = view.t
    title = t("followup_page.effects", agency=view.agencies[agency], year=t.year(view.fiscal_year + 1))
    rows = own_actions(view, agency)
    every = view.every_submission
    following = every[(every["agency_code"] == agency) & (every["fiscal_year"] == view.fiscal_year + 1)]
    columns = (
        Column("action", t("ui.code")),
        Column("what", t("followup_page.what"), "long"),
        Column("state_name", t("followup_page.state")),
        Column("criteria", t("followup_page.n_criteria"), "count"),
        *headed(
            t,
            "count",
            "followup_page.closed",
            "followup_page.open",
            "followup_page.already_met",
            "followup_page.lost",
            "followup_page.unknown",
        ),
    )
    not_compared = _not_compared(view, agency, following)
    if not_compared:
        blank = pd.DataFrame({column.name: pd.Series(dtype="str") for column in columns})
        return Card(title, blank, columns, 1, notes=(not_compared,))
    later = view.answers(str(following["submission"].iloc[0]))
    found = plan_effects(rows, view.answers(view.submission_id(agency)), later, view.basis)
    whats = rows.set_index("action")["what"]
    table = found.assign(
        what=found["action"].map(whats),
        state_name=_texts(found, [t(f"followup_page.state_{state}") for state in found["state"]]),
    )
    years = (view.fiscal_year, view.fiscal_year + 1)
    notes = (t("followup_page.effects_note"), *succession_notes(view, [agency], years))
    return Card(title, table, columns, 1, notes=notes)


def _not_compared(view: View, agency: str, following: pd.DataFrame) -> str:
    """Why the next year's submission says nothing about the plan; "" where it does."""
    if went := became_notes(view, agency, view.fiscal_year + 1):
        return " ".join(went)
    if following.empty:
        return view.t("followup_page.not_yet")
    edition = str(following["edition"].iloc[0])
    if edition == view.edition:
        return ""
    other = shipped_frameworks().get(edition)
    return view.t("followup_page.other_edition", edition=edition if other is None else other.called(view.t))


def today() -> dt.date:
    """The day in Bangkok: what is overdue goes by it."""
    return dt.datetime.now(BANGKOK).date()


def _progress(view: View, agency: str, day: dt.date) -> pd.DataFrame:
    begins = pd.Timestamp(day, tz=BANGKOK).tz_convert(None)
    return plan_progress(own_actions(view, agency), data.progress(view.version, view.viewer), begins)


def _mean(view: View, progress: pd.DataFrame) -> str:
    known = progress["latest"].dropna()
    return MISSING if known.empty else f"{view.t.number(known.mean(), 0)}%"


def _texts(rows: pd.DataFrame, texts: list[str | None]) -> pd.Series[str]:
    return pd.Series(texts, index=rows.index, dtype="str")
