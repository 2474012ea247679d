"""Every choice that a page offers, tried one after the other, and the files that each would give."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pmqa.charts.render.wording import alt
from pmqa.ui import downloads, state
from pmqa.ui.downloads import Shown
from pmqa.views import files, numbers
from pmqa.views.view import View
from tests.pages import opened

NOT_TRIED: Final = ("lang", "ministry", "type", "agencies")  # the same everywhere, or tried by a test of their own
LONG: Final = 9  # options of a list of which not all are tried,
FIRST: Final = 3  # but so many and the last


@dataclass
class Taken:
    """What the downloads of a run would give: files by name.

    A card's workbook and slides are made once for each kind of drawing that it has, with the zip of the first run that
    shows it or alone: their numbers and names are those of its csv and alternative text, which every run gives.
    """

    cards: list[tuple[View, Shown]] = field(default_factory=list)
    buttons: list[tuple[str, Any]] = field(default_factory=list)
    made: set[tuple[str, str]] = field(default_factory=set)

    def files(self) -> Iterator[tuple[str, bytes]]:
        zipped = any(name.endswith(".zip") for name, _ in self.buttons)
        new = False
        for view, shown in self.cards:
            card, name = shown.card(), files.name_of(view, shown.title)
            yield f"{name}.csv", files.card_csv(view, card)
            if card.drawing is not None:
                yield f"{name} alt", alt(card.drawing).encode()
            yield f"{name}.parquet", pd.read_parquet(io.BytesIO(files.card_parquet(view, card))).to_csv().encode()
            kind = (shown.name, card.drawing.kind if card.drawing else "")
            if kind in self.made:
                continue
            self.made.add(kind)
            new = True
            if zipped:
                continue
            yield f"{name}.xlsx", files.card_xlsx(view, card)
            if card.drawing is not None:
                yield f"{name}.pptx", files.card_pptx(view, card)
        for name, contents in self.buttons:
            if name.endswith(".zip") and self.cards and not new:
                continue
            yield name, contents() if callable(contents) else contents


def keep_taken(monkeypatch: pytest.MonkeyPatch, *, traced: bool = True) -> Taken:
    """Every download that pages offer from now on, on its buttons and in its menus.

    traced: whether workbooks have the traces of their numbers, which take most of their time and are of one agency.
    """
    found, offer, button = Taken(), downloads.offer, st.download_button

    def offered(view: View, shown: Shown) -> None:
        found.cards.append((view, shown))
        offer(view, shown)

    def drawn(label: str, contents: Any, **options: Any) -> bool:
        if options["mime"] != downloads.MIME["pptx"]:  # a card's, which is made below as well
            found.buttons.append((options["file_name"], contents))
        return bool(button(label, contents, **options))

    monkeypatch.setattr("pmqa.ui.showing.offer", offered)
    monkeypatch.setattr(st, "download_button", drawn)
    if not traced:
        monkeypatch.setattr(numbers, "MOST_TRACED", 0)
    monkeypatch.setattr(files, "card_picture", lambda *_: b"")  # every chart is drawn by the tests of pictures
    return found


def every_choice(
    page: str,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    taken: Taken,
    *,
    long: int = LONG,
    first: int = FIRST,
    **fixed: str,
) -> Iterator[tuple[dict[str, str], AppTest]]:
    """The page once for each option of each of its choices, on top of the choices that brought it up.

    What a run shows already, by default or as chosen, is not asked for again. long: options of a list of which not all
    are tried, but the first ones and the last. fixed: parameters of every link. taken: holds the downloads of each run.
    """
    options = _recorded_options(monkeypatch)
    waiting: list[dict[str, str]] = [{}]
    tried: set[tuple[str, str]] = set()
    while waiting:
        choices = waiting.pop()
        options.clear()
        taken.cards.clear()
        taken.buttons.clear()
        yield choices, opened(page, database, monkeypatch, **fixed, **choices)
        for name, (ids, shown) in options.items():
            some = ids if len(ids) <= long else [*ids[:first], *ids[-1:]]
            new = [one for one in dict.fromkeys(some) if (name, one) not in tried and [one] != shown]
            if name not in (*NOT_TRIED, *choices):
                tried |= {(name, one) for one in new}
                waiting += [{**choices, name: one} for one in new]


def _recorded_options(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[list[str], list[str]]]:
    """name -> ids of each choice that a run offers, and which of them it shows; filled while it runs."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    original = state._wanted

    def recorded(name: str, label: str, ids: Any, default: Any) -> Any:
        wanted = original(name, label, ids, default)
        if not isinstance(ids, range):
            found[name] = ([str(one) for one in ids], [str(one) for one in wanted])
        return wanted

    monkeypatch.setattr(state, "_wanted", recorded)
    return found
