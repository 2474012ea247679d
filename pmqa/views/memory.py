"""Values that every visitor and run shares, looked up by their arguments.

Streamlit's own cache of resources takes 0.3 ms and more to make a key of a view, which pages ask for tens of times a
run; a dictionary takes a thousandth of that. Everything here goes by the data's version, so that nothing goes stale.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

_EVERY: Final[list[Callable[[], None]]] = []


def shared(*, most: int) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """Keep what a function gave for its arguments, the `most` that were last asked for.

    Arguments must be hashable and say all that the value depends on. Who asks for what another is calculating waits
    for it; an error is nobody's value and the next one calculates again.
    """

    def kept(calculate: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        values: OrderedDict[Hashable, Value] = OrderedDict()
        calculating: dict[Hashable, threading.RLock] = {}
        guard = threading.Lock()

        @wraps(calculate)
        def value_of(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
            key: Any = (args, tuple(sorted(kwargs.items()))) if kwargs else args
            with guard:
                if key in values:
                    values.move_to_end(key)
                    return values[key]
                turn = calculating.setdefault(key, threading.RLock())
            with turn:
                with guard:
                    if key in values:
                        return values[key]
                try:
                    value = calculate(*args, **kwargs)
                    with guard:
                        values[key] = value
                        while len(values) > most:
                            values.popitem(last=False)
                finally:
                    with guard:
                        calculating.pop(key, None)
                return value

        _EVERY.append(values.clear)
        return value_of

    return kept


def forget() -> None:
    """Let go of everything that is kept."""
    for clear in _EVERY:
        clear()
