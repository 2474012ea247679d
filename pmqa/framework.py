"""The assessment model: an edition is a file, read once into frozen values after a strict check.

Nothing about an edition is in code: points, thresholds, bands, weights, names and the mapping to dimensions
are its data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from pmqa.errors import FrameworkError
from pmqa.framework_check import find_problems
from pmqa.shown import know_edges
from pmqa.text import Translator, languages, translator

FRAMEWORK_FOLDER: Final = Path(__file__).parent.parent / "data" / "framework"
DEFAULT_EDITION: Final = "pmqa4"
BELOW: Final = "below"  # the level of whoever has not reached the lowest one

Words = Mapping[str, str]  # by language


@dataclass(frozen=True)
class Band:
    """A step of the method `bands`: rates up to `limit` (inclusive or not) earn `points`, or points per percent."""

    limit: float  # inf for the last
    inclusive: bool
    points: float | None
    points_per_percent: float | None


@dataclass(frozen=True)
class Scoring:
    """The numbers of the rules; see docs/scoring.md."""

    scale_min: float
    scale_max: float
    band_points: Mapping[str, float]  # level id -> points that completing it adds
    level_thresholds: Mapping[str, float]  # level id -> points from which a total has the level
    success_rate_min: float  # percent
    success_rate_max: float
    bands: tuple[Band, ...]
    interval_points_at_target: float
    interval_points_per_step: float
    results_dimension: str
    results_category: str
    results_share: float  # of the category in the dimension, 0..1
    trend_steady_percent: float  # of the mean level, a year
    government_index_max: float


@dataclass(frozen=True)
class Origin:
    """Whether a part of the model is in the source document, or this product's own choice, and where it is from."""

    id: str
    about: str  # rules, concepts, items, intents, criteria, indicators
    official: bool
    what: Words
    source: Words


@dataclass(frozen=True)
class Level:
    """A rung of the ladder."""

    id: str
    code: str
    name: Words
    concept: Words


@dataclass(frozen=True)
class Dimension:
    """A dimension of maturity, with its concept at each level."""

    id: str
    name: Words
    concepts: Mapping[str, Words]  # level id -> words


@dataclass(frozen=True)
class Category:
    """หมวด: process categories hold criteria, the results category holds indicators."""

    id: str
    key: str
    kind: str  # process, results
    name: Words
    intent: Words  # a summary of the source's


@dataclass(frozen=True)
class Item:
    """หัวข้อ, such as 1.1."""

    id: str
    category: str
    kind: str  # process, results
    title: Words
    bullets: int  # printed below it in the source; 0 where criteria do not answer it


@dataclass(frozen=True)
class Criterion:
    """ประเด็นพิจารณา: a statement that is met or not."""

    id: str
    item: str
    level: str
    text: Words
    dimensions: Mapping[str, float]  # dimension id -> weight; they sum to 1
    covers: tuple[str, ...]  # bullets of the source ("1.1.a"), or an item whose title says it ("2.4")


@dataclass(frozen=True)
class Indicator:
    """ตัวชี้วัด of a results category."""

    id: str
    item: str
    name: Words
    core: bool
    unit: Words
    direction: str  # higher, lower: the default of its measures
    reach: str  # organization, sector_area, national
    form_2563: str | None  # its number in the form of fiscal year 2563


