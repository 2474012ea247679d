"""What Streamlit says in English is known letter by letter, and has other words in other languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from pmqa.text import load_sentences
from pmqa.ui.theirs import AREA, instead_of_theirs

SENTENCES = {key: words for key, words in load_sentences().items() if key.startswith(AREA)}
BLANK = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def bundle() -> str:
    """All that Streamlit's pages are made of."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))


def test_streamlit_words_it_as_we_look_for_it(bundle: str) -> None:
    # It puts some together: "Press " + key + "Enter to " + what, what a button does + ": " + to which table.
    made_of = re.compile(r"(?:: )?\{\w+\}|Ctrl\+|⌘\+|(?<=Press )|(?<= to )(?=apply|submit)|options(?=\.)")
    parts = {part for words in SENTENCES.values() for part in made_of.split(words["en"]) if part.strip()}
    assert len(parts) > 70
    assert not [part for part in parts if part not in bundle]


def test_a_page_is_told_all_words_of_its_language_and_blanks_stay_to_be_filled() -> None:
    thai = instead_of_theirs("th")
    assert thai["No results"] == "ไม่พบ"
    assert thai["Remove {name}"] == "นำ {name} ออก"
    assert set(thai) == {words["en"] for words in SENTENCES.values()}
    # A page that was Thai a moment ago is worded in English again.
    assert instead_of_theirs("en") == {ours: theirs for theirs, ours in thai.items()}
    assert not [
        ours
        for ours in thai.values()
        if re.search("[A-Za-z]{3,}", BLANK.sub("", ours).replace("Enter", "").replace("Ctrl", "").replace("PNG", ""))
    ]
