"""Forms of an improvement plan: actions from the gaps, by hand, their progress. Everything happens under a button."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd
import streamlit as st

from pmqa.access import check
from pmqa.analysis.plans import draft_actions
from pmqa.store import Action
from pmqa.ui import data
from pmqa.ui.parts import followup as parts
from pmqa.ui.view import View
from pmqa.ui.words import plain

MONTHS: Final = (6, 12)
SAID: Final = "_plan_said"  # what the last press of a button came to: the key of a sentence


def offer_actions(view: View, agency: str, submission: str) -> None:
    """What can be done to the plan: draft it from the gaps, add an action, report progress, remove one."""
    t = view.t
    actions = parts.own_actions(view, agency)
    blockers = parts.blocking(view, submission)
    planned = {criterion for ids in actions["criteria"] for criterion in ids.split()}
    open_gaps = blockers[~blockers["criterion"].astype("str").isin(planned)]
    if said := st.session_state.pop(SAID, ""):
        (st.warning if said == "say_what" else st.success)(t(f"followup_page.{said}"))
    with st.expander(t("followup_page.add"), icon=":material/add_task:", key="add-action"):
        st.button(
            t("followup_page.draft", n=open_gaps["item"].nunique()),
            on_click=_draft,
            args=(view, agency, open_gaps),
            disabled=open_gaps.empty,
            icon=":material/auto_awesome:",
            key="draft-actions",
        )
        _add_form(view, agency, [str(criterion) for criterion in open_gaps["criterion"]])
    if actions.empty:
        return
    names = {action: f"{action} {what}" for action, what in zip(actions["action"], actions["what"], strict=True)}
    with st.expander(t("followup_page.report"), icon=":material/trending_up:", key="report-progress"):
        _progress_form(view, names)
    with st.expander(t("followup_page.remove"), icon=":material/delete:", key="remove-action-part"):
        st.selectbox(t("followup_page.action"), list(names), format_func=lambda a: plain(names[a]), key="action-gone")
        st.button(t("followup_page.remove"), on_click=_remove, args=(view,), key="remove-action")


def _add_form(view: View, agency: str, gaps: list[str]) -> None:
    t, framework = view.t, view.framework
    others = [criterion for criterion in framework.criterion if criterion not in set(gaps)]
    with st.form("new-action"):  # emptied when it is saved: what is refused stays to be mended
        st.text_area(t("followup_page.what"), key="action-what", height=80)
        st.multiselect(
            t("followup_page.criteria"),
            [*gaps, *others],
            format_func=lambda c: f"{c} {t.pick(framework.criterion[c].text)}",
            placeholder=t("ui.choose"),
            key="action-criteria",
            help=t("followup_page.criteria_help"),
        )
        left, right = st.columns(2)
        left.text_input(t("followup_page.owner"), key="action-owner")
        right.date_input(t("followup_page.due"), value=None, format="DD/MM/YYYY", key="action-due")
        st.form_submit_button(t("followup_page.save"), on_click=_add, args=(view, agency), key="save-action")


def _progress_form(view: View, names: dict[str, str]) -> None:
    t = view.t
    with st.form("new-progress", clear_on_submit=True):
        st.selectbox(t("followup_page.action"), list(names), format_func=lambda a: plain(names[a]), key="progress-of")
        st.radio(
            t("followup_page.when"),
            MONTHS,
            format_func=lambda month: t("followup_page.month", month=month),
            horizontal=True,
            key="progress-month",
        )
        st.number_input(t("followup_page.percent"), 0.0, 100.0, step=5.0, key="progress-percent")
        st.text_input(t("followup_page.note"), key="progress-note")
        st.form_submit_button(t("followup_page.save_progress"), on_click=_report, args=(view,), key="save-progress")


def _draft(view: View, agency: str, gaps: pd.DataFrame) -> None:
    """An action for every item that has gaps without one."""
    check(view.viewer, "plan")
    for row in draft_actions(gaps, agency, view.fiscal_year).itertuples():
        what = view.t("followup_page.close_item", item=view.scope_name("item", str(row.what)))
        action = Action(agency, view.fiscal_year, what, tuple(str(row.criteria).split()))
        data.store().save_action(action, who=view.viewer.name, viewer=view.viewer)
    st.session_state[SAID] = "saved"


def _add(view: View, agency: str) -> None:
    check(view.viewer, "plan")
    session = st.session_state
    what, owner = str(session["action-what"]).strip(), str(session["action-owner"]).strip()
    due: dt.date | None = session["action-due"]
    if not what:
        session[SAID] = "say_what"
        return
    action = Action(agency, view.fiscal_year, what, tuple(session["action-criteria"]), owner or None, due)
    data.store().save_action(action, who=view.viewer.name, viewer=view.viewer)
    session.update({"action-what": "", "action-criteria": [], "action-owner": "", "action-due": None})
    session[SAID] = "saved"


def _report(view: View) -> None:
    check(view.viewer, "plan")
    session = st.session_state
    note = str(session["progress-note"]).strip() or None
    month, percent = int(session["progress-month"]), float(session["progress-percent"])
    data.store().report_progress(
        session["progress-of"], month, percent, who=view.viewer.name, note=note, viewer=view.viewer
    )
    session[SAID] = "saved"


def _remove(view: View) -> None:
    check(view.viewer, "plan")
    data.store().remove_action(st.session_state["action-gone"], who=view.viewer.name, viewer=view.viewer)
    st.session_state[SAID] = "removed"
