"""The same text again: exact and near duplicates among very many short Thai texts, fast.

Thai writes without spaces, so texts are compared by runs of letters and not by words: the share of runs that two texts
have in common (Jaccard). Candidates come from MinHash signatures cut into bands, so that no text is compared with all
others; every candidate is then measured exactly, so that nothing is called alike that is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmqa.tables import Table, as_text

REUSED_TEXTS: Final = Table(
    "reused_texts",
    {
        "group": "int",  # of texts that are alike, largest first
        "same": "int",  # of texts that are the same but for spaces, signs and the script of digits
        "submission": "text",
        "agency_code": "text",
        "criterion": "text",
        "text": "text",
        "exact": "bool",  # the same text stands more than once; otherwise only others like it
        "texts": "int",  # answers in the group
        "agencies": "int",
        "criteria": "int",
    },
    key=("submission", "criterion"),
)

RUN: Final = 4  # letters
ALIKE: Final = 0.8  # share of runs in common
LEAST_NEAR: Final = 20  # letters: shorter texts are reused only when they are the same
LEAST_EXACT: Final = 8  # shorter ones say too little to be called reused
BANDS: Final = 16
ROWS: Final = 4  # texts of a likeness of 0.8 share a band with a chance of 1 - (1 - 0.8**4)**16 > 0.999
HOPEFUL: Final = 0.65  # estimated likeness below which the exact measure is not worth taking
SEED: Final = 7
CHUNK: Final = 500  # texts, or pairs of them
CELLS: Final = 1 << 18  # of a table of runs
NOTHING: Final = np.uint64(2**64 - 1)  # behind the last run of a row

THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
THAI_DIGIT: Final = re.compile("[๐-๙]")
# Letters, digits, and Thai vowels and tone marks, which are no letters to \w.
NO_LETTER: Final = re.compile(r"[^\w\u0e00-\u0e7f]+|_+")

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


def normalised(text: str) -> str:
    """What two spellings of one text share: NFC, small letters, Arabic digits, no spaces and signs."""
    spelled = NO_LETTER.sub("", unicodedata.normalize("NFC", text).casefold())
    # Looking for a Thai digit is many times cheaper than translating every text.
    return spelled.translate(THAI_DIGITS) if THAI_DIGIT.search(spelled) else spelled


def reused_texts(answers: pd.DataFrame, submissions: pd.DataFrame, column: str = "evidence") -> pd.DataFrame:
    """ANSWERS with their SUBMISSIONS of one year to REUSED_TEXTS: texts that stand more than once.

    column: evidence or explanation. Chains count: where A is like B and B like C, all three are one group.
    A form of words with another number in it is alike, and a question rather than an answer.
    """
    rows = answers.loc[answers[column].notna(), ["submission", "criterion", column]]
    rows = as_text(rows, "submission", "criterion").rename(columns={column: "text"})
    written, distinct = pd.factorize(rows["text"])
    spelled, spellings = pd.factorize(np.array([normalised(text) for text in distinct.tolist()], dtype=object))
    long_enough = np.array([len(spelling) >= LEAST_EXACT for spelling in spellings], dtype=np.bool_)
    rows = rows.assign(spelling=spelled[written] if len(distinct) else written)
    rows = rows[long_enough[rows["spelling"]] if len(spellings) else slice(0)]
    rows = rows.assign(group=groups_of_alike(list(spellings))[rows["spelling"]])
    rows = rows.merge(submissions[["submission", "agency_code"]].astype("str"), on="submission")
    sizes = rows.groupby("group")
    rows = rows.assign(
        texts=sizes["criterion"].transform("size"),
        agencies=sizes["agency_code"].transform("nunique"),
        criteria=sizes["criterion"].transform("nunique"),
    )
    rows = rows[rows["texts"] > 1]
    rows = rows.assign(exact=rows.groupby("spelling")["criterion"].transform("size") > 1)
    rows = rows.sort_values(["texts", "group", "spelling"], ascending=[False, True, True])
    rows = rows.assign(
        group=rows.groupby("group", sort=False).ngroup() + 1, same=rows.groupby("spelling", sort=False).ngroup() + 1
    )
    return REUSED_TEXTS.conform(rows.sort_values(["group", "submission", "criterion"]), check_key=False)


def groups_of_alike(texts: Sequence[str]) -> Places:
    """For each of these distinct, normalised texts the place of the first text of its group.

    Texts below LEAST_NEAR letters are alone in theirs.
    """
    label = np.arange(len(texts))
    long = np.flatnonzero([len(text) >= LEAST_NEAR for text in texts])
    if len(long) < 2:  # noqa: PLR2004  a pair is two
        return label
    runs, start = _runs([texts[place] for place in long.tolist()])
    signatures = _signatures(runs, start)
    own = _distinct(runs, start)
    near = np.arange(len(long))
    unlike = np.array([-1])  # in order: pairs that share several bands are compared once
    for pairs in _candidates(signatures):
        names = pairs[0] * len(long) + pairs[1]
        known = unlike[np.minimum(np.searchsorted(unlike, names), len(unlike) - 1)] == names
        new = (near[pairs[0]] != near[pairs[1]]) & ~known
        left, right = pairs[:, new]
        alike = _alike(signatures, own, left, right)
        unlike = np.sort(np.concatenate([unlike, names[new][~alike]]))
        for one, other in zip(left[alike].tolist(), right[alike].tolist(), strict=True):
            roots = sorted((_root(near, one), _root(near, other)))
            near[roots[1]] = roots[0]
        near = _flat(near)
    label[long] = long[near]
    return label


@dataclass(frozen=True)
class Runs:
    """Runs of texts, one text after another: where those of each begin, and how many they are."""

    runs: Hashes
    start: Places
    size: Places

    def rows(self, texts: Places) -> Hashes:
        """A table of the runs of these texts, a row each; NOTHING behind the last."""
        column, size = np.arange(self.size[texts].max()), self.size[texts][:, None]
        place = np.minimum(self.start[texts][:, None] + column, len(self.runs) - 1)
        return np.where(column < size, self.runs[place], NOTHING)


def _distinct(runs: Hashes, start: Places) -> Runs:
    """The runs of each text in order, each once. start: where each text's runs begin."""
    every = Runs(runs, start, np.diff(start, append=len(runs)))
    parts, size, begin, last = [], np.zeros_like(start), np.zeros_like(start), 0
    for part in _tables(every.size):
        rows = np.sort(every.rows(part), axis=1)
        kept = rows != NOTHING
        kept[:, 1:] &= rows[:, 1:] != rows[:, :-1]
        parts.append(rows[kept])
        size[part] = kept.sum(axis=1)
        begin[part] = last + np.cumsum(size[part]) - size[part]
        last += size[part].sum()
    return Runs(np.concatenate(parts), begin, size)


