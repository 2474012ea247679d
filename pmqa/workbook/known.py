"""What the receiver knows of agencies, held against what a form says of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pmqa.sources import SOURCES
from pmqa.workbook import layout
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import close_match, hint_of
from pmqa.workbook.normalise import fold, look_of

if TYPE_CHECKING:
    from pmqa.workbook.checks import Form


@dataclass(frozen=True)
class Known:
    """What the receiver knows already.

    agencies: code -> (name, ministry). complete: it is a register, so that a code outside it is an error.
    submitters, ministries: codes, and ministries of agencies, that the sender may send for; None = any.
    sources: whose forms the sender may send.
    """

    agencies: Mapping[str, tuple[str, str]]
    complete: bool = False
    submitters: frozenset[str] | None = None
    ministries: frozenset[str] | None = None
    sources: frozenset[str] = field(default_factory=lambda: frozenset(SOURCES))

    def alike(self, code: str) -> list[str]:
        """Known codes that a code only looks like; none for a code that is known itself."""
        return [] if code in self.agencies else self._by_look.get(look_of(code), [])

    def meant(self, code: str, name: str, ministry: str) -> str:
        """The known code that a code is another spelling of: by the register, or by name and ministry; else itself."""
        alike, said = self.alike(code), (fold(name), fold(ministry))
        agreeing = [known for known in alike if tuple(map(fold, self.agencies[known])) == said]
        found = agreeing or (alike if self.complete else [])
        return found[0] if len(found) == 1 else code

    @cached_property
    def _by_look(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code in self.agencies:
            found[look_of(code)].append(code)
        return found


def unknown_agency(form: Form) -> Iterator[Spot]:
    """A code that is not in the register; without a register, one that nobody has sent before."""
    code = form.agency.values.get("agency_code")
    if form.known and isinstance(code, str) and form.known.agencies and code not in form.known.agencies:
        name = str(form.agency.values.get("agency_name") or "")
        same = [known for known, (known_name, _) in form.known.agencies.items() if fold(known_name) == fold(name)]
        match = same[0] if same else close_match(code, list(form.known.agencies), 0.7)
        alike = form.known.alike(code)
        if alike and not form.known.complete:
            names = (f"{known} ({form.known.agencies[known][0]})" for known in alike)
            yield _agency_spot(form, "codes_look_alike", others=", ".join(names))
            return
        yield _agency_spot(form, "unknown_agency" if form.known.complete else "new_agency", hint=hint_of(match))


def agency_name_differs(form: Form) -> Iterator[Spot]:
    """A code that is known under another name: a wrong code would overwrite another agency's answers."""
    yield from _known_differs(form, "agency_name_differs", "agency_name", 0)


def ministry_differs(form: Form) -> Iterator[Spot]:
    """A code that is known under another ministry."""
    yield from _known_differs(form, "ministry_differs", "ministry", 1)


def other_agency(form: Form) -> Iterator[Spot]:
    """A file for an agency that the sender may not send for."""
    code, known = form.agency.values.get("agency_code"), form.known
    if known is None or not isinstance(code, str):
        return
    # What the form says of its ministry is only what its sender typed; what is known of the agency counts beside it.
    said = str(form.agency.values.get("ministry"))
    _, kept = known.agencies.get(code, ("", said))
    if known.submitters is not None and code not in known.submitters:
        yield _agency_spot(form, "other_agency", expected=", ".join(sorted(known.submitters)))
    elif known.ministries is not None and not {said, kept} <= known.ministries:
        yield _agency_spot(form, "other_agency", expected=", ".join(sorted(known.ministries)))


def other_source(form: Form) -> Iterator[Spot]:
    """An assessor's form of somebody who does not assess, or an agency's own of somebody who only assesses."""
    source, known = form.agency.values.get("source"), form.known
    if known is not None and isinstance(source, str) and source not in known.sources:
        sheet, column, row = form.agency.places["source"]
        expected = ", ".join(layout.source_words()[name] for name in sorted(known.sources))
        yield spot("other_source", sheet, column, row, layout.source_words()[source], expected=expected)


def _known_differs(form: Form, code: str, name: str, part: int) -> Iterator[Spot]:
    said = form.agency.values.get(name)
    known = form.known.agencies.get(str(form.agency.values.get("agency_code"))) if form.known else None
    if known is not None and isinstance(said, str) and fold(said) != fold(known[part]):
        yield _agency_spot(form, code, name, expected=known[part])


def _agency_spot(form: Form, code: str, name: str = "agency_code", **values: str | int) -> Spot:
    sheet, column, row = form.agency.places[name]
    return spot(code, sheet, column, row, str(form.agency.values.get(name)), **values)


AGENCY_CHECKS = (unknown_agency, agency_name_differs, ministry_differs, other_agency, other_source)
