"""Every page in both languages, with nothing stored, with one agency, and with the samples of three years."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pmqa.demo import demo_submissions, fill_with_samples
from pmqa.exports import origin_lines
from pmqa.framework import Framework, shipped_frameworks
from pmqa.store import Incoming, Store
from pmqa.text import translator
from pmqa.viewer import Viewer
from tests.pages import SAMPLES, SIZES, english_left, in_address, opened, words_on

pytestmark = pytest.mark.usefixtures("cached_within_file")

PAGES = ("overview", "compare", "agency", "report", "gaps", "indicators", "submit", "framework")
WITH_SCORES = ("overview", "compare", "agency", "report", "gaps", "indicators")


@pytest.mark.parametrize(
    "size", [SAMPLES, *(pytest.param(size, marks=pytest.mark.slow) for size in SIZES if size != SAMPLES)]
)
@pytest.mark.parametrize("language", ["th", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(
    page: str, language: str, size: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases[size], monkeypatch, lang=language)
    assert not at.exception
    ranks = [int(node.tag[1:]) for node in at.main if hasattr(node, "tag")]
    assert ranks.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(ranks)), "a heading of a rank is left out"
    if language == "th":
        assert not english_left(at)
    else:
        assert at.title[0].value.isascii()


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
    ("indicators", {"part": "category"}),
    ("indicators", {"part": "worse"}),
    ("framework", {"category": "7"}),
]


@pytest.mark.slow
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
    assert {name: value for name, value in in_address(at).items() if name in choices} == {
        name: value if isinstance(value, list) else [value] for name, value in choices.items()
    }
    if language == "th":
        assert not english_left(at)


@pytest.mark.parametrize(
    ("category", "parts"),
    [("1", ("concepts", "items", "intents", "criteria")), ("7", ("concepts", "items", "intents", "indicators"))],
)
def test_the_page_framework_says_below_each_part_what_is_official_and_at_its_end_of_all(
    category: str, parts: tuple[str, ...], databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    framework, t = shipped_frameworks()["pmqa4"], translator("th")
    said = "\n".join(words_on(opened("framework", databases["one agency"], monkeypatch, category=category)))
    said = said.replace("\\", "").replace("\u2060", "")  # escapes, and marks that keep words from being parted
    assert all(line in said for part in parts for line in origin_lines(framework, part, t))
    assert all(t.pick(origin.what) in said and t.pick(origin.source) in said for origin in framework.origins)
    assert "เจตนารมณ์ (สรุปความ)" in said
    assert ("1.1, 2.2.b" in said) == (category == "1")  # what 1.1.A1 rests on


@pytest.mark.parametrize("page", WITH_SCORES[1:])  # the first says how to begin
def test_a_page_without_data_says_what_to_do_next(
    page: str, databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(page, databases["nothing"], monkeypatch)
    assert at.header[0].value == "ยังไม่มีข้อมูล"
    assert [link.proto.page for link in at.get("page_link")][-1] == "submit"


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


def test_what_a_link_asks_for_in_vain_is_said_until_somebody_has_read_it(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("compare", databases[SAMPLES], monkeypatch, lang="en", agencies=["DEMO-001", "GONE-7"], year="1999")
    said = at.warning[0].value
    assert "GONE" in said
    assert "Fiscal year" in said
    assert "1999" in said
    assert "DEMO" not in said  # which is there
    assert in_address(at)["agencies"] == ["DEMO-001"]
    at.selectbox(key="ask").select("pair").run()
    assert at.warning[0].value == said
    at.button(key="dropped-seen").click().run()
    assert not at.warning


def test_a_page_that_has_nothing_to_show_says_what_a_link_asks_for_in_vain_and_corrects_its_address(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("gaps", databases["nothing"], monkeypatch, year="1999", lang="en")
    assert at.header[0].value == "There are no data yet"
    assert "1999" in at.warning[0].value
    assert in_address(at) == {"lang": ["en"]}


def test_a_link_with_everything_in_place_says_nothing(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened("compare", databases[SAMPLES], monkeypatch, agencies="DEMO-001", year="2568", utm="1").warning


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
        store.recording.record_many(incoming, received_by="demo", sample=True)
    return path


def test_one_button_removes_the_samples_after_asking(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", sample_database, monkeypatch)
    assert "ข้อมูลตัวอย่าง" in at.info[0].value
    at.button(key="remove-samples").click().run()
    assert at.metric[0].value == "2"
    at.button(key="remove-samples-yes").click().run()
    at.run()
    assert not at.exception
    assert at.title[0].value == "เริ่มต้นใช้งาน"
    assert not at.info


def test_an_empty_database_fills_itself_with_samples_once_where_that_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DEMO", "1")
    monkeypatch.setattr("pmqa.ui.home.fill_with_samples", partial(fill_with_samples, agencies=1, years=1))
    at = opened("overview", tmp_path / "fresh.duckdb", monkeypatch)
    assert at.metric[0].value == "1"
    at.button(key="remove-samples").click().run()
    at.button(key="remove-samples-yes").click().run()
    assert at.run().title[0].value == "เริ่มต้นใช้งาน"
