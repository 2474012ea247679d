"""What has to be said before files can be saved: which of several counts, and whose they are when codes look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from pmqa.intake import APART, Claim, Question, Said, judge, settled
from pmqa.text import MISSING
from pmqa.ui import state
from pmqa.ui.forms.staging import Staged, by_verdict
from pmqa.views.view import View
from pmqa.views.words import source_name

UNSAID: Final = ""
ONE, TWO = "one", "two"  # what can be said of codes that look alike


@dataclass(frozen=True, slots=True)
class Decided:
    """The files by what was said, that, and the key of each file passed over -> the key of the one chosen instead."""

    files: list[Staged]
    said: Said
    rivals: Mapping[str, str]


def decided(view: View, files: Sequence[Staged]) -> Decided:
    """Asks for everything that has to be said of the files, and says how many wait for it."""
    claims = [one.claim for one in files if one.claim and one.outcome not in ("refused", "skipped")]
    by_key = {claim.key: claim for claim in claims}
    codes: dict[str, str] = {}
    chosen: dict[str, Question] = {}
    with st.container(key="decisions"):
        notice = st.container()
        for question in judge(claims)[1]:
            if question.kind == "codes" and (answer := _ask_code(view, question, by_key)) is not None:
                codes[question.about] = answer
        about_files = [one for one in judge(claims, Said(codes=codes))[1] if one.kind != "codes"]
        for question in about_files:
            if (key := _ask_file(view, question, by_key)) != UNSAID:
                chosen[key] = question
        _offer_newest(view, [one for one in about_files if one.proposed and one not in chosen.values()])
    said = Said(frozenset(by_key[key].content for key in chosen), codes)
    verdicts, _ = judge(claims, said)
    if waiting := sum(verdict.outcome == "undecided" for verdict in verdicts.values()):
        notice.warning(view.t("submit_page.undecided", n=waiting), icon=":material/rule:")
    return Decided(
        [by_verdict(one, verdicts[one.key]) if one.key in verdicts else one for one in files],
        settled(claims, said),
        {other: key for key, question in chosen.items() for other in question.keys if other != key},
    )


def _ask_code(view: View, question: Question, claims: Mapping[str, Claim]) -> str | None:
    t = view.t
    files = ", ".join(claims[key].name for key in question.keys)
    answer = state.choose_one(
        f"code-{question.about}",
        t("submit_page.ask_code", codes=", ".join(question.codes), files=files),
        (UNSAID, ONE, TWO),
        words=lambda one: t(f"submit_page.code_{one or 'unsaid'}", code=question.codes[0]),
    )
    return {ONE: question.codes[0], TWO: APART}.get(answer)


def _ask_file(view: View, question: Question, claims: Mapping[str, Claim]) -> str:
    t, first = view.t, claims[question.keys[0]]
    code, year, source = first.whose
    about = {"agency": first.agency[0] or code, "year": t.year(year), "source": source_name(source, t)}

    def words(key: str) -> str:
        if key == UNSAID:
            before = first.before
            return t("submit_page.file_unsaid") if before is None else t("submit_page.stays", counts=before.counts)
        moment = claims[key].modified
        said = t("submit_page.changed_at", name=claims[key].name, moment=t.moment(moment) if moment else MISSING)
        return t("submit_page.newest", said=said) if key == question.proposed else said

    return state.choose_one(
        _name_of(question), t(f"submit_page.ask_{question.kind}", **about), (UNSAID, *question.keys), words=words
    )


def _offer_newest(view: View, questions: Sequence[Question]) -> None:
    if questions:
        st.button(
            view.t("submit_page.choose_newest", n=len(questions)),
            on_click=_choose_newest,
            args=(questions,),
            icon=":material/update:",
            key="choose-newest",
        )


def _choose_newest(questions: Sequence[Question]) -> None:
    for question in questions:
        if question.proposed:
            state.choose_from_afar(_name_of(question), question.proposed)


def _name_of(question: Question) -> str:
    return f"file-{question.about}"
