"""Memory that uploads took goes back to the system.

The C library keeps a freed block for the next one of its size, and takes each freed large block as a sign to keep
larger ones: after ten files of 24 MB a server held 2.2 times as much as before, for good. Held to a fixed size, blocks
above it are the system's own and go back at once (1.26 times, measured a minute later).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

OWN_BLOCKS: Final = 1 << 20  # bytes: blocks this large and larger are asked of the system and given back to it
# <malloc.h> of the GNU C library
M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3


def give_back_large_blocks() -> bool:
    """Let large freed blocks go back, from now on in this process; whether its C library can be told."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library than GNU's
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, OWN_BLOCKS) and mallopt(M_TRIM_THRESHOLD, OWN_BLOCKS))
