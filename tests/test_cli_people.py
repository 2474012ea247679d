"""`pmqa people`: who may sign in, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pmqa.store import Store
from pmqa.viewer import Person


@pytest.fixture
def people(run, tmp_path):
    """Run `people` on a database of its own."""
    return lambda *words: run("people", *words, "--database", tmp_path / "pmqa.duckdb", "--lang", "en")


def test_people_are_added_listed_corrected_and_removed(people, tmp_path):
    assert people("add", "A@x.example", "--role", "agency", "--agencies", "QK03,QK04", "--until", "30/9/2569")[0] == 0
    assert people("add", "a@x.example", "--role", "viewer", "--ministries", "ก", "--by", "somebody")[0] == 0
    code, out, _ = people("list", "--json")
    assert code == 0
    assert json.loads(out) == [
        {
            "email": "a@x.example",
            "role": "viewer",
            "agencies": None,
            "ministries": ["ก"],
            "valid_until": None,
            "note": None,
        }
    ]
    assert "viewer" in people("list")[1]
    assert people("remove", "A@X.example")[1] == "0 people added or corrected, 1 removed\n"
    with Store(tmp_path / "pmqa.duckdb") as store:
        assert store.people.all() == {}
        assert set(store.audit.changes()["who"]) >= {"somebody"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add",), 2, "needs an e-mail address"),
        (("add", "a@x.example"), 1, "is no role"),
        (("add", "a@x.example", "--role", "agency"), 1, "say which agencies"),
        (("add", "nobody", "--role", "viewer"), 1, "is no e-mail address"),
        (("remove", "a@x.example"), 2, "is not among the people"),
        (("import", "no-such-file.csv"), 2, "no-such-file.csv"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(people, tmp_path, words, code, said):
    found, out, err = people(*words)
    assert found == code
    assert said in out + err
    assert not json.loads(people("list", "--json")[1])


def test_a_list_is_imported_whole_or_not_at_all(people, tmp_path):
    file = Path(tmp_path / "list.csv")
    file.write_text("email,role,agencies\na@x.example,viewer,\nb@x.example,agency,\n", encoding="utf-8")
    code, out, err = people("import", file)
    assert (code, "row 3" in out, "not saved" in err) == (1, True, True)
    file.write_text("email,role,agencies\na@x.example,viewer,\nb@x.example,agency,QK03\n", encoding="utf-8")
    assert json.loads(people("import", file, "--json")[1]) == {"saved": 2, "removed": 0, "problems": []}
    with Store(tmp_path / "pmqa.duckdb") as store:
        assert store.people.one("b@x.example") == Person("b@x.example", "agency", frozenset({"QK03"}))
