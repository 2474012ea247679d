"""What an agency's one page says: finding, where it stands, why, what to do; worded, before any format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmqa.analysis.indicators import indicator_table
from pmqa.analysis.paths import Path
from pmqa.analysis.peers import ranks
from pmqa.charts.results import TARGET_RATE
from pmqa.charts.words import fitted, width_of
from pmqa.exports.paper import Before, Chip, chip_of, scores_before, settable, share_of, signed
from pmqa.exports.report_files import report_pptx
from pmqa.exports.reports import Page, Report, ReportData, level_name, next_level, shortest_way
from pmqa.exports.stamp import Stamp, clean_text, file_name
from pmqa.exports.typesetting import typeset
from pmqa.framework import BELOW, Framework
from pmqa.sources import SELF, bases, bases_of
from pmqa.text import Translator, translator

MOST_STEPS: Final = 5  # of the way to the next level; what more there is, is counted
MOST_POINTS: Final = 3  # strengths, gaps, indicators farthest from their targets
FINDING, FINDING_WIDTH = 24, 640  # pixels of its letters and of a line
NAME_ROOMS: Final = (600, 480, 360, 240)  # pixels of an agency's name in it
STEP: Final = (262, 12.7)  # of a step's words
MEASURE: Final = (160, 12.7)


ROWS_OF: Final = {
    **dict.fromkeys(("scored", "over_years"), "agency_code"),
    **dict.fromkeys(("answers", "measures", "measure_results"), "submission"),
}
NOWHERE: Final = np.array([], dtype=np.intp)
WORDS: Final = tuple(
    """
    eyebrow category score change level strengths gaps step gain running owner due worst actual rate met not_met
    unreported core quartiles before bases no_worst
    """.split()  # noqa: SIM905 - a list of so many quoted words reads worse
)  # headings and the key, of exports.one_pager


@dataclass(frozen=True)
class Row:
    """A category: shares of the scale for the bar, last year's dot and the peers' quartiles; None = not known."""

    name: str
    score: str
    change: str
    chip: Chip
    at: float | None
    before: float | None
    quartiles: tuple[float, float] | None
    incomplete: bool


@dataclass(frozen=True)
class Step:
    """A criterion to close, and where the overall stands after it (share of the way shown)."""

    code: str
    words: str
    whole: str  # the words where there is room for all of them
    gain: str
    score: str
    start: float
    end: float


@dataclass(frozen=True)
class OnePager:
    """An agency on one page of A4, every word in one language; blanks are said, never 0."""

    language: str
    agency: str
    finding: str
    topic: str
    tiles: tuple[tuple[str, str, str], ...]  # label, value, note
    level: Chip
    bases: tuple[tuple[str, str], ...]
    where: str  # the finding of the categories
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[Row, ...]
    key: tuple[Chip, ...]
    strengths: tuple[tuple[str, str], ...]
    gaps: tuple[tuple[str, str], ...]
    way: str
    steps: tuple[Step, ...]
    results: str
    marks: tuple[tuple[str, str], ...]  # a result item; its indicators: m met, x not, n not reported, capital core
    worst: tuple[tuple[str, str, str], ...]
    words: dict[str, str]
    footer: tuple[str, ...]
    sample: str  # that fictitious agencies are among the data; "" where there are none


@dataclass(frozen=True)
class Group:
    """What every page of a group is held against, and where each agency's rows are, made once.

    stats: PEER_STATS of a kind by scope. ranks: RANKS of the overall by agency. indicators: INDICATORS of all, rated.
    rows: of each of the data's tables, the places of the rows of an agency or a submission.
    """

    data: ReportData
    stats: Mapping[str, pd.DataFrame]
    ranks: pd.DataFrame
    indicators: Mapping[str, pd.DataFrame]
    rows: Mapping[str, Mapping[str, NDArray[np.intp]]]

    @staticmethod
    def of(data: ReportData) -> Group:
        """The group of all agencies of the data."""
        peers = data.peer_stats().astype({"kind": "str", "scope": "str"})
        stats = {kind: peers[peers["kind"] == kind].set_index("scope") for kind in ("overall", "category")}
        order = ranks(data.scored, "overall", "overall", complete_only=data.complete_only)
        rows = {
            name: table.groupby(table[key].astype("str"), sort=False).indices
            for name, key in ROWS_OF.items()
            if (table := getattr(data, name)) is not None
        }
        table = indicator_table(data.measures, data.measure_results, data.framework)
        rated = table[table["success_rate"].notna()].astype({"submission": "str", "indicator": "str"})
        indicators = dict(iter(rated.groupby("submission", sort=False)))
        return Group(data, stats, order.astype({"agency_code": "str"}).set_index("agency_code"), indicators, rows)

    def part(self, agency: str) -> ReportData:
        """The data of one agency. Raises KeyError where it is not there."""
        scored = self.data.scored.iloc[self.rows["scored"][agency]]
        ids = {"agency_code": agency, "submission": str(scored["submission"].iloc[0])}
        parts = {
            name: getattr(self.data, name).iloc[places.get(ids[ROWS_OF[name]], NOWHERE)]
            for name, places in self.rows.items()
        }
        return replace(self.data, **parts)


def one_pagers(
    data: ReportData,
    agencies: Iterable[str],
    stamp: Stamp,
    form: Literal["pdf", "pptx"],
    every_basis: pd.DataFrame | None = None,
    *,
    template: bytes | None = None,
) -> Iterator[tuple[str, bytes]]:
    """File name and content of the page of each agency, one by one, so that the caller shows progress and may stop."""
    group, t = Group.of(data), translator(stamp.language)
    for agency in agencies:
        page = one_pager(data, agency, stamp, every_basis, group=group)
        titled = replace(stamp, title=page.finding)
        content = (
            one_pager_pdf(page) if form == "pdf" else report_pptx(one_pager_report(page, titled), template=template)
        )
        yield file_name([t("exports.one_pager.name"), agency, page.agency, stamp.fiscal_year], form), content


def one_pager(
    data: ReportData,
    agency: str,
    stamp: Stamp,
    every_basis: pd.DataFrame | None = None,
    *,
    group: Group | None = None,
) -> OnePager:
    """The page of one agency. every_basis: SCORED of the year on every basis, for the tile that holds them.
    group: of the data, where several pages are made.

    Raises KeyError where the agency is not in data.scored.
    """
    t, framework = translator(stamp.language), data.framework
    group = group or Group.of(data)
    data = group.part(agency)
    own = data.scored.astype({"kind": "str", "scope": "str", "level": "object"})
    before = scores_before(data, agency)
    overall = own[own["kind"] == "overall"].iloc[0]
    name = clean_text(str(overall["agency_name"]))
    way = shortest_way(data, str(overall["submission"]))
    rows = _rows(data, group, own, before, t)
    words = {key: t(f"exports.one_pager.{key}", framework=t.pick(framework.name)) for key in WORDS}
    return OnePager(
        language=stamp.language,
        agency=name,
        finding=_finding(name, overall, way, framework, t),
        topic=stamp.basis_line(),
        tiles=_tiles(data, group, agency, overall, before, t),
        level=chip_of(overall["level"], framework, t),
        bases=_on_bases(every_basis, agency, t),
        where=_where(rows, framework, t),
        ticks=tuple(
            (share_of(value, framework), f"{t.number(value, 0)} {framework.level[level].code}")
            for level, value in framework.scoring.level_thresholds.items()
        ),
        rows=rows,
        key=tuple(chip_of(level, framework, t) for level in (BELOW, *(one.id for one in framework.levels))),
        strengths=_points(data, group, own, before, t, high=True),
        gaps=_points(data, group, own, before, t, high=False),
        way=_way_words(way, overall, framework, t),
        steps=_steps(way, framework, t),
        words=words,
        footer=(
            t("charts.source", source=data.source)
            + " · "
            + t("exports.one_pager.coverage", coverage=t.percent(overall["coverage"])),
            " · ".join(part for part in (stamp.filters_line(), stamp.origin_line(shown=True)) if part),
        ),
        sample=t("exports.sample") if stamp.sample else "",
        **_results(group.indicators.get(str(overall["submission"])), framework, t),
    )


def one_pager_pdf(page: OnePager) -> bytes:
    """The page as PDF for everybody. Raises ExportError."""
    (content,) = typeset("one_pager", settable(asdict(page)), page.language)
    return content


def one_pager_report(page: OnePager, stamp: Stamp) -> Report:
    """The same as slides: standing and categories, why, what to do, results."""
    t, words = translator(page.language), page.words
    standing = tuple(f"{label}: {value} · {note}" for label, value, note in page.tiles)
    on_bases = " · ".join(f"{name} {score}" for name, score in page.bases)
    categories = pd.DataFrame(
        [(row.name, row.score, row.change, f"{row.chip.code} {row.chip.name}") for row in page.rows],
        columns=[words["category"], words["score"], words["change"], words["level"]],
    )
    why = [f"▲ {lead}: {rest}" for lead, rest in page.strengths] + [f"▼ {lead}: {rest}" for lead, rest in page.gaps]
    steps = pd.DataFrame(
        [(f"{step.code} {step.whole}", step.gain, step.score, "", "") for step in page.steps],
        columns=[words["step"], words["gain"], words["running"], words["owner"], words["due"]],
    )
    worst = pd.DataFrame(list(page.worst), columns=[words["worst"], words["actual"], words["rate"]])
    pages = (
        Page(page.finding, (page.topic, *standing), None),
        Page(page.where, (on_bases,) if on_bases else (), categories),
        Page(f"{words['strengths']} · {words['gaps']}", tuple(why)),
        Page(page.way, (), steps if len(steps) else None),
        Page(page.results, (), worst if len(worst) else None),
        Page(t("exports.report.how"), (t("exports.method"), *page.footer)),
    )
    return Report(stamp, pages)


# --- words ------------------------------------------------------------------------------------------------------------


def _finding(name: str, *about: Any) -> str:
    """In two lines at most: a long name gives way."""
    for room in NAME_ROOMS:
        said = _said(fitted(name, room, FINDING, 1)[0], *about)
        if width_of(said, FINDING) <= 2 * FINDING_WIDTH:
            break
    return said


def _said(name: str, overall: pd.Series[Any], way: Path | None, framework: Framework, t: Translator) -> str:
    if pd.isna(overall["score"]):
        return t("exports.one_pager.no_score", agency=name)
    following = next_level(overall["level"], framework)
    if following is None:
        words = {"agency": name, "score": t.number(overall["score"])}
        return t("exports.one_pager.highest", level=level_name(overall["level"], framework, t), **words)
    gap = framework.scoring.level_thresholds[following] - float(overall["score"])
    first = t("exports.one_pager.lacks", agency=name, gap=t.number(gap), level=t.pick(framework.level[following].name))
    if way is None or not way.reachable or not way.criteria:
        return f"{first} {t('exports.one_pager.out_of_reach')}"
    categories = sorted({framework.item[framework.criterion[one].item].category for one in way.criteria})
    more = t("exports.one_pager.close", n=len(way.criteria), categories=", ".join(categories))
    return f"{first} {more}"


def _tiles(
    data: ReportData, group: Group, agency: str, overall: pd.Series[Any], before: Before, t: Translator
) -> tuple[tuple[str, str, str], ...]:
    framework = data.framework
    was = before.get(("overall", "overall"))
    if was is None or pd.isna(overall["score"]):
        change = t("exports.one_pager.no_before")
    else:
        words = {"change": signed(float(overall["score"]) - was, t), "before": t.number(was)}
        change = t("exports.one_pager.since", **words)
    most = t.number(framework.scoring.scale_max, 0)
    following = next_level(overall["level"], framework)
    to_go = ""
    if pd.notna(overall["score"]) and following is not None:
        gap = framework.scoring.level_thresholds[following] - float(overall["score"])
        to_go = t("exports.one_pager.to_go", gap=t.number(gap), level=t.pick(framework.level[following].name))
    return (
        (t("exports.one_pager.overall", most=most), t.number(overall["score"]), change),
        (t("exports.one_pager.level"), level_name(overall["level"], framework, t), to_go),
        _rank_tile(data, group, agency, t),
    )


def _rank_tile(data: ReportData, group: Group, agency: str, t: Translator) -> tuple[str, str, str]:
    found, overall = group.ranks, group.stats["overall"]
    median = None if overall.empty else overall.iloc[0]["median"]
    label = t("exports.one_pager.rank", n=len(found))
    if agency not in found.index:
        return label, t.number(None), t("exports.one_pager.not_ranked")
    low, high = (int(found[end][agency]) for end in ("rank_low", "rank_high"))
    note = t("exports.one_pager.too_few", least=data.minimum)
    if median is not None and pd.notna(median):
        note = t("exports.one_pager.median", median=t.number(median))
    return label, str(low) if low == high else f"{low}–{high}", note


def _on_bases(scored: pd.DataFrame | None, agency: str, t: Translator) -> tuple[tuple[str, str], ...]:
    if scored is None:
        return ()
    own = scored[(scored["agency_code"] == agency) & (scored["kind"] == "overall")]
    by_basis = dict(zip(own["basis"].astype("str"), own["score"], strict=True))
    there = {*bases_of(SELF.id), *scored["basis"].astype("str")}  # a review that nobody has had is none
    return tuple((t.pick(basis.name), t.number(by_basis.get(one))) for one, basis in bases().items() if one in there)


def _where(rows: tuple[Row, ...], framework: Framework, t: Translator) -> str:
    known = [(category.id, row) for category, row in zip(framework.categories, rows, strict=True) if row.at is not None]
    if not known:
        return t("exports.one_pager.no_category")
    low = [one for one, row in known if row.quartiles is not None and (row.at or 0.0) < row.quartiles[0]]
    if low:
        return t("exports.one_pager.below_quartile", categories=", ".join(low))
    if any(row.quartiles is not None for _, row in known):
        return t("exports.one_pager.none_below")
    best, worst = max(known, key=lambda one: one[1].at or 0.0), min(known, key=lambda one: one[1].at or 0.0)
    return t("exports.one_pager.ends", best=best[1].name, high=best[1].score, worst=worst[1].name, low=worst[1].score)


def _rows(data: ReportData, group: Group, own: pd.DataFrame, before: Before, t: Translator) -> tuple[Row, ...]:
    framework = data.framework
    peers = group.stats["category"]
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


def _points(
    data: ReportData, group: Group, own: pd.DataFrame, before: Before, t: Translator, *, high: bool
) -> tuple[tuple[str, str], ...]:
    """The categories farthest above (or below) the group's median, or without one, the agency's own overall."""
    medians = group.stats["category"]["median"]
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
        name = fitted(f"{scope} {t.pick(data.framework.category[scope].name)}", 270, 13.3, 1)[0]
        of_peers = median is not None and pd.notna(median)
        key = ("above" if high else "under") + ("_median" if of_peers else "_overall")
        rest = t(f"exports.one_pager.{key}", difference=t.number(abs(difference)), median=t.number(median))
        was = before.get(("category", scope))
        if was is not None:
            rest += f" · {t('exports.one_pager.changed', change=signed(score - was, t))}"
        said.append((f"{name} {t.number(score)}", rest))
    return tuple(said) or ((t(f"exports.one_pager.no_{'strength' if high else 'gap'}"), ""),)


def _way_words(way: Path | None, overall: pd.Series[Any], framework: Framework, t: Translator) -> str:
    following = next_level(overall["level"], framework)
    if way is None or following is None:
        return t("exports.one_pager.no_way")
    level = t.pick(framework.level[following].name)
    if not way.reachable:
        return t("exports.one_pager.way_unreachable", level=level, best=t.number(way.best))
    words = {"level": level, "n": len(way.criteria), "start": t.number(way.score_before)}
    said = t("exports.one_pager.way", end=t.number(way.score_after), **words)
    more = len(way.criteria) - MOST_STEPS
    return said if more <= 0 else f"{said} {t('exports.one_pager.first', shown=MOST_STEPS, more=more)}"


def _steps(way: Path | None, framework: Framework, t: Translator) -> tuple[Step, ...]:
    if way is None or not way.reachable or way.score_before is None or way.score_after is None:
        return ()
    first = way.steps.head(MOST_STEPS)
    span = (way.score_after - way.score_before) or 1.0
    running, found = way.score_before, []
    for criterion, gain, score in zip(first["criterion"].astype("str"), first["gain"], first["score"], strict=True):
        found.append(
            Step(
                code=criterion,
                words=fitted(whole := clean_text(t.pick(framework.criterion[criterion].text)), *STEP, 1)[0],
                whole=whole,
                gain=signed(float(gain), t),
                score=t.number(score),
                start=(running - way.score_before) / span,
                end=(float(score) - way.score_before) / span,
            )
        )
        running = float(score)
    return tuple(found)


def _results(rated: pd.DataFrame | None, framework: Framework, t: Translator) -> dict[str, Any]:
    """Indicators met, missed and not reported, and the three farthest from their targets. rated: those of INDICATORS
    with a rate, None where there are none."""
    own = [] if rated is None else list(rated.sort_values(["success_rate", "indicator"], kind="stable").itertuples())
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
        words = fitted(f"{row.indicator} {clean_text(name)}", *MEASURE, 1)[0]
        unit = f" {clean_text(row.unit)}" if isinstance(row.unit, str) else ""
        pair = fitted(f"{t.number(row.actual, 2)} / {t.number(row.target, 2)}{unit}", 120, 12.7, 1)[0]
        worst.append((words, pair, t.number(row.success_rate, 0)))
    counts = {"met": told.count("m"), "missed": told.count("x"), "silent": told.count("n")}
    return {
        "results": t("exports.one_pager.results", n=len(told), **counts),
        "marks": tuple(signs.items()),
        "worst": tuple(worst),
    }
