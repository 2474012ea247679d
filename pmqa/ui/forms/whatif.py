"""What-if on a page: efforts and assumptions that a visitor edits, scenarios that are kept under a button.

What is assumed lives in the visit, by submission; widgets only mirror it, so that it survives other items and pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.access import may
from pmqa.errors import NameTaken
from pmqa.ui import downloads, state
from pmqa.ui import showing as cards
from pmqa.ui.forms import plan as planning
from pmqa.ui.forms import scenarios
from pmqa.ui.tracing import offer_trace
from pmqa.views import data, derived
from pmqa.views.cards import plan as parts
from pmqa.views.view import View
from pmqa.views.words import plain

ASSUMED: Final = "_assumed"  # submission -> answers by criterion, actuals by indicator#number
UNNAMED: Final = "_scenario_unnamed"  # the button was pressed without a name
TAKEN: Final = "_scenario_taken"  # (submission, name): or with one that another scenario has
FITTED: Final = "_scenario_fitted"  # what became of a scenario of another submission: Fitted
# Streamlit cuts the label of a checkbox at the end of its line; a criterion is a sentence.
WRAPPED_LABELS: Final = "<style>.st-key-assume label p { white-space: normal; overflow: visible; }</style>"
HIGHEST_EFFORT: Final = 10_000.0
USUAL_EFFORT: Final = 1.0  # of a criterion that nobody gave one

Assumed = dict[str, dict[str, Any]]


def edited_efforts(view: View, agency: str, submission: str) -> parts.Efforts:
    """The effort of each criterion that is not met, to be edited; what was kept before, else 1."""
    t, framework = view.t, view.framework
    kept = data.store().plans.efforts(agency, view.edition, view.viewer)
    met = parts.met_on_basis(view, submission)
    unmet = [criterion for criterion in framework.criteria if criterion.id not in met]
    table = pd.DataFrame(
        {
            "criterion": [criterion.id for criterion in unmet],
            "text": [t.pick(criterion.text) for criterion in unmet],
            "level": [view.level_name(criterion.level) for criterion in unmet],
            "effort": [float(kept.get(criterion.id, USUAL_EFFORT)) for criterion in unmet],
        }
    )
    with st.expander(t("plan_page.efforts"), icon=":material/tune:", key="efforts"):
        st.caption(t("plan_page.efforts_help"))
        edited = st.data_editor(
            table,
            hide_index=True,
            disabled=["criterion", "text", "level"],
            key=f"efforts-{submission}",
            column_config={
                "criterion": st.column_config.TextColumn(t("ui.code"), width="small"),
                "text": st.column_config.TextColumn(t("ui.criterion"), width="large"),
                "level": st.column_config.TextColumn(t("ui.level"), width="medium"),
                # With a width for every column, what is to be filled in is in sight whatever the others hold.
                "effort": st.column_config.NumberColumn(
                    t("plan_page.effort"),
                    width="small",
                    min_value=0.0,
                    max_value=HIGHEST_EFFORT,
                    step=0.5,
                    required=True,
                ),
            },
        )
        efforts = tuple(zip(edited["criterion"], edited["effort"].astype("float"), strict=True))
        if may(view.viewer, "plan"):
            # What was not edited here may have been by others meanwhile.
            changed = {
                criterion: effort for criterion, effort in efforts if effort != kept.get(criterion, USUAL_EFFORT)
            }
            st.button(
                t("plan_page.keep_efforts"),
                on_click=_keep_efforts,
                args=(view, agency, changed),
                disabled=not changed,
                icon=":material/save:",
                key="keep-efforts",
            )
    return efforts


def assume_path(view: View, submission: str, points: int, scope: str, efforts: parts.Efforts) -> None:
    """Take over a path as what is assumed; for a button."""
    criteria = parts.criteria_of_path(view, submission, points, scope, efforts)
    _all()[submission] = {"answers": dict.fromkeys(criteria, True), "actuals": {}}
    state.choose_from_afar("plan_part", "whatif")


@state.fragment
def show(view: View, agency: str, submission: str) -> None:
    """The scenario: what is kept, what to assume, and what comes of it."""
    t = view.t
    rows = data.store().plans.scenarios(view.viewer)  # not by the view's version: this runs again alone
    _scenarios(view, submission, rows[rows["submission"] == submission])
    _of_other_submissions(view, agency, submission, rows)
    answers, actuals = _frozen(submission)
    cards.show_metrics(view, "outcome", parts.outcome, agency, submission, answers, actuals)
    offer_trace(view, agency)
    st.html(WRAPPED_LABELS)
    with st.container(border=True, key="assume"):
        _editor(view, submission)
    kind = state.choose_one(
        "by", t("ui.scope"), ("dimension", "category"), words=lambda name: t(f"ui.kind_{name}"), style="segments"
    )
    assumed: dict[str, Any] = {"answers": parts.written(answers), "actuals": parts.written(actuals)}
    cards.show(view, "plan.scenario", agency=agency, kind=kind, **assumed)
    if not answers and not actuals:
        st.info(t("plan_page.nothing_assumed"), icon=":material/info:")
    else:
        cards.show(view, "plan.moved", agency=agency, **assumed)
        cards.show(view, "plan.assumed", agency=agency, **assumed)
        name = (t("plan_page.file"), view.agencies[agency], view.fiscal_year)
        made = parts.scenario_maker(view, agency, answers, actuals)
        cards.download("scenario", t("plan_page.download"), name, made, main=True)
        if closing := tuple(criterion for criterion, met in answers if met):
            planning.offer_draft(view, agency, closing, "add_scenario")
    # Here and not at the page's end: what is assumed changes the cards without another run of the page.
    downloads.offer_everything(t("pages.title.plan"))


def _scenarios(view: View, submission: str, rows: pd.DataFrame) -> None:
    """Scenarios of the submission by name: open, keep, remove."""
    t = view.t
    kept = rows.set_index("name")["changes"].to_dict()
    may_keep = may(view.viewer, "plan")
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenarios"):
        if kept:
            chosen = st.selectbox(
                t("plan_page.kept"), list(kept), key="kept-scenario", placeholder=t("ui.choose"), format_func=plain
            )
            st.button(t("plan_page.open"), on_click=_open, args=(submission, kept[chosen]), key="open-scenario")
            if may_keep:
                arguments = (view, submission, chosen)
                st.button(t("plan_page.remove"), on_click=_remove, args=arguments, key="remove-scenario")
        if may_keep:
            st.text_input(t("plan_page.name"), key="scenario-name", max_chars=80)
            st.button(
                t("plan_page.keep"),
                on_click=_keep,
                args=(view, submission),
                type="primary",
                icon=":material/save:",
                key="keep-scenario",
                disabled=not any(_frozen(submission)),
            )
        st.button(t("plan_page.start_over"), on_click=_forget, args=(submission,), key="forget-scenario")
    if st.session_state.pop(UNNAMED, False):
        st.warning(t("plan_page.name_first"), icon=":material/edit:")
    taken_of, taken = st.session_state.pop(TAKEN, ("", ""))
    if taken_of == submission:
        st.warning(t("plan_page.name_taken", name=plain(taken)), icon=":material/edit:")
        save = partial(_save, view, submission, taken, replace=True)
        st.button(t("plan_page.replace"), on_click=save, key="replace-scenario")


def _of_other_submissions(view: View, agency: str, submission: str, rows: pd.DataFrame) -> None:
    """Scenarios kept for other submissions of the agency: said, and offered to the one that is shown."""
    t = view.t
    others = scenarios.scenarios_elsewhere(view, agency, submission, rows)
    if others:
        with st.container(border=True, key="scenarios-elsewhere"):
            st.markdown(f":material/history: {t('plan_page.elsewhere', n=len(others))}")
            with st.container(horizontal=True, vertical_alignment="bottom"):
                chosen = st.selectbox(
                    t("plan_page.kept_elsewhere"),
                    list(others),
                    key="scenario-elsewhere",
                    placeholder=t("ui.choose"),
                    format_func=lambda one: plain(others[one].label),
                )
                one = others[chosen]
                arguments = (view, submission, one.changes)
                st.button(t("plan_page.apply"), on_click=_fit, args=arguments, key="fit-scenario")
                if may(view.viewer, "plan"):
                    arguments = (view, one.submission, one.name)
                    st.button(t("plan_page.remove"), on_click=_remove, args=arguments, key="remove-elsewhere")
    fitted: scenarios.Fitted | None = st.session_state.pop(FITTED, None)
    if fitted is not None:
        words = {"taken": fitted.taken, "as_sent": fitted.as_sent, "gone": fitted.gone}
        st.info(t("plan_page.applied", **words), icon=":material/rule:")


def _editor(view: View, submission: str) -> None:
    """One item at a time: a tick for each criterion, or the actual of each measure."""
    t, framework = view.t, view.framework
    item = state.choose_one(
        "assume_item", t("ui.item"), framework.scopes("item"), words=lambda name: view.scope_name("item", name)
    )
    assumed = _all().get(submission, {"answers": {}, "actuals": {}})
    if framework.item[item].kind == "process":
        met = parts.met_on_basis(view, submission)
        for level in framework.levels:
            st.markdown(f"**{t.pick(level.name)}**")
            for criterion in (c for c in framework.criteria_of[item] if c.level == level.id):
                sent = criterion.id in met
                key = f"assume-{submission}-{criterion.id}"
                _mirror(key, bool(assumed["answers"].get(criterion.id, sent)))
                st.checkbox(
                    f"{plain(criterion.id)} {plain(t.pick(criterion.text))}",
                    key=key,
                    on_change=_assume_answer,
                    args=(submission, criterion.id, key, sent),
                )
        return
    measures = view.measures(submission)
    ids = [indicator.id for indicator in framework.indicators_of[item]]
    own = measures[measures["indicator"].astype("str").isin(ids)]
    if own.empty:
        st.info(t("plan_page.no_measures"), icon=":material/info:")
    for row in own.itertuples():
        scope = f"{row.indicator}#{row.number}"
        reported = None if pd.isna(row.actual) else float(row.actual)
        key = f"assume-{submission}-{scope}"
        _mirror(key, assumed["actuals"].get(scope, reported))
        target = t("plan_page.target_is", target=parts.value(row.target), direction=t(f"ui.direction_{row.direction}"))
        name = t("ui.measure") if pd.isna(row.name) else str(row.name)
        st.number_input(
            f"{plain(scope)} {plain(name)} · {plain(target)}",
            key=key,
            value=None,
            on_change=_assume_actual,
            args=(submission, scope, key, reported),
        )


def _mirror(key: str, value: object) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _all() -> dict[str, Assumed]:
    found: dict[str, Assumed] = st.session_state.setdefault(ASSUMED, {})
    return found


def _of(submission: str) -> Assumed:
    return _all().setdefault(submission, {"answers": {}, "actuals": {}})


def _frozen(submission: str) -> tuple[derived.Answers, derived.Actuals]:
    assumed = _all().get(submission, {"answers": {}, "actuals": {}})
    return tuple(sorted(assumed["answers"].items())), tuple(sorted(assumed["actuals"].items()))


def _assume_answer(submission: str, criterion: str, key: str, sent: bool) -> None:
    answers = _of(submission)["answers"]
    answers.pop(criterion, None)
    if st.session_state[key] != sent:
        answers[criterion] = bool(st.session_state[key])


def _assume_actual(submission: str, scope: str, key: str, sent: float | None) -> None:
    actuals = _of(submission)["actuals"]
    actuals.pop(scope, None)
    if st.session_state[key] != sent:
        actuals[scope] = st.session_state[key]


def _forget(submission: str) -> None:
    _all().pop(submission, None)


def _open(submission: str, changes: str) -> None:
    _all()[submission] = json.loads(changes)


def _fit(view: View, submission: str, changes: str) -> None:
    fitted = scenarios.fitted(view, submission, json.loads(changes))
    _all()[submission] = {"answers": fitted.answers, "actuals": fitted.actuals}
    st.session_state[FITTED] = fitted


def _keep(view: View, submission: str) -> None:
    name = str(st.session_state["scenario-name"]).strip()
    if not name:
        st.session_state[UNNAMED] = True
        return
    _save(view, submission, name, replace=False)


def _save(view: View, submission: str, name: str, *, replace: bool) -> None:
    who, changes = view.viewer, _all()[submission]
    try:
        data.store().plans.save_scenario(submission, name, changes, who=who.name, viewer=who, replace=replace)
    except NameTaken:
        st.session_state[TAKEN] = (submission, name)


def _remove(view: View, submission: str, name: str) -> None:
    data.store().plans.remove_scenario(submission, name, who=view.viewer.name, viewer=view.viewer)


def _keep_efforts(view: View, agency: str, efforts: Mapping[str, float]) -> None:
    data.store().plans.save_efforts(agency, view.edition, efforts, who=view.viewer.name, viewer=view.viewer)
