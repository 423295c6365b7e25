"""Answers that were given and are not known to be on the disk: still on their way, or the disk did not take them.

Knows no desk and no widget.
"""

from __future__ import annotations

Place = tuple[str, str]
"""Record id and key of the field."""


class GivenAnswers:
    """Of each field the last one counts: an older one that comes to an end later is forgotten."""

    def __init__(self) -> None:
        self._last: dict[Place, str] = {}
        self._unstored: set[Place] = set()
        self._on_their_way = 0

    @property
    def moving(self) -> bool:
        """Something was given of which nothing has been heard."""
        return self._on_their_way > 0

    def unstored(self, record_id: str) -> dict[str, str]:
        """What could not be stored, by field, as it was typed."""
        return {key: self._last[record, key] for record, key in sorted(self._unstored) if record == record_id}

    def give(self, place: Place, raw: str) -> None:
        self._on_their_way += 1
        self._last[place] = raw
        self._unstored.discard(place)

    def kept(self, place: Place, raw: str) -> None:
        self._on_their_way -= 1
        if self._last.get(place) == raw:
            self._drop(place)

    def failed(self, place: Place) -> None:
        """The disk did not take it: it is given again later."""
        self._on_their_way -= 1
        if place in self._last:
            self._unstored.add(place)

    def refused(self, place: Place) -> None:
        """A no, which is not asked twice."""
        self._on_their_way -= 1
        self._drop(place)

    def forget(self) -> None:
        """Nobody is open any more."""
        self._last.clear()
        self._unstored.clear()

    def _drop(self, place: Place) -> None:
        self._last.pop(place, None)
        self._unstored.discard(place)
