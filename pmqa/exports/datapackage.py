"""datapackage.json, by Data Package version 2: what a zip's tables are, for programs and for whoever publishes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pmqa.exports.bundle import to_zip
from pmqa.exports.dictionary import DATA, POINTS_TO, Field, fields_of, worded
from pmqa.exports.stamp import SEPARATOR, Stamp, clean_text
from pmqa.exports.tables import MOMENT, to_csv
from pmqa.text import translator

FILE: Final = "datapackage.json"
PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
KINDS: Final = {"text": "string", "bool": "boolean", "int": "integer", "float": "number", "time": "datetime"}


@dataclass(frozen=True)
class Publisher:
    """Who publishes data, as the settings say; "" = nobody is named. licence: an SPDX name or an address."""

    name: str = ""
    contact: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Resource:
    """A csv of a package. name: in letters of ASCII; path: in the zip; key: columns that are unique together."""

    name: str
    path: str
    title: str
    fields: Sequence[Field]
    content: bytes
    key: tuple[str, ...] = ()


def _data_resource(name: str, content: bytes) -> Resource:
    """A table of pmqa.exports.dictionary.DATA as csv."""
    table = DATA[name]
    title = " / ".join(worded(f"dictionary.tables.{name}").values())
    return Resource(name, f"{name}.csv", title, fields_of(table), content, table.key)


def data_zip(tables: Mapping[str, pd.DataFrame], stamp: Stamp, publisher: Publisher) -> bytes:
    """Tables of DATA by their names as one zip: a csv each, and what they are."""
    resources = [_data_resource(name, to_csv(frame)) for name, frame in tables.items()]
    files = {one.path: one.content for one in resources}
    return to_zip({FILE: datapackage(resources, stamp, publisher), **files}, stamp)


def datapackage(resources: Sequence[Resource], stamp: Stamp, publisher: Publisher) -> bytes:
    """The descriptor of the resources, as JSON."""
    names = {one.name for one in resources}
    about: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "pmqa",
        "title": clean_text(stamp.title),
        "description": clean_text(SEPARATOR.join((*worded("dictionary.package").values(), *stamp.lines()))),
        "version": stamp.data_version,
        "created": f"{stamp.made_on.isoformat()}T00:00:00Z",
        **_published(publisher),
        "resources": [_described(one, names, stamp.language) for one in resources],
    }
    return json.dumps(about, ensure_ascii=False, indent=2).encode()


def resource_name(title: str, number: int) -> str:
    """A name that the standard takes, of a card's address or the like."""
    return re.sub(r"[^a-z0-9._-]+", "-", title.casefold()).strip("-") or f"table-{number}"


def _published(publisher: Publisher) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if publisher.licence:
        kind = "path" if publisher.licence.startswith(("http://", "https://")) else "name"
        said["licenses"] = [{kind: publisher.licence}]
    people = [
        {"title": publisher.name or publisher.contact, "roles": ["publisher"]},
        {"title": publisher.name or publisher.contact, "email": publisher.contact, "roles": ["contact"]},
    ]
    if known := [one for one in people if one["title"] and one.get("email", "-")]:
        said["contributors"] = known
    return said


def _described(one: Resource, names: set[str], language: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(field, language) for field in one.fields],
        "missingValues": [""],
    }
    if one.key:
        schema["primaryKey"] = list(one.key)
    keys = [
        {"fields": [name], "reference": {"resource": other, "fields": [name]}}
        for name, other in POINTS_TO.items()
        if other in names - {one.name} and any(field.name == name for field in one.fields)
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": one.name,
        "type": "table",
        "path": one.path,
        "title": one.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(one.content),
        "hash": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "schema": schema,
    }


def _field(field: Field, language: str) -> dict[str, Any]:
    """titles, units and guard are ours beside the standard's: names in every language, and how to undo the guard."""
    said: dict[str, Any] = {"name": field.name, "type": KINDS[field.kind]}
    if field.kind == "time":
        said["format"] = MOMENT
    if field.kind == "bool":
        said |= {"trueValues": ["True"], "falseValues": ["False"]}
    title = field.titles.get(language) or next(iter(field.titles.values()), field.name)
    said |= {"title": title, "titles": dict(field.titles)}
    if field.unit:
        said["units"] = dict(field.unit)
    if field.kind == "text":
        said["guard"] = "'"
        said["description"] = translator(language)("dictionary.guarded")
    limits: dict[str, Any] = {} if field.blank else {"required": True}
    if field.allowed:
        limits["enum"] = list(field.allowed)
    if limits:
        said["constraints"] = limits
    return said
