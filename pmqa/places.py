"""Where a database may be: a file, or a lake with its data in a folder or a bucket; as text without what opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LAKE: Final = "ducklake:"  # what the address of a lake begins with
CATALOGUE: Final = f"{LAKE}postgres:"
# Where words of PostgreSQL have a password: name=value, in quotes or not; in an address; among its parameters.
PASSWORDS: Final = (
    (r"(?<=[?&])password=[^&]*&?", ""),
    (r"\s*\bpassword\s*=\s*('(\\.|[^'])*'|\S+)", ""),
    (r"(?<=//)([^:/@\s]*):[^/\s]*@", r"\1@"),
)


@dataclass(frozen=True)
class Bucket:
    """A part of a bucket, in a storage that speaks S3; as text, without its keys.

    prefix: what the names of all objects in it begin with, without slashes around. host: of the storage, with its
    port; "" = Amazon's. style: how its addresses name the bucket, "path" or "vhost". key, secret: what it is opened by.
    """

    name: str
    prefix: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    host: str = ""
    tls: bool = True
    region: str = ""
    style: str = "path"

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}"


@dataclass(frozen=True)
class LakePlace:
    """Where a lake is; as text, without its password.

    words: how its catalogue in PostgreSQL is reached, in libpq's words. data: where its Parquet files are.
    """

    words: str = field(repr=False)
    data: Path | Bucket

    @property
    def address(self) -> str:
        """As PMQA_DATABASE says it, password and all."""
        return f"{CATALOGUE}{self.words}"

    def __str__(self) -> str:
        said = self.words
        for pattern, instead in PASSWORDS:
            said = re.sub(pattern, instead, said)
        return f"{CATALOGUE}{said.strip()}"

    def exists(self) -> bool:
        """Whether there may be a database: only its catalogue knows, and opening says what is wrong with it."""
        return True

    def resolve(self) -> LakePlace:
        """As Path.resolve."""
        return self


Place = Path | LakePlace
