"""Where the hash chain of each person stands, over all devices of this station. Must not know who the person is."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from station.capture.sbi.chain import NOTHING

REMEMBERED = 16
"""So many people are captured by turns at most; of who is forgotten, the order tells what was kept last."""


class Chains:
    """Callable from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: OrderedDict[str, str] = OrderedDict()

    def last(self, subject: str) -> str:
        """The hash that the next capture of `subject` follows; nothing before the first, and for nobody."""
        with self._lock:
            return self._last.get(subject, NOTHING)

    def reached(self, subject: str, last: str) -> None:
        """The chain of `subject` goes on from here."""
        if not subject:
            return
        with self._lock:
            self._last[subject] = last
            self._last.move_to_end(subject)
            while len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
