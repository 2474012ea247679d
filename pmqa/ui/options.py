"""Where there are too many to send to a browser in every run: a box to search in, and the first of what it finds.

Up to AS_THEY_ARE, options and rows are sent as they are, and the browser's own search and sorting are enough. Of more,
what is not sent can be found, and it is always said how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, TypeVar

import streamlit as st

from pmqa.text import Translator

AS_THEY_ARE: Final = 300
OFFERED: Final = 100  # options of more
FOUND: Final = "_found"  # name -> (text, language, options), and what of the options has the text in its words

Option = TypeVar("Option", str, int)


def are_many(options: Sequence[object]) -> bool:
    """Whether so many are not sent."""
    return len(options) > AS_THEY_ARE and not isinstance(options, range)


def among(options: Sequence[Any], ids: Collection[Any]) -> dict[str, Any]:
    """Text -> option, of all of them; of many, of those alone that ids (or their texts) are."""
    if are_many(options) and isinstance(options[0], str):
        return {str(one): str(one) for one in ids if str(one) in options}
    return dict(zip(map(str, options), options, strict=True))


def offered(
    name: str, options: Sequence[Option], chosen: Sequence[Option], words: Callable[[Option], str], t: Translator
) -> Sequence[Option]:
    """The options that a widget is given, what is chosen among them; of many, with a box before it to search in."""
    if not are_many(options):
        return options
    shown = t.number(OFFERED, 0)
    text = st.text_input(
        t("ui.find_option", of=t.number(len(options), 0)),
        key=f"find-{name}",
        placeholder=t("ui.find_option_shown", n=shown, of=t.number(len(options), 0)),
        icon=":material/search:",
        label_visibility="collapsed",
        width=230,
    )
    found: Sequence[Option] = options
    if text.strip():
        found = _with_words(name, text.strip(), options, words, t)
    if found is not options:
        key = "found_none" if not found else "found_first" if len(found) > OFFERED else "found_all"
        st.caption(t(f"ui.{key}", n=t.number(len(found), 0), first=shown), width="content")
    sent: dict[Option, None] = dict.fromkeys(chosen)
    sent |= dict.fromkeys(found[:OFFERED])
    return list(sent)


def _with_words(
    name: str, text: str, options: Sequence[Option], words: Callable[[Option], str], t: Translator
) -> Sequence[Option]:
    """The options with a text in their words, kept until another is asked for: ten thousand are worded once."""
    kept: dict[str, tuple[object, Sequence[Any]]] = st.session_state.setdefault(FOUND, {})
    asked = (text, t.language, tuple(options))
    if name not in kept or kept[name][0] != asked:
        sought = text.casefold()
        kept[name] = (asked, [one for one in options if sought in words(one).casefold()])
    return kept[name][1]
