"""People and the audit on screen: letting somebody in, changing their role and reach, taking them off the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

import streamlit as st

from pmqa.errors import StoreError
from pmqa.sources import SOURCES
from pmqa.text import BANGKOK, end_of_day, start_of_day
from pmqa.ui.forms.register import SAID, WRONG
from pmqa.ui.showing import show_card
from pmqa.viewer import ROLES, Person
from pmqa.views import data
from pmqa.views.cards import people as parts
from pmqa.views.view import View
from pmqa.views.words import plain
from pmqa.workbook.people import problems_of

ROUND: Final = "_people_round"  # part of every key of the form: a new one clears it
BEGAN: Final = "_people_began"  # (round, address, the person that the form began from)
DAYS_SHOWN: Final = 30  # of the audit, until somebody chooses a day


def edit_people(view: View) -> None:
    """One person at a time, a new one or one of the list; nothing counts until a button is pressed."""
    t, session = view.t, st.session_state
    people, number = data.people(view.version, view.viewer), session.setdefault(ROUND, 0)
    st.header(t("people.edit"), anchor=False)
    whom = st.selectbox(
        t("people.whom"),
        ["", *people],
        format_func=lambda email: email or t("people.somebody_new"),
        key=f"person-{number}",
    )
    if session.get(BEGAN, ())[:2] != (number, whom):
        session[BEGAN] = (number, whom, people.get(whom))
    before: Person | None = session[BEGAN][2]
    if before != people.get(whom):
        st.info(t("people.changed_meanwhile"), icon=":material/sync_problem:")
        st.button(t("people.begin_again"), on_click=_begin_again, key="begin-again")
    _form(view, before, f"{number}-{whom}")


def _form(view: View, before: Person | None, key: str) -> None:
    t = view.t
    agencies, ministries = _known(view)
    with st.form(f"person-form-{key}"):
        if before is None:
            st.text_input(t("people.field_email"), key=f"email-{key}", placeholder="name@example.go.th")
        left, right = st.columns(2)
        left.selectbox(
            t("people.field_role"),
            ROLES,
            index=ROLES.index(before.role) if before else None,
            format_func=lambda role: t(f"people.role_{role}"),
            placeholder=t("ui.choose"),
            help=t("people.role_help"),
            key=f"role-{key}",
        )
        right.date_input(
            t("people.field_valid_until"),
            _day_of(before),
            format="DD/MM/YYYY",
            help=t("people.until_help"),
            key=f"until-{key}",
        )
        _choose_reach(view, "agencies", agencies, before.agencies if before else None, key)
        _choose_reach(
            view, "ministries", {name: name for name in ministries}, before.ministries if before else None, key
        )
        st.text_input(t("people.field_note"), (before and before.note) or "", key=f"note-{key}")
        st.text_input(t("people.reason"), help=t("people.reason_help"), key=f"reason-{key}")
        with st.container(horizontal=True):
            st.form_submit_button(
                t("people.save" if before else "people.add"),
                on_click=_save,
                args=(view, before, key),
                type="primary",
                icon=":material/save:",
                key="save-person",
            )
            if before:
                st.form_submit_button(
                    t("people.remove"),
                    on_click=_remove,
                    args=(view, before, key),
                    icon=":material/person_remove:",
                    key="remove-person",
                )


def show_audit(view: View) -> None:
    """Since a day that one chooses, who did what."""
    t = view.t
    today = dt.datetime.now(BANGKOK).date()
    day = st.date_input(
        t("people.since"),
        today - dt.timedelta(days=DAYS_SHOWN),
        max_value=today,
        format="DD/MM/YYYY",
        key="audit-since",
    )
    if isinstance(day, dt.date):
        show_card(view, "audit", parts.audit(view, start_of_day(day)))  # events come without a change of the data


def _choose_reach(view: View, field: str, names: Mapping[str, str], chosen: Collection[str] | None, key: str) -> None:
    t = view.t
    st.multiselect(
        t(f"people.field_{field}"),
        list(dict.fromkeys([*names, *sorted(chosen or ())])),
        sorted(chosen or ()),
        format_func=lambda name: names.get(name, name),
        placeholder=t(f"people.all_{field}"),
        accept_new_options=True,
        help=t(f"people.{field}_help"),
        key=f"{field}-{key}",
    )


def _known(view: View) -> tuple[dict[str, str], list[str]]:
    """Code -> code and name of agencies, and ministries, of the register and of what was sent."""
    sent = [data.submissions(view.version, view.viewer, source) for source in SOURCES]
    agencies: dict[str, str] = {}
    ministries: set[str] = set()
    for frame in (data.register(view.version, view.viewer), *sent):
        for code, name in zip(frame["agency_code"], frame["agency_name"], strict=True):
            agencies.setdefault(str(code), f"{code} {name}")
        ministries |= set(frame["ministry"].astype("str"))
    return dict(sorted(agencies.items())), sorted(ministries)


def _day_of(person: Person | None) -> dt.date | None:
    if person is None or person.valid_until is None:
        return None
    return person.valid_until.replace(tzinfo=dt.UTC).astimezone(BANGKOK).date()


def _save(view: View, before: Person | None, key: str) -> None:
    t, session = view.t, st.session_state
    email = before.email if before else str(session[f"email-{key}"]).strip().casefold()
    role, until = session[f"role-{key}"], session[f"until-{key}"]
    agencies = _reach(session[f"agencies-{key}"], before.agencies if before else None)
    wrong = [t(f"people.problem_{one.code}", value=one.value) for one in problems_of(email, role, agencies)]
    if role is None:
        wrong.append(t("people.say_role"))
    if before is None and email in data.store().people.all(view.viewer):
        wrong.append(t("people.known", email=email))
    if wrong:
        session[WRONG] = " ".join(wrong)
        return
    ministries = _reach(session[f"ministries-{key}"], before.ministries if before else None)
    note = str(session[f"note-{key}"]).strip() or None
    person = Person(email, role, agencies, ministries, until and end_of_day(until), note)
    if _change(view, before, person, key):
        session[SAID] = t("people.saved", email=plain(email))


def _remove(view: View, before: Person, key: str) -> None:
    if not str(st.session_state[f"reason-{key}"]).strip():
        st.session_state[WRONG] = view.t("people.say_why")
    elif _change(view, before, None, key):
        st.session_state[SAID] = view.t("people.removed", email=plain(before.email))


def _change(view: View, before: Person | None, after: Person | None, key: str) -> bool:
    """Whether it was done; says why not."""
    began, wanted = ({one.email: one} if one else {} for one in (before, after))
    reason = str(st.session_state[f"reason-{key}"]).strip()
    try:
        data.store().people.change(began, wanted, who=view.viewer.name, reason=reason, viewer=view.viewer)
    except StoreError as error:
        st.session_state[WRONG] = str(error)
        return False
    _begin_again()
    return True


def _reach(chosen: list[str], before: frozenset[str] | None) -> frozenset[str] | None:
    """Nothing chosen = all, except for who had reach of nobody: nothing that is left as it was widens."""
    names = frozenset(name.strip() for name in chosen if name.strip())
    return names or (before if before == frozenset() else None)


def _begin_again() -> None:
    st.session_state[ROUND] += 1
