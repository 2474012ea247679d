"""Click to see what is behind: marks and rows stand for an agency's score, and a panel shows what it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from pmqa.errors import CardGone
from pmqa.ui import drilling
from pmqa.viewer import Viewer
from pmqa.views import behind
from pmqa.views.behind import Subject, asked_for, mark_behind, rows_behind
from pmqa.views.cards import Card, known_cards
from pmqa.views.masks import new_word
from pmqa.views.panel import panel
from pmqa.views.view import View
from tests.pages import SAMPLES, a_view, in_address, opened, words_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

ONE, TWO = "DEMO-001", "DEMO-002"
LAST = "DEMO-024"
BOTH = {"agencies": (ONE, TWO)}


@pytest.fixture
def view(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(databases[SAMPLES]))
    return a_view("en")


def made(view: View, card: str, **choices: Any) -> tuple[Card, Subject]:
    return known_cards()[card].make(view, **choices), asked_for(choices)


def of_marks(view: View, card: Card, whole: Subject) -> set[Subject | None]:
    """What the marks of a card's drawing stand for."""
    drawing = card.drawing
    assert drawing is not None
    return {
        mark_behind(view, drawing, whole, cell.row, drawing.mark_id(layer, cell))
        for layer in drawing.drawn()
        for cell in layer.cells
    }


# card, its choices -> what some mark of its chart stands for, what some row of its table does
CARDS: list[tuple[str, dict[str, Any], Subject | None, Subject | None]] = [
    ("overview.strengths", {}, Subject(ONE, "digitalization"), Subject(ONE)),
    ("overview.totals", {}, None, Subject(ONE)),
    ("overview.levels", {}, None, None),  # of many agencies
    ("compare.values", BOTH, Subject(TWO, "digitalization"), Subject(TWO)),
    ("compare.pair", BOTH, Subject(TWO, "digitalization"), None),  # a row holds two agencies
    ("compare.peers", {"agency": ONE}, Subject(ONE, "customer"), Subject(ONE, "customer")),
    ("compare.profile", BOTH, Subject(TWO, "digitalization"), Subject(TWO)),
    ("compare.all-years", BOTH, Subject(TWO, "overall", 2567), Subject(TWO, "overall", 2568)),  # of many years
    ("compare.own-years", {"agency": ONE}, Subject(ONE, "digitalization", 2568), Subject(ONE, "digitalization")),
    ("compare.two-years", BOTH | {"other": 2567}, Subject(TWO, "overall", 2567), Subject(TWO)),
    ("years.moves", {"agency": ONE, "before": 2567}, Subject(ONE, "customer"), Subject(ONE, "customer")),
    ("compare.rest", {"agency": ONE}, Subject(ONE, "customer"), Subject(ONE, "customer")),
    ("leverage.together", {}, Subject(TWO), Subject(TWO)),
    ("years.why", {"agency": ONE, "before": 2567}, None, Subject(ONE, "3")),
    ("indicators.worse", {}, None, Subject(TWO, "7.4.1#1")),
    ("compare.everyone", {"scope": "3.2"}, Subject(TWO, "3.2"), Subject(TWO, "3.2")),
    ("compare.ranks", {"scope": "3"}, Subject(TWO, "3"), Subject(TWO, "3")),
    ("compare.spread", {"scope": "3"}, Subject(TWO, "3"), Subject(TWO, "3")),
    ("compare.heat", {"kind": "item"}, Subject(TWO, "3.2"), Subject(TWO)),
    ("gaps.to_target", {"agency": ONE, "kind": "item"}, Subject(ONE, "3.2"), Subject(ONE, "3.2")),
    ("agency.ladder", {"agency": ONE}, Subject(ONE, "3.2"), Subject(ONE, "3.2")),
    ("agency.results", {"agency": ONE}, Subject(ONE, "7.1.1#1"), Subject(ONE, "7.1.1#1")),
    ("agency.history", {"agency": ONE}, Subject(ONE, "overall", 2567), Subject(ONE, "overall", 2568)),
    ("doctor.quadrant", {}, Subject(TWO), Subject(TWO)),
]


@pytest.mark.parametrize(("card", "choices", "of_mark", "of_row"), CARDS)
def test_marks_and_rows_stand_for_an_agency_and_a_scope(
    view: View, card: str, choices: dict[str, Any], of_mark: Subject | None, of_row: Subject | None
) -> None:
    found, whole = made(view, card, **choices)
    rows = set(rows_behind(view, found, whole)) - {None}
    assert of_row in rows if of_row else not rows
    if found.drawing is not None:
        can_be_clicked = behind.has_marks_behind(view, found.drawing, whole)
        assert can_be_clicked == (of_mark is not None)
        assert not of_mark or of_mark in of_marks(view, found, whole)


def test_a_median_stands_for_nobody(view: View) -> None:
    found, whole = made(view, "compare.values", **BOTH)
    assert None in of_marks(view, found, whole)
    assert {one.agency for one in of_marks(view, found, whole) if one} == {ONE, TWO}


def test_every_mark_and_row_opens_a_panel_of_the_score_that_it_shows(view: View) -> None:
    found, whole = made(view, "compare.heat", kind="category", agencies=(ONE,))
    for subject in sorted(one for one in of_marks(view, found, whole) if one):
        opened_at = panel(view, subject)
        shown = found.table.set_index("series").at[ONE, subject.scope]
        assert opened_at.metrics[0].value == view.t.number(shown)
        assert view.basis_name in opened_at.about
        assert "2569" in opened_at.about


