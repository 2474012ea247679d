"""Files of cards and of whole pages, each made when somebody clicks: tables, pictures, editable charts, everything.

The same view, data and language give the same bytes, whatever the screen's theme: files are made in the light one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple

import pandas as pd
import streamlit as st

from pmqa.charts import with_origin
from pmqa.charts.render import figure as figure_of
from pmqa.errors import ExportError
from pmqa.exports import (
    Stamp,
    file_name,
    origins_table,
    to_csv,
    to_parquet,
    to_pdf,
    to_png,
    to_pptx,
    to_svg,
    to_xlsx,
    to_zip,
    xlsx_with_charts,
)
from pmqa.scoring import RULES_VERSION
from pmqa.text import BANGKOK, Translator
from pmqa.ui.card import Card, Kind
from pmqa.ui.links import address_of
from pmqa.ui.noting import noted
from pmqa.ui.tracing import trace_sheets
from pmqa.ui.view import View
from pmqa.ui.words import plain

Picture = Literal["png", "svg", "pdf"]
Draw = Callable[..., bytes]

ON_SHEET: Final[Mapping[Kind, str]] = {
    "percent": "0%",
    "score": "0.0",
    "index": "0.00",
    "rate": "0.0",
    "value": "General",
}
PICTURES: Final[Mapping[Picture, Draw]] = {"png": to_png, "svg": to_svg, "pdf": to_pdf}
MENU: Final = "forms-"  # before a card's name: key of the menu of its other forms
TEMPLATE: Final = "template"  # key of the uploader of a ministry's own slides
# Names in the session that are no widget's key.
ON_PAGE: Final = "_on_page"  # Shown of the cards that this run has drawn so far
GIVEN: Final = "_template"  # the Template of this visit
MIME: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Shown:
    """A card on the page, and how to make it again for a file. view: in the light theme."""

    view: View
    name: str
    title: str
    has_chart: bool
    card: Callable[[], Card]


class Template(NamedTuple):
    """A ministry's own .pptx."""

    name: str
    content: bytes


# --- files --------------------------------------------------------------------------------------------------------


def card_csv(view: View, card: Card) -> bytes:
    """The card's table, full precision, headed in the view's language."""
    return to_csv(labelled(card), card.title, stamp(view, card))


def card_parquet(view: View, card: Card) -> bytes:
    """The card's table with its ids and full precision, for programs."""
    return to_parquet(card.table[[column.name for column in card.columns]], stamp(view, card))


def card_xlsx(view: View, card: Card) -> bytes:
    """The card's table as a workbook, with its chart, to be edited, and where its numbers come from."""
    formats = {column.label: ON_SHEET[column.kind] for column in card.columns if column.kind in ON_SHEET}
    sheets = {card.title: labelled(card), **_traces(view, [card])}
    if card.drawing is None:
        return to_xlsx(sheets, stamp(view, card), formats)
    return xlsx_with_charts([card.drawing], stamp(view, card), sheets, formats)


def card_pptx(view: View, card: Card, template: bytes | None = None) -> bytes:
    """The card's chart as a slide, to be edited; an empty deck where it has none. template: a ministry's own .pptx."""
    return to_pptx([] if card.drawing is None else [card.drawing], stamp(view, card), template=template)


def card_picture(view: View, card: Card, form: Picture) -> bytes:
    """The drawing of a card that has one, as the server's browser draws it, and of which data. Raises ExportError where
    there is none."""
    assert card.drawing is not None  # noqa: S101 - pictures are offered of charts alone
    figure = figure_of(card.drawing, view.t, view.theme)
    return PICTURES[form](with_origin(figure, stamp(view, card).origin_line()), view.language)


