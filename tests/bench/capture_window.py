"""Whole captures through the real window and the devices of training. Prints how long the window stood still."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic

from station.domain.steps import Step
from station.training.demo import cast
from station.training.people import Person
from tests.bench.busy_window import rest
from tests.bench.gaps import Gaps
from tests.end2end.window import CAPTURES, Operator, window_of


def capture(operator: Operator, person: Person) -> dict[str, object]:
    """Photo, ten fingers, two eyes and signature of `person`, watched; the form is filled in before it counts."""
    operator.begin(person)
    operator._fill_in(person, shown=False)
    began, gaps = monotonic(), Gaps()
    for step in CAPTURES:
        operator._go_on(step)
        operator._capture(step)
    operator._go_on(Step.SIGNATURE)
    operator._sign(person)
    operator._go_on(Step.DOCUMENTS)
    operator._go_on(Step.REVIEW)
    found, seconds = gaps.stop(), monotonic() - began
    idle = Gaps()
    rest(seconds)
    return {"capturing": found, "idle": idle.stop(), "seconds": seconds}


def main() -> None:
    folder, turns = Path(sys.argv[1]), int(sys.argv[2])
    people = cast(turns + 1)
    parts = []
    with window_of(folder) as operator:
        operator.sign_in()
        for person in people:
            operator._training.expect(person)
        for person in people:
            parts.append(capture(operator, person))
            operator._seal(shown=False)
    print(json.dumps({"parts": parts[1:]}))  # the first one loads what the others find


if __name__ == "__main__":
    main()
