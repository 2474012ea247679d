"""Cards and their addresses: written and read again, built from them without Streamlit, and gone with a sentence."""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmqa.charts.findings import LONGEST
from pmqa.charts.render.wording import alt
from pmqa.errors import CardGone
from pmqa.settings import ROOT
from pmqa.store import Store
from pmqa.store.facts import Facts
from pmqa.text import languages, translator
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.address import NAMES, Address, address, parse, write
from pmqa.views.building import build, card_of, view_of
from pmqa.views.cards import USUAL, Card, Column, doctor, indicators, known_cards
from pmqa.views.choices import (
    Agency,
    Announced,
    Category,
    Choice,
    Criterion,
    Indicator,
    Level,
    Ministry,
    Scope,
    Year,
    choices_of,
)
from pmqa.views.masks import new_word
from pmqa.views.selected import Selection
from pmqa.views.told import headline, on_page
from pmqa.views.view import View
from tests.pages import SAMPLES, announce

WORD = st.text(min_size=1, max_size=8)
SELECTIONS = st.builds(
    Selection,
    language=st.sampled_from(tuple(languages())),
    edition=st.text(max_size=6),
    fiscal_year=st.integers(0, 3000),
    basis=st.text(max_size=6),
    ministries=st.lists(WORD, max_size=3).map(tuple),
    agency_types=st.lists(WORD, max_size=3).map(tuple),
    meeting=st.text("0123456789abcdef-", max_size=12),
    with_incomplete=st.booleans(),
)


def some(choice: Choice) -> st.SearchStrategy[Any]:
    """Any value of a choice."""
    one = {str: WORD, int: st.integers(), bool: st.booleans()}[choice.value]
    return st.lists(one, max_size=3).map(tuple) if choice.many else one


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    card = draw(st.sampled_from(sorted(known_cards())))
    choices = {name: some(choice) for name, choice in choices_of(known_cards()[card].make).items()}
    return address(card, draw(SELECTIONS), draw(st.fixed_dictionaries({}, optional=choices)))


@given(addresses())
def test_an_address_reads_as_it_was_written(one: Address) -> None:
    assert parse(write(one)) == one


def test_no_choice_has_the_name_of_a_part_of_the_selection() -> None:
    for builder in known_cards().values():
        assert not {*NAMES.values(), "named"} & set(choices_of(builder.make)), builder.id


def test_an_address_can_be_typed() -> None:
    one = parse("gaps.blocking?agency=A1&year=2569&ministry=กระทรวงตัวอย่าง", language="en")
    assert one == Address(
        "gaps.blocking",
        Selection("en", fiscal_year=2569, ministries=("กระทรวงตัวอย่าง",)),
        (("agency", "A1"),),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gaps.nothing", "gaps.blocking"),  # those that there are
        ("gaps.blocking?agncy=A1", "agncy"),
        ("gaps.blocking?agency=A1&agency=A2", "agency"),
        ("gaps.blocking?agency=A1&year=now", "year=now"),
        ("compare.values?agencies=A1&median=yes", "median=yes"),
    ],
)
def test_an_address_that_cannot_be_read_says_what_of_it(text: str, said: str) -> None:
    with pytest.raises(CardGone, match=said):
        parse(text)


# --- building -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(databases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    own = shutil.copy(databases[SAMPLES], tmp_path_factory.mktemp("views") / "pmqa.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMQA_DATABASE", str(own))
        announce(data.store(), [("DEMO-001", 2568, "1", 300.0)])
        yield data.store()


@pytest.fixture
def view(store: Store) -> View:
    return view_of(Selection(), LOCAL_ANALYST, data.version_of(store))


