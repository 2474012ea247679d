"""import: files of another layout, made into forms and recorded like them."""

from __future__ import annotations

import getpass
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pmqa.cli.checking import DONE, HAS_ERRORS, check_paths, check_year, write_file
from pmqa.cli.console import Progress, complain, say, say_json
from pmqa.cli.ingesting import record
from pmqa.cli.republishing import import_published
from pmqa.cli.storing import database_of, open_store
from pmqa.errors import UsageError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Sent, files_in, opened
from pmqa.intake.foreign import (
    AGENCY,
    announce,
    forms_of,
    known_to_readers,
    layout_problems,
    layout_texts,
    problems_of,
    read_by,
)
from pmqa.store import Store
from pmqa.text import Translator
from pmqa.workbook.foreign.layouts import Layout, read_layout
from pmqa.workbook.foreign.reading import Agency, Foreign

SUFFIX: Final = ".toml"
Read = list[tuple[Sent, Foreign]]


def import_files(arguments: Namespace, t: Translator) -> int:
    """Nothing of a file is recorded in which any cell is wrong. Without a layout: the product's own data export."""
    check_paths(arguments.files, t)
    if arguments.layout is None:
        return import_published(arguments, t)
    check_year(arguments.year, t)
    database = database_of(arguments)
    if not database.exists():
        layout, framework = _layout(arguments.layout, None, t)  # before one is made for nothing
        if arguments.check:
            return _shown(_read(arguments, layout, framework, (), t), arguments, t)
    with closing(open_store(database, t)) as store:
        layout, framework = _layout(arguments.layout, store, t)
        read = _read(arguments, layout, framework, known_to_readers(store), t)
        if arguments.check:
            return _shown(read, arguments, t)
        wrong = _tell(read, t)
        forms = _forms(read, layout, framework, t)
        bad = sum(not one.is_sound for _, one in read)
        complain(
            t("cli.import.was_read", files=len(read), layout=layout.name, forms=len(forms), wrong=bad, cells=wrong)
        )
        by = arguments.by or getpass.getuser()
        announced = sum(announce(store, sent, one, layout, framework, who=by) for sent, one in read)
        if any(said.points for _, one in read for said in one.said):
            complain(t("cli.import.announced", n=announced))
        for one in forms if arguments.forms else ():
            write_file(arguments.forms / one.file_name, one.content or b"")
        done = record(store, forms, len(forms), arguments, t) if forms else DONE
    return HAS_ERRORS if wrong else done


def _layout(asked: str, store: Store | None, t: Translator) -> tuple[Layout, Framework]:
    """The layout of this name, or of this file. Raises UsageError with every problem of it."""
    frameworks, name = shipped_frameworks(), asked
    texts = layout_texts(store)
    if (path := Path(asked)).suffix == SUFFIX and path.is_file():
        text, name = path.read_text(encoding="utf-8"), path.stem
    elif asked in texts:
        text = texts[asked]
    else:
        raise UsageError(t("cli.import.no_layout", name=asked, known=", ".join(texts)))
    layout, _ = read_layout(text, name, frameworks)
    if layout is None:
        lines = layout_problems(text, name, frameworks, t)
        raise UsageError("\n  ".join([t("cli.import.layout_wrong", name=asked, n=len(lines)), *lines]))
    return layout, frameworks[layout.edition]


def _read(arguments: Namespace, layout: Layout, framework: Framework, known: Sequence[Agency], t: Translator) -> Read:
    """Every file of the paths, read. Raises UsageError where there is none."""
    found: Read = []
    with Progress(t("cli.import.reading")) as progress:
        for sent in _files(arguments.files):
            found.append((sent, read_by(sent, layout, framework, known, arguments.year)))
            progress.step(sent.name)
    if not found:
        raise UsageError(t("cli.errors.no_forms", paths=", ".join(map(str, arguments.files))))
    return found


def _forms(read: Read, layout: Layout, framework: Framework, t: Translator) -> list[Sent]:
    """The forms of all sound files."""
    found: list[Sent] = []
    with Progress(t("cli.import.making"), len(read)) as progress:
        for sent, one in read:
            found += forms_of(sent, one, layout, framework)
            progress.step(sent.name)
    return found


def _files(paths: Sequence[Path]) -> Iterator[Sent]:
    return (sent for sent in opened(files_in(paths)) if sent.content is not None or sent.refusal is not None)


def _tell(read: Read, t: Translator) -> int:
    """Every problem of every file; how many there are."""
    n = 0
    for sent, one in read:
        for problem in problems_of(one, t):
            place = problem.place or t("cli.check.whole_file")
            complain(t("cli.import.wrong", file=sent.name, place=place, message=problem.message))
            n += 1
    if n:
        complain(t("cli.import.refused", n=n))
    return n


def _shown(read: Read, arguments: Namespace, t: Translator) -> int:
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
        "problems": [asdict(wrong) for wrong in problems_of(one, t)],
    }
