"""Everything of a view in one zip, with a README in both languages and its metadata."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pmqa.exports.archive import zip_of
from pmqa.exports.stamp import Stamp, basis_line, clean_text, file_name, metadata
from pmqa.text import languages, translator


def to_zip(files: Mapping[str, bytes], stamp: Stamp, more: Mapping[str, object] | None = None) -> bytes:
    """The files with README.txt and metadata.json before them.

    files: name -> content, in order; names are made safe. more: what else metadata.json should say (the view's
    address, the version of the rules); JSON values. Raises ValueError where two names become one.
    """
    named = {_safe(name): content for name, content in files.items()}
    if len(named) != len(files) or {"README.txt", "metadata.json"} & set(named):
        raise ValueError(f"names of files clash: {sorted(files)}")
    about = {
        **metadata(stamp),
        **(more or {}),
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in named.items()
        ],
    }
    text = json.dumps(about, ensure_ascii=False, indent=2, sort_keys=True)
    return zip_of({"README.txt": _readme(stamp, list(named)), "metadata.json": text.encode(), **named})


def _readme(stamp: Stamp, names: list[str]) -> bytes:
    paragraphs = [stamp.title]
    for language in languages():
        t = translator(language)
        filters = t("exports.filters", filters=stamp.filters) if stamp.filters else t("exports.unfiltered")
        origin = [stamp.data_version and t("exports.data_version", version=stamp.data_version)]
        lines = [
            basis_line(stamp.basis, stamp.fiscal_year, stamp.edition, stamp.n, language),
            filters,
            *origin,
            t("exports.made_on", date=t.date(stamp.made_on)),
        ]
        paragraphs.append("\n".join(line for line in lines if line))
        paragraphs.append("\n".join([t("exports.readme.files"), *(f"- {name}" for name in names)]))
        paragraphs.append(t("exports.readme.reading"))
        paragraphs.append(t("exports.method"))
    # With a byte-order mark and CRLF, Notepad shows Thai and lines.
    return clean_text("\n\n".join(paragraphs) + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _safe(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return file_name([stem], suffix) if dot else file_name([name])
