"""Where do the chosen agencies differ: from each other, their peers, another year, what the assessor says?"""

from typing import Any

import streamlit as st

from pmqa import ui
from pmqa.views.cards import compare as parts
from pmqa.views.cards import compare_over as over

view = ui.selected_view(in_meetings=True)
title = ui.open_page(view, "compare")
of = ui.choose_comparison(view, title)

over_parts: dict[str, Any] = {"kind": of.kind, "part": of.part}
over_agencies: dict[str, Any] = {"agencies": of.agencies, "scope": of.scope}
if of.question == "profile":
    held_against: dict[str, Any] = {"agencies": of.agencies, "peers": of.peers, "focus": of.focus, "median": of.median}
    held_against |= {"marked": of.marked, "order": of.order}
    if parts.has_profile(of.scopes(view)):
        ui.show(view, "compare.profile", **over_parts, **held_against)
    ui.show(view, "compare.values", **over_parts, **held_against)
elif of.question == "pair" and len(of.agencies) > 1:
    ui.show(view, "compare.pair", agencies=of.agencies[:2], **over_parts, order=of.order)
elif of.question == "pair":
    st.info(view.t("compare_page.two_needed"), icon=":material/touch_app:")
elif of.question == "peers":
    ui.show(view, "compare.peers", agency=of.focus, **over_parts, peers=of.peers, order=of.order)
elif of.question == "rest":
    ui.show(view, "compare.rest", agency=of.focus, **over_parts, peers=of.peers, order=of.order)
elif of.question == "everyone":
    ui.show(view, "compare.heat", **over_parts, order=of.order, marked=of.marked)
elif of.question == "one":
    ui.show(view, "compare.everyone", scope=of.scope, order=of.order, marked=of.marked)
    ui.show(view, "compare.ranks", scope=of.scope, marked=of.marked)
elif of.question == "spread":
    ui.show(view, "compare.spread", scope=of.scope, group=of.group_by, order=of.order, marked=of.marked)
elif of.question == "years" and of.other_year is None and view.announced.empty:
    if not view.years_left_out:
        st.info(view.t("compare_page.one_year_only"), icon=":material/event_busy:")
elif of.question == "years":
    if of.other_year is not None:
        ui.show(view, "compare.two-years", **over_agencies, other=of.other_year, order=of.order)
    ui.show(view, "compare.all-years", **over_agencies, mixed=of.mixed)
    if len(of.scopes(view)) <= over.MOST_LINES:
        ui.show(view, "compare.own-years", agency=of.focus, **over_parts)
else:
    ui.show(view, "compare.assessed", **over_agencies, order=of.order, theirs=of.theirs)
    ui.show(view, "compare.assessed-scopes", agency=of.focus, **over_parts, order=of.order, theirs=of.theirs)
