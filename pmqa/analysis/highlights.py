"""What needs somebody first: over everything that is known of a year, the few findings worth a look.

Kinds come in a fixed order; within one, rows are ranked by points. Of whom the facts are, the highlights are: the whole
reach, one ministry, one agency.

kind        subject    scope             value                            beside               count of
overdue     agency     -                 days since the due moment        -                    -     who must send
refused     agency     -                 days since it, if it has passed  -                    -     who must send
blocking    criterion  its item          overall points, summed           agencies that reach  whom  submissions
                                                                          the level then       it blocks
fall, rise  agency     overall           the change, like for like        score before         -     agencies compared
group       ministry   dimension         points missing to the level      the level's points   below agencies that count
near        agency     criterion         points of the item it releases   the item's score     -     -
                                                                          then
target      agency     measures          -                                -                    they  measures compared
assessor    agency     overall           own less assessed                -                    -     agencies assessed
check       agency     measure           the number                       what it is held      -     -
                                                                          against
unanswered  agency     overall           score_max less score; blank      coverage             -     -
                                         where nothing was answered
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.doctor import KEY, SLIPS
from pmqa.analysis.indicators import is_worsening
from pmqa.analysis.leverage import LEVERAGE, leverage, lone_blockers
from pmqa.analysis.matching import places_of, taken
from pmqa.analysis.peers import counting
from pmqa.framework import Framework
from pmqa.scoring import OVERALL, of_settled
from pmqa.shown import differences_shown, shown_tenths
from pmqa.tables import Table, as_text

HIGHLIGHTS: Final = Table(
    "highlights",
    {
        "kind": "text",  # one of KINDS
        "subject": "text",  # agency code, name of a ministry, id of a criterion
        "scope": "text?",  # what of it; several measures separated by a space, the weightiest first
        "value": "float?",
        "beside": "float?",  # what the value stands beside
        "count": "int?",
        "of": "int?",  # out of how many
        "about": "text?",  # a level, or the check and column that ask
        "others": "int",  # of the same kind, ranked below this one
        "weight": "float?",  # points that rank the rows of a kind, each kind its own; blank ones last
        "card": "text",  # id of the card that proves it
        "choices": "text",  # of that card: JSON
    },
    key=("kind", "subject", "scope"),
)

ASKS: Final = Table(
    "asks",
    {
        **LEVERAGE.some("criterion", "item", "level"),
        "agencies": "text",  # codes of those that it blocks, most to gain first, one a line
        "n": "int",  # how many they are
        "reached": "int",  # of them, those that reach the level in this item by it alone
        "gain": "float",  # points of the overall, summed over them
        "owner": "text?",  # for people to fill in
    },
    key=("criterion",),
)

MOST_OF_A_KIND: Final = 2
MOST_SHOWN: Final = 10
DAY: Final = pd.Timedelta(days=1)
CHECKS: Final = (*SLIPS, "leap")  # those whose number is more likely wrong than remarkable


@dataclass(frozen=True)
class Facts:
    """What is known of one year on one basis; a frame without rows says nothing of its kinds.

    status: STATUS. scored: SCORED. moves: MOVES since the year `before`, None where there is none. blockers: BLOCKERS.
    results: MEASURE_RESULTS of the basis. differences: DIFFERENCES. diagnoses: DIAGNOSES. now: UTC, without zone.
    minimum: agencies below which nothing is said of a group. complete_only: whether complete agencies alone count.
    """

    framework: Framework
    now: dt.datetime
    status: pd.DataFrame
    scored: pd.DataFrame
    moves: pd.DataFrame
    before: int | None
    blockers: pd.DataFrame
    results: pd.DataFrame
    differences: pd.DataFrame
    diagnoses: pd.DataFrame
    minimum: int = 1
    complete_only: bool = True

    def of(self, agency: str) -> Facts:
        """The same of one agency alone."""
        own = _overall(self.scored).query("agency_code == @agency")["submission"].astype("str")
        by_agency = {name: _among(getattr(self, name), "agency_code", [agency]) for name in AGENCY_FRAMES}
        by_submission = {name: _among(getattr(self, name), "submission", own) for name in SUBMISSION_FRAMES}
        return replace(self, **by_agency, **by_submission)


AGENCY_FRAMES: Final = ("status", "scored", "moves", "differences")
SUBMISSION_FRAMES: Final = ("blockers", "results", "diagnoses")


def highlights(facts: Facts) -> pd.DataFrame:
    """HIGHLIGHTS, at most two of a kind: first the weightiest of each kind in the order of kinds, then the second.

    The first MOST_SHOWN are what one looks at; whoever shows them puts them into the order of kinds (`in_order`).
    """
    ranked = [_ranked(kind.find(facts)) for kind in KINDS.values()]
    rows = [
        {"kind": name, **of[place], "card": kind.card, "choices": json.dumps(kind.choices(of[place], facts))}
        for place in range(MOST_OF_A_KIND)
        for (name, kind), of in zip(KINDS.items(), ranked, strict=True)
        if place < len(of)
    ]
    return HIGHLIGHTS.conform(pd.DataFrame(rows, columns=list(HIGHLIGHTS.columns)))


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    """HIGHLIGHTS in the order of kinds, the weightiest of each first."""
    order = found["kind"].map(list(KINDS).index)
    return found.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def asks(scored: pd.DataFrame, blockers: pd.DataFrame, most: int) -> pd.DataFrame:
    """What to ask for, most points first: so many ASKS of BLOCKERS with the SCORED of their submissions, without an
    owner."""
    found = leverage(blockers).head(most)
    blockers, owners = blockers[blockers["criterion"].isin(found["criterion"])], _owners(scored)
    whose = places_of(blockers, owners, ["submission"])
    rows = blockers[["criterion", "release_overall"]].assign(agency_code=taken(owners["agency_code"], whose))
    rows = rows[whose >= 0].sort_values(["release_overall", "agency_code"], ascending=[False, True])
    by_criterion = rows["agency_code"].astype("object").groupby(rows["criterion"].astype("str"), sort=False)
    codes = by_criterion.agg("\n".join)
    return ASKS.conform(
        found.assign(
            agencies=found["criterion"].astype("str").map(codes),
            n=found["agencies"],
            reached=found["alone"],
            gain=of_settled(found["release_overall"].to_numpy(dtype=np.float64)),
            owner=None,
        )
    )


# --- the kinds ------------------------------------------------------------------------------------------------------


def _overdue(facts: Facts) -> Rows:
    rows = _unsent(facts, "missing")
    return _sending(facts, rows[rows["days"].notna()])


def _refused(facts: Facts) -> Rows:
    return _sending(facts, _unsent(facts, "refused"))


def _unsent(facts: Facts, state: str) -> pd.DataFrame:
    """STATUS of who must send and has not; days: whole ones since the due moment, blank before it and without one."""
    rows = facts.status[facts.status["expected"].astype("bool") & (facts.status["state"] == state)]
    days = ((facts.now - rows["due"]) / DAY).astype("float64")
    return rows.assign(days=np.floor(days).where(days >= 0))


def _sending(facts: Facts, rows: pd.DataFrame) -> Rows:
    of = int(facts.status["expected"].sum())
    return {"subject": rows["agency_code"], "value": rows["days"], "of": of, "weight": rows["days"]}


def _blocking(facts: Facts) -> Rows:
    rows = leverage(facts.blockers)
    gain = of_settled(rows["release_overall"].to_numpy(dtype=np.float64))
    return {
        "subject": rows["criterion"],
        "scope": rows["item"],
        "value": gain,
        "beside": rows["alone"],
        "count": rows["agencies"],
        "of": len(_overall(facts.scored)),
        "about": rows["level"],
        "weight": gain,
    }


def _falls(facts: Facts) -> Rows:
    return _moved(facts, -1)


def _rises(facts: Facts) -> Rows:
    return _moved(facts, 1)


def _moved(facts: Facts, sign: int) -> Rows:
    """Agencies whose overall rose (1) or fell (-1), of those whose every part can be compared."""
    overall = facts.moves[(facts.moves["kind"] == OVERALL) & facts.moves["like_for_like"].astype("bool")]
    rows = overall[overall["like_change"] * sign > 0]
    return {
        "subject": rows["agency_code"],
        "scope": OVERALL,
        "value": rows["like_change"],
        "beside": rows["like_before"],
        "of": len(overall),
        "weight": rows["like_change"].abs(),
    }


def _groups(facts: Facts) -> Rows:
    """Of each ministry the dimension in which most points are missing to the lowest level."""
    level, basic = min(facts.framework.scoring.level_thresholds.items(), key=lambda one: one[1])
    kept = counting(facts.scored[facts.scored["kind"] == "dimension"], complete_only=facts.complete_only)
    rows = as_text(kept[["ministry", "scope", "score"]], "ministry", "scope")
    rows = rows.assign(below=rows["score"] < basic, missing=(basic - rows["score"]).clip(lower=0))
    found = rows.groupby(["ministry", "scope"], sort=False).agg(
        n=("score", "size"), below=("below", "sum"), missing=("missing", "sum")
    )
    found = found.reset_index()
    found = found[(found["below"] > 0) & (found["n"] >= facts.minimum)]
    found = found.assign(missing=of_settled(found["missing"].to_numpy(dtype=np.float64)))
    found = found.sort_values("missing", ascending=False, kind="stable").drop_duplicates("ministry")
    return {
        "subject": found["ministry"],
        "scope": found["scope"],
        "value": found["missing"],
        "beside": basic,
        "count": found["below"],
        "of": found["n"],
        "about": level,
        "weight": found["missing"],
    }


def _near(facts: Facts) -> Rows:
    """Of each agency the one criterion that gives most among those that alone keep an item from a level."""
    alone = lone_blockers(facts.blockers)
    items = facts.scored[(facts.scored["kind"] == "item") & facts.scored["score"].notna()]
    items = items.rename(columns={"scope": "item"})
    place = places_of(alone, items, ["submission", "item"])
    rows = alone.assign(**{name: taken(items[name], place) for name in ("score", "agency_code")})[place >= 0]
    rows = rows.drop_duplicates("agency_code")
    after = of_settled((rows["score"] + rows["release"]).to_numpy(dtype=np.float64))
    return {
        "subject": rows["agency_code"],
        "scope": rows["criterion"],
        "value": rows["release"],
        "beside": after,
        "about": rows["level"],
        "weight": rows["release_overall"],
    }


def _targets(facts: Facts) -> Rows:
    """Agencies with measures whose target is missed while the trend is worse; weighed by what these measures lack."""
    known = facts.results[facts.results["success_rate"].notna()]
    missed = as_text(known[is_worsening(known)], "submission", "indicator")
    missed = missed.assign(lacks=facts.framework.scoring.scale_max - missed["score"])
    missed = missed.assign(measure=missed["indicator"] + "#" + missed["number"].astype("str"))
    missed = missed.sort_values("lacks", ascending=False, kind="stable")
    found = missed.groupby("submission", sort=False).agg(n=("measure", "size"), lacks=("lacks", "sum"))
    own: dict[str, list[str]] = {}  # a frame takes many times as long to join the texts of its groups
    for submission, measure in zip(missed["submission"].tolist(), missed["measure"].tolist(), strict=True):
        own.setdefault(submission, []).append(measure)
    found = found.assign(measures=[" ".join(own[submission]) for submission in found.index])
    of = known.groupby("submission", observed=True).size().rename("of").rename(index=str)
    found = found.join(of).reset_index().merge(_owners(facts.scored))
    return {
        "subject": found["agency_code"],
        "scope": found["measures"],
        "count": found["n"],
        "of": found["of"],
        "weight": found["lacks"],
    }


def _assessed(facts: Facts) -> Rows:
    """Agencies that differ from their assessor, of those that both answered in full."""
    overall = facts.differences[(facts.differences["kind"] == OVERALL) & facts.differences["complete"].astype("bool")]
    rows = overall[overall["difference"].notna() & (overall["difference"] != 0)]
    return {
        "subject": rows["agency_code"],
        "scope": OVERALL,
        "value": rows["difference"],
        "of": len(overall),
        "weight": rows["difference"].abs(),
    }


def _checks(facts: Facts) -> Rows:
    """Measures with a number that may be wrong, the score that rests on it as its weight."""
    asked = facts.diagnoses[facts.diagnoses["check"].isin(CHECKS)].drop_duplicates(KEY)
    score = taken(facts.results["score"], places_of(asked, facts.results, KEY))
    rows = as_text(asked, "submission", "indicator").assign(score=score).merge(_owners(facts.scored))
    return {
        "subject": rows["agency_code"],
        "scope": rows["indicator"] + "#" + rows["number"].astype("str"),
        "value": rows["value"],
        "beside": rows["compared"],
        "about": rows["check"] + " " + rows["column"],
        "weight": rows["score"],
    }


def _unanswered(facts: Facts) -> Rows:
    overall = _overall(facts.scored)
    rows = overall[~overall["complete"].astype("bool")]
    open_points = differences_shown(rows["score_max"], rows["score"])
    return {
        "subject": rows["agency_code"],
        "scope": OVERALL,
        "value": open_points,
        "beside": rows["coverage"],
        "weight": open_points.where(rows["score"].notna(), rows["score_max"]),
    }


Row = Mapping[str, Any]


class Kind(NamedTuple):
    """How the rows of a kind are found, the id of the card that proves one, and that card's choices."""

    find: Callable[[Facts], Rows]
    card: str
    choices: Callable[[Row, Facts], dict[str, Any]]


