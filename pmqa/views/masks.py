"""Masks of a meeting: agencies under aliases wherever somebody could read who they are.

Aliases go by a random word of the meeting, which addresses carry, and a key that never leaves the database: the same
address shows the same aliases on any server, another meeting shows others, and nobody can work out names from it. All
frames of a view are masked where the view is made, so that charts, tables, tooltips and files know aliases only, in
the order of the aliases.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from pmqa.analysis.units import PERCENT_WORDS, plain
from pmqa.framework import shipped_frameworks
from pmqa.text import Translator
from pmqa.views import data
from pmqa.views.memory import shared

# Chance; the last submission when the meeting began, so that who sends for the first time later takes nobody's alias;
# and a seal on both: with numbers of their own choosing, people could find out who sent before whom.
WORD: Final = r"[0-9a-f]{8}(-\d{1,9}-[0-9a-f]{16})?"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MORE_LETTERS: Final = 2  # of who came after the meeting began: room enough for two to draw the same but seldom
# What agencies wrote: of some it is told that there is something, as counts go by it; of others not even that.
TOLD_OF: Final = ("explanation", "evidence", "suggestion", "note", "evidence_before", "evidence_after")
NOT_TOLD: Final = ("name", "file_name", "received_by")


class Told(NamedTuple):
    """What a meeting is told of an agency: its ministry's name and its type; "" where that would tell too much."""

    ministry: str
    agency_type: str


@dataclass(frozen=True)
class Aliases:
    """code -> alias of agencies; ministry, and name of a peer group -> its number."""

    agencies: Mapping[str, str]
    ministries: Mapping[str, str]
    groups: Mapping[str, str]


def new_word(version: str) -> str:
    """The word of a meeting that begins now."""
    word = f"{secrets.token_hex(4)}-{data.last_submission(version)}"
    return f"{word}-{_seal(version, word)}"


def reads(version: str, word: str) -> bool:
    """Whether the word is one that this database gave, or one without a last submission, which tells nothing."""
    if not re.fullmatch(WORD, word):
        return False
    spoken, _, seal = word.rpartition("-")
    return not spoken or hmac.compare_digest(seal, _seal(version, spoken))


def _seal(version: str, word: str) -> str:
    return keyed(data.alias_key(version), "meeting", word).hex()[:16]


def keyed(key: str, *words: str) -> bytes:
    """Words as bytes that nobody without the key can work out, or work back."""
    return hmac.new(key.encode(), " ".join(words).encode(), hashlib.sha256).digest()


@shared(most=64)
def aliases_of(version: str, word: str) -> Aliases:
    """The aliases of every agency that ever sent, whoever looks, in an order that says nothing about them."""
    facts, key = data.every_agency(version), data.alias_key(version)
    last = word.split("-")[1] if "-" in word else ""

    def order(name: str) -> bytes:
        return keyed(key, word, name)

    there = facts["first"] <= int(last) if last else facts["first"] >= 0
    codes = sorted(facts.loc[there, "agency_code"], key=order)
    later = facts.loc[~there].sort_values("first")["agency_code"]
    width = _width(len(codes))
    return Aliases(
        {code: _letters(place, width) for place, code in enumerate(codes)} | _drawn(later, order, width + MORE_LETTERS),
        _numbered(facts["ministry"].unique(), order),
        _numbered(data.peer_groups(version, None), order),
    )


def told_of(agencies: pd.DataFrame, minimum: int) -> dict[str, Told]:
    """Code -> what may be told, so that nobody is one of fewer than `minimum` who are told of alike.

    agencies: agency_code, ministry, agency_type. Ministry and type together where that many share both; else the type
    alone where that many of the others share it; else nothing.
    """
    rows = agencies[["agency_code", "ministry", "agency_type"]].astype("str")
    both = rows.groupby(["ministry", "agency_type"])["agency_code"].transform("size") >= minimum
    rows["ministry"] = rows["ministry"].where(both, "")
    alike = rows.groupby(["ministry", "agency_type"])["agency_code"].transform("size")
    rows["agency_type"] = rows["agency_type"].where(alike >= minimum, "")
    # Who is left must not be few either: the smallest of the others join them until they are enough.
    sizes = rows.groupby(["ministry", "agency_type"], sort=True).size().sort_values(kind="stable")
    hidden, joining = int(sizes.get(("", ""), 0)), set()
    for group, size in sizes.items():
        if 0 < hidden < minimum and group != ("", ""):
            hidden += int(size)
            joining.add(group)
    return {
        code: Told("", "") if (ministry, kind) in joining else Told(ministry, kind)
        for code, ministry, kind in rows.itertuples(index=False)
    }


