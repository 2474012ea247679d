"""What the receiver knows of agencies, held against what a form says of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pmqa.errors import Finding
from pmqa.sources import SOURCES
from pmqa.workbook import layout
from pmqa.workbook.findings import Spot, spot
from pmqa.workbook.mapping import close_match, hint_of
from pmqa.workbook.misplaced import MISPLACED
from pmqa.workbook.normalise import fold, look_of

if TYPE_CHECKING:
    from pmqa.workbook.agency import AgencyRead


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


def of_receiver(
    agency: AgencyRead, known: Known | None, told: Iterable[Finding] | Iterable[Spot], *, edition: bool
) -> list[Spot]:
    """What a form says of its agency against what the receiver knows; another spelling of a known code becomes that.

    told: what is said of the form already. edition: whether its edition could be told.
    """
    if known is None:
        return []
    spots = _take_code_as_known(agency, known)
    mixed = {one.sheet for one in told if one.code in MISPLACED}
    for check in AGENCY_CHECKS if edition else ():
        spots.extend(one for one in check(agency, known) if one.sheet not in mixed)
    return spots


def _take_code_as_known(agency: AgencyRead, known: Known) -> list[Spot]:
    """So that another spelling of a known agency's code does not become a second agency."""
    code = agency.values.get("agency_code")
    if not isinstance(code, str):
        return []
    meant = known.meant(code, str(agency.values.get("agency_name")), str(agency.values.get("ministry")))
    if meant == code:
        return []
    agency.values["agency_code"] = meant
    sheet, column, row = agency.places["agency_code"]
    return [spot("code_taken_as", sheet, column, row, code, after=meant)]


def unknown_agency(agency: AgencyRead, known: Known) -> Iterator[Spot]:
    """A code that is not in the register; without a register, one that nobody has sent before."""
    code = agency.values.get("agency_code")
    if isinstance(code, str) and known.agencies and code not in known.agencies:
        name = str(agency.values.get("agency_name") or "")
        same = [other for other, (known_name, _) in known.agencies.items() if fold(known_name) == fold(name)]
        match = same[0] if same else close_match(code, list(known.agencies), 0.7)
        alike = known.alike(code)
        if alike and not known.complete:
            names = (f"{other} ({known.agencies[other][0]})" for other in alike)
            yield _agency_spot(agency, "codes_look_alike", others=", ".join(names))
            return
        yield _agency_spot(agency, "unknown_agency" if known.complete else "new_agency", hint=hint_of(match))


def agency_name_differs(agency: AgencyRead, known: Known) -> Iterator[Spot]:
    """A code that is known under another name: a wrong code would overwrite another agency's answers."""
    yield from _known_differs(agency, known, "agency_name_differs", "agency_name", 0)


def ministry_differs(agency: AgencyRead, known: Known) -> Iterator[Spot]:
    """A code that is known under another ministry."""
    yield from _known_differs(agency, known, "ministry_differs", "ministry", 1)


def other_agency(agency: AgencyRead, known: Known) -> Iterator[Spot]:
    """A file for an agency that the sender may not send for."""
    code = agency.values.get("agency_code")
    if not isinstance(code, str):
        return
    # What the form says of its ministry is only what its sender typed; what is known of the agency counts beside it.
    said = str(agency.values.get("ministry"))
    _, kept = known.agencies.get(code, ("", said))
    if known.submitters is not None and code not in known.submitters:
        yield _agency_spot(agency, "other_agency", expected=", ".join(sorted(known.submitters)))
    elif known.ministries is not None and not {said, kept} <= known.ministries:
        yield _agency_spot(agency, "other_agency", expected=", ".join(sorted(known.ministries)))


def other_source(agency: AgencyRead, known: Known) -> Iterator[Spot]:
    """An assessor's form of somebody who does not assess, or an agency's own of somebody who only assesses."""
    source = agency.values.get("source")
    if isinstance(source, str) and source not in known.sources:
        sheet, column, row = agency.places["source"]
        expected = ", ".join(layout.source_words()[name] for name in sorted(known.sources))
        yield spot("other_source", sheet, column, row, layout.source_words()[source], expected=expected)


def _known_differs(agency: AgencyRead, known: Known, code: str, name: str, part: int) -> Iterator[Spot]:
    said = agency.values.get(name)
    kept = known.agencies.get(str(agency.values.get("agency_code")))
    if kept is not None and isinstance(said, str) and fold(said) != fold(kept[part]):
        yield _agency_spot(agency, code, name, expected=kept[part])


def _agency_spot(agency: AgencyRead, code: str, name: str = "agency_code", **values: str | int) -> Spot:
    sheet, column, row = agency.places[name]
    return spot(code, sheet, column, row, str(agency.values.get(name)), **values)


AGENCY_CHECKS = (unknown_agency, agency_name_differs, ministry_differs, other_agency, other_source)
