"""What an analyst takes from the pages, without the pages: a comparison of agencies, reports of them."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from pmqa import charts, exports
from pmqa.analysis.gaps import gaps_to_target, next_level_targets
from pmqa.analysis.peers import peer_stats
from pmqa.analysis.trace import traces
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure
from pmqa.cli.choosing import submissions_asked_for
from pmqa.cli.console import Progress
from pmqa.errors import UsageError
from pmqa.exports import ReportData, Stamp
from pmqa.framework import Framework
from pmqa.scoring import OVERALL
from pmqa.settings import read_settings
from pmqa.sources import SOURCES, bases, bases_of, source_of
from pmqa.store import Store
from pmqa.text import BANGKOK, Translator

KINDS: Final = ("overall", "category", "dimension", "item")
TABLE_COLUMNS: Final = (
    "agency_code",
    "agency_name",
    "ministry",
    "agency_type",
    "fiscal_year",
    "basis",
    "kind",
    "scope",
    "scope_name",
    "score",
    "score_max",
    "coverage",
    "level",
)
PICTURES: Final[dict[str, Callable[..., bytes]]] = {"png": exports.to_png, "svg": exports.to_svg, "pdf": exports.to_pdf}


@dataclass(frozen=True)
class Comparison:
    """One fiscal year on one basis: the agencies that were chosen, and those that they are compared with.

    scored: SCORED of the year and basis, of every agency. agencies: the chosen codes, in the order given.
    """

    scored: pd.DataFrame
    agencies: tuple[str, ...]
    framework: Framework
    basis: str
    fiscal_year: int
    source: str
    filters: str
    data_version: str
    t: Translator

    @property
    def chosen(self) -> pd.DataFrame:
        """SCORED of the chosen agencies."""
        return self.scored[self.scored["agency_code"].isin(self.agencies)]

    @cached_property
    def peers(self) -> pd.DataFrame:
        """PEER_STATS of all agencies of the year."""
        return peer_stats(self.scored, minimum=read_settings().peer_minimum)

    def stamp(self, title: str) -> Stamp:
        """What a file of it says about itself."""
        return Stamp(
            title=title,
            basis=self.t.pick(bases()[self.basis].name),
            fiscal_year=self.t.year(self.fiscal_year),
            edition=f"{self.framework.edition} {self.framework.version}",
            n=len(self.agencies),
            filters=self.filters,
            data_version=self.data_version,
            made_on=dt.datetime.now(BANGKOK).date(),
            language=self.t.language,
        )

    @property
    def source_line(self) -> str:
        """Where its numbers are from."""
        return self.t.pick(SOURCES[self.source].line)

    def caption(self, title: str) -> charts.Caption:
        """What a chart of it says about itself."""
        stamp = self.stamp(title)
        source = self.source_line
        return charts.Caption(
            title, stamp.basis, stamp.fiscal_year, stamp.edition, len(self.agencies), source, filters=self.filters
        )


def comparison_of(store: Store, arguments: Namespace, t: Translator) -> Comparison:
    """What the options choose; the latest fiscal year, and every agency, unless told. Raises UsageError."""
    basis = _basis(arguments, t)
    source = source_of(basis).id
    submissions = store.current(None, source=source)
    if arguments.year is None and len(submissions):
        submissions = submissions[submissions["fiscal_year"] == submissions["fiscal_year"].max()]
    found = submissions_asked_for(submissions, arguments, t)
    year = int(found["fiscal_year"].iloc[0])
    # Of the chosen and of those that they are compared with.
    editions = submissions.loc[submissions["fiscal_year"] == year, "edition"].unique()
    scored = store.scored(None, source=source, years=[year], bases=[basis])
    # In the order that was asked for, else by name.
    asked = arguments.agencies or found.sort_values("agency_name")["agency_code"]
    agencies = tuple(dict.fromkeys(asked))
    whose = arguments.ministry or (", ".join(agencies) if arguments.agencies else "")
    if len(editions) > 1:
        raise UsageError(t("cli.export.several_editions", editions=", ".join(sorted(editions))))
    framework = store.frameworks[str(editions[0])]
    return Comparison(scored, agencies, framework, basis, year, source, whose, store.version(), t)


def _basis(arguments: Namespace, t: Translator) -> str:
    """The basis asked for, else the first of the source asked for. Raises UsageError where they contradict."""
    fitting = tuple(bases()) if arguments.source is None else bases_of(arguments.source)
    if arguments.basis not in (None, *fitting):
        words = {"name": f"--source {arguments.source}", "other": f"--basis {arguments.basis}"}
        raise UsageError(t("cli.errors.not_together", **words))
    return str(arguments.basis or fitting[0])


# --- the comparison ---------------------------------------------------------------------------------------------------


def comparison_file(view: Comparison, form: str, chart: str, tables: dict[str, pd.DataFrame]) -> bytes:
    """The comparison in one format. tables: the data behind it, for the workbook. Raises ExportError."""
    title = view.t("cli.export.comparison")
    if form == "csv":
        return exports.to_csv(score_table(view), title, view.stamp(title))
    if form == "xlsx":
        return _workbook(view, tables)
    if form == "pptx":
        return exports.to_pptx(native_charts(view), view.stamp(title))
    if form in PICTURES:
        return PICTURES[form](_picture(view, chart), view.t.language)
    files = {
        f"{title}.xlsx": _workbook(view, tables),
        f"{title}.pptx": exports.to_pptx(native_charts(view), view.stamp(title)),
        f"{title}.csv": exports.to_csv(score_table(view), title, view.stamp(title)),
    }
    files |= {f"{title}-{name}.svg": exports.to_svg(_picture(view, name), view.t.language) for name in CHARTS}
    return exports.to_zip(files, view.stamp(title))


def score_table(view: Comparison) -> pd.DataFrame:
    """The scores of the chosen agencies, long, each scope with its name."""
    rows = view.chosen[view.chosen["kind"].isin(KINDS)]
    names = {
        (kind, scope): view.t("cli.score.overall")
        if kind == "overall"
        else view.framework.scope_name(kind, scope, view.t.language)
        for kind in KINDS
        for scope in view.framework.scopes(kind)
    }
    keys = zip(rows["kind"].astype("str"), rows["scope"].astype("str"), strict=True)
    named = rows.assign(scope_name=[names[key] for key in keys])
    return named[list(TABLE_COLUMNS)].reset_index(drop=True)


def trace_sheet(store: Store, view: Comparison, chosen: pd.DataFrame) -> pd.DataFrame:
    """Where the scores of the chosen agencies come from, down to the cells; a sentence where they are too many.

    chosen: SUBMISSIONS of the agencies.
    """
    if len(chosen) > exports.MOST_TRACED:
        return exports.left_out_sheet(len(chosen), view.t)
    return exports.trace_sheet(_traces(store, view, chosen), view.framework, view.t)


def _traces(store: Store, view: Comparison, chosen: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    names = dict(zip(chosen["submission"].astype("str"), chosen["agency_name"].astype("str"), strict=True))
    for submission, name in names.items():
        ids = [submission]
        scores, answers = store.scores(ids), store.answers(ids)
        measures, results = store.measures(ids), store.measure_results(ids)
        words = {"agency": name, "basis": view.stamp("").basis, "year": view.t.year(view.fiscal_year)}
        scopes = (OVERALL, *view.framework.dimension)
        for rows in traces(scores, answers, measures, results, view.framework, basis=view.basis, scopes=scopes):
            yield view.t("exports.trace.of_one", **words), rows


def native_charts(view: Comparison) -> list[Drawing]:
    """Charts to be edited: profiles, the same values as dots, gaps to the next level, and everybody at a glance.

    More agencies than a radar can show have a radar, dots and gaps each, beside their peers' median.
    """
    t = view.t
    together = len(view.agencies) < charts.MOST_SERIES
    made: list[Drawing] = []
    for group in [view.agencies] if together else [(code,) for code in view.agencies]:
        name = "" if together else f" – {_name(view, group[0])}"
        made += _profiles(view, group, name)
        made += [_gaps(view, code) for code in group]
    overall = charts.dots_data(
        view.chosen, view.framework, t, kind="overall", scope=OVERALL, peers=_peers(view, "overall")
    )
    heat = charts.heatmap_data(view.chosen, view.framework, t, kind="dimension")
    return [
        *made,
        charts.heatmap(heat, view.caption(t("cli.export.heatmap")), view.framework, t),
        charts.dots(overall, view.caption(t("cli.export.overall")), view.framework, t),
    ]


def _profiles(view: Comparison, agencies: tuple[str, ...], name: str) -> list[Drawing]:
    """Radars and the values of the agencies together; of many, one of each an agency is enough."""
    t, colours = view.t, charts.agency_colours(agencies)
    by_dimension, by_category = (_points(view, kind, agencies) for kind in ("dimension", "category"))
    said = view.caption(t("cli.export.profile_dimension") + name)
    radar = charts.radar(by_dimension, said, view.framework, t, colours=colours)
    caption = view.caption(t("cli.export.values") + name)
    dots = charts.dots(by_category, caption, view.framework, t, colours=colours)
    if name:
        return [radar, dots]
    said = view.caption(t("cli.export.profile_category"))
    second = charts.radar(by_category, said, view.framework, t, colours=colours)
    values = charts.dots(by_dimension, view.caption(t("cli.export.values")), view.framework, t, colours=colours)
    return [radar, values, second, dots]


def _gaps(view: Comparison, agency: str) -> Drawing:
    """How far one agency's categories are from their next level."""
    own = view.scored[view.scored["agency_code"] == agency]
    gaps = gaps_to_target(own, next_level_targets(own, view.framework))
    rows = charts.gap_bars_data(gaps, view.framework, view.t, kind="category")
    title = f"{view.t('exports.report.gaps_category')} – {_name(view, agency)}"
    return charts.gap_bars(rows, replace(view.caption(title), n=1), view.framework, view.t)


