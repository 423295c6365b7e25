"""The watchdog of a line: a dead radio link gives no error of its own, so somebody has to notice that nothing moves.

It judges by what central's side has acknowledged, as far as the system tells: a slow line that lives is left in peace.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Protocol


class Watched(Protocol):
    """What is watched. `written` counts the bytes that were handed over."""

    @property
    def written(self) -> int: ...

    def unacknowledged(self) -> int | None: ...

    def break_off(self) -> None: ...


@dataclass(frozen=True)
class Patience:
    """Seconds without a sign of life. A radio may pause for 15 of them, over a round trip of five."""

    stall_s: float = 22.0
    """While bytes are on the line."""
    blind_s: float = 60.0
    """The same where the system does not tell what was acknowledged."""
    answer_s: float = 30.0
    """After central has everything, until it answers."""
    look_s: float = 1.0


class Watchdog:
    """Breaks the line off when nothing has moved for too long; `barked` says that it did."""

    def __init__(self, line: Watched, patience: Patience) -> None:
        self._line = line
        self._patience = patience
        self._alive_at = monotonic()
        self._arrived = 0
        self._handed_over = False
        self._done = Event()
        self.barked = False

    def __enter__(self) -> Watchdog:
        self._alive_at = monotonic()
        self._arrived = self._line.written - (self._line.unacknowledged() or 0)
        Thread(target=self._watch, name="watchdog", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def piece_taken(self) -> None:
        """The line has taken more, or was given nothing on purpose: where nothing better is known, a sign of life."""
        if self._line.unacknowledged() is None:
            self._alive_at = monotonic()

    def handed_over(self) -> None:
        """From here on only an answer is waited for."""
        self._handed_over = True
        self._alive_at = monotonic()

    def _watch(self) -> None:
        while not self._done.wait(self._patience.look_s):
            if monotonic() - self._alive_at >= self._limit_s():
                self.barked = True
                self._line.break_off()
                return

    def _limit_s(self) -> float:
        """How long the line may be silent now; a sign of life seen here counts."""
        waiting = self._line.unacknowledged()
        if waiting is None:
            return self._patience.blind_s
        arrived = self._line.written - waiting
        if arrived > self._arrived or (waiting == 0 and not self._handed_over):
            self._arrived, self._alive_at = max(arrived, self._arrived), monotonic()
        return self._patience.answer_s if waiting == 0 else self._patience.stall_s
