"""Who is using one database file at this moment, and under which key: so that one of them can have it alone.

Shared by everybody in this process who opened the same file. Knows no SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from weakref import WeakSet

from station.domain.errors import StoreError

_ALONE_S = 10.0
_OUTSIDE_S = 300.0


class Gate:
    """`entered` for everybody, `alone` for one. `let_go` of each is called before somebody is alone."""

    def __init__(self, key: bytes | None) -> None:
        self.key = key
        self.users: WeakSet[GateUser] = WeakSet()
        self._turn = Condition()
        self._inside = 0
        self._taken = False

    @contextmanager
    def entered(self, check: Callable[[], None]) -> Iterator[None]:
        """Waits while somebody is alone, then calls `check`. StoreError `store.busy` when that takes for ever."""
        with self._turn:
            free = self._turn.wait_for(lambda: not self._taken, _OUTSIDE_S)
            check()
            if not free:
                raise StoreError("store.busy")
            self._inside += 1
        try:
            yield
        finally:
            with self._turn:
                self._inside -= 1
                self._turn.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody is inside and nobody comes in. StoreError `store.busy` when somebody does not finish in time."""
        with self._turn:
            if not self._turn.wait_for(lambda: not self._inside and not self._taken, _ALONE_S):
                raise StoreError("store.busy")
            self._taken = True
        try:
            for user in tuple(self.users):
                user.let_go()
            yield
        finally:
            with self._turn:
                self._taken = False
                self._turn.notify_all()


class GateUser:
    """One who opened the file."""

    def let_go(self) -> None:
        """Keep no connection open."""
        raise NotImplementedError