@pytest.mark.parametrize(
    ("scope", "parts", "kind"),
    [
        ("overall", ["1", "2", "3", "4", "5", "6", "7"], "category"),
        ("3", ["3.1", "3.2", "3.3", "3.4"], "item"),
        ("7.1", ["7.1.1", "7.1.2", "7.1.3", "7.1.4", "7.1.5"], "indicator"),
        ("3.2", None, "criterion"),
        ("7.1.1", None, "measure"),
        ("7.1.1#1", None, "measure"),
    ],
)
def test_a_panel_leads_down_to_the_cells_that_were_sent(
    view: View, scope: str, parts: list[str] | None, kind: str
) -> None:
    found = panel(view, Subject(ONE, scope))
    if parts is None:
        assert found.parts is None
        assert found.sent.table["kind"].astype("str").eq(kind).all()
    else:
        assert found.parts is not None
        assert found.parts.table["scope"].tolist() == parts
        assert rows_behind(view, found.parts, Subject(""))[0] == Subject(ONE, parts[0])
    assert found.above == {"3.2": ("overall", "3"), "7.1.1#1": ("overall", "7", "7.1", "7.1.1")}.get(scope, found.above)


def test_the_change_is_of_the_numbers_that_are_shown(view: View) -> None:
    change = panel(view, Subject(ONE, "3.2")).metrics[-1]
    every = view.every_year("item").query("agency_code == @ONE and scope == '3.2'")
    before, after = (float(every.loc[every["fiscal_year"] == year, "score"].iloc[0]) for year in (2568, 2569))
    assert float(change.value.replace("−", "-")) == pytest.approx(round(after, 1) - round(before, 1), abs=0.051)
    assert view.t.number(before) in str(change.help)
    first_year = a_view("en", fiscal_year=2567)
    assert panel(first_year, Subject(ONE, "3.2")).metrics[-1].value == "–"


def test_a_mark_of_an_earlier_year_opens_that_year(view: View) -> None:
    then = panel(view, Subject(ONE, "3", 2568))
    assert then.metrics == panel(a_view("en", fiscal_year=2568), Subject(ONE, "3")).metrics
    assert "2568" in then.about
    assert then.parts is not None
    assert rows_behind(view, then.parts, Subject(""))[0] == Subject(ONE, "3.1", 2568)


@pytest.mark.parametrize(
    "subject", [Subject("A~B", "7.1.1#2", 2567), Subject("A~B", "3.2"), Subject("2567", "overall", 2569)]
)
def test_what_an_address_says_of_a_subject_is_read_back(subject: Subject) -> None:
    assert behind.read(behind.written(subject)) == subject


OUT_OF_REACH = [
    Subject("NOBODY"),
    Subject(LAST),
    Subject(ONE, "9.9"),
    Subject(ONE, "7.1.1#99"),
    Subject(ONE, "3", 2500),
]


@pytest.mark.parametrize("subject", OUT_OF_REACH)
def test_what_is_not_there_or_out_of_reach_names_nobody(view: View, subject: Subject) -> None:
    limited = a_view("en", viewer=Viewer("x", role="viewer", agencies=frozenset({ONE, TWO})))
    with pytest.raises(CardGone) as gone:
        panel(limited, subject)
    assert str(gone.value) == view.t("drill.gone")
    assert not any(name in str(gone.value) for name in (*view.agencies, *view.agencies.values()))


def test_in_a_meeting_the_panel_knows_aliases_and_nothing_that_was_written(view: View) -> None:
    masked = a_view("en", meeting=new_word(view.version))
    alias = next(iter(masked.agencies))
    for scope in ("overall", "3.2", "7.1.1"):
        found = panel(masked, Subject(alias, scope))
        said = repr((found, found.sent.table.to_dict(), found.sent.columns))
        assert not any(name in said for name in (*view.agencies, *view.agencies.values()))
        assert not ({"evidence", "place"} & {column.name for column in found.sent.columns})
    with pytest.raises(CardGone):
        panel(masked, Subject(ONE))  # a code that a link brought is not looked up


def test_a_link_opens_the_panel_which_leads_up_and_says_so_in_the_address(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("gaps", databases[SAMPLES], monkeypatch, lang="en", agency=ONE, drill=f"{ONE}~3.2")
    assert not at.exception
    said = words_on(at)
    assert any("2568" in word and "Change" in word for word in said)
    assert any("3.2.B1" in str(word).replace("\\", "") for word in said)
    assert in_address(at)["drill"] == [f"{ONE}~3.2"]
    at.button(key="drill-3").click().run()
    assert in_address(at)["drill"] == [f"{ONE}~3"]
    assert any(str(table.value.iloc[0, 0]).startswith("3.1 ") for table in at.dataframe)


@pytest.mark.parametrize("drill", [f"{LAST}x~3.2", "NOBODY~overall"])
def test_a_link_to_nobody_says_so(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch, drill: str) -> None:
    at = opened("overview", databases[SAMPLES], monkeypatch, drill=drill)
    assert not at.exception
    assert any("ไม่อยู่ในข้อมูลที่เลือก" in str(info.value) for info in at.info)


def test_a_click_brings_row_and_id_and_a_second_tick_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Subject] = []
    session: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(drilling, "open_panel", asked.append)
    found = drilling.subject_of({"customdata": [2, "3.2"]}, lambda row, mark: Subject(f"A{row}", mark))
    assert found == Subject("A2", "3.2")
    assert drilling.subject_of({"x": 1}, lambda row, mark: Subject(f"A{row}", mark)) is None
    for ticked in ([1], [], [0]):
        session["rows-a"] = {"selection": {"rows": ticked}}
        drilling._ticked("rows-a", (Subject("A0"), Subject("A1")))
    assert asked == [Subject("A1"), Subject("A1"), Subject("A0")]
