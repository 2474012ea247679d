"""Files of cards, made where they are asked for: tables, pictures, editable charts, everything of several in a zip.

The same view, data and language give the same bytes, whatever the screen's theme: files are made in the light one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final, Literal

import pandas as pd

from pmqa.charts import with_origin
from pmqa.charts.drawing import Drawing
from pmqa.charts.render import figure as figure_of
from pmqa.exports import (
    Field,
    Publisher,
    Resource,
    Stamp,
    datapackage,
    dictionary_of,
    file_name,
    origins_table,
    resource_name,
    to_csv,
    to_parquet,
    to_pdf,
    to_png,
    to_pptx,
    to_svg,
    to_xlsx,
    to_zip,
    xlsx_with_charts,
)
from pmqa.exports.datapackage import FILE as PACKAGE
from pmqa.exports.dictionary import worded
from pmqa.scoring import RULES_VERSION
from pmqa.settings import Settings, read_settings
from pmqa.text import BANGKOK, languages, load_sentences
from pmqa.views import data
from pmqa.views.address import Address
from pmqa.views.building import card_of
from pmqa.views.cards import Card, Kind
from pmqa.views.numbers import trace_sheets
from pmqa.views.view import View

Picture = Literal["png", "svg", "pdf"]
Made = Sequence[tuple[View, Card]]  # cards, each with the view that it is of

ON_SHEET: Final[Mapping[Kind, str]] = {
    "percent": "0%",
    "score": "0.0",
    "index": "0.00",
    "rate": "0.0",
    "value": "General",
    "count": "#,##0",
}
PICTURES: Final[Mapping[Picture, Callable[..., bytes]]] = {"png": to_png, "svg": to_svg, "pdf": to_pdf}


def card_csv(_: View, card: Card) -> bytes:
    """The card's table in full precision, headed by the names of its columns, whatever the view's language."""
    return to_csv(card.table[[column.name for column in card.columns]])


def card_parquet(view: View, card: Card) -> bytes:
    """The card's table with its ids and full precision, for programs."""
    return to_parquet(card.table[[column.name for column in card.columns]], stamp(view, card))


def card_xlsx(view: View, card: Card) -> bytes:
    """The card's table as a workbook, with its chart, to be edited, and where its numbers come from."""
    formats = formats_of([card])
    sheets = {card.title: labelled(card), **traces_of(view, [card]), **dictionary_sheet([(view, card)])}
    if card.drawing is None:
        return to_xlsx(sheets, stamp(view, card), formats)
    return xlsx_with_charts([card.drawing], stamp(view, card), sheets, formats)


def card_pptx(view: View, card: Card, template: bytes | None = None) -> bytes:
    """The card's chart as a slide, to be edited; an empty deck where it has none. template: a ministry's own .pptx."""
    return to_pptx([] if card.drawing is None else [card.drawing], stamp(view, card), template=template)


def card_picture(view: View, card: Card, form: Picture) -> bytes:
    """The drawing of a card that has one, as the server's browser draws it, and of which data. Raises ExportError where
    there is none."""
    assert card.drawing is not None  # noqa: S101 - pictures are offered of charts alone
    figure = figure_of(card.drawing, view.t, view.theme)
    return PICTURES[form](with_origin(figure, stamp(view, card).origin_line()), view.language)


def drawings_of(made: Made) -> list[Drawing]:
    """The drawings of the cards that have one."""
    return [card.drawing for _, card in made if card.drawing is not None]


def whole_stamp(title: str, made: Made) -> Stamp:
    """What a file of several cards says about itself: as the first of them that is of scores."""
    view, first = next((one for one in made if one[1].of_scores), made[0])
    return replace(stamp(view, first), title=title, n=len(view.agencies) if first.of_scores else None)


def deck(title: str, made: Made, template: bytes | None = None) -> bytes:
    """A slide for each chart of the cards, to be edited. template: a ministry's own .pptx."""
    return to_pptx(drawings_of(made), whole_stamp(title, made), template=template)


def workbook(title: str, made: Made) -> bytes:
    """The cards' tables a sheet each, their charts, where their numbers come from and whose the rules are."""
    view, cards = made[0][0], [card for _, card in made]
    sheets = {f"{number} {card.title}": labelled(card) for number, card in enumerate(cards, 1)}
    if any(card.of_scores for card in cards):
        sheets |= _all_traces(made) | {view.t("exports.origins.title"): origins_table(view.framework, view.t)}
    sheets |= dictionary_sheet(made)
    return xlsx_with_charts(drawings_of(made), whole_stamp(title, made), sheets, formats_of(cards))


def formats_of(cards: Sequence[Card]) -> dict[str, str]:
    """The number formats of columns as on screen, by heading."""
    return {column.label: ON_SHEET[column.kind] for card in cards for column in card.columns if column.kind in ON_SHEET}


def dictionary_sheet(made: Made) -> dict[str, pd.DataFrame]:
    """The sheet that says of every column of the cards its name in each language, its type, unit and blanks."""
    view = made[0][0]
    tables = {
        card.title: fields_of_card(card, {c.name: in_every_language(of, c.label) for c in card.columns})
        for of, card in made
    }
    return {view.t("dictionary.title"): dictionary_of(tables, view.t)}


def in_every_language(view: View, words: str) -> dict[str, str]:
    """A heading of the view's language as it is worded in each, as far as it is a sentence of the product's own."""
    return {**_sentences_by(view.language).get(words, {}), view.language: words}


@cache
def _sentences_by(language: str) -> dict[str, Mapping[str, str]]:
    return {words[language]: words for words in reversed([*load_sentences().values()])}


