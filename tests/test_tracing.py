"""From every number of a page a link leads to its trace, which shows exactly that number."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pmqa.demo import demo_submissions
from pmqa.exports.tables import HEADING_ROWS
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.text import translator
from pmqa.ui import tracing
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views import numbers as of_numbers
from pmqa.views.cards import agency, overview
from pmqa.views.cards import trace as parts
from pmqa.views.files import card_xlsx
from tests.pages import a_view

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

ROOT = Path(__file__).parent.parent
# page, choices in the address -> the cards with numbers
CARDS: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("overview", {}, ("strengths", "totals")),
    ("overview", {}, ("summary",)),
    ("overview", {"by": "category", "year": "2568", "basis": "evidenced"}, ("strengths", "totals")),
    ("agency", {}, ("profile", "spine")),
    ("agency", {"part": "ladder"}, ("ladder", "results")),
    ("agency", {"part": "history"}, ("history", "history-parts")),
    ("compare", {}, ("profile", "values")),
    ("compare", {"ask": "pair"}, ("pair",)),
    ("compare", {"ask": "peers"}, ("peers",)),
    ("compare", {"ask": "everyone", "by": "item"}, ("heat",)),
    ("compare", {"ask": "one"}, ("everyone", "ranks")),
    ("compare", {"ask": "spread"}, ("spread",)),
    ("compare", {"ask": "years"}, ("two-years", "all-years", "own-years")),
    ("compare", {"ask": "assessor"}, ("assessed", "assessed-scopes")),
    ("gaps", {"by": "item"}, ("gaps", "blocking")),
    ("gaps", {"target": "number", "points": "450"}, ("path",)),
    ("indicators", {}, ("achievement", "years")),
    ("indicators", {}, ("reach",)),
    ("indicators", {"part": "core"}, ("core",)),
    ("indicators", {"part": "indicator", "indicator": "7.1.1"}, ("across",)),
    ("years", {}, ("moves",)),
    ("years", {"years_part": "everyone"}, ("agencies", "regressions")),
    ("trust", {}, ("ranks",)),
    ("leverage", {}, ("alone",)),
    ("leverage", {"leverage_part": "teachers"}, ("learners",)),
    ("doctor", {}, ("diagnoses",)),
    ("doctor", {"doctor_part": "consistency"}, ("quadrant",)),
    ("doctor", {"doctor_part": "shared"}, ("shared",)),
    ("plan", {"path_scope": "1", "path_target": "significance"}, ("path",)),
    ("plan", {"plan_part": "whatif"}, ("scenario",)),
    ("assess", {}, ("agencies",)),
    ("assess", {"assess_part": "one"}, ("items",)),
]
DIRECT = ("agency", "report", "plan", "trust")  # pages with a link that is in no menu


@pytest.fixture(scope="module")
def samples(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tracing") / "samples.duckdb"
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=12, years=2)
        names = [f"{one.agency_code}-{one.fiscal_year}-{one.source}" for one in sent]
        files = [Incoming(one, name.encode(), f"{name}.xlsx") for one, name in zip(sent, names, strict=True)]
        store.recording.record_many(files, received_by="demo")
    return path


@pytest.fixture
def opened(samples: Path, monkeypatch: pytest.MonkeyPatch):
    """The page at an address, with the menus of these cards open."""

    def open_page(page: str, choices: dict[str, str] | dict[str, list[str]], cards: tuple[str, ...] = ()) -> AppTest:
        monkeypatch.setenv("PMQA_DATABASE", str(samples))
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
        for name, value in choices.items():
            at.query_params[name] = value
        for card in cards:
            at.session_state[f"{tracing.MENU}{card}"] = True
        at.switch_page(f"pages/{page}.py")
        return at.run()

    return open_page


def traces_on(at: AppTest) -> list[tuple[str, dict[str, list[str]]]]:
    """Label, without markdown's backslashes, and parameters of the links to the page Trace."""
    links = [link.proto for link in at.get("page_link")]
    return [
        (re.sub(r"[\\\u2060]", "", link.label), parse_qs(link.query_string)) for link in links if link.page == "trace"
    ]


@pytest.mark.parametrize(("page", "choices", "cards"), CARDS, ids=[f"{p}-{'-'.join(c)}" for p, _, c in CARDS])
def test_the_links_of_a_card_lead_to_traces_of_its_numbers(
    page: str, choices: dict[str, str], cards: tuple[str, ...], opened
) -> None:
    at = opened(page, choices, cards)
    assert not at.exception
    links = traces_on(at)
    assert len(links) >= len(cards)
    for label, to in links:
        view = a_view(basis=to["basis"][0], fiscal_year=int(to["year"][0]))
        submission, scope = view.submission_id(to["agency"][0]), to["trace"][0]
        scores = data.scores(view.version, view.viewer, (submission,))
        score = scores.loc[(scores["basis"] == view.basis) & (scores["scope"] == scope), "score"].item()
        assert view.t.number(score) in label
    for label, to in (links[0], links[-1]):
        view = a_view(basis=to["basis"][0], fiscal_year=int(to["year"][0]))
        steps = parts.traced(view, view.submission_id(to["agency"][0]), to["trace"][0])
        assert view.t.number(float(steps["score"].iloc[0])) in label
    shown = opened("trace", {**to, "lang": ["th"]})
    assert not shown.exception
    assert f": {shown.metric[0].value} (" in label
    assert shown.selectbox(key="agency").value == to["agency"][0]
    assert shown.selectbox(key="trace").value == to["trace"][0]