def _workbook(view: Comparison, tables: dict[str, pd.DataFrame]) -> bytes:
    title = view.t("cli.export.comparison")
    origins = {view.t("exports.origins.title"): exports.origins_table(view.framework, view.t)}
    sheets = {title: score_table(view), **tables, **origins}
    return exports.xlsx_with_charts(native_charts(view), view.stamp(title), sheets)


def _radar(view: Comparison) -> Any:
    points = _points(view, "dimension", view.agencies)
    caption, colours = view.caption(view.t("cli.export.profile_dimension")), charts.agency_colours(view.agencies)
    return figure(charts.radar(points, caption, view.framework, view.t, colours=colours), view.t)


def _dots(view: Comparison) -> Any:
    peers = _peers(view, "overall")
    points = charts.dots_data(view.chosen, view.framework, view.t, kind="overall", scope=OVERALL, peers=peers)
    return figure(charts.dots(points, view.caption(view.t("cli.export.overall")), view.framework, view.t), view.t)


def _heatmap(view: Comparison) -> Any:
    points = charts.heatmap_data(view.chosen, view.framework, view.t, kind="dimension")
    return figure(charts.heatmap(points, view.caption(view.t("cli.export.heatmap")), view.framework, view.t), view.t)


CHARTS: Final[dict[str, Callable[[Comparison], Any]]] = {"radar": _radar, "dots": _dots, "heatmap": _heatmap}


