"""The pages Reports and Chart gallery: what they offer, in both languages, and the files that come of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmqa.charts.gallery import gallery
from pmqa.errors import ExportError
from pmqa.framework import Framework
from pmqa.ui.forms import report as reporting
from pmqa.views.view import View
from tests.crawl import keep_taken
from tests.pages import a_view, filled, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run


@pytest.fixture(scope="module")
def database(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("reports") / "samples.duckdb", framework, 6, 2)


@pytest.fixture
def view(database: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    return a_view("th")


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("whose", ["agency", "ministry", "all"])
def test_a_report_is_offered_of_an_agency_a_ministry_and_everybody(
    whose: str, language: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("report", database, monkeypatch, whose=whose, lang=language)
    assert not at.exception
    assert len(at.get("download_button")) == (0 if whose == "all" else 1)


def test_the_one_page_of_an_agency_is_offered_and_made(
    view: View, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("report", database, monkeypatch, whose="agency", document="profile")
    assert not at.exception
    assert len(at.get("download_button")) == 1
    agency, ministry = next(iter(view.agencies)), str(view.submissions["ministry"].iloc[0])
    assert reporting.profile_file(view, agency, "pdf") == reporting.profile_file(view, agency, "pdf")
    assert reporting.briefing_content(view, ministry, "pdf").startswith(b"%PDF-")


def test_without_data_the_page_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("report", tmp_path / "empty.duckdb", monkeypatch)
    assert not at.exception
    assert at.header[0].value == "ยังไม่มีข้อมูล"


def test_all_reports_are_made_under_a_button_and_taken_as_one_zip(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = keep_taken(monkeypatch)
    at = opened("report", database, monkeypatch, whose="all")
    assert not at.get("download_button")
    at.button(key="make-all").click().run(timeout=120)
    assert not at.exception
    assert "6" in at.success[0].value
    names = zipfile.ZipFile(io.BytesIO(at.session_state[reporting.MADE].content)).namelist()
    assert sum(name.endswith(".pptx") for name in names) == 6
    assert {"README.txt", "metadata.json"} <= set(names)
    ((_, contents),) = taken.buttons
    assert contents() == at.session_state[reporting.MADE].content  # asked for, not handed over with every run
    at.selectbox(key="year").select(2568).run()
    assert at.info
    assert not at.get("download_button")


def test_reports_that_cannot_be_made_say_why(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> Iterator[tuple[str, bytes]]:
        raise ExportError("ไม่มีกระดาษ")
        yield

    monkeypatch.setattr(reporting, "agency_reports", fails)
    at = opened("report", database, monkeypatch, whose="all")
    at.button(key="make-all").click().run()
    assert not at.exception
    assert "ไม่มีกระดาษ" in at.error[0].value


def test_the_same_view_gives_the_same_report(view: View) -> None:
    agency = next(iter(view.agencies))
    assert reporting.agency_file(view, agency, "pptx") == reporting.agency_file(view, agency, "pptx")
    ministry = view.submissions["ministry"].iloc[0]
    assert reporting.ministry_file(view, ministry, "pptx") == reporting.ministry_file(view, ministry, "pptx")


def test_reports_name_agencies_and_so_are_closed_in_a_meeting(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("report", database, monkeypatch, meeting="0a1b2c3d")
    assert not at.exception
    assert not at.get("download_button")


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_gallery_shows_every_chart_with_its_table_and_alternative_text(
    language: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("gallery", database, monkeypatch, lang=language)
    assert not at.exception
    names = [name for name, *_ in gallery(language, "light")]
    assert [heading.value for heading in at.subheader] == names
    assert len(at.get("plotly_chart")) == len(at.dataframe) == len(names)