def page_zip(title: str, shown: Sequence[Shown], address: str, template: bytes | None = None) -> bytes:
    """Everything of the cards: tables, one workbook and one deck of all charts, pictures."""
    cards = [one.card() for one in shown]
    view = shown[0].view
    of_scores = [card for card in cards if card.of_scores]
    whole = replace(stamp(view, [*of_scores, *cards][0]), title=title, n=len(view.agencies) if of_scores else None)
    drawings = [card.drawing for card in cards if card.drawing is not None]
    sheets = {f"{number} {card.title}": labelled(card) for number, card in enumerate(cards, 1)}
    if of_scores:
        sheets |= _traces(view, cards) | {view.t("exports.origins.title"): origins_table(view.framework, view.t)}
    files = {f"{title}.xlsx": xlsx_with_charts(drawings, whole, sheets)}
    if drawings:
        files[f"{title}.pptx"] = to_pptx(drawings, whole, template=template)
    for number, (one, card) in enumerate(zip(shown, cards, strict=True), 1):
        name = f"{number} {card.title}"
        files[f"{name}.csv"], files[f"{name}.parquet"] = card_csv(one.view, card), card_parquet(one.view, card)
        if card.drawing is not None:
            files |= {f"{name}.{form}": card_picture(view, card, form) for form in ("svg", "png")}
    about = {"address": address, "view": view_ids(view), "rules": RULES_VERSION}
    return to_zip(files, whole, about)


def _traces(view: View, cards: Sequence[Card]) -> dict[str, pd.DataFrame]:
    """The sheet that says where the cards' numbers come from."""
    known = [card.numbers for card in cards if card.numbers is not None]
    return trace_sheets(view, pd.concat(known, ignore_index=True).drop_duplicates()) if known else {}


def stamp(view: View, card: Card) -> Stamp:
    """What a download of the card says about itself."""
    return Stamp(
        title=card.title,
        basis=view.basis_name if card.of_scores else "",
        fiscal_year=(card.fiscal_year or view.t.year(view.fiscal_year)) if card.of_scores else "",
        edition=f"{view.edition} {view.framework.version}",
        n=card.n,
        filters=view.filters if card.of_scores else "",
        data_version=view.version.rpartition("@")[2],
        made_on=dt.datetime.now(BANGKOK).date(),
        language=view.language,
    )


def view_ids(view: View) -> dict[str, object]:
    """The view in ids, for programs."""
    return {
        "edition": view.edition,
        "fiscal_year": view.fiscal_year,
        "basis": view.basis,
        "ministries": list(view.ministries),
        "agency_types": list(view.agency_types),
        "with_incomplete": view.with_incomplete,
        "names_hidden": bool(view.meeting),
    }


def labelled(card: Card) -> pd.DataFrame:
    """The card's table under its headings."""
    return pd.DataFrame({column.label: card.table[column.name] for column in card.columns})


def name_of(view: View, title: str) -> str:
    """The name of a file of the view, without its suffix."""
    return file_name(("PMQA", title, view.fiscal_year, view.basis))


# --- on the page --------------------------------------------------------------------------------------------------


def offer(view: View, shown: Shown) -> None:
    """Below a card: its editable slide (or its table, where it has no chart) at once, the other forms in a menu."""
    t = view.t
    template = chosen_template()
    forms: dict[str, Callable[[], bytes]] = {}
    if shown.has_chart:
        forms["pptx"] = lambda: card_pptx(view, shown.card(), template)
    forms["xlsx"] = lambda: card_xlsx(view, shown.card())
    tables = {
        "csv": lambda: card_csv(view, shown.card()),
        "parquet": lambda: card_parquet(view, shown.card()),
    }
    first = next(iter(forms))
    _button(view, shown, first, forms.pop(first), label=t(f"ui.take_{first}"))
    # Filled when it is opened: a page of closed menus is drawn in half the time.
    with st.popover(
        t("ui.more_forms"),
        icon=":material/download:",
        type="tertiary",
        key=f"{MENU}{shown.name}",
        on_change="rerun",
    ) as menu:
        if not menu.open:
            return
        for form, contents in forms.items():
            _button(view, shown, form, contents)
        for form in PICTURES if shown.has_chart else ():
            _button(view, shown, form, _picture_of(view, shown, form))
        for form, contents in tables.items():
            _button(view, shown, form, contents)


