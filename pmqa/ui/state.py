"""The choices of a visit: widgets, the URL and what is remembered, kept alike.

A choice is an id, never a label: its widget's key, its parameter in the URL and its name here are the same word. It
survives a change of page, of language and of options, a reload, and a link that opens on a cold server. An id in the
URL that is not among the options is dropped, and `dropped` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any, Final, Literal, NoReturn, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from pmqa.errors import StoreError
from pmqa.text import Translator, translator
from pmqa.ui.options import among, are_many, offered
from pmqa.views.data import DataChanged, at_one_moment
from pmqa.views.guide import meaning_of

Style = Literal["menu", "segments"]
Arguments = ParamSpec("Arguments")
Option = TypeVar("Option", str, int)
Part = TypeVar("Part")
Ids = list[Any]

# Names in the session that are no widget's key. Each holds name of a choice -> something.
CHOSEN: Final = "_chosen"  # ids that the visitor chose, here or on another page
LAST: Final = "_last"  # ids that the widget had at the end of the last run
WORDED: Final = "_worded"  # labels of the widget in the last run
SHOWN: Final = "_shown"  # ids of this run that differ from the default: what the URL should hold
HELD: Final = "_held"  # ids of this run, defaults too
LINKED: Final = "_linked"  # texts of this run for links alone
WRITTEN: Final = "_written"  # ids as last written to the URL
DROPPED: Final = "_dropped"  # name -> (label, ids that a link brought in vain)
EVER: Final = "_ever"  # every id that this visit has shown, as the URL says it
READ_OF: Final = "_read_of"  # those of them that somebody has read of
ARRIVED: Final = "_arrived"  # ids that a link, a reload or the browser's back brought with this run
PAGE: Final = "_page"  # the page of the last run
FIRST_RUN: Final = "_first"  # no page's address
OVERTAKEN: Final = "_overtaken"  # whether the data changed under the last run
RUNNING: Final = "_running"  # whether the whole page runs, or a fragment of it alone
PLACED: Final = "_placed"  # the address of the page that the widget was last placed on


@contextmanager
def url_kept() -> Iterator[None]:
    """Around a run of a page: reads what the URL brings; at the end, unless another run follows, the URL says what is
    chosen.

    All of it is written at once, so that one choice is one step of the browser's history. The run that follows is told
    the URL of before: had this one written another, it would be taken for the browser's back.
    """
    session = st.session_state
    page = st.context.url
    url = {name: st.query_params.get_all(name) for name in st.query_params}
    written = session.get(WRITTEN)
    if url == written:
        session[ARRIVED] = {}
    elif written is not None and session.get(PAGE) == page:
        session[ARRIVED] = {name: url.get(name) for name in {*url, *written}}  # None: back to the default
    else:
        session[ARRIVED] = dict(url)  # a page that was turned to by the menu has none, and keeps the choices
    if session.get(PAGE) != page:
        session[DROPPED], session[READ_OF] = {}, {}
    session[SHOWN], session[HELD], session[LINKED] = {}, {}, {}
    session[RUNNING] = True
    ended = True
    try:
        # A run that was overtaken begins again at one moment, so that it is not overtaken again and again.
        with at_one_moment() if session.pop(OVERTAKEN, False) else nullcontext():
            yield
    except RerunException:
        ended = False  # nothing is written, so that the next run reads all that this one should have read
        raise
    except DataChanged:
        ended = False
        _run_again()
    finally:
        session[RUNNING] = False
        if ended:
            _write(url)
            session[PAGE] = page


def fragment(part: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """As `st.fragment`, and where it runs again alone, the URL says what is chosen in it all the same."""

    @st.fragment
    @wraps(part)
    def kept(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        if st.session_state[RUNNING]:
            part(*args, **kwargs)
            return
        try:
            part(*args, **kwargs)
        except DataChanged:
            _run_again()
        _write(st.session_state[WRITTEN])

    return kept


def _run_again() -> NoReturn:
    """What was read while the data changed is thrown away."""
    st.session_state[OVERTAKEN] = True
    st.rerun()


def _write(url: Mapping[str, Ids]) -> None:
    """Make the URL say what is chosen. url: what it says now."""
    session = st.session_state
    if not _says(url, session[SHOWN], session[HELD]):
        st.query_params.from_dict(session[SHOWN])
        url = dict(session[SHOWN])
    session[WRITTEN] = url


def _says(url: Mapping[str, Ids], shown: Mapping[str, Ids], held: Mapping[str, Ids]) -> bool:
    """Whether the URL says what is shown already; it may say defaults too.

    A link within the product does. To shorten it would be a second step of the browser's history, and going back
    would end where it began.
    """
    return all(url.get(name) == ids for name, ids in shown.items()) and all(
        held.get(name) == ids for name, ids in url.items()
    )


def choose_one(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    words: Callable[[Option], str] = str,
    default: Option | None = None,
    style: Style = "menu",
    help: str | None = None,
    shown: bool = True,
) -> Option:
    """One of the options (at least one is needed); `default` is the first unless given.

    words: an option's label. style: a menu for many options, segments for a few. shown: whether its widget is on the
    page; what a choice that does not concern the page was elsewhere, it stays.
    """
    fallback = options[0] if default is None else default
    wanted = _wanted(name, label, options, [fallback])[:1] or [fallback]
    value: Option = wanted[0]
    if not shown:
        return value
    options = _offered(name, options, wanted, words)
    _assign(name, wanted[0], [label, *map(words, options)])
    if style == "menu":
        st.selectbox(label, options, key=name, format_func=words, help=help or meaning_of(label))
    else:
        st.segmented_control(label, options, key=name, format_func=words, help=help or meaning_of(label), required=True)
    _keep(name, wanted, [fallback])
    return value


def choose_word(t: Translator, name: str, key: str, options: Sequence[Option], *, style: Style = "menu") -> Option:
    """One of the options: the sentence of the key is above them, `<key>_<option>` is what each is called."""
    return choose_one(name, t(key), options, words=lambda one: t(f"{key}_{one}"), style=style)


def choose_many(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    words: Callable[[Option], str] = str,
    default: Sequence[Option] = (),
    placeholder: str,
    most: int | None = None,
    help: str | None = None,
    shown: bool = True,
) -> list[Option]:
    """Any of the options, in the order in which they were chosen; may be none. shown: as of `choose_one`."""
    wanted = _wanted(name, label, options, list(default))[:most]
    if not shown:
        return wanted
    options = _offered(name, options, wanted, words)
    _assign(name, wanted, [label, *map(words, options)])
    st.multiselect(
        label,
        options,
        key=name,
        format_func=words,
        placeholder=placeholder,
        max_selections=most,
        help=help or meaning_of(label),
        select_all=False,
    )
    _keep(name, wanted, list(default))
    return wanted


def choose_number(name: str, label: str, low: int, high: int, *, default: int, step: int = 1) -> int:
    """A whole number from low to high."""
    wanted = _wanted(name, label, range(low, high + 1), [default])[:1] or [default]
    _assign(name, wanted[0], [label])
    st.number_input(label, low, high, step=step, key=name, help=meaning_of(label))
    _keep(name, wanted, [default])
    return int(wanted[0])


def choose_switch(name: str, label: str, *, help: str | None = None, shown: bool = True) -> bool:
    """On or off; off by default. shown: as of `choose_one`."""
    wanted = _wanted(name, label, [1], [])
    if shown:
        _assign(name, bool(wanted), [label])
        st.toggle(label, key=name, help=help or meaning_of(label))
        _keep(name, wanted, [])
    return bool(wanted)


def kept_text(name: str, label: str, pattern: str, *, stays: bool = False, of_page: bool = False) -> str:
    """A short text that a link brought, or `keep_text` set, and that stays in the URL; "" where there is none.

    What does not match the pattern as a whole is dropped, under its label. stays: whether going back to an address
    without it leaves it as it is, so that `keep_text` alone ends it. of_page: whether another page begins without it.
    """
    chosen: dict[str, Ids] = st.session_state.setdefault(CHOSEN, {})
    arrived: dict[str, list[str] | None] = st.session_state.get(ARRIVED, {})
    if stays and arrived.get(name, []) is None:
        arrived.pop(name)
    if of_page and st.session_state.get(PAGE) != st.context.url:
        chosen.pop(name, None)
    if name in arrived:
        texts = arrived.pop(name) or []
        _drop(name, label, [text for text in texts if not re.fullmatch(pattern, text)])
        chosen[name] = [text for text in texts[:1] if re.fullmatch(pattern, text)]
    held = chosen.get(name, [])
    _keep(name, held, [])
    return str(held[0]) if held else ""


def brings_in_vain(name: str, label: str, reads: Callable[[str], bool]) -> bool:
    """Whether a link brought a text for this name that cannot be read; it is dropped, under its label."""
    arrived: dict[str, list[str] | None] = st.session_state.get(ARRIVED, {})
    texts = arrived.get(name)
    if not texts or reads(texts[0]):
        return False
    _drop(name, label, texts)
    arrived.pop(name)
    return True


def keep_text(name: str, text: str) -> None:
    """Set the text of `kept_text` from a callback; "" drops it."""
    choose_from_afar(name, *([text] if text else []))


def in_url() -> dict[str, list[str]]:
    """What is chosen so far in this run, as the URL will say it."""
    return dict(st.session_state.get(SHOWN, {}))


def attempt(wrong: str, part: Part, act: Callable[[Part], None]) -> None:
    """Change something in a part of the store; where it will not, keep why in the session, under `wrong`."""
    try:
        act(part)
    except StoreError as error:
        st.session_state[wrong] = str(error)


def held() -> dict[str, list[str]]:
    """For links: every choice of this run so far with its ids, defaults too, as these may be others tomorrow."""
    every = st.session_state.get(HELD, {}) | st.session_state.get(LINKED, {})
    return {name: ids for name, ids in every.items() if ids}


def put_in_links(name: str, text: str) -> None:
    """Have links of this run say this, under a name that the URL says nothing of by itself."""
    st.session_state[LINKED][name] = [text]


def dropped() -> dict[str, tuple[str, list[str]]]:
    """Name of a choice -> its label, and the ids that a link brought for it but that are not among its options."""
    dropped: dict[str, tuple[str, list[str]]] = st.session_state.get(DROPPED, {})
    worded: dict[str, list[str]] = st.session_state.get(WORDED, {})
    # The language may be another than when the link came.
    return {
        name: (worded.get(name, [label])[0], ids)
        for name, (label, ids) in dropped.items()
        if st.session_state.get(READ_OF, {}).get(name, ("", []))[1] != ids
    }


def forget_dropped() -> None:
    """Say no more of ids that a link brought in vain; for a button."""
    # A browser may bring them once more: it keeps the address of a first visit where a run leaves nothing in it.
    st.session_state[READ_OF] = st.session_state.get(DROPPED, {})


def rename_chosen(names: Sequence[str], ids: Mapping[str, str]) -> None:
    """Ids of choices under other names from now on; what has no other name stays."""
    chosen: dict[str, Ids] = st.session_state.setdefault(CHOSEN, {})
    for name in names:
        if name in chosen:
            chosen[name] = [ids.get(held, held) for held in chosen[name]]
            _last().pop(name, None)


def choose_from_afar(name: str, *ids: str | int) -> None:
    """Set a choice from a callback, for a button that leads to the page whose widget will show these ids."""
    st.session_state.setdefault(CHOSEN, {})[name] = list(ids)


def _offered(
    name: str, options: Sequence[Option], wanted: Sequence[Option], words: Callable[[Option], str]
) -> Sequence[Option]:
    """What of the options the widget is given."""
    if not are_many(options):
        return options
    return offered(name, options, wanted, words, translator(st.session_state[HELD]["lang"][0]))


def _wanted(name: str, label: str, options: Sequence[Any], default: Ids) -> Ids:
    """What the widget should show: what the URL brings, else what the visitor did, else what was chosen before."""
    chosen: dict[str, Ids] = st.session_state.setdefault(CHOSEN, {})
    arrived: dict[str, list[str] | None] = st.session_state.get(ARRIVED, {})
    asked = _as_ids(st.session_state.get(name))
    by_text = among(options, [*(arrived.get(name) or ()), *asked, *chosen.get(name, ())])
    if name in arrived:
        texts = arrived.pop(name)
        if texts is None:
            chosen.pop(name, None)
        else:
            _drop(name, label, [text for text in texts if text not in by_text])
            if found := [by_text[text] for text in dict.fromkeys(texts) if text in by_text]:
                chosen[name] = found
    elif name in st.session_state and (held := _as_ids(st.session_state[name])) != _last().get(name, held):
        chosen[name] = held
    if name not in chosen:
        return default
    still_there = [by_text[str(item)] for item in chosen[name] if str(item) in by_text]
    return still_there if still_there or not chosen[name] else default


def _drop(name: str, label: str, ids: list[str]) -> None:
    """Keep in mind what a link brought in vain; no link brought what this visit itself has chosen before.

    A file that was saved is no option any more, while the browser may still say its address or go back to it.
    """
    ever: set[str] = st.session_state.get(EVER, {}).get(name, set())
    ids = [text for text in ids if text not in ever]
    if ids:
        st.session_state.setdefault(DROPPED, {})[name] = (label, ids)


def _as_ids(value: Any) -> Ids:
    if isinstance(value, list):
        return list(value)
    if isinstance(value, bool) or value is None:
        return [1] if value else []
    return [value]


def _assign(name: str, value: Any, labels: list[str]) -> None:
    """Give the widget its value; also when only its words changed, or it would fall back to its first option.

    On another page it is another widget to Streamlit, whatever its key: what the key still holds is the value of the
    one on the page before, and the new one would show its own default beside the numbers of what is chosen. So is what
    stands above the pages in the first run of a server, which knows no pages yet.
    """
    worded: dict[str, list[str]] = st.session_state.setdefault(WORDED, {})
    placed: dict[str, str | None] = st.session_state.setdefault(PLACED, {})
    here = st.context.url
    elsewhere = name in placed and placed[name] != here
    if elsewhere or name not in st.session_state or st.session_state[name] != value or worded.get(name) != labels:
        st.session_state[name] = value
        worded[name] = labels
    placed[name] = here if PAGE in st.session_state else FIRST_RUN


def _keep(name: str, value: Ids, default: Ids) -> None:
    _last()[name] = value
    words = [str(item) for item in value]
    st.session_state.setdefault(HELD, {})[name] = words
    st.session_state.setdefault(EVER, {}).setdefault(name, set()).update(words)
    shown: dict[str, Ids] = st.session_state.setdefault(SHOWN, {})
    shown.pop(name, None)
    if words and value != default:  # of nothing chosen, an address says nothing
        shown[name] = words


def _last() -> dict[str, Ids]:
    last: dict[str, Ids] = st.session_state.setdefault(LAST, {})
    return last
