"""Every sentence that a person reads (data/text/*.toml), in every language; numbers and dates as people write them."""

from __future__ import annotations

import datetime as dt
import math
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pmqa.errors import TextError
from pmqa.shown import shown, shown_share

DEFAULT_LANGUAGE: Final = "th"  # of who has chosen none; of the words that forms hold whatever their language
BUDDHIST_ERA: Final = 543  # years from ค.ศ. to พ.ศ.
MISSING: Final = "–"  # what stands where there is no number; never 0
OR: Final = "|"  # between the forms of a word in a blank: "{n} {n:criterion|criteria}"
TEXT_FOLDER: Final = Path(__file__).parent.parent / "data" / "text"
LANGUAGES_FILE: Final = "languages.toml"  # of the folder; all others hold sentences
BANGKOK: Final = dt.timezone(dt.timedelta(hours=7))


@dataclass(frozen=True)
class Language:
    """What a language calls itself, and how it writes years and days.

    instead: the language whose words an edition may have in its place; None = an edition needs it. tag: as programs
    that check its spelling call it; "" = by its id. plural: patterns of the numbers that each form of a word goes with,
    but for the last form, which goes with all others; none = words have one form.
    """

    name: str
    year: str
    date: str
    short: str
    months: tuple[str, ...]
    instead: str | None = None
    tag: str = ""
    plural: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """Id -> language, in the order in which they are offered. Raises TextError for a file that says too little."""
    raw = tomllib.loads((TEXT_FOLDER / LANGUAGES_FILE).read_text(encoding="utf-8"))
    try:
        return {
            name: Language(**said | {"months": tuple(said["months"]), "plural": tuple(said.get("plural", ()))})
            for name, said in raw.items()
        }
    except (KeyError, TypeError) as error:
        raise TextError(f"{LANGUAGES_FILE}: {error}") from error


@dataclass(frozen=True)
class Sentence(Mapping[str, str]):
    """A sentence in every language, as names of an edition are: for tables in code that hold words."""

    key: str

    def __getitem__(self, language: str) -> str:
        return translator(language)(self.key)

    def __iter__(self) -> Iterator[str]:
        return iter(languages())

    def __len__(self) -> int:
        return len(languages())


@dataclass(frozen=True)
class Filler(string.Formatter):
    """Fills the blanks of a sentence, each word that a number stands before in the form that goes with it."""

    plural: tuple[str, ...]

    def format_field(self, value: object, spec: str) -> str:
        """The value, or of several forms the one for it."""
        if OR not in spec:
            return str(super().format_field(value, spec))
        forms = spec.split(OR)
        of_number = zip(forms, self.plural, strict=False)  # the last form has no pattern
        return next((form for form, numbers in of_number if re.fullmatch(numbers, str(value))), forms[-1])


