"""Values of the store as bytes, between two processes of this product on one machine.

Pickle, of nothing but the types that the store takes and gives: whoever sends anything else sends nothing. Frames go
as Arrow, which keeps their types.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pmqa import errors
from pmqa.errors import Finding, PmqaError
from pmqa.store.history import Reread
from pmqa.store.links import SavedView
from pmqa.store.planning import Action
from pmqa.store.receiving import Arrival, Refusal
from pmqa.store.recording import Incoming, Recorded
from pmqa.store.storyboards import Slide, Storyboard
from pmqa.store.tidying import Cleared
from pmqa.submission import Answer, Measure, Submission
from pmqa.viewer import Person, Viewer


def packed(value: object) -> bytes:
    """A value as bytes."""
    buffer = io.BytesIO()
    _Packer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def unpacked(data: bytes) -> Any:
    """The value again. Raises pickle.UnpicklingError for bytes that name anything but our types."""
    return _Unpacker(io.BytesIO(data)).load()


def frame_from(arrow: bytes) -> pd.DataFrame:
    """A frame from Arrow's stream."""
    frame: pd.DataFrame = pa.ipc.open_stream(arrow).read_all().to_pandas()
    return frame


def moment_from(text: str) -> dt.datetime:
    """A moment from its text in ISO 8601."""
    return dt.datetime.fromisoformat(text)


class _Packer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, pd.DataFrame):
            rows = pa.Table.from_pandas(value)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, rows.schema) as stream:
                stream.write_table(rows)
            return frame_from, (sink.getvalue().to_pybytes(),)
        if isinstance(value, MappingProxyType):
            return dict, (dict(value),)
        if isinstance(value, pd.Timestamp):
            return moment_from, (value.isoformat(),)
        if isinstance(value, np.generic):
            plain = value.item()
            return type(plain), (plain,)
        return NotImplemented


TYPES: Final = (
    *(
        Action,
        Answer,
        Arrival,
        Cleared,
        Finding,
        Incoming,
        Measure,
        Person,
        Recorded,
        Refusal,
        Reread,
        SavedView,
        Slide,
        Storyboard,
        Submission,
        Viewer,
    ),
    *(dt.date, dt.datetime, dt.timedelta, dt.timezone),
    *(dict, set, frozenset, int, float, str, bool),
    *(one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, PmqaError)),
)
KNOWN: Final[dict[tuple[str, str], Any]] = {
    **{(one.__module__, one.__qualname__): one for one in TYPES},
    **{(__name__, one.__name__): one for one in (frame_from, moment_from)},
}


class _Unpacker(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None
