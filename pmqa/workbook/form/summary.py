"""The score sheet: live formulas for every item, category, indicator and the overall, so that people see their score
before they send the form.

Visible: what a score is of, the score on each basis with its upper bound and level, coverage; for indicators the points
of each measure. Hidden columns on the right hold the counts, positions and rates that the scores are made from, and the
charts' copies, in which a missing score is #N/A and so a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pmqa.framework import Framework, Indicator, Item
from pmqa.scoring import BELOW, OVERALL
from pmqa.sources import SOURCES, Basis
from pmqa.submission import MOST_MEASURES
from pmqa.text import Translator
from pmqa.workbook import layout
from pmqa.workbook.form import formulas
from pmqa.workbook.form.answers import criterion_columns
from pmqa.workbook.form.charts import add_charts
from pmqa.workbook.form.content import Content
from pmqa.workbook.form.formulas import number, text
from pmqa.workbook.form.grid import for_paper, heading_look, link, on_two_pages, protect
from pmqa.workbook.form.looks import GREY, KEY, TEXT_SIZE, TITLE, Look, Painter, Value, line_count, set_height
from pmqa.workbook.form.values import NO_VALUE, Scored

TITLE_HEIGHT: Final = 30
ALL_CATEGORIES: Final = "1–7"  # the overall, as findings of the score sheet name it
NAME_WIDTH: Final = 44.0
CHART_COLUMNS: Final = 6  # visible columns on the right of the table: charts, and the points of measures below them
CHART_COLUMN_WIDTH: Final = 14.0
MEASURE_CELLS: Final = ("place", "ahead", "rate")  # of each measure, hidden

NAME: Final = Look()
POINTS: Final = Look(align="center", number_format="0.0", middle=False)
SHARE: Final = Look(align="center", number_format="0%")
HIDDEN: Final = Look(border=False, size=10.0, colour="808A96", wrap=False)


@dataclass(frozen=True)
class _Page:
    """The sheet with what every row of it needs."""

    sheet: Worksheet
    painter: Painter
    framework: Framework
    t: Translator
    bases: tuple[Basis, ...]
    letters: dict[str, str]  # column key -> letters, on this sheet
    levels: tuple[str, ...]  # below, then the levels, by name
    scored: Scored | None  # what the formulas come to

    def at(self, key: str, row: int) -> str:
        return f"{self.letters[key]}{row}"

    def span(self, key: str, rows: Sequence[int]) -> str:
        letter = self.letters[key]
        return f"{letter}{rows[0]}:{letter}{rows[-1]}"

    def write(self, key: str, row: int, formula: str, look: Look, value: Value | None = None) -> None:
        self.painter.formula(self.sheet, row, self._number(key), f"={formula}", look, value)

    def score(self, basis: str, scope: str, part: str = "score") -> Value | None:
        """What a formula of a scope comes to: "" where there is no score, None where it is not known.

        part: score, score_max, coverage, level.
        """
        if self.scored is None:
            return None
        value = self.scored.rows[basis, scope][part]
        if part == "level" and isinstance(value, str):
            return self.framework.level_name(value, self.t)
        return "" if value is None else value

    def put(self, key: str, row: int, value: str | float, look: Look) -> None:
        self.painter.put(self.sheet, row, self._number(key), value, look)

    def _number(self, key: str) -> int:
        return list(self.letters).index(key) + 1


def write_summary(
    sheet: Worksheet, painter: Painter, framework: Framework, content: Content, scored: Scored | None, t: Translator
) -> dict[str, tuple[str, str]]:
    """The whole sheet, with its charts. Returns the cell of each scope's first score; of the overall under "1–7"."""
    page = _start(sheet, painter, framework, content, scored, t)
    row = layout.FIRST_ROW
    overall, index_row, row = row, row + 1, row + 2
    category_rows = {category.id: row + place for place, category in enumerate(framework.categories)}
    row += len(category_rows)
    item_rows = {item.id: row + place for place, item in enumerate(framework.items)}
    row += len(item_rows)
    indicator_heading, row = row, row + 1
    indicators = [i for item in framework.items_with_indicators for i in framework.indicators_of[item.id]]
    indicator_rows = {indicator.id: row + place for place, indicator in enumerate(indicators)}
    last_row = row + len(indicators) - 1

    _mean(
        page,
        overall,
        OVERALL,
        t("form.overall"),
        t("form.overall_name", n=len(framework.categories)),
        list(category_rows.values()),
    )
    for category in framework.categories:
        rows = [item_rows[item.id] for item in framework.items_of[category.id]]
        label = t("form.category_label", number=category.id)
        _mean(page, category_rows[category.id], category.id, label, t.pick(category.name), rows)
    letters_of = {column.key: get_column_letter(place) for place, column in enumerate(criterion_columns(content), 1)}
    for item in framework.items_with_criteria:
        _process_item(page, item_rows[item.id], item, letters_of)
    for item in framework.items_with_indicators:
        rows = [indicator_rows[indicator.id] for indicator in framework.indicators_of[item.id]]
        _result_item(page, item_rows[item.id], item, rows)
    _indicator_headings(page, indicator_heading)
    for indicator in indicators:
        _indicator(page, indicator_rows[indicator.id], indicator)
    for scope, scored_row in {**category_rows, **item_rows}.items():
        _chart_copies(page, scored_row, scope)
    _index(page, index_row, overall)
    _say_what_next(page, overall, list(category_rows.values()))
    for category in framework.categories:
        link(sheet.cell(category_rows[category.id], 3), layout.category_sheet(category.id))
    sheet.row_breaks.append(Break(indicator_heading - 1))  # a heading stands above its rows
    add_charts(
        sheet,
        t,
        page.bases,
        labels=page.letters["label"],
        columns={basis.id: page.letters[f"chart_{basis.id}"] for basis in page.bases},
        categories=list(category_rows.values()),
        items=list(item_rows.values()),
        beside=(page.letters["beside_1"], page.letters[f"beside_{CHART_COLUMNS}"]),
        scale=(framework.scoring.scale_min, framework.scoring.scale_max),
    )
    sheet.print_area = f"B1:{page.letters[f'beside_{CHART_COLUMNS}']}{last_row}"
    protect(sheet)
    first = page.letters[page.bases[0].id]
    scope_rows = {ALL_CATEGORIES: overall, **category_rows, **item_rows, **indicator_rows}
    return {scope: (sheet.title, f"{first}{scope_row}") for scope, scope_row in scope_rows.items()}


