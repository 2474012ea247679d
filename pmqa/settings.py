"""What may be set from outside, in one place and judged at once: environment variables, the secrets of sign-in."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pmqa.errors import SettingsError
from pmqa.places import CATALOGUE, LAKE, Bucket, LakePlace, Place
from pmqa.text import languages, translator
from pmqa.viewer import ROLES

ROOT: Final = Path(__file__).parent.parent
DEFAULT_DATABASE: Final = ROOT / "data" / "pmqa.duckdb"
SECRETS: Final = Path(".streamlit") / "secrets.toml"
NO_SECRETS: Final = "none"
# What Streamlit needs to sign anybody in; each provider that has a name needs the last three in a table of its own.
OF_AUTH: Final = ("redirect_uri", "cookie_secret")
OF_PROVIDER: Final = ("client_id", "client_secret", "server_metadata_url")
NO_PROVIDERS: Final = ("client_kwargs",)  # a table of the provider without a name
RETURNS: Final = r"https?://\S+/oauth2callback"  # where Streamlit waits for whoever comes back
S3: Final = "s3://"
NAME: Final = "[A-Za-z0-9_-][A-Za-z0-9_.-]*"  # nothing that is a pattern, or a step up, to anybody
BUCKET: Final = rf"{S3}([a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9])/({NAME}(?:/{NAME})*)/?"
ENDPOINT: Final = r"(https?)://([^\s/?#@]+)/?"
REGION: Final = "us-east-1"  # what a storage of one's own takes where nobody set another
STYLES: Final = ("path", "vhost")  # how an address names the bucket; the second is the one that Amazon asks for
OF_BUCKET: Final = ("ENDPOINT", "REGION", "KEY_ID", "SECRET", "STYLE")
ADDRESS_PARTS: Final = r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*"
PEER_MINIMUM: Final = 5  # agencies of whom there is a median, unless somebody sets another minimum
LEAST_GROUP: Final = 2  # statistics of one agency are that agency's
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class ClaimNames:
    """What an identity provider calls the claims that say who somebody is; `a.b` = claim b within claim a."""

    email: str = "email"
    role: str = "pmqa_role"
    agencies: str = "pmqa_agencies"
    ministries: str = "pmqa_ministries"


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    database: PMQA_DATABASE, the DuckDB file, or `ducklake:postgres:` with how PostgreSQL is reached and PMQA_DATA_PATH,
        where the data are: a folder that all servers share, or s3://bucket/prefix with PMQA_S3_ENDPOINT, _REGION,
        _KEY_ID, _SECRET and _STYLE; made on first use.
    peer_minimum: PMQA_PEER_MINIMUM, agencies below which a shared view shows no median (5).
    demo_on_first_start: PMQA_DEMO, 1 = an empty database is filled with sample data when the dashboard opens.
    open_to_all: PMQA_OPEN, 1 = without sign-in, everybody who reaches the address is answered and may change all.
    administrators: PMQA_ADMIN, e-mail addresses (small letters) of who is an administrator whatever the people say:
        the first one, and the way back in where nobody is left.
    claims: PMQA_CLAIM_EMAIL, _ROLE, _AGENCIES, _MINISTRIES, what the identity provider calls them.
    inbox: PMQA_INBOX, a folder whose files the server takes in by itself; None = there is none.
    address: PMQA_ADDRESS, by which people reach the dashboard, with its path, as https://pmqa.example.go.th: codes on
        paper lead there; "" = there are no codes.
    path: PMQA_PATH, what all addresses begin with, as a/b; "" = nothing.
    log: PMQA_LOG, a file for a line of JSON each event, - = stderr of the server; commands add to the file too.
    quota_mb, sender_mb: PMQA_QUOTA_MB (20000), PMQA_SENDER_MB (2000), megabytes of files that are kept in all, and of
        one sender; 0 = as many as the disk holds.
    disk_mb: PMQA_DISK_MB (1000), megabytes that are to stay free; administrators are warned before.
    refused_days: PMQA_REFUSED_DAYS (90), days until files that became no submission are let go of; 0 = never.
    publisher, contact, licence: PMQA_PUBLISHER, _CONTACT (an e-mail address), _LICENCE (a name of SPDX or an address):
        what packages of data say about who publishes them; "" = nothing.
    roles: PMQA_ROLES, its names of roles -> ours, as "name = role, name = role"; our own names hold too.
    """

    database: Place
    peer_minimum: int
    demo_on_first_start: bool
    open_to_all: bool
    administrators: frozenset[str]
    claims: ClaimNames
    roles: Mapping[str, str]
    inbox: Path | None = None
    address: str = ""
    path: str = ""
    log: str | None = None
    quota_mb: int = 20_000
    sender_mb: int = 2_000
    disk_mb: int = 1_000
    refused_days: int = 90
    publisher: str = ""
    contact: str = ""
    licence: str = ""


