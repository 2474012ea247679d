"""The commands and their options, in the reader's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

from pmqa.framework import DEFAULT_EDITION, FRAMEWORK_FOLDER
from pmqa.settings import place_of
from pmqa.sources import SOURCES, bases
from pmqa.text import DEFAULT_LANGUAGE, Translator, languages
from pmqa.viewer import ROLES

PROGRAM: Final = "python -m pmqa"
DATA_FORMATS: Final = ("csv", "xlsx", "zip")  # what `--what data` can be; a zip is not data unless told
EXPORT_FORMATS: Final = ("pptx", "xlsx", "png", "svg", "pdf", "csv", "zip")
REPORT_FORMATS: Final = ("pptx", "pdf", "zip")
FORMATS_OF: Final = {
    "data": DATA_FORMATS,
    "comparison": EXPORT_FORMATS,
    "report": REPORT_FORMATS,
    "profile": REPORT_FORMATS,
    "briefing": ("pptx", "pdf"),
    "card": EXPORT_FORMATS,
    "storyboard": ("pptx", "pdf", "xlsx"),
}
SUCCESSIONS: Final = ("renamed", "merged", "split")  # as pmqa.analysis.succession has them, which loads pandas
BY_OPTION: Final = ("card", "storyboard")  # what is exported where an option of its own names it
CHARTS: Final = ("radar", "dots", "heatmap")  # the first where none is asked for
AUDIT_FORMATS: Final = ("csv", "json")
DIFF_FORMATS: Final = ("text", "json", "xlsx")
TIDY_DAYS: Final = 7  # that earlier states of a lake are kept: who reads one is not cut off
DATA_TABLES: Final = (
    *("submissions", "answers", "measures", "scores", "actions", "progress"),
    *("agencies", "expectations", "successions", "announced", "rounds", "reported", "layouts"),
)

# argparse's own English complaints -> our sentence. The groups fill its blanks in order.
COMPLAINTS: Final = (
    (re.compile(r"the following arguments are required: (?P<names>.*)"), "required"),
    (re.compile(r"unrecognized arguments: (?P<names>.*)"), "unrecognised"),
    (re.compile(r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<known>.*)\)"), "choice"),
    (re.compile(r"argument (?P<name>.*?): invalid int value: (?P<value>.*)"), "not_a_number"),
    (re.compile(r"argument (?P<name>.*?): expected .*argument.*"), "needs_value"),
    (re.compile(r"argument (?P<name>.*?): invalid (listed|filled) value: .*"), "needs_value"),
    (re.compile(r"argument (?P<name>.*?): not allowed with argument (?P<other>.*)"), "not_together"),
)


def language_of(words: Sequence[str]) -> str:
    """The language asked for, before anything is parsed: help and complaints need it already."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        asked = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in languages():
            return asked
    return DEFAULT_LANGUAGE


def filled(words: str) -> str:
    """Words that say something: a shell variable that is empty must not choose everything. Raises ValueError."""
    if not words.strip():
        raise ValueError(words)
    return words


def listed(words: str) -> list[str]:
    """The parts of "A, B". Raises ValueError where there is none."""
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if not parts:
        raise ValueError(words)
    return parts


