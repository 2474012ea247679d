"""What is set from outside is judged at the start, all at once: a slip of the pen never opens the dashboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pmqa.errors import SettingsError
from pmqa.places import Bucket, LakePlace
from pmqa.settings import (
    ROOT,
    SECRETS,
    ClaimNames,
    check_settings,
    environment_for,
    read_settings,
    sign_in_is_set_up,
    sign_in_providers,
)
from pmqa.text import languages, translator

USABLE = """[auth]
redirect_uri = "https://pmqa.example/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "pmqa"
client_secret = "s"
server_metadata_url = "https://provider.example/.well-known/openid-configuration"
"""
WRONG = {  # what somebody wrote -> the sentence, and what of it they read
    "a byte-order mark": ("\ufeff" + USABLE, "secrets_mark", "BOM"),
    "a missing quote": (USABLE.replace('"pmqa"', '"pmqa'), "advice_quote", "line 4"),
    "the same key twice": (USABLE + 'client_id = "b"\n', "advice_twice", ""),
    "the same table twice": (USABLE + "[auth]\n", "advice_twice", ""),
    "[Auth]": (USABLE.replace("[auth]", "[Auth]"), "secrets_near", "[Auth]"),
    "curly quotes": (USABLE.replace('"pmqa"', "“pmqa”"), "advice_curly", "line 4"),
    "a path of Windows": (USABLE + 'home = "C:\\users\\x"\n', "advice_backslash", "line 7"),
    "no client_secret": (USABLE.replace('client_secret = "s"\n', ""), "secrets_missing", "auth.client_secret"),
    "an empty cookie_secret": (
        USABLE.replace("0123456789abcdef0123456789abcdef", " "),
        "secrets_missing",
        "auth.cookie_secret",
    ),
    "a number for client_id": (USABLE.replace('"pmqa"', "7"), "secrets_missing", "auth.client_id"),
    "a provider without its address": (
        USABLE.split("client_id", maxsplit=1)[0] + '[auth.thaid]\nclient_id = "a"\nclient_secret = "b"\n',
        "secrets_missing",
        "auth.thaid.server_metadata_url",
    ),
    "a provider that borrows its client_id": (
        USABLE.replace('client_secret = "s"\n', "")
        + '[auth.thaid]\nclient_secret = "b"\nserver_metadata_url = "https://x"\n',
        "secrets_missing",
        "auth.client_secret, auth.thaid.client_id",
    ),
    "a provider with an underscore": (
        USABLE + '[auth.thai_d]\nclient_id = "a"\nclient_secret = "b"\nserver_metadata_url = "https://x"\n',
        "secrets_provider",
        "[auth.thai_d]",
    ),
    "a way back to nowhere": (USABLE.replace("/oauth2callback", "/"), "secrets_redirect", "https://pmqa.example/"),
    "nothing of sign-in": ("key = 1\n", "secrets_no_auth", "key"),
    "an empty file": ("", "secrets_no_auth", "[auth]"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where secrets are looked for, empty, and a database of its own."""
    monkeypatch.setattr("pmqa.settings.Path.home", lambda: tmp_path)
    monkeypatch.setattr("pmqa.settings.ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PMQA_DATABASE", str(tmp_path / "pmqa.duckdb"))
    monkeypatch.delenv("PMQA_SECRETS")
    return tmp_path


def write_secrets(home: Path, content: str, encoding: str = "utf-8") -> Path:
    path = home / SECRETS
    path.parent.mkdir()
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("wrong", WRONG)
def test_secrets_that_are_no_usable_sign_in_stop_the_start_and_say_what_and_where(home: Path, wrong: str) -> None:
    content, key, shown = WRONG[wrong]
    path = write_secrets(home, content)
    with pytest.raises(SettingsError) as raised:
        check_settings()
    assert str(path) in str(raised.value)
    assert shown in str(raised.value)
    for language in languages():
        tail = translator(language).sentences[f"settings.{key}"].split("}")[-1].split("{")[0]
        assert tail.strip() in str(raised.value)
    assert sign_in_is_set_up(), "and until it is mended nobody is taken for the analyst"


def test_secrets_of_another_encoding_stop_the_start(home: Path) -> None:
    write_secrets(home, USABLE + "# ลับ\n", "cp874")
    with pytest.raises(SettingsError, match="UTF-8"):
        check_settings()


OF_PROVIDER = USABLE[USABLE.index("client_id") :]


