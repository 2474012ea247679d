"""Which submissions stand and count, and who may see what of them, as conditions of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pmqa.errors import AccessDenied
from pmqa.store.backend import Cursor
from pmqa.store.opening import both_languages
from pmqa.viewer import Viewer

# Conditions on submissions `s`. A viewer's agencies and ministries both limit; null = all.
VISIBLE: Final = """
    ($agencies IS NULL OR s.agency_code IN (SELECT unnest($agencies)))
    AND ($ministries IS NULL OR s.ministry IN (SELECT unnest($ministries)))
"""
CHOSEN: Final = "($ids IS NULL OR s.submission IN (SELECT unnest($ids)))"
ASKED: Final = """
    ($source IS NULL OR s.source = $source)
    AND ($years IS NULL OR s.fiscal_year IN (SELECT unnest($years)))
"""

# Agencies that a viewer may see: by the register, and by what they sent too.
OF_REGISTER: Final = f"SELECT s.agency_code FROM agencies s WHERE {VISIBLE}"
OF_VIEWER: Final = f"SELECT s.agency_code FROM submissions s WHERE {VISIBLE} UNION {OF_REGISTER}"

# Submissions that their sender or an administrator took back, and did not restore.
WITHDRAWN: Final = """
    SELECT submission FROM (SELECT submission, arg_max(withdrawn, number) AS out FROM withdrawals GROUP BY submission)
    WHERE out
"""
# What submissions are taken from: those that stand; of them the latest recorded of each agency, year and source.
STANDING: Final = f"(FROM submissions WHERE submission NOT IN ({WITHDRAWN}))"
CURRENT: Final = f"""(
    FROM {STANDING}
    QUALIFY row_number() OVER (PARTITION BY agency_code, fiscal_year, source ORDER BY submission DESC) = 1
)"""

# The same as they were when the round $closed was closed: of what was recorded, withdrawn and restored until then.
THEN: Final = "(SELECT number FROM rounds WHERE round = $closed)"
STANDING_THEN: Final = f"""(
    FROM submissions WHERE CAST(submission[2:] AS BIGINT) <= {THEN} AND submission NOT IN (
        SELECT submission FROM (
            SELECT submission, arg_max(withdrawn, number) AS out FROM withdrawals
            WHERE number <= {THEN} GROUP BY submission
        ) WHERE out
    )
)"""
CURRENT_THEN: Final = f"""(
    FROM {STANDING_THEN}
    QUALIFY row_number() OVER (PARTITION BY agency_code, fiscal_year, source ORDER BY submission DESC) = 1
)"""


def of_round(closed: str | None) -> dict[str, object]:
    """The value of what names a round; nothing where the present is asked for."""
    return {} if closed is None else {"closed": closed}


def reach(viewer: Viewer | None) -> dict[str, object]:
    """The values of VISIBLE; no viewer = the product itself, which sees everything."""
    return {
        "agencies": sorted(viewer.agencies) if viewer and viewer.agencies is not None else None,
        "ministries": sorted(viewer.ministries) if viewer and viewer.ministries is not None else None,
    }


def theirs(agencies: str) -> str:
    """The condition that a row's agency is among the viewer's; one that nobody knows is of who may see everything."""
    return f"(($agencies IS NULL AND $ministries IS NULL) OR agency_code IN ({agencies}))"


THEIRS: Final = theirs(OF_VIEWER)


def check_agencies(cursor: Cursor, viewer: Viewer | None, codes: Iterable[str], *, agencies: str = OF_VIEWER) -> None:
    """Nothing where all of the agencies are among the viewer's. Raises AccessDenied otherwise."""
    sql = f"SELECT agency_code FROM (SELECT unnest($codes) AS agency_code) WHERE NOT {theirs(agencies)}"
    values = reach(viewer) | {"codes": list(codes)}
    refuse_strangers(code for (code,) in cursor.execute(sql, values).fetchall())


def refuse_strangers(codes: Iterable[str]) -> None:
    """Raises AccessDenied where there is any code: of agencies that somebody may not change."""
    if strangers := sorted(codes):
        raise AccessDenied(both_languages("not_yours", agencies=", ".join(strangers)))


def choice(viewer: Viewer | None, source: str | None, years: Iterable[int] | None) -> dict[str, object]:
    """The values of VISIBLE and ASKED."""
    return {**reach(viewer), "source": source, "years": None if years is None else [int(year) for year in years]}


def among(ids: Iterable[str] | None, viewer: Viewer | None) -> dict[str, object]:
    """The values of VISIBLE and CHOSEN."""
    return {**reach(viewer), "ids": listed(ids)}


def listed(names: Iterable[str] | None) -> list[str] | None:
    """Names as a value of a query; None = all."""
    return None if names is None else [str(name) for name in names]
