"""Forms of an improvement plan: actions from the gaps, a path or a scenario, by hand, their progress.

Everything happens under a button.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from pmqa.access import check, may
from pmqa.analysis.plans import are_planned, criteria_to_close, draft_actions
from pmqa.errors import StoreError
from pmqa.store import Action
from pmqa.views import data
from pmqa.views.cards import followup as parts
from pmqa.views.view import View
from pmqa.views.words import plain

MONTHS: Final = (6, 12)
SAID: Final = "_plan_said"  # what the last press of a button came to
WRONG: Final = "_plan_wrong"  # why it came to nothing


def offer_actions(view: View, agency: str, submission: str) -> None:
    """What can be done to the plan: draft it from the gaps, add an action, report progress, remove one."""
    t = view.t
    actions = parts.own_actions(view, agency)
    blockers = parts.blocking(view, submission)
    open_gaps = blockers[~are_planned(blockers["criterion"], actions)]
    _show_said()
    with st.expander(t("followup_page.add"), icon=":material/add_task:", key="add-action"):
        _draft_button(view, agency, blockers, "draft")
        _add_form(view, agency, [str(criterion) for criterion in open_gaps["criterion"]])
    if actions.empty:
        return
    names = {action: f"{action} {what}" for action, what in zip(actions["action"], actions["what"], strict=True)}
    with st.expander(t("followup_page.report"), icon=":material/trending_up:", key="report-progress"):
        _progress_form(view, names)
    with st.expander(t("followup_page.remove"), icon=":material/delete:", key="remove-action-part"):
        st.selectbox(t("followup_page.action"), list(names), format_func=lambda a: plain(names[a]), key="action-gone")
        st.button(t("followup_page.remove"), on_click=_remove, args=(view,), key="remove-action")


def offer_draft(view: View, agency: str, criteria: Sequence[str], label: str) -> None:
    """A button that puts criteria into the plan, for those who may. label: add_path or add_scenario."""
    if not may(view.viewer, "plan"):
        return
    _draft_button(view, agency, criteria_to_close(criteria, view.framework), label)
    st.caption(view.t("followup_page.add_help", **view.framework.kinds(view.t)))
    _show_said()


def _draft_button(view: View, agency: str, criteria: pd.DataFrame, label: str) -> None:
    """Actions for those of the criteria that have none; it says how many have one."""
    t = view.t
    planned = are_planned(criteria["criterion"], _plan_now(view, agency))
    st.button(
        t(f"followup_page.{label}", n=criteria.loc[~planned, "item"].nunique()),
        on_click=_draft,
        args=(view, agency, criteria),
        disabled=bool(planned.all()),
        icon=":material/auto_awesome:",
        key="draft-actions",
    )
    if planned.any():
        st.caption(t("followup_page.already_planned", n=int(planned.sum()), of=len(planned)))


def _plan_now(view: View, agency: str) -> pd.DataFrame:
    """ACTIONS of the agency for the year as they are at this moment, whatever the page began with."""
    return parts.own_actions(replace(view, version=data.version()), agency)


def _show_said() -> None:
    if said := st.session_state.pop(SAID, ""):
        st.success(said)
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(wrong)


def _add_form(view: View, agency: str, gaps: list[str]) -> None:
    t, framework = view.t, view.framework
    others = [criterion for criterion in framework.criterion if criterion not in set(gaps)]
    with st.form("new-action"):  # not cleared by pressing: what is refused is to be put right, not written again
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


def _draft(view: View, agency: str, criteria: pd.DataFrame) -> None:
    """An action for every item with criteria that have none; what somebody planned meanwhile is not planned twice."""
    check(view.viewer, "plan")
    unplanned = criteria[~are_planned(criteria["criterion"], _plan_now(view, agency))]
    drafted = draft_actions(unplanned, agency, view.fiscal_year)
    for row in drafted.itertuples():
        what = view.t("followup_page.close_item", item=view.scope_name("item", str(row.what)))
        action = Action(agency, view.fiscal_year, what, tuple(str(row.criteria).split()))
        data.store().plans.save_action(action, who=view.viewer.name, viewer=view.viewer)
    st.session_state[SAID] = view.t("followup_page.drafted", n=len(drafted))


def _add(view: View, agency: str) -> None:
    check(view.viewer, "plan")
    session = st.session_state
    what, owner = str(session["action-what"]).strip(), str(session["action-owner"]).strip()
    due: dt.date | None = session["action-due"]
    if not what:
        session[WRONG] = view.t("followup_page.say_what")
        return
    action = Action(agency, view.fiscal_year, what, tuple(session["action-criteria"]), owner or None, due)
    data.store().plans.save_action(action, who=view.viewer.name, viewer=view.viewer)
    session.update({"action-what": "", "action-criteria": [], "action-owner": "", "action-due": None})
    session[SAID] = view.t("followup_page.saved")


def _report(view: View) -> None:
    check(view.viewer, "plan")
    session = st.session_state
    note = str(session["progress-note"]).strip() or None
    month, percent = int(session["progress-month"]), float(session["progress-percent"])
    try:
        data.store().plans.report_progress(
            session["progress-of"], month, percent, who=view.viewer.name, note=note, viewer=view.viewer
        )
    except StoreError as error:  # somebody else removed the action
        session[WRONG] = str(error)
        return
    session[SAID] = view.t("followup_page.saved")


def _remove(view: View) -> None:
    check(view.viewer, "plan")
    data.store().plans.remove_action(st.session_state["action-gone"], who=view.viewer.name, viewer=view.viewer)
    st.session_state[SAID] = view.t("followup_page.removed")
