"""import: files of another layout, made into forms and recorded like them."""

from __future__ import annotations

import datetime as dt
import getpass
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pmqa.cli.checking import DONE, HAS_ERRORS, check_paths, check_year, write_file
from pmqa.cli.console import complain, say, say_json
from pmqa.cli.ingesting import record
from pmqa.cli.republishing import import_published
from pmqa.cli.storing import database_of, open_store
from pmqa.errors import UsageError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Sent, files_in, opened
from pmqa.store import Store
from pmqa.text import BUDDHIST_ERA, Translator
from pmqa.workbook import finding_text, write_form
from pmqa.workbook.foreign.layouts import LAYOUT_FOLDER, Layout, layout_names, read_layout
from pmqa.workbook.foreign.points import announced_rows
from pmqa.workbook.foreign.reading import Agency, Foreign, Said, read_foreign

SUFFIX: Final = ".toml"
AGENCY: Final = ("agency_code", "agency_name", "ministry", "agency_type")


def import_files(arguments: Namespace, t: Translator) -> int:
    """Nothing of a file is recorded in which any cell is wrong. Without a layout: the product's own data export."""
    check_paths(arguments.files, t)
    if arguments.layout is None:
        return import_published(arguments, t)
    check_year(arguments.year, t)
    layout, framework = _layout(arguments.layout, t)
    database = database_of(arguments)
    if arguments.check and not database.exists():
        return _shown(_read(arguments, layout, framework, (), t), arguments, t)
    with closing(open_store(database, t)) as store:
        read = _read(arguments, layout, framework, _known(store), t)
        if arguments.check:
            return _shown(read, arguments, t)
        wrong = _tell(read, t)
        sound = [(sent.name, said) for sent, one in read if one.is_sound for said in one.said if said.cells]
        forms = [_form(name, said, layout, framework) for name, said in sound]
        announced = sum(_announce(store, sent, one, layout, framework, arguments) for sent, one in read)
        if any(said.points for _, one in read for said in one.said):
            complain(t("cli.import.announced", n=announced))
        for one in forms if arguments.forms else ():
            write_file(arguments.forms / one.file_name, one.content or b"")
        done = record(store, forms, len(forms), arguments, t) if forms else DONE
    return HAS_ERRORS if wrong else done


def _layout(asked: str, t: Translator) -> tuple[Layout, Framework]:
    """The layout of this name, or of this file. Raises UsageError with every problem of it."""
    path = Path(asked) if asked.endswith(SUFFIX) else LAYOUT_FOLDER / f"{asked}{SUFFIX}"
    if not path.is_file():
        raise UsageError(t("cli.import.no_layout", name=asked, known=", ".join(layout_names())))
    frameworks = shipped_frameworks()
    layout, problems = read_layout(path.read_text(encoding="utf-8"), path.stem, frameworks)
    if layout is None:
        lines = [t(f"layouts.{one.code}", about=one.about, value=one.value, known=one.known) for one in problems]
        raise UsageError("\n  ".join([t("cli.import.layout_wrong", name=asked, n=len(lines)), *lines]))
    return layout, frameworks[layout.edition]


def _known(store: Store) -> Sequence[Agency]:
    """The agencies of the register, and those that have sent, by the latest that they sent."""
    rows = [
        *store.submissions.standing()[list(AGENCY)].itertuples(index=False),
        *store.register.agencies().itertuples(index=False),
    ]
    return tuple({row[0]: Agency(*row) for row in rows}.values())


def _read(
    arguments: Namespace, layout: Layout, framework: Framework, known: Sequence[Agency], t: Translator
) -> list[tuple[Sent, Foreign]]:
    """Every file of the paths, read. Raises UsageError where there is none."""
    found = [(sent, _one(sent, layout, framework, known, arguments.year)) for sent in _files(arguments.files)]
    if not found:
        raise UsageError(t("cli.errors.no_forms", paths=", ".join(map(str, arguments.files))))
    return found


def _files(paths: Sequence[Path]) -> Iterator[Sent]:
    return (sent for sent in opened(files_in(paths)) if sent.content is not None or sent.refusal is not None)


def _one(sent: Sent, layout: Layout, framework: Framework, known: Sequence[Agency], year: int | None) -> Foreign:
    if sent.content is None:
        return Foreign((), refused=sent.refusal)
    return read_foreign(sent.content, layout, framework, file_name=sent.file_name, known=known, fiscal_year=year)


def _announce(
    store: Store, sent: Sent, one: Foreign, layout: Layout, framework: Framework, arguments: Namespace
) -> int:
    """How many announced scores of a file differ from what was recorded before."""
    rows = announced_rows(one.said if one.is_sound else (), layout, framework, sent.file_name)
    if rows.empty or sent.content is None:
        return 0
    return store.announced.announce(rows, sent.content, who=arguments.by or getpass.getuser())


def _form(name: str, said: Said, layout: Layout, framework: Framework) -> Sent:
    """What a file says of one agency, as a form that says where each cell is from; its name says by which layout.

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
    stem = Path(name.rpartition("/")[2]).stem
    return Sent(f"{stem} [{layout.name}] {said.whose['agency_code']} {year}.xlsx", content, from_zip=True)


def _tell(read: Sequence[tuple[Sent, Foreign]], t: Translator) -> int:
    """Every problem of every file; how many there are."""
    n = 0
    for sent, one in read:
        for problem in _problems(one, t):
            place = "!".join(part for part in (problem["sheet"], problem["cell"]) if part) or t("cli.check.whole_file")
            complain(t("cli.import.wrong", file=sent.name, place=place, message=problem["message"]))
            n += 1
    if n:
        complain(t("cli.import.refused", n=n))
    return n


def _problems(one: Foreign, t: Translator) -> list[dict[str, str]]:
    """Every problem of a file: code, sheet, cell, message."""
    found = [
        {
            "code": wrong.code,
            "sheet": wrong.sheet,
            "cell": wrong.cell,
            "message": t(f"foreign.{wrong.code}", value=wrong.value, hint=wrong.hint),
        }
        for wrong in one.problems
    ]
    if one.refused is not None:
        refused = {"code": one.refused.code, "sheet": one.refused.sheet or "", "cell": one.refused.cell or ""}
        found.append({**refused, "message": finding_text(one.refused, t)})
    return found


def _shown(read: Sequence[tuple[Sent, Foreign]], arguments: Namespace, t: Translator) -> int:
    if arguments.json:
        say_json([_shape(sent.name, one, t) for sent, one in read])
        return DONE if all(one.is_sound for _, one in read) else HAS_ERRORS
    for sent, one in read:
        for said in one.said:
            counts = {"cells": len(said.cells), "points": len(said.points)}
            say(
                t(
                    "cli.import.read",
                    file=sent.name,
                    agency=said.whose["agency_code"],
                    year=said.whose["fiscal_year"],
                    **counts,
                )
            )
    return HAS_ERRORS if _tell(read, t) else DONE


def _shape(name: str, one: Foreign, t: Translator) -> dict[str, Any]:
    return {
        "file": name,
        "agencies": [
            {
                **{key: said.whose[key] for key in (*AGENCY, "fiscal_year")},
                "cells": [
                    {"id": place.id, "column": place.key, "value": o.value, "sheet": o.sheet, "cell": o.cell}
                    for place, o in said.cells.items()
                ],
                "points": [asdict(points) for points in said.points.values()],
            }
            for said in one.said
        ],
        "problems": _problems(one, t),
    }
