"""Storyboards as they are shown: cards by the rights of whoever opens them, what has changed, deck and tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from pptx import Presentation

from pmqa.errors import ExportError
from pmqa.exports import report_pptx
from pmqa.framework import Framework
from pmqa.store import Slide, Store
from pmqa.text import translator
from pmqa.viewer import Viewer
from pmqa.views import data, files, storyboards
from pmqa.views.address import parse
from pmqa.views.building import build
from pmqa.views.storyboards import Laid, Said
from tests.pages import filled

OWNER = Viewer("owner@x.example", "analyst")
OF_ONE = Viewer("one@x.example", "agency", agencies=frozenset({"DEMO-001"}))
BLOCKING, TOTALS, OTHERS = (
    "gaps.blocking?lang=th&year=2569&agency=DEMO-001",
    "overview.totals?lang=th&year=2569",
    "agency.profile?lang=th&agency=DEMO-002",
)
GONE, UNKNOWN = "agency.profile?lang=th&agency=X-1", "no.card"
FORMULA = '=HYPERLINK("http://x.example")'


@pytest.fixture(scope="module")
def store(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(filled(tmp_path_factory.mktemp("boards") / "six.duckdb", framework, 6, 1)) as opened:
        yield opened


@pytest.fixture
def kept(store: Store) -> Iterator[Callable[..., str]]:
    """A storyboard of cards that were kept as they are, but where something else is said of them."""
    boards: list[str] = []

    def made(*addresses: str, name: str = "ประชุม", **said: str) -> str:
        boards.append(store.storyboards.make_storyboard(name, viewer=OWNER))
        for address in addresses:
            told = {"finding": "", "digest": "", "version": store.version()} | said
            store.storyboards.add_slide(boards[-1], address, **told, viewer=OWNER)
        return boards[-1]

    yield made
    for board in boards:
        store.storyboards.remove_storyboard(board, viewer=OWNER)


def laid(store: Store, board: str, viewer: Viewer = OWNER, language: str = "th") -> tuple[Laid, ...]:
    slides = store.storyboards.slides(board, viewer)
    return storyboards.laid_out(slides, viewer, data.version_of(store), language)


def test_a_card_is_shown_in_the_language_of_who_looks_and_a_headline_as_it_was_written(
    store: Store, kept: Callable[..., str]
) -> None:
    board = kept(BLOCKING)
    (thai,), (english,) = laid(store, board), laid(store, board, language="en")
    assert thai.headline == build(parse(BLOCKING), OWNER, store).drawing.finding
    assert english.headline == build(parse(BLOCKING.replace("lang=th", "lang=en")), OWNER, store).drawing.finding
    store.storyboards.word_slide(board, thai.slide.id, headline="ของเรา", note="", viewer=OWNER)
    assert laid(store, board, language="en")[0].headline == "ของเรา"


def test_what_has_changed_is_told_by_finding_and_table(store: Store, kept: Callable[..., str]) -> None:
    card = build(parse(BLOCKING), OWNER, store)
    today = storyboards.said_of(card, translator("th"))
    cases = [
        (today, "same", 0),
        (Said(today.finding, "other"), "numbers", 1),
        (Said("เดิม", today.digest), "finding", 1),
    ]
    for number, (before, change, sentences) in enumerate(cases):
        board = kept(BLOCKING, name=str(number), finding=before.finding, digest=before.digest, version="1-a")
        for language in ("th", "en"):  # it is told by what was kept, whoever reads it in which language
            (one,) = laid(store, board, language=language)
            assert (one.change, one.is_behind) == (change, True)
        assert len(storyboards.changes([one], translator("th"))) == sentences
    store.storyboards.word_slide(board, one.slide.id, headline="ของเรา", note="", viewer=OWNER)
    (said,) = storyboards.changes(laid(store, board), translator("th"))
    assert "“เดิม” → “" in said
    assert "โปรดตรวจ" in said


@pytest.mark.parametrize("address", [GONE, UNKNOWN, "gaps.blocking?agency=DEMO-001&meeting=0a1b2c3d"])
def test_a_card_that_cannot_be_made_stays_and_is_left_out_with_a_sentence(
    address: str, store: Store, kept: Callable[..., str]
) -> None:
    board, t = kept(address, BLOCKING), translator("th")
    slides = laid(store, board)
    assert slides[0].made is None
    assert len(storyboards.left_out(slides, t)) == 1
    opened = store.storyboards.opened(board, OWNER)
    assert opened is not None
    report = storyboards.report_of(opened, slides, t)
    assert report.pages[1].table is not None
    assert report.pages[1].table["หัวเรื่อง"].to_list()[0] == "ไม่ได้นำมาแสดง"
    assert len(report.pages) == 4  # cover, agenda, the other card, method
    with pytest.raises(ExportError, match="ไม่มีการ์ดใด"):
        storyboards.report_of(opened, slides[:1], t)


def test_who_sees_less_gets_their_own_cards_and_nothing_that_tells_of_others(
    store: Store, kept: Callable[..., str]
) -> None:
    board = kept(TOTALS, OTHERS, name="ชื่อลับเฉพาะ", finding="ข้อค้นพบลับเฉพาะ")
    for slide in store.storyboards.slides(board, OWNER):
        store.storyboards.word_slide(board, slide.id, headline="หัวเรื่องลับเฉพาะ", note="บันทึกลับเฉพาะ", viewer=OWNER)
    slides, opened, t = laid(store, board, OF_ONE), store.storyboards.opened(board, OF_ONE), translator("th")
    assert opened is not None
    (of_all, of_other), made = slides, storyboards.cards_of(slides)
    assert set(of_all.made[1].table["agency_code"] if of_all.made else []) == {"DEMO-001"}
    assert of_other.why == "การ์ดนี้ไม่มีแล้ว หรืออยู่นอกขอบเขตที่ท่านเห็น"
    report = storyboards.report_of(opened, slides, t)
    deck = "".join(
        shape.text_frame.text if shape.has_text_frame else ""
        for slide in Presentation(io.BytesIO(report_pptx(report))).slides
        for shape in [*slide.shapes, *slide.notes_slide.shapes]
    )
    book = openpyxl.load_workbook(io.BytesIO(files.workbook("x", made)))
    everything = f"{report}{slides}{opened}{deck}{[[*sheet.values] for sheet in book]}"
    for secret in ("ลับเฉพาะ", "DEMO-002", OWNER.name):
        assert secret not in everything.replace(OTHERS, "")


def test_the_deck_has_cover_agenda_slides_with_notes_and_method(store: Store, kept: Callable[..., str]) -> None:
    board, t = kept(BLOCKING, TOTALS, name="=1+1"), translator("th")
    first = store.storyboards.slides(board, OWNER)[0]
    store.storyboards.word_slide(board, first.id, headline=FORMULA, note="พูดก่อน\nแล้วถาม", viewer=OWNER)
    store.storyboards.change_storyboard(board, name="=1+1", place="ห้อง 1", day=None, viewer=OWNER)
    opened, slides = store.storyboards.opened(board, OWNER), laid(store, board)
    assert opened is not None
    content = report_pptx(storyboards.report_of(opened, slides, t))
    assert content == report_pptx(storyboards.report_of(opened, slides, t))
    deck = Presentation(io.BytesIO(content))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[:3] == ["=1+1", "ลำดับการนำเสนอ", f"{FORMULA}\u00a0(1/3)"]
    assert titles[-1] == "วิธีคิดคะแนนและที่มาของข้อมูล"
    cover = "\n".join(shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
    assert "ห้อง 1" in cover
    assert store.version() not in cover
    notes = deck.slides[2].notes_slide.notes_text_frame.text
    assert notes.startswith("พูดก่อน\nแล้วถาม\n")
    assert OWNER.name not in "".join(titles) + cover + notes
    sheets = openpyxl.load_workbook(io.BytesIO(files.workbook("=1+1", storyboards.cards_of(slides))))
    assert not [cell for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]


def test_aliases_beside_names_are_warned_of() -> None:
    slide = Slide("a", BLOCKING, "1-a", True, "", "", None, None)
    assert not storyboards.mixes_names([Laid(slide, None, "gone")])
