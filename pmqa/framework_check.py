"""What is wrong with an edition's file: every problem at once, in words that its editor understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from string import ascii_lowercase
from typing import Any, Final

from pmqa.text import languages

WEIGHT_TOLERANCE: Final = 1e-9

# table -> field -> what it must be; "words" is { th, en, ... }
FIELDS: Final[dict[str, dict[str, str]]] = {
    "origins": {"id": "text", "about": "text", "official": "yes or no", "what": "words", "source": "words"},
    "levels": {"id": "text", "code": "text", "name": "words", "concept": "words"},
    "dimensions": {"id": "text", "name": "words"},  # and words for every level
    "categories": {"id": "text", "key": "text", "kind": "text", "name": "words", "intent": "words"},
    "items": {"id": "text", "title": "words"},
    "criteria": {"id": "text", "item": "text", "level": "text", "dimensions": "weights"},  # and a text in each language
    "indicators": {
        "id": "text",
        "item": "text",
        "name": "words",
        "core": "yes or no",
        "unit": "words",
        "direction": "text",
        "reach": "text",
    },
}
OPTIONAL: Final = {"items": {"bullets"}, "criteria": {"covers"}, "indicators": {"form_2563"}}
CHOICES: Final = {
    ("origins", "about"): ("rules", "concepts", "items", "intents", "criteria", "indicators"),
    ("categories", "kind"): ("process", "results"),
    ("indicators", "direction"): ("higher", "lower"),
    ("indicators", "reach"): ("organization", "sector_area", "national"),
}
SCORING: Final[dict[str, tuple[str, ...]]] = {
    "scale": ("min", "max"),
    "success_rate": ("min", "max"),
    "interval": ("points_at_target", "points_per_step"),
    "results_dimension": ("share",),
    "trend": ("steady_within_percent_a_year",),
}


def find_problems(raw: Mapping[str, Any]) -> list[str]:
    """Every problem of an edition's data, as sentences that name the table and the id. Empty when it is sound."""
    problems = [*_header_problems(raw), *_field_problems(raw)]
    # The checks of meaning read fields without asking; they only make sense once the shape is right.
    return problems or [problem for check in MEANING for problem in check(raw)]


def _needed() -> list[str]:
    """The languages that an edition needs: those for which no other may stand in."""
    return [name for name, language in languages().items() if language.instead is None]


def _is(value: object, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str) and bool(value.strip())
    if kind == "words":
        return isinstance(value, dict) and all(_is(value.get(language), "text") for language in _needed())
    if kind == "yes or no":
        return isinstance(value, bool)
    return isinstance(value, dict) and bool(value) and all(_is_number(weight) for weight in value.values())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _header_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    for name in ("edition", "version"):
        if not _is(raw.get(name), "text"):
            yield f"{name}: needs a text"
    for name in ("name", "source", *(["label"] if "label" in raw else [])):
        if not _is(raw.get(name), "words"):
            yield f"{name}: needs {' and '.join(_needed())}"
    for name in sorted(set(raw) - {"edition", "version", "name", "label", "source", "scoring", *FIELDS}):
        yield f"{name}: unknown table or setting"
    scoring = raw.get("scoring")
    if not isinstance(scoring, dict):
        yield "scoring: missing"
        return
    for table, numbers in SCORING.items():
        for number in numbers:
            if not isinstance(scoring.get(table), dict) or not _is_number(scoring[table].get(number)):
                yield f"scoring.{table}: needs a number {number}"
    for table in ("band_points", "level_thresholds"):
        if not _is(scoring.get(table), "weights"):
            yield f"scoring.{table}: needs a number for every level"
    if not _is_number(scoring.get("government_index_max")):
        yield "scoring.government_index_max: needs a number"
    for name in ("dimension", "category"):
        if not isinstance(scoring.get("results_dimension"), dict) or not _is(
            scoring["results_dimension"].get(name), "text"
        ):
            yield f"scoring.results_dimension: needs a text {name}"
    yield from _band_problems(scoring.get("bands"))


