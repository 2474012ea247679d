"""register: the register of agencies from a file, and who of them must send for a year."""

from __future__ import annotations

import getpass
from argparse import Namespace
from collections.abc import Iterable
from contextlib import closing

import pandas as pd

from pmqa.cli.checking import check_paths, check_year
from pmqa.cli.console import complain, say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_store
from pmqa.errors import Finding
from pmqa.sources import SELF
from pmqa.store import Store
from pmqa.tables import AGENCIES
from pmqa.text import BANGKOK, Translator
from pmqa.workbook import finding_text
from pmqa.workbook.archive import Refusal
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.register import RegisterFile, read_register


def register(arguments: Namespace, t: Translator) -> int:
    """Add the agencies of a file and correct those that are known; with a year, they must send for it.

    Nothing is saved where anything in the file is wrong. Agencies that the file does not have stay.
    """
    check_paths([arguments.file], t)
    check_year(arguments.year, t)
    try:
        read = read_register(arguments.file.read_bytes())
    except Refusal as refusal:
        finding = Finding(refusal.code, CATALOGUE[refusal.code], value=arguments.file.name, values=refusal.values)
        complain(t("register_page.unreadable", why=finding_text(finding, t)))
        return HAS_ERRORS
    if read.problems:
        _say_problems(read, arguments, t)
        return HAS_ERRORS
    by = arguments.by or getpass.getuser()
    codes = [agency.agency_code for agency in read.agencies]
    with closing(open_store(database_of(arguments), t)) as store:
        changed = store.register.save_agencies(pd.DataFrame(read.agencies, columns=list(AGENCIES.columns)), who=by)
        if arguments.year is not None:
            _expect(store, arguments.year, codes, by)
    if arguments.json:
        say_json({"agencies": len(codes), "saved": changed, "expected_for": arguments.year, "problems": []})
        return DONE
    say(t("cli.register.saved", agencies=len(codes), saved=changed))
    if arguments.year is not None:
        say(t("cli.register.expected", agencies=len(codes), year=t.year(arguments.year)))
    return DONE


def _expect(store: Store, year: int, codes: Iterable[str], by: str) -> None:
    """The agencies must send for the year, beside those that must already, by the day that was set for them."""
    rows = store.register.expectations()
    rows = rows[(rows["fiscal_year"] == year) & (rows["source"] == SELF.id)]
    moments = rows["due"].dropna()
    due = None if moments.empty else moments.max().tz_localize("UTC").tz_convert(BANGKOK).date()
    store.register.expect(year, sorted({*codes, *rows["agency_code"]}), due=due, who=by)


def _say_problems(read: RegisterFile, arguments: Namespace, t: Translator) -> None:
    texts = [t(f"register_page.problem_{one.code}", value=one.value) for one in read.problems]
    if arguments.json:
        problems = [{"row": one.row, "code": one.code, "value": one.value} for one in read.problems]
        say_json({"agencies": len(read.agencies), "saved": 0, "expected_for": None, "problems": problems})
    else:
        for one, text in zip(read.problems, texts, strict=True):
            say(text if one.row is None else t("cli.register.row", row=one.row, problem=text))
    complain(t("cli.register.refused", n=len(texts), file=arguments.file.name))
