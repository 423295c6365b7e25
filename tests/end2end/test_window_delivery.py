"""What the window shows while central dies, is busy, or hides behind a portal, and what a person can do about it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from station.app import app as app_module
from station.app import delivering
from station.central.central import Central
from station.central.options import CentralOptions
from station.desk import delivery
from station.domain.delivery import Link, LinkState, Progress, Stage
from station.domain.errors import StoreError
from station.domain.record import RecordKey
from station.training.people import PEOPLE, Person
from station.ui.link_words import link_label
from station.wire import Limits, Problem
from tests.certificates import certificate
from tests.end2end.window import ENVIRONMENT, PROJECT, Operator, said, window_of
from tests.fakes.central import FakeCentral
from tests.fakes.central_faults import Fault, portal, problem

pytestmark = pytest.mark.usefixtures("qapp")

SMALL_CHUNKS = CentralOptions(training=True, limits=Limits(chunk_bytes=1024))
CENTRAL = """
import sys
from pathlib import Path
from station.central.options import CentralOptions
from station.central.server import run_forever
from station.wire import Limits
run_forever(Path(sys.argv[1]), int(sys.argv[2]), lambda url, code: print(url, code, flush=True),
            options=CentralOptions(training=True, limits=Limits(chunk_bytes=1024)))
"""


class Process:
    """A central in a process of its own. `start` after `kill` is on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, 0
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CENTRAL, str(self._folder), str(self.port)],
            cwd=PROJECT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.url, self.code = self._process.stdout.readline().split()
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path / "central")
    yield made
    made.kill()


@pytest.fixture
def fake() -> Iterator[FakeCentral]:
    with FakeCentral() as central:
        yield central


def stage(operator: Operator, record_id: str) -> Stage:
    (item,) = (item for item in operator.packets() if item.key.record_id == record_id)
    return item.stage


def link_shown(operator: Operator) -> LinkState:
    """The state that strip and panel show; they must agree."""
    found = operator.depot.memory.link
    assert found is not None
    operator.await_text("sync.link", link_label(found).text)
    operator.await_text("strip.link", link_label(found).text)
    return found.state