def _of_agency(row: Row, _: Facts) -> dict[str, Any]:
    return {"agency": row["subject"]}


def _of_two_years(row: Row, facts: Facts) -> dict[str, Any]:
    return {"agency": row["subject"], "before": int(facts.before or 0)}


KINDS: Final[Mapping[str, Kind]] = {
    "overdue": Kind(_overdue, "register.status", lambda _, __: {}),
    "refused": Kind(_refused, "register.status", lambda _, __: {}),
    "blocking": Kind(_blocking, "leverage.learners", lambda row, _: {"criterion": row["subject"]}),
    "fall": Kind(_falls, "years.moves", _of_two_years),
    "group": Kind(_groups, "overview.levels", lambda _, __: {"kind": "dimension"}),
    "near": Kind(_near, "gaps.blocking", _of_agency),
    "target": Kind(
        _targets,
        "indicators.achievement",
        _of_agency,
    ),
    "assessor": Kind(_assessed, "assess.items", _of_agency),
    "check": Kind(
        _checks, "doctor.diagnoses", lambda row, _: {"agency": row["subject"], "check": row["about"].split()[0]}
    ),
    "rise": Kind(_rises, "years.moves", _of_two_years),
    "unanswered": Kind(_unanswered, "gaps.blocking", _of_agency),
}


