"""What a ministry's one page says: headline, three asks, and what they rest on; worded, before any format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from pmqa.charts.words import fitted, width_of
from pmqa.exports import Stamp, clean_text
from pmqa.exports.briefings import Briefing, Pair, Tile
from pmqa.exports.paper import Chip, chip_of
from pmqa.framework import BELOW
from pmqa.sources import CLAIMED, reviewing, source_of
from pmqa.text import Translator
from pmqa.views import derived
from pmqa.views.paper.group import link, on_every_basis, signed
from pmqa.views.view import View

MOST_AGENCIES: Final = 11  # on the first page; of more it shows the first and the last, and all on the next
ENDS: Final = 4  # first and last of these
MOST_CRITERIA, MOST_MOVERS, MOST_PAIRS, MOST_LESSONS = 5, 5, 5, 3
LEARNERS: Final = 2  # of a teacher
LEAST_CHANGE: Final = 5.0  # points from which a change has an arrow
NAME: Final = (138, 12)  # pixels and size of an agency's name in a table
WIDE_NAME: Final = (168, 12)  # in the table of all agencies
CRITERION: Final = (330, 12)
ASK, GIVES = (160, 14), (165, 12)
MOST_ASKS: Final = 3
TWO_LINES: Final = 1.8  # widths of a line that two hold, words unbroken
MISSING_LEVEL: Final = None

WORDS: Final = tuple(
    """
    eyebrow by agency overall change criterion lacking points alone movers_note self assessor difference category
    teacher learner nobody all_agencies level tiles opens
    """.split()  # noqa: SIM905 - a list of so many quoted words reads worse
)


@dataclass(frozen=True)
class _Ministry:
    """One ministry. view: of it alone; own is SCORED of the year, before of the year before."""

    view: View
    own: pd.DataFrame
    before: pd.DataFrame

    @staticmethod
    def of(view: View, ministry: str) -> _Ministry:
        """The ministry as the view has it."""
        alone = replace(view, ministries=(ministry,))
        plain = {"agency_code": "str", "agency_name": "str", "kind": "str", "scope": "str", "level": "object"}
        before = alone.of_year(view.fiscal_year - 1)
        return _Ministry(alone, alone.scored.astype(plain).reset_index(drop=True), before.astype(plain))

    @property
    def names(self) -> dict[str, str]:
        """Names of agencies by code."""
        rows = self.own.drop_duplicates("agency_code")
        return dict(zip(rows["agency_code"], map(clean_text, rows["agency_name"]), strict=True))

    def short(self, code: str) -> str:
        """A name that fits a column."""
        return fitted(self.names.get(code, code), *NAME, 1)[0]


def briefing(view: View, ministry: str, stamp: Stamp) -> Briefing:
    """The page of one ministry. Raises KeyError where nobody of it is in the view."""
    t, framework, these = view.t, view.framework, _Ministry.of(view, ministry)
    n = int((these.own["kind"] == "overall").sum())
    if not n:
        raise KeyError(ministry)
    lacking = _lacking(these)
    lessons = _lessons(these)
    absent = _absent(these)
    source = t("charts.source", source=view.source_line)
    shown = tuple(range(n)) if n <= MOST_AGENCIES else (*range(ENDS), *range(n - ENDS, n))
    return Briefing(
        language=view.language,
        ministry=ministry,
        finding=_finding(these),
        topic=replace(stamp, n=n).basis_line(),
        asks=_asks(these, lacking, lessons, absent),
        levels=_levels(these),
        levels_title=_levels_title(these),
        absent_title=t("exports.briefing.absent", n=len(absent)) if absent else t("exports.briefing.none_absent"),
        absent=absent[:4],
        table_title=_lowest(these),
        columns=tuple(category.id for category in framework.categories),
        rows=_rows(these),
        shown=shown,
        left_out="" if len(shown) == n else t("exports.briefing.left_out", n=n - len(shown)),
        key=tuple(chip_of(level, framework, t) for level in (BELOW, *(one.id for one in framework.levels))),
        criteria_title=_criteria_title(lacking, t),
        criteria=lacking,
        sent=n,
        movers_title=_movers_title(these),
        movers=_movers(these),
        **_assessed(these),
        teach_title=_teach_title(lessons, t),
        teach=tuple((category, teacher, learners) for category, teacher, learners, *_ in lessons),
        words={key: t(f"exports.briefing.{key}") for key in WORDS},
        link=link(view, "", ministry=ministry),
        footer=(
            " · ".join((source, stamp.filters_line(), stamp.origin_line(shown=True))),
            t("exports.briefing.marks"),
        ),
        sample=t("exports.sample") if stamp.sample else "",
    )


def _counts(these: _Ministry, rows: pd.DataFrame) -> dict[object, int]:
    """Agencies on each level, below first, those without a score last."""
    levels = rows.loc[rows["kind"] == "overall", "level"]
    order: list[object] = [BELOW, *(one.id for one in these.view.framework.levels)]
    return {level: int((levels == level).sum()) for level in order} | {MISSING_LEVEL: int(levels.isna().sum())}


def _finding(these: _Ministry) -> str:
    """How levels moved, and where most are below the first level."""
    t, framework = these.view.t, these.view.framework
    now, was = _counts(these, these.own), _counts(these, these.before)
    reached = next(
        (level.id for level in reversed(framework.levels) if now[level.id] or was[level.id]), framework.levels[0].id
    )
    words = {"level": t.pick(framework.level[reached].name), "now": now[reached]}
    first = (
        t("exports.briefing.level_was", before=was[reached], **words)
        if len(these.before)
        else t("exports.briefing.level_now", n=sum(now.values()), **words)
    )
    return f"{first} {_lowest(these)}"


def _lowest(these: _Ministry) -> str:
    """The category that most agencies have below the first level, else the one with the lowest middle."""
    t, framework = these.view.t, these.view.framework
    rows = these.own[(these.own["kind"] == "category") & these.own["score"].notna()]
    if rows.empty:
        return t("exports.briefing.no_scores")
    below = rows[rows["level"] == BELOW].groupby("scope").size()
    if len(below):
        scope = str(below.sort_index().idxmax())
        words = {"category": scope, "k": int(below[scope]), "n": int((rows["scope"] == scope).sum())}
        return t("exports.briefing.below", level=t.pick(framework.levels[0].name), **words)
    middles = rows.groupby("scope")["score"].median().sort_index()
    return t("exports.briefing.lowest", category=str(middles.idxmin()), n=rows["agency_code"].nunique())


def _levels(these: _Ministry) -> tuple[tuple[str, tuple[tuple[Chip, int], ...]], ...]:
    t, framework, year = these.view.t, these.view.framework, these.view.fiscal_year
    years = [(year - 1, these.before)] if len(these.before) else []
    return tuple(
        (
            t.year(one),
            tuple((chip_of(level, framework, t), count) for level, count in _counts(these, rows).items()),
        )
        for one, rows in [*years, (year, these.own)]
    )


def _levels_title(these: _Ministry) -> str:
    t, now, was = these.view.t, _counts(these, these.own), _counts(these, these.before)
    if not len(these.before):
        return t("exports.briefing.below_now", n=now[BELOW], of=sum(now.values()))
    return t("exports.briefing.below_was", now=now[BELOW], before=was[BELOW])


def _absent(these: _Ministry) -> tuple[tuple[str, str], ...]:
    """Who has not sent, sent late, or answered in part."""
    t, status = these.view.t, derived.status(these.view)
    found = [
        (t(f"exports.briefing.{state}"), fitted(clean_text(str(name)), 190, 12, 1)[0])
        for state in ("missing", "refused", "late")
        for name in status.loc[status["state"].astype("str") == state, "agency_name"]
    ]
    overall = these.own[these.own["kind"] == "overall"]
    for row in overall[overall["coverage"] < 1].itertuples(index=False):
        who = fitted(clean_text(row.agency_name), 150, 12, 1)[0]
        best = t("exports.briefing.at_best", coverage=t.percent(row.coverage), best=t.number(row.score_max))
        found.append((t("exports.briefing.incomplete"), f"{who} {best}"))
    return tuple(found)


def _rows(these: _Ministry) -> tuple[tuple[str, tuple[Tile, ...]], ...]:
    """The agencies, best first, those without a score last."""
    t, framework = these.view.t, these.view.framework
    keys = [("overall", "overall"), *(("category", category.id) for category in framework.categories)]
    cells = {
        (row.agency_code, row.kind, row.scope): row
        for row in these.own[these.own["kind"].isin(["overall", "category"])].itertuples(index=False)
    }
    was = these.before.set_index(["agency_code", "kind", "scope"])["score"].to_dict()
    overall = these.own[these.own["kind"] == "overall"]
    order = overall.sort_values(["score", "agency_code"], ascending=[False, True], na_position="last")["agency_code"]
    found = []
    for code in order:
        tiles = []
        for kind, scope in keys:
            row: Any = cells[code, kind, scope]
            change = row.score - was.get((code, kind, scope), float("nan"))
            arrow = 0 if pd.isna(change) or abs(change) < LEAST_CHANGE else 1 if change > 0 else -1
            shown = t.number(row.score, 1 if kind == "overall" else 0)
            tiles.append(Tile(chip_of(row.level, framework, t), shown, arrow, bool(row.coverage < 1)))
        found.append((fitted(these.names[str(code)], *WIDE_NAME, 1)[0], tuple(tiles)))
    return tuple(found)


def _lacking(these: _Ministry) -> tuple[tuple[str, int, str, str], ...]:
    """The criteria that release most, with how many lack them."""
    t, framework = these.view.t, these.view.framework
    found = derived.leverage(these.view, "points").head(MOST_CRITERIA)
    return tuple(
        (
            fitted(f"{row.criterion} {t.pick(framework.criterion[row.criterion].text)}", *CRITERION, 1)[0],
            int(row.agencies),
            signed(float(row.release_overall), t),
            t("exports.briefing.alone_of", n=int(row.alone)),
        )
        for row in found.astype({"criterion": "str"}).itertuples(index=False)
    )


def _criteria_title(lacking: tuple[tuple[str, int, str, str], ...], t: Translator) -> str:
    """Which release most, all of them where they release the same."""
    if not lacking:
        return t("exports.briefing.no_criteria")
    _, _, most, _ = lacking[0]
    first = [words.partition(" ")[0] for words, _, points, _ in lacking if points == most]
    return t("exports.briefing.criteria", criteria=", ".join(first), points=most)


def _teach_title(lessons: list[tuple[str, ...]], t: Translator) -> str:
    """Who can teach whom in the category that differs most."""
    if not lessons:
        return t("exports.briefing.no_teach")
    category, _, _, _, teacher, lows = lessons[0]
    whose = fitted(teacher, *WIDE_NAME, 1)[0]
    return f"{category}: {t('exports.briefing.ask_teach_gives', teacher=whose, scores=lows)}"


def _moved(these: _Ministry) -> pd.DataFrame:
    """Agencies with a score in both years: change of the overall, levels before and now; most risen first."""
    columns = ["agency_code", "score", "level"]
    now = these.own.loc[these.own["kind"] == "overall", columns]
    was = these.before.loc[these.before["kind"] == "overall", columns]
    both = now.merge(was, on="agency_code", suffixes=("", "_was")).dropna(subset=["score", "score_was"])
    both = both.assign(change=both["score"] - both["score_was"])
    return both.sort_values(["change", "agency_code"], ascending=[False, True], ignore_index=True)


def _movers_title(these: _Ministry) -> str:
    moved = _moved(these)
    if moved.empty:
        return these.view.t("exports.briefing.no_movers")
    most, least = (signed(float(moved["change"].iloc[place]), these.view.t) for place in (0, -1))
    return these.view.t("exports.briefing.movers", most=most, least=least)


def _movers(these: _Ministry) -> tuple[Pair, ...]:
    """The most risen and the most fallen, on a scale that has zero."""
    t, framework, moved = these.view.t, these.view.framework, _moved(these)
    if len(moved) > MOST_MOVERS:
        moved = pd.concat([moved.head(MOST_MOVERS - 2), moved.tail(2)])
    low, high = min(moved["change"].min(), 0.0), max(moved["change"].max(), 0.0)
    span = (high - low) or 1.0
    found = []
    for row in moved.itertuples(index=False):
        was, now = chip_of(row.level_was, framework, t).code, chip_of(row.level, framework, t).code
        note = t("exports.briefing.kept", level=now) if was == now else t("exports.briefing.became", was=was, now=now)
        zero, end = -low / span, (row.change - low) / span
        found.append(Pair(these.short(str(row.agency_code)), zero, end, note, signed(float(row.change), t)))
    return tuple(found)


def _assessed(these: _Ministry) -> dict[str, Any]:
    """Agency against assessor: the largest differences first."""
    t, nothing = these.view.t, {"assessed_title": these.view.t("exports.briefing.no_assessed"), "assessed": ()}
    rows = on_every_basis(these.view).astype({"agency_code": "str", "basis": "str"})
    rows = rows[rows["agency_code"].isin(these.own["agency_code"])]
    both = rows.pivot_table(index="agency_code", columns="basis", values="score")
    known = both.reindex(columns=[CLAIMED, *reviewing()]).dropna(subset=[CLAIMED])
    theirs = next((basis for basis in reviewing() if known[basis].notna().any()), None)
    if theirs is None:
        return nothing
    both = known.dropna(subset=[theirs]).rename(columns={CLAIMED: "own", theirs: "assessed"})
    both = both.assign(difference=both["assessed"] - both["own"])
    lower = int((both["difference"] < 0).sum())
    words = {
        "who": t.pick(source_of(theirs).name),
        "lower": lower,
        "n": len(both),
        "median": signed(float(both["difference"].median()), t),
    }
    first = both.reindex(both["difference"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_PAIRS)
    ends = first[["own", "assessed"]]
    low, span = ends.min().min(), (ends.max().max() - ends.min().min()) or 1.0
    pairs = tuple(
        Pair(
            these.short(str(row.Index)),
            (row.own - low) / span,
            (row.assessed - low) / span,
            f"{t.number(row.own)} / {t.number(row.assessed)}",
            signed(float(row.difference), t),
        )
        for row in first.itertuples()
    )
    return {"assessed_title": t("exports.briefing.assessed", **words), "assessed": pairs}


def _lessons(these: _Ministry) -> list[tuple[str, ...]]:
    """In the categories that differ most: the best complete agency, and the lowest, whom it could teach; then the
    category's id, the teacher's name, the learners' scores."""
    t, framework = these.view.t, these.view.framework
    rows = these.own[(these.own["kind"] == "category") & these.own["score"].notna()]
    found = []
    for category in framework.categories:
        of_it = rows[rows["scope"] == category.id].sort_values(["score", "agency_code"], ascending=[False, True])
        complete = of_it[of_it["coverage"] == 1]
        if complete.empty or len(of_it) <= LEARNERS:
            continue
        best, lowest = complete.iloc[0], of_it.tail(LEARNERS).iloc[::-1]
        lowest = lowest[lowest["agency_code"] != best["agency_code"]]
        least = float(lowest["score"].min())
        if best["score"] <= least or best["level"] == BELOW:
            continue

        def said(row: Any) -> str:
            return f"{these.short(row.agency_code)} {t.number(row.score)} {chip_of(row.level, framework, t).code}"

        learners = " · ".join(said(row) for row in lowest.itertuples(index=False))
        name = t("exports.briefing.of_category", category=category.id)
        lows = ", ".join(t.number(score) for score in lowest["score"])
        one = (name, said(best), learners, category.id, these.names[best["agency_code"]], lows)
        found.append((float(best["score"]) - least, one))
    found.sort(key=lambda pair: -pair[0])
    return [one for _, one in found[:MOST_LESSONS]]


