"""The page How sure: how firm ranks are, how good the evidence is, which texts stand more than once."""

from __future__ import annotations

from typing import Final, Literal

import pandas as pd

from pmqa import charts
from pmqa.analysis.matching import places_of, taken
from pmqa.analysis.peers import RANKS
from pmqa.analysis.robustness import DRAWS, drawn_shares
from pmqa.scoring import OVERALL
from pmqa.tables import as_text
from pmqa.text import MISSING
from pmqa.views import derived, texts
from pmqa.views.cards import Card, Column, Metric, card, headed, usual
from pmqa.views.choices import Agency
from pmqa.views.numbers import numbers
from pmqa.views.view import View
from pmqa.views.wide import prose

# Which columns of ROBUSTNESS make the band.
BANDS: Final = {
    "item": ("item_low", "item_high"),
    "weights": ("weights_low", "weights_high"),
    "unanswered": ("unanswered_low", "unanswered_high"),
    "all": ("best", "worst"),
}
TEXTS: Final = ("evidence", "explanation")
MOST_BANDS: Final = 30  # rows of the chart
MOST_TEXTS: Final = 60  # groups of texts in the table
NAMED: Final = 4  # agencies of a text


def comparing_texts(view: View, column: str) -> tuple[int, int] | None:
    """As texts.comparing. What is compared so far is not shown: whose texts are not yet among it would repeat none."""
    far = texts.comparing(view.version, view.viewer, view.source, view.fiscal_year, column)
    if far is None:
        derived.reused(view, column)
    return far


def enough_to_rank(view: View) -> bool:
    """Whether there is anybody to be ranked against."""
    return len(derived.robustness(view)) > 1


def rank(view: View, agency: str) -> list[Metric]:
    """The agency's rank as firmly as it can be said, and what moves it."""
    t = view.t
    rows = derived.robustness(view)
    own = rows[rows["agency_code"] == agency]
    if own.empty:
        return [Metric(t("trust_page.rank", n=len(rows)), MISSING, t("trust_page.not_ranked", counted=view.who_counts))]
    row = own.iloc[0]
    metrics = [Metric(t("trust_page.rank", n=len(rows)), _rank(row), t("trust_page.rank_help"))]
    least, most = drawn_shares(len(view.framework.categories))
    drawn = {"draws": t.number(DRAWS, 0), "low": t.number(least, 2), "high": t.number(most, 2)}
    for name in ("item", "weights", "unanswered"):
        low, high = BANDS[name]
        help_text = t(f"trust_page.{name}_help", **(drawn if name == "weights" else {}))
        metrics.append(Metric(t(f"trust_page.band_{name}"), _band(row[low], row[high]), help_text))
    return metrics


@card("trust.ranks")
def ranks(view: View, agency: Agency, band: Literal["item", "weights", "unanswered", "all"] = "item") -> Card:
    """Ranks as bands; the chart shows the agencies around the chosen one, the table all of them."""
    t = view.t
    title = t("trust_page.ranks", band=t(f"trust_page.band_{band}"))
    rows = derived.robustness(view)
    low, high = BANDS[band]
    names = view.agencies
    table = rows.assign(
        agency_name=[names[code] for code in rows["agency_code"]],
        shown=_shown(rows),
        **{name: _bands(rows, *columns) for name, columns in BANDS.items()},
        firm_name=[t("ui.yes") if firm else t("ui.no") for firm in rows["firm"]],
    )
    columns = (
        *usual(t, "agency_code", "agency_name"),
        Column("score", t("ui.overall"), "score"),
        Column("shown", t("trust_page.rank_shown")),
        Column("firm_name", t("trust_page.firm")),
        *(Column(name, t(f"trust_page.band_{name}")) for name in BANDS),
    )
    n = len(rows)
    traced = numbers(view, agency_code=rows["agency_code"], scope=OVERALL, score=rows["score"])
    left_out = len(view.agencies) - n
    notes = [t("trust_page.ranks_read")]
    # Below the picture, wherever it goes.
    below = [t("trust_page.left_out", n=left_out, counted=view.who_counts)] if left_out else []
    if rows.empty:
        return Card(title, table, columns, n, notes=(*notes, *below))
    near = _around(rows, agency)
    if len(near) < n:
        below.append(t("trust_page.around", n=len(near), of=n))
    bands = RANKS.conform(
        near.assign(kind="overall", scope=OVERALL, rank_low=near[low], rank_high=near[high], n=n), check_key=False
    )
    points = charts.rank_bands_data(view.broad, bands, kind="overall", scope=OVERALL)
    caption = view.caption(title, n, *below)
    drawing = charts.rank_bands(points, caption, t, highlight=(agency,))
    return Card(title, table, columns, n, notes=tuple(notes), numbers=traced, drawing=drawing)


