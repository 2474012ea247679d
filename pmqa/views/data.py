"""What views read, kept: every function takes the data's version and the viewer, and reads nothing of any session.

Frames are shared between visitors and runs: take from them, never assign into them. What is read is of the version
that was asked for; where the data have moved on, `DataChanged` is raised instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakValueDictionary

import pandas as pd

from pmqa.analysis.succession import followed as followed_of
from pmqa.analysis.succession import lines as lines_of
from pmqa.framework import shipped_frameworks
from pmqa.intake import Before, recorded_contents
from pmqa.places import Place
from pmqa.scoring.ladder import Met
from pmqa.settings import read_settings
from pmqa.sources import bases
from pmqa.store import Store
from pmqa.tables import PROSE
from pmqa.viewer import Viewer, reach_of
from pmqa.views.memory import shared
from pmqa.workbook.form.origins import read_origins

Keyed = ParamSpec("Keyed")  # the version first
More = ParamSpec("More")
Value = TypeVar("Value")


class DataChanged(Exception):
    """The data are not those that a view was made from any more; a run begins again, a download fails."""


def viewer_key(viewer: Viewer) -> tuple[object, ...]:
    """What tells one viewer's data from another's."""
    return (viewer.name, viewer.role, _sorted(viewer.agencies), _sorted(viewer.ministries))


CHANGES_OF_DATA: Final = ("recorded", "withdrawn", "restored", "reread", "rescored", "samples_removed")


OF_ROUND: Final = "#"  # between a version and the closed round that it is read as

# Of each database that is open in this process, the store: a version names the database that it is of.
_STORES: Final[WeakValueDictionary[str, Store]] = WeakValueDictionary()


@shared(most=2)
def _opened(database: Place) -> Store:
    return Store(database)


def store() -> Store:
    """The store that this process serves."""
    return _opened(read_settings().database)


def version_of(store: Store) -> str:
    """Changes whenever anything that the store holds changes; part of every cache's key."""
    database = str(store.place)
    _STORES[database] = store
    return f"{database}@{store.version()}"


def version() -> str:
    """The version of the store that this process serves."""
    return version_of(store())


def at_one_moment() -> AbstractContextManager[None]:
    """All that this thread reads meanwhile is of one version, unless it changes the data itself."""
    return store().database.at_one_moment()


def as_reported(version: str, closed: str) -> str:
    """The version as a closed round had it: everything that takes it reads what was reported then. "" = the present."""
    present = version.partition(OF_ROUND)[0]
    return f"{present}{OF_ROUND}{closed}" if closed else present


def closed_of(version: str) -> str | None:
    """The closed round that a version is read as; None for the present."""
    return version.partition(OF_ROUND)[2] or None


def short(version: str) -> str:
    """A version without the database that it is of and the round that it is read as: as it is kept and shown."""
    return version.rpartition("@")[2].partition(OF_ROUND)[0]


def store_of(version: str) -> Store:
    """The store that a version is of."""
    database = version.rpartition("@")[0]
    found = _STORES.get(database)
    if found is not None:
        return found
    served = read_settings().database
    return _opened(served if str(served) == database else Path(database))


def kept_of_version(*, most: int) -> Callable[[Callable[Keyed, Value]], Callable[Keyed, Value]]:
    """As `shared`, for what is read from the store: kept only where it is of the version that was asked for."""

    def kept(read: Callable[Keyed, Value]) -> Callable[Keyed, Value]:
        @shared(most=most)
        @wraps(read)
        def of_version(*args: Keyed.args, **kwargs: Keyed.kwargs) -> Value:
            value = read(*args, **kwargs)
            # A version never comes back: what was read while it was the present one is of it.
            asked: Any = args[0]
            if asked.partition(OF_ROUND)[0] != version_of(store_of(asked)):
                raise DataChanged
            return value

        return of_version

    return kept