def _picture_of(view: View, shown: Shown, form: Picture) -> Callable[[], bytes]:
    return lambda: card_picture(view, shown.card(), form)


def _button(view: View, shown: Shown, form: str, contents: Callable[[], bytes], label: str = "") -> None:
    t, name = view.t, f"{name_of(view, shown.title)}.{form}"
    st.download_button(
        label or t(f"ui.form_{form}"),
        noted(name, contents),
        file_name=name,
        mime=MIME[form],
        key=f"download-{shown.name}-{form}",
        on_click="ignore",
        type="tertiary",
        icon=":material/slideshow:" if form == "pptx" else ":material/download:",
        help=t(f"ui.download_{_promised(shown, form)}", title=plain(shown.title)),
    )


def _promised(shown: Shown, form: str) -> str:
    """Which sentence says what a form holds: a workbook without a chart does not promise one."""
    return "xlsx_table" if form == "xlsx" and not shown.has_chart else form


def begin_page() -> None:
    """Before a page: no card of it is drawn yet, whatever the run before has left."""
    st.session_state[ON_PAGE] = []


def drawn_on_page(shown: Shown) -> None:
    """A card was drawn: it belongs to everything of the page."""
    st.session_state.setdefault(ON_PAGE, []).append(shown)


def offer_everything(title: str) -> None:
    """After the cards of a page, or of a part that runs again alone: all of them in one zip, and the ministry's own
    slides as template of their decks. Nothing where there are no cards."""
    shown: list[Shown] = st.session_state.pop(ON_PAGE, [])
    if not shown:
        return
    view = shown[0].view
    t, name = view.t, f"{name_of(view, title)}.zip"
    address, template = address_of(view.version), chosen_template()
    with st.container(horizontal=True, vertical_alignment="center", key="everything"):
        st.download_button(
            t("ui.everything"),
            noted(name, lambda: page_zip(title, shown, address, template)),
            file_name=name,
            mime=MIME["zip"],
            key="download-everything",
            on_click="ignore",
            icon=":material/folder_zip:",
            help=t("ui.everything_help"),
        )
        if any(one.has_chart for one in shown):
            offer_template(t)


def offer_template(t: Translator) -> None:
    """A menu to give a ministry's own .pptx, which decks are then made from; says why one cannot be used."""
    with st.popover(t("ui.template"), icon=":material/co_present:", key="template-menu", on_change="rerun") as menu:
        if not menu.open:
            return
        st.caption(t("ui.template_help"))
        kept: Template | None = st.session_state.get(GIVEN)
        if kept is not None:
            st.success(t("ui.template_used", name=plain(kept.name)), icon=":material/check_circle:")
            st.button(t("ui.template_forget"), on_click=_forget_template, key="template-forget")
            return
        given: Any = st.file_uploader(
            t("ui.template_file"), type=["pptx"], key=TEMPLATE, on_change=_keep_template, args=(t.language,)
        )
        if given is not None and (problem := _template_problem(given.getvalue(), t.language)):
            st.error(plain(problem), icon=":material/error:")


def chosen_template() -> bytes | None:
    """The ministry's .pptx that this visit gave, on whatever page; None where there is none that can be used."""
    kept: Template | None = st.session_state.get(GIVEN)
    return None if kept is None else kept.content


def _keep_template(language: str) -> None:
    # A widget's file goes with the widget, which another page does not have.
    given: Any = st.session_state[TEMPLATE]
    if given is not None and not _template_problem(given.getvalue(), language):
        st.session_state[GIVEN] = Template(given.name, given.getvalue())


def _forget_template() -> None:
    st.session_state.pop(GIVEN, None)


@st.cache_data(show_spinner=False, max_entries=16)
def _template_problem(content: bytes, language: str) -> str:
    """Why a file cannot be a template; "" where it can."""
    nothing = Stamp("", "", "", "", None, "", "", dt.date.min.replace(year=2000), language)
    try:
        to_pptx([], nothing, template=content)
    except ExportError as error:
        return str(error)
    return ""
