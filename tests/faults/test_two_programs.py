"""Two programs on one data folder: the second window is told so, and beside a window the sync engine may run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from station.domain.errors import SetupError
from station.store.depot import Depot
from station.store.folder import Folder
from tests.support import Workplace, an_item

HOLDER = """
import sys
from pathlib import Path
from station.store.folder import Folder
lock = Folder(Path(sys.argv[1])).lock(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[Path, str], subprocess.Popen[str]]]:
    """Another program that holds a lock until it is ended."""
    running: list[subprocess.Popen[str]] = []

    def start(root: Path, name: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(root), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        return program

    yield start
    for program in running:
        program.kill()
        program.communicate()


def test_a_second_program_is_told_that_the_folder_is_in_use(
    tmp_path: Path, hold: Callable[[Path, str], subprocess.Popen[str]]
) -> None:
    hold(tmp_path, "desk")
    with pytest.raises(SetupError) as problem:
        Folder(tmp_path).lock("desk")
    assert (problem.value.code, problem.value.data) == ("folder.in_use", {"what": "desk"})
    Folder(tmp_path).lock("sync").release()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_program_that_was_killed_leaves_no_lock_behind(
    tmp_path: Path, hold: Callable[[Path, str], subprocess.Popen[str]]
) -> None:
    program = hold(tmp_path, "desk")
    program.send_signal(signal.SIGKILL)
    program.wait()
    Folder(tmp_path).lock("desk").release()


def test_a_look_from_a_second_program_sees_what_the_first_has_sealed(place: Workplace) -> None:
    key = place.seal(1).record.key
    other = Depot(place.root, heal=False)
    assert other.outbox.keys() == {key}
    second = place.seal(2).record.key
    assert other.outbox.keys() == {key, second}
    assert other.adopt_packets() == 0
    other.close()


def test_two_programs_that_write_the_outbox_at_once_never_fail_each_other(place: Workplace) -> None:
    other = Depot(place.root, heal=False)
    failures: list[BaseException] = []

    def add(depot: Depot, numbers: range) -> None:
        try:
            for number in numbers:
                depot.outbox.add(an_item(number))
        except BaseException as problem:  # noqa: BLE001  # a thread's failure must reach the test
            failures.append(problem)

    threads = [
        Thread(target=add, args=(place.depot, range(30))),
        Thread(target=add, args=(other, range(15, 45))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert place.depot.outbox.keys() == {an_item(number).key for number in range(45)}
    numbers = [item.key for item in place.depot.outbox.changed_since(0)[1]]
    assert len(numbers) == len(set(numbers)) == 45
    other.close()
