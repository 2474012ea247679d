"""Making a layout on screen: the sheet as it is, what it seems to hold, corrected in drop-downs, and what that reads.

Nothing is kept of it but choices until it is saved under a name; then it is a layout like any.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.errors import StoreError
from pmqa.framework import Framework
from pmqa.intake import Sent
from pmqa.intake.foreign import keep_layout, layout_problems, problems_of
from pmqa.scoring import OVERALL
from pmqa.sources import SOURCES
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.ui import state
from pmqa.ui.forms import readings as parts
from pmqa.viewer import sources_of
from pmqa.views import data
from pmqa.views.offered import last_fiscal_year
from pmqa.views.view import View
from pmqa.views.words import plain, source_name
from pmqa.workbook.foreign.guessing import TOTALS, YEAR, asked_about, guess, named, sheet_names
from pmqa.workbook.foreign.layouts import (
    ANSWER,
    EVIDENCE,
    EXPLANATION,
    FISCAL_YEAR,
    MEANINGS,
    POINTS,
    WHOSE,
    WORDS,
    as_text,
    read_layout,
)
from pmqa.workbook.foreign.reading import Agency, Cells, read_foreign, rows_of
from pmqa.workbook.mapping import text_of
from pmqa.workbook.sheet import number_of

ROWS_SHOWN: Final = 15  # of the sheet
LAST_FIRST_ROW: Final = 1000
TO_A_ROW: Final = 4  # drop-downs beside each other
PAGE_OF_COLUMNS: Final = 24
OF_ROW: Final = "row"  # an answer is of the criterion that its row names
NONE: Final = ""
WRONG: Final = "_layout_wrong"  # why the last press of the button could not save
AGENCY_IN: Final = ("row", "sheet_name", "sheet_code", "file")
UNFIT: Final = re.compile(r"[^\w\u0e00-\u0e7f .-]+")  # in a layout's name


def make_layout(
    view: View, framework: Framework, sent: Sent, cells: Cells, known: Sequence[Agency], fiscal_year: int | None
) -> None:
    """A layout out of a file: guessed, corrected, tried on the file, saved under a name."""
    t, names = view.t, sheet_names(cells)
    if not names:
        st.error(t("foreign_page.empty_file"), icon=":material/error:")
        return
    mark = hashlib.sha256(sent.content or b"").hexdigest()[:6]
    st.subheader(t("foreign_page.make", name=plain(sent.file_name)), anchor=False)
    sheet = state.choose_one(f"sheet-{mark}", t("foreign_page.sheet"), tuple(names)) if len(names) > 1 else names[0]
    mark = f"{mark}{names.index(sheet)}"
    guessed = guess(cells, sheet, framework, known)
    settings = _corrected(view, framework, cells, sheet, known, guessed, mark)
    settings |= _meanings(view, framework, cells, settings, known, fiscal_year, mark)
    _try(view, framework, sent, cells, settings, known, fiscal_year)


def _corrected(
    view: View,
    framework: Framework,
    cells: Cells,
    sheet: str,
    known: Sequence[Agency],
    guessed: dict[str, Any],
    mark: str,
) -> dict[str, Any]:
    """The settings as somebody corrected them; the sheet stands beside."""
    t = view.t
    found = next(one for one in cells["sheets"] if one["name"] == sheet)
    rows = rows_of(found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        proposed = min(guessed["first_row"], LAST_FIRST_ROW)
        label = t("foreign_page.first_row")
        first_row = state.choose_number(f"first-{mark}", label, 1, LAST_FIRST_ROW, default=proposed)
        if first_row != guessed["first_row"]:
            guessed = guess(cells, sheet, framework, known, first_row)
        within = "sheet_code" if guessed["sheet_is"] == "agency_code" else "sheet_name"
        agency = state.choose_one(
            f"whose-{mark}",
            t("foreign_page.agency_in"),
            AGENCY_IN,
            words=lambda name: t(f"foreign_page.in_{name}"),
            default=within if guessed["agency"] == "sheet" else guessed["agency"],
        )
        source = state.choose_one(
            f"source-{mark}",
            t("ui.source"),
            tuple(source for source in SOURCES if source in sources_of(view.viewer)),
            words=lambda name: source_name(name, t),
        )
    shown = _sheet_shown(rows, first_row, t("foreign_page.row_number"))
    st.dataframe(shown, height="content", placeholder="", alt=t("foreign_page.the_sheet"))
    settings = {
        **guessed,
        "first_row": first_row,
        "source": source,
        "agency": agency.partition("_")[0],
        "sheet_is": "agency_code" if agency == "sheet_code" else "agency_name",
        "columns": _columns(view, framework, rows, first_row, guessed["columns"], mark),
        "where": _where(view, rows, first_row, guessed["where"], mark, WHOSE if agency == "file" else (FISCAL_YEAR,)),
        "skip": state.choose_many(
            f"skip-{mark}",
            t("foreign_page.skip"),
            [f"{word}*" for word in TOTALS],
            default=guessed["skip"],
            placeholder=t("foreign_page.none_skipped"),
        ),
    }
    if agency.startswith("sheet"):
        settings["sheets"] = []
        settings["without"] = state.choose_many(
            f"without-{mark}",
            t("foreign_page.without"),
            sheet_names(cells),
            default=guessed["without"],
            placeholder=t("foreign_page.none_without"),
        )
    if cells.get("comments", {}).get(sheet):
        said = state.choose_one(
            f"comments-{mark}",
            t("foreign_page.comments"),
            ("yes", "no"),
            words=lambda name: t(f"foreign_page.comments_{name}"),
            default="yes" if guessed["evidence_in_comments"] else "no",
            style="segments",
        )
        settings["evidence_in_comments"] = said == "yes"
    return settings


def _sheet_shown(rows: Mapping[int, Mapping[str, Any]], first_row: int, heading: str) -> pd.DataFrame:
    """The first rows of the sheet, up to some of those that are read. heading: of their numbers."""
    shown = dict([one for one in rows.items() if one[0] < first_row + ROWS_SHOWN][-2 * ROWS_SHOWN :])
    letters = sorted({name for row in shown.values() for name in row}, key=number_of)
    numbers = pd.Index(list(shown), name=heading)
    return pd.DataFrame(
        [[text_of(row.get(name)) for name in letters] for row in shown.values()], index=numbers, columns=letters
    )


def _columns(
    view: View,
    framework: Framework,
    rows: Mapping[int, Mapping[str, Any]],
    first_row: int,
    guessed: Sequence[Mapping[str, Any]],
    mark: str,
) -> list[dict[str, Any]]:
    """What each column holds, in drop-downs; of a wide sheet a page of them at a time, the others as guessed."""
    t = view.t
    letters = sorted({name for row in rows.values() for name in row}, key=number_of)
    by_letters = {one["column"]: dict(one) for one in guessed}
    pages = [letters[start : start + PAGE_OF_COLUMNS] for start in range(0, len(letters), PAGE_OF_COLUMNS)]
    st.markdown(f"**{t('foreign_page.columns')}**")
    corrected: dict[str, dict[str, Any] | None] = st.session_state.setdefault(f"_layout_columns_{mark}", {})
    page = 0
    if len(pages) > 1:
        page = int(
            state.choose_one(
                f"page-{mark}",
                t("foreign_page.which_columns"),
                tuple(map(str, range(len(pages)))),
                words=lambda number: f"{pages[int(number)][0]}–{pages[int(number)][-1]}",
                style="segments",
            )
        )
    for start in range(0, len(pages[page]), TO_A_ROW):
        for place, name in zip(st.columns(TO_A_ROW), pages[page][start : start + TO_A_ROW], strict=False):
            heading = " ".join(
                dict.fromkeys(text for n, row in rows.items() if n < first_row and (text := text_of(row.get(name))))
            )
            with place:
                corrected[name] = _column(view, framework, name, heading, by_letters.get(name, {}), f"{mark}-{name}")
    found = {name: corrected.get(name, by_letters.get(name)) for name in letters}
    return [one for one in found.values() if one]


def _column(
    view: View, framework: Framework, letters: str, heading: str, guessed: Mapping[str, Any], mark: str
) -> dict[str, Any] | None:
    t = view.t
    label = t("foreign_page.column", letters=letters, heading=plain(parts.shortened(heading)))
    means = state.choose_one(
        f"col-{mark}",
        label,
        (NONE, *MEANINGS),
        words=lambda name: t(f"foreign_page.means_{name or 'nothing'}"),
        default=guessed.get("means", NONE),
    )
    if means == NONE:
        return None
    own: dict[str, Any] = {"column": letters, "means": means}
    was = guessed if guessed.get("means") == means else {}
    if means in (ANSWER, EVIDENCE, EXPLANATION):
        about = state.choose_one(
            f"of-{mark}",
            t("foreign_page.of", letters=letters),
            (OF_ROW, *framework.level, *framework.criterion),
            words=partial(_about, view, framework),
            default=was.get("level") or was.get("criterion") or OF_ROW,
        )
        own |= {"level": about} if about in framework.level else {"criterion": about} if about != OF_ROW else {}
    if means == POINTS:
        scopes = (OVERALL, *(scope for kind in ("category", "item", "dimension") for scope in framework.scopes(kind)))
        own["scope"] = state.choose_one(
            f"of-{mark}",
            t("foreign_page.of", letters=letters),
            scopes,
            words=lambda scope: parts.scope_words(view, framework, scope),
            default=was.get("scope", OVERALL),
        )
        year = state.choose_one(
            f"year-{mark}",
            t("foreign_page.year_of", letters=letters),
            (0, *range(LAST_YEAR, FIRST_YEAR - 1, -1)),
            words=lambda year: t.year(year) if year else t("foreign_page.year_elsewhere"),
            default=was.get("fiscal_year") or 0,
        )
        own["fiscal_year"] = year or None
    return own


def _about(view: View, framework: Framework, about: str) -> str:
    if about == OF_ROW:
        return view.t("foreign_page.of_row")
    level = framework.level.get(about)
    return view.t("foreign_page.of_level", level=view.t.pick(level.name)) if level else about


def _where(
    view: View,
    rows: Mapping[int, Mapping[str, Any]],
    first_row: int,
    guessed: Mapping[str, str],
    mark: str,
    names: Sequence[str],
) -> dict[str, str]:
    """The cell above the rows that says each of these fields of the agency."""
    t = view.t
    cells = {
        f"{letters}{number}": text
        for number, row in rows.items()
        if number < first_row
        for letters, cell in row.items()
        if (text := text_of(cell))
    }
    found = {}
    for place, name in zip(st.columns(len(WHOSE)), names, strict=False):
        with place:
            found[name] = state.choose_one(
                f"where-{name}-{mark}",
                t(f"foreign_page.means_{name}"),
                (NONE, *cells),
                words=lambda cell: f"{cell}: {cells[cell]}" if cell else t("foreign_page.in_no_cell"),
                default=guessed.get(name, NONE),
            )
    return {name: cell for name, cell in found.items() if cell}


def _meanings(
    view: View,
    framework: Framework,
    cells: Cells,
    settings: Mapping[str, Any],
    known: Sequence[Agency],
    fiscal_year: int | None,
    mark: str,
) -> dict[str, Any]:
    """What words and codes of the file mean that nobody knows yet, each in a drop-down."""
    t = view.t
    words, codes = asked_about(cells, settings, framework, known, fiscal_year or last_fiscal_year())
    of_words = _asked(
        t("foreign_page.words"), words, WORDS, lambda kind: t(f"foreign_page.word_{kind or 'nothing'}"), mark
    )
    of_codes = _asked(
        t("foreign_page.codes"),
        codes,
        tuple(framework.criterion),
        lambda id_: f"{id_} {t.pick(framework.criterion[id_].text)}" if id_ else t("foreign_page.no_code"),
        mark,
    )
    return {
        "words": {kind: [word for word, said in of_words.items() if said == kind] for kind in WORDS},
        "codes": of_codes,
    }


def _asked(
    title: str, asked: Mapping[str, str | None], options: Sequence[str], words: Any, mark: str
) -> dict[str, str]:
    if not asked:
        return {}
    st.markdown(f"**{title}**")
    found, every = {}, list(asked)
    for start in range(0, len(every), TO_A_ROW):
        for place, word in zip(st.columns(TO_A_ROW), every[start : start + TO_A_ROW], strict=False):
            name = f"word-{mark}-{hashlib.sha256(word.encode()).hexdigest()[:8]}"
            with place:
                found[word] = state.choose_one(
                    name,
                    f"“{plain(parts.shortened(word))}”",
                    (NONE, *options),
                    words=words,
                    default=asked[word] or NONE,
                )
    return {word: said for word, said in found.items() if said}


def _try(
    view: View,
    framework: Framework,
    sent: Sent,
    cells: Cells,
    settings: Mapping[str, Any],
    known: Sequence[Agency],
    fiscal_year: int | None,
) -> None:
    """What the layout reads of the file: ten rows, and every problem; then the button."""
    t, of_edition = view.t, {framework.edition: framework}
    text = as_text(named(settings, "x"))
    layout, _ = read_layout(text, "x", of_edition)
    if layout is None:
        lines = [f"- {plain(line)}" for line in layout_problems(text, "x", of_edition, t)]
        st.warning("\n".join([t("foreign_page.not_yet"), "", *lines]), icon=":material/rule:")
    else:
        found = read_foreign(cells, layout, framework, file_name=sent.file_name, known=known, fiscal_year=fiscal_year)
        st.markdown(f"**{t('foreign_page.as_read')}**")
        st.table(parts.as_read(view, framework, found), hide_index=True, border="horizontal")
        if wrong := problems_of(found, t):
            st.warning(t("foreign_page.has_problems", n=len(wrong)), icon=":material/error:")
            parts_of = parts.problem_rows(view, [(sent.file_name, one) for one in wrong])
            st.table(parts_of.head(parts.MOST_SHOWN), hide_index=True, border="horizontal")
    if wrong_name := st.session_state.pop(WRONG, None):
        st.error(plain(wrong_name), icon=":material/error:")
    name_key = f"layout-name-{hashlib.sha256(sent.content or b'').hexdigest()[:6]}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # Without a year: the layout is for files of others, too.
        proposed = " ".join(UNFIT.sub(" ", YEAR.sub("", PurePath(sent.file_name).stem)).split())
        name = st.text_input(
            t("foreign_page.name"), proposed, key=name_key, help=t("foreign_page.name_help"), max_chars=60
        )
        st.button(
            t("foreign_page.save_layout"),
            on_click=_save,
            args=(view, settings, name_key),
            disabled=layout is None or not name.strip(),
            type="primary",
            icon=":material/save:",
            key="save-layout",
        )


def _save(view: View, settings: Mapping[str, Any], name_key: str) -> None:
    name = st.session_state[name_key].strip()
    try:
        keep_layout(data.store(), name, as_text(named(settings, name)), who=view.viewer.name, viewer=view.viewer)
    except StoreError as error:
        st.session_state[WRONG] = str(error)
        return
    state.choose_from_afar("layout", name)
