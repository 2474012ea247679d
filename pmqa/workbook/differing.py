"""Two submissions side by side in words: one set of tables for the page, the workbook and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pmqa.analysis.changes import ADDED, WHOLE
from pmqa.analysis.versions import Differences
from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.shown import differences_shown
from pmqa.sources import SOURCES, bases
from pmqa.text import MISSING, Translator
from pmqa.workbook import layout

# Columns of MEASURES -> keys of the form's columns, where they are not the same.
HEADING_KEYS: Final = {"name": "measure", "accepted": "answer"}


def versions_table(found: Differences, t: Translator) -> pd.DataFrame:
    """A row for each of the two: who sent which file when, and whether that was before the due date."""
    rows = found.versions
    return pd.DataFrame(
        {
            t("differing.submission"): rows["submission"],
            t("ui.agency"): rows["agency_code"] + " " + rows["agency_name"],
            t("differing.year"): [t.year(int(year)) for year in rows["fiscal_year"]],
            t("differing.source"): [t.pick(SOURCES[source].name) for source in rows["source"]],
            t("differing.file"): rows["file_name"],
            t("differing.received_by"): rows["received_by"],
            t("differing.received_at"): [t.moment(moment) for moment in rows["received_at"]],
            t("differing.due"): [MISSING if pd.isna(moment) else t.moment(moment) for moment in rows["due"]],
            t("differing.timing"): [t(f"differing.{timing}") for timing in rows["timing"]],
            t("differing.state"): [_state(row, t) for row in rows.to_dict("records")],
        }
    )


def answers_table(found: Differences, framework: Framework, t: Translator) -> pd.DataFrame:
    """A row for each criterion that is answered, evidenced or explained otherwise; unchanged parts are blank."""
    rows = found.answers
    said: dict[str, object] = {
        t("ui.code"): rows["criterion"],
        t("ui.item"): [f"{item} {framework.scope_name('item', item, t.language)}" for item in rows["item"]],
    }
    words = {
        "ui.answer": ("before", "after", "answer_changed"),
        "ui.evidence": ("evidence_before", "evidence_after", "evidence_changed"),
        "ui.explanation": ("explanation_before", "explanation_after", "explanation_changed"),
    }
    for key, (before, after, changed) in words.items():
        for when, column in (("before", before), ("after", after)):
            values = rows[column].where(rows[changed])
            said[t(f"differing.{when}", what=t(key))] = [
                None if not shows else answer_word(value, t) if key == "ui.answer" else value
                for value, shows in zip(values.astype("object"), rows[changed], strict=True)
            ]
    return pd.DataFrame(said)


def measures_table(found: Differences, framework: Framework, t: Translator) -> pd.DataFrame:
    """A row for each value of a measure that differs, in the form's words."""
    rows = found.measures
    return pd.DataFrame(
        {
            t("ui.indicator"): [
                f"{one} {framework.scope_name('indicator', one, t.language)}" for one in rows["indicator"]
            ],
            t("ui.measure"): rows["name"],
            t("differing.field"): [field_name(field, t) for field in rows["field"]],
            **{
                t(f"differing.{when}", what=t("differing.value")): [
                    field_value(field, value, t) for field, value in zip(rows["field"], rows[when], strict=True)
                ]
                for when in ("before", "after")
            },
        }
    )


def effects_table(found: Differences, framework: Framework, t: Translator) -> pd.DataFrame:
    """A row for each score that both have and that is shown otherwise, or covers more or less."""
    rows = found.effects
    change = differences_shown(rows["after"], rows["before"])
    stays = (change == 0) | (rows["before"].isna() & rows["after"].isna())
    rows = rows.assign(change=change)[~(stays & (rows["coverage_before"] == rows["coverage_after"]))]
    return pd.DataFrame(
        {
            t("differing.basis"): [t.pick(bases()[basis].name) for basis in rows["basis"]],
            t("ui.scope"): [
                scope_name(kind, scope, framework, t) for kind, scope in zip(rows["kind"], rows["scope"], strict=True)
            ],
            t("differing.before", what=t("ui.score")): rows["before"],
            t("differing.after", what=t("ui.score")): rows["after"],
            t("differing.change"): rows["change"],
            t("differing.before", what=t("ui.coverage")): rows["coverage_before"],
            t("differing.after", what=t("ui.coverage")): rows["coverage_after"],
        }
    ).reset_index(drop=True)


def difference_tables(found: Differences, framework: Framework, t: Translator) -> Mapping[str, pd.DataFrame]:
    """Title -> table: the two submissions, effects on scores, criteria, measures. Columns of shares end in percent."""
    return {
        t("differing.versions"): versions_table(found, t),
        t("differing.effects"): effects_table(found, framework, t),
        t("differing.criteria"): answers_table(found, framework, t),
        t("differing.measures"): measures_table(found, framework, t),
    }


def share_formats(t: Translator) -> Mapping[str, str]:
    """The columns of difference_tables that hold shares -> how a workbook shows them."""
    return {t(f"differing.{when}", what=t("ui.coverage")): "0%" for when in ("before", "after")}


def scope_name(kind: str, scope: str, framework: Framework, t: Translator) -> str:
    """ "3.2 name"; a measure by its id, the whole by its word."""
    if scope == OVERALL:
        return t("ui.overall")
    if kind == "measure":
        return scope
    name = framework.scope_name(kind, scope, t.language)
    return name if kind == "dimension" else f"{scope} {name}"


def answer_word(met: object, t: Translator) -> str:
    """The answer to a criterion as a word; a blank is unanswered."""
    if pd.isna(met):
        return t("ui.unanswered")
    return t("ui.answer_yes") if met else t("ui.answer_no")


def field_name(field: str, t: Translator) -> str:
    """What a CHANGED_MEASURES row is about, by the form's heading."""
    if field in WHOLE:
        return t("submit_page.measure_added" if field == ADDED else "submit_page.measure_removed")
    column = next(one for one in layout.MEASURE_COLUMNS if one.key == HEADING_KEYS.get(field, field))
    return t.pick(column.words)


def field_value(field: str, value: object, t: Translator) -> str | None:
    """A value of CHANGED_MEASURES in the words of the form's lists; None where it is blank."""
    if value is None or pd.isna(value):
        return None
    text = str(value)
    if field == "direction":
        return t(f"ui.direction_{text}")
    if field == "method":
        return layout.METHODS.get(text, text)
    return layout.ACCEPTED[text == "True"] if field == "accepted" else text


def _state(row: Mapping[str, object], t: Translator) -> str:
    if row["withdrawn"]:
        return t("differing.withdrawn", reason=row["withdrawn_reason"])
    return t("differing.counts" if row["current"] else "differing.replaced")
