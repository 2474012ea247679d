"""An edition is only a file: charts, pages, files, form and command line on two made-up ones beside the shipped one."""

from __future__ import annotations

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
from pmqa.settings import ROOT
from pmqa.text import load_sentences, translator
from pmqa.workbook import read_submission, write_form
from tests.editions import SHAPES, raw_edition, record, submissions_of, toml_of
from tests.pages import clear_caches, opened, words_on

PAGES = tuple(
    sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem not in ("gallery", "people", "register"))
)
T = translator("en")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
PLACE = Place("Sarabun", 12, 1180, 500)

# What belongs to the shipped edition alone: names and ids of its levels, its thresholds, its ranges, its categories.
ONLY_SHIPPED = re.compile(
    r"\b(?:Basic|Advance|Significance|basic|advance|significance|digitalization)\b"
    r"|ระดับ(?:พื้นฐาน|ก้าวหน้า|พัฒนาจนเกิดผล)|[0–-]500\b|(?:\bcategory|\bcategories|หมวด) ?(?:7|1–6)"
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


def test_no_sentence_speaks_of_one_edition() -> None:
    assert not {key for key, words in load_sentences().items() if alien(list(words.values()))}


@pytest.mark.slow
def test_every_chart_has_the_editions_scale_and_levels(own: Framework) -> None:
    top, thresholds = own.scoring.scale_max, set(own.scoring.level_thresholds.values())
    shipped, drawn = (dict(sample_charts.drawings("en", edition)) for edition in (DEFAULT_EDITION, own.edition))
    for name, drawing in drawn.items():
        assert not alien([drawing.finding, drawing.caption.title, *drawing.details, *drawing.notes]), name
        assert not alien([drawing.scale.title]), name
        if shipped[name].scale.high == 500:
            assert (drawing.scale.low, drawing.scale.high) == (0, top), name
            assert thresholds <= set(drawing.scale.ticks), name
        assert any(cell.value is not None for layer in drawing.layers for cell in layer.cells), name
        assert figure(drawing, T).data, name
        assert drawing.kind == "grid" or chart_of(drawing, PLACE, T)[0], name
    assert {"success_rates", "level_distribution"} <= set(shipped)
    rates = drawn["success_rates"].scale
    assert (rates.high, rates.title) == (150, "Success rate, percent (0–150)")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_speaks_of_its_own_edition(
    page: str, own: Framework, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_caches()
    at = opened(page, database, monkeypatch, lang="en" if own.edition == "five" else "th")
    assert not at.exception
    assert page == "submit" or not alien(words_on(at))
    if page == "submit":  # which offers the form of each edition
        offered = at.selectbox(key="edition").options
        assert len(offered) == 1 + len(SHAPES)
        assert "PMQA 4.0" in offered[0]


@pytest.mark.slow
def test_a_form_is_written_filled_in_read_back_and_scored_by_its_edition(
    own: Framework, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    assert run("form", path, "--edition", own.edition, "--year", 2569, "--form-language", "en")[0] == 0
    book = openpyxl.load_workbook(path)
    assert {f"หมวด {category.id}" for category in own.categories} <= set(book.sheetnames)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert not alien(cells)
    sent = submissions_of(own)[-1]
    path.write_bytes(write_form(own, prefill=sent))
    received = read_submission(path.read_bytes(), shipped_frameworks())
    assert received.submission is not None, received.findings
    assert [answer.met for answer in received.submission.answers] == [answer.met for answer in sent.answers]
    code, said, _ = run("score", path, "--json")
    assert code == 0
    overall = next(row for row in json.loads(said)[0]["scores"] if row["kind"] == "overall")
    assert 0 < overall["score"] <= own.scoring.scale_max
    code, said, wrong = run("--lang", "en", "check", path)
    assert code == 0, wrong
    top = own.levels[-1]
    code, said, wrong = run("path", path, "--target", top.id, "--lang", "en")
    assert code == 0, wrong
    assert not alien([said])
    code, said, wrong = run("trace", path, "--scope", own.categories[0].id, "--lang", "en")
    assert code == 0, wrong
    assert not alien([said])


@pytest.mark.slow
def test_data_comparisons_reports_and_zips_are_made_of_its_edition(
    own: Framework, database: Path, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    asked = ("--lang", "en", "--database", database, "--year", 2569)
    for name, more in (
        ("data.xlsx", ()),
        ("deck.pptx", ("--agencies", "E01,E02")),
        ("report.pptx", ("--what", "report", "--agencies", "E01")),
        ("all.zip", ("--agencies", "E01,E02")),
    ):
        code, _, wrong = run("export", *asked, *more, "--out", tmp_path / name)
        assert code == 0, (name, wrong)
    for deck in ("deck.pptx", "report.pptx"):
        shapes = [shape for slide in Presentation(tmp_path / deck).slides for shape in slide.shapes]
        assert not alien([shape.text_frame.text for shape in shapes if shape.has_text_frame])
        axes = [axis for shape in shapes if shape.has_chart for axis in shape.chart._chartSpace.iter(f"{C}valAx")]
        tops = {float(top.get("val")) for axis in axes for top in axis.iter(f"{C}max")}
        assert own.scoring.scale_max in tops
        assert 500 not in tops
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist()
