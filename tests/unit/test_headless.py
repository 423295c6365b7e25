"""Without a window: what the commands say to machines, with which exit codes, and how the service behaves."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from station import cli, i18n
from station.commands.telling import Teller
from station.domain.comparison import Comparison
from station.domain.delivery import Stage
from station.domain.outcome import Note, Reason, Trouble
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.outbox import set_central_code
from station.sync.life import HUNG_S, Life
from station.sync.notifier import Notifier
from station.wire import Problem
from tests.fakes.central_faults import problem
from tests.sending import Sender, sending

PROJECT = Path(__file__).parents[2]
UNITS = PROJECT / "packaging" / "systemd"

STATUS = [
    "enrolled", "queued", "sending", "receipted", "parked", "rejected", "voided", "carried", "waiting_bytes",
    "carried_bytes", "receipted_today", "print_ready", "paused", "oldest_waiting_at", "last_receipt_at", "link",
    "lanes", "notices", "reconciled", "doctor", "packets_without_row",
]  # fmt: skip
LINK = ["state", "since", "reason", "until", "next_try_at", "last_good_at"]
LANE = [
    "name", "condition", "since", "trouble", "http_status", "request_id", "tries", "next_at", "until", "done_at",
]  # fmt: skip
COMPARED = [
    "at", "equal", "safe", "days", "packets", "differing", "missing", "regained", "conflicts", "unknown",
]  # fmt: skip
EVENTS = {
    "started": ["station", "version"],
    "link": LINK,
    "lane": LANE,
    "settled": ["record_id", "revision", "carried", "size", "receipt_no", "received_at"],
    "parked": ["record_id", "revision", "carried", "size", "trouble", "request_id"],
    "rejected": ["record_id", "revision", "carried", "size", "reasons"],
    "void": ["record_id", "revision", "carried", "size", "trouble", "request_id"],
    "waiting": ["packets", "bytes"],
    "stopped": ["packets", "bytes"],
    "failed": ["code"],
}
"""Shapes are promises to scripts: members may be added here, never taken away or renamed."""


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as made:
        authority = made.root / "authority.pem"
        (made.root / "station.toml").write_text(f'language = "en"\n[central]\nca_file = "{authority}"\n')
        made.clock.wall = made.clock.wall.now(made.clock.wall.tzinfo)  # the commands live by the clock of this computer
        yield made


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a command line changes in its process is put back."""
    mask, language = os.umask(0o022), i18n.language()
    yield
    os.umask(mask)
    i18n.use(language)


