"""Region codes as areas: which one holds which other, and how to ask a table for what lies in one."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, or_

REGENCY = 5
"""Characters of a region code that name the kabupaten or kota."""
_AREA = re.compile(r"[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?")


def is_area(code: str) -> bool:
    """True for the code of a kabupaten, kecamatan or desa."""
    return _AREA.fullmatch(code) is not None


def covers(area: str, inner: str) -> bool:
    """True when `inner` is `area` or a part of it."""
    return inner == area or inner.startswith(f"{area}.")


def inside(village: ColumnElement[str], area: str) -> ColumnElement[bool]:
    """Rows whose village is in `area`. `/` is what follows `.`: a range can use the index."""
    return or_(village == area, and_(village > f"{area}.", village < f"{area}/"))
