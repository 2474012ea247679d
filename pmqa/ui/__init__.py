"""What pages are made of. All Streamlit code of the product is here, in app.py and in pages/.

How a page is made
------------------
1. `pages/<name>.py`, at most 80 lines, one question: select -> derive -> show -> download.
       view = ui.selected_view()          always first: hands a deep link to the router, checks the role
       title = ui.open_page(view, "<name>")    sentences pages.title.<name> and pages.question.<name>; its row takes the
                                          choice on which all depends, `with ui.controls():` the others;
                                          stops with what to do next where the view is empty (`show_title` does not)
       kind = ui.choose_one(...)          a choice: an id, in the URL, kept over pages, languages and reloads
       ui.show(view, "gaps.to_target", agency=agency, kind=kind)      a card by its id, with its choices
2. Its cards are in pmqa.views.cards, pure functions that know nothing of Streamlit: `ui.show` calls them when view,
   choices or code changed, replays what they drew otherwise, and calls them once more for a download.
   Below a page's cards the router offers all of them in one zip; a fragment with cards calls `offer_everything` itself.
3. One line in app.py, one title and one question in data/text/pages.toml, other sentences in
   data/text/<name>_page.toml; tests/test_pages.py then renders it in both languages.

In a meeting a page is closed unless it says `selected_view(in_meetings=True)`; then it may read frames of the view
only, and tests/test_meeting.py tries every choice of it. A page that has no more to say calls `end_page()`, never
`st.stop()`, after which nothing could be written into the address.

Rules: text that somebody sent goes through `plain` before any markdown (cards do it for their tables). Effects happen
under a button. Widgets have a `key`; a choice that a link should carry is made with `choose_...`.

state       choices, widgets, URL              showing     a card: chart, table, downloads
selection   sidebar, filters; makes the View   downloads   files of cards and pages
navigation  every run through the router       tracing     links to where a number comes from
notices     sign-in, samples, empty pages      comparing   the choices of the page Compare
meeting     the switch of the meeting mode     home        the first page: status, highlights, how to begin
moved       scores that the rules moved            drilling    a click on a mark or row; panel: what is behind it
links       addresses that pin the data        noting      what the audit is told of a visit
rounds      closed rounds: which data are looked at
versions    two submissions side by side
slides      adding cards to slides             search      one box over everything that has a page
options     very many options: the first are sent, all can be found; rows: the same of rows of tables and charts
screen      how wide charts can be             theirs      Streamlit's own words in the page's language
paper       a page printed by the browser      looks       the CSS of a card
waiting     what the server does first, and how far it is
boot        once per process                   forms       what changes something, and what is asked before
"""

from pmqa.ui.boot import freeze, is_ready, person, say_what_failed, started, the_store
from pmqa.ui.comparing import choose_assessed, choose_comparison
from pmqa.ui.forms.combining import offer_to_combine
from pmqa.ui.forms.deciding import decided
from pmqa.ui.forms.foreign import choose_way, receive_others
from pmqa.ui.forms.notes import show_notes
from pmqa.ui.forms.peers import choose_own_group, choose_peers, offer_groups
from pmqa.ui.forms.register import (
    edit_register,
    offer_import,
    offer_reminders,
    offer_senders,
    say_what_was_done,
    set_expectations,
    show_sending,
)
from pmqa.ui.forms.rounds import edit_rounds
from pmqa.ui.forms.submit import offer_to_save, say_what_was_saved, show_received, show_staged
from pmqa.ui.forms.succession import edit_successions
from pmqa.ui.forms.uploads import receive_forms, uploaded
from pmqa.ui.home import show_highlights, show_start, show_status
from pmqa.ui.moved import say_moved
from pmqa.ui.navigation import choose_page, choose_section, controls, end_page, run_page, selected_view, show_title
from pmqa.ui.notices import (
    may_open,
    need_right,
    need_scores,
    open_agency_page,
    open_page,
    say_announced,
    say_years_left_out,
    show_notices,
    signed_in_viewer,
)
from pmqa.ui.selection import choose_agency, choose_kind, choose_language, choose_scope, choose_view
from pmqa.ui.showing import download, show, show_built, show_card, show_metrics
from pmqa.ui.state import choose_from_afar, choose_many, choose_number, choose_one, choose_switch, choose_word
from pmqa.ui.tracing import offer_trace, offer_traces
from pmqa.ui.versions import compare_versions
from pmqa.ui.waiting import texts_are_compared
from pmqa.views.cards import Card, Column, Metric
from pmqa.views.offered import last_fiscal_year
from pmqa.views.view import View
from pmqa.views.words import plain
