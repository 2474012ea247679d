"""Plainly fictitious agencies: names, ministries, types, and a character that their answers follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

MINISTRIES: Final = (
    "กระทรวงตัวอย่างบริการประชาชน",
    "กระทรวงตัวอย่างเศรษฐกิจฐานราก",
    "กระทรวงตัวอย่างสุขภาวะและสังคม",
    "กระทรวงตัวอย่างทรัพยากรและเมือง",
    "กระทรวงตัวอย่างการเรียนรู้",
)

# Type, ministry (place in MINISTRIES), name. The ministries differ in size, so that peer groups do too.
AGENCIES: Final = (
    ("กรม", 0, "กรมตัวอย่างทะเบียนและเอกสาร"),
    ("กรม", 0, "กรมตัวอย่างศูนย์บริการร่วม"),
    ("กรม", 1, "กรมตัวอย่างตลาดชุมชน"),
    ("กรม", 1, "กรมตัวอย่างพัฒนาผู้ประกอบการ"),
    ("กรม", 2, "กรมตัวอย่างสุขภาพชุมชน"),
    ("กรม", 2, "กรมตัวอย่างสวัสดิการผู้สูงวัย"),
    ("กรม", 3, "กรมตัวอย่างน้ำและลุ่มน้ำ"),
    ("กรม", 3, "กรมตัวอย่างผังเมืองและพื้นที่สีเขียว"),
    ("กรม", 4, "กรมตัวอย่างทักษะแห่งอนาคต"),
    ("จังหวัด", 0, "จังหวัดตัวอย่างเหนือ"),
    ("จังหวัด", 0, "จังหวัดตัวอย่างริมโขง"),
    ("จังหวัด", 0, "จังหวัดตัวอย่างชายทะเล"),
    ("องค์การมหาชน", 1, "สถาบันตัวอย่างเกษตรแม่นยำ (องค์การมหาชน)"),
    ("องค์การมหาชน", 2, "ศูนย์ตัวอย่างข้อมูลสุขภาพ (องค์การมหาชน)"),
    ("องค์การมหาชน", 4, "หอตัวอย่างภูมิปัญญา (องค์การมหาชน)"),
    ("รัฐวิสาหกิจ", 1, "การตลาดตัวอย่างแห่งชุมชน"),
    ("รัฐวิสาหกิจ", 3, "การประปาตัวอย่าง"),
    ("สถาบันอุดมศึกษา", 4, "มหาวิทยาลัยตัวอย่างราชพฤกษ์"),
    ("กรม", 0, "กรมตัวอย่างรับเรื่องร้องทุกข์"),
    ("กรม", 1, "กรมตัวอย่างมาตรฐานสินค้า"),
    ("กรม", 2, "กรมตัวอย่างป้องกันโรค"),
    ("กรม", 3, "กรมตัวอย่างคุณภาพอากาศ"),
    ("กรม", 0, "กรมตัวอย่างคุ้มครองผู้ใช้บริการ"),
    ("องค์กรปกครองส่วนท้องถิ่น", 0, "เทศบาลตัวอย่างนครสุข"),
)

# What an agency is better or worse at than it is overall, by dimension, in units of ability (a level is about 2).
STRENGTHS: Final[tuple[Mapping[str, float], ...]] = (
    {"digitalization": 1.1, "people": -0.9},
    {"customer": 1.0, "innovation": -0.7},
    {"people": 0.9, "digitalization": -1.1},
    {"process": 0.8, "collaboration": -0.9},
    {"leadership": 0.8, "results": -0.8},
    {"collaboration": 1.0, "process": -0.6},
    {"innovation": 1.1, "process": -0.5, "people": -0.4},
    {"results": 0.7, "customer": -0.8},
)

# Where agencies stand at the last year: most are at Basic, a few below, some at Advance, few close to Significance.
ABILITIES: Final = (1.9, 3.5, 1.5, 4.5, 0.2, 2.2, 1.7, 6.8, 2.6, 1.4, -0.5, 2.0, 3.7, 5.6, 1.2, 2.4, 1.6, 2.9, 1.8, 0.6)
LAPS_OF_A_MINISTRY: Final = 4


@dataclass(frozen=True)
class Character:
    """How a sample agency answers.

    ability: at the last year; a criterion at Basic needs about 0, at Advance about 2, at Significance about 4.
    growth: of the ability in a year.
    strengths: dimension id -> what it adds to the ability.
    evidenced: the share of its met criteria with an evidence reference.
    copied: the share of its evidence that is one and the same text.
    unanswered: the share of criteria left blank.
    unreported_core: the share of core indicators without any figures.
    """

    ability: float
    growth: float
    strengths: Mapping[str, float]
    evidenced: float = 0.996
    copied: float = 0.0
    unanswered: float = 0.0
    unreported_core: float = 0.0


@dataclass(frozen=True)
class SampleAgency:
    """A fictitious agency."""

    code: str
    name: str
    ministry: str
    agency_type: str
    character: Character


def draws(*key: object) -> Random:
    """Draws that depend on the key alone, on every machine: so one agency is the same beside ten or a thousand."""
    return Random("/".join(map(str, key)))  # noqa: S311 - samples, not secrets


def happens(rng: Random, share: float) -> bool:
    """Whether something that happens in this share of cases happens now."""
    return rng.random() < share


def sample_agencies(count: int, seed: int) -> list[SampleAgency]:
    """The first `count` sample agencies; an agency is the same however many there are."""
    return [_agency(number, seed) for number in range(count)]


def _agency(number: int, seed: int) -> SampleAgency:
    rng = draws(seed, "agency", number)
    agency_type, ministry, name = AGENCIES[number % len(AGENCIES)]
    # Further agencies repeat the names with a number; every fourth time their ministries are new ones.
    lap = number // len(AGENCIES)
    group = lap // LAPS_OF_A_MINISTRY
    return SampleAgency(
        code=f"DEMO-{number + 1:03}",
        name=f"{name} {lap + 1}" if lap else name,
        ministry=MINISTRIES[ministry] + (f" {group + 1}" if group else ""),
        agency_type=agency_type,
        character=_character(number, rng),
    )


def _character(number: int, rng: Random) -> Character:
    habits: dict[str, float] = {}
    # Every eighth agency or so shows one of the habits that the dashboard must make visible.
    match number % 16:
        case 2 | 10:
            habits = {"evidenced": 0.55}
        case 4 | 12:
            habits = {"unanswered": 0.22, "unreported_core": 0.3}
        case 5:
            habits = {"evidenced": 0.9, "copied": 0.4}
        case 6:
            habits = {"unanswered": 0.02, "unreported_core": 0.12}
    return Character(
        ability=ABILITIES[number % len(ABILITIES)] + rng.gauss(0, 0.15),
        growth=rng.uniform(0.15, 0.75),
        strengths=MappingProxyType(dict(STRENGTHS[rng.randrange(len(STRENGTHS))])),
        **habits,
    )