def first_choices(view: View, card: str) -> dict[str, Any]:
    """A value for each choice of a card that must be said."""
    framework = view.framework
    firsts: dict[Any, Any] = {
        Agency: next(iter(view.agencies)),
        Announced: "DEMO-001",
        Ministry: str(view.submissions["ministry"].iloc[0]),
        Category: framework.scopes("category")[0],
        Indicator: framework.scopes("indicator")[0],
        Criterion: next(iter(framework.criterion)),
        Level: framework.levels[0].id,
        Scope: "overall",
        Year: 2568,
    }
    wanted = {n: c for n, c in choices_of(known_cards()[card].make).items() if c.default is inspect.Parameter.empty}
    if card == "agency.versions":
        own = data.history(view.version, view.viewer)
        after, before = own.loc[own["agency_code"] == "DEMO-001", "submission"].iloc[:2]
        firsts |= {"before": before, "after": after}
    firsts |= {"measure": _first_measure(view, card), "fiscal_year": 2569, "source": "self"}
    said = {name: firsts.get(name, firsts.get(of.offered)) for name, of in wanted.items()}
    return {name: tuple(view.agencies)[:2] if wanted[name].many else one for name, one in said.items()}


def _first_measure(view: View, card: str) -> str:
    shared = doctor.shared_names(view) if card == "doctor.shared" else {}
    return next(iter([*shared, *indicators.reported(view, view.submission_id(next(iter(view.agencies))))]))


@pytest.mark.parametrize("card", sorted(known_cards()))
@pytest.mark.parametrize("language", languages())
def test_every_card_is_built_from_its_address(card: str, language: str, store: Store, view: View) -> None:
    one = address(card, replace(view, language=language), first_choices(view, card))
    viewer = replace(LOCAL_ANALYST, role="admin" if card == "people.people" else "analyst")
    made = build(parse(write(one)), viewer, store)
    assert made.title
    assert {column.name for column in made.columns} <= set(made.table)
    assert len({column.label for column in made.columns}) == len(made.columns), "two columns of one name"
    assert made.drawing is None or made.drawing.finding
    said = headline(made, translator(language))
    assert made.drawing is not None or said != made.title
    assert len(said) <= LONGEST or made.drawing is not None or made.finding


@pytest.mark.parametrize("card", sorted(known_cards()))
def test_in_a_meeting_a_card_and_its_address_give_no_name_away(card: str, store: Store, view: View) -> None:
    meeting = replace(view, meeting=new_word(view.version))
    one = address(card, meeting, first_choices(meeting, card))
    if known_cards()[card].closed:
        with pytest.raises(CardGone):
            build(one, LOCAL_ANALYST, store)
        return
    made = build(one, LOCAL_ANALYST, store)
    said = [write(one), made.title, *made.notes]
    said += [made.table.to_csv(), alt(made.drawing) if made.drawing else ""]
    names = [*view.agencies, *view.agencies.values(), *view.submissions["ministry"].unique()]
    assert not [name for name in names for text in said if name in text]


