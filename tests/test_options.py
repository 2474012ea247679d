"""Very many agencies: what is drawn is cut, what is found and ordered is found among all, what is left out is said."""

import math

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pmqa.charts.cutting import Tiles, rows_of
from pmqa.charts.drawing import LOOKS, Cell, Drawing, Layer, Row, Scale
from pmqa.charts.style import Caption
from pmqa.ui.options import AS_THEY_ARE, OFFERED, among, are_many
from pmqa.ui.rows import _places, sentences

CAPTION = Caption("title", "basis", "2569", "edition", 5, "source")
SCALE = Scale(0.0, 500.0, (0.0, 500.0), "points")


def drawing(cells, *, kind="grid", rules=()):
    layers = [Layer("rule", "median", LOOKS["median"], tuple(rules)), Layer("tile", "score", LOOKS["score"], cells)]
    return Drawing(kind, CAPTION, "finding", SCALE, tuple(Row(f"A{n}", f"Agency {n}") for n in range(5)), tuple(layers))


def grid_cell(place):
    row, column = divmod(place, 2)
    return Cell(row, float(place), column=column)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(("places", "values"), [([0, 1], [0, 1, 2, 3]), ([4, 2], [8, 9, 4, 5]), ([], [])])
def test_rows_of_a_drawing_keep_their_cells_and_every_rule(lazy, places, values):
    every = Tiles(10, 2, grid_cell)
    cut = rows_of(drawing(every if lazy else tuple(every), rules=[Cell(0, 300.0)]), places)
    rule, tiles = cut.layers
    assert [row.key for row in cut.rows] == [f"A{place}" for place in places]
    assert sorted(cell.value for cell in tiles.cells) == sorted(values)
    assert all(cell.value // 2 == places[cell.row] for cell in tiles.cells)
    assert [cell.value for cell in rule.cells] == [300.0]
    assert cut.finding == "finding"


def test_a_drawing_whose_rows_mean_nothing_alone_is_not_cut():
    with pytest.raises(ValueError, match="radar"):
        rows_of(drawing((), kind="radar"), [0])


def test_tiles_are_the_cells_of_the_grid():
    tiles = Tiles(10, 2, grid_cell)
    assert len(tiles) == 10
    assert tuple(tiles) == tiles[:] == tuple(grid_cell(place) for place in range(10))
    assert tiles[-1] == grid_cell(9)
    with pytest.raises(IndexError):
        tiles[10]


FRAME = pd.DataFrame({"name": ["กรมหนึ่ง", "Second", None, "กรมสอง"], "score": [3.0, math.nan, 1.0, 2.0]})


@pytest.mark.parametrize(
    ("text", "column", "falls", "places"),
    [
        ("", "", False, [0, 1, 2, 3]),
        ("กรม", "", False, [0, 3]),
        ("second", "", False, [1]),
        ("nobody", "", False, []),
        (".*", "", False, []),  # words, not a pattern
        ("", "score", False, [2, 3, 0, 1]),  # blanks last either way
        ("", "score", True, [0, 3, 2, 1]),
        ("กรม", "score", False, [3, 0]),
    ],
)
def test_rows_are_found_by_words_and_ordered_by_a_column(text, column, falls, places):
    assert _places(FRAME, text, column, falls).tolist() == places


def test_options_of_many_are_known_by_what_is_asked_for():
    codes = tuple(f"A{n}" for n in range(AS_THEY_ARE + 1))
    assert are_many(codes)
    assert among(codes, ["A7", "Z1"]) == {"A7": "A7"}
    assert among((1, 2), []) == {"1": 1, "2": 2}
    assert not are_many(range(10_000))  # a number's field sends its ends alone


CHOOSING = """
import streamlit as st
from pmqa.ui import state
with state.url_kept():
    state.choose_one("lang", "language", ("en", "th"), style="segments")
    codes = tuple(f"A{n:05}" for n in range(10_000))
    st.text(state.choose_one("agency", "Agency", codes, words=lambda code: f"Agency {code}"))
    st.text(" ".join(state.choose_many("several", "Several", codes, placeholder="none")))
"""


def test_of_ten_thousand_options_the_first_are_sent_and_all_can_be_found():
    page = AppTest.from_string(CHOOSING).run()
    assert len(page.selectbox(key="agency").options) == OFFERED
    assert "10,000" in page.text_input(key="find-agency").placeholder
    page.text_input(key="find-agency").set_value("a0999").run()
    assert page.selectbox(key="agency").options[1:] == [f"Agency A0999{n}" for n in range(10)]
    page.selectbox(key="agency").set_value("A09993").run()
    assert page.text[0].value == "A09993"
    page.text_input(key="find-agency").set_value("").run()
    assert page.text[0].value == "A09993"  # it stays, and is among the options
    assert page.selectbox(key="agency").options[0] == "Agency A09993"
    page.text_input(key="find-several").set_value("A00777").run()
    page.multiselect(key="several").set_value(["A00777"]).run()
    page.text_input(key="find-several").set_value("A00888").run()
    page.multiselect(key="several").set_value(["A00777", "A00888"]).run()
    assert page.text[1].value == "A00777 A00888"
    page.text_input(key="find-several").set_value("nobody").run()
    assert page.caption[0].value == "Nothing found"


SHOWING = """
import pandas as pd
import streamlit as st
from pmqa.text import translator
from pmqa.ui.rows import table_rows
if "frame" not in st.session_state:
    st.session_state["frame"] = pd.DataFrame({"Agency": [f"A{n:04}" for n in range(1000)], "Score": range(1000)})
frame = st.session_state["frame"]
places = table_rows(translator("en"), "t", frame)
st.text(" ".join(frame["Agency"].iloc[places]))
"""


def test_a_table_of_a_thousand_rows_is_turned_page_by_page_searched_and_ordered():
    page = AppTest.from_string(SHOWING).run()
    assert page.text[0].value.split() == [f"A{n:04}" for n in range(100)]
    assert "900 not shown here" in page.caption[0].value
    page.number_input(key="page-table-t").set_value(10).run()
    assert page.text[0].value.split()[-1] == "A0999"
    page.text_input(key="find-table-t").set_value("A000").run()
    assert page.text[0].value.split() == [f"A{n:04}" for n in range(10)]  # the first page of what is found
    page.selectbox(key="order-table-t").set_value(("Score", True)).run()
    assert page.text[0].value.split()[0] == "A0009"
    assert not page.exception


def test_of_a_table_that_scrolls_only_sentences_wrap() -> None:
    name, reason = "สำนักงานปลัดกระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม", "ร้อยละความสำเร็จสูงกว่ามัธยฐาน " * 3
    frame = pd.DataFrame({"หน่วยงาน": [name], "เหตุผล": [reason], "คะแนน": [1.0]}).astype(
        {"หน่วยงาน": "str", "เหตุผล": "str"}
    )
    assert sentences(frame) == {"เหตุผล"}
    assert sentences(frame.iloc[:0]) == frozenset()