@pytest.mark.parametrize(
    ("content", "providers"),
    [
        (USABLE, ("",)),
        (USABLE + 'client_kwargs = { prompt = "login" }\n', ("",)),
        (USABLE + "[auth.thaid]\n" + OF_PROVIDER, ("", "thaid")),
        (USABLE.replace(OF_PROVIDER, "[auth.thaid]\n" + OF_PROVIDER), ("thaid",)),
    ],
)
def test_secrets_that_can_sign_somebody_in_are_let_through(home: Path, content: str, providers: tuple[str]) -> None:
    write_secrets(home, content)
    check_settings()
    assert sign_in_is_set_up()
    assert sign_in_providers() == providers


def test_secrets_of_another_program_in_the_home_folder_do_not_matter_beside_those_of_this_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    write_secrets(elsewhere, "weather_key = 1\n")
    write_secrets(home, USABLE)
    monkeypatch.setattr("pmqa.settings.Path.home", lambda: elsewhere)
    check_settings()


def test_a_user_without_a_home_folder_can_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pmqa.settings.Path.home", none)
    write_secrets(home, USABLE)
    check_settings()


def test_secrets_that_are_named_hold_in_place_of_others_and_must_be_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_secrets(home, "[wrong\n")
    monkeypatch.setenv("PMQA_SECRETS", "none")
    check_settings()
    assert not sign_in_is_set_up()
    named = home / "pmqa-secrets.toml"
    monkeypatch.setenv("PMQA_SECRETS", str(named))
    with pytest.raises(SettingsError, match=r"pmqa-secrets\.toml"):
        check_settings()
    assert sign_in_is_set_up(), "closed until the file is there"
    named.write_text(USABLE, encoding="utf-8")
    check_settings()


def test_without_secrets_there_is_no_sign_in(home: Path) -> None:
    check_settings()
    assert not sign_in_is_set_up()
    assert sign_in_providers() == ("",), "whoever is asked to sign in has a button for it"


@pytest.mark.parametrize(("value", "path"), [("", ""), ("pmqa", "pmqa"), ("/a-1/b_2/", "a-1/b_2")])
def test_the_path_that_addresses_begin_with_is_read_with_slashes_or_without(
    home: Path, monkeypatch: pytest.MonkeyPatch, value: str, path: str
) -> None:
    monkeypatch.setenv("PMQA_PATH", value)
    assert check_settings().path == path


@pytest.mark.parametrize("value", ["https://pmqa.example.go.th/a/b", " https://pmqa.example.go.th/a/b/ "])
def test_the_address_that_people_open_is_read_with_a_slash_behind_it_or_without(
    home: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PMQA_ADDRESS", value)
    assert check_settings().address == "https://pmqa.example.go.th/a/b"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PMQA_ADDRESS", "pmqa.example.go.th"), ("PMQA_ADDRESS", "https://pmqa.example.go.th/?a=b")),
        *(("PMQA_PATH", "a b"), ("PMQA_PATH", "a//b"), ("PMQA_PATH", "../x"), ("PMQA_PATH", "ก")),
        *(("PMQA_QUOTA_MB", "2GB"), ("PMQA_SENDER_MB", "-1"), ("PMQA_DISK_MB", "x"), ("PMQA_REFUSED_DAYS", "0.5")),
        *(("PMQA_INBOX", "/dev/null/inbox"), ("PMQA_LOG", "/dev/null/pmqa.log")),
    ],
)
def test_every_wrong_setting_stops_the_start_and_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        check_settings()


