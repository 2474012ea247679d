"""What was found in a file, on screen: where, what, and what to do, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pmqa.errors import SEVERITIES, Finding
from pmqa.views.view import View
from pmqa.views.words import plain
from pmqa.workbook.findings import finding_text, found_text, mend_text

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
LONGEST_OPEN_TABLE = 12  # rows; longer ones scroll
TALLEST_TABLE = 480  # px


def finding_table(view: View, findings: Sequence[Finding]) -> pd.DataFrame:
    """Findings of a file: severity, sheet, cell, text; the gravest first, else in the order of the file.

    text: found and mend together, as files have it.
    """
    t = view.t
    rows = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    return pd.DataFrame(
        {
            "severity": [finding.severity for finding in rows],
            "severity_name": [t(f"submit_page.{finding.severity}") for finding in rows],
            "sheet": [finding.sheet or "" for finding in rows],
            "cell": [finding.cell or "" for finding in rows],
            "text": [finding_text(finding, t) for finding in rows],
            "found": [found_text(finding, t) for finding in rows],
            "mend": [mend_text(finding, t) for finding in rows],
            "code": [finding.code for finding in rows],
        }
    )


def show_findings(view: View, name: str, findings: Sequence[Finding]) -> None:
    """The findings of one file as a table; that there are none where there are none."""
    t = view.t
    if not findings:
        st.success(t("submit_page.no_findings"), icon=":material/check_circle:")
        return
    table = finding_table(view, findings)
    words = pd.DataFrame(
        {
            t("submit_page.severity"): [
                f"{ICONS[severity]} {word}"
                for severity, word in zip(table["severity"], table["severity_name"], strict=True)
            ],
            t("submit_page.sheet"): [plain(sheet) for sheet in table["sheet"]],
            t("submit_page.cell"): [plain(cell) for cell in table["cell"]],
            t("submit_page.found"): [plain(text) for text in table["found"]],
            t("submit_page.mend"): [plain(text) for text in table["mend"]],
        }
    )
    tall = len(words) > LONGEST_OPEN_TABLE
    st.table(
        words,
        hide_index=True,
        border="horizontal",
        alt=t("submit_page.findings_of", name=name),
        height=TALLEST_TABLE if tall else "content",
    )
