"""Kinds of choices of cards: how each is written in an address, and of which ids a view offers it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, NewType, get_args, get_origin, get_type_hints

from pmqa.scoring import OVERALL
from pmqa.sources import SELF, bases_of, reviewing
from pmqa.views import data
from pmqa.views.view import View

Agency = NewType("Agency", str)
Ministry = NewType("Ministry", str)
Category = NewType("Category", str)
Indicator = NewType("Indicator", str)
Criterion = NewType("Criterion", str)
Level = NewType("Level", str)
Scope = NewType("Scope", str)  # an id of any kind
Year = NewType("Year", int)
Announced = NewType("Announced", str)  # an agency of which scores are announced, whether or not it has sent
Sent = NewType("Sent", str)  # a submission, whatever became of it
Own = NewType("Own", str)  # a basis of agencies' own submissions
Theirs = NewType("Theirs", str)  # a basis of assessors' submissions
NOBODY: Final = Agency("")
BY_VIEW: Final = Theirs("")  # the view's own, else the first on which there is anything
TOTAL: Final = Scope(OVERALL)

KINDS: Final = ("category", "item", "dimension", "indicator")

OFFERED: Final[Mapping[Any, Callable[[View], Collection[Any]]]] = {
    Agency: lambda view: view.agencies,
    Ministry: lambda view: frozenset(view.submissions["ministry"].astype("str")),
    Category: lambda view: view.framework.category,
    Indicator: lambda view: view.framework.indicator,
    Criterion: lambda view: view.framework.criterion,
    Announced: lambda view: frozenset(view.announced["agency_code"]),
    Sent: lambda view: frozenset(data.history(view.version, view.viewer)["submission"]),
    Level: lambda view: view.framework.level,
    Own: lambda _: bases_of(SELF.id),
    Theirs: lambda _: reviewing(),
    Scope: lambda view: {OVERALL, *(name for kind in KINDS for name in view.framework.scopes(kind))},
    Year: lambda view: frozenset(view.years),
}


Kind = Literal["dimension", "category", "item", "indicator"]


class Choice(NamedTuple):
    """A choice of a card. many: several values. offered: of which kind of ids; allowed: the only values, () = any."""

    many: bool
    value: type
    offered: Any
    allowed: tuple[Any, ...]
    default: Any  # inspect.Parameter.empty where it must be said


@lru_cache(maxsize=512)
def choices_of(make: Callable[..., Any]) -> Mapping[str, Choice]:
    """The choices of a function that makes a card, by name."""
    hints = get_type_hints(make)
    parameters = list(inspect.signature(make).parameters.values())[1:]  # the first is the view
    return {one.name: _choice(hints[one.name], one.default) for one in parameters}


def _choice(hint: Any, default: Any) -> Choice:
    many = get_origin(hint) is tuple
    one = get_args(hint)[0] if many else hint
    if get_origin(one) is Literal:
        return Choice(many, type(get_args(one)[0]), None, get_args(one), default)
    return Choice(many, getattr(one, "__supertype__", one), one if one in OFFERED else None, (), default)
