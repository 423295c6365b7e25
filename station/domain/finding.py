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
    """One thing found. `code` is a stable dotted word, `field` the form field beside which it is said.

    `about` are all the fields it follows from, at least its own: when one of them changes, it must be looked at again.
    """

    code: str
    field: str
    severity: Severity
    data: dict[str, object] = dataclasses.field(default_factory=dict, hash=False)
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.about:
            object.__setattr__(self, "about", (self.field,))


def error(code: str, field_key: str, /, *, about: tuple[str, ...] = (), **data: object) -> Finding:
    """A finding that stops sealing."""
    return Finding(code, field_key, Severity.ERROR, data, about)


def warning(code: str, field_key: str, /, *, about: tuple[str, ...] = (), **data: object) -> Finding:
    """A finding that an operator may confirm."""
    return Finding(code, field_key, Severity.WARNING, data, about)
