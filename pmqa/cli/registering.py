"""register: the register of agencies from a file, and who must send for a year; remind: those who have not."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from argparse import Namespace
from collections.abc import Iterable
from contextlib import closing
from typing import Final

import pandas as pd

from pmqa.cli.checking import check_paths, check_year, write_file
from pmqa.cli.console import complain, say, say_json
from pmqa.cli.storing import DONE, HAS_ERRORS, database_of, open_store
from pmqa.errors import Finding
from pmqa.exports import Stamp, to_xlsx
from pmqa.intake.reminders import reminders
from pmqa.sources import SELF
from pmqa.store import Store
from pmqa.tables import AGENCIES
from pmqa.text import BANGKOK, Translator
from pmqa.workbook import finding_text
from pmqa.workbook.archive import Refusal
from pmqa.workbook.findings import CATALOGUE
from pmqa.workbook.register import RegisterFile, read_register

COLUMNS: Final = (
    *("agency_code", "agency_name", "ministry", "state", "days_over"),
    *("contact_name", "contact_email", "contact_phone", "message"),
)


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


def remind(arguments: Namespace, t: Translator) -> int:
    """Say who must send for a year and has not, whom to ask there, and a text for each."""
    check_year(arguments.year, t)
    year = arguments.year
    with closing(open_store(database_of(arguments), t)) as store:
        status = store.register.status(None, year)
        contacts = store.register.contacts()
        expected = int(status["expected"].sum())
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    found = reminders(status, contacts, year, now, t)
    if arguments.out:
        title = t("register_page.reminders", n=len(found), year=t.year(year))
        headings = {name: t(f"cli.remind.column_{name}") for name in COLUMNS}
        sheet = found.assign(state=[t(f"register_page.state_{state}") for state in found["state"]])
        sheet = sheet[list(COLUMNS)].rename(columns=headings)
        stamp = Stamp(title, "", "", t.year(year), len(found), "", "", now.date(), t.language)
        write_file(arguments.out, to_xlsx({t("cli.remind.sheet"): sheet}, stamp))
    if arguments.json:
        rows = json.loads(found.to_json(orient="records", date_format="iso", force_ascii=False))
        say_json({"year": year, "expected": expected, "unsent": rows})
        return DONE
    if not expected:
        say(t("cli.remind.nobody_expected", year=t.year(year)))
    for row in found.astype("object").where(found.notna(), None).itertuples(index=False):
        contact = " ".join(part for part in (row.contact_name, row.contact_email, row.contact_phone) if part)
        say(f"{row.agency_code} {row.agency_name} · {contact or t('cli.remind.no_contact')}")
        say(f"{row.message}\n")
    say(t("cli.remind.unsent", n=len(found), of=expected, year=t.year(year)))
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
