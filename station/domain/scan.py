"""The NIK in what a barcode or QR scanner typed: with its prefixes and suffixes, among other things."""

from __future__ import annotations

import re

from station.domain.nik import check_nik

MAX_PAYLOAD = 512
"""Characters. No card or form needs more; what is longer was never meant for this line."""

_AIM = re.compile(r"[\x00-\x20]*\][A-Za-z][0-9A-Za-z]")
_SIXTEEN = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")


def nik_in(payload: str, *, training: bool) -> str:
    """The first sixteen digits that can be a NIK; '' when there are none, or when the payload is too long.

    Scanners may put a symbology identifier (ISO/IEC 15424, such as `]Q3`) in front and any control character around.
    """
    if len(payload) > MAX_PAYLOAD:
        return ""
    identifier = _AIM.match(payload)
    for match in _SIXTEEN.finditer(payload[identifier.end() :] if identifier else payload):
        if not any(check_nik(match[0], training=training)):
            return match[0]
    return ""
