"""Whom the administrators let in is data of the product: kept by address, audited, changed by administrators only."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest
from factories import LATER_TABLES

from pmqa.errors import AccessDenied, StoreChanged, StoreError
from pmqa.store import Store
from pmqa.viewer import Person, Role, Viewer
from tests.postgres import ON_BOTH

ADMIN = Viewer("admin@x.example", "admin")
ONE = Person("one@x.example", "agency", frozenset({"A1", "A2"}))
TWO = Person("two@x.example", "viewer", None, frozenset({"ก, ข", "ค"}), dt.datetime(2026, 9, 30, 16, 59, 59), "ลา")


def named(*people: Person) -> dict[str, Person]:
    return {person.email: person for person in people}


@pytest.fixture
def store(store: Store) -> Store:
    store.people.change({}, named(ONE, TWO), who="test")
    return store


@ON_BOTH
def test_people_are_kept_with_role_reach_and_last_day_as_they_were_given(store: Store) -> None:
    assert store.people.all() == named(ONE, TWO)
    assert store.people.one("two@x.example") == TWO


def test_an_address_is_the_same_in_whatever_letters(store: Store) -> None:
    assert store.people.one(" One@X.Example ") == ONE
    assert store.people.one("three@x.example") is None


def test_reach_of_nobody_is_not_reach_of_all(store: Store) -> None:
    none = Person("none@x.example", "viewer", frozenset(), None)
    store.people.change({}, named(none), who="test")
    assert store.people.one(none.email) == none


@ON_BOTH
def test_who_is_removed_is_gone_and_the_audit_says_who_did_what(store: Store) -> None:
    before = store.version()
    assert store.people.change(store.people.all(), named(TWO), who="admin@x.example", viewer=ADMIN) == (0, 1)
    assert store.people.all() == named(TWO)
    assert store.version() != before
    last = store.audit.changes().iloc[-1]
    assert (last["action"], last["subject"], last["who"]) == ("person_removed", ONE.email, "admin@x.example")
    assert json.loads(last["details"])["before"]["agencies"] == ["A1", "A2"]
    assert "ลา" not in store.audit.changes().to_csv()  # a note is nobody's business later


@ON_BOTH
def test_who_is_removed_stays_known_as_such_until_they_are_added_again(store: Store) -> None:
    """An identity provider may go on giving them a role: the list says that it does not count."""
    store.people.change(store.people.all(), named(TWO), who="test", reason="ย้ายไปแล้ว")
    gone = store.people.one(ONE.email)
    assert gone is not None
    assert gone.removed_at is not None
    assert json.loads(store.audit.changes().iloc[-1]["details"])["reason"] == "ย้ายไปแล้ว"
    store.people.change(store.people.all(), named(ONE, TWO), who="test")
    assert store.people.one(ONE.email) == ONE


def test_the_note_goes_with_who_is_removed(store: Store) -> None:
    store.people.change(store.people.all(), named(ONE), who="test")
    gone = store.people.one(TWO.email)
    assert gone is not None
    assert gone.note is None


@ON_BOTH
def test_what_is_as_it_was_is_no_change(store: Store) -> None:
    before = store.version()
    assert store.people.change({}, named(ONE), who="x") == (0, 0)
    assert store.version() == before


@pytest.mark.parametrize("role", ["viewer", "agency", "assessor", "analyst"])
def test_only_administrators_see_and_change_people(store: Store, role: Role) -> None:
    viewer = Viewer("x", role)
    with pytest.raises(AccessDenied):
        store.people.all(viewer)
    with pytest.raises(AccessDenied):
        store.people.change({}, named(Person("x", "admin")), who="x", viewer=viewer)
    assert store.people.all(ADMIN) == named(ONE, TWO)


def test_two_administrators_do_not_undo_each_other(store: Store) -> None:
    began = store.people.all()
    store.people.change(began, began | named(Person(ONE.email, "analyst")), who="a")
    with pytest.raises(StoreChanged, match=ONE.email):
        store.people.change(began, named(TWO), who="b")
    store.people.change(began, began | named(Person("new@x.example", "viewer")), who="b")
    assert store.people.one(ONE.email) == Person(ONE.email, "analyst")


@pytest.mark.parametrize("wanted", [{}, named(Person(ADMIN.name, "viewer"))])
def test_an_administrator_does_not_lock_themselves_out(store: Store, wanted: dict[str, Person]) -> None:
    own = named(Person(ADMIN.name, "admin"))
    store.people.change({}, own, who="test")
    with pytest.raises(StoreError, match=ADMIN.name):
        store.people.change(own, wanted, who=ADMIN.name, viewer=ADMIN)


def test_a_database_of_the_version_before_gets_its_people(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    Store(path).close()
    with duckdb.connect(str(path)) as connection:
        for later in LATER_TABLES:
            connection.execute(f"DROP TABLE {later}")
        connection.execute("UPDATE meta SET value = '4' WHERE name = 'schema_version'")
    with Store(path) as store:
        assert store.people.all() == {}
