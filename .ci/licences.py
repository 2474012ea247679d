"""docs/licences.md: every package of the lock files, with its version and licence as it declares them itself.

python .ci/licences.py > docs/licences.md
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK, OF_LAKE = ROOT / "requirements.lock", ROOT / "requirements-lake.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
LONGEST = 60  # characters; some give the whole text in place of a name
HEAD = """# สัญญาอนุญาตของไลบรารี / Licences of the libraries

ทุกแพ็กเกจที่ `make run` ติดตั้ง พร้อมรุ่นและสัญญาอนุญาตตามที่แพ็กเกจนั้นแจ้งไว้เอง สร้างด้วย `make docs`
Every package that `make run` installs, with its version and licence as the package declares them; made by `make docs`.

"""
ADDED = """
## หลายเครื่อง / Several machines

ที่ `requirements-lake.lock` เพิ่มเมื่อหลายเครื่องใช้ฐานข้อมูลเดียว
What `requirements-lake.lock` adds where several machines share one database.

"""
COLUMNS = """| package | version | licence |
|---|---|---|
"""


def pinned(lock: Path = LOCK) -> dict[str, str]:
    """Package -> version, as a lock file has them."""
    return dict(PINNED.findall(lock.read_text(encoding="utf-8")))


def licence_of(found: PackageMetadata) -> str:
    """The expression, else the classifiers, else what else is said, on one line."""
    if said := found.get("License-Expression"):
        return said
    classifiers = [one.rpartition(" :: ")[2] for one in found.get_all("Classifier") or () if one.startswith("License")]
    named = [one for one in classifiers if one != "OSI Approved"]
    said = (found.get("License") or "").strip().split("\n")[0]
    return ", ".join(named) or (said if len(said) <= LONGEST else "") or "?"


def page() -> str:
    """The whole page."""
    added = {name: version for name, version in pinned(OF_LAKE).items() if name not in pinned()}
    return HEAD + _rows(pinned()) + ADDED + _rows(added)


def _rows(packages: dict[str, str]) -> str:
    rows = [f"| {name} | {version} | {licence_of(metadata(name))} |" for name, version in sorted(packages.items())]
    return COLUMNS + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
