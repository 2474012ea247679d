"""Click to see what is behind: a mark of a chart or a row of a table opens a panel about its agency and scope.

What is open stands in the address (`drill=`), so that a link opens it as well. Cards are drawn with what is here;
pmqa.ui.panel draws what is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from pmqa.ui import state
from pmqa.views.behind import PATTERN, Subject, read, written
from pmqa.views.numbers import number_name
from pmqa.views.view import View

DRILL: Final = "drill"  # the parameter of the address
ASKED: Final = "_drill_asked"  # whether a click of this run asks for a panel
TIMES: Final = "_drill_times"  # key of a chart -> how often it has opened one
LAST: Final = "_drill_last"  # key of a table -> its row that was last selected

Behind = Callable[[int, str], Subject | None]


def chart(figure: Any, name: str, behind: Behind, **more: Any) -> None:
    """A chart whose marks open what is behind them. behind: a mark's row and id -> its subject."""
    times: dict[str, int] = st.session_state.setdefault(TIMES, {})
    # Plotly would take a second click on a mark as letting go of it, and pales all but a mark behind which there is
    # nothing: after each click, the chart is a new one to it.
    key = f"marks-{name}-{times.get(name, 0)}"
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        on_select=lambda: _clicked(key, name, behind),
        selection_mode="points",
        **more,
    )


def _clicked(key: str, name: str, behind: Behind) -> None:
    points = st.session_state[key]["selection"]["points"]
    if not points:
        return
    st.session_state[TIMES][name] = st.session_state[TIMES].get(name, 0) + 1
    if subject := next(filter(None, (subject_of(point, behind) for point in points)), None):
        open_panel(subject)


def subject_of(point: Mapping[str, Any], behind: Behind) -> Subject | None:
    """What a point that Plotly reports as selected stands for."""
    told = point.get("customdata")
    return behind(int(told[0]), str(told[1])) if isinstance(told, Sequence) and len(told) > 1 else None


def table(frame: pd.DataFrame, name: str, rows: Sequence[Subject | None], **more: Any) -> None:
    """A table whose rows open what is behind them, by mouse and keyboard."""
    key = f"rows-{name}"
    st.dataframe(frame, key=key, on_select=lambda: _ticked(key, rows), selection_mode="single-row", **more)
    run_whole_page()


def _ticked(key: str, rows: Sequence[Subject | None]) -> None:
    """To take a row's tick away is to ask for it again: it stays ticked when its panel is closed."""
    last: dict[str, int] = st.session_state.setdefault(LAST, {})
    ticked = st.session_state[key]["selection"]["rows"] or [last.get(key, -1)]
    last[key] = ticked[0]
    if 0 <= ticked[0] < len(rows) and (subject := rows[ticked[0]]):
        open_panel(subject)


def choice(view: View, name: str, rows: Sequence[Subject | None]) -> None:
    """Beside a table of sentences, whose rows cannot be ticked: a menu of what they stand for."""
    subjects = list(dict.fromkeys(one for one in rows if one))
    key = f"behind-{name}"
    st.selectbox(
        view.t("drill.choose"),
        subjects,
        index=None,
        format_func=lambda one: _name(view, one),
        placeholder=view.t("drill.choose"),
        label_visibility="collapsed",
        filter_mode="contains",
        key=key,
        on_change=_chosen,
        args=(key,),
        width=260,
    )
    run_whole_page()


def _name(view: View, subject: Subject) -> str:
    return view.t("drill.title", agency=view.agencies[subject.agency], scope=number_name(view, subject.scope))


def _chosen(key: str) -> None:
    subject = st.session_state[key]
    st.session_state[key] = None
    if subject is not None:
        open_panel(Subject(*subject))


def open_panel(subject: Subject) -> None:
    """Open what is behind a subject, from a callback."""
    state.keep_text(DRILL, written(subject))
    st.session_state[ASKED] = True


def run_whole_page() -> None:
    """After a click within a part of a page that runs alone: the panel is the router's."""
    if st.session_state.get(ASKED) and not st.session_state[state.RUNNING]:
        st.rerun()


def asked(view: View) -> Subject | None:
    """What the address or a click of this run asks for."""
    st.session_state[ASKED] = False
    text = state.kept_text(DRILL, view.t("drill.label"), PATTERN, of_page=True)
    return read(text) if text else None


def close() -> None:
    """Close the panel, from a callback."""
    state.keep_text(DRILL, "")
