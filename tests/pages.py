"""Opening pages without a browser, on databases of samples, and reading what they show."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
import streamlit as st
from google.protobuf import text_format
from streamlit.testing.v1 import AppTest

from pmqa.demo import demo_submissions
from pmqa.framework import Framework
from pmqa.places import LakePlace, Place
from pmqa.settings import ROOT
from pmqa.store import Incoming, Store
from pmqa.ui.links import MENU
from pmqa.viewer import LOCAL_ANALYST
from pmqa.views import data
from pmqa.views.memory import forget
from pmqa.views.view import View

FIRST_PAGE: Final = "overview"  # which is at the root
WAIT: Final = 90  # seconds
SIZES: Final = {"nothing": (0, 0), "one agency": (1, 1), "24 agencies, 3 years": (24, 3)}
SAMPLES: Final = "24 agencies, 3 years"

# What may stand in Latin letters on a Thai page: names of formats and of the award, ids, units, addresses, icons, keys,
# and what the samples' agencies wrote themselves.
LATIN_THAT_MAY_STAY: Final = re.compile(
    r"""(?ix) \b(?: PMQA | pmqa4 | XLSX | CSV | PPTX | ZIP | SVG | PNG | PDF | HTML | Parquet | MB | ITA | CRM | KM
      | n | Shift\+Space | Language | English | median\ polish
      | S\d{7} | A\d{7} | DEMO-\d+ | \d\.\d\.[BAS]\d | demo | local | WI | R2R | e-?service | e-?mail | digital
      | \S+@\S+ | material/\w+ | PMQA_ADMIN
      | https?://\S+ | \S+\.xlsx | Government\ lab | Best\ practice | PDCA | Lean )\b"""
)


def filled(path: Path, framework: Framework, agencies: int, years: int) -> Path:
    """A database with samples, without the form's way through the workbook, which has its own tests."""
    with Store(path) as store:
        sent = demo_submissions(framework, agencies=agencies, years=years) if agencies else []
        files = [(f"{one.agency_code}-{one.fiscal_year}-{one.source}", one) for one in sent]
        store.recording.record_many(
            [Incoming(one, name.encode(), f"{name}.xlsx") for name, one in files], received_by="demo"
        )
    return path


def announce(store: Store, told: Iterable[tuple[str, int, str, float]]) -> None:
    """Record scores of categories as announced: agency, year, category, points."""
    rows = pd.DataFrame(told, columns=["agency_code", "fiscal_year", "scope", "points"])
    whose = {"agency_name": "กรมตัวอย่างเดิม", "ministry": "กระทรวงตัวอย่างเดิม", "agency_type": "กรม", "edition": "pmqa4"}
    where = {"kind": "category", "layout": "years", "file_name": "ประกาศ.xlsx", "sheet": "ผล", "cell": "C3"}
    store.announced.announce(rows.assign(**whose, **where), b"announced", who="x")


def clear_caches() -> None:
    """As a server is that has just started."""
    st.cache_data.clear()
    st.cache_resource.clear()
    forget()


def serve(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages be of this database."""
    if isinstance(place, LakePlace):
        monkeypatch.setenv("PMQA_DATA_PATH", str(place.data))
    monkeypatch.setenv("PMQA_DATABASE", place.address if isinstance(place, LakePlace) else str(place))


@contextmanager
def new_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a server that has just started on a new database."""
    serve(folder / "pmqa.duckdb", monkeypatch)
    clear_caches()
    yield data.store()
    data.store().close()
    clear_caches()


def opened(page: str, database: Place, monkeypatch: pytest.MonkeyPatch, **choices: Any) -> AppTest:
    """The page as a link with these choices opens it on a cold server, with the menu of its own link open."""
    serve(database, monkeypatch)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT)
    at.session_state[MENU] = True
    for name, value in choices.items():
        at.query_params[name] = value
    if page != FIRST_PAGE:
        at.switch_page(f"pages/{page}.py")
    return at.run()