def _start(
    sheet: Worksheet, painter: Painter, framework: Framework, content: Content, scored: Scored | None, t: Translator
) -> _Page:
    bases = SOURCES[content.source].bases
    headings = {layout.SCORE_SCOPE: ("", 8.0), "label": (t("form.code"), 9.0), "name": (t("form.name"), NAME_WIDTH)}
    for basis in bases:
        headings[basis.id] = (t("form.score_of", basis=t.pick(basis.name)), 17.0)
        headings[f"{basis.id}_max"] = (t("form.score_max"), 14.0)
        headings[f"{basis.id}_level"] = (t("form.level"), 20.0)
    headings["coverage"] = (t("form.coverage"), 12.0)
    beside = {f"beside_{place}": ("", CHART_COLUMN_WIDTH) for place in range(1, CHART_COLUMNS + 1)}
    keys = [*headings, *beside, *_hidden_keys(framework, bases)]
    letters = {key: get_column_letter(place) for place, key in enumerate(keys, 1)}
    page = _Page(sheet, painter, framework, t, bases, letters, _level_names(framework, t), scored)
    painter.put(sheet, layout.TITLE_ROW, 2, t("form.summary_title"), TITLE)
    sheet.row_dimensions[layout.TITLE_ROW].height = TITLE_HEIGHT
    sheet.row_dimensions[layout.KEY_ROW].hidden = True
    for key in keys:
        page.put(key, layout.KEY_ROW, key, KEY)
        column = sheet.column_dimensions[letters[key]]
        if key in headings or key in beside:
            heading, column.width = {**headings, **beside}[key]
            if heading:
                page.put(key, layout.HEADING_ROW, heading, heading_look("form"))
        else:
            column.hidden = True
    sheet.column_dimensions[letters[layout.SCORE_SCOPE]].hidden = True
    set_height(sheet, layout.HEADING_ROW, 3)
    sheet.freeze_panes = f"D{layout.FIRST_ROW}"
    sheet.print_title_rows = f"{layout.TITLE_ROW}:{layout.HEADING_ROW}"
    for_paper(sheet)
    if len(bases) > 1:
        on_two_pages(sheet, f"{letters['label']}:{letters['name']}")
    return page


