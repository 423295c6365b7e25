"""The NIK in what a barcode or QR scanner typed: with its prefixes and suffixes, among other things and numbers."""

from __future__ import annotations

import re

from station.domain.nik import check_nik

MAX_PAYLOAD = 512
"""Characters. No card or form needs more; what is longer was never meant for this line."""

_AIM = re.compile(r"[\x00-\x20]*\][A-Za-z][0-9A-Za-z]")
_SIXTEEN = re.compile(r"(?:([A-Za-z]+)[^0-9A-Za-z]*)?(?<![0-9])([0-9]{16})(?![0-9])")
"""The word before the number, if there is one, and the number."""


def nik_in(payload: str, *, training: bool) -> str:
    """The one number that can be a NIK; '' when there is none or more than one, or when the payload is too long.

    A number labelled NIK comes before all others, and one labelled KK is never a NIK: both are made alike.
    Scanners may put a symbology identifier (ISO/IEC 15424, such as `]Q3`) in front and any control character around.
    """
    if len(payload) > MAX_PAYLOAD:
        return ""
    identifier = _AIM.match(payload)
    found = _SIXTEEN.findall(payload[identifier.end() :] if identifier else payload)
    labelled = [number for label, number in found if label.upper().endswith("NIK")]
    others = [number for label, number in found if not label.upper().endswith("KK")]
    numbers = {number for number in labelled or others if not any(check_nik(number, training=training))}
    return numbers.pop() if len(numbers) == 1 else ""
