"""What is found of agencies' texts: how far they are compared, what is counted of evidence, which stand again.

Of ten thousand agencies what it is found from is as large as all else of a page, and nobody asks for it twice: it is
let go of once it is found.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.reuse import alike_among, alike_wordings, reused_texts
from pmqa.analysis.wordings import all_normalised
from pmqa.viewer import Viewer, is_limited
from pmqa.views.data import kept_of_reach, store_of, submissions

MOST_AWAITED: Final = 400  # submissions whose texts are compared while somebody waits: a few seconds


def comparing(version: str, viewer: Viewer, source: str, fiscal_year: int, part: str) -> tuple[int, int] | None:
    """None once what is shown of the year's texts is compared; of few the rest is done here, and waited for.

    Of more: of how many submissions it is, and how many there are; the server goes on between its other work.
    """
    try:
        _compare(version, viewer, source, fiscal_year, part)
    except _StillComparing as far:
        done, every = far.args
        return done, every
    return None


@kept_of_reach(most=16)
def cited(version: str, viewer: Viewer, source: str, fiscal_year: int) -> pd.DataFrame:
    """CITED of the year's submissions that count."""
    likeness = store_of(version).likeness
    likeness.settle(fiscal_year, source)
    return likeness.cited(_of_year(version, viewer, source, fiscal_year), viewer)


@kept_of_reach(most=8)
def reused(version: str, viewer: Viewer, source: str, fiscal_year: int, part: str) -> pd.DataFrame:
    """REUSED_TEXTS of one part (evidence, explanation) of the year's submissions that count."""
    likeness, ids = store_of(version).likeness, _of_year(version, viewer, source, fiscal_year)
    likeness.settle(fiscal_year, source, *_compared_for(viewer, part))
    texts = likeness.texts(ids, part, fiscal_year, source, viewer)

    def spelled(wordings: npt.NDArray[np.int64] | None) -> tuple[npt.NDArray[np.int64], list[str]]:
        some = None if wordings is None else wordings.tolist()
        found = likeness.written(ids, part, some, viewer)
        return found["wording"].to_numpy(dtype=np.int64), all_normalised(found["text"].tolist())

    if not _compared_for(viewer, part):
        return reused_texts(texts, alike_wordings(*spelled(None)))
    present = texts["wording"].to_numpy(dtype=np.int64)
    return reused_texts(texts, alike_among(likeness.families(fiscal_year, source, part), present, spelled))


class _StillComparing(Exception):
    """Done, and all: an error, so that it is not kept."""


@kept_of_reach(most=32)
def _compare(version: str, viewer: Viewer, source: str, fiscal_year: int, part: str) -> None:
    likeness, parts = store_of(version).likeness, _compared_for(viewer, part)
    done, every = likeness.so_far(fiscal_year, source, *parts)
    if every - done > MOST_AWAITED:
        raise _StillComparing(done, every)
    likeness.settle(fiscal_year, source, *parts)


def _compared_for(viewer: Viewer, *parts: str) -> tuple[str, ...]:
    """Parts whose families say something to a viewer: to who may not see all, nothing of what others wrote."""
    return () if is_limited(viewer) else parts


def _of_year(version: str, viewer: Viewer, source: str, fiscal_year: int) -> list[str]:
    sent = submissions(version, viewer, source)
    return list(sent.loc[sent["fiscal_year"] == fiscal_year, "submission"])
