"""Answers that were given and are not known to be on the disk: still on their way, or the disk did not take them.

Knows no desk and no widget.
"""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str, str]
"""Record id and key of the field."""


@dataclass(frozen=True)
class Given:
    """One answer; the last one with the highest `number`."""

    place: Place
    raw: str
    number: int


class GivenAnswers:
    """Of each field the last answer counts: what becomes of an older one changes nothing."""

    def __init__(self) -> None:
        self._last: dict[Place, Given] = {}
        self._unstored: set[Place] = set()
        self._on_their_way = self._number = 0
        self.refusals = 0
        """How often the desk has said no."""

    @property
    def moving(self) -> bool:
        """Something was given of which nothing has been heard."""
        return self._on_their_way > 0

    def last(self, place: Place) -> str | None:
        """What was given and may not be on the disk; None when there is nothing."""
        return self._last[place].raw if place in self._last else None

    def unstored(self, record_id: str) -> dict[str, str]:
        """What could not be stored, by field, as it was typed."""
        return {key: self._last[record, key].raw for record, key in sorted(self._unstored) if record == record_id}

    def give(self, place: Place, raw: str) -> Given:
        self._on_their_way += 1
        self._number += 1
        self._last[place] = given = Given(place, raw, self._number)
        self._unstored.discard(place)
        return given

    def kept(self, given: Given) -> None:
        self._on_their_way -= 1
        self._drop(given)

    def failed(self, given: Given) -> None:
        """The disk did not take it: it is given again later."""
        self._on_their_way -= 1
        if self._last.get(given.place) == given:
            self._unstored.add(given.place)

    def refused(self, given: Given) -> None:
        """A no, which is not asked twice."""
        self._on_their_way -= 1
        self.refusals += 1
        self._drop(given)

    def forget(self) -> None:
        """Nobody is open any more."""
        self._last.clear()
        self._unstored.clear()

    def _drop(self, given: Given) -> None:
        if self._last.get(given.place) == given:
            del self._last[given.place]
            self._unstored.discard(given.place)
