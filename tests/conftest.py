"""What many test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmqa.demo import demo_forms, demo_submissions
from pmqa.framework import Framework, shipped_frameworks


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
