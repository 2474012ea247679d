"""Reports: an agency's and a ministry's, in both languages, as slides and as PDF, from tables alone."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation

from pmqa.charts.render import figure
from pmqa.demo.submissions import demo_submissions
from pmqa.exports import (
    Page,
    ReportData,
    Stamp,
    agencies_of,
    agency_report,
    agency_reports,
    ministry_report,
    report_pdf,
    report_pptx,
)
from pmqa.exports.drawings import drawing_pages
from pmqa.framework import Framework, shipped_frameworks
from pmqa.scoring import score, score_measures
from pmqa.submission import answer_frame, measure_frame, source_frame
from pmqa.tables import SCORED
from pmqa.text import languages, translator

pytestmark = pytest.mark.slow  # whole reports are made

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
AGENCY = agencies_of(DATA)[0]
MINISTRY = str(DATA.scored["ministry"].astype("str").value_counts().index[0])


def words(content: bytes) -> str:
    """All text on the slides of a deck, tables included."""
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.mark.parametrize("language", languages())
def test_an_agencys_report_has_profile_radar_items_gaps_indicators_years_and_method(language):
    t = translator(language)
    report = agency_report(DATA, AGENCY, STAMPS[language])
    titles = [page.title for page in report.pages]
    assert titles[0] == report.stamp.title
    for key in (
        "spine",
        "items",
        "results",
        "gaps_category",
        "gaps_dimension",
        "blockers",
        "indicators",
        "measures",
        "years",
    ):
        assert t(f"exports.report.{key}", **DATA.framework.kinds(t)) in titles
    assert titles[-1] == t("exports.report.how")
    shown = words(report_pptx(report))
    assert STAMPS[language].basis in shown
    assert "a1b2c3" in shown
    overall = DATA.scored[(DATA.scored["agency_code"] == AGENCY) & (DATA.scored["kind"] == "overall")]["score"].iloc[0]
    assert t.number(overall) in shown


@pytest.mark.parametrize("language", languages())
def test_a_ministrys_report_has_its_agencies_levels_profile_and_what_to_work_on(language):
    t = translator(language)
    report = ministry_report(DATA, MINISTRY, STAMPS[language])
    own = DATA.scored[DATA.scored["ministry"] == MINISTRY]
    assert report.stamp.n == own["agency_code"].nunique()
    titles = [page.title for page in report.pages]
    assert titles[1:] == [
        t(f"exports.report.{key}", **DATA.framework.kinds(t))
        for key in (
            "levels",
            "ministry_radar",
            "standing",
            "ministry_items",
            "ministry_gaps",
            "leverage",
            "ministry_measures",
        )
    ] + [t("exports.origins.title"), t("exports.report.how")]
    shown = words(report_pptx(report))
    assert all(name in shown for name in own["agency_name"].astype("str").unique())
    heat, gaps = (
        next(page.chart for page in report.pages if page.title == t(f"exports.report.{key}"))
        for key in ("ministry_items", "ministry_gaps")
    )
    assert len(heat.columns) == len(DATA.framework.scopes("item"))
    assert len(heat.rows) == len(gaps.rows) == report.stamp.n


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("report_of", "whose"), [(agency_report, AGENCY), (ministry_report, MINISTRY)])
def test_a_report_says_of_every_part_of_the_framework_whether_it_is_official(report_of, whose, language):
    t = translator(language)
    page = next(p for p in report_of(DATA, whose, STAMPS[language]).pages if p.title == t("exports.origins.title"))
    said = {what: (label, source) for what, label, source in page.table.itertuples(index=False)}
    for origin in DATA.framework.origins:
        label = t("exports.origins.official" if origin.official else "exports.origins.own")
        assert said[t.pick(origin.what)] == (label, t.pick(origin.source))
    assert len(said) == len(DATA.framework.origins)


def test_a_ministrys_success_rates_are_medians_with_their_n_and_none_of_too_few():
    t = translator("en")
    (few,) = (p for p in ministry_report(DATA, MINISTRY, STAMPS["en"]).pages if p.title.startswith("Results by"))
    pages = {p.title: p for p in ministry_report(replace(DATA, minimum=2), MINISTRY, STAMPS["en"]).pages}
    chart = pages[t("exports.report.ministry_indicators")].chart
    table = pages[t("exports.report.ministry_measures", **DATA.framework.kinds(t))].table
    assert set(few.table[t("exports.report.median_rate")]) == {"–"}
    own = set(DATA.scored[DATA.scored["ministry"] == MINISTRY]["submission"])
    rates = DATA.measure_results[DATA.measure_results["submission"].isin(own)].dropna(subset="success_rate")
    by_indicator = rates.groupby(rates["indicator"].astype("str"))["success_rate"]
    counts = rates.groupby(rates["indicator"].astype("str"))["submission"].nunique()
    assert len(table) == len(counts)
    expected = by_indicator.median()[counts >= 2]
    rates = [
        cell.value for layer in chart.layers if layer.mark == "dot" for cell in layer.cells if cell.value is not None
    ]
    assert sorted(rates) == pytest.approx(sorted(expected))
    assert all("n = " in row.name for row in chart.rows)


def test_a_median_of_fewer_agencies_than_the_least_is_in_no_report():
    few, t = replace(DATA, minimum=100), translator("th")
    radar = next(page.chart for page in agency_report(few, AGENCY, STAMPS["th"]).pages if page.chart)
    assert len(list(radar.drawn())) == 1
    assert radar.notes == (t("charts.few_for_median", n=8, counted=t("charts.counted_complete")),)


def test_what_is_about_one_agency_says_so_and_a_median_says_of_how_many():
    t = translator("en")
    pages = {page.title: page for page in agency_report(DATA, AGENCY, STAMPS["en"]).pages}
    for key in ("spine", "items", "gaps_category", "gaps_dimension", "indicators", "years"):
        assert pages[t(f"exports.report.{key}", **DATA.framework.kinds(t))].chart.caption.n == 1
    for key in ("blockers", "measures"):
        lines = pages[t(f"exports.report.{key}", **DATA.framework.kinds(t))].lines
        assert any("n = 1 agency" in line for line in lines)
    profile = next(iter(pages.values()))
    assert replace(STAMPS["en"], n=1).basis_line() in profile.lines
    peers = DATA.peer_stats()
    n = peers[peers["kind"] == "category"].set_index("scope")["n"]
    assert profile.table[t("exports.report.peers")].tolist() == [str(n[c.id]) for c in DATA.framework.categories]


@pytest.mark.parametrize(("minimum", "says_why"), [(1, False), (99, True)])
def test_a_ministrys_first_page_gives_its_median_or_says_why_there_is_none(minimum, says_why):
    first = " ".join(ministry_report(replace(DATA, minimum=minimum), MINISTRY, STAMPS["en"]).pages[0].lines)
    assert ("No median: only" in first) is says_why
    assert ("lowest" in first) is not says_why


def test_a_ministrys_median_says_of_how_many_it_is():
    data = replace(DATA, minimum=2)
    t = translator("th")
    page = next(
        page
        for page in ministry_report(data, MINISTRY, STAMPS["th"]).pages
        if page.title == t("exports.report.ministry_radar")
    )
    begin = t("exports.report.median_n", name=MINISTRY, n="")
    assert any(note.startswith(begin) and note != begin for note in page.chart.caption.notes)


def test_a_figure_with_many_rows_is_printed_in_parts_that_lose_no_row():
    report = agency_report(DATA, AGENCY, STAMPS["th"])
    t = translator("th")
    title = t("exports.report.items", **DATA.framework.kinds(t))
    ladder = next(page for page in report.pages if page.title == title)
    parts = drawing_pages(ladder.chart, 10)
    assert len(parts) > 1
    assert [row for part in parts for row in part.rows] == list(ladder.chart.rows)
    assert all(len(part.rows) <= 10 for part in parts)
    assert all(part.finding.endswith(f"({n}/{len(parts)})") for n, part in enumerate(parts, start=1))
    everyone = ministry_report(DATA, MINISTRY, STAMPS["th"])
    (heat,) = (page.chart for page in everyone.pages if page.chart is not None and page.chart.kind == "grid")
    assert len(drawing_pages(heat, 1)) == everyone.stamp.n > 1


def test_every_chart_of_a_report_has_its_finding_in_words_and_a_figure_beside_it():
    pages = [*agency_report(DATA, AGENCY, STAMPS["th"]).pages, *ministry_report(DATA, MINISTRY, STAMPS["th"]).pages]
    charts = [page for page in pages if page.chart is not None]
    assert charts
    for page in charts:
        assert page.chart.finding
        assert figure(page.chart, translator("th")).layout.title.text


@pytest.mark.parametrize("basis", ["claimed", "evidenced"])
def test_reports_of_all_agencies_come_one_by_one_with_speaking_names(framework, basis):
    data = report_data(framework, basis, agencies=3)
    found = dict(agency_reports(data, agencies_of(data), STAMPS["th"]))
    assert len(found) == 3
    assert all(name.endswith("_2569.pptx") and name.startswith("รายงานผลการประเมิน") for name in found)
    assert all(len(Presentation(io.BytesIO(content)).slides) > 8 for content in found.values())


def test_an_agency_without_answers_has_a_report_without_zeros(framework):
    """Nothing answered: no score, no level, and no bar that could be read as zero."""
    data = report_data(framework, agencies=3)
    own = data.scored["agency_code"] == agencies_of(data)[0]
    submission = str(data.scored[own]["submission"].iloc[0])
    blank = data.scored.assign(
        score=data.scored["score"].mask(own),
        level=data.scored["level"].astype("object").mask(own),
        coverage=data.scored["coverage"].mask(own, 0.0),
    )
    answers = data.answers[data.answers["submission"] != submission]
    nothing = replace(
        data,
        scored=blank,
        answers=answers,
        measures=data.measures[data.measures["submission"] != submission],
        measure_results=data.measure_results[data.measure_results["submission"] != submission],
        over_years=None,
    )
    report = agency_report(nothing, agencies_of(data)[0], STAMPS["th"])
    radar = next(page.chart for page in report.pages if page.chart)
    assert not [layer for layer in radar.drawn() if layer.name != translator("th")("charts.median")]
    categories = report.pages[0].table
    assert categories is not None
    assert set(categories[translator("th")("exports.score")]) == {"–"}
    assert "คะแนนรวม –" in words(report_pptx(report))


def test_an_unknown_agency_or_ministry_is_an_error():
    with pytest.raises(KeyError):
        agency_report(DATA, "nobody", STAMPS["th"])
    with pytest.raises(KeyError):
        ministry_report(DATA, "nobody", STAMPS["th"])


def test_the_same_report_gives_the_same_bytes():
    first = report_pptx(agency_report(DATA, AGENCY, STAMPS["th"]))
    assert report_pptx(agency_report(DATA, AGENCY, STAMPS["th"])) == first


def test_text_of_a_workbook_is_no_source_in_the_printed_report(tmp_path):
    named = DATA.scored.assign(agency_name="#panic() *ก* $x$ <b>")
    report = agency_report(replace(DATA, scored=named, over_years=None), AGENCY, STAMPS["th"])
    assert "#panic() *ก* $x$ <b>" in pages_of_pdf(report_pdf(report), tmp_path)[1]


def pages_of_pdf(content: bytes, tmp_path) -> tuple[int, str]:
    source = tmp_path / "report.pdf"
    source.write_bytes(content)
    text = subprocess.run(["pdftotext", str(source), "-"], check=True, capture_output=True).stdout.decode()
    return text.count("\f"), text


def sheets_of(page: Page) -> int:
    """On how many sheets of paper a page is printed."""
    return 1 if page.chart is None else len(drawing_pages(page.chart, 10))


@pytest.mark.parametrize("language", languages())
def test_the_pdf_has_every_page_its_words_and_the_same_bytes(language, tmp_path):
    report = agency_report(DATA, AGENCY, STAMPS[language])
    content = report_pdf(report)
    pages, text = pages_of_pdf(content, tmp_path)
    assert pages == sum(sheets_of(page) for page in report.pages)
    assert translator(language)("exports.report.how") in text
    assert f"{pages}/{pages}" in text
    assert content == report_pdf(report)
