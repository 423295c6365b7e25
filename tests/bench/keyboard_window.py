"""The real window of a training station: somebody on the target list, from NIK to seal, with keys alone.

Prints, for each turn, how many keys it took and how long the program worked after each of them. Beside it the same
keys in a window with nothing but a text field.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, perf_counter, sleep

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from station.desk import rosters
from station.domain.biometrics import Capture, Part
from station.domain.steps import Step
from station.training.people import PEOPLE, Person
from station.ui.screens.capture import CaptureScreen
from tests.bench.busy_window import rest
from tests.bench.people import captures
from tests.end2end.window import Operator, window_of
from tests.support import APPROVED

NAMES = (
    "BUDI SANTOSO CONTOH",
    "SITI AMINAH CONTOH",
    "KADEK DWI UJI LESTARI",
    "MARIA GORETI CONTOH",
    "WAYAN CONTOH",
    "AHMAD FAUZI CONTOH",
)
"""On the list of training, and nothing about them has to be confirmed."""
WORN = "Jari aus"
_LONGEST_S = 20.0
_LOOK_S = 0.0005
_GAP_S = 0.05
"""Slower than any scanner: otherwise the line would take the digits for a scan and wait for its end."""

STEPS = tuple(Step)


class Typist:
    """Presses a key and works the window until it is ready for the next one; `taken` are the seconds of each."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def press(self, key: Qt.Key, ready: Callable[[], bool], what: str) -> None:
        started = perf_counter()
        focused = QApplication.focusWidget()
        assert focused is not None, f"nothing has the keyboard before {what}"
        QTest.keyClick(focused, key)
        _work_until(ready, what)
        self.taken.append(perf_counter() - started)
        rest(_GAP_S)


def record(operator: Operator, person: Person, parts: tuple[Capture, ...]) -> list[float]:
    """Record `person`; the desk is given what the devices would have taken. Seconds of every key press."""
    screen, typist = operator._screen(), Typist()
    tasks = operator.app.context.tasks
    finder = screen.bench.applicant.finder
    for place, digit in enumerate(person.nik, 1):
        typist.press(Qt.Key(ord(digit)), lambda n=place: _typed(finder.value, n) and tasks.idle, "a digit")  # type: ignore[misc]
    typist.press(Qt.Key.Key_Return, lambda: screen.step is Step.BIODATA and tasks.idle, "the form")
    typist.press(Qt.Key.Key_Return, lambda: screen.step is Step.PHOTO and tasks.idle, "the photo")
    screen.session.keep([item for item in parts if item.part is not Part.SIGNATURE])
    screen.session.approve(APPROVED, next(item for item in parts if item.part is Part.SIGNATURE))
    _work_until(lambda: _has_all(screen, parts) and tasks.idle, "the captures")
    for finding in operator.draft.open_warnings:
        screen.session.confirm(finding.field, finding.code, WORN)
    _work_until(lambda: not operator.draft.open_warnings and tasks.idle, "the reasons")
    for step in STEPS[STEPS.index(Step.FINGERS) :]:
        typist.press(Qt.Key.Key_Return, lambda step=step: screen.step is step and tasks.idle, step.value)  # type: ignore[misc]
    _work_until(lambda: screen.bench.review.complete and tasks.idle, "the review")
    typist.press(Qt.Key.Key_Return, lambda: screen.bench.shows_sealed, "the seal")
    taken = typist.taken
    Typist().press(Qt.Key.Key_Return, lambda: screen.step is Step.APPLICANT and tasks.idle, "the next person")
    return taken


def type_bare(keys: int) -> list[float]:
    """As many keys into a text field that does nothing with them."""
    window, entry, typist = QWidget(), QLineEdit(), Typist()
    QVBoxLayout(window).addWidget(entry)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    entry.setFocus()
    _work_until(entry.hasFocus, "the keyboard in the field")
    for number in range(1, keys + 1):
        typist.press(Qt.Key.Key_1, lambda n=number: _typed(entry.text(), n), "a digit")  # type: ignore[misc]
    window.close()
    return typist.taken


def _typed(text: str, digits: int) -> bool:
    return len(text) == digits


def _has_all(screen: CaptureScreen, parts: tuple[Capture, ...]) -> bool:
    draft = screen.session.draft
    return draft is not None and len(draft.captures) == len(parts)


def _work_until(ready: Callable[[], bool], what: str) -> None:
    """Let the window work, and paint, until it is `ready`."""
    deadline = monotonic() + _LONGEST_S
    QCoreApplication.processEvents()
    while not ready():
        if monotonic() > deadline:
            raise SystemExit(f"the window never reached: {what}")
        sleep(_LOOK_S)
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()


def _listed(operator: Operator) -> bool:
    return rosters.person(operator.office, PEOPLE[0].nik) is not None and not operator.app.context.librarian.busy


def main() -> None:
    # Without minutiae nothing has to be verified at the end: that would take a device, not keys. And everybody may have
    # the same fingers.
    parts = tuple(replace(item, template=b"") for item in captures())
    turns = int(sys.argv[2])
    found, bare = [], []
    with window_of(Path(sys.argv[1])) as operator:
        operator.sign_in()
        operator.player.wait_until(lambda: _listed(operator), "the list is here")
        operator.player.click("cable.switch")
        for name in NAMES[: turns + 1]:
            person = next(person for person in PEOPLE if person.answers["name"] == name)
            operator._training.seat(person.nik)  # who sits there already is not drawn while it is measured
            operator.app.window.activateWindow()
            line = operator.player.find("applicant.nik", QLineEdit)
            line.setFocus()
            _work_until(line.hasFocus, "the keyboard in the line")
            found.append(record(operator, person, parts))
            bare.append(type_bare(len(found[-1])))
    print(json.dumps({"taken_s": found[1:], "bare_s": bare[1:]}))


if __name__ == "__main__":
    main()
