"""Notes on agencies: who writes, reads and takes them back; where they are shown, and in which files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import make_submission

from pmqa.errors import AccessDenied, StoreError
from pmqa.framework import Framework
from pmqa.places import Place
from pmqa.store import Store
from pmqa.viewer import Viewer
from pmqa.views import data
from pmqa.views.building import view_of
from pmqa.views.cards.notes import notes_on
from pmqa.views.reporting import agency_report, ministry_report
from pmqa.views.selected import Selection
from tests.pages import everything_sent, filled, opened
from tests.postgres import ON_BOTH

ANALYST, READER = Viewer("analyst@x.example", "analyst"), Viewer("reader@x.example", "viewer")
OF_ONE = Viewer("one@x.example", "agency", agencies=frozenset({"DEMO-001"}))
WORDS = '=HYPERLINK("x") <b>ไม่เห็นด้วย</b>'


@pytest.fixture(scope="module")
def database(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("notes") / "three.duckdb", framework, 3, 1)


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """Without notes when a test begins."""
    with Store(database) as kept:
        for note, who in kept.notes.of(ANALYST)[["note", "noted_by"]].itertuples(index=False):
            kept.notes.remove_note(note, viewer=Viewer(who, "analyst"))
        yield kept


@ON_BOTH
def test_a_note_is_read_by_whoever_may_see_the_agency_and_taken_back_by_who_wrote_it(place: Place) -> None:
    with Store(place) as store:
        for code in ("DEMO-001", "DEMO-002"):
            store.recording.record(make_submission(code), code.encode(), file_name="a", received_by="t")
        _noted(store)


def _noted(store: Store) -> None:
    before = store.version()
    mine = store.notes.save_note("DEMO-001", f" {WORDS} ", viewer=OF_ONE)
    other = store.notes.save_note("DEMO-002", "อื่น", viewer=ANALYST, fiscal_year=2569, scope="3.2")
    assert store.version() != before
    assert store.notes.of(READER)["note"].to_list() == [other, mine]
    seen = store.notes.of(OF_ONE)
    assert seen[["note", "words", "noted_by"]].to_numpy().tolist() == [[mine, WORDS, OF_ONE.name]]
    with pytest.raises(StoreError, match="not yours"):
        store.notes.remove_note(mine, viewer=ANALYST)
    store.notes.remove_note(mine, viewer=OF_ONE)
    assert store.notes.of(READER)["note"].to_list() == [other]
    assert store.audit.changes()["action"].to_list()[-1] == "note_removed"
    assert "ไม่เห็นด้วย" in store.audit.changes()["details"].iloc[-1]


@pytest.mark.parametrize(
    ("viewer", "agency", "words", "said", "why"),
    [
        (READER, "DEMO-001", "ก", {}, AccessDenied),
        (OF_ONE, "DEMO-002", "ก", {}, AccessDenied),
        (OF_ONE, "X-1", "ก", {}, AccessDenied),
        (ANALYST, "DEMO-001", " ", {}, StoreError),
        (ANALYST, "DEMO-001", "ก" * 1001, {}, StoreError),
        (ANALYST, "DEMO-001", "ก", {"submission": "S9999999"}, StoreError),
    ],
)
def test_a_note_that_cannot_be_is_not_kept(
    store: Store, viewer: Viewer, agency: str, words: str, said: dict[str, str], why: type[Exception]
) -> None:
    with pytest.raises(why):
        store.notes.save_note(agency, words, viewer=viewer, **said)
    assert store.notes.of(ANALYST).empty


def test_reports_have_notes_where_they_are_asked_for(store: Store) -> None:
    store.notes.save_note("DEMO-001", WORDS, viewer=ANALYST)
    view = view_of(Selection("en", fiscal_year=2569), ANALYST, data.version_of(store))
    ministry = str(view.submissions.set_index("agency_code").loc["DEMO-001", "ministry"])
    for asked in (True, False):
        reports = (agency_report(view, "DEMO-001", notes=asked), ministry_report(view, ministry, notes=asked))
        for report in reports:
            tables = [page.table for page in report.pages if page.topic.startswith("Notes on")]
            assert [WORDS in str(table["Note"].to_list()) for table in tables if table is not None] == [True] * asked
    assert not [page for page in agency_report(view, "DEMO-002", notes=True).pages if page.topic.startswith("Notes")]


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_cached")
def test_a_note_is_written_and_read_on_the_pages_agency_and_trace_and_not_in_meetings(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("agency", database, monkeypatch, agency="DEMO-001", part="notes")
    at.selectbox(key="note-on").select("scope 3.2")
    at.text_area(key="note-words").input(WORDS)
    at.button(key="save-note").click().run()
    assert not at.exception
    assert any("บันทึก (1)" in str(one.options) for one in at.get("button_group"))
    (note,) = data.store().notes.of(ANALYST).itertuples()
    assert (note.words, note.scope, note.fiscal_year, note.noted_by) == (WORDS, "3.2", 2569, "local")
    assert "ไม่เห็นด้วย" in everything_sent(at)
    assert "<b>" not in str([one.value for one in at.markdown])
    at = opened("trace", database, monkeypatch, agency="DEMO-001", trace="3.2")
    assert "ไม่เห็นด้วย" in everything_sent(at)
    for other in ({"trace": "3.1"}, {"meeting": "0a1b2c3d"}):
        at = opened("trace", database, monkeypatch, **{"agency": "DEMO-001", "trace": "3.2"} | other)
        assert "ไม่เห็นด้วย" not in everything_sent(at)
    view = view_of(Selection("th"), ANALYST, data.version_of(store))
    assert len(notes_on(view)) == 1
