"""The assessor's grid on a page: what the agency says beside what the assessor answers, kept in the visit until saved.

Saving writes the assessor's form with these answers, reads it back as any file that comes in, and records it: a score
that comes from the page is traced to the cells of that form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import streamlit as st

from pmqa.errors import StoreChanged
from pmqa.exports import file_name
from pmqa.framework import Item, shipped_frameworks
from pmqa.intake import Received, Sent, receive, record_accepted
from pmqa.sources import SOURCES
from pmqa.store import Whose
from pmqa.store.merging import merged
from pmqa.submission import Answer, Measure, Submission
from pmqa.text import DEFAULT_LANGUAGE
from pmqa.ui import state
from pmqa.ui.forms.staging import known_to
from pmqa.viewer import Viewer, sources_of
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import plain, source_name
from pmqa.workbook import finding_text, write_form

ASSESSED: Final = (
    "_assessed"  # source of the assessment, the agency's submission -> id of a criterion or measure -> Edit
)
SAVED: Final = "_assessed_saved"  # what the last press of the button came to

Assessment = tuple[str, str]  # source, the agency's submission
Said = Mapping[str, Mapping[str, Any]]  # id of a criterion or measure -> {"answer", "suggestion"}
UNSAID: Final[Mapping[str, Any]] = {"answer": None, "suggestion": None}


class Edit(NamedTuple):
    """What the assessor says of a criterion or measure and has not saved, and what was recorded when they began."""

    began: Mapping[str, Any]
    mine: Mapping[str, Any]


def choose_assessment(view: View) -> str:
    """The source whose assessment is recorded: that of the view, where it is one that the viewer may record."""
    may = [one.id for one in SOURCES.values() if one.reviews and one.id in sources_of(view.viewer)]
    return state.choose_one(
        "assess_as",
        view.t("assess_page.assess_as"),
        may,
        words=lambda source: source_name(source, view.t),
        default=view.source if view.source in may else None,
        style="segments",
    )


@state.fragment
def grid(view: View, submission: str, source: str) -> None:
    """The items of the submission one at a time, and the button that records what was answered.

    source: of the assessment.
    """
    t, framework = view.t, view.framework
    sent = data.store().submissions.one(submission, view.viewer)
    said = _said(view, sent, submission, source)
    item = state.choose_one(
        "assess_item", t("ui.item"), framework.scopes("item"), words=lambda name: _progress(view, name, sent, said)
    )
    for id_, what, answer in _rows(view, framework.item[item], sent):
        _row(view, (source, submission), id_, what, answer, said)
    answered = sum(one["answer"] is not None for one in said.values())
    st.progress(answered / len(said), t("assess_page.answered", n=answered, of=len(said)))
    st.button(
        t("assess_page.save"),
        on_click=_save,
        args=(view, submission, source),
        disabled=not answered,
        type="primary",
        icon=":material/save:",
        key="save-assessment",
    )
    st.caption(t("assess_page.save_note"))
    for kind, words in st.session_state.pop(SAVED, []):
        (st.success if kind == "saved" else st.error)(plain(words))


def answered_submission(sent: Submission, said: Said, source: str) -> Submission:
    """The agency's submission as the assessor of a source answers it; what has no answer stays unanswered."""
    answers = tuple(
        replace(a, met=one["answer"], suggestion=one["suggestion"])
        for a, one in ((a, said.get(a.criterion, UNSAID)) for a in sent.answers)
    )
    measures = tuple(
        replace(m, accepted=one["answer"], suggestion=one["suggestion"])
        for m, one in ((m, said.get(_id(m), UNSAID)) for m in sent.measures)
    )
    return replace(
        sent,
        source=source,
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


def _row(view: View, of: Assessment, id_: str, what: str, own: Answer | Measure, said: Said) -> None:
    t = view.t
    one = said.get(id_, UNSAID)
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
            key = f"assess-answer-{'-'.join(of)}-{id_}"
            _mirror(key, one["answer"])
            st.segmented_control(
                f"{t('assess_page.assessor')} ({plain(id_)})",
                (True, False),
                format_func=lambda met: t(f"assess_page.{_answer_key(id_, met)}"),
                key=key,
                on_change=_take,
                args=(of, id_, "answer", key, one),
            )
            key = f"assess-suggestion-{'-'.join(of)}-{id_}"
            _mirror(key, one["suggestion"] or "")
            st.text_area(
                f"{t('ui.suggestion')} ({plain(id_)})",
                key=key,
                height=80,
                on_change=_take,
                args=(of, id_, "suggestion", key, one),
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
    done = sum(said.get(id_, UNSAID)["answer"] is not None for id_ in rows)
    return f"{view.scope_name('item', item)} ({done}/{len(rows)})"


def _said(view: View, sent: Submission, submission: str, source: str) -> Said:
    """What the assessor says of everything in the agency's submission: what is recorded, with what is not saved yet."""
    _, recorded = _recorded(data.version(), view.viewer, source, sent.agency_code, sent.fiscal_year)
    edits = _edits((source, submission))
    ids = [*(answer.criterion for answer in sent.answers), *map(_id, sent.measures)]
    return {id_: edits[id_].mine if id_ in edits else recorded.get(id_, UNSAID) for id_ in ids}


@shared(most=32)
def _recorded(version: str, viewer: Viewer, source: str, agency: str, fiscal_year: int) -> tuple[str | None, Said]:
    """The submission of a source of assessors that counts, and what it says; None and nothing where there is none."""
    rows = data.submissions(version, viewer, source)
    rows = rows[(rows["agency_code"] == agency) & (rows["fiscal_year"] == fiscal_year)]
    if rows.empty:
        return None, {}
    key = str(rows["submission"].iloc[0])
    assessed = data.store().submissions.one(key, viewer)
    answers = {a.criterion: {"answer": a.met, "suggestion": a.suggestion} for a in assessed.answers}
    return key, answers | {_id(m): {"answer": m.accepted, "suggestion": m.suggestion} for m in assessed.measures}


def _edits(of: Assessment) -> dict[str, Edit]:
    found: dict[Assessment, dict[str, Edit]] = st.session_state.setdefault(ASSESSED, {})
    return found.setdefault(of, {})


def _id(measure: Measure) -> str:
    return f"{measure.indicator}#{measure.number}"


def _mirror(key: str, value: object) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _take(of: Assessment, id_: str, field: str, key: str, shown: Mapping[str, Any]) -> None:
    edits, value = _edits(of), st.session_state[key]
    before = edits.get(id_, Edit(shown, shown))
    edits[id_] = Edit(before.began, {**before.mine, field: None if value == "" else value})


def _save(view: View, submission: str, source: str) -> None:
    """Put what this assessor changed into what is recorded by now; write, read back and record it; for the button."""
    t, edits = view.t, _edits((source, submission))
    sent = data.store().submissions.one(submission, view.viewer)
    counts, recorded = _recorded(data.version(), view.viewer, source, sent.agency_code, sent.fiscal_year)
    began, mine = ({id_: edit.began for id_, edit in edits.items()}, {id_: edit.mine for id_, edit in edits.items()})
    cells, clashes = merged(_flat(began), _flat(mine), _flat(recorded))
    if clashes:
        words = ", ".join(f"{id_} ({_words(view, id_, recorded.get(id_, UNSAID), field)})" for id_, field in clashes)
        # Who has read of it may insist.
        edits |= {id_: _begun_again(edits[id_], recorded.get(id_, UNSAID)) for id_, _ in clashes}
        st.session_state[SAVED] = [("refused", t("assess_page.clash", answers=words))]
        return
    said = {id_: {field: cells.get((id_, field)) for field in UNSAID} for id_, _ in cells}
    content = write_form(
        view.framework, prefill=answered_submission(sent, said, source), source=source, language=DEFAULT_LANGUAGE
    )
    name = file_name((t("assess_page.on_page"), sent.agency_code, sent.fiscal_year), "xlsx")
    received = receive([Sent(name, content)], shipped_frameworks(), known=known_to(view.viewer))
    st.session_state[SAVED] = _record(view, received, {(sent.agency_code, sent.fiscal_year, source): counts})
    if all(kind == "saved" for kind, _ in st.session_state[SAVED]):
        edits.clear()


def _begun_again(edit: Edit, recorded: Mapping[str, Any]) -> Edit:
    """The same changes, of what is recorded now."""
    changed = {field: value for field, value in edit.mine.items() if value != edit.began[field]}
    return Edit(recorded, {**recorded, **changed})


def _record(view: View, received: Iterable[Received], made_from: Mapping[Whose, str | None]) -> list[tuple[str, str]]:
    """saved or refused, and why in words."""
    t, who = view.t, view.viewer
    said: list[tuple[str, str]] = []
    # What an assessor goes back to is as new as anything else that they save.
    again = (replace(one, again=True) for one in received)
    try:
        for one, recorded in record_accepted(
            data.store(), again, received_by=who.name, viewer=who, made_from=made_from
        ):
            if recorded:
                said.append(("saved", t("assess_page.saved", name=one.name, submission=recorded.submission_id)))
            else:
                said += [("refused", finding_text(finding, t)) for finding in one.findings if finding.is_error]
    except StoreChanged as changed:  # while the form was being written; the next press begins from what counts then
        said.append(("refused", str(changed)))
    return said


def _flat(said: Said) -> dict[tuple[str, str], Any]:
    return {(id_, field): value for id_, one in said.items() for field, value in one.items()}


def _answer_key(id_: str, answer: bool) -> str:
    yes, no = ("accepted", "refused") if "#" in id_ else ("met", "not_met")
    return yes if answer else no


def _words(view: View, id_: str, one: Mapping[str, Any], field: str) -> str:
    if field == "suggestion":
        return view.t("assess_page.other_suggestion")
    return view.t("ui.unanswered" if one["answer"] is None else f"assess_page.{_answer_key(id_, one['answer'])}")
