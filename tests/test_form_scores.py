"""The form's own score sheet, computed by LibreOffice, gives what the rules give."""

from __future__ import annotations

import io
import math
import random
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from factories import make_submission
from office import convert

from pmqa.scoring import score
from pmqa.sources import bases_of
from pmqa.submission import MOST_MEASURES, Measure, answer_frame, measure_frame, source_frame
from pmqa.workbook import layout, write_form

pytestmark = pytest.mark.slow

# target, actual, method, step: what a measure can be, with every edge of the rules.
SHAPES = [
    (85.0, 85.9, "bands", None),
    (85.0, 84.9, "bands", None),
    (85.0, 85.85, "bands", None),  # 101 % on paper, a hair more in doubles
    (64.01, 64.21, "interval", 0.1),
    (1000.2, 1000.3, "interval", 0.1),
    (358588189.0, 358588189.2, "interval", 0.1),
    (12345678901234.5, 12345678901234.6, "interval", 0.1),
    (0.0000001, 0.0000003, "interval", 0.0000001),
    (100000000000.0, 101000000000.01, "bands", None),
    (100000000000.0, 101000000000.0, "bands", None),
    (100000000000.0, 99999999999.99, "bands", None),
    (80.0, 70.28, "bands", None),
    (80.0, 84.0, "bands", None),  # 105 %
    (10.0, 0.0, "bands", None),
    (10.0, 25.0, "bands", None),
    (10.0, 20.0, "bands", None),
    (0.0, 3.0, "bands", None),
    (0.0, 0.0, "bands", None),
    (0.0, -1.0, "bands", None),
    (12.0, -4.0, "bands", None),
    (85.0, 90.0, "interval", 5.0),
    (85.0, 70.0, "interval", 5.0),
    (-3.0, -2.5, "interval", 0.5),
    (85.0, 87.3, "interval", 2.0),
    (None, 85.0, "bands", None),
    (85.0, None, "bands", None),
    (1234.5, 1190.25, "bands", None),
]


def random_measures(chance, framework, verdicts=(None,)):
    measures = []
    for indicator in framework.indicators:
        for number in range(1, chance.choice([0, 0, 1, 2, 3, MOST_MEASURES]) + 1):
            target, actual, method, step = chance.choice(SHAPES)
            direction = chance.choice(["higher", "lower"])
            measures.append(
                Measure(
                    indicator.id,
                    number,
                    name=f"ตัววัด {number}",
                    direction=direction,
                    target=target,
                    actual=actual,
                    method=method,
                    step=step,
                    accepted=chance.choice(verdicts),
                )
            )
    return measures


def random_submission(seed, framework, source="self"):
    chance = random.Random(seed)
    likely = chance.choice([[True] * 9 + [False], [True, False, None], [True, True, True, None]])
    met = {criterion.id: chance.choice(likely) for criterion in framework.criteria}
    evidence = {criterion.id: chance.choice(["รายงานประจำปี", "1/2569", None]) for criterion in framework.criteria}
    verdicts = (True, True, False, None) if source == "assessor" else (None,)
    measures = random_measures(chance, framework, verdicts)
    return make_submission(met=met, evidence=evidence, measures=measures, source=source)


def with_inserted_rows(form, framework):
    """The form as somebody leaves it who moved each indicator's second row to the end of the sheet."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    sheet = book[layout.category_sheet("7")]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=layout.FIRST_ROW)]
    seen, first, later = set(), [], []
    for row in rows:
        (later if row[0] in seen else first).append(row)
        seen.add(row[0])
    sheet.delete_rows(layout.FIRST_ROW, len(rows))
    for row in [*first, [None] * len(rows[0]), *later]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def without_directions(form, framework):
    """The form with the direction and method left to their defaults: the indicator's, and bands."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    sheet = book[layout.category_sheet("7")]
    default = {indicator.id: indicator.direction for indicator in framework.indicators}
    for row in range(layout.FIRST_ROW, sheet.max_row + 1):
        direction = layout.DIRECTIONS.get(default.get(sheet.cell(row, 1).value))
        for cell in sheet[row]:
            if cell.value in {direction, layout.METHODS["bands"]}:
                cell.value = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def summary(path):
    """scope -> column key -> value, of the score sheet as the spreadsheet program saved it."""
    sheet = openpyxl.load_workbook(path, data_only=True)[layout.SUMMARY_SHEET]
    keys = [cell.value for cell in sheet[layout.KEY_ROW]]
    found = {}
    for row in sheet.iter_rows(min_row=layout.FIRST_ROW, values_only=True):
        values = dict(zip(keys, row, strict=True))
        if values[layout.SCORE_SCOPE]:
            found[values[layout.SCORE_SCOPE]] = values
    return found


@pytest.fixture(scope="module")
def cases(framework):
    """name -> (form, submission)."""
    found = {}
    for seed in range(4):
        submission = random_submission(seed, framework)
        found[f"self{seed}.xlsx"] = write_form(framework, prefill=submission), submission
    for seed in range(4, 6):
        submission = random_submission(seed, framework, "assessor")
        found[f"assessor{seed}.xlsx"] = write_form(framework, prefill=submission), submission
    submission = random_submission(6, framework)
    found["moved_rows.xlsx"] = with_inserted_rows(write_form(framework, prefill=submission), framework), submission
    submission = random_submission(7, framework)
    found["defaults.xlsx"] = without_directions(write_form(framework, prefill=submission), framework), submission
    english = random_submission(8, framework)
    found["english.xlsx"] = write_form(framework, prefill=english, language="en"), english
    blank = make_submission(met=None)
    found["blank.xlsx"] = write_form(framework, prefill=blank), blank
    full = make_submission(measures=[Measure(i.id, 1, target=1.0, actual=2.0) for i in framework.indicators])
    full = replace(full, measures=tuple(replace(m, direction="higher") for m in full.measures))
    found["full.xlsx"] = write_form(framework, prefill=full), full
    return found


