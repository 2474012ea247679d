"""What a file said and a fresh form has no cell for, and what a fresh form would mend without a word.

A marked copy is a fresh form: the sheet that was missing is there again, the doubled column is one, the unknown code is
gone. What stood there, and that it was wrong, must not go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pmqa.errors import Finding
from pmqa.framework import BELOW, Framework
from pmqa.sources import SOURCES
from pmqa.submission import MOST_MEASURES
from pmqa.text import DEFAULT_LANGUAGE, languages, translator
from pmqa.workbook import layout
from pmqa.workbook.agency_places import width
from pmqa.workbook.draft import Loose
from pmqa.workbook.findings import Spot, grouped, single_finding
from pmqa.workbook.mapping import (
    COLUMNS,
    HEADING_WORDS,
    ID_KEY,
    YEAR_HEADING,
    Block,
    Located,
    Row,
    Sheet,
    text_of,
)
from pmqa.workbook.normalise import clean_text, fold, shown
from pmqa.workbook.rows import CRITERION_TEXTS, MEASURE_TEXTS, FormRow
from pmqa.workbook.wording import codes_of_words, name_of

# Errors that a fresh form does not have, whatever the file says: somebody must see to them before the copy counts.
HEALED: Final = frozenset(
    {
        *("unknown_edition", "newer_form", "missing_sheet", "emptied_sheet", "no_headings", "missing_column"),
        *("column_twice", "measures_twice", "criterion_twice", "unknown_criterion", "unknown_indicator"),
        *("row_without_code", "code_astray", "column_mixed", "agency_label_differs"),
        "unplaced_gone",
    }
)
# Errors of cells that read well once their text is put back: "#REF!" and "=A1+1" are words like any other.
HEALED_IN_TEXT: Final = frozenset({"error_value", "formula_without_value"})
TEXT_KEYS: Final = frozenset({*CRITERION_TEXTS, *MEASURE_TEXTS})
TEXT_FIELDS: Final = frozenset({"agency_name", "ministry", "contact_name", "contact_email", "contact_phone"})
OWN_SHEETS: Final = frozenset(map(fold, (layout.GUIDE_SHEET, layout.SUMMARY_SHEET, layout.MARKS_SHEET)))
NOTHING_SAID: Final = frozenset(map(fold, (layout.KEYS_SHEET, layout.ORIGINS_SHEET)))  # sheets without answers
WITH_BLANKS: Final = ("form.guide.", "form.overall_name", "form.index")  # sentences of the guide and the score sheet
MOST_KEPT: Final = 4  # editions whose words are kept
LAST_OF_MARKS: Final = width("F")  # of the columns of the list of findings
FORMULA_AT: Final = 2  # place of its formula in a cell that has one
MOST_LOOSE: Final = 20_000  # cells; a form has some 3,000


def loose_of(
    found: Located,
    rows: Mapping[str, Sequence[FormRow]],
    framework: Framework | None,
    spots: Sequence[Spot],
    date1904: bool,
) -> tuple[Loose, ...]:
    """Every cell with content that neither has a place in the form nor holds the form's own words.

    Then, without a text, each error that the fresh form alone would mend.

    rows: those whose cells the form takes, by their ids; a form has one row for a criterion.
    """
    reasons = _Reasons(found, spots)
    lines = list(islice(_loose_cells(found, rows, framework, reasons, date1904), MOST_LOOSE))
    told = {id(reason) for reason in reasons.used}
    lines += islice(_comments(found), MOST_LOOSE - len(lines))
    untold = [s for s in spots if s.code in HEALED and id(s) not in told and not _told_with(s, reasons.used)]
    untold += [s for s in spots if s.code in HEALED_IN_TEXT and _is_text(s, found)]
    statements = grouped(untold, [sheet.name for sheet in found.sheets])
    return (*lines, *(Loose(one.sheet or "", one.cell or "", "", "", "", one) for one in statements))


def _told_with(one: Spot, used: Sequence[Spot]) -> bool:
    """Whether a line with the reason of the same row tells it already."""
    return bool(one.row) and any(
        (one.sheet, one.row, one.code) == (other.sheet, other.row, other.code) for other in used
    )


def _is_text(one: Spot, found: Located) -> bool:
    place = (one.sheet, one.column, one.row)
    if any(place == at for field, at in found.agency.items() if field in TEXT_FIELDS):
        return True
    columns = next((block.columns for block in found.blocks if block.sheet.name == one.sheet), {})
    return any(letters == one.column for key, letters in columns.items() if key in TEXT_KEYS)


@dataclass(slots=True)
class _Reasons:
    """The errors that keep a cell out of the form, by its place."""

    of_file: Spot | None
    of_sheet: dict[str, Spot]
    of_row: dict[tuple[str, int], Spot]
    of_column: dict[tuple[str, str], Spot]
    used: list[Spot]

    def __init__(self, found: Located, spots: Sequence[Spot]) -> None:
        healed = [one for one in spots if one.code in HEALED]
        form = [block.sheet.name for block in found.blocks]
        lost = [one for one in healed if one.code == "missing_sheet"]
        self.of_file = next((one for one in healed if one.code == "unknown_edition"), None)
        self.of_sheet = {one.sheet: one for one in healed if one.sheet and not one.row and one.code != "missing_sheet"}
        # A sheet that nobody knows is perhaps the one that is missing.
        if lost:
            others = [sheet.name for sheet in found.sheets if sheet.name not in form]
            self.of_sheet |= {name: lost[0] for name in others if name not in self.of_sheet}
        self.of_sheet |= {one.sheet: one for one in healed if one.sheet and one.code == "measures_twice"}
        self.of_row = {(one.sheet, one.row): one for one in healed if one.sheet and one.row}
        self.of_column = {(one.sheet, one.column): one for one in healed if one.sheet and one.code == "column_twice"}
        self.used = []

    def why(self, sheet: str, row: int, letters: str) -> Finding | str:
        """The error of a cell alone; "" where it is loose without being wrong."""
        reason = (
            self.of_row.get((sheet, row))
            or self.of_column.get((sheet, letters))
            or self.of_sheet.get(sheet)
            or self.of_file
        )
        if reason is None:
            return ""
        self.used.append(reason)
        return single_finding(reason)


class _OwnWords:
    """The form's own words, in any of its cells and languages."""

    def __init__(self, words: Iterable[str], sentences: Iterable[str] = ()) -> None:
        """words: as the form has them. sentences: of its guide, with blanks that the edition fills."""
        self._exact = {word for word in words if word}
        self._folded: frozenset[str] = frozenset()
        self._filled = [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(sentence))) for sentence in sentences]

    def has(self, text: str) -> bool:
        """Whether somebody who reads the form would know the text from it."""
        if text in self._exact or text.partition("\n")[0].rstrip(" *") in self._exact:
            return True  # as the form writes it, so that nothing has to be folded
        self._folded = self._folded or frozenset(map(fold, self._exact))
        folded = fold(text)
        if folded in self._folded or name_of(text) in self._folded or YEAR_HEADING.fullmatch(folded) is not None:
            return True
        return any(sentence.fullmatch(text) for sentence in self._filled)


