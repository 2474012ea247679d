"""Every page in both languages, with nothing stored, with one agency, and with the samples of three years."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pmqa.demo import demo_submissions, fill_with_samples
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.ui.shared import forget
from pmqa.viewer import Viewer

ROOT = Path(__file__).parent.parent
PAGES = ("overview", "compare", "agency", "report", "gaps", "indicators", "submit", "framework")
WITH_SCORES = ("overview", "compare", "agency", "report", "gaps", "indicators")
SIZES = {"nothing": (0, 0), "one agency": (1, 1), "24 agencies, 3 years": (24, 3)}

# What may stand in Latin letters on a Thai page: names of formats and of the award, ids, units, and what the samples'
# agencies wrote themselves.
LATIN_THAT_MAY_STAY = re.compile(
    r"""(?ix) \b(?: PMQA | pmqa4 | XLSX | CSV | PPTX | ZIP | SVG | PNG | PDF | Parquet | MB | ITA | CRM | KM
      | n | Language | English
      | S\d{7} | DEMO-\d+ | \d\.\d\.[BAS]\d | demo | local | WI | R2R | e-?service | e-?mail | digital
      | https?://\S+ | \S+\.xlsx | Government\ lab | Best\ practice )\b"""
)


def filled_store(path: Path, framework: Framework, agencies: int, years: int) -> Path:
    """A database with samples, without the form's way through the workbook, which has its own tests."""
    with Store(path) as store:
        if agencies:
            sent = demo_submissions(framework, agencies=agencies, years=years)
            files = [(f"{one.agency_code}-{one.fiscal_year}-{one.source}", one) for one in sent]
            store.record_many([Incoming(one, name.encode(), f"{name}.xlsx") for name, one in files], received_by="demo")
    return path


@pytest.fixture(scope="session")
def databases(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        name: filled_store(folder / f"{agencies}.duckdb", framework, agencies, years)
        for name, (agencies, years) in SIZES.items()
    }


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    forget()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    forget()


def opened(page: str, database: Path, monkeypatch: pytest.MonkeyPatch, **choices: Any) -> AppTest:
    """The page as a link with these choices opens it."""
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in choices.items():
        at.query_params[name] = value
    if page != PAGES[0]:  # which is at the root
        at.switch_page(f"pages/{page}.py")
    return at.run()


def words_on(at: AppTest) -> list[str]:
    """Everything that a person reads on the page, tables' text included, as far as AppTest knows it."""
    found: list[str] = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "text"):
        found += [str(element.value) for element in at.get(kind) if "<style>" not in str(element.value)]
    for kind in ("button", "selectbox", "multiselect", "radio", "toggle", "number_input", "metric", "expander", "tab"):
        found += [str(element.label) for element in at.get(kind)]
    for kind in ("selectbox", "multiselect", "radio", "button_group"):
        found += [str(option) for element in at.get(kind) for option in element.options]
    for kind in ("download_button", "metric", "radio"):
        found += [str(element.help) for element in at.get(kind) if element.help]
    found += [str(element.value) for element in at.metric]
    for chart in at.get("plotly_chart"):
        found += texts_of(json.loads(chart.proto.spec))
    for table in [*at.table, *at.dataframe]:
        frame = table.value
        found += [str(name) for name in frame.columns]
        found += [str(cell) for column in frame for cell in frame[column].astype("object") if isinstance(cell, str)]
    return found


def english_left(at: AppTest) -> list[str]:
    """Words in Latin letters on a Thai page that no list allows."""
    texts = [text.replace("\\", "").replace("\u2060", "") for text in words_on(at)]
    return [word for text in texts for word in re.findall("[A-Za-z]{2,}", LATIN_THAT_MAY_STAY.sub("", text))]


def texts_of(figure: dict[str, Any]) -> list[str]:
    """The texts of a Plotly figure that a person sees: titles, labels, notes, names of traces, hover texts."""
    found = [trace["name"] for trace in figure["data"] if trace.get("showlegend") is not False and "name" in trace]
    found += leaves(figure["data"], ("text", "hovertext", "theta"))
    found += leaves({**figure["layout"], "template": None}, ("text", "ticktext"))
    return [html.unescape(re.sub("<[^>]+>", " ", text)) for text in found]


def leaves(part: Any, keys: tuple[str, ...], shown: bool = False) -> list[str]:
    """Strings below keys of these names, in dictionaries and lists."""
    if isinstance(part, dict):
        return [text for key, value in part.items() for text in leaves(value, keys, key in keys)]
    if isinstance(part, list):
        return [text for value in part for text in leaves(value, keys, shown)]
    return [part] if shown and isinstance(part, str) else []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(
    page: str, language: str, size: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases[size], monkeypatch, lang=language)
    assert not at.exception
    assert len(at.title) == 1
    if language == "th":
        assert not english_left(at)
    else:
        assert at.title[0].value.isascii()


