"""Everybody sees who they are, in which role, with which reach; who is not let in sees why, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmqa.access import NotLetIn
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views.words import plain
from tests.pages import opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]


@pytest.mark.parametrize(
    ("viewer", "said"),
    [
        (LOCAL_ANALYST, ["ผู้ใช้เครื่องนี้"]),
        (Viewer("a_b@x.example", "analyst"), ["a_b@x.example", "นักวิเคราะห์", "ทุกหน่วยงาน"]),
        (Viewer("a", "agency", frozenset({"DEMO-001"})), ["หน่วยงาน", "DEMO-001"]),
        (Viewer("a", "viewer", None, frozenset("กขคงจ")), ["ผู้ดูข้อมูล", "ก, ข, ค และอีก 2"]),
        (Viewer("a", "viewer", frozenset()), ["ไม่มีหน่วยงานใด"]),
    ],
)
def test_the_sidebar_says_who_one_is(
    viewer: Viewer, said: list[str], own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)
    at = opened("framework", own_database, monkeypatch)
    (who,) = (caption.value for caption in at.sidebar.caption if "account_circle" in caption.value)
    assert [word for word in said if plain(word) not in who] == []


def test_whoever_is_signed_in_can_leave(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sign-out" not in [button.key for button in opened("framework", own_database, monkeypatch).button]
    monkeypatch.setattr("pmqa.ui.notices.sign_in_is_set_up", lambda: True)
    assert "sign-out" in [button.key for button in opened("framework", own_database, monkeypatch).button]


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (NotLetIn("expired"), "หมดอายุ"),
        (NotLetIn("too_late"), "หนึ่งวันทำงาน"),
        (NotLetIn("unreadable", "realm_access.roles"), "realm"),
    ],
)
def test_who_is_not_let_in_reads_why_and_nothing_else(
    refused: NotLetIn, said: str, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: refused)
    for page in ("overview", "agency", "submit"):
        at = opened(page, own_database, monkeypatch)
        assert not at.exception
        assert [button.key for button in at.button] == ["sign-out"]
        (shown,) = (error.value for error in at.error)
        assert said in shown
        assert not at.dataframe
        assert not at.metric
