"""Two submissions of an agency side by side: as cards, and as the workbook that the command line writes too."""

from __future__ import annotations

import datetime as dt

from pmqa.analysis.versions import Differences, differences, versions
from pmqa.errors import CardGone
from pmqa.exports import Stamp, to_xlsx
from pmqa.framework import Framework, shipped_frameworks
from pmqa.sources import bases
from pmqa.text import BANGKOK, Translator
from pmqa.views import data
from pmqa.views.memory import shared
from pmqa.views.view import View
from pmqa.workbook.differing import difference_tables, share_formats


@shared(most=16)
def found_between(view: View, before: str, after: str) -> tuple[Differences, Framework]:
    """What the second says otherwise than the first, and the edition of the second.

    Raises CardGone for one submission twice, and for two agencies', which are no versions of one another.
    """
    if before == after:
        raise CardGone(view.t("agency_page.same_version"))
    ids = (before, after)
    history, expected = (read(view.version, view.viewer) for read in (data.history, data.expectations))
    both = versions(history, expected, ids)
    if both["agency_code"].nunique() > 1:
        one, other = both["agency_code"]
        raise CardGone(view.t("cli.diff.two_agencies", before=before, after=after, one=one, other=other))
    framework = shipped_frameworks()[both["edition"].iloc[-1]]
    answers, measures, scores = (
        read(view.version, view.viewer, ids) for read in (data.answers, data.measures, data.scores)
    )
    return differences(both, answers, measures, scores, framework), framework


def workbook(found: Differences, framework: Framework, version: str, t: Translator) -> bytes:
    """The tables of the difference as a workbook. version: of the data, as it is shown."""
    return to_xlsx(difference_tables(found, framework, t), _stamp(found, framework, version, t), share_formats(t))


def _stamp(found: Differences, framework: Framework, version: str, t: Translator) -> Stamp:
    rows = found.versions
    before, after = rows["submission"]
    used = [t.pick(bases()[basis].name) for basis in found.effects["basis"].unique()]
    return Stamp(
        title=t("differing.title", before=before, after=after, agency=rows["agency_name"].iloc[-1]),
        basis=", ".join(used),
        fiscal_year=", ".join(t.year(int(year)) for year in sorted(rows["fiscal_year"].unique())),
        edition=t.pick(framework.name),
        n=None,
        filters="",
        data_version=version,
        made_on=dt.datetime.now(BANGKOK).date(),
        language=t.language,
    )
