"""The meeting mode: whatever is chosen on whatever page, nothing that leaves the server tells who an agency is."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pmqa.charts import agency_colours
from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.settings import ROOT
from pmqa.store import Incoming, Store
from pmqa.submission import Submission
from pmqa.tables import AGENCIES
from pmqa.text import languages, translator
from pmqa.ui import meeting
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data, derived, masks, peers
from pmqa.views.view import View
from tests.crawl import Taken, every_choice, keep_taken
from tests.factories import make_submission
from tests.pages import a_view, clear_caches, everything_sent, in_address, opened, words_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cached_within_file")]  # whole pages run

WORD: Final = "0a1b2c3d"
HOW_MANY, YEAR = 12, 2569
OPEN: Final = (
    *("overview", "compare", "agency", "indicators", "gaps", "plan"),
    *("leverage", "trust", "years", "doctor", "framework"),
)
CLOSED: Final = {
    "trace": "evidence",
    "assess": "evidence",
    "followup": "plans",
    "report": "reports",
    "slides": "slides",
    "submit": "files",
    "register": "files",
    "people": "people",
}
SECRET: Final = "ลับเฉพาะ"  # in everything that agencies, assessors and analysts write
SHARED: Final = "ตัววัดที่ทุกหน่วยงานรายงาน"  # what all of them write tells of none


def telling(one: Submission, number: int) -> Submission:
    """The submission with words in every free text that tell whose it is."""
    whose = f"{SECRET} {one.agency_name}"
    answers = tuple(
        replace(
            answer,
            explanation=f"{whose} อธิบาย {answer.criterion}",
            evidence=answer.evidence and f"คำสั่ง{whose} ที่ 1/2569",
            suggestion=f"{whose} ควรทำ",
        )
        for answer in one.answers
    )
    measures = tuple(
        replace(
            measure,
            name=SHARED if measure.indicator == "7.1.1" else f"ตัววัดของ{whose if number % 6 else SECRET}",
            unit=f"เรื่องของ{whose}" if number % 2 else measure.unit,
            evidence=f"รายงาน{whose}",
            note=f"หมายเหตุ{whose}",
        )
        for measure in one.measures
    )
    contact = {
        "contact_name": f"คุณ{SECRET}",
        "contact_email": f"{SECRET}@example.go.th",
        "contact_phone": "02-777-0077",
    }
    return replace(one, answers=answers, measures=measures, **contact)


@pytest.fixture(scope="module")
def database(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve agencies, every other one alike in ministry and type, two years, with telling texts and named groups."""
    path = tmp_path_factory.mktemp("meeting") / "meeting.duckdb"
    sent = demo_submissions(framework, agencies=HOW_MANY, years=2)
    first = sent[0]
    sent = [
        replace(one, ministry=first.ministry, agency_type=first.agency_type)
        if int(one.agency_code.rpartition("-")[2]) % 2
        else one
        for one in sent
    ]
    with Store(path) as store:
        incoming = [
            Incoming(telling(one, number), str(number).encode(), f"{SECRET}-{one.agency_code}-{number}.xlsx")
            for number, one in enumerate(sent)
        ]
        store.recording.record_many(incoming, received_by=f"ผู้บันทึก{SECRET}")
        codes = sorted({one.agency_code for one in sent})
        silent = pd.DataFrame([("X-999", f"กรม{SECRET}", f"กระทรวง{SECRET}", "กรม")], columns=list(AGENCIES.columns))
        store.register.save_agencies(silent, who="analyst")
        store.register.expect(YEAR, ["X-999", *codes], due=None, who="analyst")
        store.register.save_peer_group(f"กลุ่ม{SECRET}", codes[:7], who="analyst")
        store.register.save_peer_group(f"กลุ่มเล็ก{SECRET}", codes[:3], who="analyst")
        store.notes.save_note(codes[0], f"บันทึก{SECRET}", viewer=LOCAL_ANALYST)
    return path


