"""What one-page documents share: a level's letter on its colour, places on the scale, text that can be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pmqa.charts.drawing import level_code, level_colours
from pmqa.charts.palette import ink_on
from pmqa.exports.fonts import shown
from pmqa.exports.stamp import clean_text
from pmqa.framework import Framework
from pmqa.text import Translator


@dataclass(frozen=True)
class Chip:
    """A level's letter on its colour."""

    code: str
    name: str
    fill: str
    ink: str


def chip_of(level: object, framework: Framework, t: Translator) -> Chip:
    """The chip of a level's id; a dash where there is no score."""
    ids = [one.id for one in framework.levels]
    if not isinstance(level, str):
        return Chip("–", t.number(None), "#ffffff", "#4d5b6a")
    rank = ids.index(level) + 1 if level in ids else 0
    fill = level_colours(len(ids))[rank]
    return Chip(level_code(framework, level), framework.level_name(level, t), fill, ink_on(fill))


def share_of(value: float, framework: Framework) -> float:
    """Where a score stands on the scale, 0..1."""
    scoring = framework.scoring
    return (value - scoring.scale_min) / (scoring.scale_max - scoring.scale_min)


def settable(value: Any) -> Any:
    """All text of a value as it can be set."""
    if isinstance(value, str):
        return shown(clean_text(value))
    if isinstance(value, dict):
        return {key: settable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [settable(one) for one in value]
    return value
