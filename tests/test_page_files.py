"""What every page lets people take away: editable charts of each card, all of a page in one zip, the own template."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches
from streamlit.testing.v1 import AppTest

from pmqa.charts.render.wording import alt
from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.ui import downloads
from pmqa.views import files
from pmqa.views.cards import plan
from pmqa.views.view import View
from tests.crawl import Taken, every_choice, keep_taken
from tests.pages import a_view, filled, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

WITH_CARDS: Final = (
    *("overview", "compare", "agency", "indicators", "gaps", "plan", "leverage", "trust", "years", "doctor"),
    *("trace", "assess", "followup", "framework"),
)


@pytest.fixture(scope="module")
def samples(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("files") / "samples.duckdb", framework, 8, 2)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    return keep_taken(monkeypatch, traced=False)


@pytest.mark.parametrize("page", WITH_CARDS)
def test_every_figure_of_a_page_is_read_out_and_can_be_edited_in_slides_and_workbooks(
    page: str, samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    made: set[tuple[str, str]] = set()
    for choices, at in every_choice(page, samples, monkeypatch, taken, long=2, first=1, lang="en"):
        assert not at.exception, choices
        for view, shown in taken.cards:
            card = shown.card()
            chart = card.drawing
            kind = chart.kind if chart else ""
            assert chart is None or (chart.finding and alt(chart).startswith(chart.finding)), (shown.name, choices)
            if chart is None or (shown.name, kind) in made:
                continue
            made.add((shown.name, kind))
            slides = Presentation(io.BytesIO(files.card_pptx(view, card))).slides
            assert any(shape.has_chart or shape.has_table for slide in slides for shape in slide.shapes), shown.name
            content = files.card_xlsx(view, card)
            assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames
            parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
            tables = any(shape.has_table for slide in slides for shape in slide.shapes)
            assert tables or any(part.startswith("xl/charts/") for part in parts), shown.name


# --- everything of a page -------------------------------------------------------------------------------------------


def zips(taken: Taken) -> list[zipfile.ZipFile]:
    """What the buttons for everything of the page give."""
    return [zipfile.ZipFile(io.BytesIO(contents())) for name, contents in taken.buttons if name.endswith(".zip")]


@pytest.mark.parametrize("page", WITH_CARDS)
def test_all_cards_of_a_page_can_be_taken_at_once(
    page: str, samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    at = opened(page, samples, monkeypatch, lang="en")
    assert not at.exception
    (archive,) = zips(taken)
    for suffix in (".csv", ".parquet"):
        assert sum(name.endswith(suffix) for name in archive.namelist()) == len(taken.cards)
    natives = sum(shown.card().drawing is not None for _, shown in taken.cards)
    decks = [name for name in archive.namelist() if name.endswith(".pptx")]
    assert len(decks) == (natives > 0)
    about = json.loads(archive.read("metadata.json"))
    assert about["title"] == at.title[0].value
    assert "data=" in about["address"]


@pytest.mark.parametrize("page", ["report", "submit", "gallery"])
def test_a_page_without_cards_offers_no_empty_zip(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    monkeypatch.setenv("PMQA_DEMO", "0")
    at = opened(page, tmp_path / "nothing.duckdb", monkeypatch)
    assert not at.exception
    assert bool(zips(taken)) == bool(taken.cards)


def test_what_was_assumed_a_moment_ago_is_in_the_zip_of_the_what_if(
    samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    at = opened("plan", samples, monkeypatch, plan_part="whatif", lang="en")
    (before,) = zips(taken)
    taken.buttons.clear()
    next(box for box in at.checkbox if not box.value).check().run()
    (after,) = zips(taken)
    new = set(after.namelist()) - set(before.namelist())
    assert any(name.endswith(".csv") and "What" in name and "assumed" in name for name in new)


def test_a_workbook_promises_a_chart_only_where_it_has_one(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", samples, monkeypatch, lang="en")
    for name in ("strengths", "totals"):
        at.session_state[f"{downloads.MENU}{name}"] = True
    at.run()
    helps = {button.proto.id.rpartition("download-")[2]: button.proto.help for button in at.get("download_button")}
    assert "can be edited" in helps["strengths-xlsx"]
    assert "can be edited" not in helps["totals-xlsx"]


# --- the ministry's own slides --------------------------------------------------------------------------------------


def own_slides(width: float) -> bytes:
    deck, content = Presentation(), io.BytesIO()
    deck.slide_width = Inches(width)
    deck.save(content)
    return content.getvalue()


def slide_width(taken: Taken) -> float:
    """Inches of the deck in the zip of the page."""
    (archive,) = zips(taken)
    (deck,) = (name for name in archive.namelist() if name.endswith(".pptx"))
    return Presentation(io.BytesIO(archive.read(deck))).slide_width / Inches(1)


def given(at: AppTest, content: bytes) -> AppTest:
    """The file chosen in the menu of the template."""
    at.session_state["template-menu"] = True
    at.run()
    at.file_uploader(key=downloads.TEMPLATE).set_value(("ministry.pptx", content, downloads.MIME["pptx"]))
    return at.run()


def test_a_template_serves_on_every_page_of_the_visit_until_it_is_taken_back(
    samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    at = given(opened("gaps", samples, monkeypatch, lang="en"), own_slides(11))
    assert not at.error
    for page in ("overview", "trust"):
        taken.buttons.clear()
        at.switch_page(f"pages/{page}.py").run()
        assert slide_width(taken) == pytest.approx(11)
    at.session_state["template-menu"] = True
    at.run()
    assert "ministry.pptx" in at.success[0].value.replace("\\", "").replace("\u2060", "")
    at.button(key="template-forget").click().run()
    taken.buttons.clear()
    at.run()
    assert slide_width(taken) != pytest.approx(11)


def test_a_template_that_cannot_be_used_says_why_and_is_not_kept(
    samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    at = given(opened("gaps", samples, monkeypatch, lang="en"), b"no slides")
    assert at.error
    assert downloads.GIVEN not in at.session_state


# --- an improvement plan ----------------------------------------------------------------------------------------------


def of_department(database: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[View, str, str]:
    """A view of departments alone, one of them, and its submission."""
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    view = a_view("en", agency_types=("กรม",))
    agency = next(iter(view.agencies))
    return view, agency, view.submission_id(agency)


def test_a_plan_says_by_which_filters_its_agency_was_found(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view, agency, submission = of_department(samples, monkeypatch)
    book = openpyxl.load_workbook(io.BytesIO(plan.path_maker(view, agency, submission, 400, "overall", ())()))
    said = [str(cell.value) for row in book.worksheets[0].iter_rows(max_row=6) for cell in row if cell.value]
    assert any(view.t("exports.filters", filters=view.filters) in text for text in said)
    assert not any(view.t("exports.unfiltered") in text for text in said)


def test_a_measure_without_a_name_goes_by_its_indicator(
    framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = next(one for one in demo_submissions(framework, agencies=1, years=1) if one.source == "self")
    nameless = replace(sent, agency_type="กรม", measures=tuple(replace(m, name=None) for m in sent.measures))
    with Store(tmp_path / "nameless.duckdb") as store:
        store.recording.record(nameless, b"1", file_name="1.xlsx", received_by="x")
    view, agency, _ = of_department(tmp_path / "nameless.duckdb", monkeypatch)
    first = sent.measures[0]
    card = plan.assumed(view, agency, actuals=(f"{first.indicator}#{first.number}=1.0",))
    assert card.table["text"].tolist() == [view.scope_name("indicator", first.indicator)]
