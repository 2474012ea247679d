"""Every chart from fictitious data made here: for the developers' page, the tests, and for looking.

`python -m pmqa.charts.gallery FOLDER` writes a page per language and theme.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import plotly.io

from pmqa.analysis.peers import peer_stats, ranks
from pmqa.charts import agencies, heat, levels, pairs, position, profiles, years
from pmqa.charts.palette import THEMES, Theme
from pmqa.charts.style import Caption, figure_config
from pmqa.framework import DEFAULT_EDITION, Framework, shipped_frameworks
from pmqa.tables import ANSWERS, MEASURE_RESULTS, MEASURES, SCORED
from pmqa.text import LANGUAGES, Translator, translator

YEAR: Final = 2569
SEED: Final = 4
AGENCIES: Final = 24
SHOWN: Final = ("S01", "S02", "S03")
MINISTRIES: Final = {"th": ("หนึ่ง", "สอง", "สาม", "สี่"), "en": ("One", "Two", "Three", "Four")}
SUBJECTS: Final = {
    "th": ("การพัฒนาบริการประชาชน", "ข้อมูลและสถิติ", "ส่งเสริมคุณภาพชีวิตผู้สูงอายุและคนพิการ", "น้ำและป่า", "การขนส่ง", "มาตรฐาน"),
    "en": ("Citizen Services", "Data and Statistics", "Quality of Life of Older and Disabled Persons", "Water and Forests", "Transport", "Standards"),
}  # fmt: skip
WHOLE: Final = 1.0

Shown = tuple[str, go.Figure, pd.DataFrame, str]


def gallery(language: str, theme: Theme) -> list[Shown]:
    """Every chart: (name, figure, its table, alt text). The same call gives the same charts."""
    t = translator(language)
    framework = shipped_frameworks()[DEFAULT_EDITION]
    scored = sample_scores(framework, language)
    return [
        *_profiles(scored, framework, t, theme),
        *_many(scored, framework, t, theme),
        *_two(scored, framework, t, theme),
        *_one(scored, framework, t, theme),
        *_over_years(scored, framework, t, theme),
    ]


def sample_scores(framework: Framework, language: str, *, count: int = AGENCIES, year: int = YEAR) -> pd.DataFrame:
    """SCORED of fictitious agencies: their level, growth by year, some without answers, some incomplete."""
    chance = random.Random(SEED)  # noqa: S311 - samples
    talents = [chance.gauss(300, 70) for _ in range(count)]
    rows = []
    for number, talent in enumerate(talents, start=1):
        chance = random.Random(f"{SEED} {number}")  # noqa: S311
        for kind in ("dimension", "category", "item", "overall", "indicator"):
            for scope in framework.scopes(kind):
                drawn = talent + (year - YEAR) * 25 + chance.gauss(0, 60)
                points = round(min(500.0, max(0.0, drawn)) * 3 / 50) * 50 / 3  # steps, so that there are ties
                coverage = 0.62 if number % 9 == 2 and chance.random() < 0.4 else WHOLE  # noqa: PLR2004
                blank = (number % 11 == 3 and chance.random() < 0.25) or number == AGENCIES - 1  # noqa: PLR2004
                rows.append((number, kind, scope, None if blank else points, 0.0 if blank else coverage))
    frame = pd.DataFrame(rows, columns=["number", "kind", "scope", "score", "coverage"])
    subjects, ministries = SUBJECTS[language], MINISTRIES[language]
    department = "กรมตัวอย่าง{subject} {number}" if language == "th" else "Sample Department of {subject} {number}"
    ministry = "กระทรวงตัวอย่าง{name}" if language == "th" else "Sample Ministry {name}"
    kinds = ("กรม", "จังหวัด", "องค์การมหาชน") if language == "th" else ("Department", "Province", "Public organisation")
    codes = frame["number"].map("S{:02d}".format)
    return SCORED.conform(
        frame.assign(
            submission=codes + f"-{year}",
            basis="claimed",
            score_max=frame["score"].fillna(500.0).clip(upper=500),
            level=_levels(frame["score"], framework),
            complete=frame["coverage"] >= WHOLE,
            agency_code=codes,
            agency_name=[department.format(subject=subjects[n % len(subjects)], number=n) for n in frame["number"]],
            ministry=[ministry.format(name=ministries[n % len(ministries)]) for n in frame["number"]],
            agency_type=[kinds[n % len(kinds)] for n in frame["number"]],
            fiscal_year=year,
            source="self",
            edition=framework.edition,
        )
    )


def sample_answers(framework: Framework) -> pd.DataFrame:
    """ANSWERS of one submission, with gaps in the ladder and blanks."""
    chance = random.Random(SEED)  # noqa: S311
    likely = {"basic": 0.93, "advance": 0.7, "significance": 0.4}
    rows = []
    for criterion in framework.criteria:
        draw = chance.random()
        met = None if criterion.item in ("5.3", "6.4") and draw < 0.5 else draw < likely[criterion.level]  # noqa: PLR2004
        rows.append(("S01", criterion.id, None if criterion.item == "6.3" else met))
    frame = pd.DataFrame(rows, columns=["submission", "criterion", "met"])
    blank = dict.fromkeys(("explanation", "evidence", "suggestion", "sheet", "cell"))
    return ANSWERS.conform(frame.assign(**blank).astype({"met": "boolean"}))


def sample_measures(framework: Framework, t: Translator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """MEASURES and MEASURE_RESULTS of one submission; some core indicators are not reported."""
    chance = random.Random(SEED)  # noqa: S311
    measures, results = [], []
    for place, indicator in enumerate(framework.indicators):
        if place % 4 == 3 or indicator.id == "7.2.2":  # noqa: PLR2004
            continue
        rate = min(200.0, max(0.0, chance.gauss(102, 22)))
        if indicator.id == "7.4.1":
            rate = 0.0
        base = {"submission": "S01", "indicator": indicator.id, "number": 1}
        measures.append(
            base
            | {"name": None, "unit": t.pick(indicator.unit), "direction": indicator.direction, "target": 85.0}
            | {
                "actual": rate * 0.85,
                "actual_1": rate * 0.8,
                "actual_2": rate * 0.78,
                "benchmark": 80.0,
                "method": "bands",
            }
        )
        results.append(
            base
            | {"basis": "claimed", "success_rate": rate, "score": min(rate * 3, 500.0), "target_is_zero": False}
            | {
                "trend": ("better", "steady", "worse", None)[place % 4],
                "comparison": ("better", "worse", "same")[place % 3],
            }
        )
    blank = dict.fromkeys(("step", "evidence", "note", "accepted", "suggestion", "sheet", "target_cell", "actual_cell"))
    return MEASURES.conform(pd.DataFrame(measures).assign(**blank)), MEASURE_RESULTS.conform(pd.DataFrame(results))


def sample_caption(title: dict[str, str], t: Translator, n: int = AGENCIES, notes: tuple[str, ...] = ()) -> Caption:
    """A caption as pages make it."""
    return Caption(
        title=t.pick(title),
        basis=t.pick({"th": "ตามที่หน่วยงานแจ้ง", "en": "As claimed"}),
        fiscal_year=t.year(YEAR),
        edition="PMQA 4.0",
        n=n,
        source=t.pick(
            {
                "th": "แบบประเมินตนเองของหน่วยงานตัวอย่าง (ข้อมูลสมมุติ)",
                "en": "self-assessments of sample agencies (fictitious data)",
            }
        ),
        notes=notes,
    )


def _profiles(scored: pd.DataFrame, framework: Framework, t: Translator, theme: Theme) -> list[Shown]:
    peers = peer_stats(scored)
    shown: list[Shown] = []
    for name, kind, codes, title in (
        ("radar", "dimension", SHOWN, {"th": "สามหน่วยงานเด่นและด้อยในมิติใด", "en": "In which dimensions do three agencies stand out?"}),
        ("radar_one", "category", ("S04",), {"th": "หน่วยงานนี้เทียบกับกลุ่มในเจ็ดหมวด", "en": "One agency against its group in seven categories"}),
    ):  # fmt: skip
        points = profiles.radar_data(scored, framework, t, kind=kind, agencies=codes, peers=peers)
        caption = sample_caption(title, t)
        figure = profiles.radar(points, caption, t, theme=theme)
        shown.append((name, figure, points, profiles.radar_alt(points, caption, t)))
    codes = [f"S{n:02d}" for n in range(1, 8)]
    points = profiles.radar_data(scored, framework, t, kind="dimension", agencies=codes, peers=peers)
    caption = sample_caption(
        {"th": "เจ็ดหน่วยงานมีรูปทรงต่างกันอย่างไร", "en": "How do the profiles of seven agencies differ?"}, t
    )
    figure = profiles.radar_small_multiples(points, caption, t, theme=theme)
    shown.append(("radar_small_multiples", figure, points, profiles.radar_alt(points, caption, t)))
    points = profiles.radar_data(scored, framework, t, kind="category", agencies=SHOWN, peers=peers)
    caption = sample_caption(
        {"th": "สามหน่วยงานในเจ็ดหมวด อ่านค่าได้", "en": "Three agencies in seven categories, to read values"}, t
    )
    figure = agencies.dots(points, caption, t, theme=theme)
    shown.append(("dots_of_scopes", figure, points, agencies.dots_alt(points, caption, t)))
    return shown


def _many(scored: pd.DataFrame, framework: Framework, t: Translator, theme: Theme) -> list[Shown]:
    peers = peer_stats(scored)
    shown: list[Shown] = []

    points = agencies.dots_data(scored, framework, t, kind="category", scope="4", peers=peers)
    caption = sample_caption(
        {"th": "ใครเด่นในหมวด 4 การวัด วิเคราะห์ และการจัดการความรู้", "en": "Who leads in category 4?"}, t
    )
    figure = agencies.dots(points, caption, t, theme=theme, highlight=["S04"])
    shown.append(("dots", figure, points, agencies.dots_alt(points, caption, t)))

    for name, kind, title in (
        ("heatmap", "dimension", {"th": "หน่วยงานใดเด่นหรือด้อยในมิติใด", "en": "Where is everyone strong or weak?"}),
        ("heatmap_items", "item", {"th": "คะแนนทุกหัวข้อของทุกหน่วยงาน", "en": "Every item of every agency"}),
    ):
        points = heat.heatmap_data(scored, framework, t, kind=kind)
        caption = sample_caption(title, t)
        figure = heat.heatmap(points, caption, t, theme=theme, highlight=["S04"])
        shown.append((name, figure, points, heat.heatmap_alt(points, caption, t)))

    strips = agencies.strip_data(scored, kind="overall", scope="overall")
    stats = agencies.strip_stats(strips)
    caption = sample_caption(
        {"th": "หน่วยงานในแต่ละกระทรวงต่างกันแค่ไหน", "en": "How far apart are a ministry's agencies?"}, t
    )
    figure = agencies.strip(strips, stats, caption, t, theme=theme, highlight=["S04"])
    shown.append(("strip", figure, strips, agencies.strip_alt(strips, stats, caption, t)))

    quarters = position.quadrant_data(scored, framework)
    caption = sample_caption({"th": "กระบวนการดีแล้วผลลัพธ์ตามมาหรือไม่", "en": "Do results follow good processes?"}, t)
    figure = position.quadrant(quarters, caption, t, theme=theme, highlight=["S04", "S01"])
    shown.append(("quadrant", figure, quarters, position.quadrant_alt(quarters, caption, t)))

    bands = agencies.rank_bands_data(scored, ranks(scored, "overall", "overall"), kind="overall", scope="overall")
    caption = sample_caption({"th": "อันดับต่างกันจริงหรือเท่ากัน", "en": "Are the ranks really different?"}, t)
    figure = agencies.rank_bands(bands, caption, t, theme=theme, highlight=["S04"])
    shown.append(("rank_bands", figure, bands, agencies.rank_bands_alt(bands, caption, t)))

    counts = levels.level_distribution_data(scored, framework, t, kind="category")
    caption = sample_caption(
        {"th": "หน่วยงานอยู่ระดับใดในแต่ละหมวด", "en": "Which level has everyone reached in each category?"}, t
    )
    figure = levels.level_distribution(counts, caption, t, theme=theme)
    shown.append(("level_distribution", figure, counts, levels.level_distribution_alt(counts, caption, t)))
    return shown


def _two(scored: pd.DataFrame, framework: Framework, t: Translator, theme: Theme) -> list[Shown]:
    shown: list[Shown] = []
    names = (t.pick({"th": "ประเมินตนเอง", "en": "Self-assessment"}), t.pick({"th": "ผู้ประเมิน", "en": "Assessor"}))
    first, second = (scored[scored["agency_code"] == code] for code in SHOWN[1:])
    rows = pairs.pairs_data(first, second, framework, t, kind="category")
    caption = sample_caption(
        {"th": "หน่วยงานกับผู้ประเมินเห็นต่างกันที่หมวดใด", "en": "Where do agency and assessor differ?"}, t, n=1
    )
    shown.append(
        (
            "dumbbell",
            pairs.dumbbell(rows, names, caption, t, theme=theme),
            rows,
            pairs.pairs_alt(rows, names, caption, t),
        )
    )

    before = sample_scores(framework, t.language, year=YEAR - 1)
    years_of = (t.year(YEAR - 1), t.year(YEAR))
    some = [f"S{n:02d}" for n in range(1, 8)]
    for name, draw, codes, title in (
        ("slope", pairs.slope, some, {"th": "ปีก่อนถึงปีนี้ เจ็ดหน่วยงาน", "en": "Last year to this, seven agencies"}),
        ("arrows", pairs.arrows, list(scored["agency_code"].unique()), {"th": "ปีก่อนถึงปีนี้ ทุกหน่วยงาน", "en": "Last year to this, all agencies"}),
    ):  # fmt: skip
        rows = pairs.pairs_data(
            before[before["agency_code"].isin(codes)],
            scored[scored["agency_code"].isin(codes)],
            framework,
            t,
            kind="category",
            scope="2",
            order="score",
        )
        caption = sample_caption(title, t, n=len(codes))
        figure = draw(rows, years_of, caption, t, theme=theme)
        shown.append((name, figure, rows, pairs.pairs_alt(rows, years_of, caption, t)))
    return shown


def _one(scored: pd.DataFrame, framework: Framework, t: Translator, theme: Theme) -> list[Shown]:
    shown: list[Shown] = []
    rows = position.spine_data(scored, peer_stats(scored), framework, t, kind="dimension", agency="S04", target=400)
    caption = sample_caption({"th": "หน่วยงานนี้อยู่ตรงไหนของกลุ่ม", "en": "Where does this agency stand in its group?"}, t)
    shown.append(("spine", position.spine(rows, caption, t, theme=theme), rows, position.spine_alt(rows, caption, t)))

    own = scored[(scored["agency_code"] == "S03") & (scored["kind"] == "category")]
    bars = position.gap_bars_data(own.assign(target=400.0, gap=400 - own["score"]), framework, t, kind="category")
    caption = sample_caption({"th": "ยังขาดเท่าใดจึงถึงระดับก้าวหน้า", "en": "How far to Advance?"}, t, n=1)
    shown.append(
        ("gap_bars", position.gap_bars(bars, caption, t, theme=theme), bars, position.gap_bars_alt(bars, caption, t))
    )

    answers = sample_answers(framework)
    ladder = levels.level_ladder_data(answers, framework, t, basis="claimed")
    caption = sample_caption(
        {"th": "แต่ละหัวข้อขึ้นถึงระดับใด และติดที่ใด", "en": "Which level does each item reach, and what holds it back?"}, t, n=1
    )
    shown.append(
        (
            "level_ladder",
            levels.level_ladder(ladder, caption, t, theme=theme),
            ladder,
            levels.level_ladder_alt(ladder, caption, t),
        )
    )

    blockers = pd.DataFrame(
        [
            (f"S{place % 7}", criterion.id, criterion.item, criterion.level, 300.0 / (2 + place % 5))
            for place, criterion in enumerate(framework.criteria[::4] + framework.criteria[::12])
        ],
        columns=["submission", "criterion", "item", "level", "release"],
    )
    closing = levels.pareto_data(blockers, framework, t)
    caption = sample_caption({"th": "ควรปิดประเด็นใดก่อน", "en": "Which criteria to close first?"}, t)
    shown.append(
        (
            "pareto",
            levels.pareto(closing, caption, t, theme=theme, top=12),
            closing,
            levels.pareto_alt(closing, caption, t),
        )
    )

    measures, results = sample_measures(framework, t)
    rates = years.success_rates_data(results, measures, framework, t)
    caption = sample_caption({"th": "ตัวชี้วัดใดถึงเป้าหมาย", "en": "Which indicators reached their targets?"}, t, n=1)
    shown.append(
        (
            "success_rates",
            years.success_rates(rates, caption, t, theme=theme),
            rates,
            years.success_rates_alt(rates, caption, t),
        )
    )
    return shown


def _over_years(scored: pd.DataFrame, framework: Framework, t: Translator, theme: Theme) -> list[Shown]:
    shown: list[Shown] = []
    earlier = [sample_scores(framework, t.language, year=YEAR - back) for back in (3, 1)]
    all_years = pd.concat([*earlier, scored], ignore_index=True)
    peers = {int(year): peer_stats(rows) for year, rows in all_years.groupby("fiscal_year")}
    points = years.history_data(all_years, framework, t, kind="category", scope="2", agencies=SHOWN, peers=peers)
    caption = sample_caption({"th": "หมวด 2 ของสามหน่วยงานเปลี่ยนไปอย่างไร", "en": "How has category 2 changed?"}, t)
    shown.append(
        ("history", years.history(points, caption, t, theme=theme), points, years.history_alt(points, caption, t))
    )
    points = years.history_data(all_years, framework, t, kind="dimension", agencies=["S01"])
    caption = sample_caption(
        {"th": "แปดมิติของหน่วยงานนี้ตลอดสี่ปี", "en": "Eight dimensions of one agency over four years"}, t, n=1
    )
    shown.append(
        (
            "history_dimensions",
            years.history(points, caption, t, theme=theme),
            points,
            years.history_alt(points, caption, t),
        )
    )

    for name, direction, unit, values, title in (
        ("indicator_line", "higher", {"th": "ร้อยละ", "en": "percent"}, (78.5, 81.0, 85.9, 85.0),
         {"th": "ความพึงพอใจของผู้รับบริการ", "en": "Customer satisfaction"}),
        ("indicator_line_lower", "lower", {"th": "เรื่อง", "en": "complaints"}, (None, 14.0, 0.0, 10.0),
         {"th": "เรื่องร้องเรียนที่ยังไม่ได้แก้ไข", "en": "Open complaints"}),
    ):  # fmt: skip
        two_before, before, actual, target = values
        line = years.indicator_line_data(
            pd.DataFrame(
                {"fiscal_year": [YEAR - 1, YEAR], "actual_2": [two_before, two_before], "actual_1": [None, before],
                 "actual": [before, actual], "target": [target * 0.95, target], "benchmark": [None, target * 0.9]}
            )
        )  # fmt: skip
        caption = sample_caption(title, t, n=1)
        figure = years.indicator_line(line, caption, t, unit=t.pick(unit), direction=direction, theme=theme)
        words = years.indicator_line_alt(line, caption, t, unit=t.pick(unit), direction=direction)
        shown.append((name, figure, line, words))
    return shown


def _levels(scores: pd.Series, framework: Framework) -> pd.Series:
    found = pd.Series("below", index=scores.index, dtype="object")
    for level, threshold in framework.scoring.level_thresholds.items():
        found[scores >= threshold] = level
    return found.where(scores.notna(), None)


def write_gallery(folder: Path) -> list[Path]:
    """A page per language and theme, with every chart, its alt text and its table."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        for theme in THEMES:
            parts = [
                f"<h2>{name}</h2>"
                + plotly.io.to_html(
                    figure, config=figure_config(name, language), full_html=False, include_plotlyjs=False
                )
                + f"<p>{alt}</p>{table.head(30).to_html()}"
                for name, figure, table, alt in gallery(language, theme)
            ]
            page = folder / f"{language}_{theme}.html"
            page.write_text(
                f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{page.stem}</title>'
                f"<script>{plotly.offline.get_plotlyjs()}</script><body>{''.join(parts)}</body></html>",
                encoding="utf-8",
            )
            written.append(page)
    return written


if __name__ == "__main__":
    for path in write_gallery(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")