def read_settings() -> Settings:
    """The settings as the environment gives them now. Raises SettingsError that says everything that is wrong."""
    found = _Judged(os.environ)
    settings = Settings(
        database=found.place("PMQA_DATABASE", "PMQA_DATA_PATH"),
        peer_minimum=found.whole("PMQA_PEER_MINIMUM", PEER_MINIMUM, least=LEAST_GROUP),
        demo_on_first_start=found.switch("PMQA_DEMO"),
        open_to_all=found.switch("PMQA_OPEN"),
        administrators=found.addresses("PMQA_ADMIN"),
        claims=found.claim_names("PMQA_CLAIM"),
        roles=found.roles("PMQA_ROLES"),
        inbox=found.folder("PMQA_INBOX"),
        address=found.web_address("PMQA_ADDRESS", "PMQA_PATH"),
        path=found.path("PMQA_PATH"),
        log=os.environ.get("PMQA_LOG") or None,
        quota_mb=found.whole("PMQA_QUOTA_MB", 20_000, least=0),
        sender_mb=found.whole("PMQA_SENDER_MB", 2_000, least=0),
        disk_mb=found.whole("PMQA_DISK_MB", 1_000, least=0),
        refused_days=found.whole("PMQA_REFUSED_DAYS", 90, least=0),
        publisher=os.environ.get("PMQA_PUBLISHER", "").strip(),
        contact=", ".join(sorted(found.addresses("PMQA_CONTACT"))),
        licence=os.environ.get("PMQA_LICENCE", "").strip(),
    )
    if found.problems:
        raise SettingsError("\n".join(found.problems))
    return settings


def check_settings() -> Settings:
    """The settings, with all that can be known of them before anybody is served: for the start of a server.

    Raises SettingsError that says everything that is wrong, of the environment, the secrets and the folder.
    """
    problems: list[str] = []
    settings = None
    try:
        settings = read_settings()
    except SettingsError as error:
        problems.append(str(error))
    problems += problems_of_secrets()
    if settings is not None:
        problems += _problems_of_place(settings.database)
        problems += _problems_of_folder("PMQA_INBOX", settings.inbox) if settings.inbox else []
        if settings.log not in (None, "-"):
            problems += _problems_of_folder("PMQA_LOG", Path(str(settings.log)).resolve().parent)
    if settings is None or problems:
        raise SettingsError("\n".join(problems))
    return settings


def sign_in_is_set_up() -> bool:
    """Whether there are secrets; whoever starts has them judged before, so that they are of a usable sign-in."""
    return bool(_secret_files())


def sign_in_providers() -> tuple[str, ...]:
    """The identity providers that one may sign in with; "" = the one without a name."""
    auth: Mapping[str, object] = _merged(_secret_files()).get("auth", {})
    own = ("",) if any(name in auth for name in OF_PROVIDER) or not _named_providers(auth) else ()
    return (*own, *_named_providers(auth))


