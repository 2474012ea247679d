"""Real sign-ins with an identity provider on this machine: every role, the page of administrators, leaving, removal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from conftest import Server, end, free_port, new_context, settle
from playwright.sync_api import Browser, BrowserContext, Page

from pmqa.store import Store
from pmqa.viewer import ROLES, Person, Role

pytestmark = pytest.mark.browser

ADMIN: Final = "admin@x.example"  # by the settings
STARTS_WITHIN: Final = 30  # seconds
CLAIMED: Final = "claimed@x.example"  # among no people; the provider names a role of its own
SECRETS: Final = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "pmqa"
client_secret = "any"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"
"""


def of(role: Role) -> str:
    """The address of the person who has a role."""
    return f"{role}@people.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    """The port of an identity provider that takes everybody at their word."""
    port = free_port()
    claims = f'{{"sub": "{CLAIMED}", "email": "{CLAIMED}", "realm_access": {{"roles": ["offline", "PMQA Analysts"]}}}}'
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", claims],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/.well-known/openid-configuration", timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.2)
    yield port
    end(process)


@pytest.fixture(scope="module")
def closed(
    serve: Callable[..., Server], provider: int, sample_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of a dashboard with sign-in and somebody in each role."""
    home, port = tmp_path_factory.mktemp("closed"), free_port()
    (home / ".streamlit").mkdir()
    (home / ".streamlit" / "secrets.toml").write_text(SECRETS.format(port=port, provider=provider), encoding="utf-8")
    database = Path(shutil.copy(sample_database, home / "24.duckdb"))
    agency = frozenset({"DEMO-001"})
    people = [Person(of(role), role, agency if role == "agency" else None) for role in ROLES]
    with closing(Store(database)) as store:
        store.people.change({}, {person.email: person for person in people}, who="test")
    settings = {
        "HOME": str(home),
        "PMQA_SECRETS": str(home / ".streamlit" / "secrets.toml"),
        "PMQA_ADMIN": ADMIN,
        "PMQA_CLAIM_ROLE": "realm_access.roles",
        "PMQA_ROLES": "PMQA Analysts = analyst",
    }
    # Elsewhere Streamlit reads a user's files from their home, where tests of other things have none.
    serve(database, uvicorn=True, port=port, **{**settings, "USERPROFILE": os.fspath(home)})
    return f"http://localhost:{port}"


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browsers of other people."""
    opened: list[BrowserContext] = []

    def new() -> BrowserContext:
        opened.append(new_context(browser, viewport={"width": 1366, "height": 1600}, locale="th-TH"))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


def sign_in(context: BrowserContext, url: str, who: str, page: str = "framework") -> Page:
    """From the page of strangers by way of the provider back to the page that was asked for."""
    tab = context.new_page()
    tab.goto(f"{url}/{page}")
    tab.click("section[lang=th] a")
    tab.fill("input[name=sub]", who)
    tab.click("button >> nth=0")
    tab.wait_for_url(f"{url}/{page}**")
    tab.wait_for_selector('[data-testid="stApp"]')
    return settle(tab)


def choose(tab: Page, field: str, words: str) -> None:
    """Of a menu of the page, by typing what is chosen."""
    tab.locator(f'[class*="st-key-{field}"] input').first.fill(words)
    tab.keyboard.press("Enter")


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_let_in_as_who_they_are_and_administrators_alone_find_their_page(
    role: Role, closed: str, somebody: Callable[[], BrowserContext]
) -> None:
    tab = sign_in(somebody(), closed, of(role))
    assert of(role) in tab.inner_text(".st-key-who").replace("\u2060", "")
    assert bool(tab.locator('[data-testid="stSidebarNavLink"][href*="people"]').count()) == (role == "admin")
    tab.goto(f"{closed}/people")
    settle(tab)
    assert bool(tab.locator(".st-key-card-people").count()) == (role == "admin")


def test_a_role_that_the_provider_names_in_its_own_words_lets_somebody_in(
    closed: str, somebody: Callable[[], BrowserContext]
) -> None:
    assert "นักวิเคราะห์" in sign_in(somebody(), closed, CLAIMED).inner_text(".st-key-who")


def test_who_has_no_role_reads_so_and_may_leave(closed: str, somebody: Callable[[], BrowserContext]) -> None:
    tab = sign_in(somebody(), closed, "stranger@x.example", "compare")
    assert "ยังไม่ได้รับสิทธิ์" in tab.inner_text('[data-testid="stAlert"]')
    assert not tab.locator(".stPlotlyChart").count()
    assert tab.locator(".st-key-sign-out button").count() == 1


def test_after_leaving_an_open_tab_shows_nothing_and_a_copy_of_the_cookie_is_worthless(
    closed: str, somebody: Callable[[], BrowserContext]
) -> None:
    context = somebody()
    tab = sign_in(context, closed, of("analyst"), "overview")
    other = context.new_page()
    other.goto(f"{closed}/compare")
    settle(other)
    assert other.locator(".stPlotlyChart").count()
    kept = context.cookies()
    tab.bring_to_front()
    tab.click(".st-key-sign-out button")
    other.wait_for_selector("section[lang=th] a")
    assert not other.locator(".stPlotlyChart").count()
    assert "DEMO" not in other.content()
    thief = somebody()
    thief.add_cookies([{key: cookie[key] for key in ("name", "value", "domain", "path")} for cookie in kept])  # type: ignore[misc, literal-required]
    answer = thief.new_page().goto(f"{closed}/compare")
    assert answer is not None
    assert answer.status == 401


def test_an_administrator_takes_somebody_off_the_list_who_is_out_at_the_next_click(
    closed: str, somebody: Callable[[], BrowserContext]
) -> None:
    theirs = sign_in(somebody(), closed, of("viewer"), "overview")
    assert theirs.locator('[data-testid="stMetric"]').count()
    tab = sign_in(somebody(), closed, ADMIN, "people")
    choose(tab, "person-0", of("viewer"))
    settle(tab)
    tab.fill('[class*="st-key-reason-0-"] input', "ย้ายไปแล้ว")
    tab.click(".st-key-remove-person button")
    settle(tab)
    assert of("viewer") in tab.inner_text('[data-testid="stAlertContentSuccess"]').replace("\u2060", "")
    theirs.click('[data-testid="stSidebarNavLink"] >> nth=2')
    theirs.wait_for_selector('[data-testid="stAlert"]')
    settle(theirs)
    assert "นำบัญชีนี้ออก" in theirs.inner_text('[data-testid="stAlert"]')
    assert not theirs.locator('[data-testid="stMetric"], .stPlotlyChart, [data-testid="stDataFrame"]').count()
