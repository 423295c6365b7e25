"""The disk is full: the operator reads why, the draft stays, and goes on once there is room again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from station.desk import recording
from station.domain.delivery import Stage
from station.domain.record import State
from station.domain.steps import Step
from station.training.people import PEOPLE
from tests.end2end.window import said, window_of
from tests.mounts import small_disk
from tests.support import running_central

pytestmark = pytest.mark.usefixtures("qapp")

DISK = 32 * 1024 * 1024
NEARLY = 600 * 1024
"""Room that is left for the databases, and too little to begin to seal."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, as small as a broken disk quota."""
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place, DISK):
        yield place


@contextmanager
def elsewhere(folder: Path) -> Iterator[tuple[str, str]]:
    """Address and code of a central that has room enough."""
    with running_central(folder / "central") as server:
        yield server.url, server.central.new_code()


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves `leave` bytes free."""
    ballast = disk / "ballast"
    with ballast.open("ab") as file:
        while (free := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize) > leave:
            file.write(bytes(min(free - leave, 1024 * 1024)))
            file.flush()
    return ballast


def test_on_a_full_disk_the_draft_stays_the_reason_is_read_and_sealing_works_once_there_is_room(
    disk: Path, tmp_path: Path
) -> None:
    with elsewhere(tmp_path) as central, window_of(disk, central=central) as operator:
        operator.sign_in()
        record_id = operator.prepare(PEOPLE[0])
        operator.resume(record_id)
        operator.player.wait_until(lambda: operator._screen().bench.review.complete, "it can be sealed")
        ballast = fill(disk, NEARLY)
        operator.player.click("capture.next")
        operator.await_text("capture.problem.title", said("store.disk_full"))
        assert "ruang" in operator.read("capture.problem.todo").casefold()
        draft = recording.resume(operator.office, record_id)
        assert (draft.record.state, draft.step, len(draft.captures)) == (State.DRAFT, Step.REVIEW, 14)
        assert operator.packets() == ()
        assert not list(disk.rglob("*.packet"))

        operator.player.find("capture.next")
        ballast.unlink()
        operator.seal()
        operator.player.wait_until(
            lambda: [item.stage for item in operator.packets()] == [Stage.RECEIPTED], "it is delivered"
        )


def test_an_answer_that_found_no_room_stays_in_its_field_and_is_stored_once_there_is_some(disk: Path) -> None:
    with window_of(disk) as operator:
        operator.sign_in()
        record_id = operator.begin(PEOPLE[0])
        operator.player.click("rail.sync")  # nothing else of the window writes now
        operator.player.click("rail.capture")
        ballast = fill(disk, 0)
        for number in range(400):  # what is left inside the databases has to be used up first
            operator.write("address", f"jl. contoh {number} " + "raya " * 30)
            operator.player.enter()
            operator.player.wait_until(lambda: operator.app.context.tasks.idle, "the desk has answered")
            if operator.player.sees("capture.problem.title"):
                break
        operator.await_text("capture.problem.title", "“Alamat” belum tersimpan.")
        operator.await_text("capture.problem.todo", said("store.disk_full"))
        ballast.unlink()
        operator.player.find("form.address").setFocus(Qt.FocusReason.TabFocusReason)
        operator.player.enter()
        operator.player.wait_until(
            lambda: (
                recording.resume(operator.office, record_id)
                .answers.get("address", "")
                .startswith(f"JL. CONTOH {number} ")
            ),
            "the answer is stored",
        )
        operator.player.wait_until(
            lambda: (
                not operator.player.sees("capture.problem.title")
                or "belum tersimpan" not in operator.read("capture.problem.title")
            ),
            "nothing is said of it any more",
        )
