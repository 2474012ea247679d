"""Where scores come from, in words: TRACE of pmqa.analysis.trace as people read it, on a page or on a sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.text import MISSING, Translator

MOST_TRACED: Final = 12  # submissions in one workbook, each with about 400 rows (1,100 with all dimensions)
STEP: Final = "› "  # before the name, once for each step down


def worded_trace(rows: pd.DataFrame, framework: Framework, t: Translator) -> pd.DataFrame:
    """TRACE with name, state_name, answer_name and next_step: text, blank where there is nothing to say."""
    columns: dict[str, list[str | None]] = {
        "name": [
            STEP * int(depth) + _name(framework, t, kind, scope)
            for depth, kind, scope in zip(rows["depth"], rows["kind"], rows["scope"], strict=True)
        ],
        "state_name": [_state(framework, t, row) for row in rows.itertuples()],
        "answer_name": [_answer(t, row.answer) if row.kind == "criterion" else None for row in rows.itertuples()],
        "next_step": [_next(framework, t, row) for row in rows.itertuples()],
    }
    return rows.assign(**{name: pd.Series(texts, index=rows.index, dtype="str") for name, texts in columns.items()})


def trace_sheet(traces: Iterable[tuple[str, pd.DataFrame]], framework: Framework, t: Translator) -> pd.DataFrame:
    """A sheet of whole traces, one below the other.

    traces: what each is of (agency, basis, year as the sheet should say it) and its TRACE, at most MOST_TRACED
    submissions.
    """
    parts = [worded_trace(rows, framework, t).assign(of=whose) for whose, rows in traces]
    headings = {
        "of": t("exports.trace.of"),
        "step": t("exports.trace.step"),
        "name": t("trace_page.step"),
        "scope": t("ui.code"),
        "state_name": t("trace_page.state"),
        "answer_name": t("ui.answer"),
        "evidence": t("ui.evidence"),
        "place": t("trace_page.place"),
        "target_place": t("trace_page.target_place"),
        "score": t("ui.score"),
        "points": t("trace_page.adds"),
        "weight": t("trace_page.weight"),
        "coverage": t("ui.coverage"),
        "actual": t("exports.trace.actual"),
        "target": t("ui.target"),
        "interval_step": t("trace_page.interval_step"),
        "success_rate": t("ui.success_rate"),
        "next_step": t("trace_page.next"),
    }
    return pd.concat(parts, ignore_index=True)[list(headings)].rename(columns=headings)


def left_out_sheet(submissions: int, t: Translator) -> pd.DataFrame:
    """In place of the traces of too many submissions: that they are left out, and how to have them."""
    words = t("exports.trace.left_out", n=t.number(submissions, 0), most=MOST_TRACED)
    return pd.DataFrame({t("exports.trace.sheet"): pd.Series([words], dtype="str")})


def scopes_to_trace(scopes: Collection[str], framework: Framework) -> list[str]:
    """The fewest traces that hold all of these scopes: the overall holds every one but the dimensions."""
    dimensions = [dimension for dimension in framework.dimension if dimension in scopes]
    others = sorted(set(scopes) - set(dimensions))
    return [*([OVERALL] if len(others) > 1 else others), *dimensions]


def _name(framework: Framework, t: Translator, kind: str, scope: str) -> str:
    if kind == "level":
        return framework.level_name(scope.rpartition(" ")[2], t)
    if kind == "criterion":
        return f"{scope} {t.pick(framework.criterion[scope].text)}"
    if kind == "measure":
        return scope
    if kind == "overall":
        return t("ui.overall")
    name = framework.scope_name(kind, scope, t.language)
    return name if kind == "dimension" else f"{scope} {name}"


def _state(framework: Framework, t: Translator, row: Any) -> str:
    """Why the step counts as it does, with the numbers behind it."""
    words = t(f"trace_page.state_{row.state}")
    if row.kind == "level":
        return t("trace_page.met_of", met=row.met, of=row.of, state=words)
    if row.kind == "measure":
        return _earned(framework, t, row, words)
    if row.state == "scored":
        return framework.level_name(row.level, t) if pd.notna(row.level) else words
    return words


def _earned(framework: Framework, t: Translator, row: Any, state: str) -> str:
    """What a measure's points are computed from: enough to compute them again."""
    if pd.isna(row.actual) and pd.isna(row.target):
        return state
    direction = t(f"form.{row.direction}")
    parts = [t("trace_page.measured", actual=_value(row.actual), target=_value(row.target), direction=direction)]
    if pd.notna(row.success_rate):
        parts.append(t("trace_page.rate", rate=t.number(row.success_rate, 2)))
    if pd.notna(row.band_from):
        parts.append(_band(t, row.band_from, row.band_to))
    if row.method == "interval":
        scoring = framework.scoring
        points = {
            "at_target": t.number(scoring.interval_points_at_target, 0),
            "per_step": t.number(scoring.interval_points_per_step, 0),
        }
        parts.append(t("trace_page.by_interval", step=_value(row.interval_step), **points))
    return " · ".join(parts if row.state == "scored" else [*parts, state])


def _band(t: Translator, low: Any, high: Any) -> str:
    """The band of success rates that a measure is in; the last one has no end."""
    start = t.number(low, 2)
    return (
        t("trace_page.band_above", low=start)
        if pd.isna(high)
        else t("trace_page.band", low=start, high=t.number(high, 2))
    )


def _answer(t: Translator, met: object) -> str:
    if pd.isna(met):
        return t("ui.unanswered")
    return t("ui.answer_yes") if met else t("ui.answer_no")


def _next(framework: Framework, t: Translator, row: Any) -> str | None:
    """What a measure needs for its next band, or for its next level by interval."""
    if pd.isna(row.next_actual):
        return None
    # Some bands begin at their edge, others only beyond it.
    beyond = any(band.inclusive and band.limit == row.band_to for band in framework.scoring.bands)
    values = {"actual": _value(row.next_actual), "points": t.number(row.next_points, 0)}
    said = t("trace_page.next_beyond" if beyond else "trace_page.next_from", **values)
    return said if pd.isna(row.to_next) else f"{said} {t('trace_page.away', away=t.number(row.to_next, 2))}"


def _value(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:,.10g}"
