"""The window is killed in the middle of a capture: what it had kept is there, and the capture is done again.

Real windows, devices behind a simulator of their own, real SIGKILL. Nobody whom the window had started stays behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from station.capture.lab import Lab
from station.desk import recording, signin
from station.desk.office import Office
from station.domain.biometrics import LEFT_FOUR, RIGHT_FOUR, Capture, Part
from station.domain.steps import Step
from station.store import audit, captures
from station.store.depot import Depot
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import PEOPLE
from station.training.simulator.process import Simulator
from tests.end2end.doomed_capture import ASKED, COMMITTED, READING
from tests.end2end.window import ENVIRONMENT, PROJECT, leave_no_trace
from tests.processes import Watched, children_of
from tests.support import CHEAP, a_capture, filled

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at the processes of Linux"),
]
SITI = PEOPLE[1]
Kept = Mapping[Part, Capture]
Told = Mapping[str, Any]


@contextmanager
def desk(folder: Path, lab: Lab) -> Iterator[Office]:
    depot = Depot(folder / "data" / "station")
    office = signin.sign_in(depot, signin.operators(depot)[0].operator_id, PASSWORD, lab=lab)
    try:
        yield office
    finally:
        office.rosters.close()
        office.applicants.close()
        depot.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, lab: Lab) -> Path:
    """Siti at the fingers step, with her right hand captured. All windows of this file use it, one after another."""
    made = tmp_path_factory.mktemp("killed")
    TrainingMode(made / "data", cost=CHEAP).close()
    leave_no_trace()
    with desk(made, lab) as office:
        record_id = recording.start(office, SITI.nik).record.record_id
        filled(office, record_id, SITI.answers)
        recording.keep(office, record_id, [a_capture(part, size=9000) for part in RIGHT_FOUR])
        recording.go_to(office, record_id, Step.FINGERS)
    return made


def kept(folder: Path, lab: Lab) -> Kept:
    """What a restart finds, whole."""
    with desk(folder, lab) as office, office.applicants.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert audit.first_broken(connection) is None
        (draft,) = recording.open_drafts(office)
        return {item.part: item for item in captures.all_of(connection, draft.record.record_id)}


def killed(folder: Path, moment: str, simulator: Simulator) -> tuple[Told, Told]:
    """Let a window come to `moment` and kill it; what it showed when it opened, and what it said at last."""
    command = [sys.executable, "-m", "tests.end2end.doomed_capture", str(folder), moment]
    command += [str(simulator.port), str(simulator.trust)]
    told: list[Told] = []
    with subprocess.Popen(command, cwd=PROJECT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        for line in window.stdout:
            told.append(json.loads(line))
            if told[-1]["what"] == moment:
                left = children_of(window.pid)
                watched = Watched(left)
                window.kill()
                for pid in left:
                    os.kill(pid, signal.SIGCONT)
        assert window.wait(60) == -signal.SIGKILL, told
    assert len(watched) >= 1, "a child of the lab"
    assert watched.all_end(), "somebody was left behind"
    return told[0], told[-1]


@pytest.mark.parametrize("moment", [ASKED, READING, COMMITTED])
def test_a_window_killed_while_it_captures_has_lost_nothing_and_the_capture_is_done_again(
    folder: Path, lab: Lab, simulator: Simulator, moment: str
) -> None:
    simulator.seat(SITI)
    before = kept(folder, lab)
    opened, last = killed(folder, moment, simulator)
    assert (opened["step"], opened["captures"]) == (Step.FINGERS.value, sorted(part.value for part in before))
    after = kept(folder, lab)
    if moment == COMMITTED:
        assert last["shown"] == len(before)  # the window had not heard of the left hand
        assert set(after) == {*before, *LEFT_FOUR}
        after = {part: after[part] for part in before}
    assert after == before
