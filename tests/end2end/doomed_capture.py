"""A window in a process of its own whose left hand is about to be captured, and which stands still in the middle.

Run as a program: `python -m tests.end2end.doomed_capture FOLDER MOMENT PORT TRUST`; the last two are those of a
simulator that runs. It tells what it shows, and the moment.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Timer
from typing import Any

from PySide6.QtCore import Qt

from station.capture.lab_message import Message
from station.desk import recording
from station.training.mode import TrainingMode
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from station.ui.screens.steps.device_page import DevicePage
from tests.end2end.window import NOBODY_THERE, Operator
from tests.processes import children_of
from tests.simulated import Elsewhere

ASKED, READING, COMMITTED = "asked", "reading", "committed"
_A_MOMENT_S = 0.3


def tell(what: str, **more: Any) -> None:
    print(json.dumps({"what": what, **more}), flush=True)


def page(operator: Operator) -> DevicePage:
    found = operator._screen().page
    assert isinstance(found, DevicePage)
    return found


def look(operator: Operator) -> None:
    """Until the hand is seen. A simulator that has just begun may draw longer than a device may be silent."""
    shown = page(operator)
    while not shown.preview.live:
        operator.player.wait_until(lambda: shown.preview.live or not shown.looking.watching, "the device was asked")
        if not shown.looking.watching:
            operator.player.press(Qt.Key.Key_Space)


def when_asked(operator: Operator, simulator: Simulator) -> None:
    """The device has the order and has not answered."""
    simulator.fault(Fault.HANG, 1)
    Timer(_A_MOMENT_S, lambda: tell(ASKED, busy=page(operator).busy)).start()


def when_reading(operator: Operator, _simulator: Simulator) -> None:
    """The device has answered, and a child of the lab has the pictures."""
    lab = operator.office.lab
    ask = lab.ask

    def stopped(task: str, *arguments: Any, **more: Any) -> Message:
        if task.startswith("finger"):
            for child in lab_children():
                os.kill(child, signal.SIGSTOP)
            Timer(_A_MOMENT_S, tell, (READING,)).start()
        return ask(task, *arguments, **more)

    lab.ask = stopped  # type: ignore[method-assign]


def when_committed(operator: Operator, _simulator: Simulator) -> None:
    """The fingers are on the disk, and the window has not heard of it."""

    def stop() -> None:
        tell(COMMITTED, shown=len(operator.draft.captures))
        Event().wait()

    operator.office.applicants.on_commit.insert(0, stop)


MOMENTS: dict[str, Callable[[Operator, Simulator], None]] = {
    ASKED: when_asked,
    READING: when_reading,
    COMMITTED: when_committed,
}


def lab_children() -> list[int]:
    return [
        pid
        for pid in children_of(os.getpid())
        if b"station.capture.lab_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def main(folder: Path, moment: str, simulator: Simulator) -> None:
    training = TrainingMode(folder / "data", central=(NOBODY_THERE, ""), simulator=simulator)
    operator = Operator(training, folder / "pictures")
    operator.sign_in()
    (draft,) = recording.open_drafts(operator.office)
    operator.resume(draft.record.record_id)
    look(operator)
    tell("opened", step=operator.step.value, captures=sorted(part.value for part in operator.draft.captures))
    MOMENTS[moment](operator, simulator)
    operator.player.press(Qt.Key.Key_Space)
    operator.player.wait_until(lambda: False, "the end")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Elsewhere(int(sys.argv[3]), Path(sys.argv[4])))
