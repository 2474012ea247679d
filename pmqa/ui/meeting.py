"""The meeting mode: agencies under aliases wherever a projector could show who they are.

Aliases go by a random word of the meeting, which the URL carries, and a key that never leaves the database: the same
link shows the same aliases on any server, another meeting shows others, and nobody can work out names from a URL. All
frames of a view are masked where the view is made, so that charts, tables, tooltips and files know aliases only.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.text import Translator
from pmqa.ui import data, state
from pmqa.ui.shared import shared

MEETING: Final = "meeting"  # the parameter of the URL
WORD: Final = r"[0-9a-f]{8}"
TOGGLE: Final = "meeting-on"
SPOKEN_AS: Final = "_spoken_as"  # the meeting whose aliases the choices of agencies are in
CHOICES_OF_AGENCIES: Final = ("agency", "agencies", "highlight")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WRITTEN: Final = ("explanation", "evidence", "suggestion", "name", "note", "file_name", "received_by")


@dataclass(frozen=True)
class Aliases:
    """code -> alias of agencies; ministry -> its alias; types with too few agencies to be named."""

    agencies: Mapping[str, str]
    ministries: Mapping[str, str]
    rare_types: frozenset[str]


def choose_meeting(t: Translator, version: str) -> str:
    """The toggle; the meeting's word, "" where names are shown. Agencies that were chosen stay chosen."""
    word = state.kept_text(MEETING, WORD)
    st.session_state[TOGGLE] = bool(word)
    st.toggle(t("ui.meeting"), key=TOGGLE, on_change=_switch, help=t("ui.meeting_help"))
    before = st.session_state.get(SPOKEN_AS, "")
    if before != word:
        _rename(version, before, word)
        st.session_state[SPOKEN_AS] = word
    return word


def _switch() -> None:
    state.keep_text(MEETING, secrets.token_hex(4) if st.session_state[TOGGLE] else "")


def _rename(version: str, before: str, after: str) -> None:
    """Choices of agencies from names or one meeting's aliases to the other's."""
    codes = {alias: code for code, alias in aliases_of(version, before, 0).agencies.items()} if before else None
    now = dict(aliases_of(version, after, 0).agencies) if after else None
    if codes is None:
        renamed = now or {}
        # A link straight into a meeting brings aliases already.
        renamed = renamed | {alias: alias for alias in renamed.values()}
    else:
        renamed = {alias: now[code] if now else code for alias, code in codes.items()}
    state.rename_chosen(CHOICES_OF_AGENCIES, renamed)


@shared(most=64)
def aliases_of(version: str, word: str, minimum: int) -> Aliases:
    """The aliases of every agency that ever sent, whoever looks, in an order that says nothing about them.

    minimum: agencies of a type below which the type itself would tell who it is.
    """
    facts = data.every_agency(version)
    key = data.alias_key().encode()

    def order(name: str) -> bytes:
        return hmac.new(key, f"{word} {name}".encode(), hashlib.sha256).digest()

    codes = sorted(facts["agency_code"].unique(), key=order)
    ministries = sorted(facts["ministry"].unique(), key=order)
    types = facts.groupby("agency_type")["agency_code"].nunique()
    return Aliases(
        {code: _letters(place) for place, code in enumerate(codes)},
        {ministry: str(place) for place, ministry in enumerate(ministries, 1)},
        frozenset(types.index[types < minimum]),
    )


def masked(frame: pd.DataFrame, names: Aliases, t: Translator) -> pd.DataFrame:
    """The frame with aliases for agencies and ministries, rare types as others, and nothing that agencies wrote."""
    new: dict[str, Any] = {}
    if "agency_code" in frame:
        code = _renamed(frame["agency_code"], lambda one: names.agencies[one])
        new["agency_code"] = code
        if "agency_name" in frame:
            new["agency_name"] = _renamed(code, lambda alias: t("ui.alias", letter=alias))
    if "ministry" in frame:
        new["ministry"] = _renamed(frame["ministry"], lambda one: t("ui.alias_ministry", number=names.ministries[one]))
    if "agency_type" in frame:
        new["agency_type"] = (
            frame["agency_type"].astype("str").where(~frame["agency_type"].isin(names.rare_types), t("ui.alias_type"))
        )
    new |= {name: pd.Series(None, index=frame.index, dtype="str") for name in WRITTEN if name in frame}
    return frame.assign(**new)


def _renamed(values: pd.Series[Any], word: Any) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.rename_categories(word)
    return values.map({one: word(one) for one in values.unique()})


def _letters(place: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA, as columns of a spreadsheet."""
    word = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(LETTERS))
        word = LETTERS[rest] + word
    return word
