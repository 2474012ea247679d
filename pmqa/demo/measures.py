"""Sample measures of category 7: what agencies measure, and figures that hang together over the years."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from pmqa.demo import words
from pmqa.demo.agencies import SampleAgency, draws, happens
from pmqa.framework import Framework, Indicator
from pmqa.submission import Measure
from pmqa.text import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Kind:
    """A measure that agencies may report under an indicator.

    typical: its usual value; swing: how far agencies lie from it, as a share.
    digits: decimals as people report it; ceiling: it cannot pass this.
    step: given where the method is `interval`; target: given where it is fixed by rule and not by last year.
    """

    name: str
    unit: str
    typical: float
    swing: float = 0.08
    direction: str = "higher"
    digits: int = 1
    ceiling: float | None = None
    step: float | None = None
    target: float | None = None


PERCENT: Final = "ร้อยละ"
SMALL_COUNT: Final = 10

KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "7.1.1": (
        Kind("ร้อยละของภารกิจหลักที่แล้วเสร็จตามแผน", PERCENT, 86, ceiling=100),
        Kind("จำนวนผู้รับบริการที่ได้รับบริการตามภารกิจหลัก", "ราย", 128_000, 0.4, digits=0),
    ),
    "7.1.2": (
        Kind("ร้อยละของตัวชี้วัดตามแผนยุทธศาสตร์ที่บรรลุเป้าหมาย", PERCENT, 82, ceiling=100),
        Kind("คะแนนคุณธรรมและความโปร่งใส (ITA)", "คะแนน", 87, 0.05, digits=2, ceiling=100, step=5),
    ),
    "7.1.3": (
        Kind("ร้อยละของคดีที่ดำเนินการเสร็จในเวลา", PERCENT, 78, ceiling=100),
        Kind("จำนวนคดีค้างเกินกำหนด", "คดี", 14, 0.6, "lower", 0),
    ),
    "7.1.4": (Kind("ร้อยละความสำเร็จของงานตามนโยบายรัฐบาล", PERCENT, 84, ceiling=100),),
    "7.1.5": (Kind("ร้อยละความสำเร็จตามแผนแม่บทของสาขา", PERCENT, 76, ceiling=100),),
    "7.2.1": (
        Kind("ร้อยละความพึงพอใจของผู้รับบริการ", PERCENT, 85, 0.05, ceiling=100),
        Kind("ร้อยละความพึงพอใจต่อบริการดิจิทัล", PERCENT, 80, ceiling=100),
    ),
    "7.2.2": (Kind("ร้อยละความผูกพันของผู้มีส่วนได้ส่วนเสีย", PERCENT, 74, ceiling=100),),
    "7.2.3": (
        Kind("ร้อยละของเรื่องร้องเรียนที่แก้ไขภายในเวลามาตรฐาน", PERCENT, 88, ceiling=100),
        Kind("จำนวนเรื่องร้องเรียนซ้ำ", "เรื่อง", 6, 0.9, "lower", 0),
    ),
    "7.2.4": (Kind("ร้อยละของโครงการประชารัฐที่บรรลุเป้าหมาย", PERCENT, 77, ceiling=100),),
    "7.2.5": (Kind("ระยะเวลาเฉลี่ยในการให้บริการ", "วันทำการ", 9, 0.3, "lower"),),
    "7.3.1": (Kind("จำนวนนวัตกรรมต่อบุคลากร 100 คน", "เรื่องต่อบุคลากร 100 คน", 2.4, 0.4, digits=2),),
    "7.3.2": (
        Kind("ร้อยละของบุคลากรที่ผ่านเกณฑ์ทักษะดิจิทัล", PERCENT, 79, ceiling=100),
        Kind("จำนวนอุบัติเหตุจากการทำงาน", "ครั้ง", 2, 0.9, "lower", 0),
    ),
    "7.3.3": (Kind("จำนวนบุคลากรที่ร่วมในภาคีเครือข่าย", "คน", 160, 0.5, digits=0),),
    "7.3.4": (Kind("ร้อยละของบุคลากรที่ก้าวหน้าตามเส้นทางอาชีพ", PERCENT, 62, ceiling=100),),
    "7.3.5": (Kind("จำนวนบุคลากรอาสาสมัคร", "คน", 75, 0.6, digits=0),),
    "7.4.1": (Kind("จำนวนรางวัลจากภายนอก", "รางวัล", 2, 0.7, digits=0),),
    "7.4.2": (Kind("จำนวนแนวปฏิบัติที่เป็นเลิศ", "เรื่อง", 3, 0.5, digits=0),),
    "7.4.3": (Kind("อันดับด้านบริการภาครัฐในดัชนีตัวอย่างนานาชาติ", "อันดับ", 38, 0.3, "lower", 0),),
    "7.4.4": (Kind("จำนวนบุคลากรที่ได้รับการยกย่อง", "คน", 5, 0.6, digits=0),),
    "7.4.5": (Kind("จำนวนรางวัลระดับกรมและกระทรวง", "รางวัล", 4, 0.6, digits=0),),
    "7.5.1": (Kind("ร้อยละความสำเร็จของตัววัดร่วมระหว่างหน่วยงาน", PERCENT, 75, ceiling=100),),
    "7.5.2": (Kind("มูลค่าเพิ่มแก่ชุมชนในพื้นที่เป้าหมาย", "ล้านบาท", 420, 0.5, digits=2),),
    "7.5.3": (Kind("ร้อยละของครัวเรือนเป้าหมายที่คุณภาพชีวิตดีขึ้น", PERCENT, 68, ceiling=100),),
    "7.5.4": (Kind("อัตราป่วยด้วยโรคที่ป้องกันได้", "ต่อประชากรแสนคน", 46, 0.3, "lower"),),
    "7.5.5": (Kind("ปริมาณก๊าซเรือนกระจกที่ลดได้", "ตันคาร์บอนไดออกไซด์เทียบเท่า", 1_250, 0.5, digits=0),),
    "7.6.1": (
        Kind("ร้อยละของต้นทุนที่ลดลง", "ร้อยละของต้นทุนที่ลดลง", 4.5, 0.3, digits=2),
        Kind("อัตราการเปลี่ยนแปลงของต้นทุนต่อหน่วย", PERCENT, -3, 0.3, "lower", 2, step=1, target=-3),
    ),
    "7.6.2": (Kind("ร้อยละของกระบวนงานที่เป็นดิจิทัลตลอดสาย", PERCENT, 66, 0.15, ceiling=100),),
    "7.6.3": (Kind("มูลค่าความเสียหายจากภัยพิบัติ", "ล้านบาท", 12, 0.6, "lower", 2),),
    "7.6.4": (Kind("จำนวนนวัตกรรมการปรับปรุงกระบวนการ", "เรื่อง", 5, 0.5, digits=0),),
    "7.6.5": (Kind("จำนวนกฎระเบียบที่ปรับปรุง", "ฉบับ", 2, 0.7, digits=0),),
}


def sample_measures(agency: SampleAgency, framework: Framework, year: int, last_year: int, seed: int) -> list[Measure]:
    """What an agency reports for a year. The actual of one year is the `actual_1` of the next."""
    measures = []
    for indicator in framework.indicators:
        rng = draws(seed, agency.code, indicator.id)
        reported = 1 - agency.character.unreported_core if indicator.core else 0.55
        if not happens(rng, reported):
            continue
        kinds = KINDS.get(indicator.id) or (_plain(indicator),)
        shown = kinds if happens(rng, 0.6) else kinds[:1]  # most report all that they have
        measures += [
            _measure(agency, indicator, number, kind, year, last_year, seed) for number, kind in enumerate(shown, 1)
        ]
    return measures


def _plain(indicator: Indicator) -> Kind:
    name, unit = (words[DEFAULT_LANGUAGE] for words in (indicator.name, indicator.unit))
    return Kind(name, unit, 60, direction=indicator.direction, digits=0)


def _measure(
    agency: SampleAgency, indicator: Indicator, number: int, kind: Kind, year: int, last_year: int, seed: int
) -> Measure:
    key = f"{seed}/{agency.code}/{indicator.id}#{number}"

    def actual(of_year: int) -> float:
        return _value(kind, agency, key, of_year - last_year)

    rng = draws(key, year)
    target = kind.target if kind.target is not None else _target(kind, actual(year - 1), rng)
    pending = happens(rng, 0.01)  # a target whose result is not in yet: unanswered
    benchmark = _rounded(kind, kind.typical * rng.uniform(0.95, 1.05)) if happens(rng, 0.45) else None
    return Measure(
        indicator=indicator.id,
        number=number,
        name=kind.name,
        unit=kind.unit,
        direction=kind.direction,
        target=target,
        actual_2=actual(year - 2),
        actual_1=actual(year - 1),
        actual=None if pending else actual(year),
        benchmark=benchmark,
        method="interval" if kind.step else "bands",
        step=kind.step,
        evidence=words.MEASURE_EVIDENCE.format(indicator=indicator.id, year=year) if happens(rng, 0.8) else None,
        note=rng.choice(words.MEASURE_NOTES).format(year=year) if happens(rng, 0.15) else None,
    )


def _value(kind: Kind, agency: SampleAgency, key: str, years_from_last: int) -> float:
    """The actual of a year: the agency's own level, moving with its growth, with the noise of the year."""
    own = draws(key)
    noise = draws(key, "noise", years_from_last)
    better = 1 if kind.direction == "higher" else -1
    level = kind.typical * (
        1 + kind.swing * max(-0.9, min(0.9, own.gauss(0, 0.4) + better * agency.character.ability / 12))
    )
    yearly = own.gauss(0.025 + 0.03 * agency.character.growth, 0.02)
    moved = level * (1 + better * yearly * years_from_last) * (1 + noise.gauss(0, 0.15 * kind.swing))
    if kind.digits == 0 and kind.typical < SMALL_COUNT:  # small counts jump, and reach zero
        moved += noise.choice((-1, 0, 0, 1))
    if kind.typical >= 0:
        moved = max(moved, 0)
    return _rounded(kind, min(moved, kind.ceiling) if kind.ceiling is not None else moved)


def _target(kind: Kind, last: float, rng: Random) -> float:
    """A target set from last year's actual: a little better, sometimes the same, never impossible."""
    better = 1 if kind.direction == "higher" else -1
    wanted = last if happens(rng, 0.02) else last * (1 + better * rng.choice((0.01, 0.01, 0.02, 0.03, 0.05)))
    if kind.digits == 0 and kind.typical < SMALL_COUNT:  # small counts move by one
        wanted = max(last + better, 0)
    return _rounded(kind, min(wanted, kind.ceiling) if kind.ceiling is not None else wanted)


def _rounded(kind: Kind, value: float) -> float:
    return float(round(value, kind.digits)) + 0.0
