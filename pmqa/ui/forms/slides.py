"""The page Slides: a storyboard's cards in their order, what is said with each, and the deck of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from pmqa.exports import file_name
from pmqa.store import Storyboard
from pmqa.store.storyboards import LONGEST, Storyboards
from pmqa.ui import state
from pmqa.ui.downloads import begin_page, chosen_template, offer_template, take_file
from pmqa.ui.showing import show
from pmqa.ui.slides import STORYBOARD
from pmqa.views import data, files, storyboards
from pmqa.views.reporting import report_file
from pmqa.views.storyboards import Laid
from pmqa.views.view import View
from pmqa.views.words import plain

SHARED: Final = "_shared_storyboards"  # ids of others' that links brought in this visit
WRONG: Final = "_slides_wrong"  # why it came to nothing
RENEWED: Final = "_slides_renewed"  # storyboard, and sentences of what has changed in it


def show_page(view: View) -> None:
    """The storyboard that is chosen, or what to do to have one."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="board"):
        board = _choose_storyboard(view)
        if board is not None and board.own:
            _offer_name(view, board)
        _offer_new(view)
        if board is not None:
            _offer_link(view, board)
            if board.own:
                _offer_to_delete(view, board)
    _say_what_failed()
    if board is None:
        _say_what_next(view, "no_storyboard")
    else:
        _show_storyboard(view, board)


def _choose_storyboard(view: View) -> Storyboard | None:
    """One of the viewer's own, or one that a link brought; None where there is none."""
    t, kept = view.t, data.store().storyboards
    own = {one.id: one for one in kept.of(view.viewer)}
    brought = [*st.session_state.setdefault(SHARED, []), *st.query_params.get_all(STORYBOARD)]
    shared = {one: kept.opened(one, view.viewer) for one in dict.fromkeys(brought) if one not in own}
    boards: dict[str, Storyboard] = {**own, **{one: board for one, board in shared.items() if board is not None}}
    st.session_state[SHARED] = [one for one in boards if one not in own]
    if not boards:
        return None

    def words(one: str) -> str:
        name = storyboards.title_of(boards[one], t)
        return name if boards[one].own or not boards[one].name else f"{name} ({t('slides_page.shared')})"

    chosen: str = state.choose_one(STORYBOARD, t("slides_page.which"), tuple(boards), words=words)
    return boards[chosen]


def _show_storyboard(view: View, board: Storyboard) -> None:
    """How to take it along, and its slides."""
    t, kept = view.t, data.store().storyboards
    laid = storyboards.laid_out(kept.slides(board.id, view.viewer), view.viewer, view.version, t.language)
    if not board.own:
        st.info(t("slides_page.not_own"), icon=":material/visibility:")
    if not laid:
        _say_what_next(view, "no_slides")
        return
    _offer_files(view, board, laid)
    if board.own:
        _offer_to_renew(view, board, laid)
    if storyboards.mixes_names(laid):
        st.warning(t("slides_page.mixes_names"), icon=":material/visibility_off:")
    for number, one in enumerate(laid, 1):
        with st.container(border=True, key=f"slide-{number}"):
            _show_slide(view, board, number, one, last=number == len(laid))
    begin_page()  # cards that are looked at here are in the files above


def _say_what_next(view: View, key: str) -> None:
    """In place of slides: what to do to have some."""
    with st.container(border=True, key="empty"):
        st.header(view.t(f"slides_page.{key}"), anchor=False)
        st.markdown(view.t("slides_page.what_next"))
        st.page_link("pages/overview.py", label=view.t("pages.title.overview"), icon=":material/dashboard:")


def _offer_new(view: View) -> None:
    """A menu to make another storyboard."""
    t = view.t
    with (
        st.popover(t("slides_page.new"), icon=":material/add:", type="tertiary", key="new-storyboard"),
        st.form("make-storyboard", border=False),
    ):
        st.text_input(
            t("slides_page.new_name"),
            key="storyboard-new",
            max_chars=LONGEST["name"],
            placeholder=t("slides_page.new_place"),
        )
        st.form_submit_button(t("slides_page.make"), on_click=_make, args=(view,), key="make")


def _field(
    kind: Callable[..., Any], view: View, name: str, now: str | None, of: str, placeholder: str | None = None
) -> None:
    """A text of a storyboard or of a slide, to be edited."""
    kind(view.t(f"slides_page.{name}"), now or "", key=f"{name}-{of}", max_chars=LONGEST[name], placeholder=placeholder)


