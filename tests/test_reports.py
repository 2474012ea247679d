"""Reports: an agency's and a ministry's, in both languages, as slides and as PDF: lists of cards."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation

from pmqa.charts.drawing import MANY_COLUMNS
from pmqa.charts.render import figure
from pmqa.demo import demo_submissions
from pmqa.errors import CardGone
from pmqa.exports import Page, one_pager_file, report_pdf, report_pptx
from pmqa.exports.drawings import drawing_pages
from pmqa.exports.report_pdf import ROOM, printed
from pmqa.framework import Framework
from pmqa.store import Incoming, Store
from pmqa.text import languages, translator
from pmqa.views import data
from pmqa.views.paper.agency import one_pager
from pmqa.views.reporting import agency_report, agency_reports, ministry_report
from pmqa.views.view import View
from tests.pages import a_view
from tests.reported import view_of

pytestmark = pytest.mark.slow  # whole reports are made


@pytest.fixture(scope="module")
def view(nine: Store) -> View:
    return view_of(nine, "en")


@pytest.fixture(scope="module")
def agency(view: View) -> str:
    return sorted(view.agencies)[0]


@pytest.fixture(scope="module")
def ministry(view: View) -> str:
    return str(view.submissions["ministry"].astype("str").value_counts().index[0])


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
def test_an_agencys_report_has_profile_items_gaps_indicators_years_and_method(view, agency, language):
    view, t = replace(view, language=language), translator(language)
    report = agency_report(view, agency)
    assert report.pages[0].topic.startswith(report.stamp.title)
    kinds = [page.chart.kind if page.chart else "table" for page in report.pages[:-2]]
    assert kinds == ["table", "radar", *["rows"] * 5, "table", "rows", "table", "course"]
    assert report.pages[-2].topic.startswith(t("exports.origins.title"))
    assert report.pages[-1].title == t("exports.report.how")
    content, first = report_pptx(report), one_pager(view, agency, report.stamp)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(content)).slides]
    assert titles[:2] == [first.finding, first.where]
    shown = words(content)
    assert view.basis_name in shown
    assert report.stamp.data_version in shown
    overall = view.scored[(view.scored["agency_code"] == agency) & (view.scored["kind"] == "overall")]["score"].iloc[0]
    assert t.number(overall) in shown


@pytest.mark.parametrize("language", languages())
def test_a_ministrys_report_has_its_agencies_levels_profile_and_what_to_work_on(view, ministry, language):
    view, t = replace(view, language=language), translator(language)
    report = ministry_report(view, ministry)
    own = view.scored[view.scored["ministry"] == ministry]
    assert report.stamp.n == own["agency_code"].nunique()
    kinds = [page.chart.kind if page.chart else "table" for page in report.pages[:-2]]
    assert kinds == ["table", "rows", "radar", "rows", "grid", "rows", "rows", "table"]
    assert report.pages[-1].title == t("exports.report.how")
    shown = words(report_pptx(report))
    assert all(name in shown for name in own["agency_name"].astype("str").unique())
    heat, gaps = report.pages[4].chart, report.pages[5].chart
    assert len(heat.columns) == len(view.framework.scopes("item"))
    assert len(heat.rows) == len(gaps.rows) == report.stamp.n


def test_a_report_says_of_every_part_of_the_framework_whether_it_is_official(view, agency, ministry):
    for report in (agency_report(view, agency), ministry_report(view, ministry)):
        page = next(p for p in report.pages if p.topic.startswith(view.t("exports.origins.title")))
        assert str(sum(origin.official for origin in view.framework.origins)) in page.title
        said = {what: (label, source) for what, label, source in page.table.itertuples(index=False)}
        for origin in view.framework.origins:
            label = view.t("exports.origins.official" if origin.official else "exports.origins.own")
            assert said[view.t.pick(origin.what)] == (label, view.t.pick(origin.source))
        assert len(said) == len(view.framework.origins)


def test_a_ministrys_success_rates_are_medians_with_their_n_and_none_of_too_few(view, ministry):
    title, median = view.t("exports.report.ministry_indicators"), view.t("exports.report.median_rate")
    (few,) = (page for page in ministry_report(view, ministry).pages if page.topic.startswith(title))
    pages = ministry_report(replace(view, peer_minimum=2), ministry).pages
    (table,) = (page for page in pages if page.topic.startswith(title))
    (chart,) = (page for page in pages if page.chart is not None and page.title == title)
    assert table.title == chart.chart.finding
    assert set(few.table[median]) == {"–"}
    own = replace(view, ministries=(ministry,))
    rates = own.measure_results(*own.submissions["submission"]).dropna(subset="success_rate")
    by_indicator = rates.groupby(rates["indicator"].astype("str"))
    counts = by_indicator["submission"].nunique()
    assert len(table.table) == len(counts)
    expected = by_indicator["success_rate"].median()[counts >= 2]
    drawn = [c.value for layer in chart.chart.layers if layer.mark == "dot" for c in layer.cells if c.value is not None]
    assert sorted(drawn) == pytest.approx(sorted(expected))
    assert all("n = " in row.name for row in chart.chart.rows)


def test_a_median_of_fewer_agencies_than_the_least_is_in_no_report(view, agency):
    radar = next(page.chart for page in agency_report(replace(view, peer_minimum=100), agency).pages if page.chart)
    assert len(list(radar.drawn())) == 1


def test_what_is_about_one_agency_says_so_and_a_median_says_of_how_many(view, agency):
    pages = agency_report(view, agency).pages
    charts = [page.chart for page in pages if page.chart]
    n = view.peers[view.peers["kind"] == "category"].astype({"scope": "str"}).set_index("scope")["n"]
    assert [chart.caption.n for chart in charts] == [len(view.agencies), n.max(), *[1] * (len(charts) - 2)]
    tables = [page for page in pages[:-2] if page.table is not None]
    assert all("n = 1 agency" in page.topic for page in tables)
    said = pages[0].table[view.t("ui.n_peers")].tolist()
    assert said == [str(n[category.id]) for category in view.framework.categories]


@pytest.mark.parametrize(("minimum", "says_why"), [(1, False), (99, True)])
def test_a_ministrys_first_page_gives_its_median_or_says_why_there_is_none(view, ministry, minimum, says_why):
    first = " ".join(ministry_report(replace(view, peer_minimum=minimum), ministry).pages[0].lines)
    assert ("No median: " in first) is says_why
    assert ("lowest" in first) is not says_why


def test_a_ministrys_median_says_of_how_many_it_is(view, ministry):
    pages = ministry_report(replace(view, peer_minimum=2), ministry).pages
    page = next(page for page in pages if page.title == view.t("exports.report.ministry_radar"))
    begin = view.t("exports.report.median_n", name=ministry, n="")
    assert any(note.startswith(begin.rstrip()) and note != begin for note in page.chart.caption.notes)


def test_a_figure_with_many_rows_is_printed_in_parts_that_lose_no_row(view, agency, ministry):
    ladder = agency_report(view, agency).pages[3].chart
    parts = drawing_pages(ladder, 10)
    assert len(parts) > 1
    assert [row for part in parts for row in part.rows] == list(ladder.rows)
    assert all(len(part.rows) <= 10 for part in parts)
    assert all(part.finding.endswith(f"({n}/{len(parts)})") for n, part in enumerate(parts, start=1))
    everyone = ministry_report(view, ministry)
    (heat,) = (page.chart for page in everyone.pages if page.chart is not None and page.chart.kind == "grid")
    parts = drawing_pages(heat, 1)
    assert {(row.key, column.key) for part in parts for row in part.rows for column in part.columns} == {
        (row.key, column.key) for row in heat.rows for column in heat.columns
    }
    assert len(parts) == -(-len(heat.columns) // MANY_COLUMNS) * everyone.stamp.n > everyone.stamp.n > 1


def test_a_printed_figure_fills_its_page_with_few_rows_too(view, agency, ministry):
    pages = [*agency_report(view, agency).pages, *ministry_report(view, ministry).pages]
    rows = [page.chart for page in pages if page.chart is not None and page.chart.kind == "rows"]
    filled = [scene.height / scene.width / (ROOM[1] / ROOM[0]) for chart in rows for scene in printed(chart, view.t)]
    assert len(filled) > 5
    assert min(filled) > 0.7


def test_every_chart_of_a_report_has_its_finding_in_words_and_a_figure_beside_it(view, agency, ministry):
    charts = [p.chart for p in (*agency_report(view, agency).pages, *ministry_report(view, ministry).pages) if p.chart]
    assert charts
    for chart in charts:
        assert chart.finding
        assert figure(chart, view.t).layout.title.text


@pytest.mark.parametrize("basis", ["claimed", "evidenced"])
def test_reports_of_all_agencies_come_one_by_one_with_speaking_names(view, basis):
    some = list(view.agencies)[:3]
    found = dict(agency_reports(replace(view, language="th", basis=basis), some))
    assert len(found) == 3
    assert all(name.endswith("_2569.pptx") and name.startswith("รายงานผลการประเมิน") for name in found)
    assert all(len(Presentation(io.BytesIO(content)).slides) > 8 for content in found.values())


@pytest.fixture
def odd(framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    """Three agencies: the first has answered nothing, the second has a name that could be markup."""
    sent = [one for one in demo_submissions(framework, 3, 1) if one.source == "self"]
    sent[0] = replace(sent[0], answers=tuple(replace(a, met=None) for a in sent[0].answers), measures=())
    sent[1] = replace(sent[1], agency_name="#panic() *ก* $x$ <b>")
    with Store(tmp_path / "odd.duckdb") as store:
        store.recording.record_many(
            [Incoming(one, str(n).encode(), f"{n}.xlsx") for n, one in enumerate(sent)], received_by="t"
        )
    monkeypatch.setenv("PMQA_DATABASE", str(tmp_path / "odd.duckdb"))
    return a_view("th", basis="evidenced", version=data.version())


def test_an_agency_without_answers_has_a_report_without_zeros(odd):
    """Nothing answered: no score, no level, and no bar that could be read as zero."""
    report = agency_report(odd, "DEMO-001")
    radar = next(page.chart for page in report.pages if page.chart)
    assert not [layer for layer in radar.drawn() if layer.name != odd.t("charts.median")]
    process = report.pages[0].table.iloc[:-1]  # of results, what is required and not reported counts as zero
    assert set(process[odd.t("ui.score")]) == {"–"}
    assert "คะแนนรวม –" in " ".join(report.pages[0].lines)
    assert one_pager(odd, "DEMO-001", report.stamp).finding in words(report_pptx(report))


def test_text_of_a_workbook_is_no_source_in_the_printed_report(odd, tmp_path):
    assert "#panic() *ก* $x$ <b>" in pages_of_pdf(report_pdf(agency_report(odd, "DEMO-002")), tmp_path)[1]


def test_an_unknown_agency_or_ministry_has_no_report(view):
    for make in (agency_report, ministry_report):
        with pytest.raises(CardGone, match="nobody"):
            make(view, "nobody")


def pages_of_pdf(content: bytes, tmp_path) -> tuple[int, str]:
    source = tmp_path / "report.pdf"
    source.write_bytes(content)
    text = subprocess.run(["pdftotext", str(source), "-"], check=True, capture_output=True).stdout.decode()
    return text.count("\f"), text


def sheets_of(page: Page, language: str) -> int:
    """On how many sheets of paper a page is printed."""
    return 1 if page.chart is None else len(printed(page.chart, translator(language)))


@pytest.mark.parametrize("language", languages())
def test_the_pdf_has_the_one_page_then_every_page_and_its_words(view, agency, language, tmp_path):
    view = replace(view, language=language)
    report = agency_report(view, agency)
    content = report_pdf(report)
    pages, text = pages_of_pdf(content, tmp_path)
    alone = one_pager_file(one_pager(view, agency, report.stamp), report.stamp, "pdf")
    assert text.partition("\f")[0].replace(f"1/{pages}", "1/1") == pages_of_pdf(alone, tmp_path)[1].partition("\f")[0]
    assert pages == 1 + sum(sheets_of(page, language) for page in report.pages)
    assert translator(language)("exports.report.how") in text
    assert f"{pages}/{pages}" in text
