"""What delivery moved in five minutes of the day: bytes that central acknowledged, and how long the line was busy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BUCKET = timedelta(minutes=5)


@dataclass(frozen=True)
class Bucket:
    """Five minutes from `at` (UTC). `packets` got their receipt in it; `busy_s` seconds were spent sending."""

    at: datetime
    bytes: int
    packets: int
    busy_s: float

    @property
    def rate_bps(self) -> float:
        """Bytes per second while it was sending; 0 when it was not."""
        return self.bytes / self.busy_s if self.busy_s > 0 else 0.0


def bucket_start(at: datetime) -> datetime:
    """The beginning of the five minutes in which `at` lies, in UTC."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(BUCKET.total_seconds()), UTC)
