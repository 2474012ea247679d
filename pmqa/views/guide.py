"""The user guide and the glossary: for the page that shows them, and as documents.

`python -m pmqa.views.guide LANGUAGE` writes the guide as a document of docs/ (`make docs`).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pmqa.settings import ROOT
from pmqa.text import languages, translator

FOLDER: Final = ROOT / "data" / "guide"
GLOSSARY: Final = ROOT / "GLOSSARY.md"
PICTURES: Final = "static/guide"  # a folder a language, as `make images` fills them
NAME: Final = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)+)\}")  # of a page, button or choice: the key of its sentence
HEADING: Final = re.compile(r"^## (.+) \{#([a-z_ ]+)\}$", re.MULTILINE)
PICTURE: Final = re.compile(r"!\[([^\]]*)\]\(([a-z_]+)\.png\)")
NOT_NAMED: Final = re.compile(r"\(.*?\)|:.*")  # of a row of the glossary: what follows a name
SHORTEST: Final = 3  # letters of a name that is looked for in labels


@dataclass(frozen=True)
class Task:
    """What somebody wants to do. about: the pages that it is done on; the first names it. text: markdown."""

    heading: str
    about: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        """What an address calls it."""
        return self.about[0]


@dataclass(frozen=True)
class Term:
    """A row of the glossary. not_used: words that are given up for it."""

    thai: str
    english: str
    identifier: str
    not_used: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """The key of the sentence that says what it means, where its name alone does not."""
        return f"glossary.{self.identifier.split(' / ')[0]}"


def written_in(language: str) -> str:
    """The language of the guide that a reader of this one gets: where nobody has written it, the last that there is."""
    return next(one for one in (language, *reversed([*languages()])) if (FOLDER / f"{one}.md").exists())


def source_of(language: str) -> str:
    """The guide as it is written: names of pages and buttons are keys of sentences, pictures bare names."""
    return (FOLDER / f"{written_in(language)}.md").read_text(encoding="utf-8")


@cache
def tasks(language: str) -> tuple[Task, ...]:
    """The guide's tasks in order, with the names that pages have in this language; pictures as a page finds them."""
    _, *parts = HEADING.split(_named(source_of(language), language))
    texts = _with_pictures(parts[2::3], f"app/{PICTURES}/{written_in(language)}")
    return tuple(
        Task(heading, tuple(about.split()), text.strip())
        for heading, about, text in zip(parts[::3], parts[1::3], texts, strict=True)
    )


def document(language: str) -> str:
    """The guide as a file of docs/."""
    text = HEADING.sub(r"## \1", _named(source_of(language), language))
    return _with_pictures([text], f"../{PICTURES}/{written_in(language)}")[0]


@cache
def glossary() -> tuple[Term, ...]:
    """The words of this product, one for one thing."""
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows[2:]]
    return tuple(Term(th, en, name, tuple(word for word in no.split(", ") if word)) for th, en, name, no in cells)


@lru_cache(maxsize=2048)
def meaning_of(words: str) -> str | None:
    """What the longest term of the glossary in a label means, in the label's language; None where it has none that its
    name alone does not explain."""
    found = [
        (len(name), language, term)
        for term in glossary()
        for language, names in (("th", term.thai), ("en", term.english))
        for name in map(str.strip, NOT_NAMED.sub("", names).split(" / "))
        if translator(language).has(term.meaning) and _stands_in(name, words)
    ]
    if not found:
        return None
    _, language, term = max(found, key=lambda one: one[0])
    return translator(language)(term.meaning)


def _stands_in(name: str, words: str) -> bool:
    """Whether a name is one of the words; Thai has no spaces to tell them by."""
    if len(name) < SHORTEST:
        return False
    return bool(re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE)) if name.isascii() else name in words


def _named(text: str, language: str) -> str:
    return NAME.sub(lambda found: translator(language)(found[1]), text)


def _with_pictures(texts: list[str], folder: str) -> list[str]:
    return [PICTURE.sub(rf"![\1]({folder}/\2.png)", text) for text in texts]


if __name__ == "__main__":
    (asked,) = sys.argv[1:]
    assert asked in languages(), asked  # noqa: S101 - a command of developers
    sys.stdout.write(document(asked))