def _offer_name(view: View, board: Storyboard) -> None:
    t = view.t
    with (
        st.popover(t("slides_page.manage"), icon=":material/edit:", type="tertiary", key="name-storyboard"),
        st.form(f"change-{board.id}", border=False),
    ):
        _field(st.text_input, view, "name", board.name, board.id)
        _field(st.text_input, view, "place", board.place, board.id, t("slides_page.place_place"))
        st.date_input(t("slides_page.day"), board.day, format="DD/MM/YYYY", key=f"day-{board.id}")
        st.form_submit_button(t("slides_page.save"), on_click=_rename, args=(view, board), key="save-storyboard")


def _offer_link(view: View, board: Storyboard) -> None:
    t = view.t
    with st.popover(t("slides_page.link"), icon=":material/share:", type="tertiary", key="share-storyboard"):
        st.caption(t("slides_page.link_help"))
        page = str(st.context.url).split("?", maxsplit=1)[0]
        st.code(f"{page}?{urlencode({STORYBOARD: board.id})}", language=None, wrap_lines=True)


def _offer_to_delete(view: View, board: Storyboard) -> None:
    t = view.t
    with st.popover(t("slides_page.delete"), icon=":material/delete:", type="tertiary", key="delete-storyboard"):
        st.markdown(t("slides_page.delete_sure", name=plain(storyboards.title_of(board, t)), n=board.slides))
        st.button(t("slides_page.delete_yes"), type="primary", key="delete-yes", on_click=_delete, args=(view, board))


def _offer_files(view: View, board: Storyboard, laid: tuple[Laid, ...]) -> None:
    """The deck, a document, all tables; what of the slides is not in them."""
    t, made, template = view.t, storyboards.cards_of(laid), chosen_template()
    title = storyboards.title_of(board, t)
    for line in storyboards.left_out(laid, t):
        st.warning(plain(line), icon=":material/block:")
    if not made:
        return
    contents: dict[str, Callable[[], bytes]] = {
        "pptx": lambda: report_file(storyboards.report_of(board, laid, t), "pptx", template),
        "pdf": lambda: report_file(storyboards.report_of(board, laid, t), "pdf"),
        "xlsx": lambda: files.workbook(title, made),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="take-storyboard"):
        for form, make in contents.items():
            name = file_name(("PMQA", title), form)
            take_file(
                t(f"slides_page.take_{form}"),
                name,
                make,
                f"storyboard-{form}",
                type="primary" if form == "pptx" else "secondary",
                icon=":material/slideshow:" if form == "pptx" else ":material/download:",
            )
        offer_template(t)


def _offer_to_renew(view: View, board: Storyboard, laid: tuple[Laid, ...]) -> None:
    t = view.t
    if behind := sum(one.is_behind for one in laid):
        with st.container(horizontal=True, vertical_alignment="center", key="behind"):
            st.warning(view.t("slides_page.behind", n=view.t.number(behind, 0)), icon=":material/history:")
            st.button(t("slides_page.renew"), on_click=_renew, args=(view, board, laid), key="renew", type="primary")
    of, changes = st.session_state.get(RENEWED, ("", []))
    if of == board.id:
        said = changes or [t("slides_page.renewed_none")]
        st.success("\n\n".join(plain(one) for one in (t("slides_page.renewed"), *said)), icon=":material/update:")


def _show_slide(view: View, board: Storyboard, number: int, one: Laid, *, last: bool) -> None:
    t, slide = view.t, one.slide
    headline = one.headline or one.why
    st.markdown(f"**{number}. {plain(headline)}**")
    st.caption(" · ".join(plain(line) for line in _about(view, one) if line))
    if slide.note:
        st.markdown(f":small[{plain(t('slides_page.note_shown', note=slide.note))}]")
    if board.own:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"slide-row-{number}"):
            # Keys by place: the focus stays where somebody presses again.
            _press(view, board, one, "up", number, disabled=number == 1)
            _press(view, board, one, "down", number, disabled=last)
            _press(view, board, one, "remove", number)
            if slide.told and one.made is not None:
                _offer_words(view, board, one)
    if one.made is not None:
        with st.expander(
            t("slides_page.card"), icon=":material/insert_chart:", key=f"see-{number}", on_change="rerun"
        ) as of:
            if of.open:
                address = storyboards.address_of(slide)
                own = replace(one.made[0], theme=view.theme)
                choices: dict[str, Any] = dict(address.choices)
                show(own, address.card, named=f"of-slide-{number}", **choices)


