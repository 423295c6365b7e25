"""Five outcomes of a delivery attempt, and which troubles are the link's and not the item's."""

from __future__ import annotations

from typing import get_args

import pytest

from station.domain.outcome import (
    LINK_TROUBLES,
    Accepted,
    Halted,
    Later,
    Note,
    Outcome,
    Parked,
    Reason,
    Rejected,
    Trouble,
)
from tests.support import TODAY

OF_THE_LINK = {"name", "proxy", "reset", "offline", "refused", "timeout", "stalled", "certificate", "portal"}


def test_an_attempt_can_mean_exactly_five_things() -> None:
    assert set(get_args(Outcome)) == {Accepted, Rejected, Later, Parked, Halted}


@pytest.mark.parametrize("trouble", list(Trouble))
def test_trouble_of_the_way_to_central_is_told_from_trouble_of_the_item(trouble: Trouble) -> None:
    later = Later(Note(trouble))
    assert later.link is (trouble.value in OF_THE_LINK)
    assert (trouble in LINK_TROUBLES) is later.link


def test_later_burns_no_attempt_and_has_no_floor_unless_told() -> None:
    later = Later(Note(Trouble.BUSY))
    assert (later.burns, later.floor_s) == (False, 0.0)


def test_outcomes_are_values() -> None:
    assert Accepted("t", "1", TODAY) == Accepted("t", "1", TODAY)
    assert Rejected((Reason("nik.day", "nik"),)) != Rejected((Reason("nik.day", "kk"),))
    assert Halted(Note(Trouble.BLOCKED)) == Halted(Note(Trouble.BLOCKED), until=None, message="")
    with pytest.raises(AttributeError):
        Parked(Note(Trouble.OUR_BUG)).note = Note(Trouble.BUSY)  # type: ignore[misc]
