"""What reports of a view are made from, and what they say about themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

import pandas as pd

from pmqa.exports import ReportData, Stamp, briefing, briefing_file, one_pagers
from pmqa.sources import bases, source_of
from pmqa.text import BANGKOK
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.view import View


@shared(most=4)
def report_data(view: View) -> ReportData:
    """What reports of the view are made from."""
    ids = tuple(view.submissions["submission"])
    return ReportData(
        scored=view.scored,
        answers=view.answers(*ids),
        measures=view.measures(*ids),
        measure_results=view.measure_results(*ids),
        framework=view.framework,
        basis=view.basis,
        source=view.source_line,
        minimum=view.peer_minimum,
        over_years=view.every_year,
        peers=view.peers,
        complete_only=view.complete_only,
    )


def report_stamp(view: View) -> Stamp:
    """What reports of the view say about themselves; each gives its own title."""
    return Stamp(
        title=view.t("pages.title.report"),
        basis=view.basis_name,
        fiscal_year=view.t.year(view.fiscal_year),
        edition=f"{view.edition} {view.framework.version}",
        n=len(view.agencies),
        filters=view.filters,
        data_version=view.version.rpartition("@")[2],
        made_on=dt.datetime.now(BANGKOK).date(),
        language=view.language,
    )


def profiles(
    view: View, agencies: Iterable[str], stamp: Stamp, form: Literal["pptx", "pdf"], template: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and content of the one page of each agency. Raises ExportError where it cannot be made."""
    every, sample = _on_every_basis(view), data.has_samples(view.version)
    return one_pagers(report_data(view), agencies, stamp, form, every, sample=sample, template=template)


def briefing_of(
    view: View, ministry: str, stamp: Stamp, form: Literal["pptx", "pdf"], template: bytes | None = None
) -> bytes:
    """The one page of a ministry. Raises ExportError where it cannot be made."""
    status = data.status(view.version, view.viewer, view.fiscal_year, view.source)
    every, sample = _on_every_basis(view), data.has_samples(view.version)
    return briefing_file(
        briefing(report_data(view), ministry, stamp, every, status, sample=sample), stamp, form, template
    )


def _on_every_basis(view: View) -> pd.DataFrame:
    """SCORED of the year's overall on every basis."""
    every = [data.scored(view.version, view.viewer, source_of(one).id, one) for one in bases()]
    return pd.concat([rows[(rows["kind"] == "overall") & (rows["fiscal_year"] == view.fiscal_year)] for rows in every])
