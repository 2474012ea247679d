"""Text inside figures: made harmless, wrapped where Thai may break, measured roughly.

Plotly reads text as a little HTML (<b>, <br>, <a href>), hover templates read %{...}, MathJax reads $...$. Names come
from workbooks, so everything that a figure shows passes `escaped` (or `wrapped`, which escapes line by line).
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

LEADING_VOWELS: Final = frozenset("เแโใไ")
# What belongs to the letter before it, though Unicode does not call all of them marks.
TRAILING_SIGNS: Final = frozenset("ะาำๅๆฯ")
NEVER_FIRST: Final = TRAILING_SIGNS | frozenset(")]}.,:;!?%/·\u00a0")
NEVER_LAST: Final = LEADING_VOWELS | frozenset("([{\u00a0")
# Words of this field, to break between. Thai has no spaces, and a dictionary of Thai is a hundred times this file;
# where none of these fits, a line breaks before a leading vowel, which always starts a syllable.
WORDS: Final = frozenset(
    """
    การ ความ และ หรือ เพื่อ โดย ที่ ของ ใน ด้าน ต่อ จาก สู่ ตาม ผ่าน ลงไป ไม่ มี ยัง ครบ แล้ว ถึง กว่า เมื่อ แต่ ซึ่ง เช่น ภายใน
    ภายนอก ภายใต้ ผู้ ระบบ องค์การ องค์กร หน่วยงาน บุคลากร กระบวนการ กระบวนงาน นวัตกรรม ผลลัพธ์ ข้อมูล สารสนเทศ กระทรวง
    กรม จังหวัด สำนักงาน สถาบัน มหาวิทยาลัย องค์การมหาชน รัฐวิสาหกิจ ตัวอย่าง ยุทธศาสตร์ เชิง วิเคราะห์ สร้าง สร้างสรรค์ พัฒนา
    บริการ ผู้รับบริการ บริหาร ประเมิน แก้ไข ปรับ ปรับปรุง จัดการ ติดตาม รายงาน ผลกระทบ ดิจิทัล ดำเนินการ ดำเนินงาน สำคัญ
    ประชาชน ส่วน ส่วนราชการ ภาคส่วน ผู้มีส่วนได้ส่วนเสีย ส่วนได้ส่วนเสีย กับ กำกับ ให้ ทั้ง ทุก ระดับ สอดคล้อง ร้องเรียน ข้อร้องเรียน รวดเร็ว ทันสมัย
    โปร่งใส ทุจริต ยั่งยืน ผลสัมฤทธิ์ เครือข่าย สังคม คะแนน ความรู้ องค์ความรู้ ค่าเป้าหมาย ค่าเทียบเคียง ค่ามัธยฐาน มาตรฐาน
    ตอบสนอง ท้าทาย เปลี่ยนแปลง ปรับเปลี่ยน เป้าหมาย พันธกิจ ชาติ แผน แผนงาน ขับเคลื่อน ปัญหา เข้าถึง พึงพอใจ ผูกพัน ต้องการ
    เฉพาะ กลุ่ม กำหนด ตัววัด เปิดเผย เรียนรู้ ทำงาน เต็ม รูปแบบ แรงจูงใจ คล่องตัว มุ่งเน้น วัฒนธรรม มืออาชีพ เป็น จำเป็น เจ้าของ
    เชื่อมโยง ตั้งแต่ จนจบ นำ แนะนำ ผลผลิต ลด ต้นทุน ใช้ ทรัพยากร เพิ่ม แข่งขัน เศรษฐกิจ สาธารณสุข สิ่งแวดล้อม ต้นแบบ คำนึง
    ป้องกัน เกิด ตัวชี้วัด รางวัล จำนวน ภารกิจ หลัก นโยบาย รัฐบาล กฎหมาย กฎระเบียบ ร่วม ความร่วมมือ อาสาสมัคร โครงการ นานาชาติ
    ยกย่อง ภัยพิบัติ บรรเทา เทคโนโลยี ประสิทธิภาพ ประสิทธิผล ปฏิบัติการ ปฏิบัติงาน คุณภาพ ประเด็น หลักฐาน คำตอบ หัวข้อ หมวด มิติ
    พื้นฐาน ก้าวหน้า เรียง แสดง ช่องว่าง เส้น แกน ค่า สูง ต่ำ มาก น้อย ปี ปีงบประมาณ สามารถ ความสามารถ กำลังคน ประชารัฐ ภาคี
    เกษตร สหกรณ์ ศึกษา การศึกษา อุดมศึกษา วิทยาศาสตร์ วิจัย ต่างประเทศ กลาโหม ท่องเที่ยว กีฬา คมนาคม พลังงาน พาณิชย์ มหาดไทย
    ยุติธรรม แรงงาน อุตสาหกรรม การคลัง สรรพากร ศุลกากร ธนารักษ์ บัญชีกลาง งบประมาณ ชลประทาน ปศุสัตว์ ประมง ป่าไม้ อุทยาน สัตว์ป่า
    พันธุ์พืช น้ำ บาดาล ควบคุมโรค สุขภาพ การแพทย์ อนามัย ทางหลวง ขนส่ง ทางบก ปกครอง ท้องถิ่น ที่ดิน ชุมชน โยธาธิการ ผังเมือง
    สาธารณภัย คุ้มครอง สิทธิ เสรีภาพ ราชทัณฑ์ คุมประพฤติ สอบสวน คดีพิเศษ บังคับคดี จัดหางาน สวัสดิการ ประกันสังคม โรงงาน ส่งเสริม
    สนับสนุน ศิลปากร ศาสนา สื่อสาร อุตุนิยมวิทยา สถิติ แห่งชาติ แห่ง ประเทศ ไทย เด็ก เยาวชน สตรี ครอบครัว สูงอายุ ผู้สูงอายุ คนพิการ
    ชีวิต คุณภาพชีวิต ราชการ พลเรือน ปราบปราม ยาเสพติด กรรม ศาสตร์
    """.split()  # noqa: SIM905 - a list of two hundred quoted words reads worse
)
LONGEST_WORD: Final = max(map(len, WORDS))

ELLIPSIS: Final = "…"
NO_BREAK: Final = "\u00a0"
EQUALS, TIED = " = ", f"{NO_BREAK}={NO_BREAK}"  # "n = 8" is not torn, and is found by who searches for it
WORD_JOINER: Final = "\u2060"
# Where programs that wrap by themselves would tear what belongs together: behind the dash of "6–8", around "n = 8".
RANGE, OF = re.compile(r"(?<=\d)[–-](?=\d)"), re.compile(r"\bn = (?=\S)")
KEPT_END: Final = 8  # letters of a name that is too long: a number, a region
NEAR: Final = 3  # letters before or after, where a word may begin
# A number that ends a name stays with it, and "n = 24" whole; a score may stand on the next line.
TOGETHER: Final = re.compile(r"(?<=\S) (?=\d{1,3}(?: |$))|(?<=\S) (?==)|(?<==) (?=\S)")
ORPHAN: Final = 3  # characters: a last word so short does not stand alone on a line
NEVER, FORCED, AT_SYLLABLE, AT_WORD, AT_SPACE = range(5)  # kinds of places to break at, better ones higher
WIDEST: Final = 2.0  # lines: what is wider without a place to break (an address) is torn after all
HALF_EMPTY: Final = 0.4  # of the line's width


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """One line without control characters and with single spaces."""
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


@lru_cache(maxsize=16384)
def escaped(text: str) -> str:
    """Text that Plotly, its hover templates and MathJax show as it is."""
    return html.escape(plain(text)).replace("%{", "%&#123;").replace("$", "&#36;")


def clusters(text: str) -> list[str]:
    """The text in pieces that must not be torn: a letter with its vowels and tone marks."""
    pieces: list[str] = []
    for character in text:
        if pieces and (unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Mc")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


@lru_cache(maxsize=16384)
def width_of(text: str, size: float) -> float:
    """Width in pixels, on the wide side: Sarabun's letters by kind, marks none."""
    return sum(_advance(character) for character in text) * size


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0.0
    if "\u0e00" <= character <= "\u0e7f":
        return 0.42 if character in LEADING_VOWELS or character in TRAILING_SIGNS else 0.62
    if character in " \u00a0.,:;'|il!()[]-–·":
        return 0.32
    return 0.72 if character.isupper() or character in "MWmw%…" else 0.56


