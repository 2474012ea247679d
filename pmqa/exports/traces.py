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
        "next_step": [_next(t, row) for row in rows.itertuples()],
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
        "score": t("ui.score"),
        "points": t("trace_page.adds"),
        "weight": t("trace_page.weight"),
        "coverage": t("ui.coverage"),
        "actual": t("exports.trace.actual"),
        "target": t("ui.target"),
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
        return _level(framework, t, scope.rpartition(" ")[2])
    if kind == "criterion":
        return f"{scope} {t.pick(framework.criterion[scope].text)}"
    if kind == "measure":
        return scope
    if kind == "overall":
        return t("ui.overall")
    name = framework.scope_name(kind, scope, t.language)
    return name if kind == "dimension" else f"{scope} {name}"


def _level(framework: Framework, t: Translator, level: str) -> str:
    return t("ui.level_below") if level == "below" else t.pick(framework.level[level].name)


def _state(framework: Framework, t: Translator, row: Any) -> str:
    """Why the step counts as it does, with the numbers behind it."""
    words = t(f"trace_page.state_{row.state}")
    if row.kind == "level":
        return t("trace_page.met_of", met=row.met, of=row.of, state=words)
    if row.kind == "measure" and pd.notna(row.success_rate):
        values = {"actual": _value(row.actual), "target": _value(row.target), "rate": t.number(row.success_rate, 2)}
        said = t("trace_page.rate", state=words, **values)
        return said if pd.isna(row.band_from) else f"{said} · {_band(t, row.band_from, row.band_to)}"
    if row.state == "scored":
        return _level(framework, t, row.level) if pd.notna(row.level) else words
    return words


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


def _next(t: Translator, row: Any) -> str | None:
    """What a measure needs for its next band."""
    if pd.isna(row.next_actual):
        return None
    return t(
        "trace_page.next_band",
        actual=_value(row.next_actual),
        points=t.number(row.next_points, 0),
        away=MISSING if pd.isna(row.to_next) else t.number(row.to_next, 2),
    )


def _value(value: Any) -> str:
    return MISSING if pd.isna(value) else f"{value:,.10g}"
