"""Several files of one agency and year made one form on the page Submit: where they differ, one click each.

The form joins the list in their place, to be looked at and saved like one that was sent; what each of its cells was
taken from stands in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from pmqa.exports import file_name
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Sent
from pmqa.text import BUDDHIST_ERA, MISSING
from pmqa.ui import state
from pmqa.ui.forms.staging import Staged, read_again
from pmqa.ui.forms.uploads import take_instead
from pmqa.ui.showing import download
from pmqa.viewer import Viewer
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.views.words import plain, source_name
from pmqa.workbook import Reading, layout, write_form
from pmqa.workbook.combining import OF_A_PART, Combined, Conflict, combine, of_the_part, strangers
from pmqa.workbook.draft import Origin

FEWEST: Final = 2  # parts of a form
MOST_CONFLICTS: Final = 30  # on screen; the others are shown as these are chosen in
UNSAID: Final = ""
Whose = tuple[str | None, int | None, str | None]


def offer_to_combine(view: View, files: Sequence[Staged]) -> None:
    """For each agency, year and source of which several files may be parts: whether to make one form of them."""
    for whose, parts in groups(files).items():
        mark = hashlib.sha256("".join(one.key for one in parts).encode()).hexdigest()[:6]
        with st.container(border=True, key=f"parts-{mark}"):
            t, (code, year, source) = view.t, whose
            name = next((one.agency_name for one in parts if one.agency_name), None) or code or MISSING
            about = {
                "agency": plain(name),
                "year": t.year(year) if year else MISSING,
                "source": source_name(source, t) if source else MISSING,
            }
            asked = t("combine_page.ask", n=len(parts), **about)
            if state.choose_switch(f"combine-{mark}", asked, help=t("combine_page.help")):
                _combine(view, parts, mark)


def groups(files: Sequence[Staged]) -> Mapping[Whose, list[Staged]]:
    """Agency, year and source -> files that may be parts of one form, where there are several.

    A file without a sheet of the agency is of the one group that there is.
    """
    found: defaultdict[Whose, list[Staged]] = defaultdict(list)
    nobodys = []
    for one in files:
        whose = (one.agency_code, one.fiscal_year, one.source)
        if not is_a_part(one):
            continue
        if all(whose):
            found[whose].append(one)
        else:
            nobodys.append(one)
    if len(found) == 1:
        ((whose, parts),) = found.items()
        parts += [one for one in nobodys if _fits((one.agency_code, one.fiscal_year, one.source), whose)]
    return {whose: parts for whose, parts in found.items() if len(parts) >= FEWEST}


def is_a_part(one: Staged) -> bool:
    """Whether a file says something, and nothing is wrong with it but that it is not whole."""
    if one.receipt is None or one.outcome in ("known", "skipped"):
        return False
    return all(finding.code in OF_A_PART for finding in one.findings if finding.is_error)


def _fits(said: Whose, whose: Whose) -> bool:
    return all(mine is None or mine == theirs for mine, theirs in zip(said, whose, strict=True))


def _combine(view: View, parts: Sequence[Staged], mark: str) -> None:
    t = view.t
    readings = _readings(view.version, view.viewer, tuple((one.receipt or "", one.name) for one in parts))
    for field, said in strangers(readings).items():
        words = ", ".join(f"{name}: {value}" for name, value in said.items())
        st.error(plain(t("combine_page.strangers", field=field, said=words)), icon=":material/error:")
        return
    edition = next((one.edition for one in readings.values() if one.edition), None)
    if edition is None or any(one.draft is None or of_the_part(one) for one in readings.values()):
        st.error(t("combine_page.cannot"), icon=":material/error:")
        return
    framework = shipped_frameworks()[edition]
    drafts = {name: one.draft for name, one in readings.items() if one.draft}
    conflicts = combine(drafts, framework).conflicts
    found = combine(drafts, framework, _chosen(view, framework, conflicts, list(drafts), mark))
    if found.left:
        lines = [f"- {file}, {one.sheet}!{one.cell}: {' '.join(one.text.split())}" for file, one in found.left]
        st.caption("\n".join([t("combine_page.left"), "", *map(plain, lines)]))
    if found.open:
        st.info(t("combine_page.open", n=len(found.open)), icon=":material/rule:")
        return
    first = next(one for one in readings.values() if one.agency_code)
    called = (t("combine_page.file"), first.agency_code, first.fiscal_year)
    make = partial(_made, found, framework, first.fiscal_year or 0, view.language)
    st.success(t("combine_page.done", cells=len(found.origins)), icon=":material/task_alt:")
    with st.container(horizontal=True):
        st.button(
            t("combine_page.use"),
            on_click=_use,
            args=(view, parts, file_name(called, "xlsx"), make),
            type="primary",
            icon=":material/merge:",
            key=f"use-{mark}",
        )
        download(f"combined-{mark}", t("combine_page.download"), called, make)


@shared(most=4)
def _readings(version: str, viewer: Viewer, files: tuple[tuple[str, str], ...]) -> Mapping[str, Reading]:  # noqa: ARG001
    """Name -> what a part says; by the file's name alone where that tells it."""
    received = [*read_again(viewer, files)]
    names = Counter(one.sent.file_name for one in received)
    return {
        one.sent.file_name if names[one.sent.file_name] == 1 else f"{one.name} ({one.sent.receipt})": one.reading
        for one in received
    }


