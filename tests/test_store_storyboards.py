"""Storyboards as the store keeps them: whose they are, in which order, and who is told what somebody wrote."""

from __future__ import annotations

import datetime as dt

import pytest

from pmqa.errors import NameTaken, StoreError
from pmqa.store import Store
from pmqa.viewer import Viewer
from tests.postgres import ON_BOTH

ONE, OTHER = Viewer("one@x.example", "viewer"), Viewer("other@x.example", "analyst")
OF_MINISTRY = Viewer("ministry@x.example", "analyst", ministries=frozenset({"ก"}))
OF_AGENCY = Viewer("agency@x.example", "agency", agencies=frozenset({"A1"}))
OF_TWO = Viewer("two@x.example", "agency", agencies=frozenset({"A1", "A2"}))
NOBODYS = Viewer("nobody@x.example", "agency", agencies=frozenset())


pytestmark = ON_BOTH


def add(store: Store, storyboard: str, *cards: str, viewer: Viewer = ONE) -> list[tuple[int, bool]]:
    said = {"finding": "ก่อน", "digest": "d1", "version": "1-a", "viewer": viewer}
    return [store.storyboards.add_slide(storyboard, card, **said) for card in cards]


def cards(store: Store, storyboard: str, viewer: Viewer = ONE) -> list[str]:
    return [slide.address for slide in store.storyboards.slides(storyboard, viewer)]


def test_slides_stand_in_their_order_and_a_card_is_kept_once(store: Store) -> None:
    kept = store.storyboards
    mine = kept.make_storyboard("ประชุม", viewer=ONE)
    assert add(store, mine, "a", "b", "c", "b") == [(1, True), (2, True), (3, True), (2, False)]
    third = kept.slides(mine, ONE)[2].id
    kept.move_slide(mine, third, -1, viewer=ONE)
    assert cards(store, mine) == ["a", "c", "b"]
    kept.move_slide(mine, kept.slides(mine, ONE)[0].id, -1, viewer=ONE)  # there is none before the first
    kept.move_slide(mine, kept.slides(mine, ONE)[2].id, 1, viewer=ONE)
    assert cards(store, mine) == ["a", "c", "b"]
    kept.remove_slide(mine, third, viewer=ONE)
    add(store, mine, "d")
    assert cards(store, mine) == ["a", "b", "d"]


def test_a_storyboard_is_changed_by_its_owner_alone_and_tells_nobody_who_that_is(store: Store) -> None:
    kept = store.storyboards
    mine = kept.make_storyboard("ประชุม", viewer=ONE)
    add(store, mine, "a")
    (slide,) = kept.slides(mine, ONE)
    shared = kept.opened(mine, OTHER)
    assert shared is not None
    assert (shared.name, shared.own, shared.slides) == ("ประชุม", False, 1)
    assert ONE.name not in repr((shared, kept.slides(mine, OTHER)))
    assert kept.of(OTHER) == ()
    for change in (
        lambda: kept.change_storyboard(mine, name="ของฉัน", place="", day=None, viewer=OTHER),
        lambda: kept.remove_storyboard(mine, viewer=OTHER),
        lambda: add(store, mine, "b", viewer=OTHER),
        lambda: kept.word_slide(mine, slide.id, headline="x", note="", viewer=OTHER),
        lambda: kept.move_slide(mine, slide.id, 1, viewer=OTHER),
        lambda: kept.remove_slide(mine, slide.id, viewer=OTHER),
        lambda: kept.renew_slides(mine, {slide.id: ("x", "y")}, "2-b", viewer=OTHER),
    ):
        with pytest.raises(StoreError, match="is gone, or is not yours"):
            change()
    assert kept.slides(mine, ONE) == (slide,)


