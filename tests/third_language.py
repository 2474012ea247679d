"""The product with a language more, made by marking the English; run by its test in a process of its own.

`python -m tests.third_language FOLDER` makes the language's data in the folder and writes to stdout, as JSON, what
speaks English or Thai all the same. Tables that hold words of every language are made once a process, when a module is
imported; so the data are chosen before anything else is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import io
import json
import re
import shutil
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pmqa import text

CODE: Final = "xx"
SHIPPED: Final = text.TEXT_FOLDER
PAGES: Final = ("overview", "agency", "gaps", "indicators", "plan", "framework", "trust", "report")
# What agencies of the made-up edition wrote, and the language's name for itself.
DATA: Final = re.compile(
    r"กรมตัวอย่างที่ \d|กระทรวงตัวอย่าง\d|ตัววัดตัวอย่าง|คำสั่งตัวอย่างที่|ร้อยละ|ไทย|หมวด"
    r"|E0\d|two|\d\.\d-(?:low|high)\d"
)
# Blanks but for the forms of words in them, icons, code, tags, targets.
KEPT: Final = re.compile(r"\{\w+:(?=[^}]*\|)|\{[^}]*\}|:material/\w+:|`[^`]*`|<[^>]*>|\]\([^)]*\)")
MARKED: Final = {letter: letter + 0x0410 - ord("A") for letter in range(ord("A"), ord("Z") + 1)}
MARKED |= {letter: letter + 0x0430 - ord("a") for letter in range(ord("a"), ord("z") + 1)}  # Cyrillic, letter by letter


def marked(english: str) -> str:
    """The English in other letters; what is no word stays."""
    found, at = "", 0
    for kept in KEPT.finditer(english):
        found += english[at : kept.start()].translate(MARKED) + kept.group()
        at = kept.end()
    return found + english[at:].translate(MARKED)


def write_data(folder: Path) -> None:
    """The texts of data/text with the language more, and its line in the list of languages."""
    from tests.editions import toml_of  # noqa: PLC0415 - imports what has words

    shutil.copy(SHIPPED / text.LANGUAGES_FILE, folder)
    with (folder / text.LANGUAGES_FILE).open("a", encoding="utf-8") as file:
        file.write(
            f'[{CODE}]\nname = "Маркед"\nyear = "y{{ce}}"\ndate = "{{ce}}-{{month}}-{{day}}"\n'
            f'short = "{{ce}}-{{number}}"\nmonths = {json.dumps([f"m{n}" for n in range(1, 13)])}\n'
            f'plural = ["1"]\ninstead = "en"\n'
        )
    for path in SHIPPED.glob("*.toml"):
        if path.name != text.LANGUAGES_FILE:
            raw = _with_more(tomllib.loads(path.read_text(encoding="utf-8")))
            (folder / path.name).write_text(toml_of(raw), encoding="utf-8")


def _with_more(raw: dict[str, Any]) -> dict[str, Any]:
    if all(isinstance(value, str) for value in raw.values()):
        return {**raw, CODE: marked(raw["en"])}
    return {name: _with_more(value) for name, value in raw.items()}


def look(folder: Path) -> dict[str, Any]:
    """What people meet in the language: place -> words of another there, or what it says."""
    import openpyxl  # noqa: PLC0415 - as above
    import pytest  # noqa: PLC0415

    from pmqa import framework as editions  # noqa: PLC0415
    from pmqa.cli import main  # noqa: PLC0415
    from pmqa.workbook import read_submission, write_form  # noqa: PLC0415
    from tests.editions import raw_edition, record, submissions_of, toml_of  # noqa: PLC0415
    from tests.pages import LATIN_THAT_MAY_STAY, opened, words_on  # noqa: PLC0415

    def others(texts: Iterable[str]) -> list[str]:
        plain = (DATA.sub("", html.unescape(one.replace("\\", "").replace("\u2060", ""))) for one in texts)
        return [one for one in plain if re.search("[ก-๙]|[A-Za-z]{2,}", LATIN_THAT_MAY_STAY.sub("", one))]

    shutil.copy(editions.FRAMEWORK_FOLDER / "pmqa4.toml", folder)  # which has no such language
    (folder / "two.toml").write_text(toml_of(raw_edition("two", tuple(text.languages()))), encoding="utf-8")
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "FRAMEWORK_FOLDER", folder)
        own, shipped = (editions.shipped_frameworks()[edition] for edition in ("two", "pmqa4"))
        database = record(folder / "two.duckdb", own)
        for page in PAGES:
            at = opened(page, database, patch, lang=CODE)
            found[page] = [one.message for one in at.exception] or others(words_on(at))
        found["choice"] = at.sidebar.get("button_group")[0].options
        deck = folder / "deck.pptx"
        asked = ["--card", "overview.levels", "--out", str(deck), "--database", str(database), "--lang", CODE]
        with contextlib.redirect_stdout(io.StringIO()):
            found["export"] = main(["export", *asked])
        with zipfile.ZipFile(deck) as parts:
            slide = parts.read("ppt/slides/slide1.xml").decode()
        found["deck"] = [sorted(set(re.findall(r'<a:rPr[^>]* lang="([^"]*)"', slide))), marked("agencies") in slide]
    t = text.translator(CODE)
    found["fallback"] = [t.pick(shipped.levels[0].name), t.pick(own.levels[0].name)]
    found["year"] = [t.year(2569), t.date(dt.date(2026, 11, 22)), t.short_date(dt.date(2026, 11, 22))]
    path = folder / "form.xlsx"
    path.write_bytes(write_form(own, prefill=submissions_of(own)[0], language=CODE))
    book = openpyxl.load_workbook(path)
    sheet = book["หมวด 1"]
    found["headings"] = [str(cell.value) for cell in sheet[3] if cell.value]
    found["labels"] = [str(cell.value) for cell in book["หน่วยงาน"]["A"] if cell.value]
    for one in book:
        if one.title.startswith("หมวด"):
            one.delete_rows(2)
            one.insert_rows(2)
    book.save(path)
    reading = read_submission(path.read_bytes(), {own.edition: own})
    found["read"] = reading.submission is not None and len(reading.submission.answers) == len(own.criteria)
    for name, words in (("help", ["--lang", CODE, "--help"]), ("check", ["check", str(path), "--lang", CODE])):
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
            main(words)
        found[name] = said.getvalue()
    return found


if __name__ == "__main__":
    given = Path(sys.argv[1])
    for part in ("text", "framework"):
        (given / part).mkdir()
    write_data(given / "text")
    text.TEXT_FOLDER = given / "text"  # type: ignore[misc]
    json.dump(look(given / "framework"), sys.stdout)
