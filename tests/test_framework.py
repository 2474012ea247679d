"""The model as data: what the shipped edition holds, and that a wrong file is refused with every problem named."""

from __future__ import annotations

import copy
import json
import tomllib
from collections import Counter
from string import ascii_lowercase

import pytest

from pmqa.errors import FrameworkError
from pmqa.framework import BELOW, FRAMEWORK_FOLDER, as_plain, from_plain, load_framework, load_frameworks
from pmqa.framework_check import find_problems
from pmqa.text import translator


@pytest.fixture
def raw():
    return copy.deepcopy(tomllib.loads((FRAMEWORK_FOLDER / "pmqa4.toml").read_text(encoding="utf-8")))


def test_every_shipped_edition_is_sound():
    assert set(load_frameworks(FRAMEWORK_FOLDER)) >= {"pmqa4"}


def test_an_edition_is_the_same_after_it_was_handed_to_another_process_as_json(framework):
    assert from_plain(json.loads(json.dumps(as_plain(framework)))) == framework


def test_pmqa4_has_the_parts_that_its_source_names(framework):
    assert (len(framework.levels), len(framework.dimensions), len(framework.categories)) == (3, 8, 7)
    assert (len(framework.items_with_criteria), len(framework.items_with_indicators)) == (24, 6)
    assert (len(framework.criteria), len(framework.indicators)) == (192, 30)
    assert sum(len(d.concepts) for d in framework.dimensions) == 24
    assert sum(indicator.core for indicator in framework.indicators) == 11


def test_every_process_item_of_pmqa4_has_3_basic_3_advance_and_2_significance_criteria(framework):
    for item in framework.items_with_criteria:
        levels = Counter(criterion.level for criterion in framework.criteria_of[item.id])
        assert levels == {"basic": 3, "advance": 3, "significance": 2}, item.id


def test_the_criteria_cover_every_bullet_of_the_source(framework):
    bullets_of_category = {"1": 14, "2": 9, "3": 7, "4": 8, "5": 8, "6": 9}
    bullets = {f"{item.id}.{letter}" for item in framework.items for letter in ascii_lowercase[: item.bullets]}
    assert Counter(bullet[0] for bullet in bullets) == bullets_of_category
    assert bullets <= {bullet for criterion in framework.criteria for bullet in criterion.covers}
    assert all(criterion.covers for criterion in framework.criteria)


@pytest.mark.parametrize(("language", "said"), [("th", "ต่ำกว่าระดับพื้นฐาน"), ("en", "Below Basic")])
def test_what_has_no_level_is_below_the_first(framework, language, said):
    assert framework.level_name(BELOW, translator(language)) == said


@pytest.mark.parametrize(
    ("criterion", "covers"),
    [
        ("1.1.B1", ("1.1",)),  # vision and mandate: the leadership system of the title, not its culture (1.1.a)
        ("1.1.A1", ("1.1", "2.2.b")),  # effects for good and ill
        ("2.2.B2", ("2.2",)),  # targets of objectives: the title, not competitiveness (2.2.a)
        ("2.2.B3", ("2.2", "2.4.a")),  # ready for what may go wrong, not effects on economy and society (2.2.b)
        ("2.4.B3", ("2.4",)),  # reporting to the public: the title, not technology (2.4.c)
        ("5.1.B1", ("5.1",)),  # placement: the title, not analysis of what is needed (5.1.a)
    ],
)
def test_a_criterion_that_no_bullet_says_rests_on_the_title_that_says_it(framework, criterion, covers):
    assert framework.criterion[criterion].covers == covers


def test_only_what_the_source_says_is_official_and_all_else_is_this_products_choice(framework):
    official = {origin.id for origin in framework.origins if origin.official}
    assert official == {"levels", "concepts", "items", "indicators"}
    assert {origin.id for origin in framework.origins} - official == {
        *("gates", "bands", "counting", "bases", "totals", "total_levels", "index", "dimension_scores", "beside"),
        *("concepts_thai", "items_english", "intents", "criteria", "covers", "mapping"),
        *("split", "units", "indicators_english"),
    }


