"""Values that every visitor and run shares, looked up by their arguments, within so many bytes of memory.

Streamlit's own cache of resources takes 0.3 ms and more to make a key of a view, which pages ask for tens of times a
run; a dictionary takes a thousandth of that. Everything here goes by the data's version, so that nothing goes stale.

How many values are kept says little of memory: of ten thousand agencies one frame of answers is as large as all other
values together. So all caches share MOST_BYTES; what was asked for longest ago goes first, whosever it is.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar

import numpy as np
import pandas as pd

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

MOST_BYTES: Final = 400_000_000
MOST_OF_ONE: Final = 300_000_000  # a larger value is given to who asks, and not kept
SAMPLED: Final = 20  # parts of a collection, by which all of them are measured
OF_A_PART: Final = 60  # bytes of whatever is not looked into


class _Entry(Generic[Value]):
    """A kept value, its bytes, and when it was last asked for."""

    __slots__ = ("asked", "size", "value")

    def __init__(self, value: Value, size: int) -> None:
        self.value = value
        self.size = size
        self.asked = next(_MOMENTS)


_MOMENTS: Final = itertools.count()
_EVERY: Final[list[OrderedDict[Hashable, _Entry[Any]]]] = []
_GUARD: Final = threading.Lock()


def shared(*, most: int) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """Keep what a function gave for its arguments, the `most` that were last asked for.

    Arguments must be hashable and say all that the value depends on. Who asks for what another is calculating waits
    for it; an error is nobody's value and the next one calculates again.
    """

    def kept(calculate: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        values: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()
        calculating: dict[Hashable, threading.RLock] = {}

        def found(key: Hashable) -> _Entry[Value] | None:
            entry = values.get(key)
            if entry is not None:
                values.move_to_end(key)
                entry.asked = next(_MOMENTS)
            return entry

        @wraps(calculate)
        def value_of(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
            key: Any = (args, tuple(sorted(kwargs.items()))) if kwargs else args
            with _GUARD:
                if (entry := found(key)) is not None:
                    return entry.value
                turn = calculating.setdefault(key, threading.RLock())
            with turn:
                with _GUARD:
                    if (entry := found(key)) is not None:
                        return entry.value
                try:
                    value = calculate(*args, **kwargs)
                    size = bytes_of(value)
                    with _GUARD:
                        if size <= MOST_OF_ONE:
                            values[key] = _Entry(value, size)
                            while len(values) > most:
                                values.popitem(last=False)
                            _keep_within(MOST_BYTES)
                finally:
                    with _GUARD:
                        calculating.pop(key, None)
                return value

        _EVERY.append(values)
        return value_of

    return kept


def _keep_within(most: int) -> None:
    """Let go of what was asked for longest ago, in whichever cache it is. Under the guard."""
    while kept_bytes() > most:
        oldest = min((values for values in _EVERY if values), key=lambda values: next(iter(values.values())).asked)
        oldest.popitem(last=False)


def kept_bytes() -> int:
    """What all kept values take, about; one that is kept in several places counts once."""
    return sum({id(entry.value): entry.size for values in _EVERY for entry in values.values()}.values())


def bytes_of(value: object) -> int:
    """What a value takes in memory, about: frames by their columns, collections by their first parts."""
    if isinstance(value, pd.DataFrame | pd.Series):
        used = value.memory_usage(index=True)
        return int(used.sum() if isinstance(used, pd.Series) else used)
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str | bytes):
        return OF_A_PART + len(value)
    if isinstance(value, Mapping):
        return _of_parts([part for pair in itertools.islice(value.items(), SAMPLED) for part in pair], 2 * len(value))
    if isinstance(value, list | tuple | set | frozenset):
        return _of_parts(list(itertools.islice(value, SAMPLED)), len(value))
    if is_dataclass(value):
        return sum(bytes_of(getattr(value, part.name)) for part in fields(value))
    return OF_A_PART


def _of_parts(sample: list[object], count: int) -> int:
    """Bytes of so many parts, of which some are at hand."""
    return OF_A_PART + (sum(map(bytes_of, sample)) * count // len(sample) if sample else 0)


def forget() -> None:
    """Let go of everything that is kept."""
    with _GUARD:
        for values in _EVERY:
            values.clear()
