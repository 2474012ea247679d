"""The first page: who has sent, what needs somebody first, what is new since one last looked; how to begin."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from pmqa.access import may, sources_of
from pmqa.charts.drawing import level_colours
from pmqa.charts.palette import ink_on
from pmqa.charts.telling import Line
from pmqa.demo import fill_with_samples, is_untouched
from pmqa.errors import StoreError
from pmqa.framework import BELOW, DEFAULT_EDITION, shipped_frameworks
from pmqa.sources import SOURCES
from pmqa.text import Translator
from pmqa.ui import state
from pmqa.ui.navigation import end_page
from pmqa.ui.showing import download
from pmqa.views import data, derived
from pmqa.views.cards import home as parts
from pmqa.views.cards.submit import form_maker
from pmqa.views.memory import shared
from pmqa.views.offered import last_fiscal_year
from pmqa.views.view import View
from pmqa.views.words import plain

ICONS: Final = {
    "overdue": ":material/event_busy:",
    "refused": ":material/assignment_late:",
    "blocking": ":material/block:",
    "fall": ":material/trending_down:",
    "group": ":material/groups:",
    "near": ":material/stairs:",
    "target": ":material/flag:",
    "assessor": ":material/compare_arrows:",
    "check": ":material/rule:",
    "rise": ":material/trending_up:",
    "unanswered": ":material/hourglass_empty:",
}
# What a link keeps of what is chosen above the page.
KEPT: Final = ("lang", "year", "basis", "ministry", "type", "incomplete", "meeting", "round")
SEEN: Final = "_seen_before"  # what this visit found when it began: the version seen last and when, or None

# A finding is one link: its sentence on a line, what else one should know below it in small letters.
STYLE: Final = """<style>
.st-key-highlights, .st-key-more-highlights { gap: 0; }
:is(.st-key-highlights, .st-key-more-highlights) [data-testid="stPageLink"] { width: 100%; }
:is(.st-key-highlights, .st-key-more-highlights) [data-testid="stPageLink-NavLink"] {
  align-items: flex-start; height: auto; padding: 3px 4px 7px; border-top: 1px solid rgba(128, 140, 155, .35);
  border-radius: 0; text-decoration: none; max-width: 100%;
}
:is(.st-key-highlights, .st-key-more-highlights) p { white-space: normal; font-size: .875rem; line-height: 1.45; }
:is(.st-key-highlights, .st-key-more-highlights) p > span[style*="font-size"], .st-key-highlights p small {
  display: block; font-size: .76rem !important; opacity: .85; line-height: 1.6;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.st-key-head [data-testid="stWidgetLabel"] { position: absolute; clip-path: inset(50%); }
.pmqa-status { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; align-items: center; line-height: 1.5; }
.pmqa-status b { font-size: 1.1rem; }
.pmqa-status .bar { display: inline-block; width: 9rem; height: .5rem; border-radius: .25rem;
  background: rgba(128, 140, 155, .3); overflow: hidden; }
.pmqa-status .bar i { display: block; height: 100%; background: #2f6fc4; }
.pmqa-scale { display: flex; margin-block: .4rem; line-height: 1.5; }
.pmqa-scale span { padding: .3rem .5rem; box-sizing: border-box; border-left: 2px solid #5f7d9e; overflow: hidden; }
</style>"""


def show_status(view: View) -> None:
    """In one line who has sent of those who must, how long there still is, and what is new since one last looked."""
    t = view.t
    touched, when = _new_since(view)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="status"):
        st.html(f'{STYLE}<div class="pmqa-status">{"".join(_status(view, derived.this_hour()))}</div>', width="content")
        new = [
            t(f"home.since_{action}", n=t.number(len(agencies), 0))
            for action, agencies in touched.items()
            if t.has(f"home.since_{action}")
        ]
        if new and when is not None:
            said = plain(t("home.since", date=t.date(when), what=" · ".join(new)))
            if view.meeting:
                st.caption(said)
            else:
                st.page_link("pages/submit.py", label=said, query_params=_kept({}))


def show_highlights(view: View) -> None:
    """The best of what needs somebody first, each a link to what proves it; below, the others."""
    t = view.t
    first, more = parts.lines(view, derived.this_hour())
    touched, _ = _new_since(view)
    new = frozenset().union(*touched.values())
    st.header(t("home.highlights"), anchor=False)
    if not first:
        st.caption(t("home.nothing"))
        return
    st.caption(t("home.shown", n=len(first), of=len(first) + len(more)))
    with st.container(key="highlights"):
        for line in first:
            _link(view, line, line.subject in new)
    if more:
        with st.expander(t("home.more", n=len(more)), key="more-highlights"):
            for line in more:
                _link(view, line, line.subject in new)


def _link(view: View, line: Line, new: bool) -> None:
    page, choices = WHERE[line.kind](view, line)
    mark = f" :blue-badge[{view.t('home.new')}]" if new else ""
    says = f"**{plain(line.who)}** {plain(line.says)}{mark}"
    st.page_link(
        f"pages/{page}.py",
        label=f"{says} :small[{plain(line.beside)}]",
        icon=ICONS[line.kind],
        help=plain(line.whole) if line.whole != line.who else None,
        query_params=_kept(choices),
        width="stretch",
    )


def _kept(choices: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a link: what is chosen above the page, and its own; whole, as it may open in a new window."""
    chosen = {name: ids for name, ids in state.held().items() if name in KEPT and name not in choices}
    own = {name: [str(value)] for name, value in choices.items()}
    return [(name, str(one)) for name, ids in (chosen | own).items() for one in ids]


Where = Callable[[View, Line], tuple[str, dict[str, Any]]]


def _sending(view: View, _: Line) -> tuple[str, dict[str, Any]]:
    return "register", {"must_year": view.fiscal_year, "must_source": view.source}


def _group(view: View, line: Line) -> tuple[str, dict[str, Any]]:
    # In a meeting a ministry goes by a number, by which nobody can filter.
    return "compare", {"ask": "everyone", "by": "dimension"} | ({} if view.meeting else {"ministry": line.subject})


def _measures(_: View, line: Line) -> tuple[str, dict[str, Any]]:
    return "indicators", {"part": "agency", "measure": (line.scope or "").partition(" ")[0], **line.choices}


def _years(_: View, line: Line) -> tuple[str, dict[str, Any]]:
    return "years", {"years_part": "agency", **line.choices}


def _gaps(_: View, line: Line) -> tuple[str, dict[str, Any]]:
    return "gaps", dict(line.choices)


# Where a kind is shown, and what is to be chosen there.
WHERE: Final[Mapping[str, Where]] = {
    "overdue": _sending,
    "refused": _sending,
    "blocking": lambda *_: ("leverage", {"leverage_part": "blocking"}),
    "fall": _years,
    "group": _group,
    "near": _gaps,
    "target": _measures,
    "assessor": lambda _, line: ("assess", {"assess_part": "one", "assessed": line.subject}),
    "check": lambda _, line: ("doctor", {"of_agency": line.subject, "check": line.choices["check"]}),
    "rise": _years,
    "unanswered": _gaps,
}


@shared(most=32)
def _status(view: View, now: dt.datetime) -> tuple[str, ...]:
    """Pieces of HTML: how many have sent of those who must, and how many are missing, overdue or have to mend."""
    t = view.t
    rows = derived.status(view)
    rows = rows[rows["expected"].astype("bool")]
    if rows.empty:
        n = len(view.agencies)
        complete = int(view.broad.loc[view.broad["kind"] == "overall", "complete"].sum())
        return _piece(t("home.sent_n"), n), _piece(t("home.complete_n"), complete)
    state_of = rows["state"].astype("str")
    sent = int(state_of.isin(["sent", "late"]).sum())
    overdue = int(((state_of == "missing") & rows["due"].notna() & (rows["due"] < now)).sum())
    refused = int((state_of == "refused").sum())
    share = 100 * sent / len(rows)
    if data.register_is_of_senders(view.version):  # of how many is not known, nor who is missing
        unknown = t("home.unsent_unknown", n=t.number(len(rows) - sent, 0))
        pieces = [_piece(t("home.sent_n"), sent), f"<span>{html.escape(unknown)}</span>"]
    else:
        pieces = [
            _piece(t("home.sent_of", of=len(rows)), sent),
            f'<span class="bar" aria-hidden="true"><i style="width: {share:.0f}%"></i></span>',
            _piece(t("home.unsent"), len(rows) - sent),
        ]
    pieces += [_piece(t(f"home.{name}"), n, alarm=True) for name, n in (("late", overdue), ("mend", refused)) if n]
    coming = rows.loc[rows["due"].notna() & (rows["due"] >= now), "due"]
    if len(coming):
        due = coming.min()
        pieces.append(f"<span>{html.escape(t('home.left', days=(due - now).days, date=t.date(due)))}</span>")
    return tuple(pieces)


def _piece(words: str, n: int, *, alarm: bool = False) -> str:
    colour = ' style="color: var(--st-red-text-color, #b8331f)"' if alarm else ""
    return f"<span{colour}>{html.escape(words)} <b>{n:,}</b></span>"


def _new_since(view: View) -> tuple[dict[str, frozenset[str]], dt.datetime | None]:
    """What changed since the version that whoever looks saw before this visit, by action; and when they saw it.

    Agencies as this view calls them. Who looks now is kept when a visit sees a version for the first time.
    """
    session, version = st.session_state, data.short(view.version)
    found: dict[str, Any] = session.setdefault(SEEN, {"before": None, "noted": None})
    if found["noted"] is None:
        found["before"] = data.store().audit.last_look(view.viewer.name)
    if found["noted"] != version:
        found["noted"] = version
        try:
            data.store().audit.look(view.viewer.name, version)
        except StoreError:  # a full disk keeps nobody from reading
            return {}, None
    if found["before"] is None:
        return {}, None
    seen, when = found["before"]
    touched = data.touched_since(view.version, view.viewer, seen)
    names = view.aliases.agencies if view.meeting else {}
    kept = {action: frozenset(names.get(code, code) for code in codes) for action, codes in touched.items()}
    return {
        action: codes & view.agencies.keys() for action, codes in kept.items() if codes & view.agencies.keys()
    }, when


# --- how to begin ---------------------------------------------------------------------------------------------------


def show_start(view: View) -> None:
    """Where nobody has sent anything yet, what this is and three steps, for whoever may take them; ends the page."""
    every = [data.submissions(view.version, view.viewer, source) for source in SOURCES]
    if not all(rows.empty for rows in every) or not sources_of(view.viewer):
        return
    t = view.t
    st.html(f"{STYLE}<style>.st-key-filters {{ display: none; }}</style>")
    st.title(t("home.start"), anchor=False)
    framework = view.framework
    counts = {"categories": len(framework.categories), "dimensions": len(framework.dimensions)}
    st.markdown(t("home.what", **counts, most=t.number(framework.scoring.scale_max, 0)))
    st.html(_scale(view))
    st.header(t("home.three_steps"), anchor=False)
    steps = st.columns(3, border=True)
    for number, step in enumerate(steps, 1):
        step.caption(t("home.step", n=number))
        step.markdown(f"**{t(f'home.step_{number}')}**\n\n{t(f'home.step_{number}_how')}")
    with steps[0]:
        year = last_fiscal_year()
        words = t("home.form", year=t.year(year))
        download(
            "form", words, (t("submit_page.form_file"), year), form_maker(view, view.edition, year, None), main=True
        )
    with steps[1]:
        st.page_link("pages/submit.py", label=t("home.to_submit"), icon=":material/upload_file:")
    steps[2].caption(t("home.begins"))
    _offer_samples(view)
    with st.container(horizontal=True):
        st.page_link("pages/framework.py", label=t("home.to_framework"), icon=":material/menu_book:")
        if may(view.viewer, "keep_register"):
            st.page_link("pages/register.py", label=t("home.to_register"), icon=":material/fact_check:")
    end_page()


def _scale(view: View) -> str:
    """The scale in proportion: most of it lies below the first level."""
    scoring, t = view.framework.scoring, view.t
    edges = [scoring.scale_min, *scoring.level_thresholds.values()]
    names = [BELOW, *scoring.level_thresholds]
    colours = level_colours(len(scoring.level_thresholds))
    parts_of = []
    for name, low, high, colour in zip(names, edges, [*edges[1:], None], colours, strict=True):
        if high is None:
            parts_of.append(f"<b>{html.escape(view.level_name(name))} {t.number(low, 0)}</b>")
            continue
        width = 100 * (high - low) / (scoring.scale_max - scoring.scale_min)
        words = f"{html.escape(view.level_name(name))} {t.number(low, 0)}–{t.number(high, 0)}"
        looks = f"width: {width:.2f}%; background: {colour}; color: {ink_on(colour)}"
        parts_of.append(f'<span style="{looks}">{words}</span>')
    last = parts_of.pop()
    return f'<div class="pmqa-scale">{"".join(parts_of)}</div><div style="text-align: right">{last}</div>'


def _offer_samples(view: View) -> None:
    """Sample data by one button, for who may remove them again, where nothing was ever recorded."""
    t = view.t
    if not may(view.viewer, "remove_samples") or not is_untouched(data.store()):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="offer-samples"):
        st.markdown(f":material/science: **{t('home.try')}** {t('home.try_how')}")
        if st.button(t("home.fill"), icon=":material/play_arrow:", key="fill-samples"):
            fill(t)


def fill(t: Translator) -> None:
    """Put the samples in, saying how far it is, and begin again."""
    with st.container(key="filling"):
        bar = st.progress(0.0, t("ui.filling"))
        for done in fill_with_samples(data.store(), shipped_frameworks()[DEFAULT_EDITION]):
            bar.progress(done.done / done.total, t("ui.filling_n", done=done.done, of=done.total))
    st.rerun()
