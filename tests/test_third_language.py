"""A third language is only data: one that is made up shows up on pages, in the form and on the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from pmqa.settings import ROOT
from pmqa.text import languages, translator
from tests.third_language import CODE, PAGES, marked

pytestmark = pytest.mark.slow  # pages run in a process of their own


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("language")
    command = [sys.executable, "-m", "tests.third_language", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_pages_are_in_the_language_from_top_to_bottom(seen: dict[str, Any]) -> None:
    assert {page: seen[page] for page in PAGES} == {page: [] for page in PAGES}
    assert seen["choice"] == [*(language.name for language in languages().values()), "Маркед"]


def test_an_edition_without_the_language_is_shown_in_the_one_that_stands_in(seen: dict[str, Any]) -> None:
    assert seen["fallback"] == ["Basic", "3"]


def test_years_and_days_are_written_as_the_language_says(seen: dict[str, Any]) -> None:
    assert seen["year"] == ["y2026", "2026-m11-22", "2026-11"]


def test_a_form_of_the_language_is_headed_in_it_and_read_by_its_headings_alone(seen: dict[str, Any]) -> None:
    t = translator("en")
    assert seen["headings"][1] == marked(t("form.criterion_heading.item"))
    assert seen["labels"][1] == marked(t("form.agency_label.agency_code"))
    assert seen["read"] is True


def test_the_command_line_knows_the_language(seen: dict[str, Any]) -> None:
    help_ = seen["help"]
    assert f"|{CODE}]" in help_
    assert marked("make a blank form") in help_
    assert not re.search("[ก-๙]", help_.replace("ไทย", ""))


def test_a_deck_is_in_the_language_and_says_so(seen: dict[str, Any]) -> None:
    assert seen["export"] == 0
    assert seen["deck"] == [[CODE], True]


def test_no_code_lists_the_languages() -> None:
    listed = re.compile(r"""["']th["'] *, *["']en["']|==? *["'](?:th|en)["']|\[["'](?:th|en)["']\]|th\|en""")
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("pmqa", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if listed.search(line) and not line.startswith("DEFAULT_LANGUAGE")
    }
    assert not found
