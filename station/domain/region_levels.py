"""What a district and a village are called where they are: kecamatan here, distrik in Papua, nagari in Sumatera Barat.

Names of levels are Indonesian law and local custom; they are the same in every language of the window.
"""

from __future__ import annotations

_PAPUA = ("91", "92", "93", "94", "95", "96")

# The longest beginning of the code that is listed wins.
_DISTRICTS = {
    **dict.fromkeys(_PAPUA, "Distrik"),
    "34": "Kapanewon",
    "34.71": "Kemantren",
}
_VILLAGES = {
    **dict.fromkeys(_PAPUA, "Kampung"),
    **dict.fromkeys(("11.04", "11.16", "11.17"), "Kampung"),  # Aceh Tengah, Aceh Tamiang, Bener Meriah
    **dict.fromkeys(("18.02", "18.05", "18.08"), "Kampung"),  # Lampung Tengah, Tulang Bawang, Way Kanan
    **dict.fromkeys(("64.03", "64.07", "64.11"), "Kampung"),  # Berau, Kutai Barat, Mahakam Ulu
    **dict.fromkeys(("18.04", "18.06", "18.10", "18.13"), "Pekon"),  # Lampung Barat, Tanggamus, Pringsewu, Pesisir B.
    **dict.fromkeys(
        ("13.09", "13.73", "13.77"), "Desa"
    ),  # Mentawai, Sawahlunto, Pariaman: in Sumatera Barat, no nagari
    **dict.fromkeys(("73.18", "73.26"), "Lembang"),  # Tana Toraja, Toraja Utara
    "11": "Gampong",
    "13": "Nagari",
    "14.08": "Kampung",  # Siak
    "18.12": "Tiyuh",  # Tulang Bawang Barat
    "34": "Kalurahan",
}
_LENGTHS = (5, 2)


def district_level(code: str) -> str:
    """What the third level of this code is called, such as `Kecamatan`."""
    return _local(_DISTRICTS, code, "Kecamatan")


def village_level(code: str) -> str:
    """What a village with this code is called. The first digit of its last part says which kind it is by law."""
    match code[9:10]:
        case "1":
            return "Kelurahan"
        case "3":
            return "Desa adat"
        case _:
            return _local(_VILLAGES, code, "Desa")


def _local(names: dict[str, str], code: str, usual: str) -> str:
    return next((names[code[:length]] for length in _LENGTHS if code[:length] in names), usual)
