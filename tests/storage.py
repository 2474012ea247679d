"""A storage of the tests' own that speaks S3: a server within this process, whose objects outlive its stops."""

from __future__ import annotations

import logging
import re
import urllib.request
from urllib.parse import quote

from moto.server import ThreadedMotoServer

KEYS = {"PMQA_S3_KEY_ID": "a-key-id", "PMQA_S3_SECRET": "a-s3cret/+'"}


class Storage:
    """A running server with one bucket."""

    def __init__(self, bucket: str = "pmqa") -> None:
        self.bucket = bucket
        self._server: ThreadedMotoServer | None = None
        self._port = 0
        self.start()
        self._asked("PUT", "")

    @property
    def settings(self) -> dict[str, str]:
        """How it is reached, as the environment says it."""
        return {"PMQA_S3_ENDPOINT": f"http://127.0.0.1:{self._port}", **KEYS}

    def start(self) -> None:
        """Start it where it was."""
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # no line for each request
        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        """Stop it; what it has stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def names(self, prefix: str = "") -> set[str]:
        """What lies in the bucket."""
        return set(re.findall("<Key>(.*?)</Key>", self._asked("GET", f"?list-type=2&prefix={prefix}")))

    def put(self, name: str, content: bytes = b"x") -> None:
        """Put an object there."""
        self._asked("PUT", f"/{quote(name)}", content)

    def take_away(self, name: str) -> None:
        """Take an object away."""
        self._asked("DELETE", f"/{quote(name)}")

    def _asked(self, method: str, path: str, content: bytes | None = None) -> str:
        signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request"}
        address = f"http://127.0.0.1:{self._port}/{self.bucket}{path}"
        request = urllib.request.Request(address, content, signed, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()