class Parser(argparse.ArgumentParser):
    """argparse with its fixed words in the reader's language."""

    def __init__(self, t: Translator, **settings: object) -> None:
        self.t = t
        super().__init__(
            add_help=False,
            allow_abbrev=False,
            formatter_class=lambda prog: _Formatter(prog, usage_prefix=t("cli.help.usage")),
            **settings,  # type: ignore[arg-type]
        )
        self._positionals.title = t("cli.help.arguments")
        self._optionals.title = t("cli.help.options")
        self.add_argument("-h", "--help", action="help", help=t("cli.help.help"))
        # Given before or after the command: a command that is not told must not undo what came before it.
        self.add_argument(
            "--lang",
            choices=tuple(languages()),
            metavar="|".join(languages()),
            default=argparse.SUPPRESS,
            help=t(
                "cli.help.lang",
                known=", ".join(f"{one} = {of.name}" for one, of in languages().items()),
                default=DEFAULT_LANGUAGE,
            ),
        )

    def error(self, message: str) -> NoReturn:
        """End with exit code 2, the usage and the complaint."""
        for pattern, name in COMPLAINTS:
            if found := pattern.fullmatch(message):
                message = self.t(f"cli.errors.{name}", **found.groupdict())
        self.print_usage()
        see = self.t("cli.errors.see_help", command=self.prog)
        self.exit(2, f"{self.t('cli.errors.error', message=message)}\n{see}\n")

    def print_usage(self, file: object = None) -> None:
        """Usage belongs to the complaint: on stderr unless told otherwise."""
        self._print_message(self.format_usage(), file)  # type: ignore[arg-type]


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str, usage_prefix: str) -> None:
        super().__init__(prog, max_help_position=28, width=110)
        self._usage_prefix = usage_prefix

    def add_usage(self, usage, actions, groups, prefix=None) -> None:  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, self._usage_prefix if prefix is None else prefix)


Add = Callable[..., object]


def build_parser(t: Translator) -> Parser:
    """Every command with its options. A parsed command carries `command_at`: module and function that run it."""
    parser = Parser(t, prog=PROGRAM, description=t("cli.help.about"), epilog=t("cli.help.exit_codes"))
    commands = parser.add_subparsers(
        title=t("cli.help.commands"), metavar="COMMAND", required=True, dest="command", parser_class=Parser
    )

    def command(name: str, module: str, function: str | None = None) -> Parser:
        epilog = t(f"cli.{name}.epilog") if t.has(f"cli.{name}.epilog") else None
        made: Parser = commands.add_parser(
            name,
            t=t,
            prog=f"{PROGRAM} {name}",
            help=t(f"cli.{name}.help"),
            description=t(f"cli.{name}.about"),
            epilog=epilog and epilog.replace("{{", "{").replace("}}", "}"),
        )
        made.set_defaults(command_at=(module, function or name))
        return made

    _form(command("form", "checking"), t)
    _check(command("check", "checking"), t)
    _score(command("score", "checking"), t)
    _combine(command("combine", "combining"), t)
    _trace(command("trace", "asking"), t)
    _path(command("path", "asking"), t)
    _ingest(command("ingest", "ingesting"), t)
    _import(command("import", "importing", "import_files"), t)
    _withdraw(command("withdraw", "correcting"), t)
    _restore(command("restore", "correcting"), t)
    _backup(command("backup", "keeping"), t)
    _verify(command("verify", "keeping"), t)
    _erase(command("erase", "keeping"), t)
    _copy(command("copy", "copying"), t)
    _tidy(command("tidy", "copying"), t)
    _reread(command("reread", "correcting"), t)
    _register(command("register", "registering"), t)
    _remind(command("remind", "registering"), t)
    _succession(command("succession", "succeeding"), t)
    _round(command("round", "rounds"), t)
    _people(command("people", "people"), t)
    _audit(command("audit", "auditing"), t)
    _export(command("export", "exporting"), t)
    _doctor(command("doctor", "doctoring"), t)
    _diff(command("diff", "differing"), t)
    _demo(command("demo", "storing"), t)
    _serve(command("serve", "storing"), t)
    return parser


def _files(parser: Parser, t: Translator) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=t("cli.help.files"))


def _json(parser: Parser, t: Translator) -> None:
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def _database(parser: Parser, t: Translator) -> None:
    parser.add_argument("--database", type=place_of, metavar="PATH", help=t("cli.help.database"))


def _form(parser: Parser, t: Translator) -> None:
    known = ", ".join(sorted(path.stem for path in FRAMEWORK_FOLDER.glob("*.toml")))
    parser.add_argument("out", type=Path, metavar="OUT.xlsx", help=t("cli.form.out"))
    parser.add_argument(
        "--edition",
        default=DEFAULT_EDITION,
        metavar="ID",
        help=t("cli.form.edition", default=DEFAULT_EDITION, known=known),
    )
    parser.add_argument("--year", type=int, metavar="YEAR", help=t("cli.form.year"))
    parser.add_argument("--agency", metavar="CODE", help=t("cli.form.agency"))
    parser.add_argument("--name", metavar="NAME", help=t("cli.form.name"))
    parser.add_argument("--ministry", metavar="NAME", help=t("cli.form.ministry"))
    parser.add_argument("--type", metavar="TYPE", dest="agency_type", help=t("cli.form.type"))
    _form_language(parser, t)


