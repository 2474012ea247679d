"""Sample agencies of two years as documents take them, and what the documents say about themselves."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pmqa.demo.submissions import demo_submissions
from pmqa.exports import ReportData, Stamp
from pmqa.framework import Framework, shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import SCORED

YEAR = 2569


def report_data(framework: Framework, basis: str = "evidenced", agencies: int = 9) -> ReportData:
    """Sample agencies of two years, as the store would give them."""
    sent = {f"s{n}": s for n, s in enumerate(demo_submissions(framework, agencies, 2)) if s.source == "self"}
    answers, measures, sources = answer_frame(sent), measure_frame(sent), source_frame(sent)
    scores = score(sources, answers, measures, framework).astype({"submission": "str"})
    results = score_measures(sources, measures, framework)
    about = ["agency_code", "agency_name", "ministry", "agency_type", "fiscal_year", "source", "edition"]
    who = pd.DataFrame(
        [(key, *(getattr(s, name) for name in about)) for key, s in sent.items()], columns=["submission", *about]
    )
    scored = SCORED.conform(scores.merge(who, on="submission"), check_key=False)
    scored = scored[scored["basis"] == basis]
    now = scored[scored["fiscal_year"] == YEAR]
    ids = set(now["submission"])
    return ReportData(
        now,
        answers[answers["submission"].isin(ids)],
        measures[measures["submission"].isin(ids)],
        results[(results["basis"] == basis) & results["submission"].isin(ids)],
        framework,
        basis,
        "แบบประเมินตนเอง",
        minimum=5,
        over_years=scored,
    )


DATA = report_data(shipped_frameworks()["pmqa4"])
STAMPS = {
    "th": Stamp("", "เฉพาะที่มีหลักฐาน", "2569", "PMQA 4.0", 9, "", "a1b2c3", dt.date(2026, 11, 22)),
    "en": Stamp("", "With evidence", "2569 (2026)", "PMQA 4.0", 9, "", "a1b2c3", dt.date(2026, 11, 22), "en"),
}
AGENCIES = sorted(DATA.scored["agency_code"].astype("str").unique())
AGENCY = AGENCIES[0]
