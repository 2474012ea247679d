"""What may be set from outside, in one place: environment variables and their defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
DEFAULT_DATABASE: Final = ROOT / "data" / "pmqa.duckdb"


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    database: PMQA_DATABASE, the DuckDB file; made on first use.
    chromium: PMQA_CHROMIUM, the browser that draws pictures; None = look for one.
    peer_minimum: PMQA_PEER_MINIMUM, agencies below which a shared view shows no median (5).
    demo_on_first_start: PMQA_DEMO, 1 = an empty database is filled with sample data when the dashboard opens.
    """

    database: Path
    chromium: str | None
    peer_minimum: int
    demo_on_first_start: bool


def read_settings() -> Settings:
    """The settings as the environment gives them now."""
    return Settings(
        database=Path(os.environ.get("PMQA_DATABASE", DEFAULT_DATABASE)),
        chromium=os.environ.get("PMQA_CHROMIUM") or None,
        peer_minimum=int(os.environ.get("PMQA_PEER_MINIMUM", "5")),
        demo_on_first_start=os.environ.get("PMQA_DEMO", "0") == "1",
    )


def environment_for(database: Path) -> dict[str, str]:
    """The environment of a child process of this product that works on this database."""
    return {**os.environ, "PMQA_DATABASE": str(database.resolve())}