def kept_of_reach(
    *, most: int
) -> Callable[
    [Callable[Concatenate[str, Viewer, More], Value]],
    Callable[Concatenate[str, Viewer, More], Value],
]:
    """As `kept_of_version`, for what goes by the viewer's reach alone: kept once for all who have it.

    The store is asked with no more than the reach, and refuses what a role or a name would be needed for.
    """

    def kept(
        read: Callable[Concatenate[str, Viewer, More], Value],
    ) -> Callable[Concatenate[str, Viewer, More], Value]:
        of_reach = kept_of_version(most=most)(read)

        @wraps(read)
        def of_viewer(version: str, viewer: Viewer, /, *args: More.args, **kwargs: More.kwargs) -> Value:
            return of_reach(version, reach_of(viewer), *args, **kwargs)

        return of_viewer

    return kept


def _seen(read: Callable[[Store, Viewer], Value], *, by_reach: bool = False) -> Callable[[str, Viewer], Value]:
    """What the store shows a viewer, by version and viewer, or by version and reach."""

    def of_version(version: str, viewer: Viewer, /) -> Value:
        return read(store_of(version), viewer)

    return (kept_of_reach if by_reach else kept_of_version)(most=32)(of_version)


# HISTORY: every submission, withdrawn ones too, the latest recorded first.
history = _seen(lambda of, viewer: of.history.all(viewer), by_reach=True)
# RECEIVED: every file that came in, whatever became of it, the latest first.
files = _seen(lambda of, viewer: of.received.all(viewer))
# AGENCIES of the register by code.
register = _seen(lambda of, viewer: of.register.agencies(viewer), by_reach=True)
# EXPECTATIONS of all years.
expectations = _seen(lambda of, viewer: of.register.expectations(viewer), by_reach=True)
# ACTIONS of every year.
actions = _seen(lambda of, viewer: of.plans.actions(viewer))
# PROGRESS of every action.
progress = _seen(lambda of, viewer: of.plans.progress(viewer))
# NOTES, the latest first.
notes = _seen(lambda of, viewer: of.notes.of(viewer))
# CONTACTS of agencies that ever sent, for who keeps the register.
contacts = _seen(lambda of, viewer: of.register.contacts(viewer))
# AGENCIES that sent and are not in the register.
senders = _seen(lambda of, viewer: of.register.senders(viewer))
# Named group -> whose it is, of the groups that the viewer is told of; one without is everybody's.
group_owners = _seen(lambda of, viewer: of.register.group_owners(viewer))
# E-mail -> everybody whom the administrators let in. Raises AccessDenied for who is no administrator.
people = _seen(lambda of, viewer: of.people.all(viewer))


@kept_of_reach(most=64)
def submissions(version: str, viewer: Viewer, source: str) -> pd.DataFrame:
    """SUBMISSIONS that count: the latest of each agency and year from one source."""
    return store_of(version).submissions.current(viewer, source=source, closed=closed_of(version))


@kept_of_reach(most=64)
def received(version: str, viewer: Viewer) -> pd.DataFrame:
    """SUBMISSIONS that were ever received, earlier ones too, latest first."""
    found = store_of(version).submissions.standing(viewer, closed=closed_of(version))
    return found.sort_values("received_at", ascending=False, kind="stable")


@kept_of_reach(most=32)
def scored(
    version: str, viewer: Viewer, source: str, basis: str, kinds: tuple[str, ...], years: tuple[int, ...]
) -> pd.DataFrame:
    """SCORED of the submissions that count, on one basis; of some kinds and years alone, () = of all."""
    of, closed = store_of(version).facts, closed_of(version)
    return of.scored(viewer, source=source, years=years or None, bases=[basis], kinds=kinds or None, closed=closed)


@kept_of_reach(most=32)
def announced(version: str, viewer: Viewer) -> pd.DataFrame:
    """ANNOUNCED that counts."""
    return store_of(version).announced.counting(viewer, closed=closed_of(version))


@kept_of_reach(most=256)
def answers(version: str, viewer: Viewer, ids: tuple[str, ...], texts: tuple[str, ...] = PROSE) -> pd.DataFrame:
    """ANSWERS of those of the submissions that the viewer may see; of texts that are not asked for, whether there is
    evidence."""
    return store_of(version).facts.answers(ids, viewer, texts=texts)


