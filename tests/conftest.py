"""What many test files share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from pmqa.charts.gallery import gallery
from pmqa.cli import main
from pmqa.demo import demo_forms, demo_submissions
from pmqa.framework import Framework, shipped_frameworks
from pmqa.places import Place
from pmqa.store import Store
from pmqa.text import Translator, languages, translator
from tests.pages import SIZES, clear_caches, filled
from tests.postgres import Postgres

os.environ["PMQA_SECRETS"] = "none"  # whatever sign-in is set up where the tests run; servers of tests inherit it

# The same cases on every machine and in every run, so that a failure can be had again; `make explore` looks for others.
settings.register_profile("usual", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("usual")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, item.get_closest_marker("slow") is None))


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once() -> Iterator[None]:
    """Streamlit looks for components in every installed package whenever an AppTest runs: most of a page's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def frameworks() -> dict[str, Framework]:
    return shipped_frameworks()


@pytest.fixture(scope="session")
def framework(frameworks: dict[str, Framework]) -> Framework:
    return frameworks["pmqa4"]


@pytest.fixture(scope="session")
def sample_folder(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled forms of two sample agencies for one year, and of an assessor: three files."""
    folder = tmp_path_factory.mktemp("forms")
    for _, name, content in demo_forms(demo_submissions(framework, agencies=2, years=1), framework):
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def forms(sample_folder: Path) -> list[Path]:
    """The sample forms, by name."""
    return sorted(sample_folder.glob("*.xlsx"))


@pytest.fixture(scope="session")
def nine(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Nine agencies of two years, with evidence, and their assessors."""
    with Store(filled(tmp_path_factory.mktemp("nine") / "nine.duckdb", framework, 9, 2)) as store:
        yield store


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A file that is no form."""
    path = tmp_path / "ผิด.xlsx"
    path.write_text("a,b,c\n", encoding="utf-8")
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command of `python -m pmqa` in this process: exit code, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture(scope="session")
def sample_database(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the forms of sample_folder, recorded from the command line. Not to be changed."""
    database = tmp_path_factory.mktemp("database") / "pmqa.duckdb"
    assert main(["ingest", str(sample_folder), "--database", str(database)]) == 0
    return database


@pytest.fixture(scope="session")
def databases(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Databases for whole pages, by size: without anything, with one agency, with the samples. Not to be changed."""
    folder = tmp_path_factory.mktemp("pages")
    return {name: filled(folder / f"{size[0]}.duckdb", framework, *size) for name, size in SIZES.items()}


@pytest.fixture(params=languages())
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


@pytest.fixture(scope="module")
def drawn() -> dict[str, tuple[Any, pd.DataFrame, str]]:
    """Name of a chart of the gallery -> its figure, its table, its alternative text."""
    return {name: (figure, table, alt) for name, figure, table, alt in gallery("en", "light")}


@pytest.fixture
def own_database(framework: Framework, tmp_path: Path) -> Path:
    """Three agencies, two years, to be changed."""
    return filled(tmp_path / "own.duckdb", framework, 3, 2)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Fails with a sentence, and does not skip, where there is no PostgreSQL."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database: a file, or with ON_BOTH of each engine."""
    if getattr(request, "param", "file") == "file":
        return tmp_path / "pmqa.duckdb"
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied().place


@pytest.fixture
def store(request: pytest.FixtureRequest, place: Place) -> Iterator[Store]:
    """The open store of `place`."""
    if isinstance(place, Path):
        with Store(place) as opened:
            yield opened
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield server.emptied()


@pytest.fixture
def nothing_cached() -> Iterator[None]:
    """Pages of one test share nothing with those of another."""
    clear_caches()
    yield
    clear_caches()


@pytest.fixture(scope="module")
def cached_within_file() -> Iterator[None]:
    """Pages of one file share what is kept, as on a server: all of it goes by the data's version and who looks.

    Most of a page's time on a cold server goes to what each page of the same data begins with.
    """
    clear_caches()
    yield
    clear_caches()
