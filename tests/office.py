"""LibreOffice without a window: what a spreadsheet program makes of our files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

SECONDS = 180


def convert(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, Path]:
    """Files by their names, opened, recalculated and saved in another format: name -> path.

    Each folder has its own profile, so that several can run at once. Skips where there is no LibreOffice.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    sent, made = folder / "sent", folder / "made"
    sent.mkdir()
    for name, content in files.items():
        (sent / name).write_bytes(content)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", to, "--outdir", str(made)]
        + [str(sent / name) for name in files],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return {name: (made / name).with_suffix(f".{to.partition(':')[0]}") for name in files}


def pictures(pdf: Path, resolution: int = 60) -> list[Path]:
    """The pages of a PDF as PNG files, in order. Skips where there is no pdftoppm."""
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("pdftoppm is not installed")
    words = [program, "-r", str(resolution), "-png", str(pdf), str(pdf.with_suffix(""))]
    subprocess.run(words, check=True, timeout=SECONDS)
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))
