"""Each lane in one plain sentence: what it does, or why it waits and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.ui import format as shown
from station.ui.lane_words import condition_label, lane_label, lane_sentence
from tests.support import TODAY

SOON = TODAY + timedelta(minutes=7)
LATER = TODAY + timedelta(minutes=3)
STATE = LaneState(LaneName.UPLOADS, Condition.RESTING, TODAY, note=Note(Trouble.BUSY), next_at=SOON)


@pytest.mark.parametrize("name", LaneName)
@pytest.mark.parametrize("condition", Condition)
def test_every_lane_says_one_sentence_about_everything_it_does(name: LaneName, condition: Condition) -> None:
    for note in (None, *(Note(trouble) for trouble in Trouble)):
        for next_at, until in ((None, None), (SOON, None), (SOON, LATER), (TODAY - timedelta(days=4000), None)):
            state = LaneState(name, condition, TODAY, note=note, next_at=next_at, until=until)
            said = lane_sentence(state, TODAY)
            assert said.endswith(".") and said.count(". ") == 0
            assert "{" not in said
    assert lane_label(name)
    assert condition_label(LaneState(name, condition, TODAY)).tone in ("ok", "warn", "bad", "off", "brand")


def test_a_rest_of_its_own_says_until_when_and_why() -> None:
    assert lane_sentence(STATE, TODAY) == f"Rests until {shown.clock(SOON)}: central is busy."


def test_a_wait_that_central_asked_for_says_that_nobody_here_can_shorten_it() -> None:
    said = lane_sentence(replace(STATE, until=LATER), TODAY)
    assert shown.clock(SOON) in said and "as central asks" in said and "nobody here" in said


def test_a_block_says_the_moment_that_central_named_and_otherwise_when_it_asks_again() -> None:
    halted = replace(STATE, condition=Condition.HALTED, note=Note(Trouble.BLOCKED), until=LATER)
    assert f"until {shown.clock(LATER)}" in lane_sentence(halted, TODAY)
    assert f"again at {shown.clock(SOON)}" in lane_sentence(replace(halted, until=None), TODAY)


def test_hours_say_when_they_open_and_a_metered_line_that_it_waits() -> None:
    closed = LaneState(LaneName.UPLOADS, Condition.CLOSED, TODAY, note=Note(Trouble.HOURS), next_at=SOON, until=SOON)
    assert lane_sentence(closed, TODAY) == f"Closed until {shown.clock(SOON)}: records are not sent at this hour."
    metered = LaneState(LaneName.UPLOADS, Condition.CLOSED, TODAY, note=Note(Trouble.METERED))
    assert lane_sentence(metered, TODAY) == "Waits: this line costs by the byte."


def test_another_day_is_named_and_a_moment_that_has_passed_is_not() -> None:
    tomorrow = TODAY + timedelta(days=1)
    day = f"{tomorrow.astimezone():%d-%m}"
    assert day in lane_sentence(replace(STATE, next_at=tomorrow), TODAY)
    assert lane_sentence(replace(STATE, next_at=TODAY - timedelta(days=3650)), TODAY).startswith("Tries again now")
