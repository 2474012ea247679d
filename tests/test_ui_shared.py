"""Values that visitors share: calculated once for their arguments, by one of those who ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from pmqa.views import memory
from pmqa.views.memory import forget, shared


def test_a_value_is_calculated_once_for_its_arguments() -> None:
    asked: list[tuple[str, int]] = []

    @shared(most=8)
    def value(name: str, size: int = 1) -> list[int]:
        asked.append((name, size))
        return [size]

    assert value("a") is value("a")
    assert value("a", size=2) is value("a", size=2)
    assert value("a", size=2) is not value("b", size=2)
    assert asked == [("a", 1), ("a", 2), ("b", 2)]


def test_the_values_asked_for_last_are_kept() -> None:
    asked: list[str] = []

    @shared(most=2)
    def value(name: str) -> str:
        asked.append(name)
        return name

    for name in ("a", "b", "a", "c", "a", "b"):
        value(name)
    assert asked == ["a", "b", "c", "b"]


def test_who_asks_meanwhile_waits_instead_of_calculating_again() -> None:
    asked: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    @shared(most=2)
    def value(name: str) -> object:
        asked.append(name)
        begun.set()
        may_end.wait(5)
        return object()

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(value, "a")]
        begun.wait(5)
        found += [pool.submit(value, "a") for _ in range(3)]
        may_end.set()
        assert len({id(one.result()) for one in found}) == 1
    assert asked == ["a"]


def test_an_error_is_nobodys_value() -> None:
    asked: list[str] = []

    @shared(most=2)
    def value(name: str) -> str:
        asked.append(name)
        if len(asked) == 1:
            raise ValueError(name)
        return name

    with pytest.raises(ValueError, match="a"):
        value("a")
    assert value("a") == "a"


def test_everything_can_be_forgotten() -> None:
    asked: list[str] = []

    @shared(most=2)
    def value(name: str) -> str:
        asked.append(name)
        return name

    value("a")
    forget()
    value("a")
    assert asked == ["a", "a"]


def test_what_was_asked_for_longest_ago_goes_first_whosever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setattr(memory, "MOST_BYTES", 1000)
    monkeypatch.setattr(memory, "MOST_OF_ONE", 600)
    asked: list[str] = []

    def sized(name: str, size: int = 240) -> bytes:
        asked.append(name)
        return bytes(size)

    one, other = shared(most=8)(sized), shared(most=8)(sized)
    one("a")
    one("b")
    other("c")
    one("a")  # again: "b" is the oldest now
    other("d")
    assert memory.kept_bytes() <= 1000
    for value, name in ((one, "a"), (other, "c"), (other, "d"), (one, "b")):
        value(name)
    assert asked == ["a", "b", "c", "d", "b"]
    other("large", 700)
    other("large", 700)
    assert asked[-2:] == ["large", "large"]


@pytest.mark.parametrize(
    ("value", "least"),
    [
        (pd.DataFrame({"score": [0.0] * 10_000, "name": ["หน่วยงาน"] * 10_000}), 300_000),
        ({f"A{n}": "หน่วยงาน" for n in range(10_000)}, 600_000),
        ([("A", 1.0)] * 10_000, 600_000),
        (None, 1),
    ],
)
def test_values_are_measured_by_what_they_hold(value: object, least: int) -> None:
    assert least <= memory.bytes_of(value) <= 20 * least + 100
