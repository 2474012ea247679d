"""What an analyst does in a day, by clicks: each task at most six, forty forms to a deck of a ministry at most fifteen.

An entry of the menu, a button, a tab or menu, a choice among segments is a click; a selector is two, to open it and to
choose. Printing is counted in a browser (tests/browser/test_screens.py), the cell behind a tile of a chart too
(test_drill_journey.py), and sharing with somebody else (test_slides_journey.py).
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.ui import home
from pmqa.ui.downloads import MENU
from pmqa.viewer import LOCAL_ANALYST
from pmqa.workbook import write_form
from tests.pages import SAMPLES, clear_caches, in_address, opened, words_on

pytestmark = pytest.mark.slow  # whole pages run

MOST, MOST_FOR_A_DECK = 6, 15
MINISTRY: Final = "กระทรวงตัวอย่างสุขภาวะและสังคม"
SOMEBODY: Final = "DEMO-022"


class Visit:
    """A visit whose clicks are counted, in English."""

    def __init__(self, at: AppTest) -> None:
        self.at, self.clicks = at, 0

    def menu(self, page: str) -> Visit:
        self.at.switch_page(f"pages/{page}.py")
        return self._clicked(1)

    def press(self, key: str) -> Visit:
        self.at.button(key=key).click()
        return self._clicked(1)

    def unfold(self, key: str) -> Visit:
        self.at.session_state[key] = True
        return self._clicked(1)

    def choose(self, key: str, value: Any) -> Visit:
        widgets = (*self.at.selectbox, *self.at.multiselect, *self.at.get("button_group"))
        widget = next(one for one in widgets if one.key == key)
        widget.set_value(value)
        return self._clicked(1 if widget.type == "button_group" else 2)

    def upload(self, *files: tuple[str, bytes]) -> Visit:
        (uploader,) = self.at.get("file_uploader")
        uploader.set_value([(name, content, "application/octet-stream") for name, content in files])
        return self._clicked(2)  # to open the system's window, to take the files that are marked there

    def files(self) -> set[str]:
        """Keys of what can be downloaded, each one click more."""
        return {str(one.key) for one in self.at.get("download_button")}

    def said(self) -> str:
        return "\n".join(words_on(self.at)).replace("\\", "").replace("\u2060", "")

    def cells(self) -> str:
        """What stands in tables."""
        return "\n".join(one.value.to_csv() for one in (*self.at.table, *self.at.dataframe)).replace("\\", "")

    def _clicked(self, clicks: int) -> Visit:
        self.clicks += clicks
        self.at.run()
        assert not self.at.exception
        return self


@pytest.fixture(scope="module")
def looking(databases: dict[str, Path]) -> Iterator[AppTest]:
    """One visit to the samples, in which one task follows another as in a day."""
    clear_caches()
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield opened("overview", databases[SAMPLES], monkeypatch, lang="en")
    clear_caches()


@pytest.fixture
def visit(looking: AppTest) -> Visit:
    return Visit(looking)


def test_five_criteria_that_hold_a_ministry_back_and_what_they_give(visit: Visit) -> None:
    visit.menu("leverage").choose("ministry", [MINISTRY])
    assert "Closing these 5 (" in visit.said()
    assert "overall on average of" in visit.said()
    assert visit.clicks <= MOST
    visit.choose("ministry", [])


def test_whether_an_agency_improved_in_digitalization_over_three_years_and_why(visit: Visit) -> None:
    visit.menu("years").choose("agency", SOMEBODY).choose("before", 2567).choose("of_dimension", "digitalization")
    assert in_address(visit.at)["of_dimension"] == ["digitalization"]
    assert "Digitalization" in visit.said()
    assert "in 2 years, like for like" in visit.said()
    assert "answers changed: " in visit.said()
    assert visit.clicks <= MOST


def test_ones_own_group_against_the_rest_in_the_results_category(visit: Visit) -> None:
    visit.menu("indicators").choose("part", "category").choose("agency", SOMEBODY)
    assert "below Everybody else in" in visit.said()
    assert "7.1.1 Core mission measures" in visit.said()
    assert visit.clicks <= MOST


def test_a_view_is_shared(visit: Visit) -> None:
    visit.menu("gaps").unfold("link").press("copy-short")
    assert any("/?v=" in one.value for one in visit.at.code)
    assert visit.clicks <= MOST
    visit.at.session_state["link"] = False


def test_a_table_is_taken_to_excel(visit: Visit) -> None:
    visit.menu("overview").unfold(f"{MENU}strengths")
    assert {"download-strengths-xlsx", "download-totals-xlsx"} <= visit.files()
    assert visit.clicks + 1 <= MOST


def test_a_table_is_copied_to_be_pasted(visit: Visit) -> None:
    visit.menu("overview").unfold(f"{MENU}strengths").press("copy-table-strengths")
    (copied,) = [
        one.proto.body for one in visit.at.get("html") if "pmqa-copy" in one.proto.body and "\t" in one.proto.body
    ]
    lines = html.unescape(copied.removesuffix("</span>").partition(">")[2]).split("\n")
    assert len(lines) == 1 + 24
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}
    assert visit.clicks <= MOST


def test_an_agency_is_found_by_a_part_of_its_code(visit: Visit) -> None:
    visit.press("search")
    box = visit.at.selectbox(key="search-box")
    (wanted,) = [one for one in box.options if "DEMO-019" in one]
    box.select(wanted)
    visit._clicked(1)  # what is typed leaves one line, and Enter takes it
    assert in_address(visit.at)["agency"] == ["DEMO-019"]
    assert visit.clicks <= MOST


def test_from_forms_in_the_mail_to_answers_a_deck_the_cell_behind_a_number_and_back(
    forms: list[Path], framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_caches()
    database = tmp_path / "pmqa.duckdb"
    visit = Visit(opened("overview", database, monkeypatch, lang="en"))
    sent = [(path.name, path.read_bytes()) for path in forms]
    visit.menu("submit").upload(*sent, ("blank.xlsx", write_form(framework)))
    assert "download-replies" in visit.files()
    assert visit.clicks + 1 <= MOST  # answer all of a batch, each with its findings

    visit.press("save").menu("overview")
    (ministry,) = {str(one) for one in visit.at.multiselect(key="ministry").options[:1]}
    visit.choose("ministry", [ministry])
    visit.press("add-slide-strengths").press("add-slide-levels").press("add-slide-asks")
    visit.menu("leverage").press("add-slide-together").press("add-slide-leverage").menu("slides")
    assert "download-storyboard-pptx" in visit.files()
    assert visit.clicks + 1 <= MOST_FOR_A_DECK
    with Store(database) as store:
        (board,) = store.storyboards.of(LOCAL_ANALYST)
        assert len(store.storyboards.slides(board.id, LOCAL_ANALYST)) == 5

    visit.clicks = 0
    visit.menu("trace").choose("agency", "DEMO-002").choose("trace", "3.2")
    assert "3.2.B1" in visit.cells()
    assert "หมวด 3!E" in visit.cells()
    assert visit.clicks <= MOST

    visit.clicks = 0
    with Store(database) as store:
        wrong = str(store.submissions.standing()["submission"].iloc[-1])
    visit.menu("submit").choose("submission", wrong)
    visit.at.text_area(key="why").input("ส่งผิดไฟล์")
    visit.clicks += 1  # into the box
    visit.press("withdraw-now")
    assert f"{wrong} was withdrawn" in visit.said()
    assert visit.clicks <= MOST


def test_an_empty_installation_shows_its_first_finding_after_a_click_and_what_is_behind_it_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_caches()
    few = partial(home.fill_with_samples, agencies=1, years=1)
    monkeypatch.setattr(home, "fill_with_samples", few)
    visit = Visit(opened("overview", tmp_path / "pmqa.duckdb", monkeypatch, lang="en"))
    visit.press("fill-samples")
    assert "What to look at first" in visit.said()
    found = [link.proto for link in visit.at.get("page_link") if link.proto.page == "gaps"]
    asked = {name: values[0] for name, values in parse_qs(found[0].query_string).items()}
    behind = Visit(opened("gaps", tmp_path / "pmqa.duckdb", monkeypatch, **asked))  # as a click on the finding does
    assert in_address(behind.at)["agency"] == ["DEMO-001"]
    assert "1.1.B3" in behind.said() + behind.cells()
    assert visit.clicks + 1 <= MOST
