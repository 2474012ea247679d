"""Who fills in a form, and on which bases it is scored: one table. A row more is a source more, everywhere.

The rules of the bases are docs/scoring.md, 3.1; the order of sources and bases is the order in which they are offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pmqa.text import Sentence

Words = Mapping[str, str]  # by language
Deed = Literal["submit", "assess", "keep_register"]


@dataclass(frozen=True)
class Basis:
    """What counts as met. needs_evidence: a criterion with evidence only. needs_opinion: a measure found fit only."""

    id: str
    name: Words
    needs_evidence: bool = False
    needs_opinion: bool = False


@dataclass(frozen=True)
class Source:
    """Who fills in a form.

    name: in pages, and its word in the form's cell. line: what its data are, below charts. said: other words for it
    that people write into the cell. deed: what somebody must be allowed to do who sends its forms, takes them back or
    restores them; nobody assesses themselves. reviews: its form shows what the agency answered, and asks for the
    reviewer's answers and suggestions. bases: the first is the one that its form shows and that is taken unless told.
    """

    id: str
    name: Words
    line: Words
    said: tuple[str, ...]
    deed: Deed
    reviews: bool
    bases: tuple[Basis, ...]


SELF: Final = Source(
    id="self",
    name=Sentence("sources.self"),
    line=Sentence("sources.self_line"),
    said=("self", "self-assessment", "self assessment"),
    deed="submit",
    reviews=False,
    bases=(
        Basis("claimed", Sentence("sources.claimed")),
        Basis("evidenced", Sentence("sources.evidenced"), needs_evidence=True),
    ),
)
ASSESSOR: Final = Source(
    id="assessor",
    name=Sentence("sources.assessor"),
    line=Sentence("sources.assessor_line"),
    said=("assessor", "ผู้ประเมิน"),  # as forms said it before there were site visits
    deed="assess",
    reviews=True,
    bases=(Basis("verified", Sentence("sources.verified"), needs_opinion=True),),
)
VISIT: Final = Source(
    id="visit",
    name=Sentence("sources.visit"),
    line=Sentence("sources.visit_line"),
    said=("visit", "site visit"),
    deed="assess",
    reviews=True,
    bases=(Basis("visited", Sentence("sources.visited"), needs_opinion=True),),
)
# Nobody fills in a form of it, so that it is no row of the table: its scores come as they are, without answers.
ANNOUNCED: Final = Source(
    id="announced",
    name=Sentence("sources.announced_source"),
    line=Sentence("sources.announced_line"),
    said=(),
    deed="keep_register",
    reviews=False,
    bases=(Basis("announced", Sentence("sources.announced")),),
)
SOURCES: Final[dict[str, Source]] = {source.id: source for source in (SELF, ASSESSOR, VISIT)}

CLAIMED: Final = SELF.bases[0].id
VERIFIED: Final = ASSESSOR.bases[0].id


def bases() -> dict[str, Basis]:
    """id -> basis, of all sources in their order."""
    return {basis.id: basis for source in SOURCES.values() for basis in source.bases}


def reviewing() -> dict[str, Source]:
    """Basis -> source, of the sources that review what agencies say of themselves."""
    return {basis.id: source for source in SOURCES.values() if source.reviews for basis in source.bases}


def source_of(basis: str) -> Source:
    """Whose forms are scored on a basis. Raises KeyError for no basis of the table."""
    return {one.id: source for source in SOURCES.values() for one in source.bases}[basis]


def bases_of(source: str) -> tuple[str, ...]:
    """The bases that forms of a source are scored on, the one that is taken unless told first."""
    return tuple(basis.id for basis in SOURCES[source].bases)
