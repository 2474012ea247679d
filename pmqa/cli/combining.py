"""combine: one form out of several that were filled in parts."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping

from pmqa.cli.checking import DONE, HAS_ERRORS, read_files, say_checked, write_file
from pmqa.cli.console import complain, say, say_json
from pmqa.errors import UsageError
from pmqa.framework import shipped_frameworks
from pmqa.intake import Received
from pmqa.text import Translator
from pmqa.workbook import layout, write_form
from pmqa.workbook.combining import Combined, Conflict, of_the_part, strangers
from pmqa.workbook.combining import combine as combined


def combine(arguments: Namespace, t: Translator) -> int:
    """Nothing is written before every conflict is chosen in."""
    if arguments.out.suffix.casefold() != ".xlsx":
        raise UsageError(t("cli.errors.suffix", suffix=".xlsx", path=arguments.out))
    parts = _parts(arguments, t)
    mended = True
    for one in parts.values():
        if one.reading.draft is None or of_the_part(one.reading):
            say_checked(one, t)
            mended = False
    if not mended:
        complain(t("cli.combine.mend_first"))
        return HAS_ERRORS
    readings = {name: one.reading for name, one in parts.items()}
    for field, said in strangers(readings).items():
        words = ", ".join(f"{name}: {value}" for name, value in said.items())
        raise UsageError(t("cli.combine.strangers", field=field, said=words))
    edition = next((one.edition for one in readings.values() if one.edition), None)
    if edition is None:
        raise UsageError(t("cli.combine.no_edition"))
    framework = shipped_frameworks()[edition]
    drafts = {name: reading.draft for name, reading in readings.items() if reading.draft}
    found = combined(drafts, framework)
    found = combined(drafts, framework, _chosen(found, arguments, list(parts), t))
    if not found.open:
        content = write_form(framework, prefill=found.draft, origins=found.origins, language=arguments.form_language)
        write_file(arguments.out, content)
    if arguments.json:
        say_json(_shape(found))
    else:
        _say(found, arguments, t)
    return HAS_ERRORS if found.open else DONE


def _parts(arguments: Namespace, t: Translator) -> Mapping[str, Received]:
    """Name -> part; by the file's name alone where that tells it. Raises UsageError for fewer than two."""
    received = [one for one in read_files(arguments.files, t) if one.outcome not in ("skipped", "known")]
    if len(received) < 2:  # noqa: PLR2004
        raise UsageError(t("cli.combine.too_few", n=len(received)))
    names = Counter(one.sent.file_name for one in received)
    return {one.sent.file_name if names[one.sent.file_name] == 1 else one.name: one for one in received}


def _chosen(found: Combined, arguments: Namespace, files: list[str], t: Translator) -> Mapping[str, str]:
    """Conflict -> file, as the options say. Raises UsageError for what is no conflict of these files."""
    known = {one.id: one for one in found.conflicts}
    if arguments.prefer is not None and arguments.prefer not in files:
        raise UsageError(t("cli.combine.no_file", file=arguments.prefer, files=", ".join(files)))
    chosen = {id_: arguments.prefer for id_, one in known.items() if arguments.prefer in one.said}
    for words in arguments.choose:
        id_, _, file = words.partition("=")
        if id_ not in known or file not in known[id_].said:
            offered = ", ".join(f"{one.id}={name}" for one in found.conflicts for name in one.said)
            raise UsageError(t("cli.combine.no_choice", words=words, offered=offered or t("cli.combine.none")))
        chosen[id_] = file
    return chosen


def _say(found: Combined, arguments: Namespace, t: Translator) -> None:
    for one in found.conflicts:
        say(t("cli.combine.conflict", id=one.id, file=one.chosen) if one.chosen else t("cli.combine.open", id=one.id))
        for file, cells in one.said.items():
            for key, said in cells.items():
                place = f"{said.sheet}!{said.cell}"
                say("  " + t("cli.combine.said", file=file, place=place, column=_column(one, key, t), value=said.value))
    for file, loose in found.left:
        say(t("cli.combine.left", file=file, place=f"{loose.sheet}!{loose.cell}", text=" ".join(loose.text.split())))
    if found.open:
        complain(t("cli.combine.unchosen", n=len(found.open)))
    else:
        say(t("cli.combine.done", path=arguments.out, cells=len(found.origins), n=len(found.conflicts)))


def _column(conflict: Conflict, key: str, t: Translator) -> str:
    """The heading of a column of the form, or the label of the agency's field."""
    field = next((one for one in layout.AGENCY_FIELDS if one.name == conflict.id), None)
    columns = layout.MEASURE_COLUMNS if "#" in conflict.id else layout.CRITERION_COLUMNS
    named = field or next((one for one in (*columns, *layout.AIDS) if one.key == key), None)
    return t.pick(named.words) if named else key


def _shape(found: Combined) -> dict[str, object]:
    return {
        "written": not found.open,
        "conflicts": [
            {
                "id": one.id,
                "chosen": one.chosen,
                "said": [
                    {"file": file, "column": key, "sheet": said.sheet, "cell": said.cell, "value": said.value}
                    for file, cells in one.said.items()
                    for key, said in cells.items()
                ],
            }
            for one in found.conflicts
        ],
        "left": [{"file": file, "sheet": one.sheet, "cell": one.cell, "text": one.text} for file, one in found.left],
    }
