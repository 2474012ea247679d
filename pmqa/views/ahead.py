"""What the first page shows whoever looks without signing in, found before anybody comes."""

from __future__ import annotations

from pmqa.errors import CardGone
from pmqa.text import DEFAULT_LANGUAGE
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data, derived
from pmqa.views.building import view_of
from pmqa.views.cards import home, overview
from pmqa.views.selected import Selection


def look_ahead() -> None:
    """Read and derive it, so that the first visitor waits for no more than a page that is turned to again.

    Whoever signs in finds less of it, as what is kept is kept for each viewer; but what is done for the first time in
    a process has been done.
    """
    try:
        view = view_of(Selection(DEFAULT_LANGUAGE), LOCAL_ANALYST, data.version())
    except CardGone:  # nobody has sent anything
        return
    home.lines(view, derived.this_hour())
    home.asks(view)
    overview.strengths(view)
