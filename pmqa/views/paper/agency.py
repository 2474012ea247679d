"""What an agency's one page says: finding, where it stands, why, what to do; worded, before any format."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pmqa.analysis.paths import Path, cheapest_path
from pmqa.charts.results import TARGET_RATE
from pmqa.charts.words import fitted, lines_of, width_of
from pmqa.exports import Stamp, clean_text
from pmqa.exports.one_pagers import Missed, OnePager, Row, Step
from pmqa.exports.paper import chip_of, share_of
from pmqa.framework import BELOW
from pmqa.scoring import OVERALL
from pmqa.sources import SELF, bases, bases_of
from pmqa.views.paper.group import group, link, next_level, signed
from pmqa.views.view import View

MOST_STEPS: Final = 5  # of the way to the next level; what more there is, is counted
MOST_POINTS: Final = 3  # strengths, gaps, indicators farthest from their targets
FINDING, FINDING_WIDTH = 24, 640  # pixels of its letters and of a line
NAME_ROOMS: Final = (600, 480, 360, 240)  # pixels of an agency's name in it
STEP: Final = (262, 12.7)  # of a step's words
MEASURE: Final = (160, 12.7)
VALUES: Final = 120  # pixels of an actual and its target
SHORTEST_UNIT: Final = 30  # pixels: of less nobody reads what unit it is

WORDS: Final = tuple(
    """
    eyebrow category score change level strengths gaps step gain running owner due worst actual rate met not_met
    unreported by_item core quartiles before bases no_worst opens
    """.split()  # noqa: SIM905 - a list of so many quoted words reads worse
)  # headings and the key, of exports.one_pager

Before = dict[tuple[str, str], float]  # scores of the year before by kind and scope


def one_pager(view: View, agency: str, stamp: Stamp) -> OnePager:
    """The page of one agency. Raises KeyError where it is not in the view."""
    t, framework, submission = view.t, view.framework, view.submission_id(agency)
    own = group(view).scored.of(agency).astype({"kind": "str", "scope": "str", "level": "object"})
    before = _scores_before(view, agency)
    overall = own[own["kind"] == "overall"].iloc[0]
    name = clean_text(str(overall["agency_name"]))
    way = _shortest_way(view, submission, overall)
    rows = _rows(view, own, before)
    return OnePager(
        language=view.language,
        agency=name,
        finding=_finding(name, view, overall, way),
        topic=stamp.basis_line(),
        tiles=_tiles(view, agency, overall, before),
        level=chip_of(overall["level"], framework, t),
        bases=_on_bases(view, agency),
        where=_where(view, rows),
        ticks=tuple(
            (share_of(value, framework), f"{t.number(value, 0)} {framework.level[level].code}")
            for level, value in framework.scoring.level_thresholds.items()
        ),
        rows=rows,
        key=tuple(chip_of(level, framework, t) for level in (BELOW, *(one.id for one in framework.levels))),
        strengths=_points(view, own, before, high=True),
        gaps=_points(view, own, before, high=False),
        way=_way_words(view, way, overall),
        steps=_steps(view, way),
        words={key: t(f"exports.one_pager.{key}", framework=t.pick(framework.name)) for key in WORDS},
        footer=(
            t("charts.source", source=view.source_line)
            + " · "
            + t("exports.one_pager.coverage", coverage=t.percent(overall["coverage"])),
            " · ".join(part for part in (stamp.filters_line(), stamp.origin_line(shown=True)) if part),
        ),
        link=link(view, "agency", agency=agency),
        sample=t("exports.sample") if stamp.sample else "",
        **_results(view, submission),
    )


def _scores_before(view: View, agency: str) -> Before:
    """The agency's scores of the year before by kind and scope; {} where there are none."""
    rows = group(view).year_before.of(agency)
    rows = rows[rows["score"].notna()]
    keys = zip(rows["kind"].astype("str"), rows["scope"].astype("str"), strict=True)
    return {key: float(score) for key, score in zip(keys, rows["score"], strict=True)}


def _shortest_way(view: View, submission: str, overall: pd.Series[Any]) -> Path | None:
    """The way of the overall to its next level; None where there is none, or no score."""
    following = next_level(view, overall["level"])
    if following is None or pd.isna(overall["score"]):
        return None
    answers, measures = (parts.of(submission) for parts in (group(view).answers, group(view).measures))
    target = view.framework.scoring.level_thresholds[following]
    return cheapest_path(answers, view.framework, view.basis, target, measures=measures)


def _finding(name: str, *about: Any) -> str:
    """In two lines at most: a long name gives way."""
    for room in NAME_ROOMS:
        said = _said(fitted(name, room, FINDING, 1)[0], *about)
        if width_of(said, FINDING) <= 2 * FINDING_WIDTH:
            break
    return said