@pytest.mark.parametrize("page", DIRECT)
def test_the_overall_score_of_a_page_about_one_agency_leads_to_its_trace(page: str, opened) -> None:
    ((label, to),) = traces_on(opened(page, {"year": "2568"}))
    shown = opened("trace", to)
    assert (to["trace"], to["year"], to["basis"]) == (["overall"], ["2568"], ["claimed"])
    assert shown.metric[0].value in label


def test_a_link_keeps_language_filters_and_the_data_that_a_link_was_made_from(opened) -> None:
    at = opened("overview", {"lang": "en", "type": "กรม", "data": "0"}, ("totals",))
    (_, to) = traces_on(at)[0]
    assert (to["lang"], to["type"], to["data"]) == (["en"], ["กรม"], ["0"])


def test_a_closed_menu_draws_no_links(opened) -> None:
    assert not traces_on(opened("overview", {}))


def test_in_a_meeting_nothing_leads_to_what_agencies_wrote(opened) -> None:
    for page in ("overview", "agency"):
        at = opened(page, {"meeting": "0a1b2c3d"}, ("totals",))
        assert not at.exception
        assert not traces_on(at)


def test_links_lead_only_to_agencies_that_the_viewer_may_see(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pmqa.ui.notices.current_viewer", lambda: Viewer("x", "agency", agencies=frozenset({"DEMO-003"}))
    )
    at = opened("overview", {}, ("totals", "strengths"))
    assert not at.exception
    assert {to["agency"][0] for _, to in traces_on(at)} == {"DEMO-003"}


def test_what_has_no_score_has_no_link(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    rows = pd.DataFrame({"scope": ["3", "4"], "score": [300.0, None]})
    found = of_numbers.numbers(a_view(), agency_code="DEMO-001", scope=rows["scope"], score=rows["score"])
    assert found["scope"].tolist() == ["3"]


def test_every_scope_of_the_framework_is_named_by_its_kind(framework: Framework) -> None:
    for kind in ("overall", "category", "item", "dimension", "indicator"):
        assert {of_numbers.kind_of(framework, scope) for scope in framework.scopes(kind)} == {kind}
    with pytest.raises(KeyError):
        of_numbers.kind_of(framework, "9.9")


def test_the_words_of_links_are_in_both_languages() -> None:
    for language in ("th", "en"):
        words = translator(language)("ui.trace_link", scope="3", score="300.0", basis="b", year="2569")
        assert "300.0" in words


# --- on a sheet -------------------------------------------------------------------------------------------------------


def sheet_of(content: bytes) -> pd.DataFrame:
    """The sheet of traces in a workbook, below its heading."""
    return pd.read_excel(io.BytesIO(content), sheet_name="ที่มาของคะแนน", header=HEADING_ROWS, engine="openpyxl")


def test_the_workbook_of_a_card_says_where_its_numbers_come_from(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    view = a_view()
    card = agency.ladder(view, "DEMO-003")
    sheet = sheet_of(card_xlsx(view, card))
    steps = parts.traced(view, view.submission_id("DEMO-003"), "overall")
    assert sheet["รหัส"].astype("str").tolist() == steps["scope"].tolist()
    assert sheet["คะแนน"].iloc[0] == pytest.approx(steps["score"].iloc[0])
    criteria = (steps["kind"] == "criterion").to_numpy()
    evidence = steps.loc[criteria, "evidence"].fillna("")
    assert sheet["หลักฐานอ้างอิง"][criteria].fillna("").str.split().tolist() == evidence.str.split().tolist()
    assert (evidence != "").any()
    assert sheet["คำตอบ"][criteria].isin(["มี", "ไม่มี", "ไม่ได้ตอบ"]).all()
    assert sheet["คะแนนที่เพิ่มให้ขั้นบน"][criteria].sum() > 0
    measured = (steps["kind"] == "measure").to_numpy()
    assert sheet["ช่วงปรับเกณฑ์"][measured].tolist() == pytest.approx(steps.loc[measured, "interval_step"], nan_ok=True)


def test_a_card_of_dimensions_has_the_traces_of_dimensions(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    view = a_view()
    sheet = sheet_of(card_xlsx(view, agency.profile(view, "DEMO-003", "dimension")))
    tops = sheet[sheet["ลำดับ"] == 1]
    assert tops["รหัส"].tolist() == list(view.framework.dimension)


@pytest.mark.usefixtures("nothing_cached")
def test_the_traces_of_too_many_agencies_are_left_out_and_the_sheet_says_so(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    monkeypatch.setattr(of_numbers, "MOST_TRACED", 5)
    view = a_view()
    ((_, sheet),) = of_numbers.trace_sheets(view, overview.totals(view).numbers).items()
    assert len(sheet) == 1
    assert "12 ฉบับ" in sheet.iloc[0, 0]


def test_no_workbook_of_a_meeting_says_what_agencies_wrote(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(samples))
    view = a_view(meeting="0a1b2c3d")
    assert of_numbers.trace_sheets(view, overview.totals(view).numbers) == {}
