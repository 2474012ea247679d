"""What is installed is pinned with hashes, and its licences are listed."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
LICENCES = runpy.run_path(str(ROOT / ".ci" / "licences.py"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_file_has_every_pin_of_ours_and_a_hash_for_every_package() -> None:
    ours = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    locked = LICENCES["pinned"]()
    assert len(ours) > 10
    assert {name.casefold(): version for name, version in ours}.items() <= locked.items()
    entries = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_list_of_licences_is_current_and_names_one_for_every_package() -> None:
    page = LICENCES["page"]()
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == page, "make docs"
    assert "| ? |" not in page


def test_what_make_run_installs_is_the_lock_file() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in makefile.split("$(TEST_READY):")[0]
