"""Contact sheets of every slide, page and picture that is presented, for looking at, into build/sheets; or small ones
of the first of each kind of file, into docs/images/sheets.

make sheets
make sheets SHEETS="--what agency briefing --language en --agencies 300"
make sheets SHEETS=--images
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image

from pmqa.charts.gallery import drawings
from pmqa.charts.render import figure
from pmqa.cli.viewing import Chosen, comparison_file
from pmqa.demo import demo_submissions
from pmqa.exports import report_pdf, report_pptx, to_png
from pmqa.framework import shipped_frameworks
from pmqa.settings import ROOT
from pmqa.store import Incoming, Store
from pmqa.text import languages, translator
from pmqa.views.files import stamp_of
from pmqa.views.reporting import agency_report, briefing_of, ministry_report, profiles
from pmqa.views.view import View
from tests.office import convert, pictures
from tests.pages import a_view

WHAT: Final = ("agency", "ministry", "comparison", "profile", "briefing", "pictures")
ACROSS: Final = 3
DOWN: Final = 4
WIDTH: Final = 640  # pixels of a slide, page or picture on it
GAP: Final = 8
COMPARED: Final = 12  # agencies
A4: Final = 110  # dots per inch
IMAGES: Final = ROOT / "docs" / "images" / "sheets"
SMALL: Final = 400  # pixels of a slide or page on a sheet for a reader
LARGEST: Final = 150_000  # bytes of such a sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--what", nargs="*", choices=WHAT, default=WHAT)
    parser.add_argument("--language", nargs="*", choices=languages(), default=languages())
    parser.add_argument("--agencies", type=int, default=24)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "sheets")
    parser.add_argument("--images", action="store_true", help="those of docs/files.md")
    told = parser.parse_args()
    (IMAGES if told.images else told.out).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PMQA_DATABASE"] = str(_filled(Path(folder) / "sheets.duckdb", told.agencies))
        for language in told.language:
            view = a_view(language, basis="evidenced")
            for what in told.what:
                rendered = _rendered(what, view, Path(tempfile.mkdtemp(dir=folder)))
                if not told.images:
                    for name, images in rendered:
                        for path in _write_sheets(told.out / f"{name}-{language}", images):
                            print(path, flush=True)
                elif what != "pictures":
                    print(_write_small(IMAGES / f"{what}-{language}.jpg", dict(rendered)), flush=True)


def _filled(path: Path, agencies: int) -> Path:
    """Samples of three years, as samples."""
    sent = demo_submissions(shipped_frameworks()["pmqa4"], agencies=agencies, years=3)
    incoming = [Incoming(one, str(n).encode(), f"ตัวอย่าง-{n}.xlsx") for n, one in enumerate(sent)]
    with Store(path) as store:
        store.recording.record_many(incoming, received_by="demo", sample=True)
    return path


def _rendered(what: str, view: View, folder: Path) -> Iterator[tuple[str, list[Image.Image]]]:
    """Name and pages of each file of a kind, as pictures."""
    if what == "pictures":
        t = translator(view.language)
        pngs = (to_png(figure(one, t), view.language) for _, one in drawings(view.language))
        yield "pictures", [Image.open(io.BytesIO(png)) for png in pngs]
        return
    files = dict(_files(what, view))
    printed = {name: content for name, content in files.items() if name.endswith(".pdf")}
    decks = {name: content for name, content in files.items() if name not in printed}
    paths = convert(decks, "pdf", folder) if decks else {}
    for name, content in printed.items():
        paths[name] = folder / f"set-{name}"
        paths[name].write_bytes(content)
    for name, path in paths.items():
        yield name.replace(".", "-"), [Image.open(page) for page in pictures(path, A4)]


def _files(what: str, view: View) -> Iterator[tuple[str, bytes]]:
    agency = min(view.agencies)
    ministry = str(view.submissions["ministry"].astype("str").value_counts().index[0])
    whole = stamp_of(view, "", len(view.agencies))
    if what in ("agency", "ministry"):
        report = agency_report(view, agency) if what == "agency" else ministry_report(view, ministry)
        yield f"{what}.pptx", report_pptx(report)
        yield f"{what}.pdf", report_pdf(report)
    elif what == "comparison":
        chosen = Chosen(view, tuple(sorted(view.agencies))[:COMPARED], "")
        yield f"{what}.pptx", comparison_file(chosen, "pptx", "radar", {})
    else:
        for form in ("pptx", "pdf"):
            if what == "profile":
                ((_, content),) = profiles(view, [agency], whole, form)
            else:
                content = briefing_of(view, ministry, replace(whole, n=len(view.agencies)), form)
            yield f"{what}.{form}", content


def _write_sheets(stem: Path, images: Sequence[Image.Image]) -> Iterator[Path]:
    for number, start in enumerate(range(0, len(images), ACROSS * DOWN), start=1):
        path = stem.with_name(f"{stem.name}-{number}.png")
        _sheet(images[start : start + ACROSS * DOWN], WIDTH).save(path)
        yield path


def _write_small(path: Path, files: Mapping[str, Sequence[Image.Image]]) -> Path:
    """The first page of what is printed, and the first slides."""
    printed = [page for name, pages in files.items() if name.endswith("-pdf") for page in pages[:1]]
    slides = [slide for name, pages in files.items() if not name.endswith("-pdf") for slide in pages]
    sheet = _sheet([*printed, *slides][: ACROSS * DOWN], SMALL)
    for quality in range(85, 0, -5):
        sheet.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    return path


def _sheet(images: Iterable[Image.Image], width: int) -> Image.Image:
    """Beside and below each other: each in the column that ends highest."""
    ends, placed = [0] * ACROSS, []
    for image in images:
        small = image.convert("RGB").resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
        column = ends.index(min(ends))
        placed.append((small, column * (width + GAP), ends[column]))
        ends[column] += small.height + GAP
    used = min(len(placed), ACROSS)
    sheet = Image.new("RGB", (used * (width + GAP) - GAP, max(ends) - GAP), "#808080")
    for small, left, top in placed:
        sheet.paste(small, (left, top))
    return sheet


if __name__ == "__main__":
    main()