def _about(view: View, one: Laid) -> tuple[str, ...]:
    """What the card is of, since when it is kept, and what its own headline hides."""
    t, slide = view.t, one.slide
    kept = t("slides_page.kept_at", version=slide.version)
    if not slide.told:
        return (t("slides_page.not_told"),)
    if one.made is None:
        return (slide.headline or slide.finding or "", one.detail, kept)
    of, card = one.made
    own = t("slides_page.own_headline", finding=one.finding) if slide.headline else ""
    topic = card.title if card.title != one.headline else ""
    return (own, topic, files.stamp(of, card).basis_line(), of.filters if card.of_scores else "", kept)


def _offer_words(view: View, board: Storyboard, one: Laid) -> None:
    t, slide = view.t, one.slide
    with (
        st.popover(t("slides_page.edit"), icon=":material/edit_note:", type="tertiary", key=f"edit-{slide.id}"),
        st.form(f"word-{slide.id}", border=False),
    ):
        _field(st.text_input, view, "headline", slide.headline, slide.id, one.finding or None)
        _field(st.text_area, view, "note", slide.note, slide.id, t("slides_page.note_place"))
        st.form_submit_button(
            t("slides_page.save"), on_click=_word, args=(view, board, slide.id), key=f"save-{slide.id}"
        )


def _press(view: View, board: Storyboard, one: Laid, what: str, number: int, *, disabled: bool = False) -> None:
    icons = {"up": "arrow_upward", "down": "arrow_downward", "remove": "close"}
    st.button(
        view.t(f"slides_page.{what}"),
        on_click=_pressed,
        args=(view, board, one.slide.id, what),
        disabled=disabled,
        key=f"slide-{what}-{number}",
        type="tertiary",
        icon=f":material/{icons[what]}:",
    )


# --- what a press does --------------------------------------------------------------------------------------------


def _pressed(view: View, board: Storyboard, slide: str, what: str) -> None:
    def act(kept: Storyboards) -> None:
        if what == "remove":
            kept.remove_slide(board.id, slide, viewer=view.viewer)
        else:
            kept.move_slide(board.id, slide, -1 if what == "up" else 1, viewer=view.viewer)

    _changed(act)


def _make(view: View) -> None:
    name = str(st.session_state["storyboard-new"]).strip()

    def act(kept: Storyboards) -> None:
        state.choose_from_afar(STORYBOARD, kept.make_storyboard(name, viewer=view.viewer))
        st.session_state["storyboard-new"] = ""

    _changed(act)


def _rename(view: View, board: Storyboard) -> None:
    session = st.session_state
    name, place = (str(session[f"{what}-{board.id}"]).strip() for what in ("name", "place"))
    day: dt.date | None = session[f"day-{board.id}"]
    _changed(lambda kept: kept.change_storyboard(board.id, name=name, place=place, day=day, viewer=view.viewer))


def _word(view: View, board: Storyboard, slide: str) -> None:
    headline, note = (str(st.session_state[f"{what}-{slide}"]).strip() for what in ("headline", "note"))
    _changed(lambda kept: kept.word_slide(board.id, slide, headline=headline, note=note, viewer=view.viewer))


def _renew(view: View, board: Storyboard, laid: tuple[Laid, ...]) -> None:
    said = {one.slide.id: (one.said.finding, one.said.digest) for one in laid if one.is_behind and one.said is not None}
    version = data.short(view.version)

    def act(kept: Storyboards) -> None:
        kept.renew_slides(board.id, said, version, viewer=view.viewer)
        st.session_state[RENEWED] = (board.id, storyboards.changes(laid, view.t))

    _changed(act)


def _delete(view: View, board: Storyboard) -> None:
    _changed(lambda kept: kept.remove_storyboard(board.id, viewer=view.viewer))


def _changed(act: Callable[[Storyboards], None]) -> None:
    st.session_state.pop(RENEWED, None)
    state.attempt(WRONG, data.store().storyboards, act)


def _say_what_failed() -> None:
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(plain(wrong), icon=":material/error:")
