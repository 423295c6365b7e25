"""Tells a barcode scanner, which types like a keyboard, from fingers: by how fast characters come. Knows no widget."""

from __future__ import annotations

GAP_MS = 35
"""Nobody types two characters in a row this fast, again and again."""
LEAST = 8
"""Characters in a row that make it a scanner."""
LONGEST = 4096
"""More is not kept; a payload that long is refused anyway."""


class Wedge:
    """Collects what comes in one burst. Times are milliseconds of the input system; 0 means that it gave none."""

    def __init__(self) -> None:
        self._typed: list[str] = []
        self._last_ms = 0

    def type(self, text: str, at_ms: int) -> None:
        """A character arrived."""
        if not at_ms or not self._last_ms or at_ms - self._last_ms > GAP_MS:
            self._typed.clear()
        self._last_ms = at_ms
        if len(self._typed) < LONGEST:
            self._typed.append(text)

    def finish(self, at_ms: int) -> bool:
        """Enter or Tab arrived: True when it ends a burst, whose characters are then in `payload`."""
        quick = bool(at_ms) and bool(self._last_ms) and at_ms - self._last_ms <= GAP_MS
        self._last_ms = at_ms
        if not quick or len(self._typed) < LEAST:
            self._typed.clear()
        return bool(self._typed)

    def add(self, text: str) -> None:
        """Something more of the burst that has just ended: its suffix, or the next line of a longer payload."""
        if len(self._typed) < LONGEST:
            self._typed.append(text)

    @property
    def payload(self) -> str:
        return "".join(self._typed)
