"""What every page lets people take away: editable charts of each card, all of a page in one zip, the own template."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from pptx import Presentation

from pmqa.framework import Framework
from pmqa.ui import downloads
from tests.crawl import Taken, every_choice, keep_taken
from tests.pages import filled

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

WITH_CARDS: Final = (
    *("overview", "compare", "agency", "indicators", "gaps", "plan", "leverage", "trust", "years", "doctor"),
    *("trace", "assess", "followup", "framework"),
)


@pytest.fixture(scope="module")
def samples(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("files") / "samples.duckdb", framework, 8, 2)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    return keep_taken(monkeypatch)


@pytest.mark.parametrize("page", WITH_CARDS)
def test_every_figure_of_a_page_can_be_edited_in_slides_and_workbooks(
    page: str, samples: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    made: set[tuple[str, str]] = set()
    for choices, at in every_choice(page, samples, monkeypatch, taken, long=1, lang="en"):
        assert not at.exception, choices
        for view, shown in taken.cards:
            card = shown.card()
            kind = "" if card.native is None else repr(card.native)
            assert card.figure is None or card.native is not None, (shown.name, choices)
            if card.native is None or (shown.name, kind) in made:
                continue
            made.add((shown.name, kind))
            slides = Presentation(io.BytesIO(downloads.card_pptx(view, card))).slides
            assert any(shape.has_chart or shape.has_table for slide in slides for shape in slide.shapes), shown.name
            content = downloads.card_xlsx(view, card)
            assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames
            parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
            tables = any(shape.has_table for slide in slides for shape in slide.shapes)
            assert tables or any(part.startswith("xl/charts/") for part in parts), shown.name
