"""The page Submit, one file: the scores that it will have, and what it changes against the agency's last submission."""

from __future__ import annotations

import pandas as pd

from pmqa.analysis.changes import changed_answers, changed_measures, effects
from pmqa.errors import StoreError
from pmqa.framework import shipped_frameworks
from pmqa.scoring import score
from pmqa.sources import bases_of
from pmqa.store.opening import both_languages
from pmqa.submission import Submission, answer_frame, measure_frame, source_frame
from pmqa.text import MISSING
from pmqa.ui.forms.staging import reading_of
from pmqa.views import data
from pmqa.views.cards import Card, Column, Kind, usual
from pmqa.views.view import View
from pmqa.views.words import basis_name
from pmqa.workbook.differing import answer_word, field_name, field_value


def preview(view: View, receipt: str, name: str) -> Card:
    """Scores that the file will have: overall and categories, beside those of the last submission."""
    t = view.t
    sent = sent_submission(view, receipt, name)
    framework = shipped_frameworks()[sent.edition]
    scores = _scores(sent).astype({"kind": "str", "scope": "str", "basis": "str"})
    order = [("overall", "overall"), *(("category", scope) for scope in framework.scopes("category"))]
    before = last_submission(view, sent)
    found = None if before is None else effects(_scores_before(view, before), scores)
    columns = [Column("scope", t("ui.scope"), "long")]
    table: dict[str, object] = {"scope": [view.scope_name(kind, scope) for kind, scope in order]}
    for basis in bases_of(sent.source):
        now = scores[scores["basis"] == basis].set_index(["kind", "scope"]).reindex(order)
        name_of_basis = basis_name(basis, t)
        if found is not None:
            effect = found[found["basis"] == basis].set_index(["kind", "scope"]).reindex(order)
            table[f"{basis}_before"], table[f"{basis}_change"] = effect["before"].array, effect["change"].array
            columns.append(Column(f"{basis}_before", t("submit_page.score_before", basis=name_of_basis), "score"))
        table[basis] = now["score"].array
        columns.append(Column(basis, t("submit_page.score_on", basis=name_of_basis), "score"))
        if found is not None:
            columns.append(Column(f"{basis}_change", t("submit_page.change", basis=name_of_basis), "score"))
        table["coverage"], table["score_max"] = now["coverage"].array, now["score_max"].array
    # Beside two scores and their difference on each basis there is no room for more.
    kinds: tuple[Kind, Kind] = ("percent", "score") if found is None else ("id", "id")
    columns += [Column("coverage", t("ui.coverage"), kinds[0]), Column("score_max", t("ui.score_max"), kinds[1])]
    title = t("submit_page.preview", agency=sent.agency_name, year=t.year(sent.fiscal_year))
    note = t("submit_page.first_time") if before is None else against(view, before)
    return Card(title, pd.DataFrame(table), tuple(columns), n=None, notes=(note,), of_scores=False)


def criteria(view: View, receipt: str, name: str) -> Card:
    """Criteria that say something else than in the last submission, with what becomes of their item's score."""
    t = view.t
    sent = sent_submission(view, receipt, name)
    framework = shipped_frameworks()[sent.edition]
    before = _before(view, sent)
    id_ = str(before["submission"])
    rows = changed_answers(view.answers(id_), answer_frame({"": sent}), framework)
    effect = _effect(view, sent, before, "item")
    table = rows.assign(
        item_name=[f"{item} {framework.scope_name('item', item, view.language)}" for item in rows["item"]],
        answer=[
            _both(answer_word(old, t), answer_word(new, t))
            for old, new in zip(rows["before"], rows["after"], strict=True)
        ],
        evidence=[
            _both(old, new) if changed else None
            for old, new, changed in zip(
                rows["evidence_before"], rows["evidence_after"], rows["evidence_changed"], strict=True
            )
        ],
        explanation=[
            _both(old, new) if changed else None
            for old, new, changed in zip(
                rows["explanation_before"], rows["explanation_after"], rows["explanation_changed"], strict=True
            )
        ],
        score_before=rows["item"].map(effect["before"]),
        score_after=rows["item"].map(effect["after"]),
    )
    columns = (
        *usual(t, "criterion", "item_name", "answer", "evidence", "explanation"),
        Column("score_before", t("submit_page.item_before"), "score"),
        Column("score_after", t("submit_page.item_after"), "score"),
    )
    basis = bases_of(sent.source)[0]
    notes = (against(view, before), t("submit_page.on_basis", basis=basis_name(basis, t)))
    title = t("submit_page.changed_criteria", n=len(table))
    return Card(title, table, columns, n=None, notes=notes, of_scores=False)


