"""doctor: what works on this machine and what does not, each with what to do about it. Nothing is changed."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal
from urllib.parse import urlsplit

from pmqa.cli.console import say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, SOON, database_of
from pmqa.errors import PmqaError, SettingsError
from pmqa.exports.fonts import FILES
from pmqa.places import Bucket, LakePlace
from pmqa.settings import (
    ROOT,
    Settings,
    check_settings,
    metadata_addresses,
    read_settings,
    return_address,
    sign_in_is_set_up,
)
from pmqa.store import Store, elsewhere
from pmqa.text import Translator

State = Literal["ok", "note", "wrong"]
SIGNS: Final = {"ok": "✓", "note": "!", "wrong": "✗"}
PATIENCE: Final = 10.0  # seconds for an answer over the network, or of a program
MB: Final = 1_000_000
LOCK: Final = ROOT / "requirements.lock"
PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)
UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@dataclass(frozen=True)
class Found:
    """What a look at one thing found, as the sentence cli.doctor.<key>."""

    state: State
    key: str
    values: dict[str, object] = field(default_factory=dict)


def doctor(arguments: Namespace, t: Translator) -> int:
    """Look at everything; exit 1 where something does not work."""
    found = [(name, one) for name, look in LOOKS.items() for one in look(arguments)]
    said = [t(f"cli.doctor.{one.key}", **one.values) for _, one in found]
    if arguments.json:
        shown = [{"check": name, "state": one.state} for name, one in found]
        say_json([{**one, "message": words} for one, words in zip(shown, said, strict=True)])
    else:
        for (name, one), words in zip(found, said, strict=True):
            say(f"{SIGNS[one.state]} {t(f'cli.doctor.of_{name}')}: {words}")
    return HAS_ERRORS if any(one.state == "wrong" for _, one in found) else DONE


Look = Callable[[Namespace], Iterator[Found]]


def _settings(_: Namespace) -> Iterator[Found]:
    try:
        check_settings()
    except SettingsError as error:
        yield Found("wrong", "problem", {"problem": error})
    else:
        yield Found("ok", "settings")


def _packages(_: Namespace) -> Iterator[Found]:
    differ = []
    for name, pinned, marker in PINNED.findall(LOCK.read_text(encoding="utf-8")):
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = pinned if marker else "–"  # for another system
        if installed != pinned:
            differ.append(f"{name} {installed} ({pinned})")
    yield Found("note", "packages_differ", {"packages": ", ".join(differ)}) if differ else Found("ok", "packages")


def _database(arguments: Namespace) -> Iterator[Found]:
    try:
        path = database_of(arguments)
        if not path.exists():
            yield Found("note", "database_none", {"path": path})
            return
        if beside := elsewhere(path):
            with beside:
                yield Found("ok", "database_served", {"path": path, "version": beside.version()})
            return
        with Store(path, patience=SOON) as store:
            yield Found(
                "ok", "database", {"path": path, "n": len(store.submissions.standing()), "version": store.version()}
            )
    except PmqaError as error:
        yield Found("wrong", "problem", {"problem": error})


def _disk(arguments: Namespace) -> Iterator[Found]:
    settings = _readable_settings()
    if settings is None:
        return
    database = database_of(arguments)
    place = database.data if isinstance(database, LakePlace) else database.resolve().parent
    if isinstance(place, Bucket):
        yield Found("ok", "no_disk", {"place": place})
        return
    folder = next(one for one in (place, *place.parents) if one.exists())
    free = shutil.disk_usage(folder).free // MB
    words = {"free": free, "folder": folder, "least": settings.disk_mb}
    yield Found("ok", "disk", words) if free >= settings.disk_mb else Found("wrong", "disk_short", words)


def _fonts(_: Namespace) -> Iterator[Found]:
    missing = [file.name for file in FILES if not file.is_file()]
    yield Found("wrong", "fonts_missing", {"files": ", ".join(missing)}) if missing else Found("ok", "fonts")


def _sign_in(_: Namespace) -> Iterator[Found]:
    settings = _readable_settings()
    try:
        if not sign_in_is_set_up():
            is_open = settings is not None and settings.open_to_all
            yield Found("note", "open_to_all" if is_open else "no_sign_in")
            return
        for address in metadata_addresses():
            yield _provider(address)
    except (ValueError, OSError):  # unreadable secrets, which the look at the settings tells of
        return


def _provider(address: str) -> Found:
    """Whether an identity provider says where to sign in."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - of the settings
            said = json.load(answer)
        return Found("ok", "provider", {"address": address, "issuer": said["issuer"]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Found("wrong", "provider_fails", {"address": address, "reason": error})


def _proxy(_: Namespace) -> Iterator[Found]:
    """Whether who comes as people do, by the address that they come back to, reaches the socket too."""
    try:
        address = return_address() if sign_in_is_set_up() else ""
    except (ValueError, OSError):
        return
    if not address:
        return
    base = address.removesuffix("/oauth2callback")
    try:
        status = _status_of_upgrade(f"{base}/_stcore/stream")
    except OSError as error:
        yield Found("note", "proxy_away", {"address": base, "reason": error})
        return
    # Who is not signed in is refused the socket by the product; a proxy that passes no upgrade on asks for a page.
    passed = status in (http.client.SWITCHING_PROTOCOLS, http.client.FORBIDDEN)
    yield Found("ok", "proxy", {"address": base}) if passed else Found("wrong", "proxy_socket", {"address": base})


def _status_of_upgrade(address: str) -> int:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.netloc, timeout=PATIENCE)
    try:
        line.request("GET", parts.path, headers={**UPGRADE, "Origin": f"{parts.scheme}://{parts.netloc}"})
        return line.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        line.close()


def _inbox(_: Namespace) -> Iterator[Found]:
    settings = _readable_settings()
    if settings and settings.inbox and settings.inbox.is_dir():
        waiting = sum(path.is_file() for path in settings.inbox.iterdir())
        yield Found("ok", "inbox", {"path": settings.inbox, "n": waiting})


def _readable_settings() -> Settings | None:
    """The settings; None where they are wrong, which the look at them tells."""
    try:
        return read_settings()
    except SettingsError:
        return None


LOOKS: Final[dict[str, Look]] = {
    "settings": _settings,
    "packages": _packages,
    "database": _database,
    "disk": _disk,
    "inbox": _inbox,
    "fonts": _fonts,
    "sign_in": _sign_in,
    "proxy": _proxy,
}
