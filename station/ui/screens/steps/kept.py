"""What is kept of the person who sits here, also what the desk is still writing. Knows no device and no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from station.domain.biometrics import Capture, Part
from station.domain.draft import CaptureCard, Draft


class Kept:
    """A part is kept, excepted or open."""

    def __init__(self) -> None:
        self._cards: Mapping[Part, CaptureCard] = {}
        self._excepted: frozenset[Part] = frozenset()
        self._expected: dict[Part, int] = {}

    def show_draft(self, draft: Draft) -> None:
        """What is on the disk now."""
        self._cards = draft.captures
        self._excepted = frozenset(item.part for item in draft.exceptions)
        for part, card in draft.captures.items():
            if self._expected.get(part) == card.quality:
                del self._expected[part]

    def expect(self, captures: Iterable[Capture]) -> None:
        """The desk was asked to keep these."""
        self._expected.update((item.part, item.quality) for item in captures)

    def lose(self, parts: Iterable[Part] | None = None) -> None:
        """The desk did not keep what was asked, of these parts or of any."""
        for part in tuple(self._expected) if parts is None else parts:
            self._expected.pop(part, None)

    def quality(self, part: Part) -> int | None:
        """None when nothing is kept of `part`."""
        card = self._cards.get(part)
        return self._expected.get(part, card.quality if card else None)

    def is_excepted(self, part: Part) -> bool:
        """It cannot be captured of this person, and that was approved."""
        return part in self._excepted

    def is_open(self, part: Part) -> bool:
        """Still to be captured."""
        return self.quality(part) is None and not self.is_excepted(part)
