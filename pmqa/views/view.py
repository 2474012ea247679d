"""The selected view: who looks, in which language, at which year, basis and agencies - and the frames that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from pmqa.charts import Caption, Theme, who_counts
from pmqa.framework import Framework, shipped_frameworks
from pmqa.scoring import OVERALL
from pmqa.sources import source_of
from pmqa.tables import PROSE
from pmqa.text import DEFAULT_LANGUAGE, MISSING, Translator, translator
from pmqa.viewer import Viewer, reach_of
from pmqa.views import data, scores
from pmqa.views.masks import Aliases, Told, aliases_of, masked, told_of
from pmqa.views.reading import as_read
from pmqa.views.selected import Selection
from pmqa.views.since import changed_since
from pmqa.views.words import agency_words, basis_name, round_words, type_name


@dataclass(frozen=True, kw_only=True)
class View(Selection):
    """A selection as somebody sees it, nothing of it blank. Equal views show equal pages, and share what is derived for
    them; `key` says the same in a text.

    version: of the data, as the closed round had them where there is one. peer_minimum: agencies below which no median
    is shown.
    """

    viewer: Viewer
    version: str
    peer_minimum: int
    theme: Theme = "light"

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Everything that tells this view from another, hashable and cheap to compare."""
        return (
            self.language,
            self.theme,
            data.viewer_key(self.viewer),
            self.version,
            self.edition,
            self.fiscal_year,
            self.basis,
            self.ministries,
            self.agency_types,
            self.peer_minimum,
            self.meeting,
            self.with_incomplete,
        )

    @cached_property
    def as_read(self) -> View:
        """The same as what is read and derived for it goes by: nobody in particular with the viewer's reach, in any
        colours and, but in a meeting, which has words in place of names, in any language."""
        language = self.language if self.meeting else DEFAULT_LANGUAGE
        plain = replace(self, viewer=reach_of(self.viewer), theme="light", language=language)
        return self if plain == self else plain

    @property
    def t(self) -> Translator:
        """The sentences of the view's language."""
        return translator(self.language)

    @property
    def framework(self) -> Framework:
        """The edition that the year's submissions follow."""
        return shipped_frameworks()[self.edition]

    @property
    def source(self) -> str:
        """Whose submissions the basis is of."""
        return source_of(self.basis).id

    @cached_property
    def submissions(self) -> pd.DataFrame:
        """SUBMISSIONS of the year, under the view's edition, that pass the filters, by name."""
        return _submissions(self)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of its submissions, in their order."""
        return tuple(self.submissions["submission"].tolist())

    @property
    def of_other_editions(self) -> int:
        """How many agencies pass the filters but sent for the year under another edition, which cannot be compared."""
        return _of_other_editions(self)

    @property
    def scored(self) -> pd.DataFrame:
        """SCORED of the year and basis that pass the filters: one row per agency and scope."""
        return scores.scored_of(self, scores.EVERY)

    @property
    def broad(self) -> pd.DataFrame:
        """SCORED of the year and basis that pass the filters, but those of indicators and measures."""
        return scores.scored_of(self, scores.BROAD)

    def scored_with(self, kind: str) -> pd.DataFrame:
        """SCORED of the year and basis that pass the filters, that kind of scopes among them; `broad` where it is."""
        return self.broad if kind in scores.BROAD else self.scored

    def every_year(self, kind: str) -> pd.DataFrame:
        """SCORED of one kind of scopes on the basis that pass the filters, over all years under the edition but
        `years_left_out`."""
        return scores.every_year_of(self, (kind,))

    @property
    def years(self) -> tuple[int, ...]:
        """The years of `every_year`, the earliest first."""
        return scores.years_of(self)

    def of_year(self, year: int) -> pd.DataFrame:
        """SCORED of another year, as in `every_year`."""
        return scores.scored_of(self, scores.EVERY, year)

    @property
    def years_left_out(self) -> tuple[int, ...]:
        """In a meeting: other years that so few of the view's agencies sent for that aliases would hide nobody."""
        return scores.years_left_out(self)

    @property
    def unfiltered(self) -> pd.DataFrame:
        """SCORED of the year and basis of every agency that the viewer may see, whatever the filters."""
        return scores.unfiltered(self, scores.EVERY)

    @cached_property
    def peers(self) -> pd.DataFrame:
        """PEER_STATS of the view; statistics blank below the least number of agencies that may be shown."""
        return scores.peers_of(self, scores.EVERY)

    def peers_of(self, kind: str) -> pd.DataFrame:
        """The PEER_STATS of a kind of scopes."""
        return scores.peers_of(self, (kind,))

    @property
    def announced(self) -> pd.DataFrame:
        """ANNOUNCED that counts, under the edition, of every year, of agencies that pass the filters.

        Nothing in a meeting: everybody may know what was announced of whom, and would know agencies by it.
        """
        return scores.announced(self)

    @property
    def complete_only(self) -> bool:
        """Whether ranks and statistics count complete agencies alone, as pmqa.analysis asks it."""
        return not self.with_incomplete

    def peer_row(self, kind: str, scope: str) -> pd.Series[Any] | None:
        """The PEER_STATS row of a scope; None where nobody has it."""
        peers = self.peers_of(kind)
        rows = peers[peers["scope"] == scope]
        return None if rows.empty else rows.iloc[0]

    @cached_property
    def agencies(self) -> dict[str, str]:
        """Code -> name of the agencies of the view, by name."""
        return _agencies(self)

    def agency_label(self, agency: str) -> str:
        """An agency as selectors show it: with its code, by which it is found too; in a meeting it has none."""
        name = self.agencies.get(agency, agency)
        return name if self.meeting else agency_words(agency, name)

    def submission_id(self, agency: str) -> str:
        """The agency's submission of the year and source. Raises KeyError for an agency that is not in the view."""
        return _submission_ids(self)[agency]

    @property
    def every_submission(self) -> pd.DataFrame:
        """SUBMISSIONS that count of every year, from the view's source; in a meeting, of the years in `every_year`."""
        rows = scores.followed(self, data.submissions(self.version, self.viewer, self.source))
        if self.meeting:
            rows = rows[rows["submission"].isin(scores.every_year_of(self, (OVERALL,))["submission"])]
        return self.masked(rows)

    @property
    def received(self) -> pd.DataFrame:
        """SUBMISSIONS that were ever received, from both sources, latest first."""
        return self.masked(scores.followed(self, data.received(self.version, self.viewer)))

    def answers(self, *submissions: str, texts: tuple[str, ...] = PROSE) -> pd.DataFrame:
        """ANSWERS of submissions by id; of texts that are not asked for, whether there is evidence."""
        return self.masked(data.answers(self.version, self.viewer, submissions, texts))

    def measures(self, *submissions: str) -> pd.DataFrame:
        """MEASURES of submissions by id."""
        return self.masked(data.measures(self.version, self.viewer, submissions))

    def figures(self, *submissions: str) -> pd.DataFrame:
        """The same with units as the only words of theirs."""
        return self.masked(data.figures(self.version, self.viewer, submissions))

    def measure_results(self, *submissions: str) -> pd.DataFrame:
        """MEASURE_RESULTS of submissions by id, of the view's basis."""
        return self.masked(data.measure_results(self.version, self.viewer, submissions, self.basis))

    # --- names ----------------------------------------------------------------------------------------------------

    def masked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame as this view may show it: in a meeting, with aliases and without what agencies wrote."""
        if not self.meeting:
            return frame
        return masked(self.in_order(frame), self.aliases, self.told, self.t)

    def in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame, in a meeting in the order of the aliases: the order of codes or of arrival could be known."""
        if not self.meeting:
            return frame
        if "agency_code" in frame:
            places = frame["agency_code"].map(self.aliases.agencies)
        elif "submission" in frame:
            places = frame["submission"].map(_owners(self))
        else:
            return frame
        return frame.iloc[places.astype("str").argsort(kind="stable")]

    @property
    def named(self) -> View:
        """The same with names and texts: to derive from what agencies wrote, never to show."""
        return replace(self, meeting="")

    @property
    def aliases(self) -> Aliases:
        """The aliases of the meeting."""
        return aliases_of(self.version, self.meeting)

    @property
    def told(self) -> Mapping[str, Told]:
        """Code -> what the meeting is told of the agencies of the view."""
        return _told(self)

    def code(self, agency: str) -> str:
        """The code behind an agency of the view: of an alias, in a meeting."""
        if not self.meeting:
            return agency
        return next((code for code, alias in self.aliases.agencies.items() if alias == agency), "")

    @property
    def tells_too_much(self) -> bool:
        """Whether the filters leave so few agencies that aliases hide nobody."""
        return bool(self.meeting) and len(self.submissions) < self.peer_minimum

    # --- words ----------------------------------------------------------------------------------------------------

    @property
    def basis_name(self) -> str:
        """The basis as shown beside scores."""
        return basis_name(self.basis, self.t)

    @property
    def source_line(self) -> str:
        """Where the numbers are from, as it stands below charts."""
        return self.t.pick(source_of(self.basis).line)

    @property
    def filters(self) -> str:
        """The closed round and what has changed since, the filter in words, and whether incomplete agencies count; "" =
        nothing of these."""
        types = [type_name(agency_type, self.t) for agency_type in self.agency_types]
        counted = self.t("ui.counted_too") if self.with_incomplete else ""
        parts = (self.round_name, changed_since(self), ", ".join(self.ministries), ", ".join(types), counted)
        return " · ".join(part for part in parts if part)

    @property
    def round_name(self) -> str:
        """In words, the closed round that the view is of; "" for the present."""
        return round_words(data.rounds(self.version), self.closed, self.t) if self.closed else ""

    @property
    def who_counts(self) -> str:
        """In words: the agencies that ranks and statistics are of."""
        return who_counts(self.t, incomplete=self.with_incomplete)

    @property
    def too_few_for_median(self) -> str:
        """The sentence that stands where no median is shown."""
        return self.t("ui.too_few_for_median", minimum=self.peer_minimum, counted=self.who_counts)

    def scope_name(self, kind: str, scope: str) -> str:
        """A scope with its number: "3 Customers", "1.2 ...", "Digitalization", "Overall"."""
        if kind == "overall":
            return self.t("ui.overall")
        name = self.framework.scope_name(kind, scope, self.language)
        return name if kind == "dimension" else f"{scope} {name}"

    def level_name(self, level: str | None) -> str:
        """A level as people call it; MISSING where there is no score."""
        if level is None or pd.isna(level):
            return MISSING
        return self.framework.level_name(level, self.t)

    def level_names(self, levels: Iterable[str | None]) -> list[str]:
        """Each level as people call it."""
        every = list(levels)
        words = {level: self.level_name(level) for level in set(every)}
        return [words[level] for level in every]

    def caption(self, title: str, n: int, *notes: str, years: Iterable[int] = ()) -> Caption:
        """What a figure of this view says about itself; years: those that it spans, where it shows others too."""
        spanned = sorted(set(years)) or [self.fiscal_year]
        return Caption(
            title=title,
            basis=self.basis_name,
            fiscal_year=" – ".join(self.t.year(year) for year in dict.fromkeys((spanned[0], spanned[-1]))),
            edition=self.framework.called(self.t),
            n=n,
            source=self.source_line,
            notes=notes,
            filters=self.filters,
            incomplete=self.with_incomplete,
        )


