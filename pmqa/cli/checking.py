"""form, check, score: what needs no database."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pmqa.cli.console import Progress, complain, say, say_json
from pmqa.errors import Finding, UsageError
from pmqa.framework import Framework, shipped_frameworks
from pmqa.intake import Claim, Received, files_in, judge, receive, scores_of
from pmqa.intake.replies import Reply, reply_pack, reply_to
from pmqa.scoring import OVERALL
from pmqa.sources import bases
from pmqa.submission import FIRST_YEAR, LAST_YEAR
from pmqa.text import BANGKOK, Translator, languages, translator
from pmqa.workbook import finding_text, marked_copy, write_form
from pmqa.workbook.layout import AGENCY_TYPES, source_words

DONE, HAS_ERRORS = 0, 1
SCORE_COLUMNS: Final = ("basis", "kind", "scope", "score", "score_max", "coverage", "level")
SUMMARY_KINDS: Final = ("overall", "category", "dimension")


def form(arguments: Namespace, t: Translator) -> int:
    """Write a blank form."""
    frameworks = shipped_frameworks()
    framework = frameworks.get(arguments.edition)
    if framework is None:
        raise UsageError(t("cli.errors.edition_unknown", edition=arguments.edition, known=", ".join(frameworks)))
    if arguments.out.suffix.casefold() != ".xlsx":
        raise UsageError(t("cli.errors.suffix", suffix=".xlsx", path=arguments.out))
    if arguments.out.is_file() and _is_filled(arguments.out):
        raise UsageError(t("cli.form.filled", path=arguments.out))
    check_year(arguments.year, t)
    if arguments.agency_type not in (None, *AGENCY_TYPES):
        words = {"value": arguments.agency_type, "known": ", ".join(AGENCY_TYPES)}
        raise UsageError(t("cli.errors.choice", name="--type", **words))
    agency = {
        "agency_code": arguments.agency,
        "agency_name": arguments.name,
        "ministry": arguments.ministry,
        "agency_type": arguments.agency_type,
    }
    content = write_form(
        framework,
        fiscal_year=arguments.year,
        agency={name: text for name, text in agency.items() if text},
        language=arguments.form_language,
    )
    write_file(arguments.out, content)
    say(t("cli.form.done", path=arguments.out))
    return DONE


def _is_filled(path: Path) -> bool:
    """Whether the file is a form in which somebody has answered something."""
    drafts = [one.reading.draft for one in receive(files_in([path]), shipped_frameworks())]
    rows = [row for draft in drafts if draft for of_one in draft.rows.values() for row in of_one]
    return any(value is not None for row in rows for value in row.cells.values())


def check(arguments: Namespace, t: Translator) -> int:
    """List what is to be said about files; nothing is stored."""
    if arguments.marked and (len(arguments.files) != 1 or files_to_come(arguments.files) is None):
        raise UsageError(t("cli.errors.one_file", path=", ".join(map(str, arguments.files))))
    for out, suffix in ((arguments.marked, ".xlsx"), (arguments.replies, ".zip")):
        if out and out.suffix.casefold() != suffix:
            raise UsageError(t("cli.errors.suffix", suffix=suffix, path=out))
    if arguments.marked and arguments.marked.exists() and arguments.marked.samefile(arguments.files[0]):
        raise UsageError(t("cli.check.marked_original", path=arguments.marked))
    shown: list[dict[str, Any]] = []
    claims: list[Claim] = []
    replies: list[Reply] = []
    sound = refused = 0
    for one in read_files(arguments.files, t):
        claims += [one.claim] if one.claim else []
        sound += one.reading.is_sound
        refused += has_errors(one)
        if not arguments.json:
            say_checked(one, t)
        elif one.outcome != "skipped":
            shown.append(checked(one))
        if arguments.marked:
            _write_marked(one, arguments.marked, t)
        if arguments.replies and one.outcome != "skipped":
            replies.append(reply_to(one.name, one.reading, t))
    if arguments.replies:
        write_file(arguments.replies, reply_pack(replies, t, dt.datetime.now(BANGKOK).date()))
        complain(t("cli.check.replies_done", path=arguments.replies))
    together = {key: verdict.finding for key, verdict in judge(claims)[0].items() if verdict.finding}
    if arguments.json:
        for claim in claims:
            entry = next(one for one in shown if one["file"] == claim.name)
            entry["findings"] += [_finding(together[claim.key])] if claim.key in together else []
        say_json(shown)
    else:
        for finding in dict.fromkeys(finding_text(one, t) for one in together.values()):
            say(t("cli.check.together", message=finding))
        complain(t("cli.check.summary", n=sound + refused, sound=sound, refused=refused))
    return HAS_ERRORS if refused else DONE


def score(arguments: Namespace, t: Translator) -> int:
    """Scores of files, without a database."""
    received = [one for one in read_files(arguments.files, t) if one.outcome != "skipped"]
    scores = scores_of([one.reading for one in received], shipped_frameworks())
    if arguments.json:
        say_json([scored(one, scores.get(number)) for number, one in enumerate(received)])
    else:
        for number, one in enumerate(received):
            if one.reading.submission is None:
                say_checked(one, t)
            else:
                say_scores(one, scores[number], t)
    return HAS_ERRORS if any(has_errors(one) for one in received) else DONE


def _write_marked(one: Received, out: Path, t: Translator) -> None:
    """The file's answers in a fresh form, with its findings where they are."""
    if not one.findings:
        complain(t("cli.check.marked_nothing", file=one.name))
    elif (content := marked_copy(one.reading)) is None:
        complain(t("cli.check.marked_impossible", file=one.name))
    else:
        write_file(out, content)
        complain(t("cli.check.marked_done", path=out))


