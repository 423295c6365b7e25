"""The power goes out four times while one person is recorded: nothing that the window had shown as stored is gone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from station.domain.form import Section, field_of
from station.domain.steps import Step
from station.seal.packet import sha256_of
from station.store.depot import Depot
from station.training.mode import TrainingMode
from station.training.people import PEOPLE
from tests.end2end.window import NOBODY_THERE, Doomed, leave_no_trace, station, window_of
from tests.support import CHEAP

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows"),
]
SITI = PEOPLE[1]
TYPED = {key: value for key, value in SITI.answers.items() if field_of(key).section is not Section.FAMILY}
"""What an operator is asked; the rest stays folded."""
KILLED = -9
Told = Mapping[str, Any]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of training mode that is enrolled; its central is gone. For copying only."""
    folder = tmp_path_factory.mktemp("enrolled")
    TrainingMode(folder / "data", cost=CHEAP).close()
    leave_no_trace()
    return folder


def kill_when(folder: Path, moment: Callable[[Told], bool]) -> Told:
    """Let it record until `moment` was told, then SIGKILL; the last thing that was told."""
    with Doomed(folder, SITI) as program:
        while not moment(program.hear()):
            assert program.speaks, program.told
        program.kill()
        return program.told[-1]


def die_at(folder: Path, failpoint: str) -> tuple[Told, Told]:
    """Let it run into a power cut at a named place; what it told first and last."""
    with Doomed(folder, SITI, failpoint=failpoint) as program:
        program.hear()
        assert program.end() == KILLED, program.told
        return program.told[0], program.told[-1]


def assert_all_there(reopened: Told, before: Told) -> None:
    """The draft that is open again has everything that was shown before the power went out."""
    assert reopened["what"] == "opened"
    assert {**reopened["answers"], **before["answers"]} == reopened["answers"]
    assert set(before["captures"]) <= set(reopened["captures"])
    steps = list(Step)
    assert steps.index(reopened["step"]) - steps.index(before["step"]) in (0, 1)  # it may have gone on unheard
    assert reopened["shown"] == reopened["step"]


def test_after_every_power_cut_the_draft_opens_at_its_step_with_everything_that_was_shown_as_stored(
    enrolled: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(enrolled, tmp_path / "place"))

    typed = kill_when(folder, lambda told: told["answers"].get("birth_place") == SITI.answers["birth_place"])
    assert (typed["what"], typed["step"], typed["captures"]) == ("stored", "biodata", [])

    with Doomed(folder, SITI) as program:
        reopened = program.hear()
        assert_all_there(reopened, typed)
        while not 4 <= sum(part.startswith("finger") for part in program.hear()["captures"]) < 10:
            assert program.speaks, program.told
        program.kill()
        captured = program.told[-1]
    assert "face" in captured["captures"]

    reopened, sealing = die_at(folder, "seal.planned")
    assert_all_there(reopened, captured)
    assert reopened["step"] == Step.FINGERS
    assert sealing["answers"] == TYPED
    assert len(sealing["captures"]) == 14
    assert not list(folder.rglob("*.packet"))

    reopened, _ = die_at(folder, "packet.renamed")
    assert_all_there(reopened, sealing)
    assert reopened["step"] == Step.REVIEW
    (packet,) = folder.rglob("*.packet")
    sealed = sha256_of(packet.read_bytes())

    with window_of(folder, central=(NOBODY_THERE, "")) as operator:
        operator.sign_in()
        operator.open("records")
        operator.await_text("records.filter.waiting", "1")
        operator.await_text("records.filter.draft", "0")
        assert [item.sha256 for item in operator.packets()] == [sealed]
    counts = json.loads(station(folder / "data" / "station", "status", "--json").stdout)
    assert (counts["queued"], counts["receipted"]) == (1, 0)


def test_a_program_that_has_ended_leaves_nothing_running_in_its_process(enrolled: Path, tmp_path: Path) -> None:
    """A timer left behind is torn down by whichever thread collects garbage next, and takes the process with it."""
    import shiboken6
    from PySide6.QtCore import QTimer

    folder = Path(shutil.copytree(enrolled, tmp_path / "place"))
    with window_of(folder, central=(NOBODY_THERE, "")) as operator:
        operator.sign_in()
        first = operator.app
        assert any(timer.isActive() for timer in first.announcer.findChildren(QTimer))
        operator.restart()
        assert not any(timer.isActive() for timer in first.announcer.findChildren(QTimer))
        assert not shiboken6.isValid(first.window)
        operator.sign_in()
        depot = Depot(folder / "data" / "station", heal=False)
        depot.close()
