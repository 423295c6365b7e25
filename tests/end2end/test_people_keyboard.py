"""A person on the target list is recorded with at most 25 key presses, from the first digit of the NIK to the seal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt

from station.domain.steps import Step
from station.training.player import Player
from tests.end2end.listed import await_listed, cast_member, keep_captures
from tests.end2end.window import Operator, window_of

MOST_PRESSES = 25
NO_KEYS = Qt.KeyboardModifier.NoModifier

STEPS = tuple(Step)


class CountingPlayer(Player):
    """Counts what its hands do: every key that goes down, and every click."""

    def __init__(self, operator: Operator, pictures: Path) -> None:
        super().__init__(operator.app.window, pictures)
        self.presses: Counter[str] = Counter()
        self.clicks = 0

    def click(self, name: str) -> None:
        self.clicks += 1
        super().click(name)

    def type(self, text: str, *, into: str = "") -> None:
        assert not into, "a person has to go to a field with keys"
        self.presses.update(text)
        super().type(text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.presses[key.name] += 1
        if modifier is not NO_KEYS:
            self.presses[modifier.name or ""] += 1
        super().press(key, modifier)


def test_a_person_on_the_list_takes_no_more_than_twenty_five_key_presses(tmp_path: Path) -> None:
    person = cast_member("SITI AMINAH CONTOH")
    with window_of(tmp_path) as operator:
        operator.sign_in()
        await_listed(operator, person)
        player = operator.player = CountingPlayer(operator, tmp_path / "pictures")
        number = _record(operator, person.nik)
        assert player.presses.total() <= MOST_PRESSES, player.presses
        assert player.clicks == 0
        (item,) = operator.packets()
        assert operator.depot.packets.read(item.key)
        assert operator.read("sealed.number") == number
        player.enter()
        assert operator.app.window.focusWidget() is player.find("applicant.nik")


def _record(operator: Operator, nik: str) -> str:
    """Keys only, as they come; the devices are served by the desk. The registration number."""
    player = operator.player
    player.type(nik)
    player.enter()
    player.wait_until(lambda: operator.step is Step.BIODATA, "the form is open")
    player.enter()
    player.wait_until(lambda: operator.step is Step.PHOTO, "Enter has gone on to the photo")
    keep_captures(operator)
    for step in STEPS[STEPS.index(Step.FINGERS) :]:
        player.enter()
        player.wait_until(lambda step=step: operator.step is step, f"Enter has gone on to {step.value}")  # type: ignore[misc]
    number = operator.draft.record.registration_no
    player.wait_until(lambda: operator._screen().bench.review.complete, "everything can be read")
    player.enter()
    player.find("sealed.next")
    return number
