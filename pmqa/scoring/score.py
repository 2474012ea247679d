"""Answers and measures of many submissions to SCORES and MEASURE_RESULTS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import ladder, results
from pmqa.scoring.deciding import Scored
from pmqa.scoring.ladder import WEIGHT_STEPS, Answered, Rungs
from pmqa.scoring.points import Codes, Flags, as_levels, level_codes
from pmqa.scoring.totals import Totals, mean_of_groups
from pmqa.sources import Basis, bases, bases_of, source_of
from pmqa.submission import Submission, measure_frame
from pmqa.tables import MEASURE_RESULTS, SCORES

# Part of the key of stored scores: raise it with every change that can change a score.
RULES_VERSION: Final = "2"

KINDS: Final = ("item", "category", "dimension", "overall", "indicator", "measure")
OVERALL: Final = "overall"


@dataclass(frozen=True)
class _Block:
    """Rows of one kind on one basis, in long form."""

    basis: int
    kind: int
    submission: Codes
    scope: Codes
    totals: Totals  # flat
    level: npt.NDArray[np.int8]


def score(sources: pd.DataFrame, answers: pd.DataFrame, measures: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """SCORES of submissions of one edition, all at once; docs/scoring.md states every rule.

    sources: columns submission, source; says which submissions are scored and on which bases.
    answers: ANSWERS; a criterion without a row is unanswered. measures: MEASURES. Rows of other submissions, and of
    criteria or indicators that the edition does not have, are left out; the order of rows makes no difference.
    Every item, category, dimension, indicator and the overall has a row for each submission and basis, a measure
    where there is one. Text columns are categorical, in the framework's order.
    """
    submissions = sources["submission"].astype("str").to_list()
    answered, claimed, evidenced = ladder.answer_matrices(submissions, answers, framework)
    measured = results.measured(submissions, measures, framework)
    rungs = ladder.rungs_of(framework)
    scopes = _scopes(framework, most_measures=int(measured.number.max(initial=1)))
    blocks: list[_Block] = []
    for number, basis in enumerate(bases().values()):
        chosen = np.flatnonzero(_on_basis(sources, basis))
        if not chosen.size and number:  # nobody's; by the first, a table without rows has its columns
            continue
        met = claimed & evidenced if basis.needs_evidence else claimed
        points = results.points_on(basis, measured, framework.scoring)
        process = Answered(answered[chosen], met[chosen])
        reported = results.Reported(measured, points, chosen, len(submissions), framework)
        for kind, (totals, level) in _scored(process, reported, rungs, framework).items():
            blocks.append(_long(number, kind, chosen, scopes.codes[kind], totals, level))
        blocks.append(_measure_block(number, chosen, measured, points, scopes, framework))
    return _frame(blocks, submissions, scopes.ids, framework)


def score_measures(
    sources: pd.DataFrame, measures: pd.DataFrame, framework: Framework, only: str | None = None
) -> pd.DataFrame:
    """MEASURE_RESULTS: what each measure shows beside and behind its score; arguments as `score`. only: one basis."""
    submissions = sources["submission"].astype("str").to_list()
    of = results.measured(submissions, measures, framework)
    indicators = pd.Index([indicator.id for indicator in framework.indicators], dtype="str")
    whole = pd.DataFrame(
        {
            "submission": _categorical(of.submission, submissions),
            "indicator": _categorical(of.indicator, indicators),
            "number": of.number,
            "success_rate": of.rate,
            "target_is_zero": (of.rows["target"] == 0).to_numpy(dtype=np.bool_),
            "trend": results.trends(of.rows, framework.scoring),
            "comparison": results.comparisons(of.rows),
        }
    )
    parts = []
    for number, basis in enumerate(bases().values()):
        if only not in (None, basis.id):
            continue
        chosen = _on_basis(sources, basis)[of.submission]
        parts.append(
            whole[chosen].assign(
                basis=_categorical(np.full(int(chosen.sum()), number), list(bases())),
                score=results.points_on(basis, of, framework.scoring)[chosen],
            )
        )
    return MEASURE_RESULTS.conform(pd.concat(parts, ignore_index=True), check_key=False)


def near_scores(sent: Mapping[str, Submission], framework: Framework) -> dict[str, dict[tuple[str, str], float]]:
    """Submission -> kind and scope, but dimensions -> its score on the basis that its form shows, as doubles give it:
    off by less than exact.NEAR, nan where there is none. For whoever asks whether it is another by more than that.
    """
    submissions, rungs = list(sent), ladder.rungs_of(framework)
    measured = results.measured(submissions, measure_frame(sent), framework)
    own = [bases_of(one.source)[0] for one in sent.values()]
    found: dict[str, dict[tuple[str, str], float]] = {}
    for basis in (bases()[name] for name in dict.fromkeys(own)):
        chosen = np.flatnonzero(np.array(own) == basis.id)
        keys = [submissions[at] for at in chosen]
        points = results.points_on(basis, measured, framework.scoring)
        reported = results.Reported(measured, points, chosen, len(sent), framework)
        process = ladder.answered_by([sent[key] for key in keys], framework, with_evidence=basis.needs_evidence)
        totals = _in_doubles(process, reported, rungs, framework, but=("dimension",)).totals
        scopes = [(kind, scope) for kind in totals for scope in framework.scopes(kind)]
        rows = np.concatenate([of_kind.score for of_kind in totals.values()], axis=1).tolist()
        found |= {key: dict(zip(scopes, row, strict=True)) for key, row in zip(keys, rows, strict=True)}
    return found


class Overall(NamedTuple):
    """The overall of submissions on one basis: its score, nan where there is none, and the place of its level, -1."""

    score: npt.NDArray[np.float64]
    level: npt.NDArray[np.int8]


def overall_scores(
    submissions: list[str], each: Iterable[Answered], measures: pd.DataFrame, framework: Framework, basis: str
) -> list[Overall]:
    """What submissions score in all under each of several ways to answer, with the same MEASURES."""
    measured = results.measured(submissions, measures, framework)
    points, everyone = results.points_on(bases()[basis], measured, framework.scoring), np.arange(len(submissions))
    reported = results.Reported(measured, points, everyone, len(submissions), framework)
    found = []
    for answered in each:
        scored = _in_doubles(answered, reported, ladder.rungs_of(framework), framework, but=("dimension",))
        score = scored.decided([OVERALL])[OVERALL].score
        found.append(Overall(score[:, 0], level_codes(score[:, 0], framework)))
    return found


def exact_score(
    answers: pd.DataFrame, measures: pd.DataFrame, framework: Framework, basis: str, kind: str, scope: str
) -> Fraction | None:
    """The exact score of one scope of one submission on a basis; None where nothing in it was answered.

    answers: ANSWERS of the submission, a row at least. measures: its MEASURES.
    """
    submission = [str(answers["submission"].iloc[0])]
    answered, claimed, evidenced = ladder.answer_matrices(submission, answers, framework)
    measured = results.measured(submission, measures, framework)
    met = claimed & evidenced if bases()[basis].needs_evidence else claimed
    points = results.points_on(bases()[basis], measured, framework.scoring)
    reported = results.Reported(measured, points, np.array([0], dtype=np.int64), 1, framework)
    found = _in_doubles(Answered(answered, met), reported, ladder.rungs_of(framework), framework)
    at = framework.scopes(kind).index(scope)
    return None if np.isnan(found.totals[kind].score[0, at]) else found.exact(kind, 0, at, best=False)


def _scored(
    process: Answered, reported: results.Reported, rungs: Rungs, framework: Framework
) -> dict[str, tuple[Totals, npt.NDArray[np.int8]]]:
    """kind -> totals and level codes, submissions x scopes in the framework's order."""
    decided = _in_doubles(process, reported, rungs, framework).decided()
    levels = {kind: level_codes(totals.score, framework) for kind, totals in decided.items()}
    place = {item.id: number for number, item in enumerate(framework.items)}
    by_gates = [place[item.id] for item in framework.items_with_criteria]
    # 4.3: a process item's level follows its gates; the points of a null item are none, and so is its level.
    _, complete = ladder.score_items(process, rungs)
    null = np.isnan(decided["item"].score[:, by_gates])
    levels["item"][:, by_gates] = np.where(null, -1, complete)
    return {kind: (totals, levels[kind]) for kind, totals in decided.items()}


