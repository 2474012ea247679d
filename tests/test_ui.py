"""What pages are made of: escaping, names, the fiscal year, cards as files."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from pmqa.store import Store
from pmqa.text import translator
from pmqa.viewer import Viewer
from pmqa.views import data, offered
from pmqa.views.cards import Card, Column
from pmqa.views.files import card_csv, card_pptx, card_xlsx
from pmqa.views.view import View
from pmqa.views.words import TYPE_KEYS, plain, type_name
from pmqa.workbook.layout import AGENCY_TYPES
from tests.pages import a_view

JOINER = "\u2060"


@pytest.fixture
def view() -> View:
    return a_view("th", version="x@1")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("กรมตัวอย่าง ก", "กรมตัวอย่าง ก"),
        ("**bold** _and_ `code`", r"\*\*bold\*\* \_and\_ \`code\`"),
        ("[a](http://x.th)", rf"\[a\]\(http\:{JOINER}\/\/x\.th\)"),
        ("www.x.th", rf"www{JOINER}\.x\.th"),
        ("a@x.th", rf"a\@{JOINER}x\.th"),
        ("$x^2$", r"\$x\^2\$"),
        (
            ":red[x] :material/home: :smile:",
            rf"\:{JOINER}red\[x\] \:{JOINER}material\/home\:{JOINER} \:{JOINER}smile\:{JOINER}",
        ),
        ("a -> b", rf"a \-{JOINER}\>{JOINER} b"),
        ("<script>alert(1)</script>", rf"\<{JOINER}script\>{JOINER}alert\(1\)\<{JOINER}\/script\>{JOINER}"),
        ("&lt;b&gt;", r"\&lt\;b\&gt\;"),
        ("# heading", r"\# heading"),
        ("1. list", r"1\. list"),
        ("a | b", r"a \| b"),
        ("one\ntwo\r\n\r\nthree", "one · two · three"),
        ("  ", "–"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_text_that_somebody_sent_is_shown_as_it_is(sent: str | None, shown: str) -> None:
    assert plain(sent) == shown


def test_no_mark_of_markdown_is_left_without_its_backslash() -> None:
    every_mark = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    assert not re.search(r"(?<!\\)[!-/:-@\[\]^-`{-~]", plain(every_mark).replace("\\\\", ""))


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_type_of_the_form_has_a_name(language: str) -> None:
    names = [type_name(agency_type, translator(language)) for agency_type in AGENCY_TYPES]
    assert list(TYPE_KEYS) == list(AGENCY_TYPES)
    assert len(set(names)) == len(AGENCY_TYPES)
    assert type_name("วัด", translator(language)) == "วัด"


@pytest.mark.parametrize(
    ("today", "assessed"),
    [("2026-09-30", 2568), ("2026-10-01", 2569), ("2026-12-31", 2569), ("2027-01-01", 2569), ("2027-09-30", 2569)],
)
def test_the_year_to_assess_is_the_last_that_is_over(
    monkeypatch: pytest.MonkeyPatch, today: str, assessed: int
) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls.fromisoformat(f"{today}T12:00").replace(tzinfo=tz)

    monkeypatch.setattr(offered.dt, "datetime", Clock)
    assert offered.last_fiscal_year() == assessed


@pytest.mark.parametrize(
    "change",
    [
        {"language": "en"},
        {"theme": "dark"},
        {"viewer": Viewer("x", "agency", frozenset({"T01"}))},
        {"version": "x@2"},
        {"fiscal_year": 2568},
        {"basis": "evidenced"},
        {"ministries": ("ก",)},
        {"agency_types": ("กรม",)},
        {"peer_minimum": 3},
        {"meeting": "0a1b2c3d"},
        {"with_incomplete": True},
    ],
)
def test_two_views_that_differ_in_anything_share_no_cache(view: View, change: dict[str, object]) -> None:
    other = View(**{name: change.get(name, getattr(view, name)) for name in View.__dataclass_fields__})
    assert other.key != view.key


def test_the_source_follows_from_the_basis() -> None:
    sources = {basis: a_view("th", version="x@1", basis=basis).source for basis in ("claimed", "evidenced", "verified")}
    assert sources == {"claimed": "self", "evidenced": "self", "verified": "assessor"}


def test_a_card_as_csv_is_tidy_in_every_language_and_keeps_blanks_blank(view: View) -> None:
    table = pd.DataFrame({"name": ["=1+1", "ข"], "score": [366.66666666666663, None], "coverage": [0.5, 1.0]})
    card = Card(
        "ทดสอบ",
        table,
        (Column("name", "ชื่อ"), Column("score", "คะแนน", "score"), Column("coverage", "ครบ", "percent")),
        2,
    )
    lines = card_csv(view, card).decode("utf-8-sig").splitlines()
    assert lines[0] == "name,score,coverage"
    assert lines[1].startswith("'=1+1,366.66666666666663,0.5")
    assert lines[2].startswith("ข,,1.0")


def test_a_card_as_xlsx_and_pptx_is_a_file_of_that_kind(tmp_path: Path) -> None:
    card = Card("ทดสอบ", pd.DataFrame({"name": ["ก"]}), (Column("name", "ชื่อ"),), 1)
    with Store(tmp_path / "empty.duckdb") as store:
        view = a_view("th", version=data.version_of(store))
        assert card_xlsx(view, card).startswith(b"PK")
        assert card_pptx(view, card).startswith(b"PK")
