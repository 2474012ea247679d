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
        "met": "bool",
        "wording": "int",
        "letters": "int",
        "evidenced": "bool",
        "classified": "bool",  # of the evidence, as what follows; false where there is none
        "document_named": "bool",
        "year_in_period": "bool",
    },
    key=("submission", "criterion"),
)

# Wordings that are alike: 80 % of their runs of letters in common, or linked by others of which that holds.
ALIKE_WORDINGS: Final = Table("alike_wordings", {"wording": "int", "family": "int"}, key=("wording",))

REUSED_TEXTS: Final = Table(
    "reused_texts",
    {
        "row": "int",  # its place among the texts that it was found in
        "submission": "text",
        "criterion": "text",
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
    row = np.flatnonzero(texts["letters"].to_numpy(dtype=np.int64) >= LEAST_EXACT)
    # Of a million texts few stand more than once, and only of these it matters which comes first.
    _, group, size = _grouped(texts, row, alike)
    row = _in_order(texts, row[size[group] > 1])
    same, group, size = _grouped(texts, row, alike)
    submission, criterion = (texts[name].astype("category").iloc[row] for name in ("submission", "criterion"))
    order = np.lexsort((same, group, -size[group]))
    found = pd.DataFrame(
        {
            "row": row,
            "submission": submission.array,
            "criterion": criterion.array,
            "group": pd.factorize(group[order])[0][np.argsort(order)] + 1,
            "same": pd.factorize(same[order])[0][np.argsort(order)] + 1,
            "texts": size[group],
            "agencies": kinds(group, submission.cat.codes.to_numpy())[group],
            "criteria": kinds(group, criterion.cat.codes.to_numpy())[group],
        }
    )
    return REUSED_TEXTS.conform(found.iloc[order], check_key=False)


def _grouped(texts: pd.DataFrame, row: Places, alike: pd.DataFrame) -> tuple[Places, Places, Places]:
    """Of texts at places the number of each wording and group, in the order in which they come; each group's size."""
    same, wordings = pd.factorize(texts["wording"].to_numpy(dtype=np.int64)[row])
    group = _groups(wordings, alike)[same]
    return same, group, np.bincount(group, minlength=len(wordings))


def _in_order(texts: pd.DataFrame, row: Places) -> Places:
    """Places of texts as they stand in their forms, one form after another, in whatever order they were read."""
    owner = texts["submission"].astype("category").cat
    form = np.argsort(np.argsort(owner.categories.astype("str")))[owner.codes.to_numpy()[row]]
    return row[np.lexsort([texts["number"].to_numpy(dtype=np.int64)[row], form])]


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