def _said(name: str, view: View, overall: pd.Series[Any], way: Path | None) -> str:
    t, framework = view.t, view.framework
    if pd.isna(overall["score"]):
        return t("exports.one_pager.no_score", agency=name)
    following = next_level(view, overall["level"])
    if following is None:
        words = {"agency": name, "score": t.number(overall["score"])}
        return t("exports.one_pager.highest", level=view.level_name(overall["level"]), **words)
    gap = framework.scoring.level_thresholds[following] - float(overall["score"])
    first = t("exports.one_pager.lacks", agency=name, gap=t.number(gap), level=t.pick(framework.level[following].name))
    if way is None or not way.reachable or not way.criteria:
        return f"{first} {t('exports.one_pager.out_of_reach')}"
    categories = sorted({framework.item[framework.criterion[one].item].category for one in way.criteria})
    more = t("exports.one_pager.close", n=len(way.criteria), categories=", ".join(categories))
    return f"{first} {more}"


def _tiles(view: View, agency: str, overall: pd.Series[Any], before: Before) -> tuple[tuple[str, str, str], ...]:
    t, framework = view.t, view.framework
    was = before.get(("overall", "overall"))
    if was is None or pd.isna(overall["score"]):
        change = t("exports.one_pager.no_before")
    else:
        words = {"change": signed(float(overall["score"]) - was, t), "before": t.number(was)}
        change = t("exports.one_pager.since", **words)
    most = t.number(framework.scoring.scale_max, 0)
    following = next_level(view, overall["level"])
    to_go = ""
    if pd.notna(overall["score"]) and following is not None:
        gap = framework.scoring.level_thresholds[following] - float(overall["score"])
        to_go = t("exports.one_pager.to_go", gap=t.number(gap), level=t.pick(framework.level[following].name))
    return (
        (t("exports.one_pager.overall", most=most), t.number(overall["score"]), change),
        (t("exports.one_pager.level"), view.level_name(overall["level"]), to_go),
        _rank_tile(view, agency),
    )


def _rank_tile(view: View, agency: str) -> tuple[str, str, str]:
    t, found, overall = view.t, group(view).ranks, view.peer_row(OVERALL, OVERALL)
    median = None if overall is None else overall["median"]
    label = t("exports.one_pager.rank", n=len(found))
    if agency not in found.index:
        return label, t.number(None), t("exports.one_pager.not_ranked")
    low, high = (int(found[end][agency]) for end in ("rank_low", "rank_high"))
    note = t("exports.one_pager.too_few", least=view.peer_minimum)
    if median is not None and pd.notna(median):
        note = t("exports.one_pager.median", median=t.number(median))
    return label, str(low) if low == high else f"{low}–{high}", note


def _on_bases(view: View, agency: str) -> tuple[tuple[str, str], ...]:
    t, scored = view.t, group(view).every_basis
    own = scored.of(agency)
    by_basis = dict(zip(own["basis"].astype("str"), own["score"], strict=True))
    there = {*bases_of(SELF.id), *scored.table["basis"].astype("str")}  # a review that nobody has had is none
    return tuple((t.pick(basis.name), t.number(by_basis.get(one))) for one, basis in bases().items() if one in there)


def _where(view: View, rows: tuple[Row, ...]) -> str:
    t, categories = view.t, view.framework.categories
    known = [(category.id, row) for category, row in zip(categories, rows, strict=True) if row.at is not None]
    if not known:
        return t("exports.one_pager.no_category")
    low = [one for one, row in known if row.quartiles is not None and (row.at or 0.0) < row.quartiles[0]]
    if low:
        return t("exports.one_pager.below_quartile", categories=", ".join(low))
    if any(row.quartiles is not None for _, row in known):
        return t("exports.one_pager.none_below")
    best, worst = max(known, key=lambda one: one[1].at or 0.0), min(known, key=lambda one: one[1].at or 0.0)
    return t("exports.one_pager.ends", best=best[1].name, high=best[1].score, worst=worst[1].name, low=worst[1].score)


def _rows(view: View, own: pd.DataFrame, before: Before) -> tuple[Row, ...]:
    t, framework, peers = view.t, view.framework, group(view).quartiles
    mine = own[own["kind"] == "category"].set_index("scope")
    found = []
    for category in framework.categories:
        score = mine["score"].get(category.id)
        score = None if score is None or pd.isna(score) else float(score)
        was = before.get(("category", category.id))
        quartiles = None
        if category.id in peers.index and pd.notna(peers["q1"][category.id]):
            ends = peers["q1"][category.id], peers["q3"][category.id]
            quartiles = (share_of(float(ends[0]), framework), share_of(float(ends[1]), framework))
        found.append(
            Row(
                name=f"{category.id} {fitted(t.pick(category.name), 215, 12.7, 1)[0]}",
                score=t.number(score),
                change=t.number(None) if score is None or was is None else signed(score - was, t),
                chip=chip_of(mine["level"].get(category.id), framework, t),
                at=None if score is None else share_of(score, framework),
                before=None if was is None else share_of(was, framework),
                quartiles=quartiles,
                incomplete=bool(mine["coverage"].get(category.id, 0.0) < 1),
            )
        )
    return tuple(found)


