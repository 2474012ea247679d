"""What pages are made of. All Streamlit code of the product is here, in app.py and in pages/.

How a page is made
------------------
1. `pages/<name>.py`, at most 80 lines, one question: select -> derive -> show -> download.
       view = ui.selected_view()          always first: hands a deep link to the router, checks the role
       ui.show_title(view, "<name>")      sentences pages.title.<name> and pages.question.<name>
       ui.need_scores(view)               stops with what to do next where the view is empty
       kind = ui.choose_one(...)          a choice: an id, in the URL, kept over pages, languages and reloads
       ui.show(view, "profile", parts.profile, kind)
2. `pmqa/ui/parts/<name>.py`: functions `(view, *args) -> Card`, which derive the table and draw its figure with
   pmqa.charts. They read the view and their arguments only, and call nothing of Streamlit: `ui.show` calls them when
   view, arguments or code changed, replays what they drew otherwise, and calls them once more for a download.
   Arguments must be hashable (ids, tuples); no lambda, no closure.
   Below a page's cards the router offers all of them in one zip; a fragment with cards calls `offer_everything` itself.
3. One line in app.py, one title and one question in data/text/pages.toml, other sentences in
   data/text/<name>_page.toml; tests/test_pages.py then renders it in both languages.

In a meeting a page is closed unless it says `selected_view(in_meetings=True)`; then it may read frames of the view
only, and tests/test_meeting.py tries every choice of it. A page that has no more to say calls `end_page()`, never
`st.stop()`, after which nothing could be written into the address.

Rules: text that somebody sent goes through `plain` before any markdown (cards do it for their tables). Effects happen
under a button. Widgets have a `key`; a choice that a link should carry is made with `choose_...`.

state       choices, widgets, URL              view        View: the selection and its frames
selection   sidebar, filters                   data        reading the store, kept by its version
navigation  every run through the router       card        Card, Column, Metric: what a part hands over
notices     sign-in, samples, empty pages      words       escaping, names of things
cards       show: chart, table, downloads      peers       who agencies are held against
downloads   files of cards and pages           comparing   the choices of the page Compare
meeting     aliases instead of names           moved       scores that the rules moved
links       addresses that pin the data's version
boot        once per process                   findings    findings of a file on screen
tracing     links to where a number comes from
shared      values kept for every visitor      derived     what takes its time, calculated once
uploads     files as they come, reading        staging     what a visit keeps of files that are not saved
submitting  saving, withdrawing, looking at files   deciding    what has to be said before files can be saved
registering  the register, who must send, who has
administering  people, the audit    noting     what the audit is told of a visit
"""

from pmqa.ui.boot import freeze, is_ready, open_door, person, say_what_failed, started
from pmqa.ui.card import Card, Column, Metric
from pmqa.ui.cards import download, show, show_card, show_metrics
from pmqa.ui.comparing import choose_comparison
from pmqa.ui.deciding import decided
from pmqa.ui.moved import say_moved
from pmqa.ui.navigation import choose_page, end_page, open_parts, run_page, selected_view
from pmqa.ui.notices import (
    may_open,
    need_right,
    need_scores,
    say_years_left_out,
    show_notices,
    show_title,
    signed_in_viewer,
)
from pmqa.ui.peers import choose_peers, offer_groups
from pmqa.ui.registering import edit_register, offer_import, say_what_was_done, set_expectations, show_sending
from pmqa.ui.selection import choose_agency, choose_language, choose_view, last_fiscal_year
from pmqa.ui.state import choose_from_afar, choose_many, choose_number, choose_one, choose_switch
from pmqa.ui.submitting import offer_to_save, say_what_was_saved, show_received, show_staged
from pmqa.ui.tracing import offer_trace, offer_traces
from pmqa.ui.uploads import uploaded
from pmqa.ui.view import View
from pmqa.ui.words import plain

__all__ = [
    "Card",
    "Column",
    "Metric",
    "View",
    "choose_agency",
    "choose_comparison",
    "choose_from_afar",
    "choose_language",
    "choose_many",
    "choose_number",
    "choose_one",
    "choose_page",
    "choose_peers",
    "choose_switch",
    "choose_view",
    "decided",
    "download",
    "edit_register",
    "end_page",
    "freeze",
    "is_ready",
    "last_fiscal_year",
    "may_open",
    "need_right",
    "need_scores",
    "offer_groups",
    "offer_import",
    "offer_to_save",
    "offer_trace",
    "offer_traces",
    "open_door",
    "open_parts",
    "person",
    "plain",
    "run_page",
    "say_moved",
    "say_what_failed",
    "say_what_was_done",
    "say_what_was_saved",
    "say_years_left_out",
    "selected_view",
    "set_expectations",
    "show",
    "show_card",
    "show_metrics",
    "show_notices",
    "show_received",
    "show_sending",
    "show_staged",
    "show_title",
    "signed_in_viewer",
    "started",
    "uploaded",
]
