"""Links and the data they were made from: the same view again, no mixture of versions, nothing lost on the way."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from pmqa.errors import NameTaken, StoreError
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.store.facts import Facts
from pmqa.submission import Submission
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.words import plain
from pmqa.web.short_links import ShortLinks
from tests.factories import make_submission
from tests.pages import a_view, everything_sent, filled, in_address, opened
from tests.postgres import ON_BOTH

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

LEADS: Final = 302
LATER = Incoming(make_submission("D004"), b"later", "later.xlsx")


def record(path: Path, *sent: Submission) -> None:
    with Store(path) as store:
        incoming = [Incoming(one, repr(one).encode(), f"{number}.xlsx") for number, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="t")


def link_on(at: AppTest) -> dict[str, list[str]]:
    """The parameters of the link that the page offers."""
    return parse_qs(urlsplit(at.code[0].value).query)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Three agencies, D001 to D003, that sent for 2569."""
    path = tmp_path / "links.duckdb"
    record(path, *(make_submission(f"D00{number}") for number in (1, 2, 3)))
    return path


# --- the same view again ------------------------------------------------------------------------------------------


def test_a_link_opens_what_its_sender_saw_when_newer_data_have_other_defaults(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_on(opened("compare", database, monkeypatch, lang="en"))
    record(database, *(make_submission(code, 2570) for code in ("A000", "D001", "D002")))
    at = opened("compare", database, monkeypatch, **link)
    assert at.selectbox(key="year").value == 2569
    assert at.multiselect(key="agencies").value == ["D001", "D002", "D003"]
    assert "D003" in str(link["agencies"])
    assert {"year", "basis", "by", "ask", "lang", "data"} <= link.keys()


@pytest.mark.parametrize("word", [{}, {"meeting": "0a1b2c3d"}])
def test_a_link_says_when_its_named_group_holds_others(
    word: dict[str, str], framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "group.duckdb", framework, 12, 1)
    codes = [f"DEMO-{number:03}" for number in range(1, 13)]
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    data.store().register.save_peer_group("ก", codes[:6], who="t")
    data.store().register.save_peer_group("ข", codes[:7], who="t")
    group = "group-1" if word else "group-ก"
    link = link_on(opened("compare", path, monkeypatch, lang="en", ask="peers", peers=group, **word))
    assert not opened("compare", path, monkeypatch, **link).warning
    for name in ("ก", "ข"):
        data.store().register.save_peer_group(name, codes[:8], who="t")
    at = opened("compare", path, monkeypatch, **link)
    assert "agencies have changed" in at.warning[0].value
    other = next(option for option in at.selectbox(key="peers").options if "Group" in option and " 1" not in option)
    at.selectbox(key="peers").select_index(at.selectbox(key="peers").options.index(other)).run()
    assert not opened("compare", path, monkeypatch, **link_on(at)).warning


def test_the_address_stays_short_where_everything_is_a_default(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_address(opened("compare", database, monkeypatch)) == {}


WITH_A_FRAGMENT: Final = """
import streamlit as st

from pmqa.ui import state


@state.fragment
def part():
    state.choose_one("item", "Item", ("a", "b"))


if "alone" in st.session_state:
    part()
else:
    with state.url_kept():
        part()
"""


def test_what_is_chosen_in_a_fragment_that_runs_alone_reaches_the_address() -> None:
    at = AppTest.from_string(WITH_A_FRAGMENT).run()
    at.session_state["alone"] = True
    at.selectbox(key="item").select("b").run()
    assert not at.exception
    assert in_address(at) == {"item": ["b"]}
    at.selectbox(key="item").select("a").run()
    assert in_address(at) == {}
    at.selectbox(key="item").select("b").run()
    del at.session_state["alone"]
    at.run()
    assert at.selectbox(key="item").value == "b"
    assert in_address(at) == {"item": ["b"]}


THAT_RUNS_AGAIN: Final = """
import streamlit as st

from pmqa.ui import state

with state.url_kept():
    layout = state.choose_one("layout", "Layout", ("new", "kept"))
    if st.session_state.pop("waiting", None):
        st.rerun()
    state.choose_one("file", "File", ("a", "b"))
    st.button("Keep", key="keep", on_click=state.choose_from_afar, args=("layout", "kept"))
"""


def test_what_a_button_chose_outlasts_a_run_that_asks_for_another() -> None:
    at = AppTest.from_string(THAT_RUNS_AGAIN).run()
    at.selectbox(key="file").select("b").run()
    at.session_state["waiting"] = True
    at.button(key="keep").click().run()
    assert at.selectbox(key="layout").value == "kept"
    assert in_address(at) == {"layout": ["kept"], "file": ["b"]}


WITH_OPTIONS_THAT_GO: Final = """
import streamlit as st

from pmqa.ui import state

with state.url_kept():
    state.choose_one("file", "File", st.session_state.get("files", ("a", "b")))
    st.write(repr(state.dropped()))
"""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("b", "{}"),  # chosen here before it was saved: no link asked for it
        ("c", "{'file': ('File', ['c'])}"),
    ],
)
def test_only_what_a_link_brought_is_said_to_be_missing(address: str, said: str) -> None:
    at = AppTest.from_string(WITH_OPTIONS_THAT_GO).run()
    at.selectbox(key="file").select("b").run()
    at.session_state["files"] = ("d",)
    at.run()
    at.query_params["file"] = address
    at.run()
    assert at.selectbox(key="file").value == "d"
    assert said in at.markdown[0].value


