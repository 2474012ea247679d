"""Expat over one part: local names, no DTD, text as people typed it. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from pmqa.workbook.archive import Refusal

Attributes = dict[str, str]
Start = Callable[[str, Attributes], object]

# Transitional and strict Open XML.
MAIN_NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)

ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
DEFAULT_NAMESPACE: Final = re.compile(rb"xmlns\s*=")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse(data: bytes, part: str, start: Start, end: Callable[[str], object], text: Callable[[str], object]) -> None:
    """Run expat over a part; handlers get local names of the main namespace, and other names with theirs."""
    plain = has_one_default_namespace(data)
    parser = expat.ParserCreate(None, None if plain else " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.CharacterDataHandler = text
    if plain:
        parser.StartElementHandler = start
        parser.EndElementHandler = end
    else:
        local = _LocalNames()
        parser.StartElementHandler = lambda name, attributes: start(local[name], attributes)
        parser.EndElementHandler = lambda name: end(local[name])
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows
        raise Refusal("damaged", detail=part[:80]) from error


class _LocalNames(dict[str, str]):
    """Name with namespace -> local name where the namespace is the main one."""

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        self[name] = local if namespace in MAIN_NAMESPACES else name
        return self[name]


def has_one_default_namespace(data: bytes) -> bool:
    """Whether an unprefixed name is one of the main namespace, and no other is."""
    # Resolving namespaces costs half as much again as everything else; where the main one is the only default and
    # has no prefix anywhere, an unprefixed name is the same thing.
    uri = MAIN_NAMESPACES[0].encode()
    return data.count(uri) == 1 and len(DEFAULT_NAMESPACE.findall(data)) == 1 and b'xmlns="' + uri + b'"' in data[:2048]


def _refuse_dtd(*_: object) -> None:
    raise Refusal("has_dtd")


def ignore(*_: object) -> None:
    return None


def elements(data: bytes, part: str) -> list[tuple[str, Attributes]]:
    """Local name and attributes of every element of a small part, whatever the namespaces."""
    found: list[tuple[str, Attributes]] = []
    parser = expat.ParserCreate(None, " ")
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refusal("damaged", detail=part[:80]) from error
    return found


def plain_text(text: str) -> str:
    """Text as people typed it: _x000D_ escapes decoded, line ends as one kind, nothing that is no character.

    Expat lets through nothing that is no character, so that only an escape can stand for one.
    """
    if "_x" in text:
        decoded = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = CONTROL.sub("�", decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