def _points(view: View, own: pd.DataFrame, before: Before, *, high: bool) -> tuple[tuple[str, str], ...]:
    """The categories farthest above (or below) the group's median, or without one, the agency's own overall."""
    t, medians = view.t, group(view).quartiles["median"]
    overall = own.loc[own["kind"] == "overall", "score"].iloc[0]
    mine = own[(own["kind"] == "category") & own["score"].notna()]
    told = []
    for scope, score in zip(mine["scope"], mine["score"], strict=True):
        median = medians.get(scope)
        against = overall if median is None or pd.isna(median) else median
        told.append((float(score) - float(against), scope, float(score), median))
    told.sort(key=lambda one: (-one[0], one[1]) if high else (one[0], one[1]))
    said = []
    for difference, scope, score, median in told[:MOST_POINTS]:
        if difference == 0 or (difference > 0) != high:
            continue
        name = fitted(f"{scope} {t.pick(view.framework.category[scope].name)}", 270, 13.3, 1)[0]
        of_peers = median is not None and pd.notna(median)
        key = ("above" if high else "under") + ("_median" if of_peers else "_overall")
        rest = t(f"exports.one_pager.{key}", difference=t.number(abs(difference)), median=t.number(median))
        was = before.get(("category", scope))
        if was is not None:
            rest += f" · {t('exports.one_pager.changed', change=signed(score - was, t))}"
        said.append((f"{name} {t.number(score)}", rest))
    return tuple(said) or ((t(f"exports.one_pager.no_{'strength' if high else 'gap'}"), ""),)


def _way_words(view: View, way: Path | None, overall: pd.Series[Any]) -> str:
    t, following = view.t, next_level(view, overall["level"])
    if way is None or following is None:
        return t("exports.one_pager.no_way")
    level = t.pick(view.framework.level[following].name)
    if not way.reachable:
        return t("exports.one_pager.way_unreachable", level=level, best=t.number(way.best))
    words = {"level": level, "n": len(way.criteria), "start": t.number(way.score_before)}
    said = t("exports.one_pager.way", end=t.number(way.score_after), **words)
    more = len(way.criteria) - MOST_STEPS
    return said if more <= 0 else f"{said} {t('exports.one_pager.first', shown=MOST_STEPS, more=more)}"


def _steps(view: View, way: Path | None) -> tuple[Step, ...]:
    t = view.t
    if way is None or not way.reachable or way.score_before is None or way.score_after is None:
        return ()
    first = way.steps.head(MOST_STEPS)
    span = (way.score_after - way.score_before) or 1.0
    running, found = way.score_before, []
    for criterion, gain, score in zip(first["criterion"].astype("str"), first["gain"], first["score"], strict=True):
        found.append(
            Step(
                code=criterion,
                words=fitted(whole := clean_text(t.pick(view.framework.criterion[criterion].text)), *STEP, 1)[0],
                whole=whole,
                gain=signed(float(gain), t),
                score=t.number(score),
                start=(running - way.score_before) / span,
                end=(float(score) - way.score_before) / span,
            )
        )
        running = float(score)
    return tuple(found)


def _results(view: View, submission: str) -> dict[str, Any]:
    """Indicators met, missed and not reported, and the three farthest from their targets."""
    t, framework, rated = view.t, view.framework, group(view).rated.of(submission)
    own = list(rated.sort_values(["success_rate", "indicator"], kind="stable").itertuples())
    lowest: dict[str, float] = {}
    for row in own:
        lowest.setdefault(row.indicator, row.success_rate)
    signs: dict[str, str] = {}
    for item in framework.items_with_indicators:
        kept = ""
        for one in framework.scopes("indicator"):
            if framework.indicator[one].item != item.id:
                continue
            rate = lowest.get(one)
            sign = "n" if rate is None else "m" if rate >= TARGET_RATE else "x"
            kept += sign.upper() if framework.indicator[one].core else sign
        signs[item.id] = kept
    told = "".join(signs.values()).casefold()
    worst = []
    for row in [row for row in own if row.success_rate < TARGET_RATE][:MOST_POINTS]:
        name = row.name if isinstance(row.name, str) and row.name else t.pick(framework.indicator[row.indicator].name)
        whole = f"{row.indicator} {clean_text(name)}"
        pair = with_unit(f"{t.number(row.actual, 2)} / {t.number(row.target, 2)}", row.unit)
        worst.append(Missed(fitted(whole, *MEASURE, 1)[0], whole, pair, t.number(row.success_rate, 0)))
    counts = {"met": told.count("m"), "missed": told.count("x"), "silent": told.count("n")}
    return {
        "results": t("exports.one_pager.results", n=len(told), **counts),
        "marks": tuple(signs.items()),
        "worst": tuple(worst),
    }


def with_unit(numbers: str, unit: object) -> str:
    """The numbers and as much of their unit as there is room for: it gives way, and no figure does."""
    room = VALUES - width_of(f"{numbers} ", MEASURE[1])
    if not isinstance(unit, str) or not unit or room < SHORTEST_UNIT:
        return numbers
    return f"{numbers} {lines_of(clean_text(unit), room, MEASURE[1], 1)[0]}"
