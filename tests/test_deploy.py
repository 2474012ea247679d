"""What an installation copies says what the product understands: settings, commands, files."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pmqa.cli.arguments import build_parser
from pmqa.settings import OF_AUTH, OF_PROVIDER
from pmqa.text import translator

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SETTINGS = (ROOT / "pmqa" / "settings.py").read_text(encoding="utf-8")
WORDS = {path.name: path.read_text(encoding="utf-8") for path in FILES} | {"deploy.md": GUIDE}


def commands_of(words: str) -> list[str]:
    """Every command of ours in a file, as it would be typed."""
    found = re.findall(r"-m[\" ,]+pmqa[\", ]+([a-z].*?)(?:[`\n\]]| #|$)", words, re.MULTILINE)
    return [
        re.sub(r"\$\{?\w+\}?", "folder", one.replace('`"', " ").replace('"', " ").replace(",", " ")) for one in found
    ]


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_setting_and_command_that_is_named_is_one_of_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_DATA_PATH", "/srv/pmqa-data")  # which the guide has set before
    named = set(re.findall(r"PMQA_[A-Z_]+[A-Z]", WORDS[name]))
    assert [one for one in sorted(named) if one not in SETTINGS and one.rsplit("_", 1)[0] not in SETTINGS] == []
    for command in commands_of(WORDS[name]):
        words = shlex.split(command)
        if len(words) > 1:  # a command that is only named takes more
            build_parser(translator("en")).parse_args(words)


def test_commands_were_found_where_they_stand() -> None:
    assert commands_of(WORDS["pmqa.service"]) == ["serve --address 127.0.0.1 --port 8501"]
    assert commands_of(WORDS["pmqa-backup.service"]) == ["backup folder"]
    assert [command.split()[0] for command in commands_of(WORDS["compose.yaml"])] == ["backup"]
    assert [command.split()[0] for command in commands_of(WORDS["Dockerfile"])] == ["serve"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_read_and_a_timer_starts_what_is_there(unit: Path) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, encoding="utf-8")
    if unit.suffix == ".timer":
        assert parser["Timer"]["OnCalendar"]
        assert unit.with_suffix(".service").is_file()
    else:
        assert (parser["Service"]["User"], parser["Service"]["WorkingDirectory"]) == ("pmqa", "/opt/pmqa")


def test_the_guide_and_the_files_name_each_other() -> None:
    named = set(re.findall(r"deploy/([\w.-]+[a-z])", GUIDE + "".join(WORDS.values())))
    of_theirs = {"secrets.toml", "tls"}  # what whoever installs puts there
    assert [name for name in sorted(named - of_theirs) if not list(DEPLOY.glob(f"{name}*"))] == []
    everything = GUIDE + WORDS["compose.yaml"]
    unnamed = [path.name for path in FILES if path.stem not in everything and path.suffix != ".dockerignore"]
    assert unnamed == []


def test_the_guide_is_in_thai_and_english() -> None:
    thai, english = GUIDE.split("\n---\n")
    assert len(re.findall(r"^## ", thai, re.MULTILINE)) == len(re.findall(r"^## ", english, re.MULTILINE)) == 10


def test_the_example_of_secrets_has_what_sign_in_needs() -> None:
    auth = tomllib.loads(WORDS["secrets.toml.example"])["auth"]
    assert set(auth) == {*OF_AUTH, *OF_PROVIDER}


def test_the_image_holds_all_of_the_product_and_nothing_else() -> None:
    lines = re.findall(r"^COPY (.*)$", WORDS["Dockerfile"], re.MULTILINE)
    copied = [word for line in lines for word in line.split()[:-1]]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    allowed = set(re.findall(r"^!(.*)$", WORDS["Dockerfile.dockerignore"], re.MULTILINE))
    assert allowed == set(copied)
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    parts = ("pmqa/", "pages/", "static/", "data/text/", "data/typst/", "data/framework/")
    needed = [path for path in listed.split("\n") if path.startswith(parts)]
    assert len(needed) > 200
    assert [path for path in needed if not path.startswith(tuple(copied))] == []


def test_the_service_of_windows_is_xml_with_the_one_server() -> None:
    script = WORDS["windows-service.ps1"]
    made = ElementTree.fromstring(script.partition('@"\n')[2].partition('\n"@')[0])
    assert "uvicorn asgi:app" in str(made.findtext("arguments"))
    declared = set(re.findall(r"\$(\w+)(?: = |,|\n\))", script.partition("param(")[2].partition("\n)")[0] + "\n)"))
    assert {"Program", "Data", "Wrapper"} <= declared