@as_read(most=128)
def _submissions(view: View) -> pd.DataFrame:
    return view.masked(_sent(view)).sort_values("agency_name", kind="stable")


@as_read(most=128)
def _of_other_editions(view: View) -> int:
    return len(_of_year(view)) - len(_sent(view))


def _sent(view: View) -> pd.DataFrame:
    """SUBMISSIONS that the view is about, with the names of their agencies."""
    rows = _of_year(view)
    return rows[rows["edition"] == view.edition]


def _of_year(view: View) -> pd.DataFrame:
    every = scores.followed(view, data.submissions(view.version, view.viewer, view.source))
    return scores.passing(view, every[every["fiscal_year"] == view.fiscal_year])


@as_read(most=128)
def _agencies(view: View) -> dict[str, str]:
    rows = view.submissions
    return dict(zip(rows["agency_code"].tolist(), rows["agency_name"].tolist(), strict=True))


@as_read(most=128)
def _submission_ids(view: View) -> dict[str, str]:
    rows = view.submissions
    return dict(zip(rows["agency_code"].tolist(), rows["submission"].tolist(), strict=True))


@as_read(most=128)
def _told(view: View) -> Mapping[str, Told]:
    """What a meeting is told of the agencies of the view."""
    return told_of(_sent(view), view.peer_minimum)


@as_read(most=32)
def _owners(view: View) -> dict[str, str]:
    """Submission -> alias of its agency."""
    rows = scores.followed(view, data.received(view.version, view.viewer))
    return dict(zip(rows["submission"], rows["agency_code"].map(view.aliases.agencies), strict=True))
