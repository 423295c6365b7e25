"""The real window, devices that speak SBI, whole records by keyboard: how long somebody waits for each key.

Central and the simulator run elsewhere, so what is measured is the station alone. Prints every wait in milliseconds.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station.domain.form import Kind, field_of
from station.domain.steps import Step
from station.training.demo import cast
from station.training.drawing.signatures import signature
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import Person
from station.ui.widgets.signature_pad import SignaturePad
from tests.bench.busy_window import rest, wait_for
from tests.bench.keyboard_window import _work_until
from tests.end2end.window import CAPTURES, Operator, leave_no_trace
from tests.simulated import Elsewhere

_ALT, _PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
_PAUSE_S = 0.05
"""A quick typist; what the program does after a key must be done by then, or the next key waits for it too."""
_TYPED = 12
"""Letters of each field that are timed: a long street teaches nothing more than a short one."""
STEPS = tuple(Step)


class Waits:
    """Milliseconds from a key until the window shows what it does, by kind of key."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = defaultdict(list)

    def press(
        self, kind: str, key: Qt.Key, shown: Callable[[], bool], what: str, modifier: Qt.KeyboardModifier = _PLAIN
    ) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None, f"nothing has the keyboard before {what}"
        began = perf_counter()
        QTest.keyClick(focused, key, modifier)
        _work_until(shown, what)
        self.found[kind].append((perf_counter() - began) * 1000)
        rest(_PAUSE_S)


def record(operator: Operator, person: Person, waits: Waits) -> None:
    """`person` from the first digit of their NIK until the window says that they are sealed."""
    screen, player = operator._screen(), operator.player
    line = screen.bench.applicant.finder
    player.find("applicant.nik").setFocus()
    for place, digit in enumerate(person.nik, 1):
        waits.press("key", Qt.Key(ord(digit)), lambda n=place: len(line.value) == n, "a digit")  # type: ignore[misc]
    rest(0.5)
    waits.press("begin", Qt.Key.Key_Return, lambda: screen.step is Step.BIODATA and player.sees("form.name"), "form")
    _fill_in(operator, person, waits)
    for step in CAPTURES:
        _go_on(operator, step, waits)
        operator._capture(step)
    _go_on(operator, Step.SIGNATURE, waits)
    player.sign(player.find("step.signature.pad", SignaturePad), signature(person.seed))
    player.press(Qt.Key.Key_Space)
    player.wait_until(lambda: operator.draft.done(Step.SIGNATURE), "the signature is stored")
    for step in (Step.DOCUMENTS, Step.REVIEW):
        _go_on(operator, step, waits)
    for step in (*STEPS, *reversed(STEPS[:-1]), Step.REVIEW):  # with everything there, forth and back
        if step is not screen.step:
            key = Qt.Key(Qt.Key.Key_1.value + STEPS.index(step))
            waits.press("step", key, lambda step=step: _shows(operator, step), step.value, _ALT)  # type: ignore[misc]
            rest(0.3)
    operator._verify()
    player.wait_until(lambda: screen.bench.review.complete, "everything is complete")
    player.find("capture.next").setFocus()
    waits.press("save", Qt.Key.Key_Return, lambda: player.sees("sealed.next"), "the seal")
    waits.press("next", Qt.Key.Key_Return, lambda: player.sees("applicant.nik"), "the next person")


def _fill_in(operator: Operator, person: Person, waits: Waits) -> None:
    """One letter after another; then what is only unusual is confirmed."""
    player = operator.player
    for key, value in person.answers.items():
        if operator.draft.answers.get(key) == value or not player.sees(f"form.{key}"):
            continue
        player.find(f"form.{key}").setFocus(Qt.FocusReason.TabFocusReason)
        player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        typed = f"{value[8:10]}{value[5:7]}{value[:4]}" if field_of(key).kind is Kind.DATE else value
        for letter in typed[:_TYPED]:
            waits.press("key", Qt.Key(ord(letter.upper())), lambda: True, key)
        player.type(typed[_TYPED:])
        player.enter()
    player.wait_until(lambda: not operator._draft_errors(), "every answer is stored")
    operator._confirm_warnings()


def _go_on(operator: Operator, step: Step, waits: Waits) -> None:
    if operator.step is step:
        return
    operator.player.find("capture.next").setFocus()
    waits.press("step", Qt.Key.Key_Return, lambda: _shows(operator, step), step.value)


def _shows(operator: Operator, step: Step) -> bool:
    screen = operator._screen()
    page: QWidget = screen.bench.pages[step]
    return screen.step is step and page.isVisible()


def sign_in(operator: Operator, waits: Waits) -> None:
    """The password typed, Enter; the start page is painted."""
    player = operator.player
    wait_for(lambda: operator.app.window.unpacked, "what the screens are made of is loaded")
    player.type(PASSWORD, into="signin.password")
    waits.press("signin", Qt.Key.Key_Return, lambda: player.sees("applicant.nik"), "the start page")


@contextmanager
def operator_at(folder: Path, url: str, code: str, simulator: Elsewhere) -> Iterator[Operator]:
    """As a station has it, the price of trying a password too."""
    training = TrainingMode(folder / "data", central=(url, code), simulator=simulator)
    try:
        operator = Operator(training, folder / "pictures")
        try:
            yield operator
        finally:
            operator.leave()
    finally:
        training.close()
        leave_no_trace()


def main() -> None:
    folder, url, code, port, trust, turns = sys.argv[1:]
    people, waits = cast(int(turns) + 1), Waits()
    with operator_at(Path(folder), url, code, Elsewhere(int(port), Path(trust))) as operator:
        operator.app.window.activateWindow()
        for person in people:
            operator._training.expect(person)
        for number, person in enumerate(people):
            if number == 1:
                waits.found.clear()  # the first one loads what the others find
            sign_in(operator, waits)
            record(operator, person, waits)
            operator.app.window.sign_out()
    print(json.dumps(waits.found))


if __name__ == "__main__":
    main()
