"""Nothing of other agencies reaches somebody whose reach is one: every page, with links to what is not theirs, and
every file that the page offers.

Each page is opened on a cold server by every role. Files are made for one of them: reach decides, not the role. With
PMQA_EVERY_FILE=1 they are made for all.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmqa.errors import Finding
from pmqa.framework import Framework
from pmqa.store import Action, Arrival, Refusal, Store
from pmqa.viewer import ROLES, Viewer
from tests.crawl import Taken, keep_taken
from tests.pages import everything_sent, filled, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
OWN, OTHER = "DEMO-001", "DEMO-002"
SECRETS = (
    *("กลุ่มลับหนึ่ง", "ข้อสมมติลับสอง", "กิจกรรมลับสาม", "ไฟล์ลับสี่", "เหตุผลลับห้า"),
    *("ชุดสไลด์ลับหก", "หัวเรื่องลับเจ็ด", "บันทึกลับแปด", "ข้อค้นพบลับเก้า", "บันทึกลับสิบ"),
)
EVERY_FILE = "PMQA_EVERY_FILE" in os.environ
LINK = {"agency": OTHER, "agencies": OTHER, "year": "2569"}


@pytest.fixture(scope="module")
def kept(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three agencies; of two of them a group, a scenario, an action, a refused file, a withdrawal and slides."""
    path = filled(tmp_path_factory.mktemp("leaks") / "three.duckdb", framework, 3, 2)
    with Store(path) as store:
        current = store.submissions.current(None)
        theirs = current.loc[current["agency_code"] == OTHER, "submission"].iloc[-1]
        store.register.save_peer_group(SECRETS[0], [OTHER, "DEMO-003"], who="other")
        store.plans.save_scenario(theirs, SECRETS[1], {}, who="other")
        store.plans.save_action(Action(OTHER, 2569, SECRETS[2], ("1.1.B1",), due=dt.date(2026, 12, 1)), who="other")
        (receipt,) = store.received.receive([Arrival(b"x", f"{SECRETS[3]}.xlsx")], received_by="other")
        store.received.refuse([Refusal(receipt, (Finding("not_a_workbook", "error", value=SECRETS[3]),))], who="other")
        store.history.withdraw(theirs, reason=SECRETS[4], who="other")
        store.history.restore(theirs, reason=SECRETS[4], who="other")
        whose = Viewer("other", "analyst")
        store.notes.save_note(OTHER, SECRETS[9], viewer=whose)
        board = store.storyboards.make_storyboard(SECRETS[5], viewer=whose)
        for card in (f"agency.profile?lang=th&agency={OTHER}", "overview.totals?lang=th", "compare.scores?lang=th"):
            store.storyboards.add_slide(board, card, finding=SECRETS[8], digest="", version="0", viewer=whose)
        for slide in store.storyboards.slides(board, whose):
            store.storyboards.word_slide(board, slide.id, headline=SECRETS[6], note=SECRETS[7], viewer=whose)
    return path


@pytest.fixture(scope="module")
def markers(kept: Path) -> list[str]:
    """What nobody but their own may read: names of the others, and what is kept of them."""
    with Store(kept) as store:
        rows = store.submissions.standing()
    return [*sorted(set(rows.loc[rows["agency_code"] != OWN, "agency_name"])), *SECRETS]


def texts_of(taken: Taken) -> Iterator[str]:
    for _, content in taken.files():
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from (archive.read(part).decode("utf-8", "ignore") for part in archive.namelist())
        else:
            yield content.decode("utf-8", "ignore")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_and_no_file_tells_of_agencies_beyond_ones_reach(
    page: str, role: str, kept: Path, markers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Viewer("one@x.example", role, frozenset({OWN}))
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    taken = keep_taken(monkeypatch)
    with Store(kept) as store:
        (storyboard,) = store.storyboards.named(SECRETS[5]).values()
    at = opened(page, kept, monkeypatch, **LINK, storyboard=storyboard)
    assert not at.exception
    files = texts_of(taken) if role == ROLES[PAGES.index(page) % len(ROLES)] or EVERY_FILE else ()
    for text in (everything_sent(at), *files):
        assert [marker for marker in markers if marker in text] == [], viewer.role


def test_who_may_see_all_would_find_them(kept: Path, markers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests above would find what they look for."""
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: Viewer("all@x.example", "admin"))
    found = "".join(everything_sent(opened(page, kept, monkeypatch)) for page in ("submit", "compare", "people"))
    assert [marker for marker in markers if marker in found] != []
