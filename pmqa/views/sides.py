"""What agencies say of themselves beside what assessors say of them: the views that are held against each other."""

from __future__ import annotations

from dataclasses import replace

from pmqa.sources import CLAIMED, SOURCES, VERIFIED, reviewing
from pmqa.views.choices import BY_VIEW, Theirs
from pmqa.views.view import View


def own_view(view: View) -> View:
    """The view of the agencies' own answers: an assessor starts from them whatever basis other pages show."""
    return replace(view, basis=CLAIMED) if SOURCES[view.source].reviews else view


def assessments(view: View) -> tuple[str, ...]:
    """The assessors' bases on which anybody of the view has been assessed, in their order."""
    return tuple(basis for basis in reviewing() if not replace(view, basis=basis).submissions.empty)


def their_basis(view: View, theirs: Theirs = BY_VIEW) -> Theirs:
    """The assessors' basis that is asked for; else the view's, where it is one; else the first with a submission."""
    if theirs:
        return theirs
    return Theirs(view.basis if view.basis in reviewing() else next(iter(assessments(view)), VERIFIED))


def their_view(view: View, theirs: Theirs = BY_VIEW) -> View:
    """The view through the assessors' eyes."""
    return replace(view, basis=their_basis(view, theirs))
