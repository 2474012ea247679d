"""The user guide names what there is: every page of the menu, buttons as they are called, pictures that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import PAGES
from pmqa.text import languages, load_sentences, translator
from pmqa.ui.navigation import OFF_THE_MENU, task_on
from pmqa.views.guide import NAME, PICTURE, PICTURES, document, glossary, meaning_of, source_of, tasks
from tests.pages import SAMPLES, opened

ROOT = Path(__file__).parent.parent
CODE = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("pmqa", "pages") for path in (ROOT / folder).rglob("*.py")
)
DOCUMENTS = {"th": "guide.md", "en": "guide.en.md"}
FOR_ADMINISTRATORS = {"people"}


@pytest.mark.parametrize("language", languages())
def test_every_page_of_the_menu_is_named_in_the_task_that_its_question_mark_opens(language: str) -> None:
    for page in set(PAGES) - {*OFF_THE_MENU, *FOR_ADMINISTRATORS} | {"plan", "doctor"}:
        asked = task_on(page, language)
        assert asked, page
        text = next(task.text for task in tasks(language) if task.id == asked["task"])
        title, beside = (f"pages.{kind}.{page}" for kind in ("title", "beside"))
        assert any(key in load_sentences() and translator(language)(key) in text for key in (title, beside)), page


@pytest.mark.parametrize("key", sorted({key for language in languages() for key in NAME.findall(source_of(language))}))
def test_what_the_guide_names_is_a_page_or_stands_on_one(key: str) -> None:
    area, name = key.rsplit(".", 1)
    if area in ("pages.title", "pages.beside"):
        assert name in PAGES
        return
    if name.startswith("part_"):  # a section of a page
        page = ROOT / "pages" / f"{area.removesuffix('_page')}.py"
        assert f'"{name.removeprefix("part_")}"' in page.read_text(encoding="utf-8")
        return
    built = "|".join(re.escape(f"{key[:place]}{{") for place, letter in enumerate(key, 1) if letter in "_.")
    assert re.search(rf'"{re.escape(key)}"|{built}', CODE), "no page says it"


def test_the_guide_is_the_same_in_every_language() -> None:
    def told(language: str) -> list[tuple[tuple[str, ...], set[str], list[str]]]:
        names = NAME.findall(source_of(language))
        pictures = [name for _, name in PICTURE.findall(source_of(language))]
        return [(task.about, set(names), pictures) for task in tasks(language)]

    first, *others = (told(language) for language in DOCUMENTS)
    assert others == [first] * len(others)
    assert not [task for language in DOCUMENTS for task in tasks(language) if "{" in task.text]


@pytest.mark.parametrize(("language", "name"), DOCUMENTS.items())
def test_the_guides_document_is_made_of_it_and_its_pictures_are_there(language: str, name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == document(language), "make docs"
    pictures = re.findall(r"\]\(\.\./([^)]+\.png)\)", document(language))
    assert len(pictures) >= 15
    assert all(path.startswith(f"{PICTURES}/{language}/") and (ROOT / path).is_file() for path in pictures), (
        "make images"
    )


def test_the_guide_and_the_glossary_open_from_a_question_mark(
    databases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("guide", databases[SAMPLES], monkeypatch, lang="th", task="submit")
    assert not at.exception
    assert at.header[0].value == tasks("th")[1].heading
    assert "app/static/guide/th/submit.png" in "".join(element.value for element in at.markdown)
    at.selectbox(key="task").set_value("glossary").run()
    assert not at.exception
    words = at.table[0].value
    assert len(words) == len(glossary())
    explained = {key for key in load_sentences() if key.startswith("glossary.")}
    assert {term.meaning for term in glossary()} >= explained
    assert (words.iloc[:, 2].str.len() > 5).sum() == len(explained)


@pytest.mark.parametrize(
    ("label", "term"),
    [
        ("Coverage", "coverage"),
        ("ความครบถ้วน", "coverage"),
        ("ประเด็นที่กั้นระดับ (n = 24)", "blocker"),  # not ประเด็น, which stands in it
        ("Unanswered criteria", "unanswered"),
        ("ตัววัดที่ควรดูซ้ำ", "indicator"),
        ("หน่วยงาน", None),
        ("Agency", None),
    ],
)
def test_a_term_is_explained_where_it_stands(label: str, term: str | None) -> None:
    language = "en" if label.isascii() else "th"
    assert meaning_of(label) == (term and translator(language)(f"glossary.{term}"))