def _known_words(framework: Framework | None) -> tuple[_OwnWords, _OwnWords, Mapping[str, str]]:
    """The words of the sheets to fill in, of those to read, and the codes that words belong to; made once an edition.

    An edition is not hashable, and two cuts of it may share name and version, so that it is known by identity.
    """
    kept = _KEPT.get(id(framework))
    if kept is None or kept[0] is not framework:
        kept = (
            framework,
            _OwnWords(_words_to_fill_in(framework)),
            _OwnWords(_words_to_read(framework), _guide_sentences()),
            codes_of_words(framework) if framework else {},
        )
        _KEPT[id(framework)] = kept
        while len(_KEPT) > MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
    return kept[1:]


def _words_to_fill_in(framework: Framework | None) -> Iterator[str]:
    """The words of the sheets that people fill in: headings, titles, labels, codes, criteria, indicators."""
    for column in (*(column for columns in COLUMNS.values() for column in columns), *layout.AIDS):
        yield from (column.key, *column.words.values())
    for field in layout.AGENCY_FIELDS:
        yield from (field.name, *field.words.values())
    for language in languages():
        t = translator(language)
        yield t("form.agency_title")
        for field in layout.AGENCY_FIELDS:
            hint = t(f"form.hint.{field.name}")
            yield from (hint, f"{t('form.required')} · {hint}")
        if framework is None:
            continue
        for category in framework.categories:
            yield t("form.category_title", number=category.id, name=t.pick(category.name))
        for item in framework.items:
            yield f"{item.id} {t.pick(item.title)}"
        yield from (t.pick(level.name) for level in framework.levels)
    if framework is not None:
        for criterion in framework.criteria:
            yield from (criterion.id, *criterion.text.values())
        for indicator in framework.indicators:
            yield from (indicator.id, *indicator.name.values())


