"""What a check found: an error stops sealing, a warning must be confirmed with a reason."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing found. `code` is a stable dotted word, `field` the form field it belongs to."""

    code: str
    field: str
    severity: Severity
    data: dict[str, object] = dataclasses.field(default_factory=dict, hash=False)


def error(code: str, field_key: str, **data: object) -> Finding:
    """A finding that stops sealing."""
    return Finding(code, field_key, Severity.ERROR, data)


def warning(code: str, field_key: str, **data: object) -> Finding:
    """A finding that an operator may confirm."""
    return Finding(code, field_key, Severity.WARNING, data)
