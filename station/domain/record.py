"""The life of a record: its states, and the only moves between them.

Delivery is not part of it. *Queued, sending, failed* are facts of the outbox; *print ready* is what central last said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.errors import RuleError


class State(StrEnum):
    """Where a record stands at this station."""

    DRAFT = "draft"
    SEALED = "sealed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a record."""

    SEAL = "seal"  # operator: everything checked or excepted
    WITHDRAW = "withdraw"  # operator, with a reason
    RECALL = "recall"  # operator: only while never offered to central; next revision
    ACCEPT = "accept"  # central: a receipt that verifies
    REJECT = "reject"  # central: with reasons
    REOPEN = "reopen"  # operator: corrects what central refused; next revision
    RECAPTURE = "recapture"  # operator: the person came again for what could not be captured; next revision
    CORRECT = "correct"  # operator: corrects what is on hold and central does not have; next revision
    VOID = "void"  # two officers: what is on hold or was refused shall never be sent
    RETURN = "return"  # operator: nothing came of that; the record is what it was, under its earlier revision


MOVES: dict[tuple[State, Move], State] = {
    (State.DRAFT, Move.SEAL): State.SEALED,
    (State.DRAFT, Move.WITHDRAW): State.WITHDRAWN,
    (State.SEALED, Move.RECALL): State.DRAFT,
    (State.SEALED, Move.ACCEPT): State.ACCEPTED,
    (State.SEALED, Move.REJECT): State.REJECTED,
    # Central may find a broken hard rule after it has signed the receipt: `record.refused` in the change feed.
    (State.ACCEPTED, Move.REJECT): State.REJECTED,
    (State.REJECTED, Move.REOPEN): State.DRAFT,
    (State.SEALED, Move.CORRECT): State.DRAFT,
    # Only of a packet that central does not have; the file stays.
    (State.SEALED, Move.VOID): State.WITHDRAWN,
    (State.REJECTED, Move.VOID): State.WITHDRAWN,
    # What was sealed before stays sealed and goes its own way: the next revision adds to it.
    (State.SEALED, Move.RECAPTURE): State.DRAFT,
    (State.ACCEPTED, Move.RECAPTURE): State.DRAFT,
    (State.DRAFT, Move.RETURN): State.SEALED,
}

NEXT_REVISION = frozenset({Move.RECALL, Move.REOPEN, Move.CORRECT, Move.RECAPTURE})
"""Moves that lead back to a draft with the next revision: a sealed packet is never changed."""


@dataclass(frozen=True)
class RecordKey:
    """What central accepts once, for ever."""

    record_id: str
    revision: int

    def __str__(self) -> str:
        return f"{self.record_id}.{self.revision}"


@dataclass(frozen=True)
class Record:
    """One person's recording as this station knows it. `answers` are the form's values, see form.py."""

    record_id: str
    revision: int
    state: State
    registration_no: str
    nik: str
    name: str
    village: str
    started_at: datetime
    sealed_at: datetime | None
    changed_at: datetime

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.record_id, self.revision)


def after(state: State, move: Move) -> State:
    """The state after `move`; RuleError `record.move` when the table does not allow it."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise RuleError("record.move", state=state.value, move=move.value) from None
