"""Commands beside a running server: it holds the file, and does for them what they would do with it.

One process may open the file. The server that has it opens a door: a socket of this machine only, whose port and key
stand in a file beside the database that nobody but its owner can read. Who comes with the key calls functions of the
store's parts one by one (`Elsewhere`), those that stand in `REACHED` and no other; or asks for a copy of its own to
read (`snapshot`), so that long reading takes nothing from the pages. Nobody's key goes over the socket.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import pickle
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Final

from pmqa.errors import PmqaError, StoreError
from pmqa.framework import shipped_frameworks
from pmqa.places import Place
from pmqa.store.opening import both_languages
from pmqa.store.whole import Store
from pmqa.store.wire import packed, unpacked

LOOPBACK: Final = "127.0.0.1"
KEY_BYTES: Final = 32
PATIENCE: Final = 10.0  # seconds for a greeting; a call takes as long as it takes
FEW: Final = 8  # files of one transaction beside a server: pages wait while one is recorded
# What makes both sides one release of the program: they exchange its types.
EXCHANGED: Final = ("errors.py", "submission.py", "tables.py", "viewer.py", "framework.py", "store")
# What may be called, of which part of the store; nothing else can be.
PARTS: Final = {
    "database": "version is_ready write_out tidy log_bytes free_bytes",
    "submissions": "standing current one by_id original has_samples",
    "facts": "answers met measures findings findings_of scores measure_results scored reported",
    "likeness": "cited texts written families so_far settle settle_next",
    "received": "receive refuse set_aside all file findings",
    "recording": "record record_many",
    "history": "all withdraw restore counts_beside raw_cells reread moved",
    "announced": "counting announce",
    "layouts": "all keep_layout drop_layout",
    "rounds": "all close bring_in remove",
    "successions": "all save remove",
    "register": "agencies save_agencies change_agencies expectations expect status peer_groups save_peer_group"
    " group_owners give_peer_group contacts senders add_senders is_of_senders",
    "plans": "scenarios save_scenario remove_scenario actions save_action remove_action progress report_progress"
    " efforts save_efforts",
    "storyboards": "of opened named names slides make_storyboard change_storyboard remove_storyboard add_slide"
    " word_slide move_slide remove_slide renew_slides",
    "links": "opened keep_link saved save_view remove_view",
    "notes": "of save_note remove_note",
    "people": "all one change",
    "values": "setting change_setting secret",
    "audit": "changes note look last_look trail",
    "tidying": "expire_refused erase_file contacts content erase_contacts remove_samples",
}
REACHED: Final = frozenset(f"{part}.{name}" for part, names in PARTS.items() for name in names.split())


def door_of(path: Path) -> Path:
    """The file that says where a database's door is."""
    return path.with_name(f"{path.name}.door")


