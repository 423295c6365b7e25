"""Invented people of province 99: a fixed cast for demos and lessons, and as many more as a load test wants.

It must not know how they look: that follows from their seed, in `drawing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from station.domain.biometrics import FINGERS, IRISES, LEFT_FOUR, Part
from station.domain.codes import BELIEF, BLOOD_UNKNOWN, DIVORCED, FEMALE, HAS_CERTIFICATE, MALE, MARRIED
from station.domain.form import FIELDS
from station.training.villages import VILLAGES as VILLAGES

_LEFT_HAND = (Part.FINGER_06, *LEFT_FOUR)
_ABSENT: dict[str, tuple[Part, ...]] = {
    "9901051103700003": FINGERS,
    "9901054808820004": IRISES,
    "9971011912930005": _LEFT_HAND,
}
_WORN = "9901030101790017"
_FOREIGN = "9971011607800009"

_RAYA = "JL. CONTOH RAYA NO. 1|001|002"
_DUSUN = "DUSUN UJI I|002|001"
_KAMPUNG = "KP. PERCOBAAN|000|000"
_PERUM = "PERUM UJI PERMAI BLOK C/12|010|003"

# The first twelve make the demo. NIK, KK, name, birth place, birth date, religion, marriage, work, village, address,
# relation to the head of the family, blood type, education. Sex is in the NIK: the day of a woman's birth is written
# plus forty.
_CAST = f"""
9901011708850001;9901010503190001;BUDI SANTOSO CONTOH;KOTA CONTOH;1985-08-17;1;2;15;99.01.01.2001;{_RAYA};1;13;5
9901016104880001;9901010503190001;SITI AMINAH CONTOH;KOTA CONTOH;1988-04-21;1;2;2;99.01.01.2001;{_RAYA};3;4;5
9901026902040002;9901020101150007;KADEK DWI UJI LESTARI;DESA UJI;2004-02-29;4;1;15;99.01.02.2001;{_DUSUN};4;3;8
9901030107480112;9901031506100004;SUPARMAN;DESA UJI;1948-07-01;1;2;9;99.01.03.2002;{_KAMPUNG};1;13;1
9901035403750006;9901031506100011;NUR'AINI CONTOH;DESA UJI;1975-03-14;1;3;8;99.01.03.2001;{_DUSUN};1;2;3
9971014511950004;9971012210180012;LIM MEI CONTOH;KOTA CONTOH;1995-11-05;6;1;70;99.71.01.1002;{_PERUM};4;11;9
9901040211090001;9901041708210003;AHMAD FAUZI CONTOH;DESA UJI;2009-11-02;1;1;3;99.01.04.2001;{_DUSUN};4;13;5
9901027112900003;9901022509160002;MARIA GORETI CONTOH;PULAU UJI;1990-12-31;3;2;74;99.01.02.2002;{_RAYA};3;1;7
9901021206610001;9901020101150007;WAYAN CONTOH;DESA UJI;1961-06-12;4;2;9;99.01.02.2001;{_DUSUN};1;13;3
9901014909990005;9901010703170009;RADEN AJENG KUSUMANINGTYAS WIDYADHARI PURNAMASARI CONTOH UJI;KOTA CONTOH;\
1999-09-09;1;1;15;99.01.01.1001;{_PERUM};4;7;8
9901052301670002;9901051402120005;SAPTO DARMO CONTOH;DESA UJI;1967-01-23;7;2;9;99.01.05.2001;{_KAMPUNG};1;4;3
9901045505100002;9901041708210003;DEWI ANGGRAINI UJI;DESA UJI;2010-05-15;1;1;3;99.01.04.2001;{_DUSUN};4;13;5
9901030101790017;9901031506100021;YOHANES PAULUS UJI COBA;PULAU UJI;1979-01-01;2;4;9;99.01.03.2001;{_KAMPUNG};1;13;4
9901046002100003;9901040912260001;RINI CONTOH MUDA;DESA UJI;2010-02-20;1;2;2;99.01.04.2002;{_KAMPUNG};3;13;4
9901051010260001;9901051402120008;MBAH TOMO CONTOH;DESA UJI;1926-10-10;1;4;1;99.01.05.2001;{_KAMPUNG};7;13;1
9901051103700003;9901051402120013;AGUS TANPA JARI CONTOH;PULAU UJI;1970-03-11;1;2;10;99.01.05.2002;{_DUSUN};1;13;2
9901054808820004;9901051402120014;LESTARI NETRA CONTOH;PULAU UJI;1982-08-08;2;1;88;99.01.05.2002;{_RAYA};9;13;4
9971011912930005;9971012210180015;DONI AMPUTASI CONTOH;KOTA CONTOH;1993-12-19;1;2;81;99.71.01.1001;{_PERUM};1;9;5
9971010606010001;9971012210180019;KEMBAR SATU CONTOH;KOTA CONTOH;2001-06-06;2;1;3;99.71.01.1001;{_PERUM};4;13;6
9971010606010002;9971012210180019;KEMBAR DUA CONTOH;KOTA CONTOH;2001-06-06;2;1;3;99.71.01.1001;{_PERUM};4;13;6
9901996509870007;9901011110200006;PUTRI PINDAHAN CONTOH;KOTA CONTOH;1987-09-25;3;2;65;99.01.01.2002;{_RAYA};3;1;8
9901016304910008;9901011110200008;TESSA BEDA TANGGAL CONTOH;KOTA CONTOH;1991-04-03;1;1;84;99.01.01.2001;{_DUSUN};4;13;8
9971011607800009;9971012210180023;JOHN EXAMPLE SMITH;LUAR NEGERI;1980-07-16;2;2;71;99.71.01.1002;{_PERUM};1;5;9
9901043008120004;9901041708210003;BAYU UJI PRATAMA;DESA UJI;2012-08-30;1;1;3;99.01.04.2001;{_DUSUN};4;13;4
"""

# What only some of them are asked, by NIK.
_MORE: dict[str, dict[str, str]] = {
    "9901016104880001": {"phone": "0800000017"},
    "9901052301670002": {"belief": "KEPERCAYAAN CONTOH"},
    "9901051103700003": {"disability": "2", "disability_kind": "1"},
    "9901054808820004": {"disability": "2", "disability_kind": "2"},
    "9971011912930005": {"disability": "2", "disability_kind": "1"},
    _FOREIGN: {
        "passport_no": "X0000001",
        "passport_expires": "2031-05-04",
        "first_arrival": "2012-02-01",
        "permit_kind": "1",
        "permit_no": "2D41AB0001-X",
        "permit_place": "KOTA CONTOH",
        "permit_issued": "2025-03-01",
        "permit_expires": "2030-03-01",
        "sponsor_kind": "4",
        "sponsor_name": "ANNA EXAMPLE SMITH",
        "sponsor_address": "PERUM UJI PERMAI BLOK C/12",
    },
}


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist: the answers of the form, and the seed of their body.

    `absent` are the parts they do not have, `worn` means ridges so worn that every print is poor.
    """

    answers: dict[str, str]
    seed: int
    absent: tuple[Part, ...] = ()
    worn: bool = False

    @property
    def nik(self) -> str:
        return self.answers["nik"]