def _words_to_read(framework: Framework | None) -> Iterator[str]:
    """The words of the guide and of the score sheet, but for the guide's sentences with blanks."""
    yield from _words_to_fill_in(framework)
    for language in languages():
        t = translator(language)
        yield from (clean_text(word) for key, word in t.sentences.items() if key.startswith("form."))
        bases = (basis for source in SOURCES.values() for basis in source.bases)
        yield from (clean_text(t("form.score_of", basis=t.pick(basis.name))) for basis in bases)
        yield from (t("form.measure", number=number) for number in range(1, MOST_MEASURES + 1))
        if framework is not None:
            yield t("form.guide.title", name=t.pick(framework.name))
            yield t("form.overall_name", n=len(framework.categories))
            yield t("form.index", most=f"{framework.scoring.government_index_max:g}")
            yield framework.level_name(BELOW, t)
            yield from (t("form.category_label", number=category.id) for category in framework.categories)
            yield from (t.pick(category.name) for category in framework.categories)
            yield from (t.pick(item.title) for item in framework.items)
            yield from (f"{t.pick(indicator.name)} *" for indicator in framework.indicators)
            yield from (item.id for item in framework.items)


def _guide_sentences() -> Iterator[str]:
    for language in languages():
        for key, sentence in translator(language).sentences.items():
            if key.startswith(WITH_BLANKS) and "{" in sentence and key != "form.guide.title":
                yield sentence


def _loose_cells(
    found: Located,
    rows: Mapping[str, Sequence[FormRow]],
    framework: Framework | None,
    reasons: _Reasons,
    date1904: bool,
) -> Iterator[Loose]:
    blocks = {block.sheet.name: block for block in found.blocks}
    taken: dict[str, dict[int, set[str]]] = {}
    for form_rows in rows.values():
        for row in form_rows:
            columns = row.block.columns
            letters = {columns[key] for key in (*row.draft, *row.kept) if key in columns} | {
                columns[ID_KEY[row.block.kind]]
            }
            taken.setdefault(row.sheet, {})[row.row] = letters
    for name, column, number in found.agency.values():
        taken.setdefault(name, {}).setdefault(number, set()).add(column)
    words, to_read, codes = _known_words(framework)
    unplaced = {sheet.name for sheet, _, _ in found.unplaced}
    for sheet in found.sheets:
        if fold(sheet.name) in OWN_SHEETS:
            yield from _remarks(sheet, to_read)
        elif fold(sheet.name) not in NOTHING_SAID and sheet.name not in unplaced:
            yield from _of_sheet(
                sheet, blocks.get(sheet.name), taken.get(sheet.name, {}), words, codes, reasons, date1904
            )