def a_view(language: str = "th", **said: Any) -> View:
    """A view of the samples' last year as an analyst has it, but for what is said."""
    usual = {"viewer": LOCAL_ANALYST, "edition": "pmqa4", "fiscal_year": 2569, "basis": "claimed", "peer_minimum": 5}
    return View(language=language, **{**usual, **said, "version": said.get("version") or data.version()})


def in_address(at: AppTest) -> dict[str, list[str]]:
    """The parameters of the page's address."""
    found = {name: at.query_params[name] for name in at.query_params}
    return {name: list(value) if isinstance(value, list) else [value] for name, value in found.items()}


def words_on(at: AppTest) -> list[str]:
    """Everything that a person reads on the page, tables' text included, as far as AppTest knows it."""
    found: list[str] = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "text"):
        found += [str(element.value) for element in at.get(kind) if "<style>" not in str(element.value)]
    for kind in (
        *("button", "selectbox", "multiselect", "radio", "toggle", "checkbox"),
        *("number_input", "metric", "expander", "tab"),
    ):
        found += [str(element.label) for element in at.get(kind)]
    for kind in ("selectbox", "multiselect", "radio", "button_group"):
        found += [str(option) for element in at.get(kind) for option in element.options]
    for kind in ("download_button", "metric", "radio"):
        found += [str(element.help) for element in at.get(kind) if element.help]
    found += [str(element.value) for element in at.metric]
    for chart in at.get("plotly_chart"):
        found += texts_of(json.loads(chart.proto.spec))
    for table in [*at.table, *at.dataframe]:
        frame = table.value
        if "effort" in frame:  # holds ids; its headings are in its configuration, which AppTest does not know
            continue
        found += [str(name) for name in frame.columns]
        found += [str(cell) for column in frame for cell in frame[column].astype("object") if isinstance(cell, str)]
    return found


def english_left(at: AppTest) -> list[str]:
    """Words in Latin letters on a Thai page that no list allows."""
    texts = [html.unescape(text.replace("\\", "").replace("\u2060", "")) for text in words_on(at)]
    return [word for text in texts for word in re.findall("[A-Za-z]{2,}", LATIN_THAT_MAY_STAY.sub("", text))]


def texts_of(figure: dict[str, Any]) -> list[str]:
    """The texts of a Plotly figure that a person sees: titles, labels, notes, names of traces, hover texts."""
    found = [trace["name"] for trace in figure["data"] if trace.get("showlegend") is not False and "name" in trace]
    found += leaves(figure["data"], ("text", "hovertext", "theta"))
    found += leaves({**figure["layout"], "template": None}, ("text", "ticktext"))
    return [html.unescape(re.sub("<[^>]+>", " ", text)) for text in found]


def leaves(part: Any, keys: tuple[str, ...], shown: bool = False) -> list[str]:
    """Strings below keys of these names, in dictionaries and lists."""
    if isinstance(part, dict):
        return [text for key, value in part.items() for text in leaves(value, keys, key in keys)]
    if isinstance(part, list):
        return [text for value in part for text in leaves(value, keys, shown)]
    return [part] if shown and isinstance(part, str) else []


def everything_sent(at: AppTest) -> str:
    """All that reaches the browser: every element and container with its options, hints and keys, the address."""
    parts = [json.dumps(in_address(at), ensure_ascii=False)]
    parts += [_as_sent(node) for node in at._tree]
    # Markdown shows names with backslashes and joiners in them; a search for a name must find them all the same.
    return "\n".join(parts).replace("\\", "").replace("\u2060", "")


def _as_sent(node: Any) -> str:
    proto = getattr(node, "proto", None)
    if proto is None:
        return ""
    if node.type in ("table", "arrow_table", "arrow_data_frame", "dataframe"):
        return f"{node.value.to_csv()}\n{node.value.columns.tolist()}"
    if node.type == "plotly_chart":
        return json.dumps(json.loads(proto.spec), ensure_ascii=False) + text_format.MessageToString(proto, as_utf8=True)
    return text_format.MessageToString(proto, as_utf8=True)