def _cast_member(line: str) -> Person:
    nik, kk, name, place, birth, religion, marriage, work, village, home, relation, blood, school = line.split(";")
    address, rt, rw = home.split("|")
    answers = {
        "nik": nik,
        "kk": kk,
        "name": name,
        "sex": FEMALE if int(nik[6:8]) > 40 else MALE,
        "birth_place": place,
        "birth_date": birth,
        "blood_type": blood,
        "citizenship": "2" if nik == _FOREIGN else "1",
        "religion": religion,
        "marital_status": marriage,
        "occupation": work,
        **_certificates(marriage, birth, nik),
        "address": address,
        "rt": rt,
        "rw": rw,
        "village": village,
        "family_relation": relation,
        "education": school,
        "disability": "1",
        **_MORE.get(nik, {}),
    }
    return Person(_as_asked(answers), int(nik[2:]), absent=_ABSENT.get(nik, ()), worn=nik == _WORN)


def _as_asked(answers: Mapping[str, str]) -> dict[str, str]:
    """In the order of the form, in which they are typed."""
    return {field.key: answers[field.key] for field in FIELDS if field.key in answers}


def _certificates(marriage: str, birth: str, number: str) -> dict[str, str]:
    """The paper that goes with the marital status: at twenty-four, or at sixteen for who is no older."""
    year = int(birth[:4]) + (16 if int(birth[:4]) > 2005 else 24)
    day = f"{year}-{birth[5:]}" if birth[5:] != "02-29" else f"{year}-03-01"
    if marriage == MARRIED:
        return {
            "marriage_certificate": HAS_CERTIFICATE,
            "marriage_certificate_no": f"{number[-4:]}/{birth[8:]}/{year}",
            "marriage_date": day,
        }
    if marriage == DIVORCED:
        return {
            "divorce_certificate": HAS_CERTIFICATE,
            "divorce_certificate_no": f"{number[-4:]}/AC/{year}",
            "divorce_date": day,
        }
    return {}


EVERYONE: tuple[Person, ...] = tuple(_cast_member(line) for line in _CAST.split("\n") if line)
"""The whole cast of twenty-four; the last one is fourteen, and is sent home with advice."""

