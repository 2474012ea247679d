"""What a run does where the database fails it: says so, in both languages, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmqa.errors import StoreError
from pmqa.store.opening import both_languages
from pmqa.store.submissions import Submissions
from tests.pages import opened

pytestmark = pytest.mark.usefixtures("nothing_cached")


@pytest.mark.slow
def test_a_page_whose_database_fails_says_what_it_is_and_what_to_do(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = both_languages("disk_full", path=own_database, reason="IO Error: No space left on device")

    def full(*_: object, **__: object) -> None:
        raise StoreError(said)

    monkeypatch.setattr(Submissions, "current", full)
    at = opened("overview", own_database, monkeypatch)
    assert not at.exception
    (shown,) = (error.value for error in at.error)
    assert "โปรดเพิ่มพื้นที่ว่าง" in shown
    assert "Make room and try again" in shown
    monkeypatch.undo()
    assert not opened("overview", own_database, monkeypatch).error