def _check(parser: Parser, t: Translator) -> None:
    _files(parser, t)
    parser.add_argument("--marked", type=Path, metavar="OUT.xlsx", help=t("cli.check.marked"))
    parser.add_argument("--replies", type=Path, metavar="OUT.zip", help=t("cli.check.replies"))
    _json(parser, t)


def _combine(parser: Parser, t: Translator) -> None:
    _files(parser, t)
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.xlsx", help=t("cli.combine.out"))
    parser.add_argument("--choose", action="append", default=[], metavar="ID=FILE", help=t("cli.combine.choose"))
    parser.add_argument("--prefer", metavar="FILE", help=t("cli.combine.prefer"))
    _form_language(parser, t)
    _json(parser, t)


def _form_language(parser: Parser, t: Translator) -> None:
    parser.add_argument(
        "--form-language",
        choices=tuple(languages()),
        default=DEFAULT_LANGUAGE,
        metavar="|".join(languages()),
        help=t("cli.form.form_language", default=DEFAULT_LANGUAGE),
    )


def _score(parser: Parser, t: Translator) -> None:
    _files(parser, t)
    _json(parser, t)


def _trace(parser: Parser, t: Translator) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=t("cli.help.file"))
    parser.add_argument("--scope", default="overall", metavar="ID", help=t("cli.trace.scope"))
    parser.add_argument("--basis", metavar="BASIS", help=t("cli.trace.basis"))
    _json(parser, t)


def _path(parser: Parser, t: Translator) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=t("cli.help.file"))
    parser.add_argument("--target", required=True, metavar="POINTS|LEVEL", help=t("cli.path.target"))
    within = parser.add_mutually_exclusive_group()
    within.add_argument("--category", metavar="ID", help=t("cli.path.category"))
    within.add_argument("--dimension", metavar="ID", help=t("cli.path.dimension"))
    parser.add_argument("--basis", metavar="BASIS", help=t("cli.trace.basis"))
    _json(parser, t)


def _reread(parser: Parser, t: Translator) -> None:
    _database(parser, t)


def _register(parser: Parser, t: Translator) -> None:
    parser.add_argument("action", choices=("import",), metavar="import", help=t("cli.register.import"))
    parser.add_argument("file", type=Path, metavar="FILE", help=t("cli.register.file"))
    parser.add_argument("--year", type=int, metavar="YEAR", help=t("cli.register.year"))
    _changed_by(parser, t)


def _remind(parser: Parser, t: Translator) -> None:
    parser.add_argument("--year", type=int, required=True, metavar="YEAR", help=t("cli.remind.year"))
    parser.add_argument("--out", type=Path, metavar="OUT.xlsx", help=t("cli.remind.out"))
    _database(parser, t)
    _json(parser, t)


def _backup(parser: Parser, t: Translator) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=t("cli.backup.folder"))
    _database(parser, t)
    _json(parser, t)


def _verify(parser: Parser, t: Translator) -> None:
    parser.add_argument("path", type=place_of, metavar="PATH", help=t("cli.verify.path"))
    _json(parser, t)


def _copy(parser: Parser, t: Translator) -> None:
    parser.add_argument("source", type=place_of, metavar="FROM", help=t("cli.copy.source"))
    parser.add_argument("target", type=place_of, metavar="TO", help=t("cli.copy.target"))
    _json(parser, t)


def _tidy(parser: Parser, t: Translator) -> None:
    parser.add_argument("--days", type=int, default=TIDY_DAYS, metavar="N", help=t("cli.tidy.days", default=TIDY_DAYS))
    _database(parser, t)
    _json(parser, t)


def _doctor(parser: Parser, t: Translator) -> None:
    _database(parser, t)
    _json(parser, t)