@dataclass(frozen=True)
class Framework:
    """One edition. Everything is in the file's order, which is the order of display."""

    edition: str
    version: str
    name: Words
    label: Words  # as people call it; its name where its file says none
    source: Words
    scoring: Scoring
    origins: tuple[Origin, ...]
    levels: tuple[Level, ...]
    dimensions: tuple[Dimension, ...]
    categories: tuple[Category, ...]
    items: tuple[Item, ...]
    criteria: tuple[Criterion, ...]
    indicators: tuple[Indicator, ...]

    @cached_property
    def level(self) -> Mapping[str, Level]:
        """Levels by id."""
        return {level.id: level for level in self.levels}

    @cached_property
    def dimension(self) -> Mapping[str, Dimension]:
        """Dimensions by id."""
        return {dimension.id: dimension for dimension in self.dimensions}

    @cached_property
    def category(self) -> Mapping[str, Category]:
        """Categories by id."""
        return {category.id: category for category in self.categories}

    @cached_property
    def item(self) -> Mapping[str, Item]:
        """Items by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def criterion(self) -> Mapping[str, Criterion]:
        """Criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def items_with_criteria(self) -> tuple[Item, ...]:
        """The items that criteria answer."""
        return tuple(item for item in self.items if item.kind == "process")

    @cached_property
    def items_with_indicators(self) -> tuple[Item, ...]:
        """The items that indicators answer."""
        return tuple(item for item in self.items if item.kind == "results")

    @cached_property
    def items_of(self) -> Mapping[str, tuple[Item, ...]]:
        """Category id -> its items."""
        return {c.id: tuple(i for i in self.items if i.category == c.id) for c in self.categories}

    @cached_property
    def criteria_of(self) -> Mapping[str, tuple[Criterion, ...]]:
        """Item id -> its criteria, lowest level first."""
        rank = {level.id: n for n, level in enumerate(self.levels)}
        found: dict[str, list[Criterion]] = {item.id: [] for item in self.items_with_criteria}
        for criterion in sorted(self.criteria, key=lambda c: rank[c.level]):
            found[criterion.item].append(criterion)
        return {item: tuple(criteria) for item, criteria in found.items()}

    @cached_property
    def indicators_of(self) -> Mapping[str, tuple[Indicator, ...]]:
        """Item id -> its indicators."""
        return {i.id: tuple(n for n in self.indicators if n.item == i.id) for i in self.items_with_indicators}

    @cached_property
    def _scopes(self) -> Mapping[str, tuple[str, ...]]:
        of_kind: Mapping[str, Sequence[Any]] = {
            "item": self.items,
            "category": self.categories,
            "dimension": self.dimensions,
            "indicator": self.indicators,
        }
        return {"overall": ("overall",)} | {kind: tuple(one.id for one in scopes) for kind, scopes in of_kind.items()}

    def scopes(self, kind: str) -> tuple[str, ...]:
        """The ids of a kind of scope (item, category, dimension, overall, indicator), in order of display."""
        return self._scopes[kind]

    def called(self, t: Translator) -> str:
        """The edition as people call it, with its version."""
        return t("framework.called", label=t.pick(self.label), version=self.version)

    def level_name(self, level: str, t: Translator) -> str:
        """A level as people call it, and what is below the first."""
        if level == BELOW:
            return t("framework.below", level=t.pick(self.levels[0].name))
        return t.pick(self.level[level].name)

    def kinds(self, t: Translator, wording: str = "framework.categories") -> dict[str, str]:
        """The categories of each kind in words, for the blanks of sentences: process is "categories 1–6".

        wording: of the sentences for one and for more.
        """
        found = {}
        for kind in ("process", "results"):
            ids = [category.id for category in self.categories if category.kind == kind]
            key = "one" if len(ids) == 1 else "more"
            found[kind] = t(f"{wording}.{key}", category=ids[0], first=ids[0], last=ids[-1])
        return found

    def scope_name(self, kind: str, scope: str, language: str) -> str:
        """A scope as people call it, without its number: the name of a category, the title of an item."""
        return translator(language).pick(self._names[kind][scope])

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, Words]]:
        return {
            "item": {item.id: item.title for item in self.items},
            "category": {category.id: category.name for category in self.categories},
            "dimension": {dimension.id: dimension.name for dimension in self.dimensions},
            "indicator": {indicator.id: indicator.name for indicator in self.indicators},
        }


def as_plain(framework: Framework) -> dict[str, Any]:
    """An edition as data that JSON can hold."""
    return asdict(framework)


def from_plain(raw: Mapping[str, Any]) -> Framework:
    """The edition that as_plain made it of."""
    found: Framework = _made(Framework, raw)
    return found


@cache
def _parts(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind) if is_dataclass(kind) else {}


def _made(kind: Any, value: Any) -> Any:
    if parts := _parts(kind):
        return kind(**{name: _made(parts[name], part) for name, part in value.items()})
    return tuple(_made(get_args(kind)[0], part) for part in value) if get_origin(kind) is tuple else value