def measures(view: View, receipt: str, name: str) -> Card:
    """Values of measures that differ from the last submission, with what becomes of their indicator's score."""
    t = view.t
    sent = sent_submission(view, receipt, name)
    before = _before(view, sent)
    id_ = str(before["submission"])
    rows = changed_measures(view.measures(id_), measure_frame({"": sent}))
    effect = _effect(view, sent, before, "indicator")
    table = rows.assign(
        indicator_name=[view.scope_name("indicator", indicator) for indicator in rows["indicator"]],
        field_name=[field_name(field, t) for field in rows["field"]],
        before_words=[field_value(field, value, t) for field, value in zip(rows["field"], rows["before"], strict=True)],
        after_words=[field_value(field, value, t) for field, value in zip(rows["field"], rows["after"], strict=True)],
        score_before=rows["indicator"].map(effect["before"]),
        score_after=rows["indicator"].map(effect["after"]),
    )
    columns = (
        *usual(t, "indicator_name"),
        Column("name", t("ui.measure"), "long"),
        Column("field_name", t("submit_page.field")),
        Column("before_words", t("submit_page.before"), "long"),
        Column("after_words", t("submit_page.after"), "long"),
        Column("score_before", t("submit_page.indicator_before"), "score"),
        Column("score_after", t("submit_page.indicator_after"), "score"),
    )
    title = t("submit_page.changed_measures", n=len(table))
    return Card(title, table, columns, n=None, notes=(against(view, before),), of_scores=False)


def how_many(view: View, receipt: str, name: str) -> tuple[int, int]:
    """Criteria and values of measures that differ from the last submission."""
    sent = sent_submission(view, receipt, name)
    id_ = str(_before(view, sent)["submission"])
    framework = shipped_frameworks()[sent.edition]
    return (
        len(changed_answers(view.answers(id_), answer_frame({"": sent}), framework)),
        len(changed_measures(view.measures(id_), measure_frame({"": sent}))),
    )


def sent_submission(view: View, receipt: str, name: str) -> Submission:
    """What the file says. Raises StoreError where it is refused by now."""
    submission = reading_of(view.version, view.viewer, receipt, name).submission
    if submission is None:
        raise StoreError(both_languages("no_receipt", receipt=receipt))
    return submission


def last_submission(view: View, sent: Submission) -> pd.Series[object] | None:
    """The HISTORY row that counts of the same agency and source, of this year or else the latest before; or None."""
    rows = data.history(view.version, view.viewer)
    same = rows[
        (rows["agency_code"] == sent.agency_code)
        & (rows["source"] == sent.source)
        & rows["current"].astype("bool")
        & (rows["fiscal_year"] <= sent.fiscal_year)
    ]
    return None if same.empty else same.sort_values("fiscal_year").iloc[-1]


def against(view: View, before: pd.Series[object]) -> str:
    """With which submission something is compared."""
    t = view.t
    year = t.year(int(str(before["fiscal_year"])))
    return t("submit_page.against", submission=before["submission"], year=year)


def _before(view: View, sent: Submission) -> pd.Series[object]:
    found = last_submission(view, sent)
    if found is None:
        raise StoreError(both_languages("no_submission", submission=sent.agency_code))
    return found


def _scores(sent: Submission) -> pd.DataFrame:
    one = {"": sent}
    framework = shipped_frameworks()[sent.edition]
    return score(source_frame(one), answer_frame(one), measure_frame(one), framework)


def _scores_before(view: View, before: pd.Series[object]) -> pd.DataFrame:
    return data.scores(view.version, view.viewer, (str(before["submission"]),))


def _effect(view: View, sent: Submission, before: pd.Series[object], kind: str) -> pd.DataFrame:
    """EFFECTS of one kind on the first basis, by scope."""
    found = effects(_scores_before(view, before), _scores(sent))
    return found[(found["basis"] == bases_of(sent.source)[0]) & (found["kind"] == kind)].set_index("scope")


def _both(old: object, new: object) -> str:
    before, after = (MISSING if value is None or pd.isna(value) else str(value) for value in (old, new))
    return before if before == after else f"{before} → {after}"