def read_files(paths: Sequence[Path], t: Translator) -> Iterator[Received]:
    """Every file of the paths, read. Raises UsageError for paths that do not exist and where there is no file."""
    check_paths(paths, t)
    count = 0
    with Progress(t("cli.ingest.reading"), files_to_come(paths)) as progress:
        for one in receive(files_in(paths), shipped_frameworks()):
            count += 1
            progress.step(one.name)
            yield one
    if not count:
        raise UsageError(t("cli.errors.no_forms", paths=", ".join(map(str, paths))))


def files_to_come(paths: Sequence[Path]) -> int | None:
    """How many files there will be; None where only opening a folder or a zip can tell."""
    return len(paths) if all(path.is_file() and path.suffix.casefold() != ".zip" for path in paths) else None


def check_paths(paths: Sequence[Path], t: Translator) -> None:
    """Raises UsageError that names every path that is not there, before any work is done."""
    if missing := [str(path) for path in paths if not path.exists()]:
        raise UsageError(t("cli.errors.no_file", paths=", ".join(missing)))


def check_year(year: int | None, t: Translator) -> None:
    """Raises UsageError for a fiscal year outside the Buddhist era's plausible ones, such as 2026."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(t("cli.errors.year_range", first=FIRST_YEAR, last=LAST_YEAR, year=year))


def write_file(path: Path, content: bytes) -> None:
    """A result on disk, its folder made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def has_errors(one: Received) -> bool:
    """Whether the file is a form, or is taken for one, and refused."""
    return not one.reading.is_sound and one.outcome != "skipped"


def identified(one: Received) -> dict[str, Any]:
    """Whose file it is, as far as could be read."""
    reading = one.reading
    return {"agency_code": reading.agency_code, "fiscal_year": reading.fiscal_year, "source": reading.source}


def checked(one: Received) -> dict[str, Any]:
    """A file for the JSON of `check`."""
    return {"file": one.name, "ok": one.reading.is_sound, **identified(one), "findings": findings_of(one)}


def findings_of(one: Received) -> list[dict[str, Any]]:
    """The findings of a file for JSON."""
    return [_finding(finding) for finding in one.findings]


def scored(one: Received, scores: pd.DataFrame | None) -> dict[str, Any]:
    """A file for the JSON of `score`: findings stand in place of scores where there are errors."""
    if scores is None:
        return {"file": one.name, **identified(one), "scores": [], "findings": findings_of(one)}
    # None, and not NaN, is what JSON knows.
    columns = {name: scores[name].astype("object").where(scores[name].notna(), None) for name in SCORE_COLUMNS}
    return {"file": one.name, **identified(one), "scores": pd.DataFrame(columns).to_dict("records")}


def say_checked(one: Received, t: Translator) -> None:
    """A file and its findings as lines."""
    n = sum(finding.severity == ("warning" if one.reading.is_sound else "error") for finding in one.findings)
    outcome = ("warned" if n else "ok") if one.reading.is_sound else "refused"
    if one.outcome == "skipped":
        say(t("cli.check.skipped", file=one.name))
    elif outcome == "refused":
        say(t("cli.check.refused", file=one.name, n=n))
    else:
        whose = {"agency": one.reading.agency_code, "year": one.reading.fiscal_year}
        say(t(f"cli.check.{outcome}", file=one.name, **whose, **({"n": n} if n else {})))
    for finding in one.findings:
        say_finding(finding, t)


def say_finding(finding: Finding, t: Translator) -> None:
    """A finding as a line, with its place."""
    place = "!".join(part for part in (finding.sheet, finding.cell) if part) or t("cli.check.whole_file")
    words = {"severity": t(f"cli.check.{finding.severity}"), "place": place}
    say(t("cli.check.finding", message=finding_text(finding, t), **words))


def say_scores(one: Received, scores: pd.DataFrame, t: Translator) -> None:
    """The totals of a file as lines."""
    submission = one.reading.submission
    if submission is None:
        return
    framework = shipped_frameworks()[submission.edition]
    who = f"{submission.agency_name} ({submission.agency_code}, {source_words()[submission.source]})"
    say(t("cli.score.heading", file=one.name, agency=who, year=submission.fiscal_year))
    shown = scores[scores["kind"].isin(SUMMARY_KINDS)]
    for basis, of_basis in shown.groupby("basis", observed=True, sort=False):
        say(t("cli.score.basis", basis=t.pick(bases()[basis].name)))
        for kind in SUMMARY_KINDS:
            for row in of_basis[of_basis["kind"] == kind].to_dict("records"):
                say(_score_line(kind, row, framework, t))


def _score_line(kind: str, row: Mapping[Any, Any], framework: Framework, t: Translator) -> str:
    name = t("cli.score.overall") if row["scope"] == OVERALL else framework.scope_name(kind, row["scope"], t.language)
    level = row["level"] if isinstance(row["level"], str) else None
    return t(
        "cli.score.line",
        name=f"{row['scope']} {name}" if kind == "category" else name,
        score=t.number(row["score"]),
        coverage=t.percent(row["coverage"]),
        level=_level_name(level, framework, t),
    ).rstrip()


def _level_name(level: str | None, framework: Framework, t: Translator) -> str:
    if level is None:
        return ""
    return framework.level_name(level, t)


def _finding(finding: Finding) -> dict[str, Any]:
    message = {language: finding_text(finding, translator(language)) for language in languages()}
    return finding.plain() | {"message": message}