def without_values(form):
    """The form with nothing but formulas in its cells, so that a program has to compute all of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as sent, zipfile.ZipFile(out, "w") as left:
        for name in sent.namelist():
            left.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", sent.read(name)))
    return out.getvalue()


@pytest.fixture(scope="module")
def paths(cases, tmp_path_factory):
    forms = {name: without_values(form) for name, (form, _) in cases.items()}
    return convert(forms, "xlsx", tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def computed(paths):
    return {name: summary(path) for name, path in paths.items()}


@pytest.fixture(scope="module")
def expected(cases, framework):
    submissions = {name: submission for name, (_, submission) in cases.items()}
    return score(source_frame(submissions), answer_frame(submissions), measure_frame(submissions), framework)


NAMES = [
    *(f"self{seed}.xlsx" for seed in range(4)),
    "assessor4.xlsx",
    "assessor5.xlsx",
    "moved_rows.xlsx",
    "defaults.xlsx",
    "english.xlsx",
    "blank.xlsx",
    "full.xlsx",
]


def differs(shown, value):
    if value is None or math.isnan(value):
        return shown not in (None, "")
    return not isinstance(shown, int | float) or abs(shown - value) > 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_the_score_sheet_agrees_with_the_rules(name, cases, computed, expected, framework):
    rows = expected[(expected["submission"] == name) & ~expected["kind"].isin(["dimension", "measure"])]
    shown = computed[name]
    level_name = {"below": "ต่ำกว่าระดับพื้นฐาน", **{level.id: level.name["th"] for level in framework.levels}}
    if name == "english.xlsx":
        level_name = {"below": "Below Basic", **{level.id: level.name["en"] for level in framework.levels}}
    wrong = []
    for row in rows.itertuples():
        there = shown[str(row.scope)]
        level = level_name.get(row.level) if isinstance(row.level, str) else None
        if differs(there[row.basis], row.score):
            wrong.append((row.basis, row.scope, "score", there[row.basis], row.score))
        if differs(there[f"{row.basis}_max"], row.score_max):
            wrong.append((row.basis, row.scope, "score_max", there[f"{row.basis}_max"], row.score_max))
        if differs(there["coverage"], row.coverage):
            wrong.append((row.basis, row.scope, "coverage", there["coverage"], row.coverage))
        if (there[f"{row.basis}_level"] or None) != level:
            wrong.append((row.basis, row.scope, "level", there[f"{row.basis}_level"], level))
    assert not wrong
    assert len(rows) == len(bases_of(cases[name][1].source)) * (30 + 7 + 1 + 30)


@pytest.mark.parametrize("name", NAMES)
def test_the_points_of_each_measure_stand_beside_its_indicator(name, cases, computed, expected, framework):
    basis = bases_of(cases[name][1].source)[0]
    rows = expected[(expected["submission"] == name) & (expected["kind"] == "measure") & (expected["basis"] == basis)]
    points = {str(row.scope): row.score for row in rows.itertuples() if not math.isnan(row.score)}
    for indicator in framework.indicators:
        there = computed[name][indicator.id]
        shown = [there[f"beside_{place}"] for place in range(1, MOST_MEASURES + 1)]
        own = [value for scope, value in points.items() if scope.startswith(f"{indicator.id}#")]
        assert [value for value in shown if value not in (None, "")] == pytest.approx(own), indicator.id


def seen(form):
    """sheet, cell -> value of every formula that people or charts see, as a program shows it that does not compute."""
    kept = openpyxl.load_workbook(form, data_only=True)
    return {
        (sheet.title, cell.coordinate): kept[sheet.title][cell.coordinate].value
        for sheet in openpyxl.load_workbook(form)
        for column in sheet.iter_cols()
        for cell in column
        if cell.data_type == "f"
        if not hidden(sheet, column[0].column)
        or str(sheet.cell(layout.KEY_ROW, cell.column).value).startswith("chart_")
    }


def hidden(sheet, column):
    return any(one.hidden and one.min <= column <= one.max for one in sheet.column_dimensions.values())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("moved_rows.xlsx", "defaults.xlsx")])
def test_what_is_seen_before_anything_is_computed_is_what_a_program_computes(name, cases, paths):
    """Protected View computes nothing. (openpyxl, which moved the rows of two of the forms, drops values.)"""
    shown, of_program = seen(io.BytesIO(cases[name][0])), openpyxl.load_workbook(paths[name], data_only=True)
    assert len(shown) > 400
    wrong = {}
    for (sheet, cell), value in shown.items():
        computed = of_program[sheet][cell].value
        same = value == pytest.approx(computed) if isinstance(value, int | float) else (value or "") == (computed or "")
        if not same:
            wrong[sheet, cell] = (value, computed)
    assert not wrong


def test_a_missing_score_leaves_a_gap_in_the_charts(computed):
    blank = computed["blank.xlsx"]
    assert {blank[category]["chart_claimed"] for category in "1234567"} == {"#N/A"}