def _level_names(framework: Framework, t: Translator) -> tuple[str, ...]:
    return tuple(framework.level_name(level, t) for level in (BELOW, *framework.level))


def _hidden_keys(framework: Framework, bases: Sequence[Basis]) -> list[str]:
    levels = [level.id for level in framework.levels]
    places = range(1, MOST_MEASURES + 1)
    return [
        *(f"of_{level}" for level in levels),
        *(f"{basis.id}_met_{level}" for basis in bases for level in levels),
        *(f"unanswered_{level}" for level in levels),
        "core",
        "measures",
        *(f"row_{place}" for place in places),
        *(f"{key}_{place}" for key in MEASURE_CELLS for place in places),
        *(f"chart_{basis.id}" for basis in bases),
    ]


def _say_what_next(page: _Page, overall: int, categories: list[int]) -> None:
    """What to do next, beside the title: the category with the least answered, or to send the form."""
    coverage, labels = page.span("coverage", categories), page.span("label", categories)
    least = f"INDEX({labels},MATCH(MIN({coverage}),{coverage},0))"
    open_ = f'{text(page.t("form.next_open"))}&" "&{least}'
    line = f"IF({page.at('coverage', overall)}<1,{open_},{text(page.t('form.next_send'))})"
    page.write(page.bases[0].id, layout.TITLE_ROW, line, TITLE._replace(size=TEXT_SIZE), _next(page))


def _next(page: _Page) -> str | None:
    if page.scored is None:
        return None
    basis, scopes = page.bases[0].id, [category.id for category in page.framework.categories]
    covered = {scope: page.scored.rows[basis, scope]["coverage"] or 0.0 for scope in scopes}
    if page.scored.rows[basis, OVERALL]["coverage"] == 1:
        return page.t("form.next_send")
    least = min(scopes, key=lambda scope: covered[scope])
    return f"{page.t('form.next_open')} {page.t('form.category_label', number=least)}"


def _name(page: _Page, row: int, scope: str, label: str, name: str, *, bold: bool = False) -> None:
    page.put(layout.SCORE_SCOPE, row, scope, HIDDEN._replace(number_format="@"))
    page.put("label", row, label, Look(align="center", bold=bold, number_format="@"))
    page.put("name", row, name, NAME._replace(bold=bold))
    set_height(page.sheet, row, line_count(name, NAME_WIDTH))


def _mean(page: _Page, row: int, scope: str, label: str, name: str, parts: list[int]) -> None:
    """A category or the overall: the mean of its parts, a missing one counting as 0 below and as the most above."""
    _name(page, row, scope, label, name, bold=True)
    points, share = (look._replace(fill=GREY, bold=True) for look in (POINTS, SHARE))
    for basis in page.bases:
        score, bound = page.span(basis.id, parts), page.span(f"{basis.id}_max", parts)
        mean = f"SUM({score})/{len(parts)}"
        page.write(basis.id, row, f'IF(COUNT({score})=0,"",{mean})', points, page.score(basis.id, scope))
        most = page.score(basis.id, scope, "score_max")
        page.write(f"{basis.id}_max", row, f"SUM({bound})/{len(parts)}", points, most)
        _points_level(page, basis.id, row, scope, bold=True)
    covered = page.score(page.bases[0].id, scope, "coverage")
    page.write("coverage", row, f"SUM({page.span('coverage', parts)})/{len(parts)}", share, covered)


def _points_level(page: _Page, basis: str, row: int, scope: str, *, bold: bool = False) -> None:
    score = page.at(basis, row)
    level = formulas.points_level(score, page.levels, page.framework)
    look = Look(align="center", bold=bold, fill=GREY if bold else None)
    page.write(f"{basis}_level", row, f'IF({score}="","",{level})', look, page.score(basis, scope, "level"))


def _process_item(page: _Page, row: int, item: Item, letters: dict[str, str]) -> None:
    framework = page.framework
    sheet = layout.category_sheet(item.category)
    _name(page, row, item.id, item.id, page.t.pick(item.title))
    levels = [level.id for level in framework.levels]
    for level in levels:
        criteria = [criterion.id for criterion in framework.criteria_of[item.id] if criterion.level == level]
        met, not_met = (
            formulas.answered(sheet, letters, criteria, layout.MET[answer], evidenced=False) for answer in (True, False)
        )
        page.put(f"of_{level}", row, len(criteria), HIDDEN)
        page.write(f"unanswered_{level}", row, f"{len(criteria)}-{met}-{not_met}", HIDDEN)
        for basis in page.bases:
            counted = formulas.answered(sheet, letters, criteria, layout.MET[True], evidenced=basis.needs_evidence)
            page.write(f"{basis.id}_met_{level}", row, counted, HIDDEN)
    of = [page.at(f"of_{level}", row) for level in levels]
    unanswered = [page.at(f"unanswered_{level}", row) for level in levels]
    none_answered = f"{'+'.join(unanswered)}={'+'.join(of)}"
    for basis in page.bases:
        met_cells = [page.at(f"{basis.id}_met_{level}", row) for level in levels]
        at_best = [f"({met}+{blank})" for met, blank in zip(met_cells, unanswered, strict=True)]
        score, most, reached = (page.score(basis.id, item.id, part) for part in ("score", "score_max", "level"))
        points = formulas.ladder(met_cells, of, framework)
        page.write(basis.id, row, f'IF({none_answered},"",{points})', POINTS, score)
        page.write(f"{basis.id}_max", row, formulas.ladder(at_best, of, framework), POINTS, most)
        level = formulas.ladder_level(met_cells, of, page.levels)
        page.write(f"{basis.id}_level", row, f'IF({none_answered},"",{level})', Look(align="center"), reached)
    covered = page.score(page.bases[0].id, item.id, "coverage")
    page.write("coverage", row, f"1-({'+'.join(unanswered)})/({'+'.join(of)})", SHARE, covered)


def _result_item(page: _Page, row: int, item: Item, rows: list[int]) -> None:
    """The mean over the indicators that are reported or core; an unreported core one is 0 below and the most above."""
    scoring = page.framework.scoring
    _name(page, row, item.id, item.id, page.t.pick(item.title))
    core = page.span("core", rows)
    for basis in page.bases:
        score = page.span(basis.id, rows)
        missing = f'SUMPRODUCT({core}*({score}=""))'
        in_scope = f"(COUNT({score})+{missing})"
        least = f"SUM({score})+{number(scoring.scale_min)}*{missing}"
        most = f"SUM({score})+{number(scoring.scale_max)}*{missing}"
        points = f'IF(COUNT({score})=0,"",({least})/{in_scope})'
        page.write(basis.id, row, points, POINTS, page.score(basis.id, item.id))
        bound = f"IF({in_scope}=0,{number(scoring.scale_max)},({most})/{in_scope})"
        page.write(f"{basis.id}_max", row, bound, POINTS, page.score(basis.id, item.id, "score_max"))
        _points_level(page, basis.id, row, item.id)
    score = page.span(page.bases[0].id, rows)
    reported = f'SUMPRODUCT({core}*({score}<>""))/SUM({core})'
    covered = page.score(page.bases[0].id, item.id, "coverage")
    page.write("coverage", row, f"IF(SUM({core})=0,IF(COUNT({score})=0,0,1),{reported})", SHARE, covered)


