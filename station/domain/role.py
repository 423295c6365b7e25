"""The roles of a recording office. Must not know what a role allows: that is in `permission.py`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the office. The values are kept in databases and never change."""

    COUNTER = "counter"
    """Petugas loket: receives people and prepares their papers."""
    OPERATOR = "operator"
    """Operator rekam: records."""
    SUPERVISOR = "supervisor"
    """Penyelia: records too, and answers for what departs from the rule."""
    ARCHIVIST = "archivist"
    """Arsiparis: closes the day's papers, and what may be deleted."""
    TECHNICIAN = "technician"
    """Teknisi: keeps the station running, and sees no applicant."""
    HEAD = "head"
    """Kepala UPTD: sees how it goes, in numbers."""
    ADMIN = "admin"
    """Admin: who may work here, and the keys."""
