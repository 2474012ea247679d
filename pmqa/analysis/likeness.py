"""Texts that are alike: near duplicates among very many short Thai texts, fast.

Thai writes without spaces, so texts are compared by runs of letters and not by words: the share of runs that two texts
have in common (Jaccard). Candidates come from MinHash signatures cut into bands, so that no text is compared with all
others; every candidate is then measured exactly, so that nothing is called alike that is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

RUN: Final = 4  # letters
ALIKE: Final = 0.8  # share of runs in common
LEAST_NEAR: Final = 20  # letters: shorter texts are reused only when they are the same
BANDS: Final = 16
ROWS: Final = 4  # texts of a likeness of 0.8 share a band with a chance of 1 - (1 - 0.8**4)**16 > 0.999
HOPEFUL: Final = 0.65  # estimated likeness below which the exact measure is not worth taking
SEED: Final = 7
CHUNK: Final = 500  # texts, or pairs of them
CELLS: Final = 1 << 18  # of a table of runs
NOTHING: Final = np.uint64(2**64 - 1)  # behind the last run of a row

HINTS: Final = 1 << 20

Hashes = npt.NDArray[np.uint64]
Bands = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def groups_of_alike(texts: Sequence[str]) -> Places:
    """For each of these distinct, normalised texts the place of the first text of its group.

    Texts below LEAST_NEAR letters are alone in theirs.
    """
    label = np.arange(len(texts))
    long = np.flatnonzero([len(text) >= LEAST_NEAR for text in texts])
    if len(long) < 2:  # noqa: PLR2004  a pair is two
        return label
    sketches = sketched([texts[place] for place in long.tolist()])
    own = np.arange(len(long))
    label[long] = long[_united(own, own, sketches, _candidates(sketches.bands))]
    return label


@dataclass(frozen=True)
class Settled:
    """What became of texts that were compared with known ones.

    bands: of the new texts, to be compared by later. families: of each new text. merged: known family -> the one that
    it is part of from now on.
    """

    bands: Bands
    families: Places
    merged: dict[int, int]


def settled(
    texts: Sequence[str],
    numbers: Places,
    known: Bands,
    families: Places,
    texts_at: Callable[[Places], Sequence[str]],
) -> Settled:
    """Distinct, normalised texts of LEAST_NEAR letters or more, each put into the family of known texts like it.

    numbers: of the texts; a new family is called by that of one of its texts. known, families: the bands and families
    of the texts that were settled before, in the order in which they were; texts_at: these texts, by their places.
    As groups_of_alike finds them: settled in parts or at once, the families are the same.
    """
    distinct, family = np.unique(families, return_inverse=True)
    fresh = sketched(texts)
    of_bands = [_ends(own, theirs) for own, theirs in zip(fresh.bands.T, known.T, strict=True)]
    met = np.unique(np.concatenate(of_bands))
    every = sketched(texts_at(met)).beside(fresh) if len(met) else fresh
    new = np.arange(len(met), len(met) + len(texts))
    node = np.concatenate([family[met], np.arange(len(texts)) + len(distinct)])
    batches = (
        place[pairs]
        for key, ends in zip(every.bands.T, of_bands, strict=True)
        for place in [np.concatenate([np.searchsorted(met, ends), new])]
        for pairs in _in_buckets(key[place])
    )
    near = _united(np.arange(len(distinct) + len(texts)), node, every, batches)
    root = near.tolist()
    # Of what became one, known families come first and the name of the first stays.
    names = np.concatenate([distinct, numbers]).tolist()
    return Settled(
        fresh.bands,
        np.array([names[root[at]] for at in range(len(distinct), len(root))], dtype=np.int64),
        {old: names[into] for old, into in zip(names, root[: len(distinct)], strict=False) if old != names[into]},
    )


def _united(near: Places, node: Places, sketches: Sketches, batches: Iterable[Places]) -> Places:
    """The root of each node once nodes of texts that are alike are one. node: of each text; batches: pairs of texts."""
    unlike = np.array([-1])  # in order: pairs that share several bands are compared once
    for pairs in batches:
        names = pairs[0] * len(node) + pairs[1]
        known = unlike[np.minimum(np.searchsorted(unlike, names), len(unlike) - 1)] == names
        new = (near[node[pairs[0]]] != near[node[pairs[1]]]) & ~known
        left, right = pairs[:, new]
        alike = _alike(sketches, left, right)
        unlike = np.sort(np.concatenate([unlike, names[new][~alike]]))
        for one, other in zip(node[left[alike]].tolist(), node[right[alike]].tolist(), strict=True):
            roots = sorted((_root(near, one), _root(near, other)))
            near[roots[1]] = roots[0]
        near = _flat(near)
    return near


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


@dataclass(frozen=True)
class Sketches:
    """Of texts: their runs, the signatures by which their likeness is estimated, the bands by which it is suspected."""

    own: Runs
    signatures: Hashes
    bands: Bands

    def beside(self, other: Sketches) -> Sketches:
        """These texts' and then the other's."""
        start = np.concatenate([self.own.start, other.own.start + len(self.own.runs)])
        runs, size = (np.concatenate([getattr(one.own, name) for one in (self, other)]) for name in ("runs", "size"))
        signatures = np.concatenate([self.signatures, other.signatures])
        return Sketches(Runs(runs, start, size), signatures, np.concatenate([self.bands, other.bands]))


def sketched(texts: Sequence[str]) -> Sketches:
    """Sketches of texts of RUN letters or more."""
    runs, start = _runs(texts)
    signatures = _signatures(runs, start)
    return Sketches(_distinct(runs, start), signatures, _bands(signatures))


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


def _alike(sketches: Sketches, left: Places, right: Places) -> npt.NDArray[np.bool_]:
    """Whether the texts of each pair are alike: estimated by their signatures, then measured."""
    own, signatures = sketches.own, sketches.signatures
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


def _bands(signatures: Hashes) -> Bands:
    """Texts x BANDS: a number for each band, the same for texts that have the same of it, and hardly for others."""
    key = np.zeros((len(signatures), BANDS), dtype=np.uint64)
    for row in range(ROWS):
        key = _mixed(key + signatures[:, row::ROWS])
    return key.astype(np.uint32).view(np.int32)


def _candidates(bands: Bands) -> Iterator[Places]:
    """Pairs of texts that share a band."""
    for key in bands.T:
        yield from _in_buckets(key)


def _in_buckets(key: npt.NDArray[np.int32]) -> Iterator[Places]:
    """Pairs of one key: each text with the first of its bucket, and with the one before it."""
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    place = np.arange(len(order))
    first = np.maximum.accumulate(np.where(np.concatenate([[False], same]), 0, place))
    later = np.flatnonzero(np.concatenate([[False], same]))
    yield np.stack([order[first[later]], order[later]])
    yield np.stack([order[later - 1], order[later]])


def _ends(own: npt.NDArray[np.int32], known: npt.NDArray[np.int32]) -> Places:
    """Places of known keys that are among one's own: of each the first and the last."""
    # Most of very many known texts share nothing with a few new ones: a look into a small table says so.
    hinted = np.zeros(HINTS, dtype=np.bool_)
    hinted[own % HINTS] = True
    hits = np.flatnonzero(hinted[known % HINTS])
    hits = hits[np.isin(known[hits], own)]
    first, last = (np.unique(known[hits][::turn], return_index=True)[1] for turn in (1, -1))
    return np.unique(np.concatenate([hits[first], hits[::-1][last]]))


def _root(parent: Places, place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = int(parent[place])
    return place


def _flat(parent: Places) -> Places:
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent
