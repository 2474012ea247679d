"""trace, path: questions about one file, answered without a database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from pmqa import exports
from pmqa.analysis.paths import Path as Way
from pmqa.analysis.paths import cheapest_path
from pmqa.analysis.trace import traces
from pmqa.cli.checking import checked, identified, read_files, say_checked
from pmqa.cli.console import say, say_json
from pmqa.errors import UsageError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Received, scores_of
from pmqa.scoring import score_measures
from pmqa.sources import bases, bases_of
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.text import Translator

DONE, HAS_ERRORS = 0, 1
INDENT: Final = "  "
LONGEST_TEXT: Final = 60
Answer = Callable[[Received, Submission, Framework, str, Namespace, Translator], int]


def trace(arguments: Namespace, t: Translator) -> int:
    """A score of a file, step by step down to its cells."""
    return _ask(_trace, arguments, t)


def path(arguments: Namespace, t: Translator) -> int:
    """The fewest criteria to close for a target."""
    return _ask(_path, arguments, t)


def _ask(answer: Answer, arguments: Namespace, t: Translator) -> int:
    """Answer a question about one file, or say why it cannot be read."""
    one = _one_file(arguments, t)
    submission = one.reading.submission
    if submission is None:
        return _refused(one, arguments, t)
    basis = _basis(arguments, submission, t)
    return answer(one, submission, shipped_frameworks()[submission.edition], basis, arguments, t)


def _trace(
    one: Received, submission: Submission, framework: Framework, basis: str, arguments: Namespace, t: Translator
) -> int:
    by_id = {"0": submission}
    scores = scores_of([one.reading], shipped_frameworks())[0]
    answers, measures = answer_frame(by_id), measure_frame(by_id)
    results = score_measures(source_frame(by_id), measures, framework)
    try:
        (steps,) = traces(scores, answers, measures, results, framework, basis=basis, scopes=(arguments.scope,))
    except KeyError as error:
        raise UsageError(t("cli.trace.no_scope", scope=arguments.scope)) from error
    if arguments.json:
        shape = {"file": one.name, **identified(one), "basis": basis, "scope": arguments.scope}
        say_json({**shape, "steps": _records(steps)})
        return DONE
    say(t("cli.trace.heading", file=one.name, basis=t.pick(bases()[basis].name)))
    for row in _records(exports.worded_trace(steps, framework, t)):
        say(_step(row, t))
    return DONE


def _records(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows with None, and not NaN, where there is nothing."""
    records: list[dict[Any, Any]] = rows.astype("object").where(rows.notna(), None).to_dict("records")
    return records


def _path(
    _: Received, submission: Submission, framework: Framework, basis: str, arguments: Namespace, t: Translator
) -> int:
    target = _target(arguments.target, framework, t)
    scope = _scope(arguments, framework, t)
    by_id = {"0": submission}
    way = cheapest_path(answer_frame(by_id), framework, basis, target, scope, measures=measure_frame(by_id))
    if arguments.json:
        shape = {
            "reachable": way.reachable,
            "criteria": list(way.criteria),
            "score_before": way.score_before,
            "score_after": way.score_after,
        }
        say_json(shape)
    else:
        _say_path(way, target, framework, t)
    return DONE


def _one_file(arguments: Namespace, t: Translator) -> Received:
    if arguments.file.is_dir():
        raise UsageError(t("cli.errors.one_file", path=arguments.file))
    received = list(read_files([arguments.file], t))
    if len(received) != 1:
        raise UsageError(t("cli.errors.one_file", path=arguments.file))
    return received[0]


def _refused(one: Received, arguments: Namespace, t: Translator) -> int:
    if arguments.json:
        say_json(checked(one))
    else:
        say_checked(one, t)
    return HAS_ERRORS


def _basis(arguments: Namespace, submission: Submission, t: Translator) -> str:
    fitting = bases_of(submission.source)
    if arguments.basis not in (None, *fitting):
        words = {"value": arguments.basis, "known": ", ".join(fitting)}
        raise UsageError(t("cli.errors.choice", name="--basis", **words))
    return str(arguments.basis or fitting[0])


def _target(asked: str, framework: Framework, t: Translator) -> float:
    """Points: a number on the scale, or the threshold of a level named by its id."""
    scoring = framework.scoring
    if asked in scoring.level_thresholds:
        return scoring.level_thresholds[asked]
    try:
        points = float(asked)
    except ValueError:
        points = float("nan")
    if scoring.scale_min <= points <= scoring.scale_max:
        return points
    span = f"{scoring.scale_min:g}-{scoring.scale_max:g}"
    raise UsageError(
        t("cli.errors.choice", name="--target", value=asked, known=", ".join([span, *scoring.level_thresholds]))
    )


def _scope(arguments: Namespace, framework: Framework, t: Translator) -> str | None:
    for name, known in (("category", framework.category), ("dimension", framework.dimension)):
        asked = getattr(arguments, name)
        if asked is not None and asked not in known:
            words = {"value": asked, "known": ", ".join(known)}
            raise UsageError(t("cli.errors.choice", name=f"--{name}", **words))
        if asked is not None:
            return str(asked)
    return None


def _step(row: Mapping[Any, Any], t: Translator) -> str:
    """A row of a worded trace as a line, as far in as it is deep."""
    depth = int(row["depth"])
    parts = [_short(str(row["name"]).removeprefix(exports.STEP * depth))]
    if row["score"] is not None:
        parts.append(t("cli.trace.score", score=t.number(row["score"])))
    if row["coverage"] is not None:
        parts.append(t("cli.trace.coverage", coverage=t.percent(row["coverage"])))
    parts.append(row["state_name"])
    if row["next_step"] is not None:
        parts.append(t("cli.trace.next", next=row["next_step"]))
    if row["points"] is not None:
        parts.append(t("cli.trace.points", points=t.number(row["points"])))
    if row["evidence"] is not None:
        parts.append(t("cli.trace.evidence", evidence=_short(str(row["evidence"]))))
    if row["place"] is not None:
        parts.append(f"[{row['place']}]")
    if row["target_place"] is not None:
        parts.append(t("cli.trace.target_place", place=row["target_place"]))
    return INDENT * (depth + 1) + " · ".join(parts)


def _say_path(way: Way, target: float, framework: Framework, t: Translator) -> None:
    before = t.number(way.score_before)
    if not way.reachable:
        words = {"target": t.number(target), "before": before, "best": t.number(way.best)}
        say(t("cli.path.unreachable", **words, **framework.kinds(t)))
        return
    if not way.criteria:
        say(t("cli.path.reached", target=t.number(target), before=before))
        return
    words = {"before": before, "after": t.number(way.score_after), "target": t.number(target)}
    say(t("cli.path.heading", n=len(way.criteria), **words))
    for step, criterion, score in way.steps[["step", "criterion", "score"]].itertuples(index=False, name=None):
        words = {"criterion": criterion, "text": t.pick(framework.criterion[criterion].text)}
        say(t("cli.path.step", step=step, score=t.number(score), **words))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
