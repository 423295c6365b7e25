"""What the synchronisation panel shows beside the counters: lanes, estimate, comparison, the last day, speed rules.

Needs no sign-in and shows no personal data. Knows no word and no widget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from station.desk.relay import relay_state
from station.domain.comparison import Comparison
from station.domain.delivery import Counts
from station.domain.estimate import Estimate, estimate
from station.domain.lane import LaneState
from station.domain.link_day import Stretch, Way, stretches, time_of
from station.domain.notice import Notice
from station.domain.relay import RelayState
from station.domain.speed import SpeedRules
from station.domain.stock import Stock
from station.domain.throughput import Bucket
from station.store.depot import Depot

_CHANGES_OF_A_DAY = 2000
"""The link cannot honestly change more often in a day; what is older is not known then."""


@dataclass(frozen=True)
class Panel:
    """The picture at one moment."""

    lanes: tuple[LaneState, ...]
    estimate: Estimate
    compared: Comparison | None
    relay: RelayState
    notices: tuple[Notice, ...]
    stock: Stock | None
    speed: SpeedRules


@dataclass(frozen=True)
class Day:
    """The last 24 hours: the five minutes in which something moved, and the link without a gap. Oldest first."""

    buckets: tuple[Bucket, ...]
    link: tuple[Stretch, ...]
    until: datetime

    @property
    def records(self) -> int:
        """Packets that got their receipt."""
        return sum(bucket.packets for bucket in self.buckets)

    @property
    def sent_bytes(self) -> int:
        return sum(bucket.bytes for bucket in self.buckets)

    @property
    def connected(self) -> timedelta:
        """How long central could be reached."""
        return time_of(self.link, Way.CONNECTED) + time_of(self.link, Way.SLOW)

    @property
    def empty(self) -> bool:
        """True when there is nothing to draw: nothing was sent and nobody tried."""
        return not self.buckets and all(stretch.way is Way.UNKNOWN for stretch in self.link)


def panel(depot: Depot, counts: Counts, now: datetime) -> Panel:
    """Read the picture; `counts` are those that are shown beside it."""
    rules = depot.memory.speed
    return Panel(
        lanes=tuple(depot.lane_book.states().values()),
        estimate=estimate(counts.waiting_bytes + counts.carried_bytes, depot.throughput.rate_bps(now), rules, now),
        compared=depot.memory.reconciled,
        relay=relay_state(depot),
        notices=depot.notices.current(now),
        stock=depot.memory.stock,
        speed=rules,
    )


def day(depot: Depot, now: datetime) -> Day:
    """Read the last 24 hours."""
    link = stretches(depot.memory.link_history(_CHANGES_OF_A_DAY), now)
    return Day(depot.throughput.of_day(now), link, now)


def speed(depot: Depot) -> SpeedRules:
    """The rules in force."""
    return depot.memory.speed


def set_speed(depot: Depot, rules: SpeedRules) -> None:
    """Keep other rules. Whoever delivers here must be woken; rules survive a restart."""
    depot.memory.speed = rules
