"""Tables of what files of other layouts say: rows as they are read, problems with their cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.intake.foreign import Wrong
from pmqa.scoring import OVERALL
from pmqa.views.cards import Card, Column, Kind, headed
from pmqa.views.view import View
from pmqa.views.words import agency_words, plain
from pmqa.workbook.foreign.points import kind_of
from pmqa.workbook.foreign.reading import Foreign

ROWS_AS_READ: Final = 10
MOST_SHOWN: Final = 20  # problems while a layout is made
MANY: Final = 30  # rows from which a table scrolls inside itself
LONGEST_HEADING: Final = 40  # characters


def shortened(text: str) -> str:
    """A heading as a label holds it."""
    return text if len(text) <= LONGEST_HEADING else f"{text[:LONGEST_HEADING]}…"


def scope_words(view: View, framework: Framework, scope: str) -> str:
    """A scope with its number and name."""
    if scope == OVERALL:
        return view.t("ui.overall")
    name = framework.scope_name(kind_of(scope, framework), scope, view.language)
    return name if scope in framework.dimension else f"{scope} {name}"


def as_read(view: View, framework: Framework, found: Foreign) -> pd.DataFrame:
    """The first rows of a file as they will be recorded, made harmless; each with its cell."""
    t = view.t
    rows = (
        (said, f"{one.sheet}!{one.cell}", place.id, t(f"foreign_page.means_{place.key}"), str(one.value))
        for said in found.said
        for place, one in said.cells.items()
    )
    score = t("foreign_page.means_points")
    points = (
        (said, f"{one.sheet}!{one.cell}", scope_words(view, framework, one.scope), score, t.number(one.points, 2))
        for said in found.said
        for one in said.points.values()
    )
    shown = [*islice(rows, ROWS_AS_READ)] or [*islice(points, ROWS_AS_READ)]
    table = [
        (
            cell,
            agency_words(str(said.whose["agency_code"]), str(said.whose["agency_name"])),
            t.year(int(str(said.whose["fiscal_year"]))),
            about,
            means,
            value,
        )
        for said, cell, about, means, value in shown
    ]
    heads = ("cell", "agency", "year", "about", "means", "value")
    frame = pd.DataFrame(table, columns=[t(f"foreign_page.head_{head}") for head in heads])
    return frame.map(plain)


def problem_rows(view: View, wrong: Sequence[tuple[str, Wrong]]) -> pd.DataFrame:
    """File, cell and sentence of problems, made harmless."""
    t = view.t
    whole = t("foreign_page.whole_file")
    rows = [(plain(name), plain(one.place or whole), plain(one.message)) for name, one in wrong]
    return pd.DataFrame(rows, columns=[t("ui.file"), t("submit_page.cell"), t("submit_page.what")])


def problem_card(view: View, wrong: Sequence[tuple[str, Wrong]]) -> Card:
    """Every problem of every file, to look at and to take along."""
    t = view.t
    table = pd.DataFrame(
        {
            "file": [name for name, _ in wrong],
            "sheet": [one.sheet for _, one in wrong],
            "cell": [one.cell for _, one in wrong],
            "text": [one.message for _, one in wrong],
            "code": [one.code for _, one in wrong],
        }
    )
    words: Kind = "long" if len(wrong) <= MANY else "text"
    columns = (
        Column("file", t("ui.file"), words),
        *headed(t, "text", "submit_page.sheet", "submit_page.cell"),
        Column("text", t("submit_page.what"), words),
        Column("code", t("submit_page.finding_code"), "id"),
    )
    return Card(t("foreign_page.problems"), table, columns, n=None, of_scores=False)
