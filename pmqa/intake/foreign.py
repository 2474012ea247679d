"""Files of other layouts: which layouts there are, what a file says by one, and the forms that are made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pmqa.errors import NameTaken
from pmqa.framework import Framework
from pmqa.intake.files import Sent
from pmqa.store import Store
from pmqa.store.opening import both_languages
from pmqa.text import BUDDHIST_ERA, Translator
from pmqa.viewer import Viewer, is_within_reach
from pmqa.workbook import finding_text, write_form
from pmqa.workbook.foreign.layouts import Layout, layout_names, layout_text, read_layout
from pmqa.workbook.foreign.points import announced_rows
from pmqa.workbook.foreign.reading import Agency, Foreign, Said, read_foreign

AGENCY: Final = ("agency_code", "agency_name", "ministry", "agency_type")


@dataclass(frozen=True)
class Wrong:
    """A problem of a file as people read it. sheet, cell: "" where it is the file's as a whole."""

    code: str
    sheet: str
    cell: str
    message: str

    @property
    def place(self) -> str:
        """Sheet and cell; "" for the whole file."""
        return "!".join(part for part in (self.sheet, self.cell) if part)


def layout_texts(store: Store | None = None, viewer: Viewer | None = None) -> Mapping[str, str]:
    """Name -> text of every layout: those that come with the product, then those that the store keeps."""
    found = {name: layout_text(name) for name in layout_names()}
    if store is not None:
        kept = store.layouts.all(viewer)
        found |= dict(zip(kept["name"], kept["text"], strict=True))
    return found


def keep_layout(store: Store, name: str, text: str, *, who: str, viewer: Viewer | None = None) -> None:
    """As the store's, and a layout of the product keeps its name."""
    if name.strip() in layout_names():
        raise NameTaken(both_languages("name_taken", name=name.strip()))
    store.layouts.keep_layout(name, text, who=who, viewer=viewer)


def known_to_readers(store: Store, viewer: Viewer | None = None) -> tuple[Agency, ...]:
    """Agencies within reach, of the register, and those that have sent, by the latest that they sent."""
    rows = [
        *store.submissions.standing()[list(AGENCY)].itertuples(index=False),
        *store.register.agencies().itertuples(index=False),
    ]
    found = {row[0]: Agency(*row) for row in rows}.values()
    return tuple(one for one in found if is_within_reach(viewer, one.agency_code, one.ministry))


def read_by(
    sent: Sent, layout: Layout, framework: Framework, known: Sequence[Agency], fiscal_year: int | None = None
) -> Foreign:
    """What a file says by a layout; why it cannot be read, where that is known already."""
    if sent.content is None or sent.refusal is not None:
        return Foreign((), refused=sent.refusal)
    return read_foreign(sent.content, layout, framework, file_name=sent.file_name, known=known, fiscal_year=fiscal_year)


def forms_of(sent: Sent, found: Foreign, layout: Layout, framework: Framework) -> Iterator[Sent]:
    """What a sound file says of each agency and year, as a form; nothing of a file with a problem."""
    for said in found.said if found.is_sound else ():
        if said.cells:
            yield _form(sent, said, layout, framework)


def _form(sent: Sent, said: Said, layout: Layout, framework: Framework) -> Sent:
    """A form that says where each cell is from; its name says by which layout.

    The same file gives the same bytes, so that it is known when it comes again.
    """
    year = int(str(said.whose["fiscal_year"]))
    content = write_form(
        framework,
        prefill=said.draft,
        source=layout.source,
        origins={place: (origin,) for place, origin in said.cells.items()},
        created=dt.datetime(year - BUDDHIST_ERA, 9, 30, tzinfo=dt.UTC),
    )
    stem = PurePosixPath(sent.file_name).stem
    return Sent(f"{stem} [{layout.name}] {said.whose['agency_code']} {year}.xlsx", content, from_zip=True)


def announce(
    store: Store,
    sent: Sent,
    found: Foreign,
    layout: Layout,
    framework: Framework,
    *,
    who: str,
    viewer: Viewer | None = None,
) -> int:
    """How many announced scores of a sound file differ from what was recorded before, and are recorded now."""
    rows = announced_rows(found.said if found.is_sound else (), layout, framework, sent.file_name)
    if rows.empty or sent.content is None:
        return 0
    return store.announced.announce(rows, sent.content, who=who, viewer=viewer)


def problems_of(found: Foreign, t: Translator) -> list[Wrong]:
    """Every problem of a file, in words."""
    words = [
        Wrong(one.code, one.sheet, one.cell, t(f"foreign.{one.code}", value=one.value, hint=one.hint))
        for one in found.problems
    ]
    if (refused := found.refused) is not None:
        words.append(Wrong(refused.code, refused.sheet or "", refused.cell or "", finding_text(refused, t)))
    return words


def layout_problems(text: str, name: str, frameworks: Mapping[str, Framework], t: Translator) -> list[str]:
    """Everything that is wrong with a layout's text, in words."""
    _, problems = read_layout(text, name, frameworks)
    return [t(f"layouts.{one.code}", about=one.about, value=one.value, known=one.known) for one in problems]
