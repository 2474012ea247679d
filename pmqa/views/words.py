"""Words of the data on screen: made harmless for markdown, and as people call things."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import pandas as pd

from pmqa.sources import SOURCES, bases
from pmqa.text import MISSING, Translator
from pmqa.workbook.layout import AGENCY_TYPES

# The keys of `ui.type_...` sentences, in the form's own order of types.
TYPE_KEYS: Final = dict(
    zip(
        AGENCY_TYPES,
        (
            "department",
            "province",
            "public_organisation",
            "state_enterprise",
            "university",
            "local_government",
            "other",
        ),
        strict=True,
    )
)

_MARKS: Final = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit also reads some things after markdown has been read (arrows, emoji and icon names, bare links), where a
# backslash no longer helps: a word joiner, which has no width, parts them.
_JOINER: Final = "\u2060"
_PARTED: Final = re.compile(r"(\\[:@<>~=-])")
_BARE_HOST: Final = re.compile(r"(?i)(www)(?=\\\.)")
_BREAKS: Final = re.compile(r"\s*[\r\n]+\s*")


def plain(text: str | None) -> str:
    """Text that somebody sent, so that markdown shows it as it is: no markup, link, formula, colour, icon or break.

    Line breaks become " · " (a cell of a table has one line of markdown); a blank becomes MISSING.
    """
    if text is None or not text.strip():
        return MISSING
    one_line = _BREAKS.sub(" · ", text.strip())
    escaped = _MARKS.sub(r"\\\1", one_line)
    return _BARE_HOST.sub(rf"\1{_JOINER}", _PARTED.sub(rf"\1{_JOINER}", escaped))


def agency_words(code: str, name: str) -> str:
    """An agency as selectors show it: with its code, by which people know it, and by which it is found too."""
    return name if name == code else f"{name} · {code}"


def type_name(agency_type: str, t: Translator) -> str:
    """A type of agency as the language calls it; one that the form does not list stays as it is."""
    key = TYPE_KEYS.get(agency_type)
    return t(f"ui.type_{key}") if key else agency_type


def basis_name(basis: str, t: Translator) -> str:
    """A basis in short: "claimed" is what the agency says."""
    return t.pick(bases()[basis].name)


def source_name(source: str, t: Translator) -> str:
    """Who filled in a form, in short."""
    return t.pick(SOURCES[source].name)


def round_words(rounds: pd.DataFrame, closed: str, t: Translator) -> str:
    """A closed round of ROUNDS in words: its name and day."""
    name, day = rounds.set_index("round").loc[closed, ["name", "day"]]
    return t("ui.round_words", name=name, day=t.date(dt.date.fromisoformat(day)))


def level_name(level: str | None, view_levels: dict[str, str]) -> str:
    """A level as people call it; MISSING where there is no score."""
    return view_levels.get(level, MISSING) if level else MISSING