def release() -> str:
    """Names the code that both sides share."""
    root = Path(__file__).parent.parent
    files = sorted(
        file for name in EXCHANGED for file in ((root / name).glob("*.py") if "." not in name else [root / name])
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Door:
    """The door of a store, open until it is closed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = secrets.token_bytes(KEY_BYTES)
        self._listener = Listener((LOOPBACK, 0))
        self._open = True
        for left in store.path.parent.glob(f"{SNAPSHOTS}*"):  # by commands that were killed
            shutil.rmtree(left, ignore_errors=True)
        self._say_where()
        threading.Thread(target=self._welcome, name="door", daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._open = False
        door_of(self._store.path).unlink(missing_ok=True)
        self._listener.close()

    def _say_where(self) -> None:
        _, port = self._listener.address
        said = {"port": port, "key": self._key.hex(), "release": release(), "pid": os.getpid()}
        file = door_of(self._store.path)
        part = file.with_name(f".{file.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(said, out)
        part.replace(file)

    def _welcome(self) -> None:
        while self._open:
            try:
                visitor = self._listener.accept()
            except (OSError, EOFError):  # closed, or somebody left at once
                continue
            threading.Thread(target=self._serve, args=(visitor,), name="visitor", daemon=True).start()

    def _serve(self, visitor: Connection) -> None:
        try:
            with visitor:
                if not _greeted(visitor, self._key, first=True):
                    return
                while True:
                    name, args, kwargs = unpacked(visitor.recv_bytes())
                    visitor.send_bytes(self._done(name, args, kwargs))
        except (OSError, EOFError, pickle.UnpicklingError, ValueError):
            return  # gone, or none of ours

    def _done(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> bytes:
        """What a call gives or raises, as bytes."""
        try:
            if name == SNAPSHOT:
                return packed((True, str(_snapshot(self._store))))
            if name not in REACHED:
                raise StoreError(both_languages("door_release"))
            part, function = name.split(".")
            return packed((True, getattr(getattr(self._store, part), function)(*args, **kwargs)))
        except PmqaError as error:
            return packed((False, error))
        except Exception as error:  # the command says it; the server goes on
            return packed((False, StoreError(both_languages("door_failed", reason=f"{type(error).__name__}: {error}"))))


class Elsewhere(Store):
    """A store that another process holds: every call is made there. Not to be used by two threads at once."""

    at_once = FEW

    def __init__(self, path: Path, line: Connection) -> None:
        self.place = path
        self.frameworks = dict(shipped_frameworks())
        self._line = line
        for part in PARTS:
            setattr(self, part, _Part(part, self._call))
        self.opened_after = int(self.version().split("-")[0])

    def close(self) -> None:
        """Hang up; the server goes on."""
        self._line.close()

    def copy_to(self, place: Place) -> None:
        """As Database.copy_to."""
        with self.snapshot() as copy:
            if isinstance(place, Path):
                shutil.copyfile(copy, place)
                return
            with Store(copy) as own:
                own.copy_to(place)

    def snapshot(self) -> Snapshot:
        """A copy of the database as it is now, to read."""
        return Snapshot(Path(str(self._call(SNAPSHOT))))

    def _call(self, name: str, *args: object, **kwargs: object) -> object:
        try:
            self._line.send_bytes(packed((name, args, kwargs)))
            well, value = unpacked(self._line.recv_bytes())
        except (OSError, EOFError) as error:
            raise StoreError(both_languages("door_closed", path=self.path)) from error
        if not well:
            raise value
        return value


class _Part:
    """A part of a store elsewhere: what may be called of it, and nothing else."""

    def __init__(self, part: str, call: Callable[..., object]) -> None:
        self._part = part
        self._call = call

    def __getattr__(self, name: str) -> Callable[..., object]:
        called = f"{self._part}.{name}"
        if called not in REACHED:
            raise AttributeError(called)
        return partial(self._call, called)


class Snapshot:
    """A copy of a database, there while it is being read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)


def elsewhere(path: Place) -> Elsewhere | None:
    """The store that a server holds open on this file; None where no server does, and of a lake, which nobody holds.

    Raises StoreError where a server does and this command may not, or cannot, use it.
    """
    if not isinstance(path, Path):
        return None
    file = door_of(path.resolve())
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        port, key = int(said["port"]), bytes.fromhex(said["key"])
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise StoreError(both_languages("door_owner", path=file, owner=_owner(file))) from error
    except (ValueError, KeyError):  # half a file, of a server that is just starting or was killed long ago
        return None
    try:
        line = Client((LOOPBACK, port))
        if not _greeted(line, key, first=False):  # the port is somebody else's by now
            line.close()
            return None
    except (OSError, EOFError):
        return None
    if said["release"] != release():
        line.close()
        raise StoreError(both_languages("door_release"))
    return Elsewhere(path.resolve(), line)


SNAPSHOT: Final = "snapshot"
SNAPSHOTS: Final = ".snapshot-"  # how folders of such copies begin; nobody else may look into them


def _snapshot(store: Store) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=SNAPSHOTS, dir=store.path.parent))
    path = folder / store.path.name
    try:
        store.copy_to(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


def _greeted(line: Connection, key: bytes, *, first: bool) -> bool:
    """Whether the other side has the key too; each proves it by what only this once is asked."""
    mine = secrets.token_bytes(KEY_BYTES)
    line.send_bytes(mine)
    theirs = _heard(line)
    if theirs is None or theirs == mine:  # an echo knows nothing
        return False
    line.send_bytes(_proof(key, first, mine, theirs))
    said = _heard(line)
    return said is not None and hmac.compare_digest(said, _proof(key, not first, theirs, mine))


def _proof(key: bytes, first: bool, own: bytes, other: bytes) -> bytes:
    return hmac.digest(key, (b"server" if first else b"command") + own + other, "sha256")


def _heard(line: Connection) -> bytes | None:
    """What the other side says in a greeting; None where it says nothing in time, or says too much."""
    if not line.poll(PATIENCE):
        return None
    said = line.recv_bytes(KEY_BYTES)
    return said if len(said) == KEY_BYTES else None


def _owner(file: Path) -> str:
    try:
        return file.owner()
    except (KeyError, NotImplementedError):
        return "?"
