"""The assessor's grid on a page: what the agency says beside what the assessor answers, kept in the visit until saved.

Saving writes the assessor's form with these answers, reads it back as any file that comes in, and records it: a score
that comes from the page is traced to the cells of that form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from pmqa.access import check
from pmqa.exports import file_name
from pmqa.framework import Item, shipped_frameworks
from pmqa.intake import Sent, receive, record_accepted
from pmqa.submission import Answer, Measure, Submission
from pmqa.ui import data, state
from pmqa.ui.staging import known_to
from pmqa.ui.view import View
from pmqa.ui.words import plain
from pmqa.workbook import finding_text, write_form

ASSESSED: Final = "_assessed"  # the agency's submission -> id of a criterion or measure -> {"answer", "suggestion"}
SAVED: Final = "_assessed_saved"  # what the last press of the button came to

Said = dict[str, dict[str, Any]]


@state.fragment
def grid(view: View, agency: str, submission: str) -> None:
    """The items of the submission one at a time, and the button that records what was answered."""
    t, framework = view.t, view.framework
    sent = data.store().submission(submission, view.viewer)
    said = _said(view, agency, submission)
    item = state.choose_one(
        "assess_item", t("ui.item"), framework.scopes("item"), words=lambda name: _progress(view, name, sent, said)
    )
    for id_, what, answer in _rows(view, framework.item[item], sent):
        _row(view, submission, id_, what, answer, said)
    answered = sum(one["answer"] is not None for one in said.values())
    whole = len(sent.answers) + len(sent.measures)
    st.progress(answered / whole, t("assess_page.answered", n=answered, of=whole))
    st.button(
        t("assess_page.save"),
        on_click=_save,
        args=(view, agency, submission),
        disabled=not answered,
        type="primary",
        icon=":material/save:",
        key="save-assessment",
    )
    st.caption(t("assess_page.save_note"))
    for kind, words in st.session_state.pop(SAVED, []):
        (st.success if kind == "saved" else st.error)(plain(words))


def answered_submission(sent: Submission, said: Said) -> Submission:
    """The agency's submission as the assessor answers it; what has no answer stays unanswered."""
    empty = {"answer": None, "suggestion": None}
    answers = tuple(
        replace(a, met=one["answer"], suggestion=one["suggestion"])
        for a, one in ((a, said.get(a.criterion, empty)) for a in sent.answers)
    )
    measures = tuple(
        replace(m, accepted=one["answer"], suggestion=one["suggestion"])
        for m, one in ((m, said.get(_id(m), empty)) for m in sent.measures)
    )
    return replace(
        sent,
        source="assessor",
        answers=answers,
        measures=measures,
        contact_name=None,
        contact_email=None,
        contact_phone=None,
    )


def _rows(view: View, item: Item, sent: Submission) -> list[tuple[str, str, Answer | Measure]]:
    framework, t = view.framework, view.t
    if item.kind == "process":
        given = {answer.criterion: answer for answer in sent.answers}
        return [
            (c.id, f"{view.level_name(c.level)} · {t.pick(c.text)}", given.get(c.id, Answer(c.id)))
            for c in framework.criteria_of[item.id]
        ]
    ids = {indicator.id for indicator in framework.indicators_of[item.id]}
    return [
        (_id(measure), f"{view.scope_name('indicator', measure.indicator)} · {measure.name or ''}", measure)
        for measure in sent.measures
        if measure.indicator in ids
    ]


