"""The log of a server or command: one JSON line for each event, once it is on disk; for programs that watch.

What is in the audit is told as it stands there; other lines say what the product noticed by itself.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Iterable
from logging.handlers import WatchedFileHandler
from typing import Any, Final

EVENTS: Final = logging.getLogger("pmqa.events")
STDERR: Final = "-"
Told = tuple[dt.datetime, str, str, str | None, str]  # UTC, who, action, subject, details as JSON


def tell(events: Iterable[Told]) -> None:
    """Write events to the log, where one is kept."""
    for at, who, action, subject, details in events:
        event = {"at": _iso(at), "who": who, "action": action, "subject": subject, "details": json.loads(details)}
        EVENTS.info(action, extra={"event": event})


def keep_journal(place: str | None) -> None:
    """Keep the log from now on: in a file, to which several processes may add, or on stderr; None = nowhere."""
    logger = logging.getLogger("pmqa")
    for handler in [one for one in logger.handlers if isinstance(one.formatter, _Lines)]:
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = place is None
    if place is not None:
        kept = logging.StreamHandler(sys.stderr) if place == STDERR else _in_file(place)
        kept.setFormatter(_Lines())
        logger.addHandler(kept)
        logger.setLevel(logging.INFO)


def _in_file(place: str) -> logging.Handler:
    """Opened again where whoever tidies logs up has moved it away."""
    return WatchedFileHandler(place, encoding="utf-8", delay=True)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        found: dict[str, Any] | None = getattr(record, "event", None)
        if found is None:
            at = dt.datetime.fromtimestamp(record.created, dt.UTC).replace(tzinfo=None)
            found = {"at": _iso(at), "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(found, ensure_ascii=False)


def _iso(at: dt.datetime) -> str:
    return at.replace(tzinfo=dt.UTC).isoformat(timespec="milliseconds")
