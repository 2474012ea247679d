"""Where do the chosen agencies differ: from each other, their peers, another year, what the assessor says?"""

import streamlit as st

from pmqa import ui
from pmqa.ui.parts import compare as parts
from pmqa.ui.parts import compare_over as over

view = ui.selected_view(in_meetings=True)
ui.show_title(view, "compare")
ui.need_scores(view)
of = ui.choose_comparison(view)

if of.question == "profile":
    ordered = parts.in_order(view, of.agencies, of.order)
    held_against = (ordered, of.kind, of.scopes, of.peers, of.focus, of.median, of.marked)
    if parts.has_profile(of.scopes):
        ui.show(view, "profile", parts.profile, *held_against)
    ui.show(view, "values", parts.values, *held_against)
elif of.question == "pair" and len(of.agencies) > 1:
    ui.show(view, "pair", parts.pair, of.agencies[:2], of.kind, of.scopes, of.order)
elif of.question == "pair":
    st.info(view.t("compare_page.two_needed"), icon=":material/touch_app:")
elif of.question == "peers":
    ui.show(view, "peers", parts.against_peers, of.focus, of.kind, of.scopes, of.peers, of.order)
elif of.question == "everyone":
    ui.show(view, "heat", parts.heat, of.kind, of.scopes, of.order, of.marked)
elif of.question == "one":
    ui.show(view, "everyone", parts.everyone, of.one_kind, of.one_scope, of.order, of.marked)
    ui.show(view, "ranks", parts.standings, of.one_kind, of.one_scope, of.marked)
elif of.question == "spread":
    ui.show(view, "spread", over.spread, of.one_kind, of.one_scope, of.group_by, of.order, of.marked)
elif of.question == "years" and of.other_year is None:
    if not view.years_left_out:
        st.info(view.t("compare_page.one_year_only"), icon=":material/event_busy:")
elif of.question == "years":
    one = (of.agencies, of.one_kind, of.one_scope)
    ui.show(view, "two-years", over.two_years, *one, of.other_year, of.order)
    ui.show(view, "all-years", over.all_years, *one)
    if len(of.scopes) <= over.MOST_LINES:
        ui.show(view, "own-years", over.one_over_years, of.focus, of.kind, of.scopes)
else:
    one = (of.agencies, of.one_kind, of.one_scope)
    ui.show(view, "assessed", over.assessed_agencies, *one, of.order)
    ui.show(view, "assessed-scopes", over.assessed_scopes, of.focus, of.kind, of.scopes, of.order)
