"""Who there is and who must send: the register of agencies, expectations, named peer groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from pmqa.errors import AccessDenied, NameTaken, StoreChanged, StoreError
from pmqa.sources import SELF
from pmqa.store.backend import Cursor, retried
from pmqa.store.database import Change, Database, put, take_out
from pmqa.store.merging import merged
from pmqa.store.opening import both_languages
from pmqa.store.schema import SETTINGS
from pmqa.store.visible import (
    CURRENT,
    OF_REGISTER,
    STANDING,
    THEIRS,
    VISIBLE,
    check_agencies,
    reach,
    refuse_strangers,
    theirs,
)
from pmqa.tables import AGENCIES, CONTACTS, EXPECTATIONS, GROUP_OWNERS, PEER_GROUPS, STATUS
from pmqa.text import end_of_day
from pmqa.viewer import LOCAL_ANALYST, Viewer, check, is_within_reach, may

AgencyRow = tuple[str, ...]  # a row of AGENCIES, its code first


class Register:
    """Agencies and what is expected of them. Every change is audited with what was before.

    Changes raise AccessDenied where their viewer may not make them, or not of one of the agencies.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def agencies(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """AGENCIES of the register by code; empty where none is kept."""
        sql = f"SELECT s.* FROM agencies s WHERE {VISIBLE} ORDER BY agency_code"
        return self._database.read(AGENCIES, sql, reach(viewer))

    @retried
    def save_agencies(self, agencies: pd.DataFrame, *, who: str) -> int:
        """Add agencies to the register and correct those it has, by code; returns how many differ from before.

        agencies: AGENCIES. Raises TableError for missing columns, blanks and repeated codes.
        """
        rows = _rows(agencies)
        with self._database.transaction() as cursor:
            return self._change_agencies(cursor, rows, who, None)[0]

    @retried
    def change_agencies(
        self, began: pd.DataFrame, wanted: pd.DataFrame, *, who: str, viewer: Viewer | None = None
    ) -> tuple[int, int]:
        """Make of the register as somebody saw it the one that they want; returns how many were saved and removed.

        began, wanted: AGENCIES. Who leaves the register leaves with what is expected of them; what they sent stays.
        What others changed since stays too. Raises StoreChanged where they changed the same field, TableError as
        save_agencies.
        """
        before, after = _rows(began), _rows(wanted)
        touched = [code for code in dict.fromkeys([*before, *after]) if before.get(code) != after.get(code)]
        check(viewer, "keep_register")
        with self._database.transaction() as cursor:
            cells, clashes = merged(_cells(before), _cells(after), _cells(_known(cursor)))
            if clashes:
                what = ", ".join(sorted({code for code, _ in clashes}))
                raise StoreChanged(both_languages("changed_meanwhile", what=what))
            rows = {code: tuple(str(cells[code, name]) for name in AGENCIES.columns) for code in touched}
            new = {code: row if code in after else None for code, row in rows.items()}
            return self._change_agencies(cursor, new, who, viewer)

    def senders(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """AGENCIES as they say themselves, of those that sent and are not in the register, by code; no samples."""
        with self._database.reading() as cursor:
            known = _known(cursor)
        sql = f"""
            SELECT agency_code, agency_name, ministry, agency_type FROM {STANDING} s
            WHERE source = $source AND NOT sample AND {VISIBLE}
            QUALIFY row_number() OVER (PARTITION BY agency_code ORDER BY fiscal_year DESC, submission DESC) = 1
            ORDER BY agency_code
        """
        rows = self._database.read(AGENCIES, sql, reach(viewer) | {"source": SELF.id})
        return rows[~rows["agency_code"].isin(known)].reset_index(drop=True)

    @retried
    def add_senders(self, *, who: str, viewer: Viewer | None = None) -> int:
        """Put those that sent and are not in it into the register; how many they are.

        A register that was empty is known from then on as one of senders, until somebody else puts agencies into it:
        who is not in it may have to send all the same.
        """
        check(viewer, "keep_register")
        rows = _rows(self.senders(viewer))
        with self._database.transaction() as cursor:
            was_empty = not _known(cursor)
            added, _ = self._change_agencies(cursor, rows, who, viewer)
            if was_empty and added:
                put(cursor, SETTINGS, pd.DataFrame({"name": [OF_SENDERS], "value": ["yes"]}))
        return added

    def is_of_senders(self) -> bool:
        """Whether the register holds only who sent, so that nobody can say who is missing."""
        with self._database.reading() as cursor:
            return bool(cursor.execute("SELECT 1 FROM settings WHERE name = ?", [OF_SENDERS]).fetchone())

    def expectations(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """EXPECTATIONS of all years, of agencies that the viewer may see."""
        sql = f"""
            SELECT e.* FROM expectations e WHERE e.agency_code IN ({OF_REGISTER})
            ORDER BY fiscal_year, source, agency_code
        """
        return self._database.read(EXPECTATIONS, sql, reach(viewer), keys=("source",))

    @retried
    def expect(
        self,
        fiscal_year: int,
        codes: Iterable[str],
        *,
        due: dt.date | Mapping[str, dt.date | None] | None,
        who: str,
        source: str = SELF.id,
        viewer: Viewer | None = None,
    ) -> None:
        """Say who must send for a year, by the end of which day in Bangkok; due: of all, or of each code its own.

        Replaces what was said before of agencies that the viewer may see. Raises TableError for a code twice. Codes
        that are not in the register are not shown until they are.
        """
        check(viewer, "keep_register")
        listed = list(codes)
        days = due if isinstance(due, Mapping) else dict.fromkeys(listed, due)
        moments = {day: end_of_day(day) for day in days.values() if day is not None}
        rows = pd.DataFrame({"agency_code": pd.Series(listed, dtype="str")}).assign(
            fiscal_year=fiscal_year,
            source=source,
            due=pd.Series([moments.get(days.get(code)) for code in listed], dtype="datetime64[us]"),
        )
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, listed, agencies=OF_REGISTER)
            sql = f"DELETE FROM expectations WHERE fiscal_year = $year AND source = $source AND {theirs(OF_REGISTER)}"
            cursor.execute(sql, reach(viewer) | {"year": fiscal_year, "source": source})
            put(cursor, EXPECTATIONS, EXPECTATIONS.conform(rows))
            details = {"source": source, "due": max(moments.values(), default=None), "agencies": listed}
            self._database.log(cursor, who, [("expected", str(fiscal_year), details)])

    def status(self, viewer: Viewer | None, fiscal_year: int, *, source: str = SELF.id) -> pd.DataFrame:
        """STATUS of every agency that must send for a year, and of those that sent without having to.

        late = the first submission that still stands came after the due moment. refused = nothing stands, and a file
        that says it is theirs was refused. missing = neither, whether or not the date has passed.
        """
        sql = f"""
            WITH sent AS (
                SELECT agency_code, min(received_at) AS first_received_at FROM {STANDING}
                WHERE fiscal_year = $year AND source = $source GROUP BY agency_code
            ), latest AS (
                SELECT * FROM {CURRENT} WHERE fiscal_year = $year AND source = $source
            ), refused AS (
                SELECT DISTINCT agency_code FROM outcomes
                WHERE outcome = 'refused' AND fiscal_year = $year AND coalesce(source, $source) = $source
            ), expected AS (
                SELECT a.*, e.due FROM expectations e JOIN agencies a USING (agency_code)
                WHERE e.fiscal_year = $year AND e.source = $source
            )
            SELECT * FROM (
                SELECT
                    agency_code,
                    coalesce(e.agency_name, l.agency_name) AS agency_name,
                    coalesce(e.ministry, l.ministry) AS ministry,
                    coalesce(e.agency_type, l.agency_type) AS agency_type,
                    e.agency_name IS NOT NULL AS expected, e.due, l.submission, first_received_at,
                    CASE
                        WHEN l.submission IS NOT NULL AND first_received_at > e.due THEN 'late'
                        WHEN l.submission IS NOT NULL THEN 'sent'
                        WHEN agency_code IN (SELECT agency_code FROM refused) THEN 'refused'
                        ELSE 'missing'
                    END AS state
                FROM expected e FULL JOIN latest l USING (agency_code) LEFT JOIN sent USING (agency_code)
            ) s WHERE {VISIBLE} ORDER BY agency_code
        """
        values = reach(viewer) | {"year": fiscal_year, "source": source}
        return self._database.read(STATUS, sql, values, keys=("ministry", "agency_type", "state"))

    def contacts(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """CONTACTS of agencies that ever sent for themselves: of their last form that names anybody.

        Raises AccessDenied for who does not keep the register.
        """
        check(viewer, "keep_register")
        sql = f"""
            SELECT agency_code, contact_name, contact_email, contact_phone, fiscal_year AS told_for
            FROM submissions s
            WHERE source = $source AND coalesce(contact_name, contact_email, contact_phone) IS NOT NULL AND {VISIBLE}
            QUALIFY row_number() OVER (PARTITION BY agency_code ORDER BY fiscal_year DESC, submission DESC) = 1
            ORDER BY agency_code
        """
        return self._database.read(CONTACTS, sql, reach(viewer) | {"source": SELF.id})

    def peer_groups(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """PEER_GROUPS: a row for each agency of each named group; of whom the viewer may see, and so no other name."""
        return self._database.read(PEER_GROUPS, f"SELECT * FROM peer_groups WHERE {THEIRS} ORDER BY ALL", reach(viewer))

    def group_owners(self, viewer: Viewer | None = None) -> dict[str, str]:
        """Named group -> who may change it, of the groups that the viewer is told of; one without is everybody's."""
        sql = f"SELECT name, owner FROM group_owners WHERE name IN (SELECT name FROM peer_groups WHERE {THEIRS})"
        with self._database.reading() as cursor:
            return dict(cursor.execute(sql, reach(viewer)).fetchall())

    @retried
    def save_peer_group(
        self, name: str, codes: Iterable[str], *, who: str, viewer: Viewer | None = None, replace: bool = True
    ) -> None:
        """Keep a group under its name, in place of the group that had it; without codes there is no such group.

        Members that the viewer may not see stay in it. A new one is its maker's. Raises NameTaken where there is a
        group of the name, with whatever members, and it is not to be replaced; AccessDenied where it is another's.
        """
        check(viewer, "save_peer_groups")
        listed = list(codes)
        rows = pd.DataFrame({"agency_code": pd.Series(listed, dtype="str")}).assign(name=name)
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, listed)
            if not replace and cursor.execute("SELECT 1 FROM peer_groups WHERE name = ?", [name]).fetchone():
                raise NameTaken(both_languages("name_taken", name=name))
            is_new = self._check_owner(cursor, name, viewer) is None
            gone = take_out(cursor, PEER_GROUPS, f"name = $name AND {THEIRS}", reach(viewer) | {"name": name})
            put(cursor, PEER_GROUPS, PEER_GROUPS.conform(rows.astype("str")))
            if not cursor.execute("SELECT 1 FROM peer_groups WHERE name = ?", [name]).fetchone():
                cursor.execute("DELETE FROM group_owners WHERE name = ?", [name])
            elif is_new and not gone and viewer is not None:
                _own(cursor, name, viewer.name)
            details = {"before": sorted(code for _, code in gone), "after": sorted(rows["agency_code"])}
            self._database.log(cursor, who, [("peer_group_saved", name, details)])

    @retried
    def give_peer_group(self, name: str, to: str, *, viewer: Viewer) -> None:
        """Make a group somebody else's, by the name that they sign in with. Raises AccessDenied where it is another's,
        StoreError where there is none of the name that the viewer is told of, or nobody to give it to."""
        check(viewer, "save_peer_groups")
        heir = to.strip().casefold()
        with self._database.transaction() as cursor:
            sql = f"SELECT 1 FROM peer_groups WHERE name = $name AND {THEIRS}"
            if not heir or not cursor.execute(sql, reach(viewer) | {"name": name}).fetchone():
                raise StoreError(both_languages("no_group" if heir else "no_name", name=name))
            before = self._check_owner(cursor, name, viewer)
            _own(cursor, name, heir)
            self._database.log(cursor, viewer.name, [("peer_group_given", name, {"before": before, "after": heir})])

    def _check_owner(self, cursor: Cursor, name: str, viewer: Viewer | None) -> str | None:
        """Whose the group is, None = everybody's. Raises AccessDenied where the viewer may not change it."""
        found = cursor.execute("SELECT owner FROM group_owners WHERE name = ?", [name]).fetchone()
        owner = None if found is None else str(found[0])
        if viewer is not None and not may_change_group(owner, viewer):
            raise AccessDenied(both_languages("not_your_group", name=name))
        return owner

    def _change_agencies(
        self, cursor: Cursor, rows: Mapping[str, AgencyRow | None], who: str, viewer: Viewer | None
    ) -> tuple[int, int]:
        """Put rows in place of what the register has under their codes; None takes the agency off it."""
        known = _known(cursor)
        new = {code: row for code, row in rows.items() if known.get(code) != row}
        both = [(code, row) for code in new for row in (known.get(code), new[code]) if row is not None]
        refuse_strangers({code for code, row in both if not is_within_reach(viewer, code, row[MINISTRY])})
        saved = [row for row in new.values() if row is not None]
        gone = [[code for code, row in new.items() if row is None]]
        changes: list[Change] = [
            ("agency_saved", code, {"before": known.get(code), "after": row})
            if row is not None
            else ("agency_removed", code, {"before": known[code]})
            for code, row in new.items()
        ]
        if changes:
            cursor.execute("DELETE FROM agencies WHERE agency_code IN (SELECT unnest(?))", gone)
            cursor.execute("DELETE FROM expectations WHERE agency_code IN (SELECT unnest(?))", gone)
            put(cursor, AGENCIES, pd.DataFrame(saved, columns=list(AGENCIES.columns)))
            cursor.execute("DELETE FROM settings WHERE name = ?", [OF_SENDERS])
            self._database.log(cursor, who, changes)
        return len(saved), len(new) - len(saved)


def may_change_group(owner: str | None, viewer: Viewer) -> bool:
    """Whether a named group of that owner is the viewer's to change: theirs, everybody's, or they keep the house.

    Without sign-in everybody is one and the same.
    """
    return owner in {None, LOCAL_ANALYST.name, viewer.name} or viewer == LOCAL_ANALYST or may(viewer, "administer")


def _own(cursor: Cursor, name: str, owner: str) -> None:
    cursor.execute("DELETE FROM group_owners WHERE name = ?", [name])
    put(cursor, GROUP_OWNERS, GROUP_OWNERS.conform(pd.DataFrame({"name": [name], "owner": [owner]}, dtype="str")))


OF_SENDERS: Final = "register_of_senders"  # of SETTINGS: the register holds only who sent
MINISTRY: Final = list(AGENCIES.columns).index("ministry")


def _rows(agencies: pd.DataFrame) -> dict[str, AgencyRow]:
    """Code -> row of AGENCIES."""
    rows = AGENCIES.conform(agencies).astype("object")
    return {row[0]: row for row in rows.itertuples(index=False, name=None)}


def _known(cursor: Cursor) -> dict[str, AgencyRow]:
    return {row[0]: row for row in cursor.execute("SELECT * FROM agencies").fetchall()}


def _cells(rows: Mapping[str, AgencyRow]) -> dict[tuple[str, str], str]:
    return {
        (code, name): value for code, row in rows.items() for name, value in zip(AGENCIES.columns, row, strict=True)
    }
