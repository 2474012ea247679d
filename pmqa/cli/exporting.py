"""export: what the database holds, as files."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from pmqa.cli import viewing
from pmqa.cli.arguments import BY_OPTION, CHARTS, DATA_TABLES, EXPORT_FORMATS, FORMATS_OF
from pmqa.cli.checking import check_year, write_file
from pmqa.cli.choosing import submissions_asked_for
from pmqa.cli.console import say
from pmqa.cli.storing import database_of, open_to_read
from pmqa.errors import UsageError
from pmqa.exports import DATA, Stamp, data_zip, dictionary_of, fields_of, to_csv, to_xlsx
from pmqa.exports.dictionary import WHOSE
from pmqa.settings import read_settings
from pmqa.sources import SOURCES, bases_of
from pmqa.store import Store
from pmqa.text import BANGKOK, Translator
from pmqa.views.files import PICTURES, publisher_of

DONE: Final = 0
TABLES: Final = ("csv", "xlsx")  # formats that are data unless something else is asked for
OF_SUBMISSIONS: Final = ("submissions", "answers", "measures", "scores")
BESIDE: Final[dict[str, Callable[[Store], pd.DataFrame]]] = {
    "agencies": lambda store: store.register.agencies(),
    "expectations": lambda store: store.register.expectations(),
    "successions": lambda store: store.successions.all(),
    "announced": lambda store: store.announced.counting(),
    "layouts": lambda store: store.layouts.all().rename(columns={"name": "layout", "text": "settings"}),
}
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
    "round": ("card", "storyboard", "comparison", *DOCUMENTS),
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
    if arguments.source == "all" and what != "data":  # a comparison is of one basis, and so of one source
        raise UsageError(t("cli.errors.not_together", name="--source all", other=f"--what {what}"))


def _export_data(store: Store, arguments: Namespace, names: list[str], form: str, t: Translator) -> list[Path]:
    chosen = chosen_submissions(store, arguments, t)
    tables = {name: _table(store, name, chosen) for name in names if name not in BESIDE}
    tables |= {name: _beside(store, name, chosen, arguments) for name in names if name in BESIDE}
    return _write(tables, _stamp(store, chosen, arguments, t), form, arguments.out, t)


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
    tables = {t(f"cli.export.{name}"): _table(store, name, chosen) for name in OF_SUBMISSIONS}
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
    """The tables asked for, in their usual order; all unless told."""
    if arguments.tables is None:
        return list(DATA_TABLES)
    asked: list[str] = arguments.tables
    if unknown := [name for name in asked if name not in DATA_TABLES]:
        raise UsageError(t("cli.export.table_unknown", names=", ".join(unknown), known=", ".join(DATA_TABLES)))
    return [name for name in DATA_TABLES if name in asked]


def chosen_submissions(store: Store, arguments: Namespace, t: Translator) -> pd.DataFrame:
    """SUBMISSIONS that the options choose. Raises UsageError."""
    found = store.submissions.standing() if arguments.history else store.submissions.current(None, source=None)
    if arguments.source in SOURCES:
        found = found[found["source"] == arguments.source]
    return submissions_asked_for(found, arguments, t)


def _table(store: Store, name: str, chosen: pd.DataFrame) -> pd.DataFrame:
    """A table of DATA, of the chosen submissions; of plans, those of their agencies and years."""
    ids = chosen["submission"].to_list()
    if name == "submissions":
        return DATA[name].conform(chosen)
    if name in ("actions", "progress"):
        actions = store.plans.actions().merge(chosen[["agency_code", "fiscal_year"]].drop_duplicates())
        if name == "actions":
            return DATA[name].conform(actions)
        reported = store.plans.progress()
        return DATA[name].conform(reported[reported["action"].isin(actions["action"])])
    facts = {"answers": store.facts.answers, "measures": store.facts.measures, "scores": store.facts.scores}[name](ids)
    found = chosen[list(WHOSE)].merge(facts.astype({"submission": "str"}), on="submission", validate="one_to_many")
    if name == "measures":
        found = _with_results(found, store.facts.measure_results(ids))
    return DATA[name].conform(found)


def _beside(store: Store, name: str, chosen: pd.DataFrame, arguments: Namespace) -> pd.DataFrame:
    """A table of DATA that is of no submission: the whole, or what concerns the agencies and the year asked for."""
    found = BESIDE[name](store).rename(columns={"kind": "became"} if name == "successions" else {})
    if arguments.year is not None and "fiscal_year" in found:
        found = found[found["fiscal_year"] == arguments.year]
    if arguments.agencies or arguments.ministry:
        sides = [side for side in ("agency_code", "predecessor", "successor") if side in found]
        if sides:  # a layout is of no agency
            found = found[found[sides].isin(set(chosen["agency_code"])).any(axis="columns")]
    return DATA[name].conform(found)


def _with_results(measures: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Measures with what came of them, on the first basis of their source: others differ by criteria only."""
    own = measures["source"].map(lambda source: bases_of(source)[0]).rename("basis")
    key = ["submission", "basis", "indicator", "number"]
    known = results.rename(columns={"score": "band"}).astype(dict.fromkeys(("submission", "indicator"), "str"))
    return measures.assign(basis=own).astype({"indicator": "str"}).merge(known, on=key, how="left", validate="1:1")


def _stamp(store: Store, chosen: pd.DataFrame, arguments: Namespace, t: Translator) -> Stamp:
    source = arguments.source if arguments.source in SOURCES else None
    filters = [", ".join(arguments.agencies or ()), arguments.ministry, source]
    return Stamp(
        title=t("cli.export.title"),
        basis=t("cli.export.all_bases"),
        fiscal_year=", ".join(t.year(int(year)) for year in sorted(chosen["fiscal_year"].unique())),
        edition=", ".join(sorted(chosen["edition"].unique())),
        n=int(chosen["agency_code"].nunique()),
        filters=", ".join(part for part in filters if part),
        data_version=store.version(),
        made_on=dt.datetime.now(BANGKOK).date(),
        language=t.language,
    )


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