def test_the_address_that_people_open_ends_with_the_path_of_all_pages(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMQA_PATH", "/pmqa/")
    monkeypatch.setenv("PMQA_ADDRESS", "https://gov.example.go.th/pmqa/")
    assert check_settings().address == "https://gov.example.go.th/pmqa"
    monkeypatch.setenv("PMQA_ADDRESS", "https://pmqa.example.go.th")
    with pytest.raises(SettingsError, match=r"PMQA_ADDRESS .*PMQA_PATH .*/pmqa"):
        check_settings()


IN_A_BUCKET = {
    "PMQA_DATABASE": "ducklake:postgres:host=db",
    "PMQA_DATA_PATH": "s3://pmqa/of/data/",
    "PMQA_S3_KEY_ID": "a-key-id",
    "PMQA_S3_SECRET": "a-s3cret",
}


@pytest.mark.parametrize(
    ("said", "bucket"),
    [
        ({}, Bucket("pmqa", "of/data", "a-key-id", "a-s3cret", region="us-east-1", style="vhost")),
        (
            {"PMQA_S3_ENDPOINT": "http://minio:9000/", "PMQA_S3_REGION": "th"},
            Bucket("pmqa", "of/data", "a-key-id", "a-s3cret", host="minio:9000", tls=False, region="th", style="path"),
        ),
        (
            {"PMQA_S3_ENDPOINT": "https://s3.example.go.th", "PMQA_S3_STYLE": "vhost"},
            Bucket("pmqa", "of/data", "a-key-id", "a-s3cret", "s3.example.go.th", region="us-east-1", style="vhost"),
        ),
    ],
)
def test_a_bucket_and_how_it_is_reached_are_read_and_its_keys_are_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], bucket: Bucket
) -> None:
    for name, value in (IN_A_BUCKET | said).items():
        monkeypatch.setenv(name, value)
    place = check_settings().database
    assert place == LakePlace("host=db", bucket)
    assert str(bucket) == "s3://pmqa/of/data"
    assert "a-s3cret" not in f"{place!r}{place}"
    assert "a-key-id" not in f"{place!r}{place}"
    assert environment_for(place)["PMQA_DATA_PATH"] == "s3://pmqa/of/data"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        *(
            ("PMQA_DATA_PATH", f"s3://{path}", "PMQA_DATA_PATH")
            for path in ("pmqa", "pmqa/", "P/a", "pmqa/a*", "pmqa/..")
        ),
        *(("PMQA_S3_KEY_ID", " ", "PMQA_S3_KEY_ID"), ("PMQA_S3_SECRET", "", "PMQA_S3_SECRET")),
        *(("PMQA_S3_ENDPOINT", value, "PMQA_S3_ENDPOINT") for value in ("minio:9000", "https://u:a-s3cret@minio")),
        ("PMQA_S3_STYLE", "dns", "PMQA_S3_STYLE"),
    ],
)
def test_a_bucket_that_cannot_be_is_said_at_the_start_without_its_keys(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    for one, usual in (IN_A_BUCKET | {name: value}).items():
        monkeypatch.setenv(one, usual)
    with pytest.raises(SettingsError, match=words) as caught:
        check_settings()
    assert "a-s3cret" not in str(caught.value)


@pytest.mark.parametrize("value", ["0", "-3", "abc", "1", "5.5", "1e3", "๕"])
def test_a_least_group_that_would_tell_of_one_agency_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_PEER_MINIMUM", value)
    with pytest.raises(SettingsError, match="PMQA_PEER_MINIMUM"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PMQA_ADMIN", "somchai"),
        ("PMQA_ADMIN", "a@x.example b@x.example"),
        ("PMQA_ROLES", "pmqa-admins = boss"),
        ("PMQA_ROLES", "analyst"),
        ("PMQA_ROLES", "= admin"),
    ],
)
def test_administrators_and_roles_that_mean_nobody_are_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_administrators_and_the_names_of_the_provider_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_ADMIN", "A@x.example, b@x.example,")
    monkeypatch.setenv("PMQA_CLAIM_ROLE", "realm_access.roles")
    monkeypatch.setenv("PMQA_ROLES", "PMQA Admins = admin, group=1=viewer")
    settings = read_settings()
    assert settings.administrators == {"a@x.example", "b@x.example"}
    assert settings.claims == ClaimNames(role="realm_access.roles")
    assert settings.roles == {"PMQA Admins": "admin", "group=1": "viewer"}


def test_everything_that_is_wrong_is_said_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMQA_PEER_MINIMUM", "abc")
    monkeypatch.setenv("PMQA_DEMO", "yes")
    monkeypatch.setenv("PMQA_OPEN", "true")
    write_secrets(home, "")
    with pytest.raises(SettingsError) as raised:
        check_settings()
    for name in ("PMQA_PEER_MINIMUM", "PMQA_DEMO", "PMQA_OPEN", "[auth]"):
        assert name in str(raised.value)


def test_a_folder_that_cannot_be_written_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("PMQA_DATABASE", str(home / "file" / "pmqa.duckdb"))
    with pytest.raises(SettingsError, match="file"):
        check_settings()


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["-m", "pmqa", "serve", "--port", "1"],
        ["-m", "uvicorn", "asgi:app", "--port", "1"],
        ["-m", "streamlit", "run", "app.py", "--server.port", "1"],
    ],
)
def test_no_server_starts_with_secrets_that_cannot_be_read(tmp_path: Path, words: list[str]) -> None:
    path = write_secrets(tmp_path, WRONG["a missing quote"][0])
    environment = {**os.environ, "HOME": str(tmp_path), "PMQA_DATABASE": str(tmp_path / "x.duckdb")}
    del environment["PMQA_SECRETS"]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