@pytest.mark.parametrize(
    ("category", "thai", "english"),
    [
        ("3", "วางแผนเชิงรุก", "plan proactively"),
        ("3", "ข้อมูลของประชาชน", "citizens' data"),
        ("5", "ประชาชนเป็นศูนย์กลาง", "citizens at the centre"),
        ("5", "รอบรู้", "well-informed"),
        ("6", "ความสามารถในการแข่งขัน", "competitiveness"),
        ("7", "นวัตกรรมในการแก้ปัญหา", "solve problems by innovation"),
    ],
)
def test_a_summary_of_an_intent_keeps_what_the_intent_says(framework, category, thai, english):
    intent = framework.category[category].intent
    assert thai in intent["th"]
    assert english in intent["en"]


@pytest.mark.parametrize(
    ("indicator", "thai", "english"),
    [
        ("7.1.3", "การดำเนินการด้านกฎหมาย", "Legal work"),  # nothing of enforcement
        ("7.2.4", "ด้านประชารัฐ", "Pracharat (state-people partnership)"),  # nor of projects
        ("7.3.4", "ความก้าวหน้า", "Progress"),  # nor of careers
        ("7.5.2", "ตัววัดด้านเศรษฐกิจ", "Economic measures"),  # impact is the item's word
    ],
)
def test_the_english_of_an_indicator_says_no_more_than_the_thai(framework, indicator, thai, english):
    assert framework.indicator[indicator].name == {"th": thai, "en": english}


def test_weights_of_every_criterion_sum_to_one(framework):
    for criterion in framework.criteria:
        assert sum(criterion.dimensions.values()) == pytest.approx(1, abs=1e-9), criterion.id


def test_points_thresholds_and_bands_are_those_of_the_rules(framework):
    scoring = framework.scoring
    assert scoring.band_points == {"basic": 300, "advance": 100, "significance": 100}
    assert scoring.level_thresholds == {"basic": 300, "advance": 400, "significance": 500}
    assert [(b.limit, b.inclusive, b.points, b.points_per_percent) for b in scoring.bands] == [
        (100, False, None, 3),
        (101, True, 300, None),
        (105, True, 400, None),
        (float("inf"), True, 500, None),
    ]
    assert (scoring.interval_points_at_target, scoring.interval_points_per_step) == (300, 100)
    assert (scoring.results_dimension, scoring.results_category, scoring.results_share) == ("results", "7", 0.5)


