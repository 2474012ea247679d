"""Comments in cells: their texts and authors by cell. Standard library only; runs in the child process.

Reading uses none of them, but somebody may have written an answer there, so that they are to be told of.
"""

from __future__ import annotations

from typing import Final

from pmqa.workbook import limits
from pmqa.workbook.markup import Attributes, parse, plain_text

Comments = dict[str, list[str]]  # cell -> author, text

COMMENT_TAGS: Final = frozenset(("comment", "threadedComment"))
TEXT_TAGS: Final = frozenset(("t", "text", "author"))


def read_comments(data: bytes, part: str) -> Comments:
    """The comments of a part, of the old kind or of threads; answers of a thread are joined to its first comment.

    The author of a thread's comment is an id of another part and left blank. Raises Refusal.
    """
    found: Comments = {}
    authors: list[str] = []
    runs: list[str] = []
    pieces: list[str] = []
    cell = author = ""
    phonetic = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal cell, author, phonetic
        tag = name.rpartition(" ")[2]
        if tag in COMMENT_TAGS:
            cell = attributes.get("ref", "").replace("$", "")
            number = attributes.get("authorId", "")[:9]
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            runs.clear()
        elif tag in TEXT_TAGS:
            pieces.clear()
        elif tag == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal phonetic
        tag = name.rpartition(" ")[2]
        if tag == "author":
            authors.append("".join(pieces))
        elif tag in TEXT_TAGS:
            if not phonetic:
                runs.append("".join(pieces))
            pieces.clear()
        elif tag == "rPh":
            phonetic = False
        elif tag in COMMENT_TAGS and cell:
            text = plain_text("".join(runs)).strip()[: limits.COMMENT_CHARACTERS]
            before = found.get(cell)
            found[cell] = [author, text] if before is None else [before[0], f"{before[1]}\n{text}"]

    parse(data, part, start, end, pieces.append)
    return found
