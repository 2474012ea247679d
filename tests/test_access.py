"""Who is let in, and what they may do."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from pmqa import access
from pmqa.access import LONGEST_SIGN_IN, MAY, Deed, NotLetIn, check, current_viewer, is_answered, may, viewer_of
from pmqa.errors import AccessDenied
from pmqa.settings import ClaimNames
from pmqa.text import languages, translator
from pmqa.viewer import LOCAL_ANALYST, Person, Role, Viewer, is_within_reach, sources_of

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MINUTES_AGO = (NOW - timedelta(minutes=5)).timestamp()


def nobody(_: str) -> None:
    """Where administrators have let nobody in."""


def claims(**changes: object) -> dict[str, object]:
    return {"email": "somchai@example.org", "iat": MINUTES_AGO, "pmqa_role": "analyst"} | changes


@pytest.mark.parametrize(
    ("change", "viewer"),
    [
        ({}, Viewer("somchai@example.org", "analyst")),
        ({"email": None, "sub": "u-17"}, Viewer("u-17", "analyst")),
        (
            {"pmqa_role": "agency", "pmqa_agencies": ["T01", "T02"]},
            Viewer("somchai@example.org", "agency", frozenset({"T01", "T02"})),
        ),
        (
            {"pmqa_role": "viewer", "pmqa_ministries": "กระทรวงตัวอย่าง ก"},
            Viewer("somchai@example.org", "viewer", None, frozenset({"กระทรวงตัวอย่าง ก"})),
        ),
        ({"pmqa_role": "assessor", "pmqa_agencies": []}, Viewer("somchai@example.org", "assessor", frozenset())),
        # not let in
        ({"pmqa_role": None}, NotLetIn("no_role")),
        ({"pmqa_role": "superuser"}, NotLetIn("unknown_role", "pmqa_role")),
        (
            {"pmqa_role": "agency"},
            NotLetIn("no_agencies", "pmqa_agencies"),
        ),
        ({"pmqa_role": "agency", "pmqa_agencies": []}, NotLetIn("no_agencies", "pmqa_agencies")),
        ({"email": None}, NotLetIn("no_name", "email")),
        ({"iat": None}, NotLetIn("no_time")),
        ({"iat": "yesterday"}, NotLetIn("no_time")),
        # as identity providers write them: lists of one, words with commas, numbers
        ({"pmqa_role": ["analyst"]}, Viewer("somchai@example.org", "analyst")),
        ({"pmqa_role": ["offline_access", "viewer"]}, Viewer("somchai@example.org", "viewer")),
        (
            {"pmqa_role": ["agency"], "pmqa_agencies": "QK03, QK04"},
            Viewer("somchai@example.org", "agency", frozenset({"QK03", "QK04"})),
        ),
        (
            {"pmqa_role": "agency", "pmqa_agencies": [1101, "QK04;QK05"]},
            Viewer("somchai@example.org", "agency", frozenset({"1101", "QK04", "QK05"})),
        ),
        # what cannot be read lets nobody in
        ({"pmqa_role": ["viewer", "admin"]}, NotLetIn("unknown_role", "pmqa_role")),
        ({"pmqa_role": {"role": "admin"}}, NotLetIn("unknown_role", "pmqa_role")),
        ({"pmqa_role": 3}, NotLetIn("unknown_role", "pmqa_role")),
        ({"pmqa_role": True}, NotLetIn("unknown_role", "pmqa_role")),
        ({"pmqa_role": "agency", "pmqa_agencies": {"code": "QK03"}}, NotLetIn("unreadable", "pmqa_agencies")),
        ({"pmqa_role": "viewer", "pmqa_ministries": [["ก"]]}, NotLetIn("unreadable", "pmqa_ministries")),
        ({"pmqa_role": "viewer", "pmqa_ministries": math.nan}, NotLetIn("unreadable", "pmqa_ministries")),
        ({"iat": math.nan}, NotLetIn("no_time")),
        ({"iat": math.inf}, NotLetIn("too_early")),
        ({"iat": True}, NotLetIn("no_time")),
        ({"iat": 1e300}, NotLetIn("too_early")),
        ({"iat": MINUTES_AGO + 3600}, NotLetIn("too_early")),  # a time to come
        ({"iat": [MINUTES_AGO]}, NotLetIn("no_time")),
        ({"iat": 10**400}, NotLetIn("too_early")),  # a whole number that is too large for any float
        ({"iat": -(10**400)}, NotLetIn("too_late")),
        ({"email_verified": False}, NotLetIn("not_verified")),
        ({"email_verified": "false"}, NotLetIn("not_verified")),
        ({"email_verified": True}, Viewer("somchai@example.org", "analyst")),
        ({"email_verified": "true"}, Viewer("somchai@example.org", "analyst")),
    ],
)
def test_claims_make_a_viewer_or_say_why_nobody_is_let_in(change: dict[str, object], viewer: Viewer | NotLetIn) -> None:
    assert viewer_of(claims(**change), NOW, nobody) == viewer


def test_every_reason_for_not_letting_somebody_in_is_said_to_them() -> None:
    source = Path(access.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'NotLetIn\("(\w+)"|return "(\w+)"', source))
    for reason in {one or other for one, other in reasons} | {"unknown_role", "no_name"}:
        for language in languages():
            assert translator(language).has(f"ui.not_let_in_{reason}"), reason


def test_a_sign_in_ends_after_a_working_day_though_the_cookie_lives_longer() -> None:
    issued = NOW - LONGEST_SIGN_IN
    assert isinstance(viewer_of(claims(iat=issued.timestamp()), NOW, nobody), Viewer)
    assert viewer_of(claims(iat=issued.timestamp() - 1), NOW, nobody) == NotLetIn("too_late")


# --- the people whom administrators let in ----------------------------------------------------------------------------

ONE = "somchai@example.org"


def among(*people: Person) -> Callable[[str], Person | None]:
    return {person.email: person for person in people}.get


@pytest.mark.parametrize(
    ("known", "change", "viewer"),
    [
        # they go before what the provider says of role and reach
        (Person(ONE, "viewer", None, frozenset({"ก"})), {}, Viewer(ONE, "viewer", None, frozenset({"ก"}))),
        (Person(ONE, "agency", frozenset({"A"})), {"pmqa_role": None}, Viewer(ONE, "agency", frozenset({"A"}))),
        (
            Person(ONE, "analyst"),
            {"pmqa_role": ["a", "b"], "email": " SomChai@Example.ORG "},
            Viewer(ONE, "analyst"),
        ),
        # until the last moment of their day
        (Person(ONE, "viewer", valid_until=NOW.replace(tzinfo=None)), {}, Viewer(ONE, "viewer")),
        (
            Person(ONE, "viewer", valid_until=NOW.replace(tzinfo=None) - timedelta(seconds=1)),
            {},
            NotLetIn("expired"),
        ),
        # removed, they stay out, whatever role the provider gives
        (Person(ONE, "admin", removed_at=NOW.replace(tzinfo=None)), {"pmqa_role": "admin"}, NotLetIn("removed")),
        # and must be signed in as everybody
        (Person(ONE, "admin"), {"email_verified": False}, NotLetIn("not_verified")),
        (Person(ONE, "admin"), {"iat": MINUTES_AGO - 36_000}, NotLetIn("too_late")),
        # somebody else
        (Person("other@example.org", "admin"), {"pmqa_role": None}, NotLetIn("no_role")),
        (Person(ONE, "admin"), {"email": None, "sub": ONE, "pmqa_role": None}, NotLetIn("no_role")),
    ],
)
def test_people_have_the_role_and_reach_that_administrators_gave_them(
    known: Person, change: dict[str, object], viewer: Viewer | NotLetIn
) -> None:
    assert viewer_of(claims(**change), NOW, among(known)) == viewer


def test_the_first_administrator_comes_from_the_settings() -> None:
    said = claims(pmqa_role=None)
    assert viewer_of(said, NOW, nobody, administrators={ONE}) == Viewer(ONE, "admin")
    assert viewer_of(said, NOW, among(Person(ONE, "viewer")), administrators={ONE}) == Viewer(ONE, "admin")
    assert viewer_of(said | {"email_verified": False}, NOW, nobody, administrators={ONE}) == NotLetIn("not_verified")


@pytest.mark.parametrize(
    ("said", "viewer"),
    [
        ({"realm_access": {"roles": ["offline_access", "PMQA Analysts"]}}, Viewer(ONE, "analyst")),
        ({"realm_access.roles": "viewer"}, Viewer(ONE, "viewer")),
        ({"realm_access": {"roles": []}}, NotLetIn("unknown_role", "realm_access.roles")),
        ({"realm_access": "analyst"}, NotLetIn("no_role")),
        ({"pmqa_role": "admin"}, NotLetIn("no_role")),  # not the claim that was set
    ],
)
def test_claims_are_read_by_the_names_of_the_identity_provider(said: dict[str, object], viewer: object) -> None:
    names = ClaimNames(role="realm_access.roles")
    found = claims(pmqa_role=None) | said
    assert viewer_of(found, NOW, nobody, names=names, roles={"PMQA Analysts": "analyst"}) == viewer


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        ("viewer", {"see"}),
        ("agency", {"see", "submit", "plan", "note"}),
        ("assessor", {"see", "assess", "note"}),  # nobody assesses what they sent themselves
        (
            "analyst",
            {"see", "submit", "plan", "assess", "note"}
            | {"keep_register", "remove_samples", "save_peer_groups", "close_rounds"},
        ),
        ("admin", set(get_args(Deed))),
    ],
)
def test_each_role_may_do_what_the_table_says(role: str, deeds: set[str]) -> None:
    viewer = Viewer("x", role)  # type: ignore[arg-type]
    assert {deed for deed in get_args(Deed) if may(viewer, deed)} == deeds
    assert set(MAY) == {"viewer", "agency", "assessor", "analyst", "admin"}


@pytest.mark.parametrize(
    ("role", "sources"),
    [
        ("viewer", set()),
        ("agency", {"self"}),
        ("assessor", {"assessor", "visit"}),
        ("analyst", {"self", "assessor", "visit"}),
        ("admin", {"self", "assessor", "visit"}),
    ],
)
def test_agencies_send_their_own_forms_and_assessors_theirs(role: str, sources: set[str]) -> None:
    assert sources_of(Viewer("x", role)) == sources  # type: ignore[arg-type]


def test_agencies_and_ministries_both_limit_whose_a_form_may_be() -> None:
    limited = Viewer("x", "analyst", frozenset({"D001"}), frozenset({"ก"}))
    assert is_within_reach(limited, "D001", "ก")
    assert not is_within_reach(limited, "D001", "ข")
    assert not is_within_reach(limited, "D002", "ก")
    assert is_within_reach(LOCAL_ANALYST, "D002", "ข")
    assert is_within_reach(None, "D002", "ข")


def test_the_product_itself_may_do_everything() -> None:
    check(None, "remove_samples")


def test_a_deed_that_is_not_allowed_is_refused_by_name() -> None:
    check(Viewer("x", "analyst"), "remove_samples")
    with pytest.raises(AccessDenied, match="viewer may not submit"):
        check(Viewer("x", "viewer"), "submit")


def test_without_an_identity_provider_the_machines_user_is_the_analyst() -> None:
    assert current_viewer(nobody) == LOCAL_ANALYST


@pytest.mark.parametrize(
    ("peer", "headers", "answered"),
    [
        ("127.0.0.1", [], True),
        ("127.8.8.8", ["user-agent", "origin", "x-requested-with"], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        (None, [], True),  # the server knows no address but its own
        ("127.0.0.1", ["X-Forwarded-For"], False),  # a proxy on this machine, for somebody else
        ("127.0.0.1", ["forwarded"], False),
        ("127.0.0.1", ["x-real-ip"], False),
        ("127.0.0.1", ["Via"], False),
        ("127.0.0.1", ["x-forwarded-port"], False),
        ("127.0.0.1", ["x-forwarded-prefix"], False),
        ("127.0.0.1", ["X-Client-IP"], False),
        ("127.0.0.1", ["True-Client-IP"], False),
        ("127.0.0.1", ["cf-connecting-ip"], False),
        ("127.0.0.1", ["X-Original-Host"], False),
        ("192.0.2.7", [], False),
        ("2001:db8::7", [], False),
        ("unix:", [], False),
    ],
)
def test_without_sign_in_only_whoever_sits_at_this_machine_is_answered(
    peer: str | None, headers: list[str], answered: bool
) -> None:
    said = [(name, "x") for name in headers]
    assert is_answered(peer, said, sign_in=False, open_to_all=False) is answered
    assert is_answered(peer, said, sign_in=True, open_to_all=False)
    assert is_answered(peer, said, sign_in=False, open_to_all=True)


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost:8501", True),
        ("LOCALHOST", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("dashboard.example", False),  # a proxy on this machine that says nothing but passes the name on
        ("rebound.example:8501", False),  # a foreign page whose name has been given this machine's address
        ("192.0.2.7:8501", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_without_sign_in_this_machine_is_asked_for_by_its_own_name(host: str, answered: bool) -> None:
    assert is_answered("127.0.0.1", [("Host", host)], sign_in=False, open_to_all=False) is answered
    assert is_answered("127.0.0.1", [("Host", host)], sign_in=True, open_to_all=False)


@pytest.mark.parametrize("role", ["analyst", "admin"])
@pytest.mark.parametrize("limit", [{"agencies": frozenset({"D001"})}, {"ministries": frozenset({"ก"})}])
def test_only_who_may_see_everything_removes_the_samples_of_all(role: Role, limit: dict[str, frozenset[str]]) -> None:
    assert may(Viewer("x", role), "remove_samples")
    assert not may(Viewer("x", role, **limit), "remove_samples")
    assert may(Viewer("x", role, **limit), "submit")
