"""Dashboards from a process that has loaded what each of them needs: processes of their own that start at once.

To load Streamlit, pandas and the rest takes a dashboard most of its start. Nothing is done before one is asked for: no
database is opened, no settings are read, and no page is loaded, whose caches need a running server.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

LOADED: Final = (
    *("streamlit.web.cli", "streamlit.web.bootstrap", "uvicorn", "starlette.applications", "plotly.graph_objects"),
    *("pandas", "duckdb", "pyarrow", "openpyxl", "pmqa.charts", "pmqa.exports", "pmqa.intake", "pmqa.views.cards"),
)
_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(list(LOADED))


class Child:
    """A dashboard's process, as much of `subprocess.Popen` as tests use."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
        """command: what stands behind `python -m`."""
        self._process = _nursery.Process(target=_run, args=(list(command), str(folder), dict(environment), str(log)))
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, number)

    def wait(self, within: float | None = None) -> int | None:
        self._process.join(within)
        if self._process.is_alive():
            raise subprocess.TimeoutExpired("a dashboard", within or 0)
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


def _run(command: list[str], folder: str, environment: dict[str, str], log: str) -> None:
    """In the new process: what `python -m` does with these words."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(log).open("wb") as written:
        for stream in (1, 2):
            os.dup2(written.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
