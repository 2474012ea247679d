"""What many test files share."""

from __future__ import annotations

import pytest

from pmqa.framework import Framework, shipped_frameworks


@pytest.fixture(scope="session")
def frameworks() -> dict[str, Framework]:
    return shipped_frameworks()


@pytest.fixture(scope="session")
def framework(frameworks: dict[str, Framework]) -> Framework:
    return frameworks["pmqa4"]
