"""What is kept of the person who sits here, also what the desk is still writing. Knows no device and no widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.domain.biometrics import CAPTURE_FIELD, Capture, Part, Rank
from station.domain.draft import Draft
from station.domain.policy import STANDARD, Policy
from station.domain.tries import counted, is_weak, takes_the_place


@dataclass(frozen=True)
class _Best:
    """The best of the tries of one part."""

    rank: Rank
    tries: int
    remarks: tuple[str, ...]


class Kept:
    """A part is kept, excepted or open. What is weak is kept and open: it is asked for once more."""

    def __init__(self) -> None:
        self.policy: Policy = STANDARD
        self._stored: dict[Part, _Best] = {}
        self._expected: dict[Part, _Best] = {}
        self._excepted: frozenset[Part] = frozenset()
        self._reasons: frozenset[str] = frozenset()

    def show_draft(self, draft: Draft) -> None:
        """What is on the disk now."""
        self.policy = draft.policy
        self._stored = {part: _Best(card.rank, card.attempts, card.remarks) for part, card in draft.captures.items()}
        self._excepted = frozenset(item.part for item in draft.exceptions)
        stays = (CAPTURE_FIELD + part.value for part in draft.closed)
        self._reasons = frozenset((*(item.field for item in draft.confirmed), *stays))
        self.lose(self._excepted)  # nobody waits for it any more, whatever became of it
        for part, best in self._stored.items():
            if self._expected.get(part) == best:
                del self._expected[part]

    def expect(self, captures: Iterable[Capture]) -> tuple[Capture, ...]:
        """The desk was asked to keep these; those that are no better than what is there, which stays."""
        worse = []
        for item in captures:
            before = self._best(item.part)
            tries = counted(before.tries if before else 0, self.policy)
            if before is None or takes_the_place(item.part, item.rank, before.rank):
                self._expected[item.part] = _Best(item.rank, tries, item.remarks)
            else:
                self._expected[item.part] = _Best(before.rank, tries, before.remarks)
                worse.append(item)
        return tuple(worse)

    def lose(self, parts: Iterable[Part] | None = None) -> None:
        """The desk did not keep what was asked, of these parts or of any."""
        for part in tuple(self._expected) if parts is None else parts:
            self._expected.pop(part, None)

    def quality(self, part: Part) -> int | None:
        """None when nothing is kept of `part`."""
        best = self._best(part)
        return best.rank[1] if best else None

    def remarks(self, part: Part) -> tuple[str, ...]:
        """What was said against it."""
        best = self._best(part)
        return best.remarks if best else ()

    def attempt(self, targets: Iterable[Part]) -> int:
        """The number of the next try for `targets`, at most the last."""
        tries = (best.tries for part in targets if (best := self._best(part)) is not None)
        return counted(max(tries, default=0), self.policy)

    def is_weak(self, part: Part) -> bool:
        """Below the floor with tries left, and nobody gave a reason to leave it so."""
        best = self._best(part)
        if best is None or (part not in self._expected and CAPTURE_FIELD + part.value in self._reasons):
            return False
        return is_weak(part, best.rank[1], best.tries, self.policy)

    def weak(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(part for part in parts if self.is_weak(part))

    def is_excepted(self, part: Part) -> bool:
        """It cannot be captured of this person, and that was approved."""
        return part in self._excepted

    def is_open(self, part: Part) -> bool:
        """Still to be captured."""
        return not self.is_excepted(part) and (self._best(part) is None or self.is_weak(part))

    def _best(self, part: Part) -> _Best | None:
        return self._expected.get(part, self._stored.get(part))
