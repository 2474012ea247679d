"""Streamlit's own words in the page's language: what static/words.js puts in their place (data/text/streamlit.toml)."""

from __future__ import annotations

import html
import json
from functools import cache
from typing import Final

import streamlit as st

from pmqa.text import DEFAULT_LANGUAGE, blanks, languages, load_sentences, translator

AREA: Final = "streamlit."


def put_into_words(language: str) -> None:
    """Tell the script the words of this language."""
    with st.container(key="words"):
        st.html(f'<span class="pmqa-words" hidden>{_words(language)}</span>')


@cache
def _words(language: str) -> str:
    return html.escape(json.dumps(instead_of_theirs(language), ensure_ascii=False), quote=False)


def instead_of_theirs(language: str) -> dict[str, str]:
    """Whole texts -> this language's, {blanks} in both. From every other language: the one before may still stand."""
    found: dict[str, str] = {}
    for key in load_sentences():
        if key.startswith(AREA):
            own, *others = (_wording(key, one) for one in (language, *languages()))
            found |= {other: own for other in others if other != own}
    return found


def _wording(key: str, language: str) -> str:
    sentence = load_sentences()[key][DEFAULT_LANGUAGE]
    return translator(language)(key, **{blank: f"{{{blank}}}" for blank in blanks(sentence)})
