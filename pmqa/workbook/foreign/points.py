"""Points of a file of another layout as rows of ANNOUNCED."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.tables import ANNOUNCED
from pmqa.workbook.foreign.layouts import WHOSE, Layout
from pmqa.workbook.foreign.reading import Said

BY_THE_STORE: Final = ("record", "sha256", "recorded_at", "recorded_by")


def announced_rows(said: Iterable[Said], layout: Layout, framework: Framework, file_name: str) -> pd.DataFrame:
    """The columns of ANNOUNCED but those that the store fills in, a row for each score."""
    rows = [
        {
            **{name: one.whose[name] for name in WHOSE},
            "edition": framework.edition,
            "kind": kind_of(points.scope, framework),
            "scope": points.scope,
            "points": points.points,
            "layout": layout.name,
            "file_name": file_name,
            "sheet": points.sheet,
            "cell": points.cell,
        }
        for one in said
        for points in one.points.values()
    ]
    return pd.DataFrame(rows, columns=[name for name in ANNOUNCED.columns if name not in BY_THE_STORE])


def kind_of(scope: str, framework: Framework) -> str:
    """The kind of a scope that scores are announced of."""
    if scope == OVERALL:
        return OVERALL
    kinds = {"category": framework.category, "item": framework.item, "dimension": framework.dimension}
    return next(kind for kind, known in kinds.items() if scope in known)