def _chosen(
    view: View, framework: Framework, conflicts: Sequence[Conflict], files: Sequence[str], mark: str
) -> Mapping[str, str]:
    """Conflict -> the file whose word is taken, as somebody has clicked."""
    t, found = view.t, {}
    by_number = {str(number): file for number, file in enumerate(files, 1)}
    if not conflicts:
        return {}
    st.markdown(f"**{t('combine_page.conflicts', n=len(conflicts))}**")
    prefer = state.choose_one(
        f"prefer-{mark}",
        t("combine_page.prefer"),
        (UNSAID, *by_number),
        words=lambda number: by_number[number] if number else t("combine_page.one_by_one"),
    )
    if prefer:
        found = {one.id: by_number[prefer] for one in conflicts if by_number[prefer] in one.said}
    asked = [one for one in conflicts if one.id not in found]
    for one in asked[:MOST_CONFLICTS]:
        st.markdown(f"**{plain(_about(view, framework, one.id))}**")
        st.table(_side_by_side(view, one), hide_index=True, border="horizontal")
        said = {number: file for number, file in by_number.items() if file in one.said}
        chosen = state.choose_one(
            f"conflict-{mark}-{one.id}",
            t("combine_page.take"),
            (UNSAID, *said),
            words=partial(_file, view, said),
            style="segments",
        )
        if chosen:
            found[one.id] = said[chosen]
    if len(asked) > MOST_CONFLICTS:
        st.caption(t("combine_page.more", n=len(asked) - MOST_CONFLICTS))
    return found


def _file(view: View, files: Mapping[str, str], number: str) -> str:
    return plain(files[number]) if number else view.t("combine_page.unsaid")


def _about(view: View, framework: Framework, id_: str) -> str:
    """A conflict with its words."""
    scope, _, _ = id_.partition("#")
    criterion, indicator = framework.criterion.get(scope), framework.indicator.get(scope)
    if criterion is not None:
        return f"{id_} {view.t.pick(criterion.text)}"
    if indicator is not None:
        return f"{id_} {view.t.pick(indicator.name)}"
    return next((view.t.pick(one.words) for one in layout.AGENCY_FIELDS if one.name == id_), id_)


def _side_by_side(view: View, conflict: Conflict) -> pd.DataFrame:
    """What each file says, with its cell: a row for each column that differs."""
    t = view.t
    keys = dict.fromkeys(key for cells in conflict.said.values() for key in cells)
    rows = [
        (_column(view, conflict.id, key), *(_cell(cells.get(key)) for cells in conflict.said.values())) for key in keys
    ]
    return pd.DataFrame(rows, columns=[t("combine_page.column"), *map(plain, conflict.said)])


def _cell(said: Origin | None) -> str:
    return MISSING if said is None else plain(f"{said.value} ({said.sheet}!{said.cell})")


def _column(view: View, id_: str, key: str) -> str:
    """The heading of a column of the form."""
    columns = layout.MEASURE_COLUMNS if "#" in id_ else layout.CRITERION_COLUMNS
    named = next((one for one in (*columns, *layout.AIDS) if one.key == key), None)
    return view.t.pick(named.words) if named else view.t("foreign_page.head_value")


def _made(found: Combined, framework: Framework, year: int, language: str) -> bytes:
    """The form; the same parts and choices give the same bytes, so that it is known when it is made again."""
    made = dt.datetime(year - BUDDHIST_ERA, 9, 30, tzinfo=dt.UTC)
    return write_form(framework, prefill=found.draft, origins=found.origins, language=language, created=made)


def _use(view: View, parts: Sequence[Staged], name: str, make: partial[bytes]) -> None:
    take_instead(view, [one.key for one in parts], Sent(name, make(), from_zip=True))