SAMPLES = "24 agencies, 3 years"
WAYS = [
    ("overview", {"by": "category", "order": "name"}),
    ("overview", {"basis": "evidenced", "year": "2567"}),
    ("overview", {"basis": "verified"}),
    ("overview", {"type": "จังหวัด"}),
    ("compare", {"by": "category", "no_median": "1"}),
    ("compare", {"by": "item", "category": "7"}),
    ("compare", {"agencies": [f"DEMO-{n:03}" for n in range(1, 10)], "ask": "one", "scope": "people"}),
    ("agency", {"by": "category"}),
    ("agency", {"part": "ladder"}),
    ("agency", {"part": "answers", "category": "2"}),
    ("agency", {"part": "answers", "category": "7"}),
    ("agency", {"part": "answers", "basis": "verified"}),
    ("agency", {"part": "history"}),
    ("agency", {"part": "sent"}),
    ("gaps", {"target": "level", "level": "significance", "by": "item"}),
    ("gaps", {"target": "peer_median", "by": "category"}),
    ("gaps", {"target": "best_peer"}),
    ("gaps", {"target": "number", "points": "450"}),
    ("indicators", {"part": "indicator", "indicator": "7.2.1"}),
    ("indicators", {"part": "core"}),
    ("framework", {"category": "7"}),
]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("page", "choices"), WAYS, ids=lambda part: part if isinstance(part, str) else ",".join(part))
def test_every_choice_of_a_page_opens_from_a_link(
    page: str,
    choices: dict[str, Any],
    language: str,
    databases: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = opened(page, databases[SAMPLES], monkeypatch, lang=language, **choices)
    assert not at.exception
    kept = {name: at.query_params.get(name) for name in choices}
    assert {name: value if isinstance(value, list) else [value] for name, value in kept.items()} == {
        name: value if isinstance(value, list) else [value] for name, value in choices.items()
    }
    if language == "th":
        assert not english_left(at)


@pytest.mark.parametrize("page", WITH_SCORES)
def test_a_page_without_data_says_what_to_do_next(
    page: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases["nothing"], monkeypatch)
    assert at.subheader[0].value == "ยังไม่มีข้อมูล"
    assert [link.proto.page for link in at.get("page_link")] == ["submit"]


def test_one_agency_is_no_peer_group(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", databases["one agency"], monkeypatch)
    median = next(metric for metric in at.metric if "มัธยฐานคะแนนรวม" in metric.label)
    assert median.value == "–"
    assert "ไม่ถึง 5 แห่ง" in median.help


def test_ids_that_a_link_makes_up_are_dropped(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = {"year": "1999", "basis": "guessed", "agencies": ["NOBODY"], "by": "colour", "lang": "xx", "other": "1"}
    at = opened("compare", databases[SAMPLES], monkeypatch, **made_up)
    assert not at.exception
    assert dict(at.query_params) == {}


def test_a_choice_survives_a_change_of_language_and_of_page(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("compare", databases[SAMPLES], monkeypatch)
    at.selectbox(key="year").select(2568).run()
    at.multiselect(key="agencies").set_value(["DEMO-005", "DEMO-002"]).run()
    at.session_state["lang"] = "en"
    at.run().run()
    assert at.title[0].value == "Compare agencies"
    assert at.multiselect(key="agencies").value == ["DEMO-005", "DEMO-002"]
    at.switch_page("pages/gaps.py").run()
    assert at.selectbox(key="year").value == 2568
    at.switch_page("pages/compare.py").run()
    assert at.multiselect(key="agencies").value == ["DEMO-005", "DEMO-002"]


def test_a_choice_that_another_year_lacks_comes_back_with_the_year(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("compare", databases[SAMPLES], monkeypatch)
    everybody = list(at.multiselect(key="agencies").options)
    at.multiselect(key="agencies").set_value(["DEMO-001", "DEMO-024"]).run()
    at.multiselect(key="type").set_value(["จังหวัด"]).run()
    assert len(at.multiselect(key="agencies").options) < len(everybody)
    at.multiselect(key="type").set_value([]).run()
    assert at.multiselect(key="agencies").value == ["DEMO-001", "DEMO-024"]


def test_somebody_who_is_signed_in_without_a_role_sees_nothing(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: None)
    for page in PAGES:
        at = opened(page, databases[SAMPLES], monkeypatch)
        assert not at.exception
        assert [button.label for button in at.button] == ["ลงชื่อเข้าใช้"]
        assert not at.dataframe
        assert not at.table


def test_a_viewer_sees_only_their_ministry(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    every = opened("overview", databases[SAMPLES], monkeypatch)
    ministry = every.multiselect(key="ministry").options[0]
    viewer = Viewer("x", "viewer", None, frozenset({ministry}))
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    at = opened("overview", databases[SAMPLES], monkeypatch)
    assert at.multiselect(key="ministry").options == [ministry]
    assert 0 < int(at.metric[0].value) < int(every.metric[0].value)
    assert not opened("submit", databases[SAMPLES], monkeypatch).get("file_uploader")


@pytest.fixture
def sample_database(framework: Framework, tmp_path: Path) -> Path:
    path = tmp_path / "samples.duckdb"
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=2, years=1)
        incoming = [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(sent)]
        store.record_many(incoming, received_by="demo", sample=True)
    return path


def test_one_button_removes_the_samples_after_asking(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", sample_database, monkeypatch)
    assert "ข้อมูลตัวอย่าง" in at.info[0].value
    at.button(key="remove-samples").click().run()
    assert at.metric[0].value == "2"
    at.button(key="remove-samples-yes").click().run()
    at.run()
    assert not at.exception
    assert at.subheader[0].value == "ยังไม่มีข้อมูล"
    assert not at.info


def test_an_empty_database_fills_itself_with_samples_once_where_that_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DEMO", "1")
    monkeypatch.setattr("pmqa.ui.notices.fill_with_samples", partial(fill_with_samples, agencies=1, years=1))
    at = opened("overview", tmp_path / "fresh.duckdb", monkeypatch)
    assert at.metric[0].value == "1"
    at.button(key="remove-samples").click().run()
    at.button(key="remove-samples-yes").click().run()
    assert at.run().subheader[0].value == "ยังไม่มีข้อมูล"
