"""What a ministry's one page says: headline, three asks, and what they rest on; worded, before any format."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import pandas as pd

from pmqa.analysis.gaps import blocking_criteria
from pmqa.analysis.leverage import leverage
from pmqa.charts.words import fitted, width_of
from pmqa.exports.paper import Chip, chip_of, settable, signed
from pmqa.exports.report_files import report_pptx
from pmqa.exports.reports import Page, Report, ReportData
from pmqa.exports.stamp import Stamp, clean_text
from pmqa.exports.typesetting import typeset
from pmqa.framework import BELOW, Framework
from pmqa.sources import CLAIMED, reviewing, source_of
from pmqa.text import Translator, translator

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


@dataclass(frozen=True)
class Tile:
    """A cell of the table of agencies: change is -1, 0 or 1 where it is worth an arrow."""

    chip: Chip
    score: str
    change: int
    incomplete: bool


@dataclass(frozen=True)
class Pair:
    """A name and two ends on a scale of its own (shares), with words beside them."""

    name: str
    start: float
    end: float
    note: str
    difference: str


@dataclass(frozen=True)
class Briefing:
    """A ministry on one page of A4, every word in one language."""

    language: str
    ministry: str
    finding: str
    topic: str
    asks: tuple[tuple[str, str], ...]  # what, and what it gives
    levels: tuple[tuple[str, tuple[tuple[Chip, int], ...]], ...]  # a year, its levels with whole agencies
    levels_title: str
    absent_title: str
    absent: tuple[tuple[str, str], ...]
    table_title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Tile, ...]], ...]
    shown: tuple[int, ...]  # rows on the first page; those left out between them are counted
    left_out: str
    key: tuple[Chip, ...]
    criteria_title: str
    criteria: tuple[tuple[str, int, str, str], ...]  # words, agencies that lack it, points, agencies it alone keeps
    sent: int
    movers_title: str
    movers: tuple[Pair, ...]
    assessed_title: str
    assessed: tuple[Pair, ...]
    teach_title: str
    teach: tuple[tuple[str, str, str], ...]  # category, teacher, learners
    words: dict[str, str]
    footer: tuple[str, ...]
    sample: str  # that fictitious agencies are among the data; "" where there are none


WORDS: Final = tuple(
    """
    eyebrow by agency overall change criterion lacking points alone movers_note self assessor difference category
    teacher learner nobody all_agencies level
    """.split()  # noqa: SIM905 - a list of so many quoted words reads worse
)


@dataclass(frozen=True)
class _Ministry:
    """The tables of one ministry: own is SCORED of the year, before of the year before."""

    data: ReportData
    own: pd.DataFrame
    before: pd.DataFrame
    t: Translator

    def scores(self, rows: pd.DataFrame, kind: str = "overall") -> pd.DataFrame:
        """Agencies x scopes of a kind."""
        of_kind = rows[rows["kind"] == kind]
        return of_kind.pivot_table(index="agency_code", columns="scope", values="score", dropna=False, sort=True)

    @property
    def names(self) -> dict[str, str]:
        """Names of agencies by code."""
        rows = self.own.drop_duplicates("agency_code")
        return dict(zip(rows["agency_code"], map(clean_text, rows["agency_name"]), strict=True))

    def short(self, code: str) -> str:
        """A name that fits a column."""
        return fitted(self.names.get(code, code), *NAME, 1)[0]


def briefing(
    data: ReportData,
    ministry: str,
    stamp: Stamp,
    every_basis: pd.DataFrame | None = None,
    status: pd.DataFrame | None = None,
) -> Briefing:
    """The page of one ministry.

    every_basis: SCORED (overall) of the year on every basis, for agency against assessor. status: STATUS of the year,
    for who is missing or late. Raises KeyError where the ministry is not in data.scored.
    """
    t, framework = translator(stamp.language), data.framework
    plain = {"agency_code": "str", "agency_name": "str", "ministry": "str", "kind": "str", "scope": "str"}
    own = data.scored.astype(plain | {"level": "object"})
    own = own[own["ministry"] == ministry].reset_index(drop=True)
    if own.empty:
        raise KeyError(ministry)
    year = int(own["fiscal_year"].iloc[0])
    earlier = own.iloc[:0]
    if data.over_years is not None:
        earlier = data.over_years.astype(plain | {"level": "object"})
        earlier = earlier[(earlier["ministry"] == ministry) & (earlier["fiscal_year"] == year - 1)]
    these = _Ministry(data, own, earlier, t)
    overall = own[own["kind"] == "overall"]
    n = len(overall)
    lacking = _lacking(these)
    lessons = _lessons(these)
    absent = _absent(these, ministry, status)
    shown = tuple(range(n)) if n <= MOST_AGENCIES else (*range(ENDS), *range(n - ENDS, n))
    return Briefing(
        language=stamp.language,
        ministry=ministry,
        finding=_finding(these),
        topic=replace(stamp, n=n).basis_line(),
        asks=_asks(these, lacking, lessons, absent),
        levels=_levels(these, year),
        levels_title=_levels_title(these),
        absent_title=t("exports.briefing.absent", n=len(absent)) if absent else t("exports.briefing.none_absent"),
        absent=absent[:4],
        table_title=_lowest(these),
        columns=tuple(category.id for category in framework.categories),
        rows=_rows(these),
        shown=shown,
        left_out="" if len(shown) == n else t("exports.briefing.left_out", n=n - len(shown)),
        key=tuple(chip_of(level, framework, t) for level in (BELOW, *(one.id for one in framework.levels))),
        criteria_title=t("exports.briefing.criteria") if lacking else t("exports.briefing.no_criteria"),
        criteria=lacking,
        sent=n,
        movers_title=_movers_title(these),
        movers=_movers(these),
        **_assessed(these, every_basis),
        teach_title=t("exports.briefing.teach") if lessons else t("exports.briefing.no_teach"),
        teach=tuple((category, teacher, learners) for category, teacher, learners, *_ in lessons),
        words={key: t(f"exports.briefing.{key}") for key in WORDS},
        footer=(
            " · ".join((t("charts.source", source=data.source), stamp.filters_line(), stamp.origin_line(shown=True))),
            t("exports.briefing.marks"),
        ),
        sample=t("exports.sample") if stamp.sample else "",
    )


def briefing_file(page: Briefing, stamp: Stamp, form: Literal["pdf", "pptx"], template: bytes | None = None) -> bytes:
    """The page as PDF for everybody, or as a deck. Raises ExportError."""
    if form == "pptx":
        return report_pptx(briefing_report(page, stamp), template=template)
    (content,) = typeset("briefing", settable(asdict(page)), page.language)
    return content


def briefing_report(page: Briefing, stamp: Stamp) -> Report:
    """The same as slides: finding, asks, agencies, criteria, movers, assessors, teachers."""
    t, words = translator(page.language), page.words
    asks = tuple(f"{number}. {what} – {gives} · {words['by']}" for number, (what, gives) in enumerate(page.asks, 1))
    absent = tuple(f"{what}: {who}" for what, who in page.absent)
    levels = tuple(
        f"{year}: " + " · ".join(f"{chip.code} {chip.name} {count}" for chip, count in parts if count)
        for year, parts in page.levels
    )
    agencies = pd.DataFrame(
        [
            (name, *(f"{tile.chip.code} {tile.score}{'*' if tile.incomplete else ''}" for tile in tiles))
            for name, tiles in page.rows
        ],
        columns=[words["agency"], words["overall"], *page.columns],
    )
    criteria = pd.DataFrame(
        [(what, f"{count}/{page.sent}", points, alone) for what, count, points, alone in page.criteria],
        columns=[words["criterion"], words["lacking"], words["points"], words["alone"]],
    )
    movers = pd.DataFrame(
        [(one.name, one.note, one.difference) for one in page.movers],
        columns=[words["agency"], words["level"], words["change"]],
    )
    assessed = pd.DataFrame(
        [(one.name, one.note, one.difference) for one in page.assessed],
        columns=[words["agency"], f"{words['self']} / {words['assessor']}", words["difference"]],
    )
    teach = pd.DataFrame(list(page.teach), columns=[words["category"], words["teacher"], words["learner"]])
    pages = [
        Page(page.finding, (page.topic, *asks)),
        Page(page.levels_title, (*levels, page.absent_title, *absent)),
        Page(page.table_title, (), agencies),
        *(Page(title, (), table) for title, table in (
            (page.criteria_title, criteria),
            (page.movers_title, movers),
            (page.assessed_title, assessed),
            (page.teach_title, teach),
        ) if len(table)),
        Page(t("exports.report.how"), (t("exports.method"), *page.footer)),
    ]  # fmt: skip
    return Report(replace(stamp, title=page.finding), tuple(pages))


# --- blocks -----------------------------------------------------------------------------------------------------------


def _counts(rows: pd.DataFrame, framework: Framework) -> dict[object, int]:
    """Agencies on each level, below first, those without a score last."""
    levels = rows.loc[rows["kind"] == "overall", "level"]
    order: list[object] = [BELOW, *(one.id for one in framework.levels)]
    return {level: int((levels == level).sum()) for level in order} | {MISSING_LEVEL: int(levels.isna().sum())}


def _finding(these: _Ministry) -> str:
    """How levels moved, and where most are below the first level."""
    t, framework = these.t, these.data.framework
    now, was = _counts(these.own, framework), _counts(these.before, framework)
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
    t, framework = these.t, these.data.framework
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


def _levels(these: _Ministry, year: int) -> tuple[tuple[str, tuple[tuple[Chip, int], ...]], ...]:
    t, framework = these.t, these.data.framework
    years = [(year - 1, these.before)] if len(these.before) else []
    return tuple(
        (
            t.year(one),
            tuple((chip_of(level, framework, t), count) for level, count in _counts(rows, framework).items()),
        )
        for one, rows in [*years, (year, these.own)]
    )


def _levels_title(these: _Ministry) -> str:
    t, framework = these.t, these.data.framework
    now, was = _counts(these.own, framework), _counts(these.before, framework)
    if not len(these.before):
        return t("exports.briefing.below_now", n=now[BELOW], of=sum(now.values()))
    return t("exports.briefing.below_was", now=now[BELOW], before=was[BELOW])


def _absent(these: _Ministry, ministry: str, status: pd.DataFrame | None) -> tuple[tuple[str, str], ...]:
    """Who has not sent, sent late, or answered in part."""
    t = these.t
    found = []
    if status is not None:
        rows = status[(status["ministry"].astype("str") == ministry)]
        for state in ("missing", "refused", "late"):
            for name in rows.loc[rows["state"].astype("str") == state, "agency_name"]:
                found.append((t(f"exports.briefing.{state}"), fitted(clean_text(str(name)), 190, 12, 1)[0]))
    overall = these.own[these.own["kind"] == "overall"]
    for row in overall[overall["coverage"] < 1].itertuples(index=False):
        who = fitted(clean_text(row.agency_name), 150, 12, 1)[0]
        best = t("exports.briefing.at_best", coverage=t.percent(row.coverage), best=t.number(row.score_max))
        found.append((t("exports.briefing.incomplete"), f"{who} {best}"))
    return tuple(found)


def _rows(these: _Ministry) -> tuple[tuple[str, tuple[Tile, ...]], ...]:
    """The agencies, best first, those without a score last."""
    t, framework = these.t, these.data.framework
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
    t, data = these.t, these.data
    ids = set(these.own["submission"].astype("str"))
    answers = data.answers[data.answers["submission"].isin(ids)]
    found = leverage(blocking_criteria(answers, data.framework, data.basis)).head(MOST_CRITERIA)
    return tuple(
        (
            fitted(f"{row.criterion} {t.pick(data.framework.criterion[row.criterion].text)}", *CRITERION, 1)[0],
            int(row.agencies),
            signed(float(row.release_overall), t),
            t("exports.briefing.alone_of", n=int(row.alone)),
        )
        for row in found.astype({"criterion": "str"}).itertuples(index=False)
    )


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
        return these.t("exports.briefing.no_movers")
    most, least = (signed(float(moved["change"].iloc[place]), these.t) for place in (0, -1))
    return these.t("exports.briefing.movers", most=most, least=least)


def _movers(these: _Ministry) -> tuple[Pair, ...]:
    """The most risen and the most fallen, on a scale that has zero."""
    t, framework, moved = these.t, these.data.framework, _moved(these)
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


def _assessed(these: _Ministry, every_basis: pd.DataFrame | None) -> dict[str, Any]:
    """Agency against assessor: the largest differences first."""
    t, nothing = these.t, {"assessed_title": these.t("exports.briefing.no_assessed"), "assessed": ()}
    if every_basis is None:
        return nothing
    rows = every_basis.astype({"agency_code": "str", "basis": "str", "kind": "str"})
    rows = rows[(rows["kind"] == "overall") & rows["agency_code"].isin(these.own["agency_code"])]
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
    t, framework = these.t, these.data.framework
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
        one = (name, said(best), learners, category.id, these.short(best["agency_code"]), lows)
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
    t = these.t
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
