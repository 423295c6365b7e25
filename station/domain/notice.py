"""A notice of central for the people at this station: maintenance, an outage, an instruction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notice:
    """`from_at` and `until_at` bound when it matters; None is open-ended. `seen_at`: somebody here has read it."""

    notice_id: str
    title: str
    body: str
    from_at: datetime | None
    until_at: datetime | None
    audience: str
    told_at: datetime
    seen_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """True while it matters."""
        return (self.from_at is None or self.from_at <= now) and (self.until_at is None or now < self.until_at)
