"""The life of a record: every state with every move."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from station.domain.errors import RuleError
from station.domain.record import MOVES, NEXT_REVISION, Move, Record, RecordKey, State, after
from tests.support import TODAY

ALLOWED = {
    ("draft", "seal"): "sealed",
    ("draft", "withdraw"): "withdrawn",
    ("sealed", "recall"): "draft",
    ("sealed", "accept"): "accepted",
    ("sealed", "reject"): "rejected",
    ("accepted", "reject"): "rejected",
    ("rejected", "reopen"): "draft",
    ("sealed", "recapture"): "draft",
    ("accepted", "recapture"): "draft",
    ("draft", "return"): "sealed",
    ("sealed", "correct"): "draft",
    ("sealed", "void"): "withdrawn",
    ("rejected", "void"): "withdrawn",
}
"""The table once more, written by hand: a change of the life of a record has to be made in both places."""


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_a_move_leads_where_the_table_says_or_is_refused(state: State, move: Move) -> None:
    target = ALLOWED.get((state.value, move.value))
    if target is not None:
        assert after(state, move) is State(target)
        return
    with pytest.raises(RuleError) as refused:
        after(state, move)
    assert refused.value.code == "record.move"
    assert refused.value.data == {"state": state.value, "move": move.value}


def test_withdrawn_is_the_only_end_and_every_other_state_can_be_reached() -> None:
    assert set(State) - {state for state, _ in MOVES} == {State.WITHDRAWN}
    assert {State.DRAFT, *MOVES.values()} == set(State)


def test_every_way_back_to_a_draft_is_a_new_revision() -> None:
    back = {move for (_, move), target in MOVES.items() if target is State.DRAFT}
    assert back == NEXT_REVISION == {Move.RECALL, Move.REOPEN, Move.CORRECT, Move.RECAPTURE}


def test_a_record_knows_the_key_that_central_accepts_once() -> None:
    record = Record(
        record_id="01a1fc0b-e380-71fd-afd0-1bb720aff3dd",
        revision=2,
        state=State.DRAFT,
        registration_no="R-990101-01-20261121-0001-2",
        nik="",
        name="",
        village="",
        started_at=TODAY,
        sealed_at=None,
        changed_at=TODAY + timedelta(seconds=1),
    )
    assert record.key == RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 2)
    assert str(record.key) == "01a1fc0b-e380-71fd-afd0-1bb720aff3dd.2"
