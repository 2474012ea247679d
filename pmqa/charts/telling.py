"""HIGHLIGHTS and ASKS in sentences: whom it is about, what is so, and in a smaller line what else one should know."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pmqa.charts.findings import shortened
from pmqa.charts.words import clusters
from pmqa.framework import Framework
from pmqa.shown import shown
from pmqa.text import Translator

LONGEST: Final = 62  # letters of subject and sentence, marks above and below not counted: a line of half a page
LEAST_OF_NAME: Final = 24
MOST_SCOPES: Final = 4  # measures that one lists


@dataclass(frozen=True)
class Line:
    """A highlight in words. whole: the subject unshortened. beside: for the smaller line. card: what proves it."""

    kind: str
    subject: str
    who: str
    whole: str
    says: str
    beside: str
    scope: str | None
    card: str
    choices: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """Subject and sentence, as headlines of slides and texts of links say it."""
        return f"{self.who} {self.says}"


def tell(
    found: pd.DataFrame,
    names: Mapping[str, str],
    framework: Framework,
    t: Translator,
    *,
    told: Collection[str] = (),
) -> list[Line]:
    """HIGHLIGHTS in the order given to lines.

    names: what agencies are called, by code: an abbreviation where there is one. told: kinds whose weightiest was told
    before these. A row that has others below it says how many where no further row of its kind follows.
    """
    rows = found.astype("object").where(found.notna(), None).to_dict("records")
    first = {kind: place for place, kind in reversed(list(enumerate(found["kind"])))}
    last = {kind: place for place, kind in enumerate(found["kind"])}
    return [
        _line(
            row,
            place == first[row["kind"]] and row["kind"] not in told,
            place == last[row["kind"]],
            names,
            framework,
            t,
        )
        for place, row in enumerate(rows)
    ]


def _line(
    row: Mapping[str, Any], first: bool, last: bool, names: Mapping[str, str], framework: Framework, t: Translator
) -> Line:
    kind, subject = row["kind"], row["subject"]
    words = _words(row, framework, t)
    form = _form(row, first)
    says = t(f"highlights.{kind}{form}", **words)
    whole = t("highlights.criterion", id=subject) if kind == "blocking" else names.get(subject, subject)
    notes = [t(f"highlights.{kind}_note", **words)]
    if last and row["others"]:
        notes.append(t(f"highlights.others_{_counted(kind)}", n=row["others"]))
    room = max(LONGEST - len(clusters(says)) - 1, LEAST_OF_NAME)
    beside = " · ".join(note for note in notes if note)
    return Line(
        kind,
        subject,
        shortened(whole, room),
        whole,
        says,
        beside,
        row["scope"],
        row["card"],
        json.loads(row["choices"]),
    )


def _counted(kind: str) -> str:
    """What a kind's rows are of."""
    return {"blocking": "criteria", "group": "ministries"}.get(kind, "agencies")


def _form(row: Mapping[str, Any], first: bool) -> str:
    """Which of a kind's sentences fits: the end of its key."""
    kind, value = row["kind"], row["value"]
    if kind == "overdue":
        return "" if value else "_today"
    if kind == "refused":
        return "" if value is None else "_late"
    if kind == "blocking":
        return "_one" if row["of"] == 1 else "" if row["beside"] else "_steps"
    if kind in ("fall", "rise"):
        return "_most" if first and row["of"] > 1 else ""
    if kind == "assessor":
        return "_higher" if value > 0 else "_lower"
    if kind == "unanswered":
        return "_all" if value is None else ""
    return ""


def _words(row: Mapping[str, Any], framework: Framework, t: Translator) -> dict[str, Any]:
    """What fills the blanks of a kind's sentences."""
    kind, scope = row["kind"], row["scope"]
    number = None if row["value"] is None else abs(row["value"])
    words: dict[str, Any] = {"count": row["count"], "of": row["of"]}
    if kind in ("overdue", "refused"):
        return words | {"days": None if number is None else int(number)}
    words |= {"points": t.number(number), "beside": t.number(row["beside"])}
    if kind == "blocking":
        words |= {"item": scope, "reached": int(row["beside"]), "text": _text(row["subject"], framework, t)}
    if kind == "near":
        words |= {"criterion": scope, "item": framework.criterion[scope].item, "text": _text(scope, framework, t)}
    if kind == "group":
        words |= {"scope": framework.scope_name("dimension", scope, t.language), "edge": t.number(row["beside"], 0)}
    if kind in ("blocking", "group", "near"):
        words |= {"level": t.pick(framework.level[row["about"]].name)}
    if kind in ("fall", "rise"):
        words |= {"year": t.year(json.loads(row["choices"])["before"])}
    if kind == "target":
        words |= {"measures": _listed(scope, t)}
    if kind == "check":
        check, column = row["about"].split()
        words |= {"measure": _measure(scope), "value": _plain(row["value"], t), "compared": _plain(row["beside"], t)}
        words |= {"field": t(f"analysis.field.{column}")}
        words |= {
            "reason": t(f"analysis.doctor.{check}", **{name: words[name] for name in ("field", "value", "compared")})
        }
    if kind == "unanswered":
        words |= {"share": t.percent(row["beside"])}
    return words


def _text(criterion: str, framework: Framework, t: Translator) -> str:
    return t.pick(framework.criterion[criterion].text)


def _measure(scope: str) -> str:
    """A measure by its indicator, with its number where it is not the first."""
    indicator, _, number = scope.partition("#")
    return indicator if number == "1" else scope


def _listed(scopes: str, t: Translator) -> str:
    every = [_measure(scope) for scope in scopes.split()]
    names = ", ".join(every[:MOST_SCOPES])
    return names if len(every) <= MOST_SCOPES else t("headline.more", names=names, more=len(every) - MOST_SCOPES)


def _plain(value: float | None, t: Translator) -> str:
    """A number that somebody sent, with as many decimals as it has, up to two."""
    digits = next((digits for digits in (0, 1) if value is None or shown(value, digits) == shown(value, 2)), 2)
    return t.number(value, digits)


def tell_asks(found: pd.DataFrame, names: Mapping[str, str], framework: Framework, t: Translator) -> pd.DataFrame:
    """ASKS with what people read: `ask` in one sentence, `text` of the criterion, `names` of its agencies."""
    rows = found.to_dict("records")
    level = {name: t.pick(one.name) for name, one in framework.level.items()}
    words = {
        "ask": [
            t(
                f"highlights.ask{'' if row['reached'] else '_steps'}",
                criterion=row["criterion"],
                n=row["n"],
                gain=t.number(row["gain"]),
                reached=row["reached"],
                level=level[row["level"]],
                item=row["item"],
            )
            for row in rows
        ],
        "text": [_text(row["criterion"], framework, t) for row in rows],
        "names": [", ".join(names.get(code, code) for code in row["agencies"].split("\n")) for row in rows],
    }
    return found.assign(**{name: pd.Series(said, index=found.index, dtype="str") for name, said in words.items()})
