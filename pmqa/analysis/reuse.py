"""The same text again: under other criteria, at other agencies, word for word or nearly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.analysis.likeness import groups_of_alike
from pmqa.tables import Table

# What is compared of one column of answers of one year, each agency's once: WORDINGS of that column alone.
TEXTS: Final = Table(
    "texts",
    {
        "submission": "text",
        "criterion": "text",
        "number": "int",
        "wording": "int",
        "letters": "int",
        "open": "bool",  # evidence that can be read of a criterion answered มี
    },
    key=("submission", "criterion"),
)

# Wordings that are alike: 80 % of their runs of letters in common, or linked by others of which that holds.
ALIKE_WORDINGS: Final = Table("alike_wordings", {"wording": "int", "family": "int"}, key=("wording",))

REUSED_TEXTS: Final = Table(
    "reused_texts",
    {
        "submission": "text",
        "criterion": "text",
        "open": "bool",
        "group": "int",  # of texts that are alike, largest first
        "same": "int",  # of texts that are the same but for spaces, signs and the script of digits
        "texts": "int",  # answers in the group
        "agencies": "int",
        "criteria": "int",
    },
    key=("submission", "criterion"),
)

LEAST_EXACT: Final = 8  # letters: shorter texts say too little to be called reused

Places = npt.NDArray[np.int64]
Spelled = tuple[Places, list[str]]  # numbers of wordings, and each as a normalised text


def reused_texts(texts: pd.DataFrame, alike: pd.DataFrame) -> pd.DataFrame:
    """TEXTS to REUSED_TEXTS: those that stand more than once, group by group.

    alike: ALIKE_WORDINGS; a wording that is not among them is like no other. Chains count: where A is like B and B
    like C, all three are one group. A form of words with another number in it is alike, and a question rather than an
    answer.
    """
    row = _in_order(texts)
    row = row[texts["letters"].to_numpy(dtype=np.int64)[row] >= LEAST_EXACT]
    same, wordings = pd.factorize(texts["wording"].to_numpy(dtype=np.int64)[row])
    group = _groups(wordings, alike)[same]
    size = np.bincount(group, minlength=len(wordings))
    often = size[group] > 1
    row, same, group = row[often], same[often], group[often]
    order = np.lexsort((same, group, -size[group]))
    row, same, group = row[order], same[order], group[order]
    submission, criterion = (texts[name].astype("category").iloc[row] for name in ("submission", "criterion"))
    found = pd.DataFrame(
        {
            "submission": submission.array,
            "criterion": criterion.array,
            "open": texts["open"].to_numpy(dtype=np.bool_)[row],
            "group": _counted(group),
            "same": _counted(same),
            "texts": size[group],
            "agencies": kinds(group, submission.cat.codes.to_numpy())[group],
            "criteria": kinds(group, criterion.cat.codes.to_numpy())[group],
        }
    )
    return REUSED_TEXTS.conform(found, check_key=False)


def _counted(groups: Places) -> Places:
    """1, 2, ... for groups whose rows stand together."""
    return np.cumsum(np.diff(groups, prepend=groups[:1] - 1) != 0)


def _in_order(texts: pd.DataFrame) -> Places:
    """Places of the texts as they stand in their forms, one form after another, in whatever order they were read."""
    owner = texts["submission"].astype("category").cat
    form = np.argsort(np.argsort(owner.categories.astype("str")))[owner.codes.to_numpy()]
    return np.lexsort([texts["number"].to_numpy(dtype=np.int64), form])


def alike_wordings(wordings: Places, spelled: Sequence[str]) -> pd.DataFrame:
    """ALIKE_WORDINGS of distinct, normalised texts. wordings: the number of each."""
    family = wordings[groups_of_alike(spelled)]
    return ALIKE_WORDINGS.conform(pd.DataFrame({"wording": wordings, "family": family}), check_key=False)


def alike_among(families: pd.DataFrame, present: Places, spelled: Callable[[Places], Spelled]) -> pd.DataFrame:
    """ALIKE_WORDINGS among the present ones alone, from those of more.

    What links two of them may be absent: families of which some are absent are compared again. spelled: of
    wordings, in the order in which their texts come first.
    """
    wording, family = (families[name].to_numpy(dtype=np.int64) for name in ALIKE_WORDINGS.columns)
    of, _ = pd.factorize(family)
    size = np.bincount(of)
    there = pd.Index(wording).isin(present)
    left = np.bincount(of[there], minlength=len(size))
    whole = families[there & (left[of] == size[of]) & (size[of] > 1)]
    torn = wording[there & (left[of] < size[of]) & (left[of] > 1)]
    return pd.concat([whole, alike_wordings(*spelled(torn))], ignore_index=True) if len(torn) else whole


def kinds(group: Places, of: npt.NDArray[np.integer]) -> Places:
    """How many different values each group has, by its number."""
    most = int(of.max(initial=0)) + 1
    # pandas' hashing takes a third of the time that numpy's takes for a million numbers.
    return np.bincount(pd.unique(group * most + of) // most, minlength=int(group.max(initial=-1)) + 1)


def _groups(wordings: Places, alike: pd.DataFrame) -> Places:
    """For each wording the place of the first of its family."""
    groups = np.arange(len(wordings))
    place = pd.Index(wordings).get_indexer(alike["wording"].to_numpy(dtype=np.int64))
    there = place >= 0
    family, families = pd.factorize(alike["family"].to_numpy(dtype=np.int64)[there])
    first = np.full(len(families), len(wordings))
    np.minimum.at(first, family, place[there])
    groups[place[there]] = first[family]
    return groups
