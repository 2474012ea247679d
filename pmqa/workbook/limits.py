"""Every limit of reading a file that somebody sent, in one table, each with its reason.

Standard library only: the child process that reads cells starts from here.
"""

from __future__ import annotations

from typing import Final

KB: Final = 1024
MB: Final = 1024 * KB

# --- the zip archive ------------------------------------------------------------------------------------------------
FILE_BYTES: Final = 10 * MB  # a filled form has 0.1 MB; pictures pasted as evidence reach a few
ENTRIES: Final = 1_000  # a form has 30; real assessment workbooks with pictures reach some hundreds
DIRECTORY_BYTES: Final = 512 * KB  # room for that many long names, and a bound on the time of reading them
PART_BYTES: Final = 32 * MB  # of one part, inflated; the largest sheet that is within CELLS has about 20
INFLATED_BYTES: Final = 64 * MB  # of all parts that are read
RATIO: Final = 200  # inflated to deflated; a real assessment workbook reaches 137
RATIO_FROM: Final = 1 * MB  # smaller parts may be as regular as they like: they cannot hurt

# --- a zip of workbooks -----------------------------------------------------------------------------------------------
BUNDLE_BYTES: Final = 200 * MB  # what an upload may have; at most ENTRIES files in it, one of them in memory at a time
BUNDLE_INFLATED_BYTES: Final = 300 * MB  # workbooks are compressed already: a zip of them hardly shrinks

# --- the workbook ---------------------------------------------------------------------------------------------------
SHEETS: Final = 64  # the form has 11; agencies add their own working sheets
CELLS: Final = 250_000  # with content; the form has about 3,000
ELEMENTS: Final = 2_000_000  # of XML in all parts that are read: bounds empty cells, styles and depth at 2 s of CPU
MERGES: Final = 20_000  # merged ranges of all sheets
COMMENT_CHARACTERS: Final = 500  # of a comment that are kept, to be told by
CELL_CHARACTERS: Final = 32_767  # what Excel allows a cell
FORMULA_CHARACTERS: Final = 40  # of a formula that are kept: enough to know it by; the file itself has the rest
CHARACTERS: Final = 4_000_000  # of all cells together: many cells may point at one long text; a full form has 300,000
STYLES: Final = 65_536  # cell formats; Excel allows 65,490
NAMES: Final = 10_000  # defined names; copied sheets bring theirs along
ROWS: Final = 1_048_576  # references end at XFD1048576
COLUMNS: Final = 16_384

# --- the child process that reads ------------------------------------------------------------------------------------
CHILD_MEMORY_BYTES: Final = 512 * MB  # the worst file that is within the limits above needs about 300
CHILD_CPU_SECONDS: Final = 10  # a standard form needs 0.02, the worst file within the limits about 4
CHILD_WATCH_SECONDS: Final = 0.25  # between two looks at CPU time, where the system does not limit it
CHILD_WALL_SECONDS: Final = 150.0  # the last resort: that a busy machine gives 10 s of CPU late is not the file's fault
RESULT_BYTES: Final = 32 * MB  # of the cells, as JSON, and what they say: CELLS and CHARACTERS at their most have 25