def _in_doubles(
    process: Answered, reported: results.Reported, rungs: Rungs, framework: Framework, *, but: Sequence[str] = ()
) -> Scored:
    """Every scope as doubles give it, but kinds that are not wanted, and that no other follows from: dimensions."""
    indicators = results.indicator_totals(reported.means(), framework)
    process_items, _ = ladder.score_items(process, rungs)
    items = _in_order(process_items, results.result_items(indicators, framework), framework)
    place = {item.id: number for number, item in enumerate(framework.items)}
    groups = [[place[item.id] for item in framework.items_of[category.id]] for category in framework.categories]
    categories = mean_of_groups(items, groups, framework.scoring)
    found = {
        "item": items,
        "category": categories,
        "overall": mean_of_groups(categories, [list(range(len(groups)))], framework.scoring),
        "indicator": indicators,
    }
    if "dimension" not in but:
        found["dimension"] = _with_results(ladder.score_ladders(process, rungs), categories, framework)
    return Scored(found, process, reported, rungs, framework)


def _in_order(process: Totals, result: Totals, framework: Framework) -> Totals:
    """Process and result items side by side, in the framework's order of items."""
    ids = [item.id for item in (*framework.items_with_criteria, *framework.items_with_indicators)]
    order = [ids.index(item.id) for item in framework.items]

    def joined(name: str) -> npt.NDArray[np.float64]:
        return np.concatenate([getattr(process, name), getattr(result, name)], axis=1)[:, order]

    return Totals(joined("score"), joined("score_max"), joined("coverage"))


