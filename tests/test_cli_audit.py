"""`pmqa audit`: who did what since when, changes of the data and sign-ins together, for people and for programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pmqa.errors import AccessDenied
from pmqa.store import Store
from pmqa.viewer import MAY, ROLES, Person, Role, Viewer

HEAD = ["at", "who", "action", "subject", "details"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sign-in at 23:30 of 29 September in Bangkok; from 00:30 of the 30th on a change, a refusal, a file taken."""
    path = tmp_path / "pmqa.duckdb"
    with Store(path) as store:
        clock(monkeypatch, dt.datetime(2026, 9, 29, 16, 30))
        store.audit.note("a@x.example", "signed_in", details={"role": "admin"})
        clock(monkeypatch, dt.datetime(2026, 9, 29, 17, 30))
        person = Person("b@x.example", "viewer")
        store.people.change({}, {person.email: person}, who="a@x.example", reason="=1+1")
        clock(monkeypatch, dt.datetime(2026, 9, 29, 17, 31))
        store.audit.note("=cmd|x", "not_let_in", details={"why": "no_role"})
        clock(monkeypatch, dt.datetime(2026, 9, 29, 17, 32))
        store.audit.note("b@x.example", "downloaded", "คะแนน.xlsx")
    return path


def clock(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    for module in ("audit", "database"):
        monkeypatch.setattr(f"pmqa.store.{module}.now", lambda: moment)


def test_the_audit_is_a_table_first_first_with_times_of_bangkok(run: Run, database: Path) -> None:
    code, out, err = run("audit", "--database", database, "--lang", "en")
    head, *rows = csv.reader(io.StringIO(out))
    assert (code, head, "4 entries" in err) == (0, HEAD, True)
    assert [(row[0], row[2]) for row in rows] == [
        ("2026-09-29T23:30:00+07:00", "signed_in"),
        ("2026-09-30T00:30:00+07:00", "person_saved"),
        ("2026-09-30T00:31:00+07:00", "not_let_in"),
        ("2026-09-30T00:32:00+07:00", "downloaded"),
    ]


def test_a_name_that_a_spreadsheet_would_compute_is_text(run: Run, database: Path) -> None:
    assert "'=cmd|x" in run("audit", "--database", database)[1]


@pytest.mark.parametrize("day", ["2026-09-30", "30/9/2569", "30/09/2026", "2569-09-30"])
def test_since_a_day_is_from_its_first_moment_in_bangkok(run: Run, database: Path, day: str) -> None:
    found = json.loads(run("audit", "--since", day, "--format", "json", "--database", database)[1])
    assert [row["action"] for row in found] == ["person_saved", "not_let_in", "downloaded"]
    assert [sorted(row) for row in found] == [sorted(HEAD)] * 3
    assert found[0]["details"]["reason"] == "=1+1"  # JSON is for programs: as it was given
    assert found[1]["subject"] is None


def test_since_a_day_to_come_there_is_nothing(run: Run, database: Path) -> None:
    code, out, _ = run("audit", "--since", "2026-10-01", "--database", database)
    assert (code, out.split()) == (0, [",".join(HEAD)])
    assert json.loads(run("audit", "--since", "2026-10-01", "--format", "json", "--database", database)[1]) == []


@pytest.mark.parametrize("words", ["soon", "31/2/2569", ""])
def test_what_is_no_day_is_said(run: Run, database: Path, words: str) -> None:
    code, out, err = run("audit", "--since", words, "--database", database, "--lang", "en")
    assert (code, out, "is no date" in err) == (2, "", True)


def test_where_there_is_no_database_none_is_made(run: Run, tmp_path: Path) -> None:
    code, out, err = run("audit", "--database", tmp_path / "none.duckdb")
    assert (code, out, "none.duckdb" in err) == (2, "", True)
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_read_it(database: Path, role: Role) -> None:
    with Store(database) as store:
        if "administer" in MAY[role]:
            assert len(store.audit.trail(Viewer("x", role))) == 4
        else:
            with pytest.raises(AccessDenied):
                store.audit.trail(Viewer("x", role))


def test_what_is_noted_once_is_there_once_and_changes_no_version(database: Path) -> None:
    with Store(database) as store:
        before = store.version()
        for _ in range(2):
            store.audit.note("c@x.example", "signed_in", details={"issued": "1"}, once=True)
        store.audit.note("c@x.example", "signed_in", details={"issued": "2"}, once=True)
        assert store.audit.trail()["who"].to_list().count("c@x.example") == 2
        assert store.version() == before
