"""The page People and audit: for administrators; one person at a time is let in, changed, taken off the list."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pmqa.access import NotLetIn
from pmqa.settings import ROOT
from pmqa.store import Store
from pmqa.text import translator
from pmqa.ui.forms.people import ROUND
from pmqa.ui.noting import WHO, noted
from pmqa.viewer import LOCAL_ANALYST, MAY, ROLES, Person, Role, Viewer
from pmqa.views import data
from pmqa.views.words import plain
from tests.pages import english_left, everything_sent, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nothing_cached")]  # whole pages run

ADMIN = Viewer("admin@x.example", "admin")
AGENT = Person("officer@x.example", "agency", frozenset({"DEMO-001"}), note="marker")


@pytest.fixture
def database(own_database: Path) -> Path:
    with Store(own_database) as store:
        store.people.change({}, {AGENT.email: AGENT}, who="test")
    return own_database


def looks(monkeypatch: pytest.MonkeyPatch, viewer: Viewer | NotLetIn) -> None:
    monkeypatch.setattr("pmqa.ui.notices.current_viewer", lambda: viewer)


@pytest.fixture
def page(database: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    looks(monkeypatch, ADMIN)
    return opened("people", database, monkeypatch)


def page_with(one: Person, database: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page as an administrator opens it once somebody more has been let in."""
    with Store(database) as store:
        store.people.change({}, {one.email: one}, who="test")
    looks(monkeypatch, ADMIN)
    return opened("people", database, monkeypatch)


def fill(page: AppTest, whom: str = "", **fields: object) -> None:
    """Choose somebody and fill the form's fields in, pressing nothing."""
    if whom:
        page.selectbox(key=f"person-{page.session_state[ROUND]}").select(whom).run()
    key = f"{page.session_state[ROUND]}-{whom}"
    for name, value in fields.items():
        kind = {"role": "selectbox", "agencies": "multiselect", "ministries": "multiselect", "until": "date_input"}
        getattr(page, kind.get(name, "text_input"))(key=f"{name}-{key}").set_value(value)


def press(page: AppTest, key: str) -> None:
    page.button(key=key).click().run()
    assert not page.exception


