"""What the way to central is like, and when to try again. Only a verified hello makes it good.

The operating system's opinion about the network may wake a probe; it is never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from station.domain.delivery import Link, LinkState, LogLine
from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Later, Note, Trouble
from station.domain.ports import Clock
from station.log import get_logger
from station.store.memory import Memory
from station.sync.backoff import (
    LONG_OUTAGE_S,
    UNAVAILABLE,
    away_wait_s,
    dated_wait_s,
    floor_wait_s,
    portal_wait_s,
)

log = get_logger(__name__)

SLOW_HELLO_S = 2.0
SLOW_RATE_BPS = 2000.0
"""Bytes per second (16 kbit/s): two thousand records a day take all day at that."""
PORTAL_MEMORY_S = 600.0
"""A stranger's certificate so soon after a sign-in page is that page again, in front of TLS."""
_OWN_LINE = (Trouble.OFFLINE, Trouble.NAME, Trouble.PORTAL, Trouble.PROXY)
"""Trouble of this station's own line, alone among thousands: looked for as often after days as after minutes."""
_STATES = {
    Trouble.OFFLINE: LinkState.OFFLINE,
    Trouble.NAME: LinkState.NAME,
    Trouble.REFUSED: LinkState.PORT,
    Trouble.PORTAL: LinkState.PORTAL,
    Trouble.PROXY: LinkState.PROXY,
    Trouble.CERTIFICATE: LinkState.CERTIFICATE,
    Trouble.MAINTENANCE: LinkState.MAINTENANCE,
    Trouble.BUSY: LinkState.BUSY,
    Trouble.NO_SPACE: LinkState.BUSY,
    Trouble.CLAIM_REFUSED: LinkState.BLOCKED,
    Trouble.CLAIM_USED: LinkState.BLOCKED,
    Trouble.CLAIM_EXPIRED: LinkState.BLOCKED,
}
_RESTS = {Trouble.MAINTENANCE: LinkState.MAINTENANCE, Trouble.BUSY: LinkState.BUSY, Trouble.NO_SPACE: LinkState.BUSY}
_WORST_FIRST = (LinkState.BLOCKED, LinkState.MAINTENANCE, LinkState.BUSY)
_TELLING = (LaneName.MANIFESTS, LaneName.UPLOADS, LaneName.CHANGES)
"""The lanes whose rest is worth a word about the whole link; the others say it on their own line."""


@dataclass(frozen=True)
class Return:
    """A hello verified. `back`: there was none before; `long`: away so long that traffic must return gradually."""

    back: bool
    long: bool


