"""What pages show whoever may see everything, found before anybody comes, and again after the data have changed.

All of it goes by the reach alone (see `View.as_read`): whoever has another reach finds none of it, and is not shown it.
"""

from __future__ import annotations

from pmqa.errors import CardGone
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data, derived
from pmqa.views.building import view_of
from pmqa.views.cards import doctor, home, leverage, overview, trust
from pmqa.views.selected import Selection
from pmqa.views.view import View


def look_ahead() -> None:
    """Read and derive what the first page shows, so that its first visitor waits for no more than one who returns."""
    if (view := _usual()) is None:
        return
    home.lines(view, derived.this_hour())
    home.asks(view)
    overview.strengths(view)
    overview.summary(view)
    data.history(view.version, view.viewer)  # of which it says what is new since one last looked


def look_further() -> None:
    """The same for the pages that are about all agencies at once and take long: Compare, and those of sections Improve
    and Check."""
    if (view := _usual()) is None:
        return
    view.peers_of("dimension")
    leverage.together(view)
    doctor.counts(view)
    trust.enough_to_rank(view)


def _usual() -> View | None:
    """What whoever chooses nothing is shown; None where nobody has sent anything."""
    try:
        return view_of(Selection(), LOCAL_ANALYST, data.version())
    except CardGone:
        return None