def test_an_upload_that_was_cut_off_by_the_death_of_central_goes_on_where_it_was(
    tmp_path: Path, process: Process
) -> None:
    with window_of(tmp_path, central=(process.url, process.code)) as operator:
        player, seen = operator.player, list[Progress]()
        operator.sign_in()
        operator.app.context.bridge.progress_changed.connect(seen.append)
        record_id = operator.seal_prepared(PEOPLE[0])
        operator.open("sync")
        player.wait_until(
            lambda: any(0 < item.offset < item.size // 2 for item in operator.packets()), "the upload has begun"
        )
        process.kill(signal.SIGKILL)
        player.wait_until(
            lambda: (link := operator.depot.memory.link) is not None and link.state is LinkState.PORT,
            "the station has noticed",
        )
        operator.await_text("sync.sentence", "layanannya tidak berjalan", "1 rekaman aman")
        assert link_shown(operator) is LinkState.PORT
        operator.await_text("sync.count.sending.number", "0")
        (before,) = operator.packets()
        assert 0 < before.offset < before.size
        seen.clear()

        process.start()
        player.click("sync.send_now")
        player.wait_until(lambda: stage(operator, record_id) is Stage.RECEIPTED, "the upload went on to its end")
        operator.await_text("sync.sentence", "Semua sudah terkirim")
        offsets = [progress.offset for progress in seen if progress.key == before.key]
        assert offsets and min(offsets) >= before.offset, "bytes that central had were sent again"
        assert offsets == sorted(offsets)
        operator.await_text("sync.link", "Tersambung")
    process.kill()
    central = Central(tmp_path / "central", SMALL_CHUNKS)
    try:
        assert [packet.key for packet in central.packets()] == [before.key]
    finally:
        central.close()
        process.start()


TROUBLES = [
    (portal(), LinkState.PORTAL, "minta login"),
    (problem(Problem.BUSY, 503, retry_after="1800"), LinkState.BUSY, "sibuk"),
    (problem(Problem.MAINTENANCE, 503, retry_after="600"), LinkState.MAINTENANCE, "pemeliharaan"),
]


def test_the_panel_tells_which_trouble_it_is_and_people_are_recorded_meanwhile(
    tmp_path: Path, fake: FakeCentral
) -> None:
    """One trouble after another; the first person from NIK to seal at the devices. *Send now* asks at once."""
    suffer(fake, TROUBLES[0][0])
    with window_of(tmp_path, central=(fake.url, fake.new_code())) as operator:
        operator.sign_in()
        for person, (trouble, state, sentence) in zip(PEOPLE, TROUBLES, strict=False):
            suffer(fake, trouble)
            operator.open("sync")
            operator.player.click("sync.send_now")
            operator.await_text("sync.sentence", sentence, "Perekaman")
            assert link_shown(operator) is state
            if state is not LinkState.PORTAL:
                detail = operator.await_text("sync.detail", "coba lagi dalam", "menit")
                assert "perkiraan sampai" in detail, "when central wants to be asked again is not shown"
            key = recorded(operator, person, at_the_devices=person is PEOPLE[0])
            operator.open("sync")
            operator.await_text("sync.count.queued.number", "1")
            operator.await_text("sync.sentence", sentence, "1 rekaman aman")
            assert stage(operator, key.record_id) is Stage.QUEUED
            assert key not in fake.accepted

            fake.script(None)
            operator.player.click("sync.send_now")
            delivered(operator, key)
            operator.await_text("sync.sentence", "Semua sudah terkirim")
            operator.await_text("sync.link", "Tersambung")
        assert sorted(fake.accepted, key=str) == sorted((item.key for item in operator.packets()), key=str)


def recorded(operator: Operator, person: Person, *, at_the_devices: bool) -> RecordKey:
    """Their packet, which waits."""
    before = {item.key for item in operator.packets()}
    operator.open("capture")
    if at_the_devices:
        operator.record(person)
    else:
        operator.seal_prepared(person)
    operator.await_text("strip.waiting", "1")
    (key,) = {item.key for item in operator.packets()} - before
    return key


def delivered(operator: Operator, key: RecordKey) -> None:
    operator.player.wait_until(lambda: stage(operator, key.record_id) is Stage.RECEIPTED, "it is delivered")


def test_a_pause_stops_sending_survives_a_restart_and_ends_when_a_person_ends_it(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        player, server = operator.player, operator._training.server
        assert server is not None
        operator.sign_in()
        operator.open("sync")
        operator.await_text("sync.link", "Tersambung")
        player.click("sync.pause")
        operator.await_text("sync.pause", "Lanjutkan")
        operator.await_text("sync.sentence", "dijeda")
        operator.open("capture")
        record_id = operator.seal_prepared(PEOPLE[0])

        operator.restart()
        operator.sign_in()
        operator.open("sync")
        operator.await_text("sync.link", label_of(LinkState.PAUSED))
        operator.await_text("strip.link", label_of(LinkState.PAUSED))
        operator.await_text("sync.count.queued.number", "1")
        operator.open("capture")
        second = operator.seal_prepared(PEOPLE[2])
        assert server.central.packets() == []
        assert {stage(operator, key) for key in (record_id, second)} == {Stage.QUEUED}

        operator.open("sync")
        player.click("sync.pause")
        player.wait_until(
            lambda: {stage(operator, key) for key in (record_id, second)} == {Stage.RECEIPTED}, "both are delivered"
        )
        operator.await_text("sync.pause", "Jeda")
        assert len(server.central.packets()) == 2


def test_a_central_that_becomes_busy_is_not_shown_as_sending(tmp_path: Path, fake: FakeCentral) -> None:
    with window_of(tmp_path, central=(fake.url, fake.new_code())) as operator:
        operator.sign_in()
        operator.open("sync")
        operator.await_text("sync.link", "Tersambung")
        suffer(fake, problem(Problem.BUSY, 503, retry_after="600"))
        operator.open("capture")
        operator.seal_prepared(PEOPLE[0])
        operator.open("sync")
        operator.player.wait_until(lambda: bool(operator.depot.technical_log.lines(1)), "central has refused to listen")
        operator.await_text("sync.count.queued.number", "1")
        operator.await_text("sync.sentence", "1 rekaman")
        operator.player.wait_until(
            lambda: "sedang dalam pengiriman" not in operator.read("sync.sentence"),
            "the panel says that nothing moves",
            timeout_s=2,
        )


def suffer(fake: FakeCentral, trouble: Fault) -> None:
    """Everything but enrolment is answered with `trouble`."""
    fake.script(lambda asked: None if asked.route == "stations" else trouble)


def label_of(state: LinkState) -> str:
    return link_label(Link(state, since=datetime.now(UTC))).text


def test_what_keeps_delivery_from_beginning_is_said_and_tried_again_and_people_are_recorded_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "ELSEWHERE_EVERY_MS", 100)
    authorities = tmp_path / "authorities.pem"
    with window_of(tmp_path) as operator:
        settings = operator.depot.folder.root / "station.toml"
        operator.leave()
        settings.write_text(f'[central]\nca_file = "{authorities}"\n')
        operator.come_back()
        operator.await_text("toast", said("central.ca_file"))
        operator.sign_in()
        operator.seal_prepared(PEOPLE[0])
        assert operator.app.delivering.engine is None
        (item,) = operator.packets()
        assert item.stage is Stage.QUEUED
        operator.depot.folder.lock("sync").release()  # another program may deliver as well as it can

        certificate(tmp_path)[0].rename(authorities)
        operator.player.wait_until(lambda: operator.packets()[0].stage is Stage.RECEIPTED, "the receipt is here")


def test_a_start_delivers_also_when_what_the_first_screen_wanted_to_show_could_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "BEGIN_AT_LATEST_MS", 100)
    with window_of(tmp_path) as operator:
        operator.leave()

        def unreadable(*_: object) -> NoReturn:
            raise StoreError("store.busy")

        with monkeypatch.context() as broken:
            broken.setattr(delivery, "delivery", unreadable)
            operator.come_back()
            operator.player.wait_until(lambda: operator.app.delivering.engine is not None, "it delivers")