def said(name: str, **values: object) -> str:
    return translator("th")(f"people.{name}", **values)


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_find_and_read_the_page(
    role: Role, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(monkeypatch, Viewer("somebody@x.example", role))
    at = opened("people", database, monkeypatch)
    assert not at.exception
    sent = everything_sent(at)
    assert (AGENT.email in sent) == ("marker" in sent) == ("administer" in MAY[role])
    assert bool(at.dataframe) == ("administer" in MAY[role])


def test_without_sign_in_the_page_says_how_there_comes_to_be_an_administrator(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(monkeypatch, LOCAL_ANALYST)
    at = opened("people", database, monkeypatch)
    assert AGENT.email not in everything_sent(at)
    assert any("PMQA_ADMIN" in words.value for words in at.markdown)


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("part", ["people", "audit"])
def test_each_part_opens_in_both_languages(
    part: str, language: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(monkeypatch, ADMIN)
    at = opened("people", database, monkeypatch, lang=language, people_part=part)
    assert not at.exception
    assert len(at.dataframe) == 1
    if language == "th":
        assert set(english_left(at)) <= {"test", "marker"}


def test_somebody_is_let_in_with_role_reach_and_last_day(page: AppTest) -> None:
    fill(page, email=" New@X.example ", role="viewer", agencies=["DEMO-001"], note="ช่วยงาน", reason="ขอมา")
    press(page, "save-person")
    assert [one.value for one in page.success] == [said("saved", email=plain("new@x.example"))]
    new = data.store().people.one("new@x.example")
    assert new == Person("new@x.example", "viewer", frozenset({"DEMO-001"}), note="ช่วยงาน")
    last = data.store().audit.changes().iloc[-1]
    assert (last["action"], last["who"], json.loads(last["details"])["reason"]) == ("person_saved", ADMIN.name, "ขอมา")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"email": "nobody", "role": "viewer"}, said("problem_no_email", value="nobody")),
        ({"email": "a@x.example"}, said("say_role")),
        ({"email": "a@x.example", "role": "agency"}, said("problem_no_agencies", value="a@x.example")),
        ({"email": "Officer@x.example", "role": "viewer"}, said("known", email=AGENT.email)),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(page: AppTest, fields: dict[str, object], why: str) -> None:
    before = data.store().people.all()
    fill(page, **fields)
    press(page, "save-person")
    assert page.error[0].value == plain(why)
    assert data.store().people.all() == before
    assert page.text_input(key="email-0-").value == fields["email"]


def test_a_change_leaves_what_nobody_touched(page: AppTest) -> None:
    fill(page, AGENT.email, role="viewer")
    press(page, "save-person")
    assert data.store().people.one(AGENT.email) == Person(AGENT.email, "viewer", AGENT.agencies, note=AGENT.note)


def test_a_reach_of_nobody_does_not_become_a_reach_of_all(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = Person("none@x.example", "viewer", frozenset())
    page = page_with(none, database, monkeypatch)
    fill(page, none.email, note="ใหม่")
    press(page, "save-person")
    assert data.store().people.all()[none.email].agencies == frozenset()


def test_taking_somebody_off_the_list_needs_a_reason_which_the_audit_keeps(page: AppTest) -> None:
    fill(page, AGENT.email)
    press(page, "remove-person")
    assert page.error[0].value == said("say_why")
    assert AGENT.email in data.store().people.all()
    fill(page, AGENT.email, reason="ย้ายไปแล้ว")
    press(page, "remove-person")
    assert page.success[0].value == said("removed", email=plain(AGENT.email))
    assert AGENT.email not in data.store().people.all()
    last = data.store().audit.changes().iloc[-1]
    assert (last["action"], json.loads(last["details"])["reason"]) == ("person_removed", "ย้ายไปแล้ว")


def test_what_another_administrator_changed_is_not_written_over(page: AppTest) -> None:
    fill(page, AGENT.email, role="viewer")
    theirs = Person(AGENT.email, "analyst")
    data.store().people.change({AGENT.email: AGENT}, {AGENT.email: theirs}, who="other")
    press(page, "save-person")
    assert page.error
    assert data.store().people.one(AGENT.email) == theirs
    assert page.info[0].value == said("changed_meanwhile")
    press(page, "begin-again")
    fill(page, AGENT.email, note="ใหม่")
    press(page, "save-person")
    assert data.store().people.all()[AGENT.email].role == "analyst"


def test_an_administrator_cannot_take_their_own_right_away(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Person(ADMIN.name, "admin")
    page = page_with(own, database, monkeypatch)
    fill(page, own.email, reason="x")
    press(page, "remove-person")
    assert page.error
    assert own.email in data.store().people.all()


def test_who_is_removed_is_out_at_the_next_click(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: claims of a sign-in, the list, a page that is open meanwhile."""
    claims = {"email": AGENT.email, "iat": time.time(), "pmqa_role": "analyst"}
    signed_in(monkeypatch, claims)
    at = opened("overview", database, monkeypatch)
    assert at.title[0].value != ""
    assert at.metric
    data.store().people.change({AGENT.email: AGENT}, {}, who="test")
    at.selectbox(key="year").run()
    assert not at.metric
    assert [button.key for button in at.button] == ["sign-out"]
    assert translator("th")("ui.not_let_in_removed") in at.error[0].value  # whatever role the provider gives


def signed_in(monkeypatch: pytest.MonkeyPatch, claims: dict[str, object]) -> None:
    class User:
        is_logged_in = True

        def to_dict(self) -> dict[str, object]:
            return claims

    for name in ("pmqa.access", "pmqa.ui.notices"):
        monkeypatch.setattr(f"{name}.sign_in_is_set_up", lambda: True)
    monkeypatch.setattr("pmqa.access.st.user", User())


@pytest.mark.parametrize(
    ("email", "action", "details"),
    [
        (AGENT.email, "signed_in", {"role": "agency"}),
        ("stranger@x.example", "not_let_in", {"why": "no_role", "what": ""}),
    ],
)
def test_each_sign_in_is_in_the_audit_once_however_many_pages_it_opens(
    email: str, action: str, details: dict[str, str], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = int(time.time())
    for iat in (issued, issued + 1):
        signed_in(monkeypatch, {"email": email, "iat": iat})
        version = data.store().version() if iat != issued else ""
        for page in ("overview", "framework"):
            opened(page, database, monkeypatch).run()
        assert not version or version == data.store().version()  # nobody's caches and links end with a sign-in
    trail = data.store().audit.trail()
    noted = trail[trail["action"] == action]
    assert noted["who"].to_list() == [email, email]
    assert [json.loads(words) for words in noted["details"]] == [
        details | {"issued": str(iat)} for iat in (issued, issued + 1)
    ]


def test_a_file_that_is_taken_is_in_the_audit_with_who_took_it(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATABASE", str(database))
    monkeypatch.setattr("pmqa.ui.noting.st.session_state", {WHO: ADMIN.name})
    taken = noted("ไฟล์.xlsx", lambda: b"12345")
    assert data.store().audit.trail()["action"].to_list().count("downloaded") == 0
    assert taken() == b"12345"
    last = data.store().audit.trail().iloc[-1]
    assert (last["who"], last["action"], last["subject"]) == (ADMIN.name, "downloaded", "ไฟล์.xlsx")


def test_every_action_of_the_audit_and_every_reason_has_words() -> None:
    th = translator("th")
    store = ROOT / "pmqa" / "store"
    written = {
        name
        for path in store.glob("*.py")
        for name in re.findall(
            r'\(\s*"([a-z_]+)"(?: if stands else "[a-z_]+")?, (?:None|[a-z_.]+|str\(\w+\)), ', path.read_text()
        )
    }
    known = written | {"withdrawn", "restored"}
    assert len(known) > 20
    assert [name for name in sorted(known) if not th.has(f"people.action_{name}")] == []
    reasons = set(re.findall(r"^not_let_in_(\w+) =", (ROOT / "data/text/ui.toml").read_text(encoding="utf-8"), re.M))
    assert len(reasons) > 9
    assert [why for why in sorted(reasons) if not th.has(f"people.kept_out_{why}")] == []
