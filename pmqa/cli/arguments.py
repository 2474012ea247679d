"""The commands and their options, in the reader's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

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


class Option(NamedTuple):
    """An argument of commands.

    metavar: "" = the words that it takes. about: the key of its help; "" = the sentence of its command and name. words:
    what fills that sentence's blanks; known: the words that it takes, None = any. Both are asked for when a parser is
    made. settings: as argparse takes them.
    """

    name: str
    metavar: str | None
    about: str
    words: Callable[[], Mapping[str, object]]
    known: Callable[[], Iterable[str]] | None
    settings: Mapping[str, Any]

    def add(self, parser: argparse._ActionsContainer, command: str, t: Translator) -> None:
        """Let a parser, or a group of one, know it."""
        about = self.about or f"cli.{command}.{self.name.strip('-').replace('-', '_')}"
        settings = dict(self.settings)
        if self.known is not None:
            settings["choices"] = tuple(self.known())
        if self.metavar is not None:
            settings["metavar"] = self.metavar or "|".join(settings["choices"])
        parser.add_argument(self.name, help=t(about, **self.words()), **settings)


class Command(NamedTuple):
    """A command, and the module whose function of its name runs it, or the module and that function ("a.b").

    options: those in a tuple of their own exclude each other.
    """

    name: str
    at: str
    options: tuple[Option | tuple[Option, ...], ...]


def build_parser(t: Translator) -> Parser:
    """Every command with its options. A parsed command carries `command_at`: module and function that run it."""
    parser = Parser(t, prog=PROGRAM, description=t("cli.help.about"), epilog=t("cli.help.exit_codes"))
    commands = parser.add_subparsers(
        title=t("cli.help.commands"), metavar="COMMAND", required=True, dest="command", parser_class=Parser
    )
    for name, at, options in COMMANDS:
        epilog = t(f"cli.{name}.epilog") if t.has(f"cli.{name}.epilog") else None
        made: Parser = commands.add_parser(
            name,
            t=t,
            prog=f"{PROGRAM} {name}",
            help=t(f"cli.{name}.help"),
            description=t(f"cli.{name}.about"),
            epilog=epilog and epilog.replace("{{", "{").replace("}}", "}"),
        )
        module, _, function = at.partition(".")
        made.set_defaults(command_at=(module, function or name))
        for one in options:
            if isinstance(one, Option):
                one.add(made, name, t)
                continue
            group = made.add_mutually_exclusive_group()
            for option in one:
                option.add(group, name, t)
    return parser


def _option(name: str, metavar: str | None = None, about: str = "", /, words: Any = None, **settings: Any) -> Option:
    return Option(name, metavar, about, lambda: words or {}, None, settings)


def _of(
    name: str,
    known: Callable[[], Iterable[str]] | Iterable[str],
    metavar: str = "",
    about: str = "",
    /,
    **settings: Any,
) -> Option:
    """An option that takes one of so many words."""
    words = settings.pop("words", {})
    return Option(name, metavar, about, lambda: words, known if callable(known) else lambda: known, settings)


def _command(name: str, at: str, *options: Option | tuple[Option, ...]) -> Command:
    return Command(name, at, options)


def _editions() -> dict[str, str]:
    known = ", ".join(sorted(path.stem for path in FRAMEWORK_FOLDER.glob("*.toml")))
    return {"default": DEFAULT_EDITION, "known": known}


FILES: Final = _option("files", "FILE", "cli.help.files", nargs="+", type=Path)
FILE: Final = _option("file", "FILE", "cli.help.file", type=Path)
JSON: Final = _option("--json", None, "cli.help.json", action="store_true")
DATABASE: Final = _option("--database", "PATH", "cli.help.database", type=place_of)
YEAR: Final = _option("--year", "YEAR", type=int)
BASIS: Final = _option("--basis", "BASIS", "cli.trace.basis")
WHY: Final = _option("--reason", "TEXT", required=True)
WHY_IF_SAID: Final = _option("--reason", "TEXT", default="")
FORM_LANGUAGE: Final = _of(
    *("--form-language", languages, "", "cli.form.form_language"),
    default=DEFAULT_LANGUAGE,
    words={"default": DEFAULT_LANGUAGE},
)
BY: Final = _option("--by", "NAME", "cli.ingest.by")
CHANGED_BY: Final = (BY, DATABASE, JSON)
TAKEN_BACK_BY: Final = (_option("--by", "NAME", "cli.withdraw.by"), DATABASE, JSON)
RECORDING: Final = (  # what may have to be said before files are recorded
    *(
        _option(f"--{name}", value, f"cli.ingest.{name}", action="append", default=[])
        for name, value in (("choose", "FILE"), ("same", "CODE"), ("apart", "CODE"))
    ),
    *(DATABASE, BY, JSON),
)

# In the order in which the help lists them.
COMMANDS: Final[tuple[Command, ...]] = (
    _command(
        "form",
        "checking",
        _option("out", "OUT.xlsx", type=Path),
        Option("--edition", "ID", "", _editions, None, {"default": DEFAULT_EDITION}),
        YEAR,
        _option("--agency", "CODE"),
        _option("--name", "NAME"),
        _option("--ministry", "NAME"),
        _option("--type", "TYPE", dest="agency_type"),
        FORM_LANGUAGE,
    ),
    _command(
        "check",
        "checking",
        FILES,
        _option("--marked", "OUT.xlsx", type=Path),
        _option("--replies", "OUT.zip", type=Path),
        JSON,
    ),
    _command("score", "checking", FILES, JSON),
    _command(
        "combine",
        "combining",
        FILES,
        _option("--out", "OUT.xlsx", type=Path, required=True),
        _option("--choose", "ID=FILE", action="append", default=[]),
        _option("--prefer", "FILE"),
        FORM_LANGUAGE,
        JSON,
    ),
    _command("trace", "asking", FILE, _option("--scope", "ID", default="overall"), BASIS, JSON),
    _command(
        "path",
        "asking",
        FILE,
        _option("--target", "POINTS|LEVEL", required=True),
        (_option("--category", "ID"), _option("--dimension", "ID")),
        BASIS,
        JSON,
    ),
    _command("ingest", "ingesting", FILES, *RECORDING),
    _command(
        "import",
        "importing.import_files",
        FILES,
        _option("--layout", "NAME|FILE.toml"),
        YEAR,
        _option("--check", action="store_true"),
        _option("--forms", "FOLDER", type=Path),
        *RECORDING,
    ),
    _command("withdraw", "correcting", _option("submission", "SUBMISSION"), *TAKEN_BACK_BY, WHY),
    _command(
        "restore",
        "correcting",
        _option("submission", "SUBMISSION|BACKUP", "cli.restore.what"),
        *TAKEN_BACK_BY,
        WHY_IF_SAID,
    ),
    _command("backup", "keeping", _option("folder", "FOLDER", type=Path), DATABASE, JSON),
    _command("verify", "keeping", _option("path", "PATH", type=place_of), JSON),
    _command("erase", "keeping", _option("what", "RECEIPT|CONTACT", type=filled), WHY, *TAKEN_BACK_BY),
    _command("copy", "copying", _option("source", "FROM", type=place_of), _option("target", "TO", type=place_of), JSON),
    _command(
        "tidy",
        "copying",
        _option("--days", "N", type=int, default=TIDY_DAYS, words={"default": TIDY_DAYS}),
        _option("--alone", action="store_true"),
        DATABASE,
        JSON,
    ),
    _command("reread", "correcting", DATABASE),
    _command(
        "register",
        "registering",
        _of("action", ("import",), "", "cli.register.import"),
        _option("file", "FILE", type=Path),
        YEAR,
        *CHANGED_BY,
    ),
    _command(
        "remind",
        "registering",
        _option("--year", "YEAR", type=int, required=True),
        _option("--out", "OUT.xlsx", type=Path),
        DATABASE,
        JSON,
    ),
    _command(
        "succession",
        "succeeding",
        _of("action", ("list", "add", "remove")),
        _option("codes", "OLD NEW", nargs="*"),
        _of("--kind", SUCCESSIONS, "KIND"),
        YEAR,
        *CHANGED_BY,
    ),
    _command(
        "round",
        "rounds",
        _of("action", ("list", "close", "remove")),
        _option("name", "NAME", nargs="?"),
        _option("--day", "DATE"),
        *CHANGED_BY,
    ),
    _command(
        "people",
        "people",
        _of("action", ("list", "add", "remove", "import")),
        _option("whom", "EMAIL|FILE", "cli.people.whom_help", nargs="?"),
        _of("--role", ROLES, "ROLE", words={"known": ", ".join(ROLES)}),
        _option("--agencies", "A,B"),
        _option("--ministries", "A,B"),
        _option("--until", "DATE", "cli.people.until_help", dest="valid_until"),
        _option("--note", "TEXT"),
        WHY_IF_SAID,
        *CHANGED_BY,
    ),
    _command("audit", "auditing", _option("--since", "DATE"), _of("--format", AUDIT_FORMATS, default="csv"), DATABASE),
    _command(
        "export",
        "exporting",
        _option("--out", "PATH", type=Path, required=True),
        _of("--format", EXPORT_FORMATS, "FORMAT", words={"known": ", ".join(EXPORT_FORMATS)}),
        _of("--what", [one for one in FORMATS_OF if one not in BY_OPTION], "WHAT"),
        _option("--card", "ADDRESS", action="append"),
        _option("--storyboard", "NAME", type=filled),
        _option("--round", "NAME", type=filled),
        _option("--owner", "WHO", type=filled),
        _of("--basis", bases, "BASIS"),
        _of("--chart", CHARTS, "CHART"),
        _option("--tables", "A,B", type=listed, words={"known": ", ".join(DATA_TABLES)}),
        YEAR,
        (_option("--agencies", "A,B", type=listed), _option("--ministry", "NAME", type=filled)),
        _of("--source", (*SOURCES, "all")),
        _option("--history", action="store_true", default=None),
        _option("--notes", action="store_true", default=None),
        DATABASE,
    ),
    _command("doctor", "doctoring", DATABASE, JSON),
    _command(
        "diff",
        "differing",
        _option("before", "SUBMISSION"),
        _option("after", "SUBMISSION"),
        _of("--format", DIFF_FORMATS, default="text"),
        _option("--out", "OUT.xlsx", type=Path),
        DATABASE,
    ),
    _command(
        "demo",
        "storing",
        _option("--agencies", "N", type=int, default=24),
        _option("--years", "N", type=int, default=3),
        _option("--last-year", "YEAR", type=int, default=2569, words={"default": 2569}),
        _option("--seed", "N", type=int, default=1),
        _option("--forms", "FOLDER", type=Path),
        _option("--remove", action="store_true"),
        DATABASE,
    ),
    _command(
        "serve",
        "storing",
        _option("--port", "PORT", type=int, default=8501),
        _option("--address", "ADDRESS", default="localhost"),
        DATABASE,
    ),
)