def _tables(sizes: Places) -> Iterator[Places]:
    """Places in the order of their sizes, as many at a time as make a table of few blanks and at most CELLS."""
    order, first = np.argsort(sizes, kind="stable"), 0
    while first < len(order):
        n = CHUNK
        while n > 1 and n * sizes[order[first : first + n][-1]] > CELLS:
            n //= 2
        yield order[first : first + n]
        first += n


def _alike(signatures: Hashes, own: Runs, left: Places, right: Places) -> npt.NDArray[np.bool_]:
    """Whether the texts of each pair are alike: estimated by their signatures, then measured."""
    alike = np.zeros(len(left), dtype=np.bool_)
    for pairs in _tables(own.size[left] + own.size[right]):
        part = pairs[(signatures[left[pairs]] == signatures[right[pairs]]).mean(axis=1) >= HOPEFUL]
        alike[part] = likeness(own, left[part], right[part]) >= ALIKE
    return alike


def likeness(own: Runs, left: Places, right: Places) -> npt.NDArray[np.float64]:
    """Share of runs in common, 0..1, of each pair of sets; 0 where their sizes are too far apart to be alike."""
    found = np.zeros(len(left))
    sizes = np.stack([own.size[left], own.size[right]])
    near = np.flatnonzero(sizes.min(axis=0) >= ALIKE * sizes.max(axis=0))
    if not len(near):
        return found
    # Both sets of a pair in one row: what they share stands beside itself when the row is in order.
    rows = np.sort(np.hstack([own.rows(left[near]), own.rows(right[near])]), axis=1)
    common = ((rows[:, 1:] == rows[:, :-1]) & (rows[:, 1:] != NOTHING)).sum(axis=1)
    found[near] = common / (sizes[:, near].sum(axis=0) - common)
    return found


def _runs(texts: Sequence[str]) -> tuple[Hashes, Places]:
    """Hashes of every run of RUN letters, text after text, and where each text's runs begin."""
    lengths = np.array([len(text) for text in texts])
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(letters) - RUN + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(RUN):
        hashes = hashes * np.uint64(0x100000001B3) + letters[offset : offset + count]
    # A run that crosses from one text into the next belongs to neither.
    left = np.repeat(np.cumsum(lengths), lengths)[:count] - np.arange(count)
    runs = lengths - RUN + 1
    return _mixed(hashes[left >= RUN]), np.cumsum(runs) - runs


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit of the result depends on every bit of the hash (splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def _signatures(runs: Hashes, start: Places) -> Hashes:
    """Texts x (BANDS * ROWS): the least of each text's runs under so many different orders."""
    odd = np.random.default_rng(SEED).integers(0, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    found = np.empty((len(start), len(odd)), dtype=np.uint64)
    ends = np.append(start[1:], len(runs))
    # As many texts at a time as the processor's cache holds the runs of.
    for first in range(0, len(start), CHUNK):
        part = slice(first, first + CHUNK)
        own = runs[start[first] : ends[part][-1]]
        for place, factor in enumerate(odd):
            found[part, place] = np.minimum.reduceat(own * factor, start[part] - start[first])
    return found


def _candidates(signatures: Hashes) -> Iterator[Places]:
    """Pairs that share a band: each text with the first of its bucket, and with the one before it."""
    for band in range(BANDS):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for row in range(ROWS):
            key = _mixed(key + signatures[:, band * ROWS + row])
        order = np.argsort(key, kind="stable")
        same = key[order][1:] == key[order][:-1]
        place = np.arange(len(order))
        first = np.maximum.accumulate(np.where(np.concatenate([[False], same]), 0, place))
        later = np.flatnonzero(np.concatenate([[False], same]))
        yield np.stack([order[first[later]], order[later]])
        yield np.stack([order[later - 1], order[later]])


def _root(parent: Places, place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = int(parent[place])
    return place


def _flat(parent: Places) -> Places:
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent
