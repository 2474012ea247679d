"""Downloads on a page: of each card, of all cards, each made when somebody clicks; with a ministry's own slides."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import streamlit as st

from pmqa.errors import ExportError
from pmqa.exports import Stamp, to_pptx
from pmqa.text import Translator
from pmqa.ui.links import address_of
from pmqa.ui.noting import noted
from pmqa.ui.slides import choose_target, offer_to_add
from pmqa.views.address import Address, write
from pmqa.views.cards import Card
from pmqa.views.files import (
    PICTURES,
    Picture,
    card_csv,
    card_parquet,
    card_picture,
    card_pptx,
    card_xlsx,
    name_of,
    page_zip,
)
from pmqa.views.view import View
from pmqa.views.wide import card_to_paste
from pmqa.views.words import plain

MOST_PASTED: Final = 2000  # rows
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


def take_file(
    label: str,
    name: str,
    contents: Callable[[], bytes],
    key: str,
    *,
    icon: str = ":material/download:",
    mime: str = "",
    **look: Any,
) -> None:
    """A button for a file that is made on the click, and noted. mime: "" = as the name's suffix says."""
    st.download_button(
        label,
        noted(name, contents),
        file_name=name,
        mime=mime or MIME[name.rpartition(".")[2]],
        key=f"download-{key}",
        on_click="ignore",
        icon=icon,
        **look,
    )


@dataclass(frozen=True)
class Shown:
    """A card on the page, and how to make it again for a file. view: in the light theme. address: None where it has
    none."""

    view: View
    name: str
    title: str
    has_chart: bool
    card: Callable[[], Card]
    address: Address | None = None


class Template(NamedTuple):
    """A ministry's own .pptx."""

    name: str
    content: bytes


def offer(view: View, shown: Shown) -> None:
    """Below a card: to the viewer's slides, and its editable slide (or its table, where it has no chart), at once; the
    other forms in a menu."""
    t = view.t
    template = chosen_template()
    forms: dict[str, Callable[[], bytes]] = {}
    if shown.has_chart:
        forms["pptx"] = lambda: card_pptx(view, shown.card(), template)
    offer_to_add(view, shown.name, shown.address)
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
        choose_target(view, shown.name, shown.address)
        _offer_to_paste(view, shown)
        for form, contents in forms.items():
            _button(view, shown, form, contents)
        for form in PICTURES if shown.has_chart else ():
            _button(view, shown, form, _picture_of(view, shown, form))
        for form, contents in tables.items():
            _button(view, shown, form, contents)


def _offer_to_paste(view: View, shown: Shown) -> None:
    """A button that copies the table; of more rows than people paste there are files alone."""
    card = shown.card()
    if not 0 < len(card.table) <= MOST_PASTED:
        return
    with st.container(key=f"copyable-{shown.name}"):
        st.html(f'<span class="pmqa-copy" hidden>{html.escape(card_to_paste(view, card))}</span>')
        if st.button(
            view.t("ui.copy_table"),
            key=f"copy-table-{shown.name}",
            icon=":material/content_copy:",
            type="tertiary",
            help=view.t("ui.copy_table_help"),
        ):
            st.caption(view.t("ui.copied_table"))


def _picture_of(view: View, shown: Shown, form: Picture) -> Callable[[], bytes]:
    return lambda: card_picture(view, shown.card(), form)


def _button(view: View, shown: Shown, form: str, contents: Callable[[], bytes], label: str = "") -> None:
    t, name = view.t, f"{name_of(view, shown.title)}.{form}"
    take_file(
        label or t(f"ui.form_{form}"),
        name,
        contents,
        f"{shown.name}-{form}",
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
    template = chosen_template()
    about = {"address": address_of(view.version), "cards": [write(one.address) for one in shown if one.address]}
    with st.container(horizontal=True, vertical_alignment="center", key="everything"):
        take_file(
            t("ui.everything"),
            name,
            lambda: page_zip(
                title, [(one.view, one.card()) for one in shown], about, template, [one.address for one in shown]
            ),
            "everything",
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
