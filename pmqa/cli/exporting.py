"""export: what the database holds, as files."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from pathlib import Path
from typing import Final

import pandas as pd

from pmqa.cli import viewing
from pmqa.cli.arguments import BY_OPTION, CHARTS, DATA_TABLES, EXPORT_FORMATS, FORMATS_OF
from pmqa.cli.checking import check_year, write_file
from pmqa.cli.console import say
from pmqa.cli.publishing import OF_A_ROUND, OF_SUBMISSIONS, DataTables, of_submissions
from pmqa.cli.storing import database_of, open_to_read
from pmqa.errors import UsageError
from pmqa.exports import DATA, Stamp, data_zip, dictionary_of, fields_of, to_csv, to_xlsx
from pmqa.settings import read_settings
from pmqa.sources import SOURCES
from pmqa.store import Store
from pmqa.text import BANGKOK, Translator
from pmqa.views.files import PICTURES, publisher_of

DONE: Final = 0
TABLES: Final = ("csv", "xlsx")  # formats that are data unless something else is asked for
ON_SHEET: Final = {
    "coverage": "0%",
    **dict.fromkeys(("target", "actual", "actual_1", "actual_2", "benchmark", "step"), "General"),
}
SHEET_KEYS: Final = {"agencies": "agencies_table"}  # where an option has the word
DOCUMENTS: Final = ("report", "profile", "briefing")
# The options that only some of what is exported heeds.
HEEDED_BY: Final = {
    "card": ("card",),
    **dict.fromkeys(("storyboard", "owner"), ("storyboard",)),
    "round": ("data", "card", "storyboard", "comparison", *DOCUMENTS),
    "notes": ("report",),
    "tables": ("data",),
    "history": ("data",),
    "basis": ("comparison", *DOCUMENTS),
    "chart": ("comparison",),
    **dict.fromkeys(("year", "agencies", "ministry", "source"), ("data", "comparison", *DOCUMENTS)),
}


def export(arguments: Namespace, t: Translator) -> int:
    """The tables of the database, a comparison of agencies, reports, cards by their addresses, a storyboard."""
    form, what = format_of(arguments, t), what_of(arguments)
    check_year(arguments.year, t)
    if form not in FORMATS_OF[what]:
        words = {"what": what, "form": form, "known": ", ".join(FORMATS_OF[what])}
        raise UsageError(t("cli.export.format_unfit", **words))
    check_options(arguments, what, form, t)
    names = tables_of(arguments, t)
    with open_to_read(database_of(arguments), t) as store:
        if what == "card":
            write_file(arguments.out, viewing.cards_file(store, arguments.card, arguments.round, form, t))
            paths = [arguments.out]
        elif what == "storyboard":
            named = arguments.storyboard, arguments.owner
            content, left_out = viewing.storyboard_file(store, *named, arguments.round, form, t)
            for line in left_out:
                say(line)
            write_file(arguments.out, content)
            paths = [arguments.out]
        elif what == "data":
            paths = _export_data(store, arguments, names, form, t)
        else:
            paths = _export_view(store, arguments, what, form, t)
    for path in paths:
        say(t("cli.export.done", path=path))
    return DONE


def what_of(arguments: Namespace) -> str:
    """What is exported, where it is not said: data as tables, and the comparison where it is a chart or a choice."""
    if arguments.what is None and (arguments.card or arguments.storyboard):
        return "card" if arguments.card else "storyboard"
    if arguments.what is not None:
        return str(arguments.what)
    suffix = arguments.format or arguments.out.suffix.removeprefix(".").casefold() or "csv"
    chosen = bool(arguments.agencies or arguments.ministry)
    of_data = bool(arguments.tables or arguments.history)
    as_data = suffix in TABLES and (not chosen or of_data or not arguments.out.suffix)
    return "data" if as_data else "comparison"


def check_options(arguments: Namespace, what: str, form: str, t: Translator) -> None:
    """Raises UsageError that names an option which the export would not heed."""
    other = f"--{what}" if what in BY_OPTION else f"--what {what}"
    for name, kinds in HEEDED_BY.items():
        if getattr(arguments, name) is not None and what not in kinds:
            raise UsageError(t("cli.errors.not_together", name=f"--{name}", other=other))
    if arguments.chart is not None and form not in PICTURES:
        raise UsageError(t("cli.errors.not_together", name="--chart", other=f"--format {form}"))
    if what == "briefing" and arguments.ministry is None:
        raise UsageError(t("cli.export.needs_ministry"))
    if arguments.history and arguments.round is not None:
        raise UsageError(t("cli.errors.not_together", name="--history", other="--round"))
    if arguments.source == "all" and what != "data":  # a comparison is of one basis, and so of one source
        raise UsageError(t("cli.errors.not_together", name="--source all", other=f"--what {what}"))


def _export_data(store: Store, arguments: Namespace, names: list[str], form: str, t: Translator) -> list[Path]:
    closed = viewing.round_of(store, arguments.round, t)
    tables = DataTables(store, arguments, closed, t, moving=form == "zip")
    return _write(tables.of(names), _stamp(store, tables, arguments, t), form, arguments.out, t)


def _export_view(store: Store, arguments: Namespace, what: str, form: str, t: Translator) -> list[Path]:
    of = viewing.chosen_of(store, arguments, t)
    if what == "briefing":
        write_file(arguments.out, viewing.briefing_content(of, form, arguments.ministry))
        return [arguments.out]
    if what in ("report", "profile"):
        of_ministry = what == "report" and arguments.ministry is not None
        made = (
            viewing.report_files(of, form, arguments.ministry, notes=bool(arguments.notes))
            if what == "report"
            else viewing.profile_files(of, form)
        )
        one = of_ministry or len(of.agencies) == 1
        return viewing.write_reports(made, one, form, arguments.out, of.stamp(t("cli.export.reports")))
    chosen = of.view.submissions
    chosen = chosen[chosen["agency_code"].isin(of.agencies)].reset_index(drop=True)
    closed = of.view.closed
    tables = {t(f"cli.export.{name}"): of_submissions(store, name, chosen, closed) for name in OF_SUBMISSIONS}
    write_file(arguments.out, viewing.comparison_file(of, form, arguments.chart or CHARTS[0], tables))
    return [arguments.out]


def format_of(arguments: Namespace, t: Translator) -> str:
    """The format asked for, else the one that the name tells; a name without suffix is a folder of csv."""
    out: Path = arguments.out
    found: str = arguments.format or out.suffix.removeprefix(".").casefold() or "csv"
    if found not in EXPORT_FORMATS:
        raise UsageError(t("cli.export.format_unknown", path=out))
    return found


def tables_of(arguments: Namespace, t: Translator) -> list[str]:
    """The tables asked for, in their usual order; all unless told, of a closed round those that it keeps."""
    known = DATA_TABLES if arguments.round is None else OF_A_ROUND
    if arguments.tables is None:
        return list(known)
    asked: list[str] = arguments.tables
    if unknown := [name for name in asked if name not in known]:
        raise UsageError(t("cli.export.table_unknown", names=", ".join(unknown), known=", ".join(known)))
    return [name for name in known if name in asked]


def _stamp(store: Store, tables: DataTables, arguments: Namespace, t: Translator) -> Stamp:
    source = arguments.source if arguments.source in SOURCES else None
    whose = ["agency_code", "fiscal_year", "edition"]
    chosen = pd.concat([tables.chosen[whose], tables.announced[whose]])
    round_ = t("ui.as_reported", name=arguments.round) if arguments.round else None
    filters = [", ".join(arguments.agencies or ()), arguments.ministry, source, round_]
    return Stamp(
        title=t("cli.export.title"),
        basis=t("cli.export.all_bases"),
        fiscal_year=", ".join(t.year(int(year)) for year in sorted(chosen["fiscal_year"].unique())),
        edition=", ".join(_called(store, edition, t) for edition in sorted(chosen["edition"].unique())),
        n=int(chosen["agency_code"].nunique()),
        filters=", ".join(part for part in filters if part),
        data_version=store.version(),
        made_on=dt.datetime.now(BANGKOK).date(),
        language=t.language,
    )


def _called(store: Store, edition: str, t: Translator) -> str:
    """An edition as people call it; one that is not there any more by its id."""
    framework = store.frameworks.get(edition)
    return edition if framework is None else framework.called(t)


def _write(tables: dict[str, pd.DataFrame], stamp: Stamp, kind: str, out: Path, t: Translator) -> list[Path]:
    if kind == "xlsx":
        sheets = {t(f"cli.export.{SHEET_KEYS.get(name, name)}"): frame for name, frame in tables.items()}
        sheets[t("dictionary.title")] = dictionary_of({name: fields_of(DATA[name]) for name in tables}, t)
        write_file(out, to_xlsx(sheets, stamp, ON_SHEET))
        return [out]
    if kind == "zip":
        write_file(out, data_zip(tables, stamp, publisher_of(read_settings())))
        return [out]
    if out.suffix.casefold() == ".csv" and len(tables) == 1:
        (frame,) = tables.values()
        write_file(out, to_csv(frame))
        return [out]
    if out.is_file() or out.suffix.casefold() == ".csv":
        raise UsageError(t("cli.export.needs_folder", path=out))
    paths = [out / f"{name}.csv" for name in tables]
    for path, frame in zip(paths, tables.values(), strict=True):
        write_file(path, to_csv(frame))
    return paths