@pytest.fixture
def view(database: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    return a_view("th", fiscal_year=YEAR, meeting=WORD)


def names_of(database: Path) -> set[str]:
    """All that tells who an agency is: names, codes, ids, ministries of few, and the words that mark free texts."""
    with Store(database) as store:
        rows = store.history.all()
    year = rows[(rows["fiscal_year"] == YEAR) & (rows["source"] == "self")]
    few = year["ministry"].value_counts()
    names = {SECRET, "DEMO-", "X-999", *rows["agency_name"], *rows["submission"], *rows["sha256"]}
    return names | {name.removeprefix("กรม") for name in rows["agency_name"]} | set(few.index[few < 5])


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    return keep_taken(monkeypatch)


def unpacked(content: bytes) -> Iterator[str]:
    """Every part of a file as text: of archives and of Office files, what is in them."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for part in archive.namelist():
            yield part
            yield from unpacked(archive.read(part))
    else:
        yield content.decode("utf-8", "ignore")


# --- every page, every choice -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", OPEN)
def test_no_choice_on_an_open_page_tells_who_an_agency_is(
    page: str, database: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    names = names_of(database)
    for choices, at in every_choice(page, database, monkeypatch, taken, long=4, first=2, meeting=WORD):
        assert_page_tells_nothing(at, taken, names, f"{page} {choices}")


@pytest.mark.parametrize("page", OPEN)
def test_no_open_page_tells_who_an_agency_is_in_english(
    page: str, database: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    at = opened(page, database, monkeypatch, lang="en", meeting=WORD)
    assert_page_tells_nothing(at, taken, names_of(database), page)


def assert_page_tells_nothing(at: AppTest, taken: Taken, names: set[str], where: str) -> None:
    assert not at.exception, (where, at.exception)
    assert not at.error, where
    assert_tells_nothing(everything_sent(at), names, where)
    for name, content in taken.files():
        for part in (name, *unpacked(content)):
            assert_tells_nothing(part, names, f"{where} {name}")


def assert_tells_nothing(text: str, names: set[str], where: str) -> None:
    text = f"{text}\n{unquote(text)}"
    for name in names:
        place = text.find(name)
        assert place < 0, f"{where}: {text[max(0, place - 150) : place + 80]!r}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", CLOSED)
def test_a_closed_page_says_why_and_what_to_do_and_shows_nothing_else(
    page: str, language: str, database: Path, monkeypatch: pytest.MonkeyPatch, taken: Taken
) -> None:
    t = translator(language)
    at = opened(page, database, monkeypatch, lang=language, meeting=WORD)
    assert not at.exception
    assert at.info[-1].value == f"{t(f'ui.closed_{CLOSED[page]}')} {t('ui.closed_next')}"
    assert not [*at.title, *at.dataframe, *at.table, *at.metric, *at.get("plotly_chart"), *taken.cards, *taken.buttons]
    assert_tells_nothing(everything_sent(at), names_of(database), page)


def test_every_page_is_either_open_or_closed_in_a_meeting() -> None:
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert pages == {*OPEN, *CLOSED, "gallery", "guide"}  # those two know fictitious agencies only


@pytest.mark.parametrize("part", [("leverage", "leverage_part", "teachers"), ("trust", "trust_part", "reuse")])
def test_a_part_with_texts_is_left_out_and_a_link_to_it_says_so(
    part: tuple[str, str, str], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, name, value = part
    at = opened(page, database, monkeypatch, meeting=WORD, lang="en", **{name: value})
    assert not at.exception
    assert name not in in_address(at)
    assert any("switch the meeting mode off" in caption.value for caption in at.caption)
    assert "asks for what is not in this view" in at.warning[0].value


@pytest.mark.parametrize("by", ["ministry", "type"])
def test_filters_offer_and_leave_no_group_that_is_too_small(
    by: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("overview", database, monkeypatch, meeting=WORD)
    (large,) = at.multiselect(key=by).options
    named = opened("overview", database, monkeypatch)
    assert len(named.multiselect(key=by).options) > 1
    with Store(database) as store:
        value = store.submissions.standing()[{"ministry": "ministry", "type": "agency_type"}[by]].mode().iloc[0]
    at = opened("overview", database, monkeypatch, meeting=WORD, **{by: value})
    assert not at.exception
    assert in_address(at)[by] == [value]
    assert large
    assert_tells_nothing(everything_sent(at), names_of(database), by)


# --- aliases ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_cached")
def test_aliases_differ_between_meetings_and_between_databases(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (masks.aliases_of(view.version, word).agencies for word in ("00000001", "00000002"))
    assert sorted(first.values()) == sorted(second.values()) == list("ABCDEFGHIJKL")
    assert first != second
    clear_caches()
    monkeypatch.setattr(data, "alias_key", lambda _: "another key")
    assert masks.aliases_of(view.version, "00000001").agencies != first


def test_the_key_of_the_aliases_stands_in_no_audit_setting_or_page(
    view: View, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = data.alias_key(view.version)
    assert key not in data.store().audit.changes().to_csv()
    assert key not in everything_sent(opened("overview", database, monkeypatch, meeting=WORD))


def test_who_sends_for_the_first_time_takes_nobodys_alias(
    framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.duckdb"
    monkeypatch.setenv("PMQA_DATABASE", str(path))
    sent = demo_submissions(framework, agencies=30, years=1)
    incoming = [Incoming(one, str(number).encode(), f"{number}.xlsx") for number, one in enumerate(sent)]
    store = data.store()
    store.recording.record_many(incoming[:26], received_by="t")
    word = f"{WORD}-{data.last_submission(data.version())}-{'0' * 16}"
    before = masks.aliases_of(data.version(), word).agencies
    assert sorted(before.values()) == list(masks.LETTERS)
    store.recording.record_many(incoming[26:], received_by="t")
    after = masks.aliases_of(data.version(), word).agencies
    assert {code: after[code] for code in before} == before
    later = [alias for code, alias in after.items() if code not in before]
    assert len(set(later)) == 4
    assert not set(later) & set(before.values())
    store.history.withdraw(str(store.submissions.standing()["submission"].iloc[0]), reason="ทดสอบ", who="t")
    assert masks.aliases_of(data.version(), word).agencies == after


def test_nothing_is_in_an_order_that_somebody_could_know(view: View) -> None:
    aliases = [view.aliases.agencies[code] for code in sorted(view.aliases.agencies)]
    assert aliases != sorted(aliases)  # or this test would show nothing
    assert list(view.agencies) == sorted(view.agencies)
    for frame in (view.scored, view.every_year("item"), view.unfiltered, view.every_submission, view.received):
        codes = list(dict.fromkeys(frame["agency_code"]))
        assert codes == sorted(codes)
    assert list(view.scored["agency_code"].cat.categories) == sorted(view.scored["agency_code"].cat.categories)
    owner = dict(zip(view.received["submission"], view.received["agency_code"], strict=True))
    ids = view.submissions["submission"]
    for frame in (view.answers(*ids), view.measures(*ids), view.measure_results(*ids)):
        owners = list(dict.fromkeys(owner[one] for one in frame["submission"].astype("str")))
        assert owners == sorted(owners)


def test_a_colour_goes_by_the_alias_and_so_tells_nothing(view: View) -> None:
    codes = sorted(view.aliases.agencies)[:8]
    named = agency_colours(codes)
    looks = []
    for word in ("00000001", "00000002", "00000003"):
        aliases = masks.aliases_of(view.version, word).agencies
        hidden = agency_colours([aliases[code] for code in codes])
        looks.append([hidden[aliases[code]].colour for code in codes])
    assert len({tuple(colours) for colours in [*looks, [named[code].colour for code in codes]]}) > 2


# --- who may be told together -------------------------------------------------------------------------------------


def agencies_of(*groups: tuple[str, str, int]) -> pd.DataFrame:
    rows = [(ministry, kind) for ministry, kind, n in groups for _ in range(n)]
    facts = pd.DataFrame(rows, columns=["ministry", "agency_type"])
    return facts.assign(agency_code=[str(n) for n in range(len(facts))])


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        # five alike in both: both may be told
        ([("M", "กรม", 5)], {("M", "กรม"): 5}),
        # one department of another ministry joins the smallest group, whose ministry and type go untold
        ([("M", "กรม", 5), ("N", "กรม", 1)], {("", ""): 6}),
        # five departments of ministries with few: the type alone
        ([("M", "กรม", 5), ("N", "กรม", 2), ("O", "กรม", 3)], {("M", "กรม"): 5, ("", "กรม"): 5}),
        # the one province of a ministry is not told by elimination: the smallest others go untold with it
        ([("M", "กรม", 5), ("M", "จังหวัด", 1), ("N", "กรม", 9)], {("N", "กรม"): 9, ("", ""): 6}),
        # fewer than five in all: nothing (and the page shows nothing)
        ([("M", "กรม", 3)], {("", ""): 3}),
    ],
)
def test_nobody_is_one_of_fewer_than_five_who_are_told_alike(
    groups: list[tuple[str, str, int]], told: dict[tuple[str, str], int]
) -> None:
    found = pd.Series(list(masks.told_of(agencies_of(*groups), 5).values())).value_counts()
    assert {tuple(key): int(n) for key, n in found.items()} == told


# --- the same numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", ["claimed", "evidenced"])
def test_numbers_are_those_that_the_names_have(view: View, basis: str) -> None:
    hidden = replace(view, basis=basis)
    named = hidden.named
    alias = hidden.aliases.agencies
    for derive in (derived.blockers, derived.robustness, derived.diagnoses, derived.evidence_quality):
        key = "agency_code" if "agency_code" in derive(named) else "submission"
        ours, theirs = (_countable(derive(one), key) for one in (hidden, named))
        theirs[key] = theirs[key].map(lambda code: alias.get(code, code))
        both = [frame.sort_values(list(frame.columns), ignore_index=True) for frame in (ours, theirs)]
        pd.testing.assert_frame_equal(*both, check_dtype=False, check_categorical=False)


def _countable(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    kept = [name for name in frame.columns if name in (key, "criterion", "indicator", "check", "rank_low", "rank_high")]
    numbers = [
        name for name in frame.columns if name.startswith(("share", "release", "value", "score")) and name != key
    ]
    return frame[[*kept, *numbers]].astype(dict.fromkeys(kept, "str"))


def test_peers_are_the_same_with_aliases(view: View) -> None:
    for code, alias in view.aliases.agencies.items():
        for group in peers.offered(view, alias):
            real = {f"{peers.GROUP}{number}": f"{peers.GROUP}{name}" for name, number in view.aliases.groups.items()}
            both = (
                peers.stats_of_peers(view, group, alias),
                peers.stats_of_peers(view.named, real.get(group, group), code),
            )
            numbers = ["kind", "scope", "n", "q1", "median", "q3"]
            ours, theirs = (stats[numbers].sort_values(["kind", "scope"], ignore_index=True) for stats in both)
            pd.testing.assert_frame_equal(ours, theirs)


def test_a_named_group_is_offered_by_number_and_only_where_it_is_large_enough(view: View) -> None:
    groups = [group for group in peers.offered(view, "A") if group.startswith(peers.GROUP)]
    large = view.aliases.groups[f"กลุ่ม{SECRET}"]
    assert groups == [f"{peers.GROUP}{large}"]
    assert peers.group_name(view, groups[0], "A") == view.t("ui.peers_named", name=large, n="7")


# --- switching it on and off --------------------------------------------------------------------------------------


def test_switching_the_mode_keeps_every_choice_of_an_agency_and_puts_aliases_into_the_url(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = f"{peers.GROUP}กลุ่ม{SECRET}"
    chosen = ["DEMO-001", "DEMO-002", "DEMO-003"]
    at = opened("compare", database, monkeypatch, ask="peers", agencies=chosen, highlight="DEMO-002", peers=group)
    before = at.get("plotly_chart")[0].proto.spec
    at.toggle(key=meeting.TOGGLE).set_value(True).run()
    assert not at.exception
    address = in_address(at)
    assert len(address["agencies"]) == 3
    assert not set(address["agencies"]) & set(chosen)
    assert address["highlight"][0] in address["agencies"]
    assert address["peers"][0].removeprefix(peers.GROUP).isdigit()
    assert_tells_nothing(everything_sent(at), names_of(database), "switched on")
    values = [[trace.get("x") for trace in json.loads(spec)["data"]] for spec in (before, _first_chart(at))]
    assert values[0] == values[1]  # the same agency and group under other names
    at.toggle(key=meeting.TOGGLE).set_value(False).run()
    assert at.multiselect(key="agencies").value == chosen
    assert at.selectbox(key="peers").value == group
    assert "meeting" not in in_address(at)


def _first_chart(at: AppTest) -> str:
    return str(at.get("plotly_chart")[0].proto.spec)


def test_a_link_into_a_meeting_shows_the_same_aliases_on_a_cold_server(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = []
    for _ in range(2):
        clear_caches()
        at = opened("compare", database, monkeypatch, meeting=WORD, agencies=["C", "B"])
        specs.append(_first_chart(at))
    assert specs[0] == specs[1]
    assert at.multiselect(key="agencies").value == ["C", "B"]


def test_a_code_in_a_link_into_a_meeting_is_neither_shown_nor_said(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("gaps", database, monkeypatch, meeting=WORD, agency="DEMO-003")
    assert at.warning
    assert_tells_nothing(everything_sent(at), names_of(database), "a code in the link")


def test_a_word_that_cannot_be_read_hides_names_all_the_same(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("overview", database, monkeypatch, meeting="yes")
    assert at.toggle(key=meeting.TOGGLE).value
    assert in_address(at)["meeting"] != ["yes"]
    assert at.warning
    assert_tells_nothing(everything_sent(at), names_of(database), "an unreadable word")
    at.toggle(key=meeting.TOGGLE).set_value(False).run()
    assert "meeting" not in in_address(at)


@pytest.mark.parametrize("made_up", ["abcdef01-0", "abcdef01-0-0123456789abcdef"])
def test_a_word_that_this_database_did_not_give_is_not_spoken(
    made_up: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("overview", database, monkeypatch, meeting=made_up)
    (word,) = in_address(at)["meeting"]
    assert word != made_up
    assert at.warning
    again = opened("overview", database, monkeypatch, meeting=word)
    assert in_address(again)["meeting"] == [word]
    assert not again.warning


def test_aliases_of_who_came_later_tell_nothing_of_who_came_when(view: View) -> None:
    first = data.every_agency(view.version).sort_values("first")["agency_code"].tolist()
    words = [f"{number:08x}-0-{'0' * 16}" for number in range(5)]
    orders = []
    for word in words:
        aliases = masks.aliases_of(view.version, word).agencies
        assert len(set(aliases.values())) == len(aliases) == HOW_MANY
        orders.append(sorted(first, key=aliases.__getitem__))
    assert len(set(map(tuple, orders))) == len(words)
    assert first not in orders


@pytest.fixture
def few_before(framework: Framework, tmp_path: Path) -> Path:
    """Eight agencies in 2569, of whom three were assessed; three of them sent for 2568, with five others."""
    path = tmp_path / "few.duckdb"
    own = [make_submission(f"D{number:03}") for number in range(8)]
    sent = [
        *own,
        *(replace(one, source="assessor") for one in own[:3]),
        *(replace(one, fiscal_year=2568) for one in own[:3]),
        *(make_submission(f"E{number:03}", 2568) for number in range(5)),
    ]
    with Store(path) as store:
        incoming = [Incoming(one, str(number).encode(), f"{number}.xlsx") for number, one in enumerate(sent)]
        store.recording.record_many(incoming, received_by="t")
    return path


@pytest.mark.parametrize(
    ("page", "choices"),
    [
        ("compare", {"ask": "assessor"}),
        ("compare", {"ask": "years"}),
        ("years", {}),
        ("agency", {"part": "history"}),
    ],
)
def test_few_who_were_assessed_or_sent_before_are_not_singled_out(
    page: str, choices: dict[str, str], few_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = opened(page, few_before, monkeypatch, lang="en", **choices)
    assert "Meeting mode:" not in " ".join(words_on(named))
    at = opened(page, few_before, monkeypatch, lang="en", meeting=WORD, **choices)
    assert not at.exception
    said = " ".join(words_on(at))
    assert "Fewer than 5 agencies of this view" in said
    assert not [year for table in at.dataframe for year in table.value.get("Fiscal year", []) if "2568" in year]
    if page != "agency":
        assert not at.get("plotly_chart")
        assert not at.metric


def test_filters_that_leave_too_few_to_hide_anybody_show_nothing(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_PEER_MINIMUM", str(HOW_MANY + 1))
    at = opened("overview", database, monkeypatch, meeting=WORD)
    assert not at.get("plotly_chart")
    assert not at.dataframe