PEOPLE: tuple[Person, ...] = EVERYONE[:-1]
"""Those of the cast who can be recorded."""

DEMO: tuple[Person, ...] = PEOPLE[:12]
"""Twelve whose every part can be captured."""

# --------------------------------------------------------------------------------------------------------- load tests

_MEN = "AGUS BAMBANG CAHYO DEDI EKO FAJAR GILANG HENDRA IRFAN JOKO KURNIA LUKMAN MADE NANANG PUTU RIZKI SLAMET".split()
_WOMEN = "ANI BUNGA CITRA DIAN ENDANG FITRI GITA HESTI INDAH JUWITA KARTIKA LINA MEGA NING PURI RATNA SARI TUTI".split()
_SECOND = (
    "ADI BAYU CANDRA DARMA GUNAWAN HIDAYAT IRAWAN KUSUMA LAKSANA MULYA NUGRAHA PRATAMA SAPUTRA UTAMA WIJAYA".split()
)
_HEAPED = ((1, 1), (12, 31), (7, 1), (8, 17))  # months and days that registers know too many births on
_HEAPED_SHARE, _MEN_SHARE, _ONE_WORD_SHARE, _APOSTROPHE_SHARE = 0.18, 0.51, 0.02, 0.01
_FIRST_BIRTH, _LAST_BIRTH = date(1941, 1, 1), date(2009, 11, 20)


def people(count: int, seed: int) -> Iterator[Person]:
    """`count` people of province 99, all different, all old enough on 2026-11-21; the same for the same `seed`."""
    rng = np.random.default_rng(seed)
    issued: Counter[str] = Counter()
    for number in range(count):
        village = VILLAGES[int(rng.integers(len(VILLAGES)))].code
        birth = _birth(rng)
        man = bool(rng.random() < _MEN_SHARE)
        start = f"{village.replace('.', '')[:6]}{birth.day + (0 if man else 40):02d}{birth:%m%y}"
        issued[start] += 1
        answers = _answers(rng, village, birth, man=man)
        answers["nik"] = f"{start}{issued[start]:04d}"
        # Card dates of 2027 on: no birth date of ours, so no card equals a NIK.
        answers["kk"] = f"{start[:6]}0101{27 + number // 9999:02d}{number % 9999 + 1:04d}"
        yield Person(_as_asked(answers), seed * 1_000_000 + number)


def _answers(rng: np.random.Generator, village: str, birth: date, *, man: bool) -> dict[str, str]:
    religion = str(int(rng.choice(7, p=[0.87, 0.07, 0.03, 0.015, 0.007, 0.003, 0.005])) + 1)
    marriage = "1" if birth.year > 1998 else str(int(rng.choice([1, 2, 3, 4], p=[0.15, 0.75, 0.05, 0.05])))
    occupation = str(int(rng.choice([1, 2, 3, 8, 9, 15, 19, 65, 84, 88])))
    return {
        "name": _name(rng, man=man),
        "sex": MALE if man else FEMALE,
        "birth_place": ("KOTA CONTOH", "DESA UJI", "PULAU UJI")[int(rng.integers(3))],
        "birth_date": birth.isoformat(),
        "citizenship": "1",
        "blood_type": BLOOD_UNKNOWN,
        "religion": religion,
        "marital_status": marriage,
        "occupation": occupation,
        **({"belief": "KEPERCAYAAN CONTOH"} if religion == BELIEF else {}),
        **_certificates(marriage, birth.isoformat(), f"{int(rng.integers(1, 10_000)):04d}"),
        "address": f"JL. CONTOH NO. {int(rng.integers(1, 250))}",
        "rt": f"{int(rng.integers(1, 21)):03d}",
        "rw": f"{int(rng.integers(1, 13)):03d}",
        "village": village,
    }


def _birth(rng: np.random.Generator) -> date:
    birth = _FIRST_BIRTH + timedelta(days=int(rng.integers((_LAST_BIRTH - _FIRST_BIRTH).days + 1)))
    if rng.random() < _HEAPED_SHARE and birth.year < _LAST_BIRTH.year:
        month, day = _HEAPED[int(rng.integers(len(_HEAPED)))]
        return date(birth.year, month, day)
    return birth


def _name(rng: np.random.Generator, *, man: bool) -> str:
    first = (_MEN if man else _WOMEN)[int(rng.integers(17))]
    chance = rng.random()
    if chance < _ONE_WORD_SHARE:
        return first
    if chance < _ONE_WORD_SHARE + _APOSTROPHE_SHARE:
        return f"{first} NA'IM CONTOH"
    return f"{first} {_SECOND[int(rng.integers(len(_SECOND)))]} CONTOH"
