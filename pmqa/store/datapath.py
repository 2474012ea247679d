"""Where the Parquet files of a lake lie, a folder or a part of a bucket: whose it is, and whether it can be used.

Maintenance deletes every Parquet file that the lake does not know. So a place belongs to one lake, whose marker lies in
it, and is taken only where it is empty, and not within another lake's. Behind its name the marker has the catalogues
that opened it: a dump that was restored is another catalogue of the same lake, and neither knows the other's files.
"""

from __future__ import annotations

import importlib
import re
import secrets
import shutil
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NoReturn, Protocol

import duckdb

from pmqa.errors import StoreError
from pmqa.places import Bucket, LakePlace
from pmqa.store.embedded import takes_a_probe
from pmqa.store.opening import both_languages, first_line

MARKER: Final = "pmqa-lake.txt"
AWAY: Final = r"\bHTTP\b|\bS3\b|s3://"  # what DuckDB says of a storage, and of PostgreSQL or a disk never
MISSING: Final = 404
MEMORY: Final = "2GB"  # of DuckDB, which keeps what it read of a bucket as long as it fits: half of a small machine


class DataPath(Protocol):
    """Where the data of one lake are."""

    @abstractmethod
    def reached_by(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Give a connection what it needs to read and write there; it is what is used from now on."""

    @abstractmethod
    def take(self, marked: Sequence[str]) -> None:
        """Make it the place of a new lake, with this marker. Raises StoreError where it is not empty."""

    @abstractmethod
    def marked(self) -> list[str]:
        """Its marker, line by line. Raises StoreError where it is not there."""

    @abstractmethod
    def mark(self, marked: Sequence[str]) -> None:
        """Put another marker in its place."""

    @abstractmethod
    def free_bytes(self) -> int | None:
        """What is free there; None where nobody can say."""

    @abstractmethod
    def has_room(self) -> bool:
        """Whether it is there, and as far as can be known takes what is written next."""


class InFolder(DataPath):
    """A folder that all servers share."""

    def __init__(self, folder: Path, place: LakePlace) -> None:
        self._folder, self._place = folder, place

    def reached_by(self, connection: duckdb.DuckDBPyConnection) -> None:
        """As DataPath.reached_by: it needs nothing."""

    def take(self, marked: Sequence[str]) -> None:
        """As DataPath.take; it is made where it is not there."""
        with self._in_words():
            self._folder.mkdir(parents=True, exist_ok=True)
            if any(self._folder.iterdir()) or any((above / MARKER).exists() for above in self._folder.parents):
                _taken(self._place)
        self.mark(marked)

    def marked(self) -> list[str]:
        """As DataPath.marked."""
        with self._in_words():
            return (self._folder / MARKER).read_text(encoding="utf-8").split()

    def mark(self, marked: Sequence[str]) -> None:
        """As DataPath.mark; others read the old one or the new one, and no half of any."""
        with self._in_words():
            part = self._folder / f".{MARKER}.{secrets.token_hex(4)}"
            part.write_text("\n".join(marked), encoding="utf-8")
            part.replace(self._folder / MARKER)

    def free_bytes(self) -> int:
        """As DataPath.free_bytes: on its disk."""
        return shutil.disk_usage(self._folder).free

    def has_room(self) -> bool:
        """As DataPath.has_room."""
        return takes_a_probe(self._folder)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise StoreError(both_languages("folder_gone", folder=self._folder, path=self._place)) from error
        except OSError as error:
            raise StoreError(both_languages("not_writable", path=self._folder, reason=error)) from error


class InBucket(DataPath):
    """A part of a bucket, by DuckDB's own way to a storage that speaks S3."""

    def __init__(self, bucket: Bucket, place: LakePlace) -> None:
        self._bucket, self._place = bucket, place
        self._connection: duckdb.DuckDBPyConnection

    def reached_by(self, connection: duckdb.DuckDBPyConnection) -> None:
        """As DataPath.reached_by; the keys stay in the memory of this process."""
        load(connection, "httpfs")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET enable_server_cert_verification = true")  # whichever of DuckDB's two ways it takes
        bucket = self._bucket
        said = {
            "KEY_ID": bucket.key,
            "SECRET": bucket.secret,
            "REGION": bucket.region,
            "URL_STYLE": bucket.style,
            "USE_SSL": str(bucket.tls).lower(),
            "SCOPE": f"s3://{bucket.name}/",
        }
        if bucket.host:
            said["ENDPOINT"] = bucket.host
        words = ", ".join(f"{name} '{quoted(value)}'" for name, value in said.items())
        connection.execute(f"CREATE SECRET data (TYPE s3, {words})")
        self._connection = connection

    def take(self, marked: Sequence[str]) -> None:
        """As DataPath.take; what is written can be read again, or it is not taken."""
        with self._in_words():
            # Nameless objects are what consoles make to show an empty folder.
            listing = f"SELECT file FROM glob('{self._bucket}/**') WHERE NOT ends_with(file, '/') LIMIT 1"
            if self._asked(listing) or self._lies_in_another():
                _taken(self._place)
        self.mark(marked)
        if self.marked() != list(marked):
            _taken(self._place)

    def marked(self) -> list[str]:
        """As DataPath.marked."""
        with self._in_words():
            found = self._marker_in(str(self._bucket))
        if found is None:
            raise StoreError(both_languages("bucket_gone", folder=self._bucket, path=self._place))
        return found.split()

    def mark(self, marked: Sequence[str]) -> None:
        """As DataPath.mark."""
        with self._in_words():
            lines = ", ".join(f"('{line}')" for line in marked)
            self._asked(f"COPY (VALUES {lines}) TO '{self._bucket}/{MARKER}' (FORMAT csv, HEADER false)")

    def free_bytes(self) -> None:
        """As DataPath.free_bytes: a bucket has no end that it tells of."""
        return

    def has_room(self) -> bool:
        """As DataPath.has_room: it answers; whether it takes more shows when it is written."""
        try:
            return self._marker_in(str(self._bucket)) is not None
        except duckdb.Error:
            return False

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except duckdb.OperationalError as error:
            raise storage_failed(self._place, error) from error

    def _lies_in_another(self) -> bool:
        names = self._bucket.prefix.split("/")
        for end in range(len(names)):
            part = "/".join((f"s3://{self._bucket.name}", *names[:end]))
            with suppress(duckdb.HTTPException):  # the keys may not lead there: then those of a lake there are others
                if self._marker_in(part) is not None:
                    return True
        return False

    def _marker_in(self, part: str) -> str | None:
        try:
            ((content,),) = self._asked(f"SELECT content FROM read_text('{part}/{MARKER}')")
        except duckdb.HTTPException as error:
            if error.status_code == MISSING:
                return None
            raise
        return str(content)

    def _asked(self, sql: str) -> list[tuple[str]]:
        with self._connection.cursor() as cursor:
            return cursor.execute(sql).fetchall()


def data_path(place: LakePlace) -> DataPath:
    """Where the data of a lake are."""
    return InBucket(place.data, place) if isinstance(place.data, Bucket) else InFolder(place.data, place)


def opened_by(data: DataPath, place: LakePlace, own: str, catalogue: str, *, alone: bool) -> int:
    """How many catalogues of the lake `own` have opened its data, with this one, which is noted there.

    alone: forget the others. Raises StoreError where the data are another lake's, or not there.
    """
    name, *known = data.marked() or [""]
    if name != own:
        _taken(place)
    now = [catalogue] if alone else sorted({*known, catalogue})
    if now != known:
        data.mark([own, *now])
    return len(now)


def load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Give a connection an extension from its package: nothing is fetched when the product runs."""
    try:
        module = importlib.import_module(f"duckdb_extension_{extension}")
    except ImportError as error:
        raise StoreError(both_languages("lake_packages", reason=error)) from error
    (path,) = Path(str(module.__file__)).parent.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")
    connection.execute(f"LOAD '{quoted(str(path))}'")


def of_storage(error: Exception) -> bool:
    """Whether it is the storage that fails, and neither PostgreSQL nor this machine."""
    return re.search(AWAY, str(error)) is not None


def storage_failed(place: LakePlace, error: Exception) -> StoreError:
    """What it says, in words; the lines behind the first may tell of keys."""
    return StoreError(both_languages("storage_fails", folder=place.data, path=place, reason=first_line(error)))


def quoted(text: str) -> str:
    """Within the quotes of SQL."""
    return text.replace("'", "''")


def _taken(place: LakePlace) -> NoReturn:
    raise StoreError(both_languages("folder_taken", folder=place.data, path=place))
