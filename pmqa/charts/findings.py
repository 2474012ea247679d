"""Findings: what a chart shows in one sentence with names and numbers, short enough for a headline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from pmqa.charts.words import ELLIPSIS, KEPT_END, LEADING_VOWELS, clusters, end_of
from pmqa.text import Translator

LONGEST: Final = 110  # characters of a finding
MOST_NAMES: Final = 3  # that one lists before it counts
SHORTENED: Final = (60, 48, 40, 34, 28, 24, 20, 16, 13)  # characters of a name, less and less


def finding(t: Translator, key: str, *, suffix: Any = ("missing", 0), **words: Any) -> str:
    """The sentence `headline.<key>` in at most LONGEST characters.

    words: names as tuples, which are listed as far as there is room ("A, B and 5 more") and shortened after that;
    anything else as it is. suffix: what is left out and how many, said last ("(no score: 3)") where there are any.
    """
    left_out, count = suffix
    last = f" {t(f'headline.{left_out}', n=count)}" if count else ""
    names = {blank: word for blank, word in words.items() if isinstance(word, tuple)}
    rest = {blank: word for blank, word in words.items() if blank not in names}

    def sentence(most: int, room: int) -> str:
        words = {blank: _listed(all_of, most, room, t) for blank, all_of in names.items()}
        return t(f"headline.{key}", **rest, **words) + last

    tries = [*((most, LONGEST) for most in range(MOST_NAMES, 0, -1)), *((1, room) for room in SHORTENED)]
    said = (sentence(most, room) for most, room in tries)
    return next((one for one in said if len(one) <= LONGEST), sentence(1, SHORTENED[-1]))


class Extremes(NamedTuple):
    """Who has the highest and who the lowest value as it is shown: all of them, where they are equal."""

    top: tuple[str, ...]
    high: str
    bottom: tuple[str, ...]
    low: str

    @property
    def level(self) -> bool:
        """Whether all show the same."""
        return self.high == self.low


def extremes_of(names: Sequence[str], values: Sequence[float | None], word: Callable[[float], str]) -> Extremes | None:
    """The ends of values, blanks left out; None where there is none."""
    known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None and value == value]  # noqa: PLR0124 - nan differs from itself
    if not known:
        return None
    high, low = (word(pick(value for _, value in known)) for pick in (max, min))
    top, bottom = (tuple(name for name, value in known if word(value) == end) for end in (high, low))
    return Extremes(top, high, bottom, low)


def _listed(names: Sequence[str], most: int, room: int, t: Translator) -> str:
    said = ", ".join(shortened(name, room) for name in names[:most])
    return said if len(names) <= most else t("headline.more", names=said, more=len(names) - most)


def shortened(name: str, room: int) -> str:
    """A name in at most `room` characters: its middle gives way, since ends tell names apart."""
    if len(name) <= room:
        return name
    letters = clusters(name)
    tail = end_of(name, KEPT_END if room > 2 * KEPT_END else KEPT_END // 2)
    head = ""
    for letter in letters:
        if len(head) + len(letter) + len(tail) + 1 > room:
            break
        head += letter
    return f"{head.rstrip(''.join(LEADING_VOWELS))}{ELLIPSIS}{tail}"