def _band_problems(bands: object) -> Iterator[str]:
    if not isinstance(bands, list) or not bands:
        yield "scoring.bands: needs at least one band"
        return
    last = float("-inf")
    for number, band in enumerate(bands, 1):
        place = f"scoring.bands: band {number}"
        limits = [name for name in ("below", "up_to", "above") if _is_number(band.get(name))]
        if len(limits) != 1:
            yield f"{place} needs exactly one of below, up_to, above"
        elif limits == ["above"]:
            if number != len(bands) or band["above"] != last:
                yield f"{place}: `above` belongs to the last band and repeats the limit before it"
        elif band[limits[0]] <= last:
            yield f"{place}: limits must rise"
        else:
            last = band[limits[0]]
        if sum(_is_number(band.get(name)) for name in ("points", "points_per_percent")) != 1:
            yield f"{place} needs exactly one of points, points_per_percent"
    if not any("above" in band for band in bands):
        yield "scoring.bands: the last band needs `above`"


def _field_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    for table, fields in FIELDS.items():
        rows = raw.get(table)
        if not isinstance(rows, list) or not rows:
            yield f"{table}: missing or empty"
            continue
        levels = {str(level.get("id")): "words" for level in raw.get("levels", [])} if table == "dimensions" else {}
        texts = dict.fromkeys(_needed(), "text") if table == "criteria" else {}
        expected = {**fields, **levels, **texts}
        more = {*OPTIONAL.get(table, ()), *(languages() if table == "criteria" else ())}
        for number, row in enumerate(rows, 1):
            place = f"{table}: {row.get('id', f'row {number}')}"
            for field, kind in expected.items():
                if not _is(row.get(field), kind):
                    yield f"{place}: {field} needs {' and '.join(_needed()) if kind == 'words' else kind}"
                elif (table, field) in CHOICES and row[field] not in CHOICES[table, field]:
                    yield f"{place}: {field} is {row[field]!r}, not one of {', '.join(CHOICES[table, field])}"
            for field in sorted(set(row) - set(expected) - more):
                yield f"{place}: unknown field {field}"
        for repeated, times in Counter(str(row.get("id")) for row in rows).items():
            if times > 1:
                yield f"{table}: {repeated}: the id stands {times} times"


def _ids(raw: Mapping[str, Any], table: str) -> set[str]:
    return {row["id"] for row in raw[table]}


def _scoring_names(raw: Mapping[str, Any]) -> Iterator[str]:
    scoring = raw["scoring"]
    levels = [level["id"] for level in raw["levels"]]
    for table in ("band_points", "level_thresholds"):
        if list(scoring[table]) != levels:
            yield f"scoring.{table}: needs the levels {', '.join(levels)} in this order"
    thresholds = list(scoring["level_thresholds"].values())
    if thresholds != sorted(thresholds):
        yield "scoring.level_thresholds: must rise from level to level"
    for level, begins in scoring["level_thresholds"].items():
        if begins != int(begins):
            yield f"scoring.level_thresholds: {level} begins at {begins}, which is no whole point"
    if abs(sum(scoring["band_points"].values()) - scoring["scale"]["max"]) > WEIGHT_TOLERANCE:
        yield f"scoring.band_points: sum to {sum(scoring['band_points'].values())}, not scale.max"
    results = scoring["results_dimension"]
    if results["dimension"] not in _ids(raw, "dimensions"):
        yield f"scoring.results_dimension: no dimension {results['dimension']!r}"
    if results["category"] not in _ids(raw, "categories"):
        yield f"scoring.results_dimension: no category {results['category']!r}"
    if not 0 <= results["share"] <= 1:
        yield f"scoring.results_dimension: share is {results['share']}, not within 0..1"


def _item_names(raw: Mapping[str, Any]) -> Iterator[str]:
    categories = {category["id"]: category["kind"] for category in raw["categories"]}
    parts = {"process": {c["item"] for c in raw["criteria"]}, "results": {n["item"] for n in raw["indicators"]}}
    for item in raw["items"]:
        category = item["id"].partition(".")[0]
        if category not in categories:
            yield f"items: {item['id']}: no category {category!r}"
        elif item["id"] not in parts[categories[category]]:
            part = "criterion" if categories[category] == "process" else "indicator"
            yield f"items: {item['id']}: has no {part}"
    for category in categories:
        if not any(item["id"].startswith(f"{category}.") for item in raw["items"]):
            yield f"categories: {category}: has no item"


