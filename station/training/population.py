"""A whole kabupaten of invented people as a target list has them: complete biodata, province 99, always the same.

What makes real registers hard to search is here too: birth dates heaped on a few days, some thousand bearers of the
same first name in all its spellings, single words, apostrophes, people listed twice under two NIKs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from station.domain.target import Target
from station.training.villages import VILLAGES

REGENCY = 1_053_378
"""How many people of age one real kabupaten has."""

_BATCH = 5_000
_HEAPED = ((1, 1), (12, 31), (7, 1), (8, 17))  # months and days that registers know too many births on
_HEAPED_SHARE, _MEN_SHARE, _ONE_WORD, _APOSTROPHE, _RECORDED, _TWICE = 0.18, 0.51, 0.02, 0.01, 0.03, 0.01
_FIRST_BIRTH, _LAST_BIRTH = date(1941, 1, 1), date(2009, 11, 20)
_DAYS = (_LAST_BIRTH - _FIRST_BIRTH).days + 1
_ISSUED_FROM = datetime(2024, 1, 1, tzinfo=UTC)

_MEN = (
    "MUHAMMAD MUH. MOCH MOHAMAD MUHAMAD MOH. M. AHMAD ACHMAD AGUS BUDI BAMBANG EKO DEDI HENDRA IRFAN DJOKO JOKO "
    "SLAMET WAYAN MADE NYOMAN PUTU YUSUF JUSUF ABDUL RUDI RAHMAT SUTRISNO SUPRIYADI SUPRIADI YOHANES UJANG ASEP"
).split()
_WOMEN = (
    "SITI SITI SITI ST. NUR NOER SRI SRI DEWI ENDANG RATNA SARI WAHYUNI WAHJUNI KARTIKA FITRI MARIA PUTRI TUTI LINA "
    "INDAH DIAN YULI JULI NI RINA RATIH WIDYA WIDIA AISYAH SULASTRI PURWANTI HANDAYANI EUIS NENENG TITIN"
).split()
_ONSETS = "B D G H J K L M N P R S T W Y TJ DJ NG KH SY PR TR KR".split()
_VOWELS = "A I U E O OE A I U A".split()
_ENDS = "N NG R S T H M NTO WAN TI DI NA NI YA MAN RI DA LA JA TA".split()
_FAMILY = "CONTOH"
_WORDS = 15_000
_FIRST_NAMES = 200
"""So many of the invented words are first names too."""


def population(count: int, seed: int = 1, villages: Sequence[str] = ()) -> Iterator[Target]:
    """`count` people, each with another NIK; the same for the same arguments.

    `villages` are the codes they live in, all of province 99; without, those of the training table.
    """
    rng = np.random.default_rng(seed)
    codes = tuple(villages) or tuple(village.code for village in VILLAGES)
    words = _invented_words(rng)
    issued: Counter[str] = Counter()
    for start in range(0, count, _BATCH):
        yield from _batch(rng, min(_BATCH, count - start), start, codes, words, issued)


def village_codes(districts: int, each: int) -> tuple[str, ...]:
    """Codes of a kabupaten 99.01 with so many kecamatan and villages in each, for lists larger than the table."""
    return tuple(
        f"99.01.{district:02d}.{2000 + village:04d}"
        for district in range(1, districts + 1)
        for village in range(1, each + 1)
    )


def _batch(
    rng: np.random.Generator,
    size: int,
    start: int,
    codes: Sequence[str],
    words: Sequence[str],
    issued: Counter[str],
) -> Iterator[Target]:
    chance = rng.random((size, 8)).tolist()
    dice = rng.integers(0, 1_000_000, (size, 12)).tolist()
    frequent = rng.zipf(1.05, (size, 2)).tolist()
    answers: dict[str, str] = {}
    for offset, (luck, roll, common) in enumerate(zip(chance, dice, frequent, strict=True)):
        if answers and luck[0] < _TWICE:
            answers = {**answers}
        else:
            rare = [words[number % _WORDS] for number in common]
            answers = _answers(luck, roll, rare, words, codes, start + offset)
        day, month, year = (int(part) for part in reversed(answers["birth_date"].split("-")))
        born = f"{day + (40 if answers['sex'] == '2' else 0):02d}{month:02d}{year % 100:02d}"
        place = answers["village"].replace(".", "")[:6] + born
        issued[place] += 1
        answers["nik"] = f"{place}{issued[place]:04d}"
        recorded = luck[1] < _RECORDED
        at = _ISSUED_FROM + timedelta(minutes=roll[11]) if recorded else None
        yield Target(answers["nik"], answers, recorded, "PRINT_READY_RECORD" if recorded else "", at)


def _answers(
    luck: list[float],
    roll: list[int],
    rare: list[str],
    words: Sequence[str],
    codes: Sequence[str],
    number: int,
) -> dict[str, str]:
    man = luck[2] < _MEN_SHARE
    birth = _birth(luck[3], roll[0], roll[1])
    grown = birth.year <= 1998
    village = codes[roll[2] % len(codes)]
    district = village.replace(".", "")[:6]
    status = ("1", "2", "2", "2", "2", "2", "3", "4")[roll[3] % 8] if grown else "1"
    answers = {
        # Card dates of 2027 on: no birth date of ours, so no card equals a NIK.
        "kk": f"{district}{number // 9999 // 28 % 12 + 1:02d}{number // 9999 % 28 + 1:02d}27{number % 9999 + 1:04d}",
        "name": _name(luck, rare, words, man=man),
        "sex": "1" if man else "2",
        "birth_place": ("KOTA CONTOH", "DESA UJI", "PULAU UJI")[roll[4] % 3],
        "birth_date": birth.isoformat(),
        "blood_type": ("13", "1", "2", "3", "4")[roll[5] % 5],
        "citizenship": "1",
        "religion": ("1", "1", "1", "1", "1", "1", "2", "3", "4", "5")[roll[6] % 10],
        "marital_status": status,
        "occupation": ("1", "2", "3", "8", "9", "15", "19", "65", "84", "88")[roll[7] % 10],
        "address": f"JL. CONTOH NO. {roll[8] % 250 + 1}",
        "rt": f"{roll[9] % 20 + 1:03d}",
        "rw": f"{roll[10] % 12 + 1:03d}",
        "village": village,
        "family_relation": "1" if man and grown else "3" if status == "2" else "4",
        "education": str(roll[5] % 7 + 1),
        "father_name": f"{_MEN[roll[7] % len(_MEN)]} {rare[0]} {_FAMILY}",
        "mother_name": f"{_WOMEN[roll[6] % len(_WOMEN)]} {rare[1]} {_FAMILY}",
    }
    if status == "2":
        answers["marriage_certificate"] = "2"
        answers["marriage_certificate_no"] = f"{roll[8]:06d}/CONTOH/2019"
        answers["marriage_date"] = "2019-05-04"
    elif status == "3":
        answers["divorce_certificate"] = "1"
    return answers


def _birth(luck: float, day: int, heap: int) -> date:
    birth = _FIRST_BIRTH + timedelta(days=day % _DAYS)
    if luck < _HEAPED_SHARE and birth.year < _LAST_BIRTH.year:
        month, day = _HEAPED[heap % len(_HEAPED)]
        return date(birth.year, month, day)
    return birth


def _name(luck: list[float], rare: list[str], words: Sequence[str], *, man: bool) -> str:
    usual = _MEN if man else _WOMEN
    chosen = int(luck[4] * luck[4] * (len(usual) + _FIRST_NAMES))  # the first are the most frequent
    first = usual[chosen] if chosen < len(usual) else words[chosen]
    if luck[5] < _ONE_WORD:
        return rare[0]
    second = f"NA'{rare[0]}" if luck[6] < _APOSTROPHE else rare[0]
    if luck[7] < 0.4:
        return f"{first} {second} {_FAMILY}"
    return f"{first} {second} {rare[1]} {_FAMILY}"


def _invented_words(rng: np.random.Generator) -> list[str]:
    """Words that sound like names, some in the spelling of before 1972; the first are used most."""
    found: dict[str, None] = {}
    while len(found) < _WORDS:
        onsets = rng.integers(len(_ONSETS), size=3)
        vowels = rng.integers(len(_VOWELS), size=3)
        parts = [_ONSETS[onset] + _VOWELS[vowel] for onset, vowel in zip(onsets, vowels, strict=True)]
        found["".join(parts[: 1 + int(rng.integers(3))]) + _ENDS[int(rng.integers(len(_ENDS)))]] = None
    return list(found)
