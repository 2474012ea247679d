"""What people plan: what-if scenarios, improvement actions with their progress, effort per criterion."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pmqa.errors import NameTaken, StoreError
from pmqa.store.backend import retried
from pmqa.store.database import Database, last_number, now, put, take_out
from pmqa.store.opening import both_languages
from pmqa.store.visible import OF_VIEWER, THEIRS, VISIBLE, check_agencies, reach
from pmqa.tables import ACTIONS, EFFORTS, PROGRESS, SCENARIOS
from pmqa.text import end_of_day
from pmqa.viewer import Viewer, check


@dataclass(frozen=True)
class Action:
    """A step of an agency's improvement plan."""

    agency_code: str
    fiscal_year: int
    what: str
    criteria: tuple[str, ...]
    owner: str | None = None
    due: dt.date | None = None


class Plans:
    """Plans beside the submissions; none of them changes what an agency sent.

    Every change raises AccessDenied where its viewer may not plan, or not for the agency.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def scenarios(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """SCENARIOS of submissions that the viewer may see."""
        sql = f"SELECT c.* FROM scenarios c JOIN submissions s USING (submission) WHERE {VISIBLE} ORDER BY ALL"
        return self._database.read(SCENARIOS, sql, reach(viewer))

    @retried
    def save_scenario(
        self,
        submission: str,
        name: str,
        changes: Mapping[str, object],
        *,
        who: str,
        viewer: Viewer | None = None,
        replace: bool = True,
    ) -> None:
        """Keep a scenario under its name, in place of the submission's scenario that had it.

        Raises StoreError where there is no submission that the viewer may see, NameTaken where another scenario has
        the name and is not to be replaced.
        """
        check(viewer, "plan")
        words = json.dumps(changes, ensure_ascii=False, sort_keys=True)
        row = (submission, name, words, now(), who)
        with self._database.transaction() as cursor:
            seen = f"SELECT 1 FROM submissions s WHERE s.submission = $submission AND {VISIBLE}"
            if not cursor.execute(seen, reach(viewer) | {"submission": submission}).fetchone():
                raise StoreError(both_languages("no_submission", submission=submission))
            kept = "SELECT 1 FROM scenarios WHERE submission = ? AND name = ? AND changes <> ?"
            if not replace and cursor.execute(kept, [submission, name, words]).fetchone():
                raise NameTaken(both_languages("name_taken", name=name))
            put(cursor, SCENARIOS, pd.DataFrame([row], columns=list(SCENARIOS.columns)))
            self._database.log(cursor, who, [("scenario_saved", submission, {"name": name, "changes": changes})])

    @retried
    def remove_scenario(self, submission: str, name: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Drop a scenario; nothing happens where there is none that the viewer may see."""
        check(viewer, "plan")
        with self._database.transaction() as cursor:
            sql = f"""
                submission = $submission AND name = $name
                AND submission IN (SELECT s.submission FROM submissions s WHERE {VISIBLE})
            """
            for row in take_out(cursor, SCENARIOS, sql, reach(viewer) | {"submission": submission, "name": name}):
                words = dict(zip(SCENARIOS.columns, row, strict=True))["changes"]
                details = {"name": name, "changes": json.loads(words)}
                self._database.log(cursor, who, [("scenario_removed", submission, details)])

    def actions(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """ACTIONS of agencies that the viewer may see."""
        sql = f"SELECT a.* FROM actions a WHERE a.agency_code IN ({OF_VIEWER}) ORDER BY a.action"
        return self._database.read(ACTIONS, sql, reach(viewer))

    @retried
    def save_action(self, action: Action, *, who: str, name: str | None = None, viewer: Viewer | None = None) -> str:
        """Add an action, or change the one of that name; returns its name."""
        check(viewer, "plan")
        with self._database.transaction() as cursor:
            before = cursor.execute("SELECT agency_code FROM actions WHERE action = ?", [name]).fetchall()
            check_agencies(cursor, viewer, [action.agency_code, *(code for (code,) in before)])
            if name is None:
                name = f"A{last_number(cursor) + 1:07d}"
            due = None if action.due is None else end_of_day(action.due)
            criteria = " ".join(action.criteria)
            row = (name, action.agency_code, action.fiscal_year, action.what, action.owner, due, criteria)
            put(cursor, ACTIONS, pd.DataFrame([row], columns=list(ACTIONS.columns)))
            details = dict(zip(ACTIONS.columns, row, strict=True))
            self._database.log(cursor, who, [("action_saved", name, details)])
        return name

    @retried
    def remove_action(self, name: str, *, who: str, viewer: Viewer | None = None) -> None:
        """Drop an action with its progress; the audit keeps what it was.

        Nothing happens where there is none that the viewer may see.
        """
        check(viewer, "plan")
        with self._database.transaction() as cursor:
            for row in take_out(cursor, ACTIONS, f"action = $action AND {THEIRS}", reach(viewer) | {"action": name}):
                reports = take_out(cursor, PROGRESS, "action = $action", {"action": name})
                details = dict(zip(ACTIONS.columns, row, strict=True)) | {"progress": reports}
                self._database.log(cursor, who, [("action_removed", name, details)])

    def progress(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """PROGRESS of actions that the viewer may see."""
        sql = f"""
            SELECT p.* FROM progress p JOIN actions a USING (action) WHERE a.agency_code IN ({OF_VIEWER})
            ORDER BY p.action, p.month
        """
        return self._database.read(PROGRESS, sql, reach(viewer))

    @retried
    def report_progress(
        self,
        action: str,
        month: int,
        percent: float,
        *,
        who: str,
        note: str | None = None,
        viewer: Viewer | None = None,
    ) -> None:
        """Say how far an action is, 0..100, a number of months into the plan.

        Raises StoreError where there is no such action that the viewer may see.
        """
        check(viewer, "plan")
        with self._database.transaction() as cursor:
            sql = f"SELECT 1 FROM actions WHERE action = $action AND {THEIRS}"
            if not cursor.execute(sql, reach(viewer) | {"action": action}).fetchone():
                raise StoreError(both_languages("no_action", action=action))
            row = (action, month, percent, note, now(), who)
            put(cursor, PROGRESS, pd.DataFrame([row], columns=list(PROGRESS.columns)))
            details = {"month": month, "percent": percent, "note": note}
            self._database.log(cursor, who, [("progress_reported", action, details)])

    def efforts(self, agency_code: str, edition: str, viewer: Viewer | None = None) -> dict[str, float]:
        """Criterion -> effort, of those that the agency gave one; none of an agency that the viewer may not see."""
        sql = f"""
            SELECT criterion, effort FROM efforts WHERE agency_code = $agency AND edition = $edition AND {THEIRS}
            ORDER BY criterion
        """
        values = reach(viewer) | {"agency": agency_code, "edition": edition}
        with self._database.reading() as cursor:
            return dict(cursor.execute(sql, values).fetchall())

    @retried
    def save_efforts(
        self,
        agency_code: str,
        edition: str,
        efforts: Mapping[str, float],
        *,
        who: str,
        viewer: Viewer | None = None,
    ) -> None:
        """Keep an agency's efforts of some criteria; those of the others stay."""
        check(viewer, "plan")
        rows = pd.DataFrame(efforts.items(), columns=["criterion", "effort"])
        with self._database.transaction() as cursor:
            check_agencies(cursor, viewer, [agency_code])
            put(cursor, EFFORTS, rows.assign(agency_code=agency_code, edition=edition))
            details = {"edition": edition, "efforts": dict(efforts)}
            self._database.log(cursor, who, [("efforts_saved", agency_code, details)])
