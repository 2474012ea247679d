"""Which edition a form is of, and whether this program and that form are of one age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pmqa.framework import Framework
from pmqa.workbook import layout
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import ID_KEY, Located, close_match, hint_of, text_of

LONGEST_VERSION: Final = 40  # characters


def edition_of(found: Located, frameworks: Mapping[str, Framework], spots: list[Spot]) -> Framework | None:
    """The edition that the form names; one that can be told by its ids where it names none."""
    named = found.keys.get("edition", "")
    if named in frameworks:
        framework = frameworks[named]
    else:
        fitting = [] if named else [one for one in frameworks.values() if _fits(found, one)]
        if len(fitting) != 1:
            hint = hint_of(close_match(named, list(frameworks)))
            editions = ", ".join(frameworks)
            spots.append(spot("unknown_edition", layout.KEYS_SHEET, value=named or "–", known=editions, hint=hint))
            return None
        framework = fitting[0]
        spots.append(spot("edition_assumed", value=framework.edition))
    for key, ours in (("form", layout.FORM_VERSION), ("edition_version", framework.version)):
        version = _version(found.keys.get(key, ""))
        if version is not None and version == _version(ours):
            found.keys[key] = ours  # a cell that was formatted as a number says 1 for 1.0
    form = _version(found.keys.get("form", ""))
    if form is not None and form != _version(layout.FORM_VERSION):
        newer = form > (_version(layout.FORM_VERSION) or ())
        code = "newer_form" if newer else "older_form"
        spots.append(spot(code, layout.KEYS_SHEET, value=found.keys["form"], current=layout.FORM_VERSION))
    made_from = found.keys.get("edition_version")
    if made_from and made_from != framework.version:
        spots.append(spot("other_edition_version", layout.KEYS_SHEET, value=made_from, current=framework.version))
    return framework


def _fits(found: Located, framework: Framework) -> bool:
    ids = {*framework.criterion, *framework.indicator}
    return any(
        text_of(row.get(block.columns.get(ID_KEY[block.kind], ""))) in ids
        for block in found.blocks
        for row in block.sheet.rows.values()
    )


def _version(text: str) -> tuple[int, ...] | None:
    """Its numbers without zeros at the end; None where it is no version."""
    parts = text.split(".")
    if len(text) > LONGEST_VERSION or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
