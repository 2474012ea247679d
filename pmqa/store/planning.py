"""What people plan: what-if scenarios, improvement actions with their progress, effort per criterion."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pmqa.errors import StoreError
from pmqa.store.database import both_languages, now
from pmqa.store.queries import VISIBLE, Queries, reach
from pmqa.store.register import end_of_day
from pmqa.tables import ACTIONS, EFFORTS, PROGRESS, SCENARIOS
from pmqa.viewer import Viewer


@dataclass(frozen=True)
class Action:
    """A step of an agency's improvement plan."""

    agency_code: str
    fiscal_year: int
    what: str
    criteria: tuple[str, ...]
    owner: str | None = None
    due: dt.date | None = None


class Planning(Queries):
    """Plans beside the submissions; none of them changes what an agency sent."""

    def scenarios(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """SCENARIOS of submissions that the viewer may see."""
        sql = f"SELECT c.* FROM scenarios c JOIN submissions s USING (submission) WHERE {VISIBLE} ORDER BY ALL"
        return self._read(SCENARIOS, sql, reach(viewer))

    def save_scenario(self, submission: str, name: str, changes: Mapping[str, object], *, who: str) -> None:
        """Keep a scenario under its name, in place of the submission's scenario that had it."""
        words = json.dumps(changes, ensure_ascii=False, sort_keys=True)
        row = (submission, name, words, now(), who)
        with self._transaction() as cursor:
            self._put(cursor, SCENARIOS, pd.DataFrame([row], columns=list(SCENARIOS.columns)))
            self._log(cursor, who, [("scenario_saved", submission, {"name": name, "changes": changes})])

    def remove_scenario(self, submission: str, name: str, *, who: str) -> None:
        """Drop a scenario; nothing happens where there is none."""
        with self._transaction() as cursor:
            sql = "DELETE FROM scenarios WHERE submission = ? AND name = ? RETURNING changes"
            for (words,) in cursor.execute(sql, [submission, name]).fetchall():
                self._log(cursor, who, [("scenario_removed", submission, {"name": name, "changes": json.loads(words)})])

    def actions(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """ACTIONS of agencies that the viewer may see."""
        sql = f"SELECT a.* FROM actions a WHERE a.agency_code IN ({_OF_VIEWER}) ORDER BY a.action"
        return self._read(ACTIONS, sql, reach(viewer))

    def save_action(self, action: Action, *, who: str, name: str | None = None) -> str:
        """Add an action, or change the one of that name; returns its name."""
        with self._transaction() as cursor:
            if name is None:
                ((number,),) = cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM audit").fetchall()
                name = f"A{number:07d}"
            due = None if action.due is None else end_of_day(action.due)
            criteria = " ".join(action.criteria)
            row = (name, action.agency_code, action.fiscal_year, action.what, action.owner, due, criteria)
            self._put(cursor, ACTIONS, pd.DataFrame([row], columns=list(ACTIONS.columns)))
            details = dict(zip(ACTIONS.columns, row, strict=True))
            self._log(cursor, who, [("action_saved", name, details)])
        return name

    def remove_action(self, name: str, *, who: str) -> None:
        """Drop an action with its progress; the audit keeps what it was."""
        with self._transaction() as cursor:
            gone = cursor.execute("DELETE FROM actions WHERE action = ? RETURNING *", [name]).fetchall()
            reports = cursor.execute("DELETE FROM progress WHERE action = ? RETURNING *", [name]).fetchall()
            for row in gone:
                details = dict(zip(ACTIONS.columns, row, strict=True)) | {"progress": reports}
                self._log(cursor, who, [("action_removed", name, details)])

    def progress(self, viewer: Viewer | None = None) -> pd.DataFrame:
        """PROGRESS of actions that the viewer may see."""
        sql = f"""
            SELECT p.* FROM progress p JOIN actions a USING (action) WHERE a.agency_code IN ({_OF_VIEWER})
            ORDER BY p.action, p.month
        """
        return self._read(PROGRESS, sql, reach(viewer))

    def report_progress(self, action: str, month: int, percent: float, *, who: str, note: str | None = None) -> None:
        """Say how far an action is, 0..100, a number of months into the plan. Raises StoreError for no such action."""
        with self._transaction() as cursor:
            if not cursor.execute("SELECT 1 FROM actions WHERE action = ?", [action]).fetchone():
                raise StoreError(both_languages("no_action", action=action))
            row = (action, month, percent, note, now(), who)
            self._put(cursor, PROGRESS, pd.DataFrame([row], columns=list(PROGRESS.columns)))
            details = {"month": month, "percent": percent, "note": note}
            self._log(cursor, who, [("progress_reported", action, details)])

    def efforts(self, agency_code: str, edition: str) -> dict[str, float]:
        """Criterion -> effort, of those that the agency gave one."""
        with self._reading() as cursor:
            sql = "SELECT criterion, effort FROM efforts WHERE agency_code = ? AND edition = ? ORDER BY criterion"
            return dict(cursor.execute(sql, [agency_code, edition]).fetchall())

    def save_efforts(self, agency_code: str, edition: str, efforts: Mapping[str, float], *, who: str) -> None:
        """Keep an agency's efforts in place of those it gave before."""
        rows = pd.DataFrame(efforts.items(), columns=["criterion", "effort"])
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM efforts WHERE agency_code = ? AND edition = ?", [agency_code, edition])
            self._put(cursor, EFFORTS, rows.assign(agency_code=agency_code, edition=edition))
            self._log(cursor, who, [("efforts_saved", agency_code, {"edition": edition, "efforts": dict(efforts)})])


# Agencies are known by the register and by what they sent.
_OF_VIEWER = f"""
    SELECT s.agency_code FROM submissions s WHERE {VISIBLE} UNION SELECT s.agency_code FROM agencies s WHERE {VISIBLE}
"""
