"""What was found in a file, on screen: where, what, and what to do, the gravest first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pmqa.errors import SEVERITIES
from pmqa.intake import Received
from pmqa.ui.view import View
from pmqa.ui.words import plain
from pmqa.workbook import finding_text

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}


def finding_table(view: View, received: Received) -> pd.DataFrame:
    """Findings of a file: severity, sheet, cell, text; the gravest first, else in the order of the file."""
    t = view.t
    rows = sorted(received.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    return pd.DataFrame(
        {
            "severity": [finding.severity for finding in rows],
            "severity_name": [t(f"submit_page.{finding.severity}") for finding in rows],
            "sheet": [finding.sheet for finding in rows],
            "cell": [finding.cell for finding in rows],
            "text": [finding_text(finding, t) for finding in rows],
        }
    )


def show_findings(view: View, received: Received) -> None:
    """The findings of one file as a table; nothing where there are none."""
    t = view.t
    table = finding_table(view, received)
    if table.empty:
        return
    words = pd.DataFrame(
        {
            t("submit_page.severity"): [
                f"{ICONS[severity]} {name}"
                for severity, name in zip(table["severity"], table["severity_name"], strict=True)
            ],
            t("submit_page.sheet"): [plain(sheet) for sheet in table["sheet"]],
            t("submit_page.cell"): [plain(cell) for cell in table["cell"]],
            t("submit_page.what"): [plain(text) for text in table["text"]],
        }
    )
    st.table(
        words, hide_index=True, border="horizontal", alt=t("submit_page.findings_of", name=received.sent.file_name)
    )
