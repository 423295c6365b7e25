"""Who must act now, so that a record goes on."""

from __future__ import annotations

from enum import StrEnum


class Actor(StrEnum):
    """One of those who can move a record. `NOBODY`: it goes on by itself, or there is nothing left to do."""

    NOBODY = "nobody"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    DINAS = "dinas"
    CENTRAL = "central"