def masked(frame: pd.DataFrame, names: Aliases, told: Mapping[str, Told], t: Translator) -> pd.DataFrame:
    """The frame with aliases for agencies and ministries, and nothing that agencies wrote.

    told: code -> what is told of an agency; nothing of one that is not in it.
    """
    new: dict[str, Any] = {}
    if "agency_code" in frame:
        codes = frame["agency_code"]
        new["agency_code"] = _renamed(codes, names.agencies)
        if "agency_name" in frame:
            words = {code: t("ui.alias", letter=alias) for code, alias in names.agencies.items()}
            new["agency_name"] = _renamed(codes, words)
        if "ministry" in frame:
            new["ministry"] = _grouped(codes, {code: _ministry(names, told, code, t) for code in codes.unique()})
        if "agency_type" in frame:
            new["agency_type"] = _grouped(codes, {code: _type(told, code, t) for code in codes.unique()})
    if "unit" in frame:
        new["unit"] = frame["unit"].where(frame["unit"].isin(_usual_units(frame["unit"].dropna().unique())))
    for name in TOLD_OF:
        if name in frame:
            new[name] = frame[name].astype("str").mask(frame[name].notna(), t("ui.not_told"))
    new |= {name: pd.Series(None, index=frame.index, dtype="str") for name in NOT_TOLD if name in frame}
    return frame.assign(**new)


def _ministry(names: Aliases, told: Mapping[str, Told], code: str, t: Translator) -> str:
    ministry = told[code].ministry if code in told else ""
    return t("ui.alias_ministry", number=names.ministries[ministry]) if ministry else t("ui.alias_ministry_other")


def _type(told: Mapping[str, Told], code: str, t: Translator) -> str:
    return (told[code].agency_type if code in told else "") or t("ui.alias_type")


def _usual_units(units: Iterable[str]) -> set[str]:
    """Of the units as written, those that the framework knows: any other could be told by its words."""
    indicators = [indicator for edition in shipped_frameworks().values() for indicator in edition.indicators]
    known = {plain(words) for indicator in indicators for words in indicator.unit.values()} | PERCENT_WORDS
    return {unit for unit in units if plain(unit) in known}


def _renamed(values: pd.Series[Any], words: Mapping[str, str]) -> pd.Series[Any]:
    """The values under other names, each its own; categories in the order of the new names."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        renamed = values.cat.rename_categories(words)
        return renamed.cat.reorder_categories(sorted(renamed.cat.categories))
    return values.map(words).astype("str")


def _grouped(codes: pd.Series[Any], words: Mapping[str, str]) -> pd.Series[Any]:
    return codes.map(words).astype("category")


def _numbered(names: Iterable[str], order: Any) -> dict[str, str]:
    return {name: str(place) for place, name in enumerate(sorted(names, key=order), 1)}


def _drawn(codes: Iterable[str], order: Callable[[str], bytes], width: int) -> dict[str, str]:
    """Code -> letters that go by the code alone: nobody's changes, and they tell nothing of who came when.

    codes: in the order in which they came, so that of two who draw the same the later one draws again.
    """
    found: dict[str, str] = {}  # letters -> code
    for code in codes:
        draws = (int.from_bytes(order(f"{code} {draw}")[:8]) for draw in itertools.count())
        words = (_letters(draw % len(LETTERS) ** width, width) for draw in draws)
        found[next(word for word in words if word not in found)] = code
    return {code: letters for letters, code in found.items()}


def _width(number: int) -> int:
    """How many letters each of this number of agencies needs."""
    width = 1
    while len(LETTERS) ** width < number:
        width += 1
    return width


def _letters(place: int, width: int) -> str:
    """A place as so many letters: their order is that of the places."""
    word = ""
    for _ in range(width):
        place, rest = divmod(place, len(LETTERS))
        word = LETTERS[rest] + word
    return word
