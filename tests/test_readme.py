"""What the README shows can be typed and opened as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pmqa.cli.arguments import build_parser
from pmqa.demo.agencies import MINISTRIES
from pmqa.text import translator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m pmqa (.*?)\s*(?:#.*)?$", README, flags=re.MULTILINE)
FILES = re.findall(r"\]\(([^)#:]+)\)", README)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood_and_is_about_the_sample_data(command: str) -> None:
    arguments = build_parser(translator("th")).parse_args(shlex.split(command))
    assert getattr(arguments, "ministry", None) in (None, *MINISTRIES)


@pytest.mark.parametrize("file", sorted(set(FILES)))
def test_every_picture_and_document_is_there(file: str) -> None:
    assert (ROOT / file).is_file()


def test_all_commands_and_files_were_found() -> None:
    assert {command.split()[0] for command in COMMANDS} >= {"form", "check", "ingest", "export", "path", "trace"}
    assert "docs/scoring.md" in FILES