def _criteria_names(raw: Mapping[str, Any]) -> Iterator[str]:
    items, levels, dimensions = _ids(raw, "items"), _ids(raw, "levels"), _ids(raw, "dimensions")
    results = {c["id"] for c in raw["categories"] if c["kind"] == "results"}
    for criterion in raw["criteria"]:
        place = f"criteria: {criterion['id']}"
        if criterion["item"] not in items:
            yield f"{place}: no item {criterion['item']!r}"
        elif criterion["item"].partition(".")[0] in results:
            yield f"{place}: item {criterion['item']} belongs to a results category"
        if criterion["level"] not in levels:
            yield f"{place}: no level {criterion['level']!r}"
        for dimension in criterion["dimensions"]:
            if dimension not in dimensions:
                yield f"{place}: no dimension {dimension!r}"
        weights = criterion["dimensions"].values()
        if abs(sum(weights) - 1) > WEIGHT_TOLERANCE or min(weights) <= 0:
            yield f"{place}: weights are {', '.join(map(str, weights))}; they must be above 0 and sum to 1"


def _origin_names(raw: Mapping[str, Any]) -> Iterator[str]:
    told = {origin["about"] for origin in raw["origins"]}
    for part in CHOICES["origins", "about"]:
        if part not in told:
            yield f"origins: nothing says where {part} are from"


def _covered_names(raw: Mapping[str, Any]) -> Iterator[str]:
    bullets = {item["id"]: item.get("bullets", 0) for item in raw["items"]}
    known = {*bullets, *(f"{item}.{letter}" for item, count in bullets.items() for letter in ascii_lowercase[:count])}
    for criterion in raw["criteria"]:
        for bullet in criterion.get("covers", ()):
            if bullet not in known:
                yield f"criteria: {criterion['id']}: covers {bullet!r}, which is no bullet and no item of the source"


def _every_rung_has_a_criterion(raw: Mapping[str, Any]) -> Iterator[str]:
    # A level without criteria would make its share 0/0: the gate could never open, for items and dimensions alike.
    rungs = {(c["item"], c["level"]) for c in raw["criteria"]}
    for item in sorted({c["item"] for c in raw["criteria"]} & _ids(raw, "items")):
        for level in raw["levels"]:
            if (item, level["id"]) not in rungs:
                yield f"items: {item}: has no criterion of level {level['id']}"
    weighted = {(d, c["level"]) for c in raw["criteria"] for d in c["dimensions"]}
    for dimension in raw["dimensions"]:
        for level in raw["levels"]:
            if (dimension["id"], level["id"]) not in weighted:
                yield f"dimensions: {dimension['id']}: no criterion of level {level['id']} weighs on it"


def _indicator_names(raw: Mapping[str, Any]) -> Iterator[str]:
    kinds = {category["id"]: category["kind"] for category in raw["categories"]}
    items = _ids(raw, "items")
    for indicator in raw["indicators"]:
        place = f"indicators: {indicator['id']}"
        if indicator["item"] not in items:
            yield f"{place}: no item {indicator['item']!r}"
        elif kinds.get(indicator["item"].partition(".")[0]) == "process":
            yield f"{place}: item {indicator['item']} belongs to a process category"


def _ids_mean_one_thing(raw: Mapping[str, Any]) -> Iterator[str]:
    """A score is asked for by the id of its scope alone, and what has no level has a word of its own."""
    scopes = Counter(row["id"] for table in ("categories", "items", "dimensions", "indicators") for row in raw[table])
    for scope, times in scopes.items():
        if times > 1 or scope == "overall":
            yield f"{scope}: is the id of more than one category, item, dimension or indicator, or of the overall score"
    for level in sorted(_ids(raw, "levels") & {"below", "none"}):
        yield f"levels: {level}: the id is taken for what is below the first level, or has none"


def _codes_are_unique(raw: Mapping[str, Any]) -> Iterator[str]:
    for code, times in Counter(level["code"] for level in raw["levels"]).items():
        if times > 1:
            yield f"levels: code {code!r} stands {times} times"


MEANING: Final[tuple[Callable[[Mapping[str, Any]], Iterator[str]], ...]] = (
    _scoring_names,
    _codes_are_unique,
    _ids_mean_one_thing,
    _item_names,
    _criteria_names,
    _origin_names,
    _covered_names,
    _every_rung_has_a_criterion,
    _indicator_names,
)