def evidence_summary(view: View) -> list[Metric]:
    """Over all agencies of the view: how much of what is claimed is evidenced, and how well."""
    t = view.t
    rows = derived.evidence_quality(view)
    met, evidenced, readable = (int(rows[name].sum()) for name in ("met", "evidenced", "open"))
    return [
        Metric(t("trust_page.met_of_all", n=len(rows)), t.number(met, 0)),
        Metric(t("trust_page.share_evidenced"), _share(view, evidenced, met)),
        Metric(t("trust_page.share_document"), _share(view, int(rows["document_named"].sum()), readable)),
        Metric(t("trust_page.share_year"), _share(view, int(rows["year_in_period"].sum()), readable)),
        Metric(t("trust_page.share_within"), _share(view, int(rows["reused_within"].sum()), readable)),
        Metric(t("trust_page.share_between"), _share(view, int(rows["reused_between"].sum()), readable)),
    ]


@card("trust.evidence")
def evidence(view: View) -> Card:
    """Quality of each agency's evidence, the least evidenced first; it changes no score."""
    t = view.t
    found = derived.evidence_quality(view).astype({"agency_code": "str"})
    table = found.assign(agency_name=[view.agencies[code] for code in found["agency_code"]])
    table = table.sort_values("share_evidenced", kind="stable")
    columns = (
        *usual(t, "agency_code", "agency_name"),
        Column("met", t("trust_page.met"), "count"),
        Column("share_evidenced", t("trust_page.share_evidenced"), "percent"),
        Column("classified", t("trust_page.classified"), "count"),
        *headed(
            t,
            "percent",
            "trust_page.share_document",
            "trust_page.share_year",
            "trust_page.share_within",
            "trust_page.share_between",
        ),
        *headed(t, "count", "trust_page.alike_within", "trust_page.alike_between"),
    )
    return Card(t("trust_page.evidence"), table, columns, len(table), notes=(t("trust_page.evidence_note"),))


@card("trust.reuse", closed="evidence")
def reuse(view: View, column: Literal["evidence", "explanation"] = "evidence") -> Card:
    """Texts that stand more than once, under other criteria or at other agencies."""
    t = view.t
    every = derived.reused(view, column)
    mine = every["submission"].isin(view.submissions["submission"])
    groups = every.loc[mine, "group"].unique()
    rows = _named(view, every[every["group"].isin(groups[:MOST_TEXTS])])
    table = rows.groupby("group", sort=False).agg(
        spellings=("same", "nunique"),
        texts=("texts", "first"),
        agencies=("agencies", "first"),
        criteria=("criteria", "first"),
        names=("agency_name", lambda names: _some(list(dict.fromkeys(names)))),
    )
    table = table.reset_index().assign(
        text=_written(view, rows.drop_duplicates("group"), column),
        likeness=[t("trust_page.same" if n == 1 else "trust_page.alike") for n in table["spellings"]],
        names=table["names"].astype("str").array,
    )
    kind = prose(len(table))
    columns = (
        Column("text", t(f"ui.{column}"), kind),
        Column("likeness", t("trust_page.likeness")),
        Column("texts", t("trust_page.times"), "count"),
        Column("agencies", t("charts.agencies_axis"), "count"),
        Column("criteria", t("trust_page.under_criteria"), "count"),
        Column("names", t("ui.agencies"), kind),
    )
    notes = [t("trust_page.reuse_note")]
    if len(groups) > MOST_TEXTS:
        notes.append(t("trust_page.first_texts", n=MOST_TEXTS, of=len(groups)))
    title = t("trust_page.reuse", text=t(f"ui.{column}"))
    return Card(title, table, columns, len(view.agencies), notes=tuple(notes))


def _named(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """REUSED_TEXTS in order, with the names of their agencies."""
    whose = view.every_submission[["submission", "agency_name"]]
    rows = as_text(rows, "submission", "criterion").merge(whose, on="submission", how="left")
    return rows.sort_values(["group", "submission", "criterion"])


def _written(view: View, rows: pd.DataFrame, column: str) -> list[str]:
    """What stands in the answers of these rows."""
    answers = view.answers(*rows["submission"].unique(), texts=(column,))
    return list(taken(answers[column], places_of(rows, answers, ("submission", "criterion"))))


def _around(rows: pd.DataFrame, agency: str) -> pd.DataFrame:
    """So many agencies as a chart holds, with the chosen one in the middle as far as there are others on both sides."""
    places = rows.reset_index(drop=True)
    own = places.index[places["agency_code"] == agency]
    middle = int(own[0]) if len(own) else 0
    first = max(0, min(middle - MOST_BANDS // 2, len(places) - MOST_BANDS))
    return places.iloc[first : first + MOST_BANDS]


def _rank(row: pd.Series[object]) -> str:
    """A number where no single item moves it, else the band within which it moves."""
    low, high = ("rank_low", "rank_high") if row["firm"] else ("item_low", "item_high")
    return _band(row[low], row[high])


def _shown(rows: pd.DataFrame) -> list[str]:
    firm = rows["firm"].astype("bool")
    low, high = (rows[f"rank_{end}"].where(firm, rows[f"item_{end}"]) for end in ("low", "high"))
    return [_band(*ends) for ends in zip(low, high, strict=True)]


def _bands(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    return [_band(*ends) for ends in zip(rows[low], rows[high], strict=True)]


def _band(low: object, high: object) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _share(view: View, part: int, whole: int) -> str:
    return view.t.percent(part / whole) if whole else MISSING


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")
