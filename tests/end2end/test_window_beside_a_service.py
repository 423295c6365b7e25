"""A window beside `station sync` as another process: it shows what that delivers, and its buttons reach it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.app import delivering
from station.domain.delivery import Stage
from station.training.mode import TrainingMode
from station.training.people import PEOPLE
from station.wire import Problem
from tests.end2end.window import ENVIRONMENT, PROJECT, leave_no_trace, window_of
from tests.fakes.central import FakeCentral
from tests.fakes.central_faults import problem
from tests.support import CHEAP

pytestmark = pytest.mark.usefixtures("qapp")

SERVICE = """
import sys
from station.cli import main
from station.sync import engine, rounds
engine.LOOK_S = rounds.IDLE_S = 0.1
sys.exit(main(["--data", sys.argv[1], "sync", "--json"]))
"""
"""The service with shorter looks: a test waits for nothing."""


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCentral]:
    monkeypatch.setattr(delivering, "ELSEWHERE_EVERY_MS", 100)
    with FakeCentral() as central:
        yield central


@contextmanager
def service(folder: Path, central: FakeCentral) -> Iterator[subprocess.Popen[str]]:
    """A station below `folder` is delivered for by a process of its own."""
    TrainingMode(folder / "data", central=(central.url, central.new_code()), cost=CHEAP).close()
    leave_no_trace()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE, str(folder / "data" / "station")],
        cwd=PROJECT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert "started" in process.stdout.readline()
        yield process
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_the_window_shows_what_the_service_does_send_now_reaches_it_and_when_it_ends_the_window_delivers(
    tmp_path: Path, central: FakeCentral
) -> None:
    with service(tmp_path, central) as other, window_of(tmp_path, central=(central.url, "")) as operator:
        player, busy = operator.player, problem(Problem.BUSY, 503, retry_after="86400")
        operator.sign_in()
        assert operator.app.delivering.engine is None
        operator.open("sync")
        operator.await_text("sync.link", "Tersambung")
        central.script(lambda asked: busy if asked.route == "hello" else None)
        player.click("sync.send_now")
        operator.await_text("sync.detail", "coba lagi dalam", "jam")
        operator.open("capture")
        operator.seal_prepared(PEOPLE[0])
        operator.open("sync")
        operator.await_text("sync.count.queued.number", "1")
        central.script(None)
        player.click("sync.send_now")
        operator.await_text("sync.sentence", "Semua sudah terkirim")
        assert [item.stage for item in operator.packets()] == [Stage.RECEIPTED]
        assert operator.app.delivering.engine is None
        other.terminate()
        player.wait_until(lambda: operator.app.delivering.engine is not None, "the window delivers now")
