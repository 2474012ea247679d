"""The same view has the same bytes in every format: on another day, and of a fresh database of the same files, apart
from the stamp, the data's version and the times at which files came."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pmqa.cli import main
from pmqa.exports import Stamp
from pmqa.framework import Framework
from pmqa.store import Store
from pmqa.viewer import Viewer
from tests.pages import clear_caches, filled

pytestmark = pytest.mark.slow  # whole decks and reports are made

AGENCY, MINISTRY, BOARD = "DEMO-001", "กระทรวงตัวอย่างบริการประชาชน", "ประชุม"
CARD = f"gaps.blocking?agency={AGENCY}"
# What `pmqa export` makes, and in which formats: a card's zip has the others in it.
MADE = {
    "card": (["--card", CARD], ("zip", "pdf")),
    "comparison": ([], ("pptx",)),
    "report": (["--what", "report", "--ministry", MINISTRY], ("pptx", "pdf")),
    "profile": (["--what", "profile", "--agencies", AGENCY], ("pptx", "zip")),
    "briefing": (["--what", "briefing", "--ministry", MINISTRY], ("pptx", "pdf")),
    "storyboard": (["--storyboard", BOARD], ("pptx",)),
    "data": (["--what", "data"], ("zip",)),
}


@contextmanager
def clock(monkeypatch: pytest.MonkeyPatch, day: dt.datetime) -> Iterator[None]:
    """Whatever of the product asks for the time is told this; dates that are there already stay what they are."""

    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, dt.datetime)

    class Told(dt.datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return day.astimezone(tz)

    told = SimpleNamespace(**vars(dt) | {"datetime": Told})
    with monkeypatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("pmqa.") and getattr(module, "dt", None) is dt:
                patch.setattr(module, "dt", told)
        yield


def database_of(folder: Path, framework: Framework) -> Path:
    """A fresh database of the same files, with a storyboard."""
    path, viewer = filled(folder / "same.duckdb", framework, 3, 2), Viewer("a@x.example", "analyst")
    with Store(path) as store:
        board = store.storyboards.make_storyboard(BOARD, viewer=viewer)
        store.storyboards.add_slide(board, CARD, finding="", digest="", version="0", viewer=viewer)
    return path


def exported(database: Path, out: Path) -> dict[str, bytes]:
    """Every file of a database, by what it is and its format."""
    clear_caches()
    found = {}
    for what, (words, forms) in MADE.items():
        for form in forms:
            path = out / f"{what}.{form}"
            assert main(["export", "--database", str(database), *words, "--format", form, "--out", str(path)]) == 0
            found |= parts(path)
    return found


def parts(path: Path) -> dict[str, bytes]:
    """A file's bytes by its name; of a zip, its entries' too, so that it is told which differs."""
    found = {path.name: path.read_bytes()}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            found |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
    return found


def test_another_day_and_a_fresh_database_change_the_stamp_alone(
    framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
    # The stamp's day and version are given to be forgotten.
    for name, held in (("made_on", came.date()), ("data_version", "7")):
        monkeypatch.setattr(Stamp, name, property(lambda _, held=held: held, lambda *_: None), raising=False)
    made = []
    for days in (1, 41):
        folder = tmp_path / str(days)
        folder.mkdir()
        with clock(monkeypatch, came):
            database = database_of(folder, framework)
        with clock(monkeypatch, came + dt.timedelta(days=days, hours=days)):
            made.append(exported(database, folder))
    first, second = made
    assert {name.rpartition(".")[2] for name in first} >= {"csv", "xlsx", "parquet", "pptx", "pdf", "png", "svg", "zip"}
    assert [name for name in first if first[name] != second.get(name)] == []