@lru_cache(maxsize=4096)
def fitted(text: str, width: float, size: float, most: int, kept: str = "") -> tuple[str, ...]:
    """The text in at most `most` lines; what is too long gives way before its end, which tells names apart.

    kept: what follows the text and stays whole (its coverage).
    """
    whole = lines_of(text + kept, width, size)
    if len(whole) <= most:
        return whole
    letters, end = clusters(plain(text)), end_of(text)
    head, tail = letters[: -len(clusters(end))], end + kept
    # Halving: letter by letter, three hundred long names took seconds.
    shown = lines_of(f"{ELLIPSIS}{tail}", width, size)
    fits, too_long = 0, len(head)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        start = "".join(head[:middle]).rstrip("".join(LEADING_VOWELS))
        tried = lines_of.__wrapped__(f"{start}{ELLIPSIS}{tail}", width, size)  # not to be remembered
        if len(tried) <= most:
            fits, shown = middle, tried
        else:
            too_long = middle
    return shown


@lru_cache(maxsize=4096)
def end_of(text: str, most: int = KEPT_END) -> str:
    """The last letters, which tell names apart: about `most`, from where a word begins if one does nearby."""
    letters = clusters(plain(text))
    places = list(accumulate(map(len, letters), initial=0))
    _, beside = _known_words(plain(text), math.inf, 1)
    usual = max(len(letters) - most, 0)
    near = range(max(usual - NEAR, 1), min(usual + NEAR + 1, len(letters)))
    starts = [at for at in near if letters[at] != " " and (places[at] in beside or letters[at - 1] == " ")]
    start = min(starts, key=lambda at: abs(at - usual), default=usual)
    return "".join(letters[start:]).lstrip("".join(TRAILING_SIGNS))


