"""A process of its own that records made-up submissions and says so, one line for each, once they are on disk.

python tests/recorder.py DATABASE TAG COUNT BATCH PATIENCE
"""

from __future__ import annotations

import sys
from pathlib import Path

from factories import make_measure, make_submission

from pmqa.errors import StoreBusy
from pmqa.store import Incoming, Store


def main(database: str, tag: str, count: str, batch: str, patience: str) -> None:
    incoming = [
        Incoming(
            make_submission(f"{tag}{n:04d}", measures=[make_measure()]), f"{tag} {n}".encode() * 999, f"{tag}{n}.xlsx"
        )
        for n in range(int(count))
    ]
    print("ready", flush=True)
    try:
        with Store(Path(database), patience=float(patience)) as store:
            for start in range(0, len(incoming), int(batch)):
                for recorded in store.recording.record_many(incoming[start : start + int(batch)], received_by=tag):
                    print("recorded", recorded.submission_id, flush=True)
    except StoreBusy as error:
        print("busy", str(error).replace("\n", " "), flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