def page_zip(
    title: str,
    made: Made,
    about: Mapping[str, object],
    template: bytes | None = None,
    addresses: Sequence[Address | None] = (),
) -> bytes:
    """Everything of the cards: tables and what they are, one workbook and one deck of all charts, pictures.

    about: what the zip's metadata say beside the view; JSON values. addresses: of the cards, where they have one: from
    them their columns' names in other languages come.
    """
    files = {f"{title}.xlsx": workbook(title, made)}
    if drawings_of(made):
        files[f"{title}.pptx"] = deck(title, made, template)
    resources: list[Resource] = []
    for number, (of, card) in enumerate(made, 1):
        name = f"{number} {card.title}"
        files[f"{name}.csv"], files[f"{name}.parquet"] = card_csv(of, card), card_parquet(of, card)
        address = addresses[number - 1] if addresses else None
        resources.append(card_resource(of, card, address, file_name([name], "csv"), files[f"{name}.csv"], number))
        if card.drawing is not None:
            files |= {f"{name}.{form}": card_picture(of, card, form) for form in ("svg", "png")}
    whole = whole_stamp(title, made)
    files[PACKAGE] = datapackage(resources, whole, publisher_of(read_settings()))
    return to_zip(files, whole, {"view": view_ids(made[0][0]), "rules": RULES_VERSION, **about})


def card_resource(view: View, card: Card, address: Address | None, path: str, content: bytes, number: int) -> Resource:
    """A card's csv as datapackage.json describes it. number: of the card in its zip."""
    titles = {column.name: {view.language: column.label} for column in card.columns}
    for language in languages() if address else ():
        if address is not None and language != view.language:
            for column in card_of(replace(view, language=language), address.card, address.choices).columns:
                titles.get(column.name, {})[language] = column.label
    fields = fields_of_card(card, titles)
    name = resource_name(f"{number}-{address.card}" if address else "", number)
    return Resource(name, path, card.title, fields, content)


def fields_of_card(card: Card, titles: Mapping[str, Mapping[str, str]]) -> tuple[Field, ...]:
    """A card's columns as a dictionary has them. titles: column -> language -> its name."""
    return tuple(
        Field(column.name, titles[column.name], kind_of(card.table[column.name]), True, units_of(column.kind), ())
        for column in card.columns
    )


def kind_of(series: pd.Series[Any]) -> str:
    """Which of pmqa.tables.TYPES a column is written as."""
    dtype = series.dtype
    kinds = pd.api.types
    if kinds.is_bool_dtype(dtype):
        return "bool"
    if kinds.is_integer_dtype(dtype):
        return "int"
    if kinds.is_float_dtype(dtype):
        return "float"
    return "time" if kinds.is_datetime64_any_dtype(dtype) else "text"


def units_of(kind: Kind) -> dict[str, str]:
    """The unit of a card's column in every language; {} where it has none."""
    units = {"score": "points", "percent": "share", "rate": "percent"}
    return worded(f"dictionary.units.{units[kind]}") if kind in units else {}


def publisher_of(settings: Settings) -> Publisher:
    """Who publishes what is exported."""
    return Publisher(settings.publisher, settings.contact, settings.licence)


def _all_traces(made: Made) -> dict[str, pd.DataFrame]:
    """As `traces_of`, of cards whose views may differ: of what a meeting hides nothing is traced."""
    named = [(view, card) for view, card in made if not view.meeting]
    if not named:
        return {}
    view = named[0][0]
    if any((of.ministries, of.agency_types) != (view.ministries, view.agency_types) for of, _ in named):
        view = replace(view, ministries=(), agency_types=())
    return traces_of(view, [card for _, card in named])


def traces_of(view: View, cards: Sequence[Card]) -> dict[str, pd.DataFrame]:
    """The sheet that says where the cards' numbers come from."""
    known = [card.numbers for card in cards if card.numbers is not None]
    return trace_sheets(view, pd.concat(known, ignore_index=True).drop_duplicates()) if known else {}


def stamp(view: View, card: Card) -> Stamp:
    """What a download of the card says about itself."""
    whole = stamp_of(view, card.title, card.n)
    if not card.of_scores:
        return replace(whole, basis="", fiscal_year="", filters="")
    return replace(whole, fiscal_year=card.fiscal_year or whole.fiscal_year)


def stamp_of(view: View, title: str, n: int | None) -> Stamp:
    """What a file of the view says about itself. n: agencies in it."""
    return Stamp(
        title=title,
        basis=view.basis_name,
        fiscal_year=view.t.year(view.fiscal_year),
        edition=view.framework.called(view.t),
        n=n,
        filters=view.filters,
        data_version=data.short(view.version),
        made_on=dt.datetime.now(BANGKOK).date(),
        language=view.language,
        sample=data.has_samples(view.version),
    )


def view_ids(view: View) -> dict[str, object]:
    """The view in ids, for programs."""
    return {
        "edition": view.edition,
        "fiscal_year": view.fiscal_year,
        "basis": view.basis,
        "ministries": list(view.ministries),
        "agency_types": list(view.agency_types),
        "with_incomplete": view.with_incomplete,
        "names_hidden": bool(view.meeting),
    }


def labelled(card: Card) -> pd.DataFrame:
    """The card's table under its headings."""
    return pd.DataFrame({column.label: card.table[column.name] for column in card.columns})


def name_of(view: View, title: str) -> str:
    """The name of a file of the view, without its suffix."""
    return file_name(("PMQA", title, view.fiscal_year, view.basis_name))