@lru_cache(maxsize=4096)
def lines_of(text: str, width: float, size: float, most: int = 0) -> tuple[str, ...]:
    """The text in lines of at most `width` pixels, not escaped; beyond `most` lines (0 = any) it ends in an ellipsis.

    Breaks, best first: at a space, beside a word of WORDS, before a leading vowel, between any two clusters.
    """
    rest = TOGETHER.sub(NO_BREAK, NO_BREAK.join(plain(part) for part in text.split(NO_BREAK)))
    head, _, tail = rest.rpartition(" ")
    if head and len(tail) <= ORPHAN:
        rest = f"{head}{NO_BREAK}{tail}"
    lines: list[str] = []
    while rest:
        if most and len(lines) == most - 1 and width_of(rest, size) > width:
            cut = _cut(rest, width - width_of(ELLIPSIS, size), size)
            lines.append(rest[:cut].rstrip().replace(TIED, EQUALS) + ELLIPSIS)
            break
        cut = _cut(rest, width, size)
        lines.append(rest[:cut].rstrip().replace(TIED, EQUALS))
        rest = _from_its_letter(rest[cut:])
    return tuple(lines)


def tied(text: str) -> str:
    """The text for programs that wrap it by themselves: ranges and "n = 8" stay on a line."""
    return OF.sub(f"n{TIED}", RANGE.sub(lambda dash: f"{WORD_JOINER}{dash[0]}{WORD_JOINER}", text))


def widest_word(text: str, size: float) -> int:
    """Whole pixels for the widest of its words that are known."""
    inside, _ = _known_words(text, math.inf, size)
    ends = [*(place for place in range(len(text)) if place not in inside), len(text)]
    words = (text[start:end] for start, end in pairwise(ends))
    return max((math.ceil(width_of(word, size)) for word in words if word in WORDS), default=0)


def wrapped(text: str, width: float, size: float, most: int = 0) -> str:
    """The lines of `lines_of`, each escaped, joined by <br>."""
    return "<br>".join(escaped(line) for line in lines_of(text, width, size, most))


def _from_its_letter(rest: str) -> str:
    """Without the space before it, unless that space carries a mark."""
    return rest[1:] if clusters(rest)[:1] == [" "] else rest


def _cut(text: str, width: float, size: float) -> int:
    """Where the first line ends."""
    if width_of(text, size) <= width:
        return len(text)
    pieces = clusters(text)
    inside, beside = _known_words(text, width, size)
    used = 0.0
    position = 0
    best = (0, 0, 0.0)  # how good, where, width used there
    for index, piece in enumerate(pieces):
        if index:
            quality = _break_quality(position, pieces[index - 1], piece, inside, beside)
            # A better kind of break wins over a later one, unless it leaves the line half empty.
            if quality >= best[0] or (quality > FORCED and used - best[2] > HALF_EMPTY * width):
                best = (quality, position, used) if quality else best
        used += width_of(piece, size)
        # A Latin word wider than the line leaves it, rather than being torn.
        if used > width and (best[1] or used > WIDEST * width):
            break
        position += len(piece)
    return best[1] or max(position, len(pieces[0]))


def _known_words(text: str, width: float, size: float) -> tuple[set[int], set[int]]:
    """Positions inside words that are known, and those where one starts or ends; the longest word counts.

    In one that is wider than a line, the longest words that it begins or ends with count too (กระบวน|การ, ผู้รับ|บริการ).
    """
    inside: set[int] = set()
    beside: set[int] = set()
    position = 0
    while position < len(text):
        for length in range(LONGEST_WORD, 1, -1):
            word = text[position : position + length]
            if word in WORDS:
                beside |= {position, position + length}
                if width_of(word, size) > width:
                    first = [at for at in range(1, length) if word[:at] in WORDS][-1:]
                    last = [at for at in range(1, length) if word[at:] in WORDS][:1]
                    beside |= {position + at for at in (*first, *last)}
                inside |= set(range(position + 1, position + length)) - beside
                position += length
                break
        else:
            position += 1
    return inside, beside


def _break_quality(position: int, before: str, after: str, inside: set[int], beside: set[int]) -> int:
    if after == " " or (before == " " and after[0] not in NEVER_FIRST):
        return AT_SPACE
    if after[0] in NEVER_FIRST or before[0] in NEVER_LAST:
        return NEVER
    if before == "-":
        return AT_SYLLABLE
    if position in beside or _is_thai(before) != _is_thai(after):
        return AT_WORD
    if not _is_thai(after):
        return NEVER
    if position in inside:
        return FORCED
    return AT_SYLLABLE if after[0] in LEADING_VOWELS else FORCED


def _is_thai(piece: str) -> bool:
    return "\u0e00" <= piece[0] <= "\u0e7f"