def typed(root: Path, *arguments: str) -> tuple[int, str, str]:
    """A command line answered in this process: exit code, what it said, what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(["--data", str(root), *arguments])
    return code, out.getvalue(), err.getvalue()


def events(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def keep_shape(found: list[dict[str, Any]]) -> None:
    for one in found:
        assert set(EVENTS[one["event"]]) | {"event", "at"} == set(one), one


# ------------------------------------------------------------------------------------------------------------- status


def test_the_status_keeps_its_shape(sender: Sender) -> None:
    key = sender.packet()
    sender.deliver(key)
    sender.depot.memory.reconciled = Comparison(sender.clock.now(), 3, 12)
    code, said, _ = typed(sender.root, "status", "--json")
    found = json.loads(said)
    assert code == 0
    assert list(found) == STATUS
    assert list(found["link"]) == LINK
    assert found["lanes"] and all(list(lane) == LANE for lane in found["lanes"])
    assert list(found["reconciled"]) == COMPARED
    assert (found["enrolled"], found["receipted"], found["queued"]) == (True, 1, 0)


def test_the_status_of_a_station_that_has_done_nothing_keeps_its_shape_too(tmp_path: Path) -> None:
    Depot(tmp_path / "new").close()
    code, said, _ = typed(tmp_path / "new", "status", "--json")
    found = json.loads(said)
    assert (code, list(found)) == (0, STATUS)
    assert (found["enrolled"], found["lanes"], found["notices"], found["reconciled"]) == (False, [], [], None)


# ------------------------------------------------------------------------------------------------------------- doctor


def test_the_doctor_keeps_its_shape_and_says_by_its_exit_code_whether_all_is_well(sender: Sender) -> None:
    code, said, _ = typed(sender.root, "doctor", "--json")
    found = json.loads(said)
    assert code == 0
    assert list(found) == ["at", "healthy", "findings"]
    assert all(list(one) == ["step", "state", "remedy", "trouble", "facts"] for one in found["findings"])
    assert [one["step"] for one in found["findings"]] == [
        "adapter", "name", "port", "certificate", "central", "station", "clock",
    ]  # fmt: skip
    sender.central.stop()
    code, said, _ = typed(sender.root, "doctor")
    assert code == 1
    assert "✕ 127.0.0.1 refuses port" in said
    assert json.loads(typed(sender.root, "status", "--json")[1])["doctor"]["remedy"] == "port-closed"


def test_the_doctor_writes_a_diagnosis_beside(sender: Sender, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    code, said, _ = typed(sender.root, "doctor", "--json", "--bundle", str(tmp_path / "stick"))
    assert code == 0
    assert Path(json.loads(said)["bundle"]).parent == tmp_path / "stick"
    code, _, complaint = typed(sender.root, "doctor", "--bundle", str(tmp_path / "gone"))
    assert code == 1 and complaint.count("\n") == 1


def test_the_doctor_of_a_station_that_is_not_enrolled_says_so(tmp_path: Path) -> None:
    Depot(tmp_path / "new").close()
    code, said, _ = typed(tmp_path / "new", "doctor", "--json")
    assert code == 1
    assert [one["remedy"] for one in json.loads(said)["findings"] if one["state"] == "failed"] == ["not-enrolled"]


# --------------------------------------------------------------------------------------------------------------- sync


def test_delivery_is_told_line_by_line_and_the_exit_code_says_whether_something_is_left(sender: Sender) -> None:
    key = sender.packet()
    sender.depot.close()
    code, said, _ = typed(sender.root, "sync", "--once", "--json")
    found = events(said)
    keep_shape(found)
    assert code == 0
    assert (found[0]["event"], found[-1]["event"]) == ("started", "stopped")
    settled = [one for one in found if one["event"] == "settled"]
    assert [(one["record_id"], one["revision"]) for one in settled] == [(key.record_id, key.revision)]
    assert [one["state"] for one in found if one["event"] == "link"][-1] == "good"
    sender.restart()


def test_what_is_refused_is_told_and_is_nothing_that_waits(sender: Sender) -> None:
    sender.packet()
    sender.depot.close()
    sender.central.queue("patch", problem(Problem.PACKET_REFUSED, 422, reasons=[{"code": "nik.length"}]))
    code, said, _ = typed(sender.root, "sync", "--once", "--json")
    found = events(said)
    keep_shape(found)
    assert [one["reasons"] for one in found if one["event"] == "rejected"] == [["nik.length"]]
    assert (code, found[-1]["packets"]) == (0, 0)
    sender.restart()


def test_with_central_away_something_is_left_and_the_link_says_why(sender: Sender) -> None:
    sender.packet()
    sender.depot.close()
    sender.central.stop()
    code, said, _ = typed(sender.root, "sync", "--once", "--json")
    found = events(said)
    keep_shape(found)
    assert code == 1
    assert [one["reason"] for one in found if one["event"] == "link"][-1] == "refused"
    assert found[-1]["packets"] == 1
    sender.restart()


def test_every_end_of_a_packet_has_an_event_told_once_and_in_order(sender: Sender) -> None:
    told: list[str] = []
    teller = Teller(sender.depot, sender.clock, told.append)
    keys = [sender.packet(serial) for serial in (1, 2, 3)]
    outbox, now = sender.depot.outbox, sender.clock.now()
    outbox.park(keys[2], Note(Trouble.TOO_LARGE), at=now)
    outbox.reject(keys[0], [Reason("nik.length", "nik", "a sentence of central")], at=now)
    teller.tell([])
    outbox.park(keys[2], Note(Trouble.TOO_LARGE), at=now)  # the row is written again, and says the same
    teller.tell([])
    found = events("\n".join(told))
    keep_shape(found)
    ends = [(one["event"], one["record_id"]) for one in found if "record_id" in one]
    assert ends == [("parked", keys[2].record_id), ("rejected", keys[0].record_id)]
    assert next(one for one in found if one["event"] == "rejected")["reasons"] == ["nik.length"]
    assert [one["packets"] for one in found if one["event"] == "waiting"] == [1]


def test_what_central_says_of_an_old_packet_is_no_second_receipt(sender: Sender) -> None:
    key = sender.packet()
    sender.deliver(key)
    told: list[str] = []
    teller = Teller(sender.depot, sender.clock, told.append)
    with sender.depot.outbox.database.write() as connection:
        set_central_code(connection, key, "PRINT_READY_RECORD", sender.clock.now(), ahead=sender.clock.now())
    teller.tell([])
    assert sender.row(key).central_code == "PRINT_READY_RECORD"
    assert [one for one in events("\n".join(told)) if "record_id" in one] == []


def test_packets_that_a_lost_queue_does_not_know_are_not_told_as_nothing(sender: Sender, said: list[str]) -> None:
    sender.packet()
    sender.depot.close()
    for path in sender.root.glob("outbox.db*"):
        path.unlink()
    found = json.loads(typed(sender.root, "status", "--json")[1])
    assert (found["queued"], found["packets_without_row"]) == (0, 1)
    assert "1 packet on disk is not in the queue yet" in typed(sender.root, "status")[1]
    sender.restart()
    assert len(said) == 1 and "added" in said[0]


@pytest.mark.parametrize(
    ("arrange", "code"),
    [("in use", "folder.in_use"), ("new", "station.not_enrolled"), ("broken", "enrolment.unreadable")],
)
def test_what_keeps_it_from_delivering_is_one_sentence_and_one_event(sender: Sender, arrange: str, code: str) -> None:
    lock = Folder(sender.root).lock("sync") if arrange == "in use" else None
    if arrange == "broken":  # both copies of it
        for name in ("enrolment.json", "enrolment.json.bak"):
            (sender.root / name).write_text("{")
    if arrange == "new":
        for name in ("enrolment.json", "enrolment.json.bak"):
            (sender.root / name).unlink(missing_ok=True)
    exit_code, said, complaint = typed(sender.root, "sync", "--json")
    assert exit_code == 1
    assert [(one["event"], one["code"]) for one in events(said)] == [("failed", code)]
    keep_shape(events(said))
    assert complaint.count("\n") == 1 and len(complaint) > 20
    if lock is not None:
        lock.release()


# ------------------------------------------------------------------------------------------------------------ service


def test_an_engine_that_sleeps_is_alive_and_one_that_is_silent_in_a_step_hangs() -> None:
    now = [0.0]
    life = Life(lambda: now[0])
    now[0] += 10 * HUNG_S
    assert not life.hangs
    life.begin()
    now[0] += HUNG_S - 1
    life.sign()  # a byte moved
    now[0] += HUNG_S - 1
    assert not life.hangs
    now[0] += 2
    assert life.hangs
    life.end()
    assert not life.hangs


def test_without_systemd_nothing_is_said_and_a_deaf_one_stops_nobody(tmp_path: Path) -> None:
    assert not Notifier({}).listening
    Notifier({}).ready()
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).alive()


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_as_a_service_it_is_ready_alive_and_gone_within_seconds(sender: Sender, tmp_path: Path) -> None:
    key = sender.packet()
    sender.depot.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        service = subprocess.Popen(
            [sys.executable, "-m", "station", "--data", str(sender.root), "sync", "--json"],
            env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")},
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        try:
            assert service.stdout is not None
            heard = [systemd.recv(4096).decode() for _ in range(3)]
            said: list[dict[str, Any]] = []
            while not any(line["event"] == "settled" for line in said):
                said.append(json.loads(service.stdout.readline()))
            service.send_signal(signal.SIGTERM)
            rest, _ = service.communicate(timeout=8)
        finally:
            service.kill()
            service.wait()
        systemd.setblocking(False)
        heard += _all_heard(systemd)
    said += events(rest)
    keep_shape(said)
    assert service.returncode == 0
    assert heard[:2] == ["READY=1", "WATCHDOG=1"]
    assert heard[2].startswith("STATUS=")
    assert heard[-1] == "STOPPING=1"
    assert said[-1]["event"] == "stopped"
    sender.restart()
    assert sender.stage(key) is Stage.RECEIPTED


def _all_heard(systemd: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(systemd.recv(4096).decode())
        except BlockingIOError:
            return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("whose", ["system", "user"])
def test_the_units_that_are_shipped_are_good_ones(tmp_path: Path, whose: str) -> None:
    text = (UNITS / whose / "stasiun-ktpel-sync.service").read_text()
    unit = tmp_path / "stasiun-ktpel-sync.service"
    unit.write_text(text.replace("/usr/bin/station", shutil.which("true") or "/bin/true"))
    command = ["systemd-analyze", "verify", *(["--user"] if whose == "user" else []), str(unit)]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Type=notify" in text and "Restart=always" in text and "NoNewPrivileges=yes" in text