# --- one version of the data --------------------------------------------------------------------------------------


def test_nothing_of_newer_data_is_kept_under_an_older_version(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    before = data.version()
    seen = data.submissions(before, LOCAL_ANALYST, "self")
    assert len(a_view("th", version=before).agencies) == 3
    data.store().recording.record_many([LATER], received_by="t")
    assert data.submissions(before, LOCAL_ANALYST, "self") is seen  # what was read in time stays whole
    view = a_view("th", version=before)
    assert len(view.agencies) == 3
    with pytest.raises(data.DataChanged):
        _ = view.scored
    assert len(replace(view, version=data.version()).scored["agency_code"].unique()) == 4


def test_data_that_change_while_a_page_runs_are_shown_whole_and_the_link_is_not_lost(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    read, later = Facts.scored, [LATER]

    def scored(facts: Facts, *args: object, **kwargs: object) -> object:
        if later:
            data.store().recording.record_many([later.pop()], received_by="t")
        return read(facts, *args, **kwargs)

    monkeypatch.setattr(Facts, "scored", scored)
    at = opened("overview", database, monkeypatch, by="category", order="name")
    assert not at.exception
    assert not later
    assert in_address(at) == {"by": ["category"], "order": ["name"]}
    assert at.metric[0].value == "4"


def test_a_page_is_overtaken_once_however_often_others_change_the_data(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    read = Facts.scored
    coming = [Incoming(make_submission(f"D00{number}"), b"%d" % number, "x.xlsx") for number in (4, 5, 6, 7)]

    with ThreadPoolExecutor(1) as another:

        def scored(facts: Facts, *args: object, **kwargs: object) -> object:
            if coming:
                another.submit(data.store().recording.record_many, [coming.pop(0)], received_by="t").result()
            return read(facts, *args, **kwargs)

        monkeypatch.setattr(Facts, "scored", scored)
        at = opened("overview", database, monkeypatch)
    assert not at.exception
    assert at.metric[0].value == "4"  # as it was when it began again
    assert len(data.submissions(data.version(), LOCAL_ANALYST, "self")) > 4


# --- what there is ------------------------------------------------------------------------------------------------


def test_agencies_under_another_edition_are_left_out_and_counted(
    database: Path, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(database, make_submission("A000", framework=replace(framework, edition="pmqa5")))
    for page in ("agency", "trace", "compare", "overview"):
        at = opened(page, database, monkeypatch, lang="en", agency="A000")
        assert not at.exception
        assert any("1 agency is left out" in caption.value for caption in at.caption)
        assert "A000" not in str(in_address(at))


def test_where_only_assessors_have_sent_their_scores_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "assessed.duckdb"
    record(path, make_submission(source="assessor"))
    at = opened("overview", path, monkeypatch, lang="en")
    assert at.selectbox(key="basis").value == "verified"
    assert at.metric[0].value == "1"
    at = opened("overview", path, monkeypatch, lang="en", basis="claimed")
    assert at.header[0].value == "No agency passes the filters"


# --- a meeting ----------------------------------------------------------------------------------------------------


def test_going_back_to_an_address_before_the_meeting_shows_no_names(
    database: Path, framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "back.duckdb", framework, 6, 1)
    at = opened("overview", path, monkeypatch, by="category")
    before = in_address(at)
    at.toggle(key="meeting-on").set_value(True).run()
    word = in_address(at)["meeting"]
    for name in list(at.query_params):
        del at.query_params[name]
    at.query_params["by"] = before["by"]
    at.run()
    assert at.toggle(key="meeting-on").value
    assert in_address(at) == {"by": ["category"], "meeting": word}
    at.toggle(key="meeting-on").set_value(False).run()
    assert "meeting" not in in_address(at)


# --- short links and saved views ----------------------------------------------------------------------------------


def test_a_short_link_is_kept_at_the_press_and_stands_for_the_whole_view(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("compare", database, monkeypatch, lang="en", agencies=["D001", "D003"])
    before, whole = data.version(), link_on(at)
    (short,) = [one.proto.body for one in at.get("html") if "pmqa-copy" in one.proto.body]
    link = short.partition("v=")[2].partition("<")[0]
    assert data.store().links.opened(link) is None
    at.button(key="copy-short").click().run()
    kept = data.store().links.opened(link)
    assert kept is not None
    assert (kept[0], parse_qs(kept[1])) == ("compare", whole)
    assert at.code[1].value.endswith(f"/?v={link}")
    assert data.version() == before
    assert (LEADS, f"/compare?{kept[1]}") == _led(f"/?v={link}")


def _led(address: str) -> tuple[int, str]:
    """Status and place that the server answers at an address."""

    async def page(_: Request) -> Response:
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/", page)], middleware=[Middleware(ShortLinks)])
    transport = httpx.ASGITransport(app)

    async def visit() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="https://pmqa.example") as browser:
            return await browser.get(address)

    with ThreadPoolExecutor(1) as other:  # a browser's tests in the same process leave a loop running in this thread
        answer = other.submit(asyncio.run, visit()).result()
    return answer.status_code, answer.headers.get("location", "")


def test_a_short_link_that_is_not_known_is_said_so(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", database, monkeypatch, v="nowhere")
    assert "ลิงก์สั้น" in at.warning[0].value
    assert _led("/?v=nowhere") == (200, "")
    assert _led("/") == (200, "")


def test_a_view_is_kept_by_name_for_whoever_keeps_it_and_not_shown_in_a_meeting(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("compare", database, monkeypatch, agencies=["D001", "D003"])
    at.text_input(key="view-name").input("*ของฉัน*")
    at.button(key="save-this-view").click().run()
    (view,) = data.store().links.saved(LOCAL_ANALYST)
    assert (view.name, view.page) == ("*ของฉัน*", "compare")
    assert "data=" not in view.query
    assert parse_qs(view.query)["agencies"] == ["D001", "D003"]
    assert [one.proto.label for one in at.get("page_link") if "bookmark" in one.proto.icon] == [plain(view.name)]
    at.text_input(key="view-name").input(view.name)
    at.button(key="save-this-view").click().run()
    assert any("มีชื่อ" in one.value for one in at.warning)
    assert at.text_input(key="view-name").value == view.name
    assert data.store().links.saved(Viewer("other@x.example", "analyst")) == ()
    assert "ของฉัน" not in everything_sent(opened("compare", database, monkeypatch, meeting="0a1b2c3d"))
    at.button(key="remove-view-0").click().run()
    assert data.store().links.saved(LOCAL_ANALYST) == ()


@ON_BOTH
def test_a_view_of_a_name_is_one_and_its_link_outlives_it(store: Store) -> None:
    for number in range(2):
        store.links.save_view(f"ก{number}", "compare", "year=2569", viewer=LOCAL_ANALYST)
    with pytest.raises(NameTaken):
        store.links.save_view("ก1", "compare", "year=2568", viewer=LOCAL_ANALYST)
    store.links.remove_view("ก1", viewer=LOCAL_ANALYST)
    (view,) = store.links.saved(LOCAL_ANALYST)
    assert (view.name, store.links.opened(view.link)) == ("ก0", ("compare", "year=2569"))
    assert store.links.keep_link("compare", "year=2569", viewer=LOCAL_ANALYST) == view.link


@pytest.mark.parametrize("page", ["../etc", "https://x.example", "Compare", ""])
def test_nothing_but_a_page_of_the_product_is_kept_as_a_link(page: str, tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as store, pytest.raises(StoreError, match="cannot have a short link"):
        store.links.keep_link(page, "year=2569", viewer=LOCAL_ANALYST)
