"""Write every made workbook into a folder, to open it by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.workbooks.should_fail import FAILS
from tests.workbooks.should_pass import PASSES

for name, cases in (("should_pass", PASSES), ("should_fail", FAILS)):
    folder = Path(sys.argv[1]) / name
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        (folder / f"{case.name}.xlsx").write_bytes(case.make())