def named_secrets() -> list[str] | None:
    """The file of secrets that PMQA_SECRETS names, [] where it says that none is meant; None where it is not set."""
    named = os.environ.get("PMQA_SECRETS", "").strip()
    return None if not named else [] if named == NO_SECRETS else [str(Path(named).resolve())]


def metadata_addresses() -> list[str]:
    """Where each identity provider says what it offers."""
    auth: Mapping[str, Any] = _merged(_secret_files()).get("auth", {})
    tables = [auth, *(auth[name] for name in _named_providers(auth))]
    return [str(table["server_metadata_url"]) for table in tables if "server_metadata_url" in table]


def return_address() -> str:
    """Where whoever signs in comes back to: the address by which people reach the dashboard, and /oauth2callback."""
    return str(_merged(_secret_files()).get("auth", {}).get("redirect_uri", ""))


def sign_in_is_by_tls() -> bool:
    """Whether whoever signs in comes back by https, and so reaches the dashboard by it."""
    return return_address().startswith("https:")


def problems_of_secrets() -> list[str]:
    """What keeps the secrets from being a usable sign-in, in both languages; [] where they are, or there are none.

    A file that is there and says nothing usable is somebody's mistake, who meant the dashboard to be closed.
    """
    files = _secret_files()
    if unreadable := [problem for path in files for problem in _unreadable(path)]:
        return unreadable
    return _unusable(_merged(files), ", ".join(map(str, files))) if files else []


def is_address(text: str) -> bool:
    """Whether a text may be an e-mail address."""
    return re.fullmatch(r"[^@\s,;]+@[^@\s,;]+", text) is not None


def environment_for(database: Place) -> dict[str, str]:
    """The environment of a child process of this product that works on this database."""
    if isinstance(database, LakePlace):
        return {**os.environ, "PMQA_DATABASE": database.address, "PMQA_DATA_PATH": str(database.data)}
    return {**os.environ, "PMQA_DATABASE": str(database.resolve())}


def environment_with(**more: str) -> dict[str, str]:
    """The environment of a child process: ours, and more."""
    return {**os.environ, **more}


def place_of(said: str) -> Place:
    """The database that somebody names: a file, or a lake by its address. Raises SettingsError."""
    found = _Judged({**os.environ, "PMQA_DATABASE": said})
    place = found.place("PMQA_DATABASE", "PMQA_DATA_PATH")
    if found.problems:
        raise SettingsError("\n".join(found.problems))
    return place