def _indicator_headings(page: _Page, row: int) -> None:
    t = page.t
    page.put("label", row, t("form.code"), heading_look("form"))
    page.put("name", row, t("form.indicator"), heading_look("form"))
    for basis in page.bases:
        page.put(basis.id, row, t("form.score_of", basis=t.pick(basis.name)), heading_look("form"))
        page.put(f"{basis.id}_max", row, t("form.score_max"), heading_look("form"))
        page.put(f"{basis.id}_level", row, t("form.level"), heading_look("form"))
    page.put("coverage", row, t("form.reported"), heading_look("form"))
    for place in range(1, MOST_MEASURES + 1):
        page.put(f"beside_{place}", row, t("form.measure", number=place), heading_look("form"))
    set_height(page.sheet, row, 3)


def _indicator(page: _Page, row: int, indicator: Indicator) -> None:
    framework = page.framework
    verified = page.bases[0].needs_opinion
    star = " *" if indicator.core else ""
    _name(page, row, indicator.id, indicator.id, f"{page.t.pick(indicator.name)}{star}")
    page.put("core", row, int(indicator.core), HIDDEN)
    code, count = f"${page.at(layout.SCORE_SCOPE, row)}", page.at("measures", row)
    page.write("measures", row, formulas.measure_count(code, verified=verified), HIDDEN)
    for place in range(1, MOST_MEASURES + 1):
        at, cells = page.at(f"row_{place}", row), {key: page.at(f"{key}_{place}", row) for key in MEASURE_CELLS}
        page.write(f"row_{place}", row, formulas.position(code, place, count, verified=verified), HIDDEN)
        page.write(f"place_{place}", row, formulas.last_place(at), HIDDEN)
        page.write(f"ahead_{place}", row, formulas.ahead(at, cells["place"], indicator), HIDDEN)
        page.write(f"rate_{place}", row, formulas.success_rate(at, cells["ahead"], framework), HIDDEN)
        points = formulas.measure_points(at, cells, framework, verified=verified)
        page.write(f"beside_{place}", row, points, POINTS, _points_of_measure(page, indicator, place))
    points = f"{page.at('beside_1', row)}:{page.at(f'beside_{MOST_MEASURES}', row)}"
    first = page.at(page.bases[0].id, row)
    for basis in page.bases:
        # What an agency claims and what it can show differ by criteria only, not by measures.
        mean = f'IF({count}=0,"",AVERAGE({points}))' if basis == page.bases[0] else first
        page.write(basis.id, row, mean, POINTS, page.score(basis.id, indicator.id))
        unreported = number(framework.scoring.scale_max) if indicator.core else text("")
        most = page.score(basis.id, indicator.id, "score_max")
        page.write(f"{basis.id}_max", row, f'IF({first}="",{unreported},{first})', POINTS, most)
        _points_level(page, basis.id, row, indicator.id)
    page.write("coverage", row, f'IF({first}="",0,1)', SHARE, page.score(page.bases[0].id, indicator.id, "coverage"))


def _points_of_measure(page: _Page, indicator: Indicator, place: int) -> Value | None:
    if page.scored is None:
        return None
    points = page.scored.measures.get((page.bases[0].id, indicator.id), ())
    return points[place - 1] if place <= len(points) else ""


def _chart_copies(page: _Page, row: int, scope: str) -> None:
    for basis in page.bases:
        score, value = page.at(basis.id, row), page.score(basis.id, scope)
        drawn = NO_VALUE if value == "" else value
        page.write(f"chart_{basis.id}", row, f'IF({score}="",NA(),{score})', HIDDEN, drawn)


def _index(page: _Page, row: int, overall: int) -> None:
    """The Government 4.0 index, the same score on its own scale."""
    scoring = page.framework.scoring
    set_height(page.sheet, row, 1)
    page.put("label", row, "", Look(fill=GREY))
    page.put("name", row, page.t("form.index", most=f"{scoring.government_index_max:g}"), Look(fill=GREY, bold=True))
    for basis in page.bases:
        score = page.at(basis.id, overall)
        index = f'IF({score}="","",{number(scoring.government_index_max)}*{score}/{number(scoring.scale_max)})'
        points = page.score(basis.id, OVERALL)
        if isinstance(points, float):
            points = scoring.government_index_max * points / scoring.scale_max
        page.write(basis.id, row, index, POINTS._replace(fill=GREY, bold=True, number_format="0.00"), points)
