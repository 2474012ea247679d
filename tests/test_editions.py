"""An edition is only a file: charts, pages, files, form and command line on two made-up ones beside the shipped one."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from pmqa import framework as frameworks_of
from pmqa import shown
from pmqa.charts import gallery as sample_charts
from pmqa.charts.render import figure
from pmqa.exports.drawings import chart_of
from pmqa.exports.editable import Place
from pmqa.framework import DEFAULT_EDITION, FRAMEWORK_FOLDER, Framework, shipped_frameworks
from pmqa.text import translator
from pmqa.viewer import LOCAL_ANALYST
from tests.crawl import keep_taken
from tests.editions import SHAPES, raw_edition, record, submissions_of, toml_of
from tests.pages import clear_caches, opened, words_on

PAGES = tuple(path.stem for path in (Path(__file__).parent.parent / "pages").glob("*.py"))
T = translator("en")
PLACE = Place("Sarabun", 12, 1180, 500)

# What belongs to the shipped edition alone: names and ids of its levels, its thresholds, its ranges, its categories.
ONLY_SHIPPED = re.compile(
    r"\b(?:Basic|Advance|Significance|basic|advance|significance|digitalization)\b"
    r"|ระดับ(?:พื้นฐาน|ก้าวหน้า|พัฒนาจนเกิดผล)|[0–-]500\b|\b(?:category|categories|หมวด) ?(?:7|1–6)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three editions: the shipped one and the two that are made up."""
    found = tmp_path_factory.mktemp("editions")
    shutil.copy(FRAMEWORK_FOLDER / f"{DEFAULT_EDITION}.toml", found)
    for edition in SHAPES:
        (found / f"{edition}.toml").write_text(toml_of(raw_edition(edition)), encoding="utf-8")
    return found


@pytest.fixture(scope="module", autouse=True)
def three_editions(folder: Path) -> Iterator[None]:
    """The product as it is with these files in data/framework."""
    edges = set(shown._EDGES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frameworks_of, "FRAMEWORK_FOLDER", folder)
        shipped_frameworks.cache_clear()
        yield
    shipped_frameworks.cache_clear()
    clear_caches()
    shown._EDGES.intersection_update(edges)
    shown.shown.cache_clear()


@pytest.fixture(scope="module", params=SHAPES)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def own(edition: str, three_editions: None) -> Framework:
    return shipped_frameworks()[edition]


@pytest.fixture(scope="module")
def database(own: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("databases") / f"{own.edition}.duckdb", own)


def alien(texts: list[str]) -> list[str]:
    """Texts that speak of the shipped edition."""
    return [text for text in texts if ONLY_SHIPPED.search(text)]


def test_every_chart_has_the_editions_scale_and_levels(own: Framework) -> None:
    top, thresholds = own.scoring.scale_max, set(own.scoring.level_thresholds.values())
    shipped = dict(sample_charts.drawings("en"))
    for name, drawing in sample_charts.drawings("en", own.edition):
        assert not alien([drawing.finding, *drawing.details, *drawing.notes, drawing.scale.title]), name
        if shipped[name].scale.high == 500:
            assert (drawing.scale.low, drawing.scale.high) == (0, top), name
            assert thresholds <= set(drawing.scale.ticks), name
        assert any(cell.value is not None for layer in drawing.layers for cell in layer.cells), name
        assert figure(drawing, T).data, name
        assert drawing.kind == "grid" or chart_of(drawing, PLACE, T)[0], name
    assert {"success_rates", "level_distribution"} <= set(shipped)
    rates = dict(sample_charts.drawings("en", own.edition))["success_rates"].scale
    assert (rates.high, rates.title) == (150, "Success rate, percent (0–150)")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_speaks_of_its_own_edition(
    page: str, own: Framework, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_caches()
    at = opened(page, database, monkeypatch, lang="en")
    assert not at.exception
    assert page in ("gallery", "submit", "register") or not alien(words_on(at)), alien(words_on(at))