@kept_of_reach(most=32)
def met(version: str, viewer: Viewer, ids: tuple[str, ...], edition: str, basis: str) -> Met:
    """What those of the submissions that the viewer may see met on a basis, of the criteria of an edition."""
    criteria = [one.id for one in shipped_frameworks()[edition].criteria]
    return store_of(version).facts.met(ids, viewer, criteria, with_evidence=bases()[basis].needs_evidence)


@kept_of_reach(most=256)
def measures(version: str, viewer: Viewer, ids: tuple[str, ...]) -> pd.DataFrame:
    """MEASURES of those of the submissions that the viewer may see."""
    return store_of(version).facts.measures(ids, viewer)


@kept_of_reach(most=256)
def figures(version: str, viewer: Viewer, ids: tuple[str, ...]) -> pd.DataFrame:
    """The same with units as the only words of theirs: all that results and checks of numbers follow from."""
    return store_of(version).facts.measures(ids, viewer, words=False)


@kept_of_reach(most=256)
def measure_results(version: str, viewer: Viewer, ids: tuple[str, ...], basis: str) -> pd.DataFrame:
    """MEASURE_RESULTS on a basis of those of the submissions that the viewer may see."""
    measures = figures(version, viewer, ids)
    return store_of(version).facts.measure_results(ids, viewer, basis=basis, measures=measures)


@kept_of_reach(most=64)
def scores(version: str, viewer: Viewer, ids: tuple[str, ...]) -> pd.DataFrame:
    """SCORES of those of the submissions that the viewer may see."""
    facts, closed = store_of(version).facts, closed_of(version)
    return facts.scores(ids, viewer) if closed is None else facts.reported(closed, ids, viewer)


@kept_of_version(most=8)
def rounds(version: str) -> pd.DataFrame:
    """ROUNDS, the latest first."""
    return store_of(version).rounds.all()


@kept_of_version(most=2)
def recorded(version: str) -> dict[str, Before]:
    """sha256 -> what it became, of everything that was ever recorded."""
    return recorded_contents(store_of(version))


@kept_of_reach(most=32)
def successions(version: str, viewer: Viewer) -> pd.DataFrame:
    """SUCCESSIONS of which the viewer may see either agency."""
    return store_of(version).successions.all(viewer, closed=closed_of(version))


@kept_of_reach(most=32)
def lines(version: str, viewer: Viewer) -> dict[str, str]:
    """Old code -> the code of its line today, through renames."""
    known = successions(version, viewer)
    return lines_of(known, set(every_agency(version)["agency_code"])) if len(known) else {}


@kept_of_reach(most=64)
def followed(version: str, viewer: Viewer, source: str) -> dict[str, str]:
    """Submission that counts -> the code of its line, where it was sent under an older one."""
    found = lines(version, viewer)
    return followed_of(submissions(version, viewer, source), found) if found else {}


@kept_of_reach(most=32)
def names(version: str, viewer: Viewer) -> dict[str, str]:
    """Code -> the latest name, of agencies that sent or are in the register."""
    sent = received(version, viewer).sort_values("fiscal_year", kind="stable")
    known = register(version, viewer)
    return {
        code: str(name)
        for rows in (known, sent)
        for code, name in zip(rows["agency_code"], rows["agency_name"], strict=True)
    }


@kept_of_reach(most=64)
def status(version: str, viewer: Viewer, fiscal_year: int, source: str) -> pd.DataFrame:
    """STATUS of the agencies that must send for a year or have sent."""
    return store_of(version).register.status(viewer, fiscal_year, source=source)


@kept_of_version(most=32)
def moved(version: str, viewer: Viewer) -> pd.DataFrame:
    """MOVED of what the viewer may see and has not put away."""
    return store_of(version).history.moved(viewer, after=int(store_of(version).values.setting(moved_away(viewer), "0")))


def moved_away(viewer: Viewer) -> str:
    """The setting that says up to which change of the audit a viewer has put moved scores away."""
    return f"moved_seen:{viewer.name}"


@kept_of_version(most=4)
def has_samples(version: str) -> bool:
    """Whether sample data are among the submissions."""
    return store_of(version).submissions.has_samples()


