"""Search: agencies by name and code, what is assessed, pages; choosing one goes there. Selectors find codes too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pmqa.store import Store
from pmqa.text import languages
from pmqa.viewer import Viewer
from pmqa.views.masks import new_word
from pmqa.views.search import Entry, entries
from pmqa.views.view import View
from tests.pages import SAMPLES, a_view, in_address, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

MENU = (("", "Home"), ("gaps", "Gaps to a target"))


@pytest.fixture
def view(databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(databases[SAMPLES]))
    return a_view("en")


def found(view: View, part: str) -> list[Entry]:
    return [entry for entry in entries(view, MENU) if part.lower() in entry.words.lower()]


@pytest.mark.parametrize(
    ("part", "page", "query"),
    [
        ("demo-007", "agency", {"agency": "DEMO-007"}),
        ("1.2.B3", "framework", {"category": "1"}),
        ("7.1.1 ", "indicators", {"part": "indicator", "indicator": "7.1.1"}),
        ("3.2 ", "compare", {"ask": "one", "by": "item", "category": "3", "scope": "3.2"}),
        ("digitalization", "compare", {"ask": "one", "by": "dimension", "scope": "digitalization"}),
        ("gaps to", "gaps", {}),
    ],
)
def test_part_of_a_name_or_code_finds_where_it_is_shown(
    view: View, part: str, page: str, query: dict[str, str]
) -> None:
    assert (page, query) in [(entry.page, dict(entry.query)) for entry in found(view, part)]


def test_every_entry_is_worded_once_and_agencies_are_found_whatever_the_filters(view: View) -> None:
    words = [entry.words for entry in entries(view, MENU)]
    assert len(set(words)) == len(words)
    assert "DEMO-007" in view.agency_label("DEMO-007")
    ministry = str(view.submissions["ministry"].iloc[0])
    filtered = a_view("en", ministries=(ministry,))
    left_out = next(code for code in view.agencies if code not in filtered.agencies)
    assert found(filtered, left_out)


def test_who_is_in_the_register_and_has_not_sent_is_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pmqa.duckdb"
    names = ("agency_code", "agency_name", "ministry", "agency_type")
    with Store(path) as store:
        rows = [("D007", "กรมที่ยังไม่ส่ง", "กระทรวงตัวอย่าง", "กรม"), ("D008", "อีกกรม", "กระทรวงอื่น", "กรม")]
        store.register.save_agencies(pd.DataFrame(rows, columns=list(names)), who="t")
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    limited = a_view("th", viewer=Viewer("x", "analyst", agencies=frozenset({"D007"})))
    menu = (*MENU, ("submit", "ส่งแบบประเมิน"))
    here = [entry for entry in entries(limited, menu) if "D00" in entry.words]
    assert [(entry.page, dict(entry.query)) for entry in here] == [("submit", {"form_agency": "D007"})]
    assert not [entry for entry in entries(limited, MENU) if "D00" in entry.words]  # no page of theirs in the menu
    assert not [entry for entry in entries(replace(limited, meeting="x"), menu) if "D00" in entry.words]


def test_nobody_finds_who_is_out_of_reach_or_who_an_alias_is(view: View) -> None:
    limited = a_view("en", viewer=Viewer("x", role="viewer", agencies=frozenset({"DEMO-001"})))
    assert [dict(entry.query) for entry in found(limited, "demo-")] == [{"agency": "DEMO-001"}]
    masked = a_view("en", meeting=new_word(view.version))
    assert not found(masked, "demo-")
    assert not [name for name in view.agencies.values() if found(masked, name)]


@pytest.mark.parametrize("language", languages())
def test_choosing_an_entry_goes_there_and_lets_go_of_filters_in_its_way(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    at = opened("gaps", databases[SAMPLES], monkeypatch, lang=language, ministry="กระทรวงตัวอย่างสุขภาวะและสังคม")
    seen = set(at.selectbox(key="agency").options)
    at.button(key="search").click().run()
    box = at.selectbox(key="search-box")
    (wanted,) = [one for one in box.options if "DEMO-024" in one]
    assert not any("DEMO-024" in one for one in seen)
    box.select(wanted).run()
    assert not at.exception
    assert in_address(at)["agency"] == ["DEMO-024"]
    assert "ministry" not in in_address(at)
    assert "DEMO-024" in str(at.selectbox(key="agency").options[at.selectbox(key="agency").index])
