"""The gallery in a real browser: nothing is clipped at the least widths, of a page and of a phone, in both languages,
with the product's font."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import plotly.offline
import pytest
from conftest import new_context
from playwright.sync_api import Browser, Page

from pmqa.charts import MIN_WIDTH
from pmqa.charts.gallery import drawings
from pmqa.charts.render import figure
from pmqa.charts.style import PHONE_WIDTH
from pmqa.exports.fonts import FAMILY, FILES, WEIGHTS
from pmqa.text import translator

PICTURES = Path(__file__).parent.parent / "output" / "charts"

pytestmark = pytest.mark.browser

# Texts that leave the picture, and horizontal axis labels or annotations that lie on each other.
FIND_CLIPPED = """(chart) => {
    const whole = document.querySelector(chart);
    const frame = whole.getBoundingClientRect();
    const bad = [];
    for (const text of whole.querySelectorAll('svg text')) {
        const box = text.getBoundingClientRect();
        if (!box.width) continue;
        const aside = box.left < frame.left - 1 || box.right > frame.right + 1;
        if (aside || box.top < frame.top || box.bottom > frame.bottom) bad.push(text.textContent);
    }
    return bad;
}"""
FIND_OVERLAPS = """(chart) => {
    const whole = document.querySelector(chart);
    const ticks = [...whole.querySelectorAll('.ytick text')]
        .map((text) => [text.textContent, text.getBoundingClientRect()]);
    const legend = whole.querySelector('.legend')?.getBoundingClientRect();
    const bad = [];
    ticks.forEach(([text, box], place) => {
        for (const [other, next] of ticks.slice(place + 1))
            if (box.bottom > next.top + 2 && next.bottom > box.top + 2) bad.push(`${text} | ${other}`);
        if (legend && box.bottom > legend.top + 2 && legend.bottom > box.top + 2 && legend.right > box.left)
            bad.push(`legend | ${text}`);
    });
    return bad;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser, viewport={"width": MIN_WIDTH + 40, "height": 900})
    page = context.new_page()
    faces = "".join(
        f"@font-face{{font-family:{FAMILY};font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{base64.b64encode(file.read_bytes()).decode()}) format('truetype')}}"
        for weight, file in zip(WEIGHTS, FILES, strict=True)
    )
    page.set_content(f"<style>{faces}body{{margin:0}}</style><b lang=th>ก a</b><i lang=th>ก a</i>")
    page.add_script_tag(content=plotly.offline.get_plotlyjs())
    page.evaluate(
        "document.fonts.load('12px Sarabun', 'กa').then(() => document.fonts.load('bold 12px Sarabun', 'กa'))"
    )
    yield page
    context.close()


@pytest.mark.parametrize(  # where texts stand does not depend on the theme
    ("language", "theme", "phone"),
    [("th", "light", False), ("en", "dark", False), ("th", "dark", True), ("en", "light", True)],
)
def test_no_text_of_any_chart_is_clipped_or_lies_on_another(
    page: Page, language: str, theme: Any, *, phone: bool
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    clipped: dict[str, list[str]] = {}
    for name, drawing in drawings(language):
        spec = json.loads(figure(replace(drawing, phone=phone), translator(language), theme).to_json())
        page.evaluate(
            """async ([id, spec, width]) => {
                const size = `width:${width}px;height:${spec.layout.height}px`;
                document.body.innerHTML = `<div id="${id}" style="${size}"></div>`;
                await Plotly.newPlot(id, spec.data, spec.layout, {displayModeBar: false});
            }""",
            [name, spec, PHONE_WIDTH if phone else MIN_WIDTH],
        )
        if bad := [*page.evaluate(FIND_CLIPPED, f"#{name}"), *page.evaluate(FIND_OVERLAPS, f"#{name}")]:
            clipped[name] = bad
            picture = PICTURES / f"{name}_{language}_{theme}{'_phone' if phone else ''}.png"
            page.locator(f"#{name}").screenshot(path=str(picture))
    assert not clipped