@kept_of_version(most=8)
def peer_groups(version: str, viewer: Viewer | None) -> dict[str, tuple[str, ...]]:
    """Name -> agency codes of the groups that analysts named, of whom the viewer may see; None = of everybody.

    None is only for what shows neither names nor codes: aliases, and marks that say whether a group has changed.
    """
    rows = store_of(version).register.peer_groups(viewer)
    return {str(name): tuple(codes) for name, codes in rows.groupby("name", observed=True)["agency_code"]}


@kept_of_version(most=8)
def register_is_of_senders(version: str) -> bool:
    """Whether the register holds only who sent, so that who is missing is not known."""
    return store_of(version).register.is_of_senders()


@kept_of_version(most=2)
def every_agency(version: str) -> pd.DataFrame:
    """All that ever sent, whoever looks: agency_code, ministry as last sent, first: the number of the first submission.

    Only to make aliases from.
    """
    sent = store_of(version).history.all().sort_values("submission", ascending=False)
    rows = sent[["agency_code", "ministry"]].astype("str").assign(first=_number(sent["submission"]))
    return rows.groupby("agency_code", as_index=False, sort=False).agg(
        ministry=("ministry", "first"), first=("first", "min")
    )


def last_submission(version: str) -> int:
    """The number of the submission that was recorded last; 0 before the first."""
    return int(_number(store_of(version).history.all()["submission"]).max(initial=0))


def _number(submissions: pd.Series[str]) -> Any:
    return submissions.astype("str").str.removeprefix("S").astype("int64").to_numpy()


@kept_of_version(most=64)
def changes_since(version: str, pinned: str) -> tuple[int, dt.datetime | None]:
    """How many changes of what agencies sent, or of its scores, came after an earlier version, and when the first.

    (0, None) where there was none; (-1, None) for a version that this database never had.
    """
    later = _after(store_of(version).audit.changes(), pinned)
    if later is None:
        return -1, None
    return (len(later), later["at"].iloc[0].to_pydatetime()) if len(later) else (0, None)


@kept_of_version(most=64)
def touched_since(version: str, viewer: Viewer, seen: str) -> dict[str, frozenset[str]]:
    """Action of CHANGES_OF_DATA -> codes of those of the viewer's agencies that it concerned after an earlier version.

    Of samples that were removed nothing is known any more. Empty for a version that this database never had.
    """
    later = _after(store_of(version).audit.changes(), seen)
    if later is None:
        return {}
    whose = history(version, viewer).astype({"submission": "str"}).set_index("submission")["agency_code"]
    rows = later.assign(agency=later["subject"].map(whose))
    rows = rows[rows["agency"].notna()]
    return {str(action): frozenset(of) for action, of in rows.groupby("action")["agency"]}


def alias_key(version: str) -> str:
    """The key of the database that aliases of meetings are made with."""
    return store_of(version).values.secret("alias_key")


@kept_of_version(most=32)
def origins(version: str, viewer: Viewer, submission: str) -> Mapping[str, str]:
    """sheet!cell -> what a form that was made of other files says of where that was taken from; {} for any other."""
    cells = store_of(version).history.raw_cells(submission, viewer)
    return {} if cells is None else read_origins(cells)


def original(viewer: Viewer, submission: str) -> bytes:
    """The bytes of a file as it came. Raises StoreError where there is none that the viewer may see."""
    return store().submissions.original(submission, viewer)


def received_file(viewer: Viewer, receipt: str) -> bytes:
    """The bytes of a received file. Raises StoreError where there is none that the viewer may see."""
    return store().received.file(receipt, viewer)


def _after(audit: pd.DataFrame, version: str) -> pd.DataFrame | None:
    """The AUDIT of changes of the data after an earlier version; None where there never was such a version."""
    found = audit.index[audit["version"] == version]
    if version != "0" and not len(found):
        return None
    later = audit.loc[found[-1] :].iloc[1:] if len(found) else audit
    return later[later["action"].isin(CHANGES_OF_DATA)]


def _sorted(names: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(names))