def _with_results(ladders: Totals, categories: Totals, framework: Framework) -> Totals:
    """The results dimension gets its share from the results category (7.4)."""
    scoring = framework.scoring
    dimension = [d.id for d in framework.dimensions].index(scoring.results_dimension)
    category = [c.id for c in framework.categories].index(scoring.results_category)
    steps = round(scoring.results_share * WEIGHT_STEPS)
    own, theirs = ladders.score[:, dimension], categories.score[:, category]
    no_ladder, no_category = np.isnan(own), np.isnan(theirs)

    def blend(half: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        # In whole steps, so that two equal halves give exactly themselves.
        return np.asarray(((WEIGHT_STEPS - steps) * half + steps * other) / WEIGHT_STEPS)

    score, score_max, coverage = ladders.score.copy(), ladders.score_max.copy(), ladders.coverage.copy()
    blended = blend(np.where(no_ladder, scoring.scale_min, own), np.where(no_category, scoring.scale_min, theirs))
    score[:, dimension] = np.where(no_ladder & no_category, np.nan, blended)
    score_max[:, dimension] = blend(
        np.where(no_ladder, scoring.scale_max, score_max[:, dimension]),
        np.where(no_category, scoring.scale_max, categories.score_max[:, category]),
    )
    coverage[:, dimension] = blend(coverage[:, dimension], categories.coverage[:, category])
    return Totals(score, score_max, coverage)


@dataclass(frozen=True)
class _Scopes:
    """Every scope id once, and the codes of each kind's scopes among them."""

    ids: list[str]
    codes: Mapping[str, Codes]
    most_measures: int  # of one indicator


def _scopes(framework: Framework, most_measures: int) -> _Scopes:
    of_kind: dict[str, Sequence[str]] = {kind: framework.scopes(kind) for kind in KINDS[:-1]}
    of_kind["measure"] = [f"{i.id}#{n}" for i in framework.indicators for n in range(1, most_measures + 1)]
    ids = list(dict.fromkeys(scope for scopes in of_kind.values() for scope in scopes))
    place = {scope: number for number, scope in enumerate(ids)}
    codes = {kind: np.array([place[s] for s in scopes], dtype=np.int64) for kind, scopes in of_kind.items()}
    return _Scopes(ids, codes, most_measures)


def _on_basis(sources: pd.DataFrame, basis: Basis) -> Flags:
    on_basis: Flags = sources["source"].to_numpy(dtype=object) == source_of(basis.id).id
    return on_basis


def _long(basis: int, kind: str, chosen: Codes, scopes: Codes, totals: Totals, level: npt.NDArray[np.int8]) -> _Block:
    flat = Totals(totals.score.ravel(), totals.score_max.ravel(), totals.coverage.ravel())
    return _Block(
        basis, KINDS.index(kind), np.repeat(chosen, len(scopes)), np.tile(scopes, len(chosen)), flat, level.ravel()
    )


def _measure_block(
    basis: int, chosen: Codes, of: results.Measured, points: npt.NDArray[np.float64], scopes: _Scopes, fw: Framework
) -> _Block:
    included = np.isin(of.submission, chosen)
    score = points[included]
    scope = scopes.codes["measure"][of.indicator[included] * scopes.most_measures + of.number[included] - 1]
    # An unanswered measure is no part of its indicator's mean (5.6): it has no score_max either.
    totals = Totals(score, score, (~np.isnan(score)).astype(np.float64))
    return _Block(basis, KINDS.index("measure"), of.submission[included], scope, totals, level_codes(score, fw))


def _frame(blocks: list[_Block], submissions: list[str], scopes: list[str], framework: Framework) -> pd.DataFrame:
    lengths = [len(block.scope) for block in blocks]
    coverage = np.concatenate([block.totals.coverage for block in blocks])
    columns: dict[str, Any] = {
        "submission": _categorical(np.concatenate([block.submission for block in blocks]), submissions),
        "basis": _categorical(np.repeat([block.basis for block in blocks], lengths), list(bases())),
        "kind": _categorical(np.repeat([block.kind for block in blocks], lengths), KINDS),
        "scope": _categorical(np.concatenate([block.scope for block in blocks]), scopes),
        "score": np.concatenate([block.totals.score for block in blocks]),
        "score_max": np.concatenate([block.totals.score_max for block in blocks]),
        "coverage": coverage,
        "level": as_levels(np.concatenate([block.level for block in blocks]), framework),
        "complete": pd.array(coverage == 1, dtype="boolean"),
    }
    return SCORES.conform(pd.DataFrame(columns), check_key=False)


def _categorical(codes: npt.NDArray[Any], ids: Sequence[str] | pd.Index[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(ids, dtype="str"))
