"""What is installed is pinned with hashes, and its licences are listed."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LICENCES = runpy.run_path(str(ROOT / ".ci" / "licences.py"))


@pytest.mark.parametrize(("name", "least"), [("requirements", 10), ("requirements-lake", 3)])
def test_a_lock_file_has_every_pin_of_ours_and_a_hash_for_every_package(name: str, least: int) -> None:
    ours = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)
    locked = LICENCES["pinned"](ROOT / f"{name}.lock")
    assert len(ours) >= least
    assert {name.casefold(): version for name, version in ours}.items() <= locked.items()
    lock = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_list_of_licences_is_current_and_names_one_for_every_package() -> None:
    page = LICENCES["page"]()
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == page, "make docs"
    assert "| ? |" not in page


def test_what_make_run_installs_is_the_lock_file() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in makefile.split("$(TEST_READY):")[0]
