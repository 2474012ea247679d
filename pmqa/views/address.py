"""Addresses of cards: what they are, and how they are written, in a URL or on a command line.

An address says which card, of which selection, with which choices: ids only. Who looks, the version of the data and the
theme are of whoever opens it. `gaps.blocking?year=2569&basis=claimed&agency=A1`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from pmqa.errors import CardGone
from pmqa.text import DEFAULT_LANGUAGE, Translator, languages, translator
from pmqa.views.cards import known_cards
from pmqa.views.choices import choices_of
from pmqa.views.selected import Selection

One = str | int | bool
Value = One | tuple[str | int, ...]
YES: Final = {"1": True, "0": False}


# What a selection is called in an address: as in the addresses of pages.
NAMES: Final = {
    "language": "lang",
    "edition": "edition",
    "fiscal_year": "year",
    "basis": "basis",
    "ministries": "ministry",
    "agency_types": "type",
    "meeting": "meeting",
    "with_incomplete": "incomplete",
    "closed": "round",
}
BLANK: Final = Selection()


@dataclass(frozen=True)
class Address:
    """A card's id, its selection and its choices by name, in the order of names."""

    card: str
    selection: Selection = BLANK
    choices: tuple[tuple[str, Value], ...] = ()


def address(card: str, selection: Selection, choices: Mapping[str, Value]) -> Address:
    """The address of a card. selection: one, or a view."""
    plain = Selection(**{one.name: getattr(selection, one.name) for one in fields(Selection)})
    return Address(card, plain, tuple(sorted(choices.items())))


def write(address: Address) -> str:
    """The address as text, blanks of its selection left out: safe in a URL."""
    said = [(NAMES[name], value) for name, value in _said(address.selection).items()] + list(address.choices)
    pairs = [(name, _word(one)) for name, value in said for one in (value if isinstance(value, tuple) else (value,))]
    pairs += [(name, "") for name, value in address.choices if value == ()]
    return f"{address.card}?{urlencode(pairs)}" if pairs else address.card


def parse(text: str, language: str = DEFAULT_LANGUAGE) -> Address:
    """The address that a text says. language: where it names none. Raises CardGone with a sentence that says what of it
    cannot be read."""
    card, _, query = text.strip().partition("?")
    said: dict[str, list[str]] = {}
    for name, word in parse_qsl(query, keep_blank_values=True):
        said.setdefault(name, []).append(word)
    language = said.pop("lang", [language])[-1]
    t = translator(language if language in languages() else DEFAULT_LANGUAGE)
    if card not in known_cards():
        raise CardGone(t("views.no_card", card=card, known=", ".join(sorted(known_cards()))))
    selection: dict[str, Any] = {"language": language}
    for name, word in NAMES.items():
        if word in said:
            many = isinstance(getattr(BLANK, name), tuple)
            kind = str if many else type(getattr(BLANK, name))
            selection[name] = _read(word, said.pop(word), kind, many, t)
    choices = choices_of(known_cards()[card].make)
    if unknown := [name for name in said if name not in choices]:
        words = {"card": card, "names": ", ".join(unknown), "known": ", ".join(choices) or t("views.none")}
        raise CardGone(t("views.no_choice", **words))
    chosen = {name: _read(name, words, choices[name].value, choices[name].many, t) for name, words in said.items()}
    return address(card, Selection(**selection), chosen)


def _said(selection: Selection) -> dict[str, Value]:
    """What of a selection is not blank; its language always."""
    every = {name: getattr(selection, name) for name in NAMES}
    return {name: value for name, value in every.items() if name == "language" or value != getattr(BLANK, name)}


def _word(value: One) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _read(name: str, words: list[str], kind: type, many: bool, t: Translator) -> Any:
    if many:
        return tuple(_read_one(name, word, kind, t) for word in words if word)
    if len(words) > 1:
        raise CardGone(t("views.said_twice", name=name))
    return _read_one(name, words[0], kind, t)


def _read_one(name: str, word: str, kind: type, t: Translator) -> One:
    if kind is bool:
        if word not in YES:
            raise CardGone(t("views.not_yes", name=name, value=word))
        return YES[word]
    if kind is int:
        if not word.isascii() or not word.removeprefix("-").isdigit():
            raise CardGone(t("views.not_a_number", name=name, value=word))
        return int(word)
    return word