def test_names_are_ones_own_and_differ(store: Store) -> None:
    kept = store.storyboards
    first = kept.make_storyboard("ก", viewer=ONE)
    second = kept.make_storyboard("ข", viewer=ONE)
    kept.make_storyboard("ก", viewer=OTHER)
    assert sorted(kept.named("ก")) == [ONE.name, OTHER.name]
    assert kept.names() == ("ก", "ข")
    with pytest.raises(NameTaken):
        kept.make_storyboard("ก", viewer=ONE)
    with pytest.raises(NameTaken):
        kept.change_storyboard(second, name="ก", place="", day=None, viewer=ONE)
    with pytest.raises(StoreError, match="Give it a name"):
        kept.make_storyboard(" ", viewer=ONE)
    kept.change_storyboard(first, name="ก", place="ห้อง 1", day=dt.date(2026, 12, 1), viewer=ONE)
    opened = kept.opened(first, ONE)
    assert opened is not None
    assert (opened.place, opened.day) == ("ห้อง 1", dt.date(2026, 12, 1))
    kept.remove_storyboard(second, viewer=ONE)
    assert [one.id for one in kept.of(ONE)] == [first]
    assert kept.opened(second, ONE) is None


@pytest.mark.parametrize(
    ("writer", "told"),
    [
        (ONE, {ONE, OTHER}),
        (OF_MINISTRY, {ONE, OTHER, OF_MINISTRY}),
        (OF_TWO, {ONE, OTHER, OF_TWO}),
        (OF_AGENCY, {ONE, OTHER, OF_AGENCY, OF_TWO}),
    ],
    ids=lambda one: one.name if isinstance(one, Viewer) else "",
)
def test_what_somebody_wrote_is_told_to_who_sees_all_that_they_could(
    store: Store, writer: Viewer, told: set[Viewer]
) -> None:
    kept = store.storyboards
    board = kept.make_storyboard("ชื่อ", viewer=writer)
    add(store, board, "a", viewer=writer)
    (slide,) = kept.slides(board, writer)
    kept.word_slide(board, slide.id, headline="หัวเรื่อง", note="บันทึก", viewer=writer)
    for viewer in (ONE, OTHER, OF_MINISTRY, OF_AGENCY, OF_TWO, NOBODYS):
        shared, (seen,) = kept.opened(board, viewer), kept.slides(board, viewer)
        texts = (shared.name if shared else "", seen.finding, seen.headline, seen.note)
        assert texts == (("ชื่อ", "ก่อน", "หัวเรื่อง", "บันทึก") if viewer in told else (None,) * 4), viewer
        assert seen.told == (viewer in told)


def test_who_sees_less_than_when_they_wrote_changes_no_text_that_they_are_not_told(store: Store) -> None:
    kept = store.storyboards
    board = kept.make_storyboard("ชื่อ", viewer=ONE)
    add(store, board, "a")
    (slide,) = kept.slides(board, ONE)
    today = Viewer(ONE.name, "agency", agencies=frozenset({"A1"}))
    with pytest.raises(StoreError, match="Remove it and add it again"):
        kept.word_slide(board, slide.id, headline="x", note="", viewer=today)
    kept.remove_slide(board, slide.id, viewer=today)
    assert cards(store, board) == []


def test_a_change_of_slides_is_no_change_of_the_data_and_stands_in_the_audit(store: Store) -> None:
    kept, before = store.storyboards, store.version()
    board = kept.make_storyboard("ชื่อ", viewer=ONE)
    add(store, board, "a")
    kept.renew_slides(board, {kept.slides(board, ONE)[0].id: ("หลัง", "d2")}, "2-b", viewer=ONE)
    (slide,) = kept.slides(board, ONE)
    assert (slide.finding, slide.digest, slide.version) == ("หลัง", "d2", "2-b")
    kept.remove_storyboard(board, viewer=ONE)
    assert store.version() == before
    assert store.audit.trail()["action"].to_list() == ["storyboard_made", "slide_added", "storyboard_removed"]


def test_there_is_an_end_to_what_one_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmqa.store.storyboards.MOST_SLIDES", 2)
    monkeypatch.setattr("pmqa.store.storyboards.MOST_STORYBOARDS", 1)
    board = store.storyboards.make_storyboard("ก", viewer=ONE)
    with pytest.raises(StoreError, match="1 storyboards"):
        store.storyboards.make_storyboard("ข", viewer=ONE)
    add(store, board, "a", "b")
    with pytest.raises(StoreError, match="2 slides"):
        add(store, board, "c")
    slide = store.storyboards.slides(board, ONE)[0].id
    with pytest.raises(StoreError, match="longer than 200"):
        store.storyboards.word_slide(board, slide, headline="ก" * 201, note="", viewer=ONE)