def _remarks(sheet: Sheet, words: _OwnWords) -> Iterator[Loose]:
    """What people wrote on the sheets that the form fills in itself: the guide, the scores, the findings."""
    name = fold(sheet.name)
    keys = sheet.rows.get(layout.KEY_ROW, {}) if name == fold(layout.SUMMARY_SHEET) else {}
    scopes = next((letters for letters, cell in keys.items() if cell == layout.SCORE_SCOPE), "")
    for number, row in sheet.rows.items():
        for letters, cell in row.items():
            # The list of findings is not of the form's words; a remark stands beside it.
            beside = name != fold(layout.MARKS_SHEET) or width(letters) > LAST_OF_MARKS
            # Numbers and what a formula shows are the form's, and a score that was typed has its own finding.
            if isinstance(cell, str) and beside and row is not keys and letters != scopes:
                text = clean_text(cell)
                if text and not words.has(text):
                    yield Loose(sheet.name, f"{letters}{number}", "", "", text, "", layout.SETTLED["unused"])


def _comments(found: Located) -> Iterator[Loose]:
    heading = translator(DEFAULT_LANGUAGE)("form.unplaced.comment")
    for sheet, cells in found.comments.items():
        for cell, (author, text) in cells.items():
            if author != layout.COMMENT_AUTHOR and text:
                yield Loose(sheet, cell, "", heading, clean_text(text), "", layout.SETTLED["unused"])


def _of_sheet(
    sheet: Sheet,
    block: Block | None,
    taken: Mapping[int, set[str]],
    words: _OwnWords,
    codes: Mapping[str, str],
    reasons: _Reasons,
    date1904: bool,
) -> Iterator[Loose]:
    headings = _headings(block)
    id_column = block.columns.get(ID_KEY[block.kind], "") if block else ""
    for number, row in sheet.rows.items():
        done = taken.get(number, set())
        if row.keys() <= done:
            continue
        own = _counting(block, number, row)
        texts = {x: clean_text(shown(cell, date1904)) for x, cell in row.items() if x not in done | own}
        identity = text_of(row.get(id_column)) or _known_id(row, codes)
        filled_in = _filled_in(block, number, identity)
        loose = {x: text for x, text in texts.items() if text and (x in filled_in or not words.has(text))}
        if set(loose) - {id_column}:
            loose.pop(id_column, None)  # the lines of the others say it
        for letters, text in loose.items():
            why = reasons.why(sheet.name, number, letters)
            settled = "" if why else layout.SETTLED["unused"]
            yield Loose(sheet.name, f"{letters}{number}", identity, headings.get(letters, ""), text, why, settled)


def _counting(block: Block | None, number: int, row: Row) -> set[str]:
    """The columns of the form's own formulas above its keys, which say how much is filled in."""
    if block is None or number >= block.head:
        return set()
    return {letters for letters, cell in row.items() if not isinstance(cell, str) and len(cell) > FORMULA_AT}


def _filled_in(block: Block | None, number: int, identity: str) -> set[str]:
    """The columns of a row in which the form has no words of its own; none in rows of keys and headings."""
    if block is None or number <= block.head or fold(identity) in HEADING_WORDS[block.kind]:
        return set()
    own = {column.key for column in COLUMNS[block.kind] if column.filled_by == "form"}
    return {letters for key, letters in block.columns.items() if key not in own}


def _headings(block: Block | None) -> dict[str, str]:
    if block is None:
        return {}
    said = {x: text_of(cell) for x, cell in block.sheet.rows.get(block.head, {}).items()}
    named = {column.key: column.words[DEFAULT_LANGUAGE] for column in COLUMNS[block.kind]}
    return {**said, **{x: named[key] for key, x in block.columns.items() if key in named}}


def _known_id(row: Row, codes: Mapping[str, str]) -> str:
    """The code that the first of a row's texts is, or whose words it is; "" where there is none."""
    return next((codes[word] for cell in row.values() if (word := name_of(text_of(cell))) in codes), "")


_KEPT: Final[dict[int, tuple[Framework | None, _OwnWords, _OwnWords, Mapping[str, str]]]] = {}