@dataclass(frozen=True)
class Translator:
    """Sentences of one language: `t("page.gaps")`, `t("overview.sent", n=3)`."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence, its blanks filled. Raises TextError for an unknown key or a blank without a value."""
        try:
            sentence = self.sentences[key]
            if OR in sentence:
                return Filler(languages()[self.language].plural).vformat(sentence, (), values)
            return sentence.format_map(values) if values else sentence
        except KeyError as error:
            raise TextError(f"{self.language}: no sentence or blank {error} for {key!r}") from error

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.sentences

    def pick(self, words: Mapping[str, str]) -> str:
        """This language's wording of a name that carries several, or of the language that stands in for it."""
        language = self.language
        while language not in words and (instead := languages()[language].instead):
            language = instead
        return words[language]

    def number(self, value: float | None, digits: int = 1) -> str:
        """As pmqa.shown rounds it, with thousands separators; MISSING where there is none."""
        return MISSING if value is None or math.isnan(value) else f"{shown(value, digits):,}"

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share of 0..1 as percent; MISSING where there is none. A part is never shown as all or as nothing."""
        return MISSING if share is None or math.isnan(share) else f"{shown_share(share, digits):,}%"

    def year(self, fiscal_year: int) -> str:
        """A fiscal year as shown: พ.ศ. in Thai, both eras in English."""
        return languages()[self.language].year.format(be=fiscal_year, ce=fiscal_year - BUDDHIST_ERA)

    def date(self, moment: dt.datetime | dt.date) -> str:
        """A date in Bangkok's time; พ.ศ. in Thai. A datetime without zone is UTC."""
        return self._day(moment, languages()[self.language].date)

    def short_date(self, moment: dt.datetime | dt.date) -> str:
        """A date in numbers, as lists that people keep have it: 30/9/2569 in Thai, 2026-09-30 in English."""
        return self._day(moment, languages()[self.language].short)

    def _day(self, moment: dt.datetime | dt.date, form: str) -> str:
        if isinstance(moment, dt.datetime):
            aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            moment = aware.astimezone(BANGKOK)
        month = languages()[self.language].months[moment.month - 1]
        years = {"be": moment.year + BUDDHIST_ERA, "ce": moment.year}
        return form.format(day=moment.day, month=month, number=moment.month, **years)

    def moment(self, moment: dt.datetime) -> str:
        """A date with the hour and minute, Bangkok's time."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return f"{self.date(aware)} {aware.astimezone(BANGKOK):%H:%M}"


def start_of_day(day: dt.date) -> dt.datetime:
    """The first second of a day in Bangkok, in UTC without a zone, as the database keeps moments."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=BANGKOK).astimezone(dt.UTC).replace(tzinfo=None)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last second of a day in Bangkok, in UTC without a zone."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=BANGKOK).astimezone(dt.UTC).replace(tzinfo=None)


def blanks(sentence: str) -> set[str]:
    """The names of the blanks in a sentence."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


def forms_of(sentence: str) -> list[list[str]]:
    """The forms of each word that goes with a number in a sentence."""
    return [spec.split(OR) for _, _, spec, _ in string.Formatter().parse(sentence) if spec and OR in spec]


@lru_cache(maxsize=2)
def load_sentences(folder: Path | None = None) -> Mapping[str, Mapping[str, str]]:
    """key -> language -> sentence, from every file of the folder. Raises TextError that lists every problem."""
    sentences: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    needed = " and ".join(languages())
    for path in sorted(path for path in (folder or TEXT_FOLDER).glob("*.toml") if path.name != LANGUAGES_FILE):
        for key, words in _leaves(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            if key in sentences:
                problems.append(f"{path.name}: {key} is defined twice")
            if set(words) != set(languages()):
                problems.append(f"{path.name}: {key} needs exactly {needed}")
                continue
            first, *others = languages()
            for other in others:
                if blanks(words[first]) != blanks(words[other]):
                    problems.append(f"{path.name}: {key} has other blanks in {first} than in {other}")
            for language, said in languages().items():
                if any(len(forms) != len(said.plural) + 1 for forms in forms_of(words[language])):
                    problems.append(f"{path.name}: {key} needs {len(said.plural) + 1} forms of a word in {language}")
            sentences[key] = words
    if problems:
        raise TextError("; ".join(problems))
    return sentences


def _leaves(table: Mapping[str, object], prefix: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in table.items():
        if isinstance(value, dict) and all(isinstance(inner, str) for inner in value.values()):
            found.append((prefix + name, value))
        elif isinstance(value, dict):
            found += _leaves(value, f"{prefix}{name}.")
        else:
            raise TextError(f"{prefix}{name} is neither a sentence nor a table of sentences")
    return found


@lru_cache
def translator(language: str) -> Translator:
    """The translator of a language, read once. Raises TextError for a language that there is none of."""
    if language not in languages():
        raise TextError(f"no language {language!r}; there are {', '.join(languages())}")
    return Translator(language, {key: words[language] for key, words in load_sentences().items()})
