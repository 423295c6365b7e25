"""Fixtures of all tests: enrolled stations on real files, and a log that has to stay quiet."""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.central import database as central_database
from station.central.server import CentralServer
from station.store import database as store_database
from station.store.enrolment import load_enrolment, save_enrolment
from station.store.folder import Folder
from station.sync import backoff
from station.training.simulator.process import Simulator
from tests.certificates import certificate
from tests.mounts import keep_mounts_private
from tests.simulated import the_simulator
from tests.statements import compiling_once
from tests.support import HandClock, Workplace, running_central, workplace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # tests never open a window on somebody's screen
gc.disable()  # for the session (see below), and collecting thousands of tests makes next to no garbage

# The same examples on every machine and no stop-watch: a slow computer is no reason to fail.
settings.register_profile("station", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("station")


PATIENCE_MS = 60_000
"""Patience costs nothing when all is well, and a busy computer is no reason to fail."""


class PatientBot(QtBot):
    """pytest-qt's hands, which wait a minute where they would wait five seconds."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Takes the place of pytest-qt's own in every test."""
    return PatientBot(request)


@pytest.fixture(scope="module", autouse=True)
def _every_file_begins_in_english() -> None:
    """The language is one for the whole program: a window of the file before, which spoke Indonesian, leaves it so."""
    i18n.use("en")


@pytest.fixture(scope="session", autouse=True)
def _stale_connections_are_asked_again_at_once() -> Iterator[None]:
    """The one wait of delivery that no hand-moved clock shortens: nothing gets better on loopback meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backoff, "STALE_FIRST_S", 0.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """See tests/statements.py; the program and central use different drivers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_database, "create_engine", compiling_once())
        patch.setattr(central_database, "create_engine", compiling_once())
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_authority_is_enough(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Reading the hundreds that this computer trusts takes as long as a test, and no test meets any of them."""
    folder = tmp_path_factory.mktemp("authorities")
    chain, _ = certificate(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(chain))
        patch.setenv("SSL_CERT_DIR", str(folder / "none"))
        yield


COLLECT_EVERY = 40
COLLECT_ALL_EVERY = 400


@pytest.fixture(scope="session", autouse=True)
def _collect_on_this_thread_only() -> Iterator[None]:
    """Widgets must not be destroyed by a worker thread that happens to collect garbage (station/ui/collector.py)."""
    gc.disable()
    gc.collect()
    gc.freeze()  # thousands of collected tests and their modules: looking at them again costs half a second each time
    yield
    gc.collect()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What the last tests have left, often; what has lasted longer, seldom."""
    number = item.session.items.index(item)
    if number % COLLECT_ALL_EVERY == 0:
        gc.collect()
    elif number % COLLECT_EVERY == 0:
        gc.collect(1)


def pytest_configure(config: pytest.Config) -> None:
    """Before xdist begins its workers, which have what this process has."""
    if not hasattr(config, "workerinput"):
        keep_mounts_private()


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as cores: a test of the window waits for children, devices and disks half of its time."""
    return 2 * (os.cpu_count() or 1)


class Said(logging.Handler):
    """The warnings and errors the program has logged, as they would be written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _quiet_log(request: pytest.FixtureRequest) -> Iterator[Said]:
    """No test of the store and the desk passes with a warning in the log that it did not ask for with `said`."""
    said = Said()
    logger = logging.getLogger("station")
    logger.addHandler(said)
    yield said
    logger.removeHandler(said)
    if request.path.parent.name in {"unit", "faults"} and not said.expected:
        assert said.lines == []


@pytest.fixture
def said(_quiet_log: Said) -> list[str]:
    """The warnings and errors logged during this test, which expects some."""
    _quiet_log.expected = True
    return _quiet_log.lines


@pytest.fixture(scope="session")
def enrolled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an enrolled station whose central is away. For copying only."""
    root = tmp_path_factory.mktemp("enrolled")
    with running_central(root / "central") as server, workplace(root / "station", server) as place:
        assert place.office.operator.name == "Siti R."
    return root / "station"


@pytest.fixture(scope="session")
def two_sealed(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `station` that has sealed two records and their `central`, both closed. For copying only."""
    root = Path(shutil.copytree(enrolled_folder.parent, tmp_path_factory.mktemp("sealed") / "both"))
    place = Workplace(root / "station", "http://127.0.0.1:9", HandClock())
    for number in (1, 2):
        place.seal(number)
    place.close()
    return root


@pytest.fixture
def central_here(two_sealed: Path, tmp_path: Path) -> Iterator[CentralServer]:
    """The central of `two_sealed`, running."""
    shutil.copytree(two_sealed / "central", tmp_path / "central")
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def sender(two_sealed: Path, central_here: CentralServer, tmp_path: Path) -> Iterator[Workplace]:
    """The station of `two_sealed`, which can reach its central."""
    shutil.copytree(two_sealed / "station", tmp_path / "station")
    folder = Folder(tmp_path / "station")
    enrolment = load_enrolment(folder)
    assert enrolment is not None
    save_enrolment(folder, enrolment.model_copy(update={"central_url": central_here.url}))
    place = Workplace(folder.root, central_here.url, HandClock())
    yield place
    place.close()


@pytest.fixture
def folder_copy(enrolled_folder: Path, tmp_path: Path) -> Path:
    """An enrolled data folder of this test's own, not opened."""
    return Path(shutil.copytree(enrolled_folder, tmp_path / "station"))


@pytest.fixture
def open_place() -> Iterator[Callable[[Path], Workplace]]:
    """Opens a station on a data folder; it is closed at the end."""
    opened: list[Workplace] = []

    def make(root: Path) -> Workplace:
        opened.append(Workplace(root, "http://127.0.0.1:9", HandClock()))
        return opened[-1]

    yield make
    for place in opened:
        place.close()


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """One lab for all tests that need one: its children are started once."""
    made = Lab()
    yield made
    made.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """The simulator of all tests, with nothing wrong before and after this one."""
    running = the_simulator()
    yield running
    running.mend()


@pytest.fixture
def place(folder_copy: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    """An enrolled station on real files, its central away."""
    return open_place(folder_copy)
