"""Checking the audit trail line by line, and against heads that were signed: every place of damage, each located.

Reads rows as they are, whatever somebody has written there. Must not know who asks, nor any key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from station.domain.damage import Damage, Examined, Harm, Neighbour
from station.store.audit import chained
from station.wire import SignedAuditHead

TOLD_EVERY = 500
"""Lines between two words about how far it is."""
_SINCE = "FROM audit WHERE number >= :since"
_ROWS = text(f"SELECT number, at, operator_id, action, record_id, detail, hash {_SINCE} ORDER BY number")
_COUNT = text(f"SELECT count(*) {_SINCE}")
Progress = Callable[[int, int], None]


def examine(
    connection: Connection,
    heads: Sequence[SignedAuditHead] = (),
    *,
    since: int = 1,
    progress: Progress = lambda _done, _all: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Examined:
    """The whole trail, or its lines from `since` on, whose hash is then taken as it stands. `heads` were checked.

    `progress` is told lines done and lines in all.
    """
    total = int(connection.execute(_COUNT, {"since": since}).scalar_one())
    walk = _Walk(_by_number(heads), begun=since <= 1)
    for done, row in enumerate(connection.execute(_ROWS, {"since": since}), start=1):
        walk.take(row)
        if done % TOLD_EVERY == 0:
            progress(done, total)
            if stopped():
                return Examined(done, walk.last, len(heads), tuple(walk.damage), stopped=True)
    progress(total, total)
    walk.finish()
    return Examined(total, walk.last, len(heads), tuple(walk.damage))


@dataclass
class _Walk:
    """One way along the trail."""

    heads: Mapping[int, Sequence[SignedAuditHead]]
    begun: bool
    """The trail is read from its first line on."""
    last: Neighbour | None = None
    damage: list[Damage] = field(default_factory=list)
    _hash: str = ""
    _agreed: Neighbour | None = None
    """The last line of which a signed head says that it is as it was."""
    _rewritten: bool = False

    def take(self, row: Any) -> None:
        here = Neighbour(_number(row.number), _moment(row.at))
        expected = self.last.number + 1 if self.last else (1 if self.begun else here.number)
        if here.number > expected:
            # What the hash before was is not known: this line is believed as it stands.
            self.damage.append(Damage(Harm.MISSING, expected, here.number - 1, self.last, here))
        elif (self.last or self.begun) and row.hash != _hash_of(self._hash, row):
            self._edited(here)
        else:
            self._good(here)
        self._hold_against_head(here, row)
        self.last, self._hash = here, str(row.hash)

    def finish(self) -> None:
        """The end: does a signed head know of more?"""
        newest, end = max(self.heads, default=0), self.last.number if self.last else 0
        if newest > end:
            told = Neighbour(newest, self.heads[newest][-1].at)
            self.damage.append(Damage(Harm.CUT, end + 1, newest, self.last, told))

    def _edited(self, here: Neighbour) -> None:
        """Lines that were edited one after another are one place."""
        run = self.damage[-1] if self.damage else None
        if run is not None and run.harm is Harm.EDITED and run.last == here.number - 1:
            self.damage[-1] = replace(run, last=here.number)
        else:
            self.damage.append(Damage(Harm.EDITED, here.number, here.number, self.last))

    def _good(self, here: Neighbour) -> None:
        run = self.damage[-1] if self.damage else None
        if run is not None and run.harm is Harm.EDITED and run.last == here.number - 1:
            self.damage[-1] = replace(run, after=here)

    def _hold_against_head(self, here: Neighbour, row: Any) -> None:
        found = self.heads.get(here.number, ())
        other = next((head for head in found if head.hash != row.hash), None)
        if not found or self._rewritten:
            return
        if other is None:
            self._agreed = here
            return
        self._rewritten = True
        first = self._agreed.number + 1 if self._agreed else 1
        told = Neighbour(here.number, other.at)
        self.damage.append(Damage(Harm.REWRITTEN, first, here.number, self._agreed, told))


def _by_number(heads: Sequence[SignedAuditHead]) -> Mapping[int, Sequence[SignedAuditHead]]:
    found: dict[int, list[SignedAuditHead]] = {}
    for head in heads:
        found.setdefault(head.number, []).append(head)
    return found


def _hash_of(before: str, row: Any) -> str:
    """What the hash of this row should be; '' for a row that no program of ours wrote."""
    at = _moment(row.at)
    if at is None or at.tzinfo is None:
        return ""
    values = {"number": row.number, "at": at, "operator_id": row.operator_id}
    return chained(before, {**values, "action": row.action, "record_id": row.record_id}, str(row.detail))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