def _asks(
    these: _Ministry,
    lacking: tuple[tuple[str, int, str, str], ...],
    lessons: list[tuple[str, ...]],
    absent: tuple[tuple[str, str], ...],
) -> tuple[tuple[str, str], ...]:
    """At most three, each with what it gives."""
    t = these.view.t
    close = [
        (
            t("exports.briefing.ask_close", criterion=words.partition(" ")[0], n=count),
            t("exports.briefing.ask_close_gives", points=points, n=count),
        )
        for words, count, points, _ in lacking
    ]
    teach = [
        (
            t("exports.briefing.ask_teach", category=category),
            _teaching(name, lows, t),
        )
        for _, _, _, category, name, lows in lessons
    ]
    answer = [(t("exports.briefing.ask_answer", n=len(absent)), t("exports.briefing.ask_answer_gives"))]
    asks = [*close[:1], *teach[:1], *(answer if absent else []), *close[1:], *teach[1:]]
    return tuple((_within(what, ASK), _within(gives, GIVES)) for what, gives in asks[:MOST_ASKS])


def _teaching(teacher: str, scores: str, t: Translator) -> str:
    """Who teaches those with which scores: a long name gives way, never a number."""
    width, size = GIVES
    for room in (width, width * 2 // 3, width // 2, width // 3):
        said = t("exports.briefing.ask_teach_gives", teacher=fitted(teacher, room, size, 1)[0], scores=scores)
        if width_of(said, size) <= TWO_LINES * width:
            break
    return said


def _within(text: str, room: tuple[int, int]) -> str:
    """At most two lines of so many pixels in letters of that size."""
    width, size = room
    return fitted(text, TWO_LINES * width, size, 1)[0]
