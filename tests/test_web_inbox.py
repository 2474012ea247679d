"""The inbox: a file is taken in once it has stopped growing, and put aside with why where it was refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmqa.store import Door, Store
from pmqa.web.inbox import Inbox, Results, ingested


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "รับไฟล์"
    found.mkdir()
    return found


def says(outcome: str, *messages: str) -> Callable[..., Results]:
    """An ingest that says this of every file."""
    findings = [{"sheet": "หมวด 1", "cell": "E4", "message": {"th": f"{one} ไทย", "en": one}} for one in messages]
    return lambda files, _: [{"file": str(file), "outcome": outcome, "findings": findings} for file in files]


def names(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[2] for path in folder.iterdir()) if folder.exists() else []


def test_a_file_that_still_grows_is_left_alone(folder: Path) -> None:
    inbox = Inbox(folder, folder, says("accepted"))
    file = folder / "a.xlsx"
    for size in (1, 2, 3):
        file.write_bytes(b"x" * size)
        assert inbox.take() == []
    (taken,) = inbox.take()
    assert (names(folder / "done"), taken.read_bytes(), file.exists()) == (["a.xlsx"], b"xxx", False)
    assert inbox.take() == []


@pytest.mark.parametrize(
    ("outcome", "where"),
    [
        *(("accepted", "done"), ("warnings", "done"), ("known", "done"), ("skipped", "done")),
        *(("refused", "refused"), ("undecided", "refused"), ("passed_over", "refused")),
    ],
)
def test_where_a_file_goes_is_what_became_of_it(folder: Path, outcome: str, where: str) -> None:
    (folder / "a.xlsx").write_bytes(b"x")
    inbox = Inbox(folder, folder, says(outcome, "Level 9 does not exist"))
    inbox.take()
    inbox.take()
    assert "a.xlsx" in names(folder / where)
    texts = [path.read_text(encoding="utf-8-sig") for path in folder.rglob("*.txt")]
    assert len(texts) == (where == "refused")
    for text in texts:
        assert "- หมวด 1 E4: Level 9 does not exist ไทย" in text
        assert ("ingest --choose" in text) == (outcome != "refused")


def test_hidden_files_and_those_open_in_a_program_are_left_alone(folder: Path) -> None:
    for name in (".a.xlsx.part", "~$a.xlsx"):
        (folder / name).write_bytes(b"x")
    inbox = Inbox(folder, folder, says("accepted"))
    assert inbox.take() == inbox.take() == []


def test_where_the_command_cannot_work_files_stay_and_are_tried_again(folder: Path) -> None:
    (folder / "a.xlsx").write_bytes(b"x")
    answers: list[Any] = [None, says("accepted")([folder / "a.xlsx"], folder)]
    inbox = Inbox(folder, folder, lambda *_: answers.pop(0))
    assert [len(inbox.take()) for _ in range(3)] == [0, 0, 1]


@pytest.mark.slow
def test_what_lies_in_the_inbox_is_recorded_by_the_server_that_holds_the_database(
    folder: Path, tmp_path: Path, forms: list[Path], wrong: Path
) -> None:
    for file in (forms[0], wrong):
        shutil.copy(file, folder)
    with Store(tmp_path / "pmqa.duckdb") as store:
        door = Door(store)
        inbox = Inbox(folder, store.path, ingested)
        inbox.take()
        assert len(inbox.take()) == 2
        door.close()
        assert store.submissions.standing()["received_by"].to_list() == ["inbox"]
    assert names(folder / "done") == [forms[0].name]
    assert names(folder / "refused") == [wrong.name, f"{wrong.name}.txt"]
