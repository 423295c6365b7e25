"""What the way to central is like, and when to try again. Only a verified hello makes it good.

The operating system's opinion about the network may wake a probe; it is never believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from station.domain.delivery import Link, LinkState
from station.domain.outcome import Halted, Later, Trouble
from station.domain.ports import Clock
from station.store.memory import Memory
from station.sync.backoff import LONG_OUTAGE_S, floor_wait_s, probe_wait_s

_STATES = {
    Trouble.OFFLINE: LinkState.OFFLINE,
    Trouble.PORTAL: LinkState.PORTAL,
    Trouble.CERTIFICATE: LinkState.CERTIFICATE,
    Trouble.MAINTENANCE: LinkState.MAINTENANCE,
}


RESTING = (LinkState.BLOCKED, LinkState.BUSY)
"""Central is there; a lane waits because central asked for it."""


class LinkMonitor:
    """The link as this engine knows it. Waits are monotonic: a wall clock that jumps neither stalls nor hurries."""

    def __init__(self, memory: Memory, clock: Clock, changed: Callable[[], None]) -> None:
        self._memory = memory
        self._clock = clock
        self._changed = changed
        self._link = memory.link or Link(LinkState.UNKNOWN, since=clock.now())
        self._next_probe = clock.monotonic()
        self._down_since: float | None = clock.monotonic()
        self._down_before_s = self._down_before_start_s()
        self._halted_until = clock.monotonic()
        self.good = False

    @property
    def link(self) -> Link:
        return self._link

    def due_in_s(self) -> float:
        """Seconds until the next probe; 0 when it is due."""
        return max(0.0, self._next_probe - self._clock.monotonic())

    def wake(self) -> None:
        """Probe at once: a person asked, or the operating system saw a change."""
        self._next_probe = self._clock.monotonic()

    def verified(self) -> bool:
        """A hello verified. True when the link comes back from an outage long enough to spread traffic after."""
        now = self._clock.now()
        was_down = self._down_since is not None and self._link.state is not LinkState.UNKNOWN
        long_outage = was_down and self._outage_s() > LONG_OUTAGE_S
        self.good, self._down_since, self._down_before_s = True, None, 0.0
        if self._link.state in RESTING and self._clock.monotonic() < self._halted_until:
            self._set(replace(self._link, last_good_at=now))  # central is there, and still will not take anything
        else:
            self._show_good()
        return long_outage

    def taken_again(self) -> None:
        """Central took something of a station it would not have."""
        self._show_good()

    def failed(self, outcome: Later) -> None:
        """The way to central failed, or central cannot serve anybody now."""
        tries = self._link.tries + 1 if self._link.state is not LinkState.GOOD else 1
        wait_s = max(probe_wait_s(tries), floor_wait_s(outcome.floor_s))
        state = _STATES.get(outcome.note.trouble, LinkState.CENTRAL_DOWN)
        until = self._clock.now() + timedelta(seconds=outcome.floor_s) if outcome.floor_s else None
        self._down(state, outcome.note.trouble, tries, wait_s, until, outcome.note.detail)

    def halted(self, outcome: Halted, wait_s: float) -> None:
        """Central is there and will not have this station now. Shown; the lanes rest by themselves."""
        now = self._clock.now()
        self._halted_until = self._clock.monotonic() + wait_s
        self._set(
            replace(
                self._since(LinkState.BLOCKED, outcome.note.trouble),
                next_try_at=now + timedelta(seconds=wait_s),
                until=outcome.until,
                message=outcome.message,
            )
        )

    def busy(self, outcome: Later, wait_s: float) -> None:
        """Central is there and asks a lane to wait: shown, while the other lanes go on."""
        self._halted_until = self._clock.monotonic() + wait_s
        next_try_at = self._clock.now() + timedelta(seconds=wait_s)
        self._set(replace(self._since(LinkState.BUSY, outcome.note.trouble), next_try_at=next_try_at))

    def _down(
        self, state: LinkState, trouble: Trouble, tries: int, wait_s: float, until: datetime | None, detail: str
    ) -> None:
        self.good = False
        if self._down_since is None:
            self._down_since = self._clock.monotonic()
        self._next_probe = self._clock.monotonic() + wait_s
        self._set(
            replace(
                self._since(state, trouble),
                tries=tries,
                next_try_at=self._clock.now() + timedelta(seconds=wait_s),
                until=until,
                message=detail if state is LinkState.MAINTENANCE else "",
            )
        )

    def _since(self, state: LinkState, trouble: Trouble) -> Link:
        since = self._link.since if self._link.state is state else self._clock.now()
        return Link(state, since=since, reason=trouble, last_good_at=self._link.last_good_at)

    def _show_good(self) -> None:
        now = self._clock.now()
        since = self._link.since if self._link.state is LinkState.GOOD else now
        self._set(Link(LinkState.GOOD, since=since, last_good_at=now))

    def _outage_s(self) -> float:
        """How long it was down, by the monotonic clock since this start."""
        running = self._clock.monotonic() - self._down_since if self._down_since is not None else 0.0
        return self._down_before_s + running

    def _down_before_start_s(self) -> float:
        """How long it was down before this start, by the wall. A restart while all was well is no outage."""
        return max(0.0, (self._clock.now() - (self._link.last_good_at or self._link.since)).total_seconds())

    def _set(self, link: Link) -> None:
        if link != self._link:
            self._link = link
            self._memory.set_link(link)
            self._changed()