def _picture(view: Comparison, chart: str) -> Any:
    """The figure as a file has it: with the version of its data and the date."""
    return charts.with_origin(_figure(view, chart), view.stamp("").origin_line())


def _figure(view: Comparison, chart: str) -> Any:
    return CHARTS[chart](view)


def _points(view: Comparison, kind: str, agencies: Sequence[str]) -> pd.DataFrame:
    return charts.radar_data(
        view.scored, view.framework, view.t, kind=kind, agencies=agencies, peers=_peers(view, kind)
    )


def _peers(view: Comparison, kind: str) -> pd.DataFrame | None:
    """PEER_STATS, or None where there are too few agencies for a median: an empty line would need explaining."""
    peers = view.peers
    return peers if peers.loc[peers["kind"] == kind, "median"].notna().any() else None


def _name(view: Comparison, code: str) -> str:
    return str(view.scored.loc[view.scored["agency_code"] == code, "agency_name"].iloc[0])


# --- reports ----------------------------------------------------------------------------------------------------------


def report_files(store: Store, view: Comparison, form: str, ministry: str | None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each report: the ministry's, or one for each chosen agency. Raises ExportError."""
    data = _report_data(store, view)
    stamp = view.stamp("")
    suffix: Literal["pptx", "pdf"] = "pdf" if form == "pdf" else "pptx"  # in a zip too
    if ministry is not None:
        report = exports.ministry_report(data, ministry, stamp)
        write = exports.report_pdf if suffix == "pdf" else exports.report_pptx
        yield exports.file_name([report.stamp.title, stamp.fiscal_year], suffix), write(report)
        return
    with Progress(view.t("cli.export.reporting"), len(view.agencies)) as progress:
        stamp = replace(stamp, n=len(view.scored["agency_code"].unique()))
        for name, content in exports.agency_reports(data, view.agencies, stamp, suffix):
            progress.step(name)
            yield name, content


def profile_files(store: Store, view: Comparison, form: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of the one page of each chosen agency; in a zip as PDF. Raises ExportError."""
    every_basis = store.scored(None, source=None, years=[view.fiscal_year], kinds=["overall"])
    stamp = replace(view.stamp(""), n=view.scored["agency_code"].nunique())
    files = exports.one_pagers(
        _report_data(store, view),
        view.agencies,
        stamp,
        "pptx" if form == "pptx" else "pdf",
        every_basis,
        sample=store.has_samples(),
    )
    with Progress(view.t("cli.export.reporting"), len(view.agencies)) as progress:
        for name, content in files:
            progress.step(name)
            yield name, content


def _report_data(store: Store, view: Comparison) -> ReportData:
    ids = list(view.scored["submission"].astype("str").unique())
    results = store.measure_results(ids)
    return ReportData(
        scored=view.scored,
        answers=store.answers(ids),
        measures=store.measures(ids),
        measure_results=results[results["basis"] == view.basis],
        framework=view.framework,
        basis=view.basis,
        source=view.source_line,
        minimum=read_settings().peer_minimum,
        over_years=store.scored(None, source=view.source, bases=[view.basis]),
    )


def write_reports(files: Iterator[tuple[str, bytes]], one: bool, form: str, out: Path, stamp: Stamp) -> list[Path]:
    """One report as a file, several as a folder, or as one zip where that is asked for."""
    write = partial(_written, out)
    if form == "zip":
        return [write(None, exports.to_zip(dict(files), stamp))]
    return [write(None if one and out.suffix else name, content) for name, content in files]


def _written(out: Path, name: str | None, content: bytes) -> Path:
    path = out if name is None else out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
