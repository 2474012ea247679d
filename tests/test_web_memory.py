"""What large files took goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEGABYTE = 2**20
# Blocks of ever smaller sizes, freed one after the other, with something small above each that stays.
PROGRAM = """
import sys
from pathlib import Path
from pmqa.web.memory import give_back_large_blocks

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "told":
    assert give_back_large_blocks()
before, small = held(), []
for size in range(24, 4, -1):
    large = bytearray(size * 2**20)
    small.append(bytearray(100_000))
    del large
print(held() - before)
"""


def held_afterwards(how: str) -> int:
    """Bytes more than before that a process holds after large blocks came and went."""
    words = [sys.executable, "-c", PROGRAM, how]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the C library is another")
def test_a_server_gives_back_what_files_took_and_would_not_have_by_itself():
    assert held_afterwards("told") < 8 * MEGABYTE < held_afterwards("as it is")