@pytest.mark.parametrize(
    "card",
    [
        "years.moves?agency=DEMO-001&before=2568",
        "years.agencies?before=2568",
        "agency.history?agency=DEMO-001",
        "compare.two-years?agencies=DEMO-001&other=2568",
        "compare.all-years?agencies=DEMO-001",
        "compare.own-years?agency=DEMO-001",
    ],
)
def test_of_several_years_no_more_scores_are_read_than_are_shown(
    card: str, store: Store, nothing_cached: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    read = Facts.scored

    def scored(self: Facts, viewer: Viewer | None, **wanted: Any) -> pd.DataFrame:
        asked.append(wanted)
        return read(self, viewer, **wanted)

    monkeypatch.setattr(Facts, "scored", scored)
    build(parse(f"{card}&year=2569", "en"), LOCAL_ANALYST, store)
    assert any(2568 in one["years"] for one in asked)
    assert all(one["kinds"] for one in asked if one["years"] != (2569,))
    assert sum(2568 in one["years"] for one in asked) == 1


def test_a_heading_that_every_table_has_is_written_out_nowhere() -> None:
    written = {
        f'Column("{name}", t("{key}"))' if kind == "text" else f'Column("{name}", t("{key}"), "{kind}")'
        for name, (key, kind) in USUAL.items()
    }
    paths = [path for part in ("views", "ui") for path in (ROOT / "pmqa" / part).rglob("*.py")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert not [(name, one) for name, text in texts.items() for one in written if one in text]


@pytest.mark.slow
def test_cards_are_built_without_streamlit(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from pmqa.demo import fill_with_samples
from pmqa.framework import shipped_frameworks
from pmqa.store import Store
from pmqa.store.facts import Facts
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views.address import parse
from pmqa.views.building import build
with Store(Path({str(tmp_path / "own.duckdb")!r})) as store:
    for done in fill_with_samples(store, shipped_frameworks()["pmqa4"], agencies=2, years=1):
        pass
    assert len(build(parse("overview.totals"), LOCAL_ANALYST, store).table) == 2
assert "streamlit" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gaps.blocking", "agency"),
        ("gaps.blocking?agency=NOBODY", "NOBODY"),
        ("gaps.to_target?agency=DEMO-001&kind=sort", "sort"),
        ("overview.totals?year=2500", "2500"),
        ("overview.totals?basis=guessed", "guessed"),
        ("overview.totals?ministry=none", "none"),
        ("overview.totals?edition=pmqa9", "pmqa9"),
        ("overview.totals?lang=xx", "xx"),
        ("overview.totals?meeting=0a1b2c3d-99-0000000000000000", "meeting"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(text: str, said: str, store: Store) -> None:
    with pytest.raises(CardGone, match=said):
        build(parse(text, language="en"), LOCAL_ANALYST, store)


def test_whoever_opens_an_address_sees_what_they_may_see(store: Store) -> None:
    one = Viewer("x", "agency", agencies=frozenset({"DEMO-003"}))
    assert build(parse("overview.totals"), one, store).table["agency_code"].tolist() == ["DEMO-003"]
    with pytest.raises(CardGone, match="DEMO-001"):
        build(parse("gaps.blocking?agency=DEMO-001"), one, store)


def test_an_address_of_a_meeting_is_not_built_without_it(store: Store, view: View) -> None:
    meeting = replace(view, meeting=new_word(view.version))
    alias = next(iter(meeting.agencies))
    with pytest.raises(CardGone):
        card_of(view, "gaps.blocking", (("agency", alias),))


A, B, C = "กรมตัวอย่างหนึ่ง", "กรมตัวอย่างสอง", "กรมตัวอย่างสาม"


@pytest.mark.parametrize(
    ("names", "scores", "said"),
    [
        ([A, B, C], [453.94, 280.0, None], f"คะแนน: สูงสุด 453.9 {A} ต่ำสุด 280.0 {B} (ไม่มีคะแนน 1)"),
        ([A, B, C], [300.04, 300.0, 200.0], f"คะแนน: สูงสุด 300.0 {A}, {B} ต่ำสุด 200.0 {C}"),  # equal as shown
        ([A, B], [300.0, 300.0], "คะแนน: ทั้ง 2 รายการเท่ากับ 300.0"),
        ([A, B], [0.0, None], f"คะแนน: 0.0 {A} (ไม่มีคะแนน 1)"),
        ([A, B], [None, None], f"2 รายการ: {A}, {B} (ไม่มีคะแนน 2)"),
        ([A, B, C, "สี่", "ห้า"], None, f"5 รายการ: {A}, {B}, {C} (และอีก 2)"),
        ([], [], "ยังไม่มีรายการ: หน่วยงาน"),
    ],
)
def test_a_table_says_its_ends_ties_cuts_and_what_is_missing(
    names: list[str], scores: list[float | None] | None, said: str
) -> None:
    t = translator("th")
    frame = pd.DataFrame({"agency_code": [f"A{n}" for n, _ in enumerate(names)], "agency_name": names})
    columns = (Column("agency_code", "รหัส"), Column("agency_name", "หน่วยงาน"))
    if scores is not None:
        frame["score"] = pd.array(scores, dtype="Float64")
        columns += (Column("score", "คะแนน", "score"),)
    card = Card("หน่วยงาน", frame, columns, len(frame))
    assert headline(card, t) == said
    has_ends = scores is not None and any(score is not None for score in scores)
    assert on_page(card, t) == (said if names and has_ends else card.title)
    assert on_page(replace(card, of_scores=False), t) == card.title
    assert on_page(replace(card, of_scores=False, finding="2 จาก 3"), t) == "2 จาก 3"
