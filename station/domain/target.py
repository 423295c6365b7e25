"""A person on a target list (paket data luring), and the card of such a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Target:
    """Somebody whom central expects. `answers` are form values by field key: whatever central knows, at least a name.

    `recorded` means that central holds biometrics already; `central_code` is its last status ('' when it has none).
    """

    nik: str
    answers: Mapping[str, str] = field(default_factory=dict)
    recorded: bool = False
    central_code: str = ""
    central_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.answers.get("name", "")

    @property
    def birth_date(self) -> str:
        return self.answers.get("birth_date", "")

    @property
    def village(self) -> str:
        return self.answers.get("village", "")

    @property
    def rt(self) -> str:
        return self.answers.get("rt", "")

    @property
    def rw(self) -> str:
        return self.answers.get("rw", "")


@dataclass(frozen=True)
class RosterCard:
    """One target list as imported here. `area` is a region code: kabupaten `99.01`, kecamatan or desa."""

    area: str
    area_name: str
    version: int
    people: int
    made_at: datetime
    expires_at: datetime
    imported_at: datetime
    source: str  # "central" or "usb"
