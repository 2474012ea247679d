"""A storage of the tests' own that speaks S3: one bucket in the memory of this process, as much of it as DuckDB asks.

Every request is held against its signature, made anew here from the keys, and listings come in pages.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

BUCKET = "pmqa"
KEYS = {"PMQA_S3_KEY_ID": "a-key-id", "PMQA_S3_SECRET": "a-s3cret/+'"}
PAGE = 10  # objects in one part of a listing
MOMENT = 1_790_000_000  # at which everything was written, long ago


@dataclass
class Storage:
    """A running server; stopped and started again, it has what it had."""

    objects: dict[str, bytes] = field(default_factory=dict)
    _server: ThreadingHTTPServer | None = None
    _port: int = 0

    def settings(self, prefix: str) -> dict[str, str]:
        """How a part of its bucket is reached, as the environment says it."""
        at = {"PMQA_DATA_PATH": f"s3://{BUCKET}/{prefix}", "PMQA_S3_ENDPOINT": f"http://127.0.0.1:{self._port}"}
        return at | KEYS

    def start(self) -> None:
        """Start it, where it was before."""
        answering = type("Answering", (_Answer,), {"objects": self.objects})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), answering)
        self._port = self._server.server_port
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop it."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def names(self, prefix: str = "") -> set[str]:
        """What lies in a part of the bucket."""
        return {name for name in self.objects if name.startswith(prefix)}


class _Answer(BaseHTTPRequestHandler):
    """One request, and the end of its connection."""

    objects: dict[str, bytes]

    def do_GET(self) -> None:
        """An object, or what of it is asked for; the names of all."""
        name, asked = self._judged()
        if name is None:
            return
        if not name and "list-type" in asked:
            self._say(200, self._listing(asked["prefix"][0], asked.get("continuation-token", [""])[0]))
        elif name not in self.objects:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            content = self.objects[name]
            about = _tag(content) | {"Accept-Ranges": "bytes"}
            if asked_for := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
                start, end = int(asked_for[1]), int(asked_for[2] or len(content) - 1)
                about["Content-Range"] = f"bytes {start}-{min(end, len(content) - 1)}/{len(content)}"
                self._say(206, content[start : end + 1], about)
            else:
                self._say(200, content, about)

    do_HEAD = do_GET

    def do_PUT(self) -> None:
        """An object arrives."""
        content = self._body()
        name, _ = self._judged(content)
        if name is not None:
            self.objects[name] = content
            self._say(200, headers=_tag(content))

    def do_POST(self) -> None:
        """Objects are taken away."""
        body = self._body()
        name, asked = self._judged(body)
        if name is None:
            return
        assert "delete" in asked, self.path
        for found in re.findall("<Key>(.*?)</Key>", body.decode()):
            with suppress(KeyError):
                del self.objects[found]
        self._say(200, b"<DeleteResult></DeleteResult>")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _judged(self, content: bytes = b"") -> tuple[str | None, dict[str, list[str]]]:
        """The name of the object and what is asked of it; None for what is answered already."""
        parts = urlsplit(self.path)
        bucket, _, name = unquote(parts.path).strip("/").partition("/")
        if self._signature(content) != self.headers.get("Authorization", "").rpartition("Signature=")[2]:
            key = KEYS["PMQA_S3_KEY_ID"]
            self._say(403, f"<Error><Code>SignatureDoesNotMatch</Code><Key>{key}</Key></Error>".encode())
        elif bucket != BUCKET:
            self._say(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        else:
            return name, parse_qs(parts.query, keep_blank_values=True)
        return None, {}

    def _signature(self, content: bytes) -> str:
        """What the keys make of this request (AWS Signature Version 4)."""
        said = re.search(r"Credential=[^/]+/(\S+), SignedHeaders=([^,]+),", self.headers.get("Authorization", ""))
        hashed = self.headers.get("x-amz-content-sha256", "")
        if not said or hashed != hashlib.sha256(content).hexdigest():
            return "none"
        parts = urlsplit(self.path)
        query = "&".join(sorted(pair if "=" in pair else f"{pair}=" for pair in parts.query.split("&") if pair))
        signed = "".join(f"{name}:{self.headers[name]}\n" for name in said[2].split(";"))
        canonical = "\n".join((self.command, parts.path, query, signed, said[2], hashed))
        key = f"AWS4{KEYS['PMQA_S3_SECRET']}".encode()
        for part in said[1].split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        moment, whole = self.headers["x-amz-date"], hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join(("AWS4-HMAC-SHA256", moment, said[1], whole))
        return hmac.new(key, text.encode(), "sha256").hexdigest()

    def _listing(self, prefix: str, after: str) -> bytes:
        names = sorted(name for name in self.objects if name.startswith(prefix) and name > after)
        written = "2026-09-21T14:13:20.000Z"
        rows = [
            f"<Contents><Key>{quote(name)}</Key><LastModified>{written}</LastModified>"
            f"<Size>{len(self.objects[name])}</Size></Contents>"
            for name in names[:PAGE]
        ]
        more = len(names) > PAGE
        token = f"<NextContinuationToken>{quote(names[PAGE - 1])}</NextContinuationToken>" if more else ""
        said = f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{''.join(rows)}"
        return f"<ListBucketResult>{said}</ListBucketResult>".encode()

    def _say(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        usual = {"Content-Length": str(len(content)), "Last-Modified": formatdate(MOMENT, usegmt=True)}
        for name, value in (usual | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Silent."""


def _tag(content: bytes) -> dict[str, str]:
    return {"ETag": f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'}
