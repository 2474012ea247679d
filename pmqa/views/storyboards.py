"""Storyboards as whoever opens them sees them: their cards of today, what has changed since, and the deck of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from pmqa.errors import CardGone, ExportError
from pmqa.exports import Page, Report
from pmqa.store import Slide, Storyboard
from pmqa.text import Translator, translator
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.address import Address, parse
from pmqa.views.building import card_of, view_of
from pmqa.views.cards import Card
from pmqa.views.files import Made, stamp, stamp_of
from pmqa.views.memory import shared
from pmqa.views.reporting import Listed, method_page, table_page
from pmqa.views.told import headline
from pmqa.views.view import View

Change = Literal["", "same", "numbers", "finding"]  # since a card was kept: not known; nothing; its table; its finding
MOST_ROWS: Final = 12  # of a table on slides; the workbook has all


@dataclass(frozen=True)
class Said:
    """What a card says: its finding, and a digest of its table."""

    finding: str
    digest: str


@dataclass(frozen=True)
class Laid:
    """A slide with its card of today, in the language and by the rights of whoever looks.

    made: None where there is no such card for them; why: the sentence then, detail: what exactly is not there, for who
    is told what it was. said: what the card says now in the language that it was kept in, None where it was kept by who
    saw more.
    """

    slide: Slide
    made: tuple[View, Card] | None
    why: str = ""
    detail: str = ""
    said: Said | None = None

    @property
    def headline(self) -> str:
        """What stands above it: what its owner wrote, else the finding; "" where there is no card."""
        if self.made is None:
            return ""
        return self.slide.headline or self.finding

    @property
    def finding(self) -> str:
        """What its card says today; "" where there is none."""
        return "" if self.made is None else headline(self.made[1], self.made[0].t)

    @property
    def change(self) -> Change:
        """What of the card is not as it was kept."""
        if self.said is None:
            return ""
        if self.said.finding != self.slide.finding:
            return "finding"
        return "same" if self.said.digest == self.slide.digest else "numbers"

    @property
    def is_behind(self) -> bool:
        """Whether what the card said was kept of data that are not today's."""
        if self.said is None or self.made is None:
            return False
        return self.slide.version != data.short(self.made[0].version)


def said_of(card: Card, t: Translator) -> Said:
    """What a card says, to be kept with its address."""
    return Said(headline(card, t), hashlib.sha256(card.table.to_csv(index=False).encode()).hexdigest()[:16])


def laid_out(slides: Iterable[Slide], viewer: Viewer, version: str, language: str) -> tuple[Laid, ...]:
    """Each slide with its card."""
    return tuple(_laid(version, viewer, language, slide) for slide in slides)


@shared(most=128)
def _laid(version: str, viewer: Viewer, language: str, slide: Slide) -> Laid:
    t = translator(language)
    try:
        address = parse(slide.address, language)
        made = _made(address, viewer, version, language)
    except CardGone as gone:
        # What is not there is named: to who may not see that, it would say that it is somewhere.
        return Laid(slide, None, t("slides_page.not_for_you"), str(gone) if slide.told else "")
    if not slide.told:
        return Laid(slide, made)
    if slide.version == data.short(version):
        return Laid(slide, made, said=Said(slide.finding or "", slide.digest or ""))
    own = address.selection.language
    as_kept = made if own == language else _made(address, viewer, version, own)
    return Laid(slide, made, said=said_of(as_kept[1], as_kept[0].t))


def _made(address: Address, viewer: Viewer, version: str, language: str) -> tuple[View, Card]:
    view = view_of(replace(address.selection, language=language), viewer, version)
    return view, card_of(view, address.card, address.choices)


def cards_of(laid: Iterable[Laid]) -> Made:
    """The cards that there are, each with its view."""
    return [one.made for one in laid if one.made is not None]


def title_of(board: Storyboard, t: Translator) -> str:
    """Its name, where whoever looks is told it."""
    return board.name or t("slides_page.shared")


def address_of(slide: Slide) -> Address:
    """The address of its card. Raises CardGone."""
    return parse(slide.address)


def changes(laid: Iterable[Laid], t: Translator) -> list[str]:
    """A sentence for each slide whose card is not as it was kept: what it said, what it says now."""
    found = []
    for number, one in enumerate(laid, 1):
        if one.said is None or one.change not in ("finding", "numbers"):
            continue
        words = {"before": one.slide.finding or "", "after": one.said.finding}
        said = t(f"slides_page.changed_{one.change}", number=number, **words)
        check = one.slide.headline and one.change == "finding"
        found.append(f"{said} ({t('slides_page.check_headline')})" if check else said)
    return found


def mixes_names(laid: Iterable[Laid]) -> bool:
    """Whether some cards have a meeting's aliases and some have names: side by side, they tell who is who."""
    return len({bool(view.meeting) for view, card in cards_of(laid) if card.of_scores}) > 1


def report_of(board: Storyboard, laid: tuple[Laid, ...], t: Translator) -> Report:
    """The deck: cover, agenda, a page a card, method. Raises ExportError where there is no card."""
    made = cards_of(laid)
    if not made:
        raise ExportError(t("slides_page.no_cards"))
    view, title = made[0][0], title_of(board, t)
    views = [of for of, card in made if card.of_scores]
    whole = replace(
        stamp_of(view, title, None),
        basis=_each(of.basis_name for of in views),
        fiscal_year=_each(t.year(of.fiscal_year) for of in views),
        edition=_each(of.framework.called(t) for of in views),
        filters="",
    )
    lines = (board.place or "", t.date(board.day or whole.made_on), whole.basis_line())
    cover = Page(title, tuple(line for line in lines if line), cover=True)
    return Report(whole, (cover, _agenda(laid, t), *_pages(laid), method_page(view, whole)))


def _each(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _agenda(laid: Iterable[Laid], t: Translator) -> Page:
    """What is shown, in order; of what is not there, why."""
    rows = []
    for number, one in enumerate(laid, 1):
        if one.made is None:
            rows.append((t.number(number, 0), t("slides_page.left_out"), one.why))
        else:
            view, card = one.made
            rows.append((t.number(number, 0), one.headline, stamp(view, card).basis_line()))
    heads = [t(f"slides_page.agenda_{name}") for name in ("number", "headline", "data")]
    return Page(t("slides_page.agenda"), table=pd.DataFrame(rows, columns=heads))


def _pages(laid: Iterable[Laid]) -> Iterable[Page]:
    for one in laid:
        if one.made is None:
            continue
        view, card = one.made
        spoken = one.slide.note or ""
        if card.drawing is not None:
            yield Page(one.headline, chart=replace(card.drawing, finding=one.headline), spoken=spoken)
        else:
            page = table_page(view, card, Listed("", {}, table=True, most=MOST_ROWS))
            yield replace(page, title=one.headline, spoken=spoken)


def left_out(laid: Iterable[Laid], t: Translator) -> list[str]:
    """A sentence for each slide that is not in the deck."""
    return [
        t("slides_page.left_out_why", number=number, why=one.why)
        for number, one in enumerate(laid, 1)
        if one.made is None
    ]
