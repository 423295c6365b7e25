"""Whole captures through the real window and the devices of training. Prints how long the window stood still."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt

from station.domain.steps import Step
from station.training.demo import cast
from station.training.drawing.signatures import signature
from station.training.people import Person
from station.ui.widgets.signature_pad import SignaturePad
from tests.bench.busy_window import rest
from tests.bench.gaps import Gaps
from tests.bench.hands import Hands
from tests.end2end.window import CAPTURES, Operator, window_of


def capture(operator: Operator, person: Person) -> dict[str, object]:
    """`person` from the first digit of their NIK until the window says that they are sealed."""
    hands, written = operator.player, signature(person.seed)
    began, gaps = monotonic(), Gaps()
    operator.begin(person)
    operator._fill_in(person, shown=False)
    for step in CAPTURES:
        operator._go_on(step)
        operator._capture(step)
    operator._go_on(Step.SIGNATURE)
    hands.sign(hands.find("step.signature.pad", SignaturePad), written)
    hands.press(Qt.Key.Key_Space)
    hands.wait_until(lambda: operator.draft.done(Step.SIGNATURE), "the signature is stored")
    operator._go_on(Step.DOCUMENTS)
    operator._go_on(Step.REVIEW)
    operator._verify()
    hands.wait_until(lambda: operator._screen().bench.review.complete, "everything is complete")
    hands.click("capture.next")
    hands.find("sealed.next")
    found, seconds = gaps.stop(), monotonic() - began
    hands.enter()
    hands.find("applicant.nik")
    idle = Gaps()
    rest(seconds)
    return {"capturing": found, "idle": idle.stop(), "seconds": seconds}


def main() -> None:
    folder, turns = Path(sys.argv[1]), int(sys.argv[2])
    people = cast(turns + 1)
    parts = []
    with window_of(folder) as operator:
        operator.sign_in()
        operator.player = Hands(operator.app.window, folder / "hands", lambda: operator.app.context.tasks.idle)
        for person in people:
            operator._training.expect(person)
        for person in people:
            parts.append(capture(operator, person))
    print(json.dumps({"parts": parts[1:]}))  # the first one loads what the others find


if __name__ == "__main__":
    main()
