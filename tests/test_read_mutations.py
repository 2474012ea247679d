"""No figure of an accepted form differs from what its cells say without a finding."""

from __future__ import annotations

import pytest
from hypothesis import settings

from pmqa.submission import Submission
from pmqa.workbook import Reading, layout, read, read_submission
from pmqa.workbook.child import answer_to
from pmqa.workbook.draft import cells_in
from pmqa.workbook.handed import taken
from tests.forms import small_frameworks
from tests.mutations import UNCLEAR, mutated, read_by_eye, unchanged, written

USUAL = 250


def judged_here(content, editions):
    said, _, cells = answer_to(content, editions).partition(b"\n")
    return taken(said, editions), cells


@pytest.fixture(autouse=True)
def read_in_process(monkeypatch):
    """Without a child process, which is tested elsewhere."""
    monkeypatch.setattr(read, "judged", judged_here)


def figures_of(submission: Submission) -> dict[tuple[str, str], object]:
    """(id, of a measure with its row, and key) -> value."""
    figures: dict[tuple[str, str], object] = {(one.criterion, "met"): one.met for one in submission.answers}
    for one in submission.measures:
        for key in ("target", "actual_2", "actual_1", "actual", "benchmark", "step", "direction", "method"):
            # By its row: a measure before it that is read as another's takes no number from it.
            figures[f"{one.indicator} {(one.target_cell or '')[1:]}", key] = getattr(one, key)
    figures["agency", "fiscal_year"] = submission.fiscal_year
    return figures


def is_told(reading: Reading, sheet: str, row: int | None) -> bool:
    """Whether a finding is about the row or one beside it, from which cells were moved; or the sheet, or its headings.

    Where no row is known, it may be about any of the sheet.
    """
    for finding in reading.findings:
        if finding.sheet in (None, sheet):
            rows = {int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells_in(finding.cell or "")}
            near = row is None or any(abs(row - other) <= 1 for other in rows)
            if not rows or near or min(rows) <= layout.HEADING_ROW:
                return True
    return False


def untold(seed: int) -> list[str]:
    book, how = mutated(seed)
    reading = read_submission(written(book), small_frameworks())
    if reading.submission is None:
        return []
    said, figures = read_by_eye(book), figures_of(reading.submission)
    wrong = []
    for place in {*said, *figures}:
        value, sheet, row = said.get(place, (UNCLEAR, "หมวด 7", None))
        if figures.get(place, UNCLEAR) != value and not is_told(reading, sheet, row):
            wrong.append(
                f"{seed} {how}: {place} reads {figures.get(place, 'nothing')}, the cells say {value} ({sheet} {row})"
            )
    return wrong


def test_an_unchanged_form_is_read_as_by_eye():
    reading = read_submission(written(unchanged()), small_frameworks())
    assert not reading.findings
    assert figures_of(reading.submission) == {place: value for place, (value, _, _) in read_by_eye(unchanged()).items()}


def test_no_figure_of_a_changed_form_differs_from_its_cells_without_a_finding():
    assert not [line for seed in range(USUAL) for line in untold(seed)]


@pytest.mark.slow
@pytest.mark.hypothesis  # ten thousand by `make explore`
def test_no_figure_of_a_thousand_changed_forms_differs_from_its_cells_without_a_finding():
    assert not [line for seed in range(USUAL, 10 * settings().max_examples) for line in untold(seed)]


def test_changed_forms_are_accepted_often_enough_to_mean_something():
    accepted = [read_submission(written(mutated(seed)[0]), small_frameworks()).is_sound for seed in range(USUAL)]
    assert sum(accepted) > USUAL // 3