# --- what they share ------------------------------------------------------------------------------------------------

Rows = Mapping[str, Any]  # name of a column -> its values, or one for all


def _ranked(rows: Rows) -> list[dict[str, Any]]:
    """The weightiest of a kind as they show, of equal ones those that concern more; how many are below each."""
    subject = np.asarray(rows["subject"], dtype=object)
    columns = {name: np.broadcast_to(np.asarray(values, dtype=object), len(subject)) for name, values in rows.items()}
    shown, count = (_numbers(columns.get(name), len(subject)) for name in ("weight", "count"))
    order = np.lexsort((subject, -count, -shown_tenths(shown)))  # blanks last
    found = []
    for place, at in enumerate(order[:MOST_OF_A_KIND]):
        values = {name: None if pd.isna(of[at]) else of[at] for name, of in columns.items()}
        found.append({**dict.fromkeys(OPTIONAL), **values, "others": len(order) - 1 - place})
    return found


def _numbers(values: Any, length: int) -> npt.NDArray[np.float64]:
    """Values as numbers, blanks as nan; without any, as many nan."""
    return (
        np.full(length, np.nan)
        if values is None
        else pd.to_numeric(pd.Series(values)).to_numpy(np.float64, na_value=np.nan)
    )


OPTIONAL: Final = ("scope", "value", "beside", "count", "of", "about", "weight")


def _overall(scored: pd.DataFrame) -> pd.DataFrame:
    return scored[scored["kind"] == OVERALL]


def _owners(scored: pd.DataFrame) -> pd.DataFrame:
    """Submission and agency_code."""
    return _overall(scored)[["submission", "agency_code"]].astype("str")


def _among(frame: pd.DataFrame, column: str, kept: Any) -> pd.DataFrame:
    return frame[frame[column].isin(kept)]
