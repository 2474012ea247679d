"""What is read and derived for a view, kept once for all to whom it is the same: who looks and in which words plays no
part in it, what they may see does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from pmqa.views.memory import shared

if TYPE_CHECKING:
    from pmqa.views.view import View

More = ParamSpec("More")
Value = TypeVar("Value")


def as_read(
    *, most: int
) -> Callable[[Callable[Concatenate[View, More], Value]], Callable[Concatenate[View, More], Value]]:
    """As `shared`, for what follows from a view `as_read`: the function is given that view, and no other."""

    def kept(calculate: Callable[Concatenate[View, More], Value]) -> Callable[Concatenate[View, More], Value]:
        of_read = shared(most=most)(calculate)

        @wraps(calculate)
        def of_view(view: View, /, *args: More.args, **kwargs: More.kwargs) -> Value:
            return of_read(view.as_read, *args, **kwargs)

        return of_view

    return kept
