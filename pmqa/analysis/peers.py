"""Where agencies stand among each other: statistics, levels, ranks. Paragraph 6.4 of docs/scoring.md."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmqa.scoring import of_settled
from pmqa.shown import shown_tenths
from pmqa.tables import Table, as_text

PEER_STATS: Final = Table(
    "peer_stats",
    {
        "kind": "text",
        "scope": "text",
        "n": "int",  # agencies that count
        "n_all": "int",  # agencies with a score, complete or not
        "minimum": "float?",  # blank where n is below the least that may be shown
        "q1": "float?",
        "median": "float?",
        "q3": "float?",
        "maximum": "float?",
        "best_agency": "text?",  # the first by code of those with the maximum
    },
    key=("kind", "scope"),
)

RANKS: Final = Table(
    "ranks",
    {
        "kind": "text",
        "scope": "text",
        "agency_code": "text",
        "score": "float",
        "coverage": "float",
        "rank_low": "int",  # 1 is best; agencies that show the same score share the band rank_low..rank_high
        "rank_high": "int",
        "n": "int",
    },
    key=("kind", "scope", "agency_code"),
)

SCOPE: Final = ["kind", "scope"]
QUARTILES: Final = {"minimum": 0.0, "q1": 0.25, "median": 0.5, "q3": 0.75, "maximum": 1.0}


def one_view(scored: pd.DataFrame) -> pd.DataFrame:
    """The frame as it came. Raises ValueError where it mixes bases or years, which no comparison may."""
    for column in ("basis", "fiscal_year"):
        if scored[column].nunique() > 1:
            raise ValueError(f"a comparison needs one {column}, not {sorted(scored[column].unique())}")
    return scored


def counting(scored: pd.DataFrame, *, complete_only: bool = True) -> pd.DataFrame:
    """The rows that count in a comparison: those with a score, and complete unless the switch includes the others."""
    kept = scored["score"].notna()
    return scored[kept & scored["complete"].astype("bool")] if complete_only else scored[kept]


def peer_stats(scored: pd.DataFrame, *, complete_only: bool = True, minimum: int = 1) -> pd.DataFrame:
    """SCORED of one year and basis to PEER_STATS, in the order in which scopes first appear.

    minimum: the fewest agencies of which a statistic is shown; below it n stands alone. Quartiles interpolate.
    """
    scored = one_view(scored)
    scopes = _plain(scored[SCOPE].drop_duplicates(ignore_index=True))
    kept = counting(scored, complete_only=complete_only)[[*SCOPE, "agency_code", "score"]]
    kept = kept.assign(shown=shown_tenths(kept["score"].to_numpy(dtype=np.float64)))
    groups = kept.groupby(SCOPE, sort=False, observed=True)
    every = counting(scored, complete_only=False).groupby(SCOPE, sort=False, observed=True)
    n = groups.size()
    quartiles = of_settled(groups["score"].quantile([*QUARTILES.values()]).to_numpy().reshape(len(n), len(QUARTILES)))
    # Who shows the same score is equally good: of them the first by code is named.
    best = _plain(kept[kept["shown"] == groups["shown"].transform("max")])
    best = best.sort_values(["shown", "agency_code"], ascending=[False, True]).drop_duplicates(SCOPE)
    stats = (
        scopes.merge(_counted(n, "n"), on=SCOPE, how="left")
        .merge(_counted(every.size(), "n_all"), on=SCOPE, how="left")
        .merge(_plain(pd.DataFrame(quartiles, n.index, list(QUARTILES)).reset_index()), on=SCOPE, how="left")
        .merge(best[[*SCOPE, "agency_code"]].rename(columns={"agency_code": "best_agency"}), on=SCOPE, how="left")
    )
    # Counting nobody gives a true zero, unlike a missing score.
    stats[["n", "n_all"]] = stats[["n", "n_all"]].astype("Int64").where(stats[["n", "n_all"]].notna(), 0)
    few = stats["n"] < minimum
    stats.loc[few, list(QUARTILES)] = np.nan
    stats["best_agency"] = stats["best_agency"].mask(few)
    return PEER_STATS.conform(stats)


def ranks(scored: pd.DataFrame, kind: str, scope: str, *, complete_only: bool = True) -> pd.DataFrame:
    """RANKS of agencies in one scope, best first, then by code.

    Whoever shows the same score, rounded to one decimal, shares a band: a difference that nobody sees is no rank.
    """
    scored = one_view(scored)
    rows = counting(scored[(scored["kind"] == kind) & (scored["scope"] == scope)], complete_only=complete_only)
    shown = pd.Series(shown_tenths(rows["score"].to_numpy(dtype=np.float64)), index=rows.index)
    found = rows.assign(
        rank_low=shown.rank(method="min", ascending=False).astype("Int64"),
        rank_high=shown.rank(method="max", ascending=False).astype("Int64"),
        n=len(rows),
    )
    return RANKS.conform(found.sort_values(["rank_low", "agency_code"]))


def _counted(sizes: pd.Series[int], name: str) -> pd.DataFrame:
    return _plain(sizes.rename(name).reset_index())


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Categorical columns as text, so that frames from different places merge."""
    return as_text(frame, *(name for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)))
