"""The window of a training station that keeps a second copy, as that of a real station does.

Run as a program it records one person from NIK to irises and tells what the window has shown as stored:
`python -m tests.end2end.copied_window FOLDER NIK PORT TRUST`; the last two are those of a simulator that runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.app.app import App
from station.training.mode import TrainingMode
from station.training.people import PEOPLE
from station.training.simulator.process import Simulator
from station.ui.backup_watch import BackupWatch
from tests.end2end.window import CAPTURES, NOBODY_THERE, Operator, leave_no_trace
from tests.simulated import Elsewhere


class CopyingOperator(Operator):
    """Their window copies what it stores; of invented people it otherwise would not."""

    def _opened(self) -> App:
        app = super()._opened()
        context = app.context
        context.backup = BackupWatch(context.depot, context.clock, context.bridge)
        return app


@contextmanager
def copied_window(folder: Path, simulator: Simulator) -> Iterator[CopyingOperator]:
    """The window of an enrolled training station below `folder`, its central away."""
    training = TrainingMode(folder / "data", central=(NOBODY_THERE, ""), simulator=simulator)
    try:
        operator = CopyingOperator(training, folder / "pictures")
        try:
            yield operator
        finally:
            operator.leave()
    finally:
        training.close()
        leave_no_trace()


def main(folder: Path, nik: str, simulator: Simulator) -> None:
    person = next(person for person in PEOPLE if person.nik == nik)
    with copied_window(folder, simulator) as operator:
        operator.sign_in()
        operator.begin(person)
        operator._screen().session.saved.connect(lambda _moment: _tell("stored", operator))
        operator._fill_in(person, shown=False)
        for step in CAPTURES:
            operator.go_on(step)
            _tell(step.value, operator)
            operator._capture(step)
        _tell("past the irises", operator)


def _tell(what: str, operator: Operator) -> None:
    draft = operator.draft
    captures = sorted(part.value for part in draft.captures)
    told = {"what": what, "record": draft.record.record_id, "step": operator.step.value, "captures": captures}
    print(json.dumps({**told, "answers": dict(draft.answers)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Elsewhere(int(sys.argv[3]), Path(sys.argv[4])))
