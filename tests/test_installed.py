"""The product as an installation runs it: one server process, commands beside it, nginx with TLS in front of it.

Everything of one server, whose start takes longest: with sign-in, below a path of the host.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pmqa.store.door import door_of
from pmqa.web.strangers import COOKIE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 90.0  # seconds


SECRET = "0123456789abcdef0123456789abcdef"
ADMIN = "admin@example.org"
SECRETS = f"""
[auth]
redirect_uri = "https://localhost:{{port}}/pmqa/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "pmqa"
client_secret = "any"
server_metadata_url = "http://localhost:9/.well-known/openid-configuration"
"""


@dataclass(frozen=True)
class Installed:
    """A server of this product on a port of its own."""

    database: Path
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*words: object, database: Path) -> subprocess.CompletedProcess[str]:
    said = [sys.executable, "-m", "pmqa", *map(str, words), "--lang", "en"]
    environment = {**os.environ, "PMQA_DATABASE": str(database)}
    return subprocess.run(said, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def started(database: Path, **settings: str) -> Installed:
    port = free_port()
    words = [sys.executable, "-m", "pmqa", "serve", "--port", str(port), "--address", "127.0.0.1", "--lang", "en"]
    environment = {**os.environ, "PMQA_DATABASE": str(database), **settings}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return Installed(database, port, subprocess.Popen(words, cwd=ROOT, env=environment, text=True, **pipes))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(SECRETS.format(port=free_port()), encoding="utf-8")
    secrets = {"HOME": str(folder), "PMQA_SECRETS": str(folder / ".streamlit" / "secrets.toml")}
    settings = {**secrets, "PMQA_PATH": "pmqa", "PMQA_ADMIN": ADMIN}
    running = started(folder / "pmqa.duckdb", **settings)
    until = time.monotonic() + STARTS_WITHIN
    while running.get("/pmqa/readyz") != (200, "ready"):
        assert running.process.poll() is None, running.process.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.2)
    yield running
    running.process.kill()
    running.process.communicate()


def test_commands_work_beside_the_server_and_nothing_waits_for_the_file(
    server: Installed, sample_folder: Path, tmp_path: Path
) -> None:
    sent = command("ingest", sample_folder, database=server.database)
    assert (sent.returncode, "recorded" in sent.stderr.casefold()) == (0, True), sent.stderr
    saved = command("backup", tmp_path, "--json", database=server.database)
    assert (saved.returncode, json.loads(saved.stdout)["submissions"]) == (0, 3), saved.stderr
    assert server.get("/pmqa/readyz") == (200, "ready")


@dataclass(frozen=True)
class Proxy:
    """nginx with the configuration of deploy/, on ports of its own."""

    http: int
    https: int

    def asked(self, path: str, *, tls: bool = True, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers, and all of a page."""
        port = self.https if tls else self.http
        context = ssl._create_unverified_context() if tls else None
        line = (
            http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
            if tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        )
        line.putrequest("GET", path, skip_host=True)
        for name, value in {"Host": "pmqa.example.go.th", **headers}.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        answer = line.getresponse()
        body = b"" if answer.status == http.client.SWITCHING_PROTOCOLS else answer.read()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
        line.close()
        return found


@pytest.fixture(scope="module")
def proxy(server: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "make test-tools"
    folder = tmp_path_factory.mktemp("nginx")
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    subprocess.run(
        [*made, "-subj", "/CN=pmqa.example.go.th", "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    found = Proxy(free_port(), free_port())
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{found.http};",
        "listen 443 ssl": f"listen 127.0.0.1:{found.https} ssl",
        "127.0.0.1:8501": f"127.0.0.1:{server.port}",
        "/etc/ssl/pmqa/": f"{folder}/",
        "location / {": "location /pmqa/ {",  # as its head says for a path of the host
    }.items():
        assert theirs in site
        site = site.replace(theirs, ours)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}"
        f" http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    )
    process = subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", found.https), 1).close()
            break
        except OSError:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < until
            time.sleep(0.1)
    yield found
    process.terminate()
    process.communicate()


def signed_in(**changes: object) -> str:
    """The cookie of somebody who signed in just now."""
    said = {"is_logged_in": True, "email": ADMIN, "iat": time.time(), "origin": "https://pmqa.example.go.th"} | changes
    return f"{COOKIE}={create_signed_value(SECRET, COOKIE, json.dumps(said)).decode()}"


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec_WebSocket_Protocol": "streamlit",
    "Origin": "https://pmqa.example.go.th",
}


def test_through_nginx_people_get_pages_and_the_socket_and_strangers_a_way_to_sign_in(proxy: Proxy) -> None:
    status, headers, _ = proxy.asked("/pmqa/compare?year=2569", tls=False)
    assert (status, headers["location"]) == (301, "https://pmqa.example.go.th/pmqa/compare?year=2569")

    status, headers, body = proxy.asked("/pmqa/", Accept="text/html")
    assert (status, b'href="/pmqa/sign-in' in body) == (401, True)
    assert headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert proxy.asked("/pmqa/sign-in?provider=")[0] in (302, 307)
    assert proxy.asked("/pmqa/app/static/sarabun-thai-400-normal.woff2")[0] == 200
    for path in ("/pmqa/readyz", "/pmqa/_stcore/health", "/pmqa/_stcore/metrics", "/pmqa/media/x.png"):
        assert proxy.asked(path)[0] in (401, 404), path
    assert proxy.asked("/pmqa/_stcore/stream", **UPGRADE)[0] == 403

    status, _, body = proxy.asked("/pmqa/", Accept="text/html", Cookie=signed_in())
    assert (status, b"<title>Streamlit</title>" in body or b"/pmqa/" in body) == (200, True)
    assert proxy.asked("/pmqa/_stcore/stream", **UPGRADE, Cookie=signed_in())[0] == 101
    yesterday = time.time() - 86_400
    assert proxy.asked("/pmqa/_stcore/stream", **UPGRADE, Cookie=signed_in(iat=yesterday))[0] == 403


def test_a_second_server_on_the_same_database_ends_with_a_sentence(server: Installed) -> None:
    second = started(server.database)
    _, said = second.process.communicate(timeout=STARTS_WITHIN)
    assert second.process.returncode not in (0, None)
    assert "A dashboard has the database" in said
    assert "Traceback" not in said


def test_the_end_of_a_service_is_quiet_and_takes_the_door_with_it(server: Installed) -> None:
    """Last in this file: it ends the server."""
    server.process.send_signal(signal.SIGTERM)
    _, said = server.process.communicate(timeout=30)
    assert "Traceback" not in said
    assert not door_of(server.database).exists()
    assert server.process.returncode in (0, -signal.SIGTERM)