class LinkMonitor:
    """The link as this engine knows it. Waits are monotonic: a wall clock that jumps neither stalls nor hurries."""

    def __init__(self, memory: Memory, clock: Clock, changed: Callable[[], None]) -> None:
        self._memory, self._clock, self._changed = memory, clock, changed
        self._link = memory.link or Link(LinkState.UNKNOWN, since=clock.now())
        self._next_probe = clock.monotonic()
        self._tries = 0 if self._link.up else self._link.tries
        self._down_since: float | None = clock.monotonic()
        self._down_before_s = self._down_before_start_s()
        self._was_up = self._link.up or self._link.last_good_at is None
        self._portal_until = clock.monotonic()
        self._asked_to_wait = self._was_unavailable = False
        self._slow = self._link.state is LinkState.SLOW
        self.good = False
        """True while the last hello verified."""

    @property
    def link(self) -> Link:
        return self._link

    def due_in_s(self) -> float:
        """Seconds until the next probe; 0 when it is due."""
        return max(0.0, self._next_probe - self._clock.monotonic())

    def person_asked(self) -> None:
        """Probe at once: a hello is the small question by which central itself decides whether it may be used."""
        self._tries = 0
        self._next_probe = self._clock.monotonic()

    def network_changed(self) -> None:
        """Another line is worth a look at once, unless central itself asked to wait."""
        if not self._asked_to_wait or self.due_in_s() == 0:
            self.person_asked()

    # ------------------------------------------------------------------------------------------------ what was found

    def verified(self, lanes: Iterable[LaneState] = (), *, seconds: float = 0.0, rate_bps: float = 0.0) -> Return:
        """A hello verified after `seconds`; `rate_bps` is the measured rate of uploads, 0 when not known."""
        was_down = self._down_since is not None and self._link.state is not LinkState.UNKNOWN
        found = Return(not self.good, was_down and (self._outage_s() > LONG_OUTAGE_S or self._was_unavailable))
        self.good, self._down_since, self._down_before_s, self._tries = True, None, 0.0, 0
        self._asked_to_wait = self._was_unavailable = False
        self._slow = seconds > SLOW_HELLO_S or 0 < rate_bps < SLOW_RATE_BPS
        self._set(self._as_found(lanes, self._clock.now()))
        return found

    def failed(self, outcome: Later) -> None:
        """There is no way to central, or it cannot serve anybody now."""
        note = self._as_portal(outcome.note)
        self._tries += 1
        self._asked_to_wait = outcome.floor_s > 0
        self._was_unavailable = self._was_unavailable or (note.http_status == UNAVAILABLE and not outcome.link)
        away_s = 0.0 if note.trouble in _OWN_LINE else self._away_s()
        wait_s = max(away_wait_s(self._tries, away_s), floor_wait_s(outcome.floor_s))
        if outcome.until is not None:
            wait_s = dated_wait_s(outcome.floor_s, self._memory.pacing.spread_s)
        if note.trouble is Trouble.PORTAL:
            wait_s = portal_wait_s()
        self._down(note, wait_s, self._until(outcome), outcome.note)

    def show_rests(self, lanes: Iterable[LaneState]) -> None:
        """Central is there and a lane waits because central will have it so: that is shown of the whole link."""
        if self.good:
            self._set(self._as_found(lanes, self._link.last_good_at))

    # ------------------------------------------------------------------------------------------------------- inside

    def _as_found(self, lanes: Iterable[LaneState], good_at: datetime | None) -> Link:
        """What to show of a link that is there."""
        shown = _worth_a_word(list(lanes))
        told = [(state, lane) for lane in shown if (state := _told_by(lane)) is not None]
        if not told:
            return self._now(LinkState.SLOW if self._slow else LinkState.GOOD, None, good_at)
        state, lane = min(told, key=lambda item: _WORST_FIRST.index(item[0]))
        note = lane.note or Note(Trouble.BUSY)
        message = note.detail if state is not LinkState.BUSY else ""
        link = self._now(state, note.trouble, good_at)
        return replace(link, next_try_at=lane.next_at, until=lane.until, message=message)

    def _as_portal(self, note: Note) -> Note:
        now = self._clock.monotonic()
        if note.trouble is Trouble.PORTAL:
            self._portal_until = now + PORTAL_MEMORY_S
        elif note.trouble is Trouble.CERTIFICATE and now < self._portal_until:
            return replace(note, trouble=Trouble.PORTAL)
        return note

    def _until(self, outcome: Later) -> datetime | None:
        if outcome.until is not None or not outcome.floor_s:
            return outcome.until
        return self._clock.now() + timedelta(seconds=outcome.floor_s)

    def _down(self, note: Note, wait_s: float, until: datetime | None, said: Note) -> None:
        self.good = False
        if self._down_since is None:
            self._down_since = self._clock.monotonic()
        self._next_probe = self._clock.monotonic() + wait_s
        state = _STATES.get(note.trouble, LinkState.CENTRAL_DOWN)
        now = self._clock.now()
        self._set(
            replace(
                self._now(state, note.trouble, self._link.last_good_at),
                tries=self._tries,
                next_try_at=now + timedelta(seconds=wait_s),
                until=until,
                message=note.detail if state is LinkState.MAINTENANCE else "",
            ),
            LogLine(now, "hello", None, said),
        )

    def _now(self, state: LinkState, reason: Trouble | None, good_at: datetime | None) -> Link:
        since = self._link.since if self._link.state is state else self._clock.now()
        return Link(state, since=since, reason=reason, last_good_at=good_at)

    def _away_s(self) -> float:
        """How long this station has found nobody there; nights count when it was so on the evening before."""
        return self._outage_s() - (self._down_before_s if self._was_up else 0.0)

    def _outage_s(self) -> float:
        """How long it was down, by the monotonic clock since this start."""
        running = self._clock.monotonic() - self._down_since if self._down_since is not None else 0.0
        return self._down_before_s + running

    def _down_before_start_s(self) -> float:
        """How long it was down before this start, by the wall. A restart while all was well is no outage."""
        return max(0.0, (self._clock.now() - (self._link.last_good_at or self._link.since)).total_seconds())

    def _set(self, link: Link, said: LogLine | None = None) -> None:
        if link == self._link and said is None:
            return
        self._link = link
        try:
            self._memory.set_link(link, said)
        except StoreError as problem:  # a full disk must not keep records from leaving it
            log.error("the state of the link was not written down: %s", problem.code)
        self._changed()


def _worth_a_word(lanes: list[LaneState]) -> list[LaneState]:
    """While packets go up, it is no trouble of the link that the next ones are announced at their turn."""
    if not any(lane.name is LaneName.UPLOADS and lane.condition is Condition.WORKING for lane in lanes):
        return lanes
    busy = (LaneName.MANIFESTS, Trouble.BUSY)
    return [lane for lane in lanes if lane.note is None or (lane.name, lane.note.trouble) != busy]


def _told_by(lane: LaneState) -> LinkState | None:
    """What the rest of one lane says of the link; None when it says nothing."""
    if lane.name not in _TELLING or lane.note is None:
        return None
    if lane.condition is Condition.HALTED:
        return LinkState.BLOCKED
    state = _RESTS.get(lane.note.trouble) if lane.condition is Condition.RESTING else None
    # That news come later is not worth a word about the link.
    return None if state is LinkState.BUSY and lane.name is LaneName.CHANGES else state
