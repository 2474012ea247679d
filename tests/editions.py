"""Made-up editions: whole files beside the shipped one, of other shapes, ids, scales and names."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.submission import Submission
from tests.factories import make_measure, make_submission

YEARS: Final = (2568, 2569)
AGENCIES: Final = 7


@dataclass(frozen=True)
class Shape:
    """What one made-up edition differs in.

    points: level id -> points that completing it adds; the last is the top of the scale. process, results: categories
    with how many items each has; the first of results is in a dimension.
    """

    points: Mapping[str, float]
    dimensions: tuple[str, ...]
    process: Mapping[str, int]
    results: Mapping[str, int]


SHAPES: Final = {
    "five": Shape(
        {"seed": 100, "sprout": 300, "stem": 200, "bud": 250, "bloom": 150},
        ("roots", "light", "water", "air", "soil", "bees"),
        {"A": 3, "B": 2, "C": 2},
        {"R": 2, "S": 1},
    ),
    "two": Shape({"low": 60, "high": 40}, ("near", "far", "ends"), {"1": 2, "2": 1}, {"3": 1}),
}


def raw_edition(edition: str, languages: Sequence[str] = ("th", "en")) -> dict[str, Any]:
    """The data of one made-up edition; names in further languages are numbers."""
    shape, further = SHAPES[edition], languages[2:]

    def named(name: str) -> dict[str, str]:
        more = {language: str(len(name)) for language in further}
        return {"th": f"ชื่อ{name}", "en": name.title(), **more}

    levels, top = list(shape.points), float(sum(shape.points.values()))
    reached, thresholds = 0.0, {}
    for level in levels:
        reached += shape.points[level]
        thresholds[level] = reached
    first = shape.points[levels[0]]
    items = [f"{c}.{n}" for kind in (shape.process, shape.results) for c in kind for n in range(1, kind[c] + 1)]
    process = [item for item in items if item.partition(".")[0] in shape.process]
    results = [item for item in items if item not in process]
    place = iter(range(10_000))
    return {
        "edition": edition,
        "version": "1",
        "name": named(f"edition-{edition}"),
        "label": named(f"label-{edition}"),
        "source": named("source"),
        "scoring": {
            "scale": {"min": 0, "max": top},
            "band_points": dict(shape.points),
            "level_thresholds": thresholds,
            "success_rate": {"min": 0, "max": 150},
            "bands": [{"below": 100, "points_per_percent": first / 100}, {"above": 100, "points": top}],
            "interval": {"points_at_target": first, "points_per_step": top / 5},
            "results_dimension": {"dimension": shape.dimensions[-1], "category": min(shape.results), "share": 0.5},
            "trend": {"steady_within_percent_a_year": 1.0},
            "government_index_max": 10.0,
        },
        "origins": [
            {"id": about, "about": about, "official": False, "what": named(about), "source": named("rules")}
            for about in ("rules", "concepts", "items", "intents", "criteria", "indicators")
        ],
        "levels": [
            {"id": level, "code": str(n), "name": named(level), "concept": named(f"concept-{level}")}
            for n, level in enumerate(levels)
        ],
        "dimensions": [
            {"id": one, "name": named(one), **{level: named(f"{one}-{level}") for level in levels}}
            for one in shape.dimensions
        ],
        "categories": [
            {"id": one, "key": f"key{one}", "kind": kind, "name": named(f"category{one}"), "intent": named("intent")}
            for kind, of in (("process", shape.process), ("results", shape.results))
            for one in of
        ],
        "items": [{"id": item, "title": named(f"item{item}")} for item in items],
        "criteria": [
            {
                "id": f"{item}-{level}{n}",
                "item": item,
                "level": level,
                **named(f"criterion{item}{level}{n}"),
                "dimensions": {shape.dimensions[next(place) % len(shape.dimensions)]: 1.0},
            }
            for level in levels
            for item in process
            for n in range(1, 3)
        ],
        "indicators": [
            {
                "id": f"{item}.{n}",
                "item": item,
                "name": named(f"indicator{item}.{n}"),
                "core": n == 1,
                "unit": {"th": "ร้อยละ", "en": "percent", **dict.fromkeys(further, "%")},
                "direction": "higher",
                "reach": "organization",
            }
            for item in results
            for n in range(1, 3)
        ],
    }


def toml_of(raw: Mapping[str, Any]) -> str:
    """The data as an edition's file has them."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in raw.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def submissions_of(framework: Framework) -> list[Submission]:
    """What agencies sent to an edition: of every strength, two years, some answers and evidence missing."""
    found = []
    for number in range(AGENCIES):
        for year in YEARS:
            chance = random.Random(f"{number} {year}")
            rank = {level.id: n for n, level in enumerate(framework.levels, 1)}
            strength = (number + 2) * (1 + 0.1 * (year - YEARS[0])) / AGENCIES * len(rank)
            met = {
                c.id: None if chance.random() < 0.03 and number == 1 else chance.random() < strength / rank[c.level]
                for c in framework.criteria
            }
            measures = [
                make_measure(one.id, actual=60.0 + 40 * chance.random(), benchmark=85.0 if number else None)
                for one in framework.indicators
                if chance.random() < 0.8
            ]
            own = {"framework": framework, "met": met, "measures": measures}
            code = f"E{number:02}"
            about = {"ministry": f"กระทรวงตัวอย่าง{number % 2 + 1}", "agency_name": f"กรมตัวอย่างที่ {number + 1}"}
            found.append(make_submission(code, year, **own, **about))
            if number < 3:
                found.append(make_submission(code, year, "assessor", **own, **about))
    return found


def record(path: Path, framework: Framework) -> Path:
    """A database with what agencies sent to an edition."""
    with Store(path) as store:
        sent = [(f"{one.agency_code}-{one.fiscal_year}-{one.source}", one) for one in submissions_of(framework)]
        store.recording.record_many(
            [Incoming(one, name.encode(), f"{name}.xlsx") for name, one in sent], received_by="test"
        )
    return path