def _erase(parser: Parser, t: Translator) -> None:
    parser.add_argument("what", type=filled, metavar="RECEIPT|CONTACT", help=t("cli.erase.what"))
    parser.add_argument("--reason", required=True, metavar="TEXT", help=t("cli.erase.reason"))
    parser.add_argument("--by", metavar="NAME", help=t("cli.withdraw.by"))
    _database(parser, t)
    _json(parser, t)


def _withdraw(parser: Parser, t: Translator) -> None:
    _taken_back(parser, t, "SUBMISSION", t("cli.withdraw.submission"))
    parser.add_argument("--reason", required=True, metavar="TEXT", help=t("cli.withdraw.reason"))


def _restore(parser: Parser, t: Translator) -> None:
    _taken_back(parser, t, "SUBMISSION|BACKUP", t("cli.restore.what"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=t("cli.restore.reason"))


def _changed_by(parser: Parser, t: Translator) -> None:
    """Who changes something, in which database, and whether the answer is JSON."""
    parser.add_argument("--by", metavar="NAME", help=t("cli.ingest.by"))
    _database(parser, t)
    _json(parser, t)


def _taken_back(parser: Parser, t: Translator, metavar: str, words: str) -> None:
    parser.add_argument("submission", metavar=metavar, help=words)
    parser.add_argument("--by", metavar="NAME", help=t("cli.withdraw.by"))
    _database(parser, t)
    _json(parser, t)


def _succession(parser: Parser, t: Translator) -> None:
    actions = ("list", "add", "remove")
    parser.add_argument("action", choices=actions, metavar="|".join(actions), help=t("cli.succession.action"))
    parser.add_argument("codes", nargs="*", metavar="OLD NEW", help=t("cli.succession.codes"))
    parser.add_argument("--kind", choices=SUCCESSIONS, metavar="KIND", help=t("cli.succession.kind"))
    parser.add_argument("--year", type=int, metavar="YEAR", help=t("cli.succession.year"))
    _changed_by(parser, t)


def _round(parser: Parser, t: Translator) -> None:
    actions = ("list", "close", "remove")
    parser.add_argument("action", choices=actions, metavar="|".join(actions), help=t("cli.round.action"))
    parser.add_argument("name", nargs="?", metavar="NAME", help=t("cli.round.name"))
    parser.add_argument("--day", metavar="DATE", help=t("cli.round.day"))
    _changed_by(parser, t)


def _people(parser: Parser, t: Translator) -> None:
    actions = ("list", "add", "remove", "import")
    parser.add_argument("action", choices=actions, metavar="|".join(actions), help=t("cli.people.action"))
    parser.add_argument("whom", nargs="?", metavar="EMAIL|FILE", help=t("cli.people.whom_help"))
    parser.add_argument("--role", choices=ROLES, metavar="ROLE", help=t("cli.people.role", known=", ".join(ROLES)))
    parser.add_argument("--agencies", metavar="A,B", help=t("cli.people.agencies"))
    parser.add_argument("--ministries", metavar="A,B", help=t("cli.people.ministries"))
    parser.add_argument("--until", dest="valid_until", metavar="DATE", help=t("cli.people.until_help"))
    parser.add_argument("--note", metavar="TEXT", help=t("cli.people.note"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=t("cli.people.reason"))
    _changed_by(parser, t)


def _audit(parser: Parser, t: Translator) -> None:
    parser.add_argument("--since", metavar="DATE", help=t("cli.audit.since"))
    parser.add_argument(
        "--format", choices=AUDIT_FORMATS, default="csv", metavar="csv|json", help=t("cli.audit.format")
    )
    _database(parser, t)


def _ingest(parser: Parser, t: Translator) -> None:
    _files(parser, t)
    _recording(parser, t)


def _recording(parser: Parser, t: Translator) -> None:
    """What may have to be said before files are recorded."""
    for option, value in (("choose", "FILE"), ("same", "CODE"), ("apart", "CODE")):
        parser.add_argument(f"--{option}", action="append", default=[], metavar=value, help=t(f"cli.ingest.{option}"))
    _database(parser, t)
    parser.add_argument("--by", metavar="NAME", help=t("cli.ingest.by"))
    _json(parser, t)


def _import(parser: Parser, t: Translator) -> None:
    _files(parser, t)
    parser.add_argument("--layout", metavar="NAME|FILE.toml", help=t("cli.import.layout"))
    parser.add_argument("--year", type=int, metavar="YEAR", help=t("cli.import.year"))
    parser.add_argument("--check", action="store_true", help=t("cli.import.check"))
    parser.add_argument("--forms", type=Path, metavar="FOLDER", help=t("cli.import.forms"))
    _recording(parser, t)


def _export(parser: Parser, t: Translator) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="PATH", help=t("cli.export.out"))
    parser.add_argument(
        "--format",
        choices=EXPORT_FORMATS,
        metavar="FORMAT",
        help=t("cli.export.format", known=", ".join(EXPORT_FORMATS)),
    )
    parser.add_argument(
        "--what",
        choices=tuple(one for one in FORMATS_OF if one not in BY_OPTION),
        metavar="WHAT",
        help=t("cli.export.what"),
    )
    parser.add_argument("--card", action="append", metavar="ADDRESS", help=t("cli.export.card"))
    parser.add_argument("--storyboard", type=filled, metavar="NAME", help=t("cli.export.storyboard"))
    parser.add_argument("--round", type=filled, metavar="NAME", help=t("cli.export.round"))
    parser.add_argument("--owner", type=filled, metavar="WHO", help=t("cli.export.owner"))
    parser.add_argument("--basis", choices=tuple(bases()), metavar="BASIS", help=t("cli.export.basis"))
    parser.add_argument("--chart", choices=CHARTS, metavar="CHART", help=t("cli.export.chart"))
    parser.add_argument(
        "--tables", type=listed, metavar="A,B", help=t("cli.export.tables", known=", ".join(DATA_TABLES))
    )
    parser.add_argument("--year", type=int, metavar="YEAR", help=t("cli.export.year"))
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--agencies", type=listed, metavar="A,B", help=t("cli.export.agencies"))
    chosen.add_argument("--ministry", type=filled, metavar="NAME", help=t("cli.export.ministry"))
    parser.add_argument(
        "--source",
        choices=(*SOURCES, "all"),
        metavar="|".join((*SOURCES, "all")),
        help=t("cli.export.source"),
    )
    parser.add_argument("--history", action="store_true", default=None, help=t("cli.export.history"))
    parser.add_argument("--notes", action="store_true", default=None, help=t("cli.export.notes"))
    _database(parser, t)


def _diff(parser: Parser, t: Translator) -> None:
    parser.add_argument("before", metavar="SUBMISSION", help=t("cli.diff.before"))
    parser.add_argument("after", metavar="SUBMISSION", help=t("cli.diff.after"))
    parser.add_argument(
        "--format", choices=DIFF_FORMATS, default="text", metavar="|".join(DIFF_FORMATS), help=t("cli.diff.format")
    )
    parser.add_argument("--out", type=Path, metavar="OUT.xlsx", help=t("cli.diff.out"))
    _database(parser, t)


def _demo(parser: Parser, t: Translator) -> None:
    parser.add_argument("--agencies", type=int, default=24, metavar="N", help=t("cli.demo.agencies"))
    parser.add_argument("--years", type=int, default=3, metavar="N", help=t("cli.demo.years"))
    parser.add_argument(
        "--last-year", type=int, default=2569, metavar="YEAR", help=t("cli.demo.last_year", default=2569)
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=t("cli.demo.seed"))
    parser.add_argument("--forms", type=Path, metavar="FOLDER", help=t("cli.demo.forms"))
    parser.add_argument("--remove", action="store_true", help=t("cli.demo.remove"))
    _database(parser, t)


def _serve(parser: Parser, t: Translator) -> None:
    parser.add_argument("--port", type=int, default=8501, metavar="PORT", help=t("cli.serve.port"))
    parser.add_argument("--address", default="localhost", metavar="ADDRESS", help=t("cli.serve.address"))
    _database(parser, t)
