"""The page Slides: any card is added from its menu, put in order, given words, and taken along as one deck."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views.words import plain
from tests.pages import english_left, everything_sent, filled, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

ADDRESSES = ("gaps.blocking?lang=th&year=2569&agency=DEMO-001", "overview.totals?lang=th&year=2569")
SPOKEN, HEADLINE, NAME = "<b>พูด</b> ตรงนี้", "=หัวเรื่อง *ของเรา*", "ประชุมผู้บริหาร"


@pytest.fixture
def database(framework: Framework, tmp_path: Path) -> Path:
    return filled(tmp_path / "slides.duckdb", framework, 6, 2)


def kept(database: Path, *addresses: str, viewer: Viewer = LOCAL_ANALYST) -> str:
    """A storyboard with cards that were kept when they said something else."""
    with Store(database) as store:
        board = store.storyboards.make_storyboard(NAME, viewer=viewer)
        for address in addresses:
            store.storyboards.add_slide(board, address, finding="เดิม", digest="", version="1-a", viewer=viewer)
        return board


def headlines(at: AppTest) -> list[str]:
    return [one.value for one in at.markdown if one.value.startswith("**") and one.value[2].isdigit()]


def test_a_card_is_added_from_its_menu_put_in_order_and_worded(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("gaps", database, monkeypatch, agency="DEMO-001")
    at.session_state["forms-blocking"] = True
    at.run().button(key="add-slide-blocking").click().run()
    assert any("เพิ่มลงสไลด์แล้ว เป็นสไลด์ที่ 1" in one.value for one in at.caption)
    at.button(key="add-slide-blocking").click().run()
    assert any("มีการ์ดนี้ในชุดสไลด์แล้ว" in one.value for one in at.caption)
    at.session_state["forms-gaps"] = True
    at.run().button(key="add-slide-gaps").click().run()
    at.switch_page("pages/slides.py").run()
    assert not at.exception
    assert not english_left(at)
    first, second = headlines(at)
    assert (first[:4], second[:4]) == ("**1.", "**2.")
    at.button(key="slide-up-2").click().run()
    assert [one[4:] for one in headlines(at)] == [second[4:], first[4:]]
    (headline,) = [one for one in at.text_input if str(one.key).startswith("headline-")][:1]
    slide = str(headline.key).removeprefix("headline-")
    headline.input(HEADLINE)
    at.text_area(key=f"note-{slide}").input(SPOKEN)
    at.button(key=f"save-{slide}").click().run()
    assert not at.exception
    assert headlines(at)[0] == f"**1. {plain(HEADLINE)}**"
    assert any(plain(SPOKEN) in one.value for one in at.markdown)
    assert any("ข้อค้นพบของการ์ด" in one.value for one in at.caption)
    at.button(key="slide-remove-2").click().run()
    assert len(headlines(at)) == 1


def test_slides_of_earlier_data_are_brought_up_to_date_and_say_what_changed(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(database, *ADDRESSES)
    at = opened("slides", database, monkeypatch, lang="en")
    assert any("2 slides were added from earlier data" in one.value for one in at.warning)
    at.button(key="renew").click().run()
    (said,) = [one.value for one in at.success]
    assert "All slides are of today" in said
    assert said.count("→") == 2
    assert not at.warning
    at.session_state["see-1"] = True
    at.run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 1


def test_somebody_elses_storyboard_opens_by_its_link_to_be_looked_at(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = kept(database, *ADDRESSES, viewer=Viewer("owner@x.example", "analyst"))
    at = opened("slides", database, monkeypatch)
    assert [one.value for one in at.header] == ["ยังไม่มีชุดสไลด์"]
    at = opened("slides", database, monkeypatch, storyboard=board)
    assert len(headlines(at)) == 2
    assert NAME in everything_sent(at)
    assert "owner@x.example" not in everything_sent(at)
    changing = ("slide-", "save-storyboard", "delete", "renew")
    assert not [one.key for one in at.button if str(one.key).startswith(changing)]


def test_a_storyboard_is_made_named_and_deleted(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("slides", database, monkeypatch)
    at.text_input(key="storyboard-new").input(NAME)
    at.button(key="make").click().run()
    assert at.selectbox[0].options == [NAME]
    assert [one.value for one in at.header] == ["ชุดสไลด์นี้ยังว่าง"]
    at.text_input(key="storyboard-new").input(NAME)
    at.button(key="make").click().run()
    assert any("มีชื่อ" in one.value for one in at.warning)
    name = next(one for one in at.text_input if str(one.key).startswith("name-"))
    name.input("ชื่อใหม่")
    at.button(key="save-storyboard").click().run()
    assert at.selectbox[0].options == ["ชื่อใหม่"]
    at.button(key="delete-yes").click().run()
    assert [one.value for one in at.header] == ["ยังไม่มีชุดสไลด์"]