class _Judged:
    """Settings of an environment one by one, and what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def whole(self, name: str, default: int, *, least: int) -> int:
        """A whole number of at least `least`."""
        text = self.environment.get(name, "").strip()
        if not text:
            return default
        if re.fullmatch(r"[0-9]{1,9}", text) and int(text) >= least:
            return int(text)
        self.problems.append(_said("no_number", name=name, value=text, least=least))
        return default

    def place(self, name: str, of_data: str) -> Place:
        """A file, or a lake with its folder of data."""
        text, data = self.environment.get(name, "").strip(), self.environment.get(of_data, "").strip()
        if not text.startswith(LAKE):
            return Path(text or DEFAULT_DATABASE)
        if not text.startswith(CATALOGUE) or not text.removeprefix(CATALOGUE).strip():
            self.problems.append(_said("no_catalogue", name=name, begins=CATALOGUE))
        words = text.removeprefix(CATALOGUE).strip()
        if data.startswith(S3):
            return LakePlace(words, self.bucket(of_data, "PMQA_S3"))
        if not data or "://" in data:
            self.problems.append(_said("no_data_path", name=of_data, database=name))
        return LakePlace(words, Path(data).resolve())

    def bucket(self, name: str, prefix: str) -> Bucket:
        """A part of a bucket, and how it is reached: a variable for each; the two keys must be set."""
        text = self.environment.get(name, "").strip()
        said = {key: self.environment.get(f"{prefix}_{key}", "").strip() for key in OF_BUCKET}
        found = re.fullmatch(BUCKET, text)
        if not found:
            self.problems.append(_said("no_bucket", name=name, value=text))
        if missing := [f"{prefix}_{key}" for key in ("KEY_ID", "SECRET") if not said[key]]:
            self.problems.append(_said("no_keys", names=", ".join(missing), data=name))
        at = re.fullmatch(ENDPOINT, said["ENDPOINT"])
        if said["ENDPOINT"] and not at:
            self.problems.append(_said("no_endpoint", name=f"{prefix}_ENDPOINT"))  # it may have keys in it
        style = said["STYLE"] or ("path" if at else "vhost")
        if style not in STYLES:
            self.problems.append(_said("no_style", name=f"{prefix}_STYLE", value=style, known=", ".join(STYLES)))
        return Bucket(
            found[1] if found else "",
            found[2] if found else "",
            key=said["KEY_ID"],
            secret=said["SECRET"],
            host=at[2] if at else "",
            tls=not at or at[1] == "https",
            region=said["REGION"] or REGION,
            style=style,
        )

    def switch(self, name: str) -> bool:
        """1 or 0; off where nothing is said."""
        text = self.environment.get(name, "").strip()
        if text not in ("", "0", "1"):
            self.problems.append(_said("no_switch", name=name, value=text))
        return text == "1"

    def path(self, name: str) -> str:
        """Parts of an address, without slashes around them."""
        text = self.environment.get(name, "").strip().strip("/")
        if text and not re.fullmatch(ADDRESS_PARTS, text):
            self.problems.append(_said("no_path", name=name, value=text))
        return text

    def web_address(self, name: str, of_path: str) -> str:
        """Where a server is, without the slash behind it and without parameters, ending with the path of all pages."""
        text = self.environment.get(name, "").strip().rstrip("/")
        if text and not re.fullmatch(rf"https?://[^\s/?#@]+(/{ADDRESS_PARTS})?", text):
            self.problems.append(_said("no_web_address", name=name, value=text))
        path = self.environment.get(of_path, "").strip().strip("/")
        if text and path and not text.endswith(f"/{path}"):
            self.problems.append(_said("no_address_of_path", name=name, value=text, of=of_path, path=path))
        return text

    def folder(self, name: str) -> Path | None:
        """A folder, where one is named."""
        text = self.environment.get(name, "").strip()
        return Path(text).resolve() if text else None

    def addresses(self, name: str) -> frozenset[str]:
        """E-mail addresses between commas, in small letters."""
        found = {word.strip().casefold() for word in self.environment.get(name, "").split(",") if word.strip()}
        self.problems += [_said("no_address", name=name, value=word) for word in sorted(found) if not is_address(word)]
        return frozenset(found)

    def claim_names(self, prefix: str) -> ClaimNames:
        """A variable for each; those that are not set keep our name."""
        said = {name: self.environment.get(f"{prefix}_{name.upper()}", "").strip() for name in asdict(ClaimNames())}
        return ClaimNames(**{name: text for name, text in said.items() if text})

    def roles(self, name: str) -> dict[str, str]:
        """Pairs "theirs = ours" between commas; each of ours is a role."""
        pairs = [pair for pair in self.environment.get(name, "").split(",") if pair.strip()]
        found = {theirs.strip(): ours.strip() for theirs, _, ours in (pair.rpartition("=") for pair in pairs)}
        for theirs, ours in found.items():
            if not theirs or ours not in ROLES:
                self.problems.append(_said("no_role", name=name, value=f"{theirs} = {ours}", known=", ".join(ROLES)))
        return found


def _secret_files() -> list[Path]:
    """The files where Streamlit looks for secrets, whatever starts it: what a later one says holds.

    PMQA_SECRETS names one in their place, which must then be there, or says that no sign-in is meant.
    """
    if (named := named_secrets()) is not None:
        return [Path(name) for name in named]
    places = [ROOT / SECRETS, Path.cwd() / SECRETS]
    with suppress(RuntimeError, PermissionError):  # a service may have no home, or none that it may look into
        if (of_user := Path.home() / SECRETS).exists():
            places.insert(0, of_user)
    return [path for path in dict.fromkeys(places) if _may_be_there(path)]


def _may_be_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # what nobody may look at could mean that the dashboard is to be closed
        return True


def _merged(files: Iterable[Path]) -> dict[str, Any]:
    return {name: value for path in files for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def _unreadable(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        return [_said("secrets_unreadable", path=path, reason=error.strerror)]
    if content.startswith(BYTE_ORDER_MARK):
        return [_said("secrets_mark", path=path)]
    try:
        tomllib.loads(content.decode())
    except UnicodeDecodeError:
        return [_said("secrets_encoding", path=path)]
    except tomllib.TOMLDecodeError as error:
        return [_said("secrets_wrong", path=path, reason=error, advice=_advice(content.decode(), str(error)))]
    return []


def _unusable(secrets: Mapping[str, Any], path: str) -> list[str]:
    auth = secrets.get("auth")
    if not isinstance(auth, dict):
        near = next((name for name in secrets if name.strip().lower() == "auth"), None)
        key = "secrets_near" if near else "secrets_no_auth"
        return [_said(key, path=path, found=near or ", ".join(secrets) or "-")]
    named = _named_providers(auth)
    own = not named or any(name in auth for name in OF_PROVIDER)
    wanted = {"auth": (auth, [*OF_AUTH, *(OF_PROVIDER if own else ())])}
    wanted |= {f"auth.{name}": (auth[name], list(OF_PROVIDER)) for name in named}
    missing = [
        f"{table}.{key}" for table, (found, keys) in wanted.items() for key in keys if not _is_text(found.get(key))
    ]
    if missing:
        return [_said("secrets_missing", path=path, names=", ".join(missing))]
    if not re.fullmatch(RETURNS, auth["redirect_uri"]):
        return [_said("secrets_redirect", path=path, value=auth["redirect_uri"])]
    return [_said("secrets_provider", path=path, name=name) for name in named if "_" in name]


def _named_providers(auth: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, table in auth.items() if isinstance(table, dict) and name not in NO_PROVIDERS)


def _advice(text: str, reason: str) -> str:
    """What most likely happened, as the key of a sentence."""
    line = re.search(r"line (\d+)", reason)
    lines = text.splitlines()
    at = lines[int(line[1]) - 1] if line and int(line[1]) <= len(lines) else ""
    if re.search("[“”‘’„«»]", at):
        return "curly"
    if re.search(r'"[^"]*\\[^"]*"', at):
        return "backslash"
    if "overwrite" in reason or "twice" in reason or "Cannot declare" in reason:
        return "twice"
    return "quote" if at.count('"') % 2 else "line"


def _problems_of_place(place: Place) -> list[str]:
    if isinstance(place, LakePlace):
        # Whether a storage answers is known when the database is opened, before anybody is served.
        return [] if isinstance(place.data, Bucket) else _problems_of_folder("PMQA_DATA_PATH", place.data)
    return _problems_of_folder("PMQA_DATABASE", place.resolve().parent)


def _problems_of_folder(name: str, folder: Path) -> list[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return []
    except OSError as error:
        return [_said("folder", name=name, path=folder, reason=error.strerror)]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _said(key: str, *, advice: str = "", **values: object) -> str:
    """A sentence of the settings in every language: what is wrong with them concerns whoever starts the server."""
    sentences = []
    for language in languages():
        t = translator(language)
        said = t(f"settings.{key}", **values)
        sentences.append(f"{said} {t(f'settings.advice_{advice}')}" if advice else said)
    return "\n".join(sentences)