def test_criteria_of_an_item_come_lowest_level_first(framework):
    for criteria in framework.criteria_of.values():
        assert [c.level for c in criteria] == ["basic"] * 3 + ["advance"] * 3 + ["significance"] * 2


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda r: r.pop("edition"), "edition: needs a text"),
        (lambda r: r["name"].pop("en"), "name: needs th and en"),
        (lambda r: r.pop("criteria"), "criteria: missing or empty"),
        (lambda r: r.update(colour="red"), "colour: unknown table or setting"),
        (lambda r: r["items"][1]["title"].pop("en"), "items: 1.2: title needs th and en"),
        (lambda r: r["items"][0].update(id="9.1"), "items: 9.1: no category '9'"),
        (
            lambda r: r["scoring"]["level_thresholds"].update(basic=299.5),
            "scoring.level_thresholds: basic begins at 299.5, which is no whole point",
        ),
        (lambda r: r["dimensions"][0].update(id="7"), "7: is the id of more than one category"),
        (lambda r: r.update(json.loads(json.dumps(r).replace('"basic"', '"below"'))), "levels: below: the id is taken"),
        (lambda r: r["items"].append({"id": "1.5", "title": {"th": "ก", "en": "k"}}), "items: 1.5: has no criterion"),
        (lambda r: r["criteria"][0]["dimensions"].update(leadership=0.6), "criteria: 1.1.B1: weights are 0.6, 0.3"),
        (lambda r: r["criteria"][0].update(dimensions={"cooking": 1.0}), "criteria: 1.1.B1: no dimension 'cooking'"),
        (lambda r: r["criteria"][0].update(level="expert"), "criteria: 1.1.B1: no level 'expert'"),
        (lambda r: r["criteria"][0].update(item="7.1"), "item 7.1 belongs to a results category"),
        (lambda r: r["criteria"][0].update(colour="red"), "criteria: 1.1.B1: unknown field colour"),
        (lambda r: r["criteria"][1].update(id="1.1.B1"), "criteria: 1.1.B1: the id stands 2 times"),
        (lambda r: r["indicators"][0].update(direction="up"), "direction is 'up', not one of higher, lower"),
        (lambda r: r["indicators"][0].update(core="yes"), "indicators: 7.1.1: core needs yes or no"),
        (lambda r: r["indicators"][0].update(item="1.1"), "item 1.1 belongs to a process category"),
        (lambda r: r["criteria"][0].update(covers=["1.1.f"]), "criteria: 1.1.B1: covers '1.1.f', which is no bullet"),
        (lambda r: r["criteria"][0].update(covers=["1.5"]), "criteria: 1.1.B1: covers '1.5', which is no bullet"),
        (lambda r: r.pop("origins"), "origins: missing or empty"),
        (lambda r: r["origins"][0].update(official="yes"), "origins: levels: official needs yes or no"),
        (lambda r: r["origins"][0].update(about="luck"), "origins: levels: about is 'luck', not one of rules"),
        (
            lambda r: r.update(origins=[o for o in r["origins"] if o["about"] != "intents"]),
            "origins: nothing says where intents are from",
        ),
        (lambda r: r["scoring"]["bands"].reverse(), "scoring.bands"),
        (lambda r: r["scoring"]["band_points"].update(basic=200), "scoring.band_points: sum to 400"),
        (lambda r: r["scoring"]["results_dimension"].update(share=1.5), "share is 1.5, not within 0..1"),
        (lambda r: r["scoring"]["results_dimension"].update(dimension="luck"), "no dimension 'luck'"),
        (lambda r: r["scoring"].pop("trend"), "scoring.trend: needs a number"),
        (lambda r: r["levels"][1].update(code="B"), "levels: code 'B' stands 2 times"),
        (
            lambda r: r.update(criteria=[c for c in r["criteria"] if (c["item"], c["level"]) != ("2.1", "advance")]),
            "items: 2.1: has no criterion of level advance",
        ),
    ],
)
def test_a_wrong_edition_is_refused_in_its_editors_words(raw, break_it, said):
    break_it(raw)
    assert any(said in problem for problem in find_problems(raw)), find_problems(raw)


def test_every_problem_of_a_file_is_named_at_once(raw, tmp_path):
    raw["criteria"][0]["dimensions"] = {"leadership": 0.5}
    raw["criteria"][1]["item"] = "8.8"
    raw["indicators"][0]["item"] = "8.9"
    assert len(find_problems(raw)) == 3


def test_an_unreadable_file_and_two_files_of_one_edition_are_named(tmp_path):
    whole = (FRAMEWORK_FOLDER / "pmqa4.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(whole, encoding="utf-8")
    (tmp_path / "b.toml").write_text(whole, encoding="utf-8")
    (tmp_path / "c.toml").write_text("edition = ", encoding="utf-8")
    with pytest.raises(FrameworkError) as refused:
        load_frameworks(tmp_path)
    assert "b.toml: edition 'pmqa4' is in another file too" in str(refused.value)
    assert "c.toml: not readable as TOML" in str(refused.value)


def test_an_edition_is_only_a_file(tmp_path):
    """A second edition with other points lies beside the first, with no change of code."""
    text = (FRAMEWORK_FOLDER / "pmqa4.toml").read_text(encoding="utf-8")
    text = text.replace('edition = "pmqa4"', 'edition = "pmqa5"').replace(
        "basic = 300, advance = 100", "basic = 200, advance = 200"
    )
    path = tmp_path / "pmqa5.toml"
    path.write_text(text, encoding="utf-8")
    assert load_framework(path).scoring.band_points["basic"] == 200


def test_an_edition_is_called_by_its_label_or_else_by_its_name(framework, tmp_path):
    lines = (FRAMEWORK_FOLDER / "pmqa4.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "pmqa4.toml"
    path.write_text("".join(line for line in lines if not line.startswith("label.")), encoding="utf-8")
    t = translator("en")
    assert framework.called(t).startswith("PMQA 4.0 ")
    assert load_framework(path).called(t).startswith(framework.name["en"])


def test_a_folder_without_editions_says_so(tmp_path):
    with pytest.raises(FrameworkError, match="no edition"):
        load_frameworks(tmp_path)
