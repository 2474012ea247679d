"""docs/findings.md from the catalogue and its sentences: `python -m pmqa.workbook.catalogue > docs/findings.md`."""

from __future__ import annotations

import sys
from typing import Final

from pmqa.text import languages, translator
from pmqa.workbook.findings import CATALOGUE

HEAD: Final = """# Findings

What `check`, `ingest` and the Submit page say of a file. Made by `python -m pmqa.workbook.catalogue` from the catalogue
(`pmqa/workbook/findings.py`) and its sentences (`data/text/findings.toml`); do not edit by hand.

An **error** refuses the submission as a whole; a **warning** is worth a look; a **note** says what was corrected or
passed over. Codes are stable. `{value}` is what was found in the cell, other blanks are filled by the check.
"""
WORDS: Final = {"error": "error / ผิดพลาด", "warning": "warning / ควรตรวจสอบ", "note": "note / แจ้งให้ทราบ"}


def findings_page() -> str:
    """The whole page: a row for each code."""
    lines = [HEAD, "| code | severity | what was found | what to do |", "|---|---|---|---|"]
    translators = [translator(language) for language in languages()]
    for code, severity in CATALOGUE.items():
        found, mend = ("<br>".join(_cell(t.sentences[f"{area}.{code}"]) for t in translators) for area in AREAS)
        lines.append(f"| `{code}` | {WORDS[severity]} | {found} | {mend} |")
    return "\n".join(lines) + "\n"


def _cell(sentence: str) -> str:
    return sentence.replace("|", "\\|")


AREAS: Final = ("findings", "mend")

if __name__ == "__main__":
    sys.stdout.write(findings_page())
