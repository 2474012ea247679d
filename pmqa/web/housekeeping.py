"""What the server does now and then while it runs.

It writes out the log, looks ahead, compares texts that came, lets go of old refused files, and looks at the disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from pmqa.errors import StoreError
from pmqa.settings import Settings
from pmqa.store import Store, before_days

LOG: Final = logging.getLogger("pmqa")
EVERY: Final = 30.0  # seconds
SELDOM: Final = 3600.0
MB: Final = 1_000_000


class Housekeeping:
    """Runs beside the pages until it is stopped."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._log_before = 0
        self._version_before = self._looked_at = ""
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._keep, name="housekeeping", daemon=True).start()

    def stop(self) -> None:
        """End after what is being done."""
        self._stop.set()

    def _keep(self) -> None:
        next_seldom = time.monotonic()
        while not self._stop.wait(EVERY):
            try:
                self.write_out_when_quiet()
                self.look_ahead_when_quiet()
                self.compare_texts()
                if time.monotonic() >= next_seldom:
                    next_seldom = time.monotonic() + SELDOM
                    self.seldom()
            except (StoreError, OSError) as error:  # pages say it; the next time may be better
                LOG.warning("housekeeping: %s", error)
            except Exception:  # nobody else would notice that nothing is done from then on
                LOG.exception("housekeeping")

    def write_out_when_quiet(self) -> bool:
        """Write out what is only in the log once nobody has changed anything for a while: nobody waits for it."""
        before, self._log_before = self._log_before, self._store.database.log_bytes()
        return 0 < self._log_before == before and self._store.database.write_out()

    def look_ahead_when_quiet(self) -> bool:
        """Find what pages show of the data as they are now, once nobody has changed them for a while: who looks after
        a change waits for no more than before it. Nothing is looked at twice."""
        before, self._version_before = self._version_before, self._store.version()
        if before != self._version_before or self._looked_at == before:
            return False
        # Imported here: who only keeps house needs no cards.
        from pmqa.views.ahead import look_ahead, look_further  # noqa: PLC0415

        self._looked_at = before
        for look in (look_ahead, look_further):
            without_fail(look)
        return True

    def compare_texts(self) -> None:
        """Find which texts are alike, step by step: whoever asks then waits for the latest alone."""
        left = True
        while left and not self._stop.is_set():
            left = self._store.likeness.settle_next()

    def seldom(self) -> None:
        """Let go of refused files that nobody came back for, and say when the disk is nearly full."""
        if days := self._settings.refused_days:
            self._store.tidying.expire_refused(before_days(days))
        free = self._store.database.free_bytes()
        if free is not None and free < self._settings.disk_mb * MB:
            LOG.warning("disk: %d MB free, PMQA_DISK_MB=%d", free // MB, self._settings.disk_mb)


def without_fail(look: Callable[[], None]) -> None:
    """Look ahead, whatever comes of it: what is wrong, a page says to whoever looks."""
    try:
        look()
    except Exception as error:
        LOG.warning("looking ahead: %r", error)