def _row(view: View, submission: str, id_: str, what: str, own: Answer | Measure, said: Said) -> None:
    t = view.t
    one = said.get(id_, {"answer": None, "suggestion": None})
    words = ("met", "not_met") if isinstance(own, Answer) else ("accepted", "refused")
    with st.container(border=True, key=f"assess-{id_.replace('.', '-').replace('#', '-')}"):
        st.markdown(f"**{plain(id_)}** {plain(what)}")
        left, right = st.columns([3, 2], gap="medium")
        with left:
            if isinstance(own, Answer):
                answer = t("ui.unanswered") if own.met is None else t("ui.answer_yes" if own.met else "ui.answer_no")
                st.markdown(f"{t('assess_page.agency')}: **{answer}**")
                st.caption(f"{t('ui.explanation')}: {plain(own.explanation)}")
            else:
                st.markdown(_numbers(view, own))
            st.caption(f"{t('ui.evidence')}: {plain(own.evidence)}")
        with right:
            key = f"assess-answer-{submission}-{id_}"
            _mirror(key, one["answer"])
            st.segmented_control(
                f"{t('assess_page.assessor')} ({plain(id_)})",
                (True, False),
                format_func=lambda met: t(f"assess_page.{words[0] if met else words[1]}"),
                key=key,
                on_change=_take,
                args=(submission, id_, "answer", key),
            )
            key = f"assess-suggestion-{submission}-{id_}"
            _mirror(key, one["suggestion"] or "")
            st.text_area(
                f"{t('ui.suggestion')} ({plain(id_)})",
                key=key,
                height=80,
                on_change=_take,
                args=(submission, id_, "suggestion", key),
            )


def _numbers(view: View, measure: Measure) -> str:
    t, year = view.t, view.fiscal_year
    values = [
        (t("ui.target"), measure.target),
        (t("ui.actual", year=t.year(year)), measure.actual),
        (t("ui.actual", year=t.year(year - 1)), measure.actual_1),
        (t("ui.actual", year=t.year(year - 2)), measure.actual_2),
    ]
    numbers = " · ".join(f"{name} **{plain(None if value is None else f'{value:,.10g}')}**" for name, value in values)
    return f"{numbers} ({plain(measure.unit)}, {t(f'ui.direction_{measure.direction}')})"


def _progress(view: View, item: str, sent: Submission, said: Said) -> str:
    rows = [id_ for id_, _, _ in _rows(view, view.framework.item[item], sent)]
    done = sum(said.get(id_, {"answer": None})["answer"] is not None for id_ in rows)
    return f"{view.scope_name('item', item)} ({done}/{len(rows)})"


def _said(view: View, agency: str, submission: str) -> Said:
    """What the assessor has answered in this visit; it begins with what was recorded before."""
    every: dict[str, Said] = st.session_state.setdefault(ASSESSED, {})
    if submission not in every:
        rows = data.submissions(view.version, view.viewer, "assessor")
        rows = rows[(rows["agency_code"] == agency) & (rows["fiscal_year"] == view.fiscal_year)]
        every[submission] = {}
        for before in rows["submission"]:
            every[submission] = _of(data.store().submission(str(before), view.viewer))
    return every[submission]


def _of(assessed: Submission) -> Said:
    found = {a.criterion: {"answer": a.met, "suggestion": a.suggestion} for a in assessed.answers}
    return found | {_id(m): {"answer": m.accepted, "suggestion": m.suggestion} for m in assessed.measures}


def _id(measure: Measure) -> str:
    return f"{measure.indicator}#{measure.number}"


def _mirror(key: str, value: object) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _take(submission: str, id_: str, field: str, key: str) -> None:
    said: Said = st.session_state[ASSESSED][submission]
    value = st.session_state[key]
    said.setdefault(id_, {"answer": None, "suggestion": None})[field] = None if value == "" else value


def _save(view: View, agency: str, submission: str) -> None:
    """Write, read back and record; for the button."""
    check(view.viewer, "assess")
    t = view.t
    sent = data.store().submission(submission, view.viewer)
    answered = answered_submission(sent, st.session_state[ASSESSED][submission])
    content = write_form(view.framework, prefill=answered, source="assessor", language="th")
    name = file_name((t("assess_page.on_page"), agency, view.fiscal_year), "xlsx")
    received = receive([Sent(name, content)], shipped_frameworks(), known=known_to(view.viewer))
    outcomes = list(record_accepted(data.store(), received, received_by=view.viewer.name))
    said: list[tuple[str, str]] = []
    for one, recorded in outcomes:
        if recorded:
            said.append(("saved", t("assess_page.saved", name=name, submission=recorded.submission_id)))
        else:
            errors = [finding_text(finding, t) for finding in one.findings if finding.severity == "error"]
            said += [("refused", words) for words in errors]
    st.session_state[SAVED] = said
