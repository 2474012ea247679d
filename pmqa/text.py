"""Every sentence that a person reads (data/text/*.toml), in both languages; numbers and dates as people write them."""

from __future__ import annotations

import datetime as dt
import math
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pmqa.errors import TextError
from pmqa.shown import shown, shown_share

LANGUAGES: Final = ("th", "en")
BUDDHIST_ERA: Final = 543  # years from ค.ศ. to พ.ศ.
MISSING: Final = "–"  # what stands where there is no number; never 0
TEXT_FOLDER: Final = Path(__file__).parent.parent / "data" / "text"

THAI_MONTHS: Final = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
BANGKOK: Final = dt.timezone(dt.timedelta(hours=7))


@dataclass(frozen=True)
class Translator:
    """Sentences of one language: `t("page.gaps")`, `t("overview.sent", n=3)`."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence, its blanks filled. Raises TextError for an unknown key or a blank without a value."""
        try:
            return self.sentences[key].format_map(values) if values else self.sentences[key]
        except KeyError as error:
            raise TextError(f"{self.language}: no sentence or blank {error} for {key!r}") from error

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.sentences

    def pick(self, words: Mapping[str, str]) -> str:
        """This language's wording of a name that carries both ({"th": ..., "en": ...})."""
        return words[self.language]

    def number(self, value: float | None, digits: int = 1) -> str:
        """As pmqa.shown rounds it, with thousands separators; MISSING where there is none."""
        return MISSING if value is None or math.isnan(value) else f"{shown(value, digits):,}"

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share of 0..1 as percent; MISSING where there is none. A part is never shown as all or as nothing."""
        return MISSING if share is None or math.isnan(share) else f"{shown_share(share, digits):,}%"

    def year(self, fiscal_year: int) -> str:
        """A fiscal year as shown: พ.ศ. in Thai, both eras in English."""
        return str(fiscal_year) if self.language == "th" else f"{fiscal_year} ({fiscal_year - BUDDHIST_ERA})"

    def date(self, moment: dt.datetime | dt.date) -> str:
        """A date in Bangkok's time; พ.ศ. in Thai. A datetime without zone is UTC."""
        if isinstance(moment, dt.datetime):
            aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            moment = aware.astimezone(BANGKOK)
        if self.language == "th":
            return f"{moment.day} {THAI_MONTHS[moment.month - 1]} {moment.year + BUDDHIST_ERA}"
        return f"{moment.day} {moment:%b} {moment.year}"

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


def load_sentences(folder: Path = TEXT_FOLDER) -> dict[str, dict[str, str]]:
    """key -> {"th": ..., "en": ...} from every file of the folder. Raises TextError that lists every problem."""
    sentences: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        for key, words in _leaves(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            if key in sentences:
                problems.append(f"{path.name}: {key} is defined twice")
            if set(words) != set(LANGUAGES):
                problems.append(f"{path.name}: {key} needs exactly th and en")
            elif blanks(words["th"]) != blanks(words["en"]):
                problems.append(f"{path.name}: {key} has other blanks in th than in en")
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


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Translator:
    """The translator of a language, read once. Raises TextError for a language that there is none of."""
    if language not in LANGUAGES:
        raise TextError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    return Translator(language, {key: words[language] for key, words in load_sentences().items()})