def load_framework(path: Path) -> Framework:
    """An edition from its file. Raises FrameworkError that names the file and lists every problem in it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FrameworkError(f"{path.name}: not readable as TOML: {error}") from error
    if problems := find_problems(raw):
        raise FrameworkError(f"{path.name}: " + "; ".join(problems))
    return _framework(raw)


def load_frameworks(folder: Path) -> dict[str, Framework]:
    """Every edition of a folder by its id. Raises FrameworkError with the problems of all files at once."""
    found: dict[str, Framework] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            framework = load_framework(path)
        except FrameworkError as error:
            problems.append(str(error))
            continue
        if framework.edition in found:
            problems.append(f"{path.name}: edition {framework.edition!r} is in another file too")
        found[framework.edition] = framework
    if not found and not problems:
        problems.append(f"{folder}: no edition (*.toml) here")
    if problems:
        raise FrameworkError("\n".join(problems))
    return found


@lru_cache(maxsize=1)
def shipped_frameworks() -> dict[str, Framework]:
    """The editions that come with the product, read once."""
    return load_frameworks(FRAMEWORK_FOLDER)


def _framework(raw: Mapping[str, Any]) -> Framework:
    category_of = {item["id"]: item["id"].partition(".")[0] for item in raw["items"]}
    kind_of = {category["id"]: category["kind"] for category in raw["categories"]}
    level_ids = [level["id"] for level in raw["levels"]]
    know_edges(raw["scoring"]["level_thresholds"].values())
    return Framework(
        edition=raw["edition"],
        version=raw["version"],
        name=raw["name"],
        label=raw.get("label", raw["name"]),
        source=raw["source"],
        scoring=_scoring(raw["scoring"]),
        origins=tuple(Origin(**origin) for origin in raw["origins"]),
        levels=tuple(Level(**level) for level in raw["levels"]),
        dimensions=tuple(
            Dimension(d["id"], d["name"], {level: d[level] for level in level_ids}) for d in raw["dimensions"]
        ),
        categories=tuple(Category(**category) for category in raw["categories"]),
        items=tuple(
            Item(i["id"], category_of[i["id"]], kind_of[category_of[i["id"]]], i["title"], i.get("bullets", 0))
            for i in raw["items"]
        ),
        criteria=tuple(
            Criterion(
                c["id"],
                c["item"],
                c["level"],
                {language: c[language] for language in languages() if language in c},
                {dimension: float(weight) for dimension, weight in c["dimensions"].items()},
                tuple(c.get("covers", ())),
            )
            for c in raw["criteria"]
        ),
        indicators=tuple(
            Indicator(
                n["id"], n["item"], n["name"], n["core"], n["unit"], n["direction"], n["reach"], n.get("form_2563")
            )
            for n in raw["indicators"]
        ),
    )


def _scoring(raw: Mapping[str, Any]) -> Scoring:
    return Scoring(
        scale_min=float(raw["scale"]["min"]),
        scale_max=float(raw["scale"]["max"]),
        band_points={level: float(points) for level, points in raw["band_points"].items()},
        level_thresholds={level: float(points) for level, points in raw["level_thresholds"].items()},
        success_rate_min=float(raw["success_rate"]["min"]),
        success_rate_max=float(raw["success_rate"]["max"]),
        bands=tuple(_band(band) for band in raw["bands"]),
        interval_points_at_target=float(raw["interval"]["points_at_target"]),
        interval_points_per_step=float(raw["interval"]["points_per_step"]),
        results_dimension=raw["results_dimension"]["dimension"],
        results_category=raw["results_dimension"]["category"],
        results_share=float(raw["results_dimension"]["share"]),
        trend_steady_percent=float(raw["trend"]["steady_within_percent_a_year"]),
        government_index_max=float(raw["government_index_max"]),
    )


def _band(raw: Mapping[str, Any]) -> Band:
    limit = raw.get("below", raw.get("up_to", float("inf")))
    return Band(float(limit), "below" not in raw, raw.get("points"), raw.get("points_per_percent"))
