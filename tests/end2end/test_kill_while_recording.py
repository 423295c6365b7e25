"""The program is killed while somebody records, again and again: whatever it had acknowledged is there afterwards.

Real processes and real SIGKILL, some at named places and some after a line the parent happened to read. Every line the
child prints was printed after the call that keeps it had returned.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from station.desk import recording, records
from station.domain.delivery import Stage
from station.domain.form import FIELDS
from station.domain.record import State
from station.domain.steps import Step
from station.seal.packet import sha256_of, verify_packet
from station.store import audit
from tests.support import PASSWORD, HandClock, Workplace, a_capture, seal
from tests.thinned import thinned

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")

CHILD = """
import sys
from pathlib import Path
from station.desk import recording, sealing, signin
from station.domain.biometrics import Capture, DeviceInfo, Part, Stroke
from station.domain.form import FIELDS
from station.domain.steps import Step
from station.store.depot import Depot
from datetime import datetime, timezone

root, password, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
TODAY = datetime(2026, 11, 21, 3, 0, tzinfo=timezone.utc)

def say(*words):
    print(*words, flush=True)

def capture(part):
    image = (part.value.encode() * 400)[:400]
    strokes = (Stroke(((0.0, 0.0, 0, 0.5), (10.0, 5.0, 12, 0.75))),) if part is Part.SIGNATURE else ()
    device = DeviceInfo(part.modality, f"UJI-{part.modality.value}", "Contoh", "Uji", "test")
    return Capture(part, image, 400, 500, 60, device, 1, TODAY, strokes)

def own(serial):
    # Another person each time: one name, birth date or telephone on many applications would ask for a reason.
    name = "SITI " + "".join("NASADUTIMALINETULAWI"[2 * int(digit):][:2] for digit in f"{serial:04d}")
    return {"nik": f"990101610488{serial:04d}", "name": name, "phone": f"0800{serial:07d}"}

depot = Depot(root)
office = signin.sign_in(depot, signin.operators(depot)[0].operator_id, password)
say("ready")
for draft in recording.open_drafts(office):
    recording.withdraw(office, draft.record.record_id, "uji")
    say("withdrawn", draft.record.record_id)
for serial in range(first + 1, first + 50):
    record_id = recording.start(office).record.record_id
    say("started", record_id)
    for item in FIELDS:
        recording.answer(office, record_id, item.key, own(serial).get(item.key, item.good))
        say("answered", record_id, item.key)
    every = list(Part)
    for step, parts in ((Step.PHOTO, every[:1]), (Step.FINGERS, every[1:11]), (Step.IRISES, every[11:13])):
        recording.go_to(office, record_id, step)
        say("step", record_id, step.value)
        recording.keep(office, record_id, [capture(part) for part in parts])
        say("kept", record_id, *[part.value for part in parts])
    recording.approve(office, record_id, "Data saya benar.", capture(Part.SIGNATURE))
    say("kept", record_id, "signature")
    for doubt in recording.resume(office, record_id).open_captures:  # these prints show nothing to compare
        recording.confirm(office, record_id, doubt.field, doubt.code, "gambar uji")
    sealing.seal(office, record_id)
    say("sealed", record_id)
"""


@dataclass
class Promised:
    """What the children have acknowledged, by record."""

    answered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kept: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    step: dict[str, str] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    lines: int = 0

    def read(self, line: str) -> None:
        what, *rest = line.split()
        self.lines += 1
        match what:
            case "started":
                self.started.add(rest[0])
            case "answered":
                self.answered[rest[0]].add(rest[1])
            case "kept":
                self.kept[rest[0]].update(rest[1:])
            case "step":
                self.step[rest[0]] = rest[1]
            case "sealed":
                self.sealed.add(rest[0])
            case "withdrawn":
                self.withdrawn.add(rest[0])


def run_child(root: Path, promised: Promised, first: int, *, die_at: str = "", after_lines: int = 10_000) -> None:
    """Record until the named place kills the child, or until `after_lines` lines were read and the parent does."""
    environment = {**os.environ, "STATION_FAILPOINT": die_at}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root), PASSWORD, str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    for number, line in enumerate(child.stdout, start=1):
        promised.read(line)
        if number == after_lines:
            child.send_signal(signal.SIGKILL)  # it goes on for a moment: the kill meets it wherever it is by then
            break
    for line in child.stdout.read().splitlines():
        promised.read(line)
    complaint = child.stderr.read()
    child.wait()
    child.stdout.close()
    child.stderr.close()
    assert child.returncode == -signal.SIGKILL, complaint


def check(place: Workplace, promised: Promised) -> None:
    """Everything acknowledged is there; every record is a whole draft or sealed with exactly one packet."""
    packets = {key.record_id: key for key in place.depot.packets.all_keys()}
    assert len(packets) == len(list(place.depot.packets.all_keys()))
    assert place.depot.outbox.keys() == set(packets.values())
    for record_id in promised.started:
        found = records.timeline(place.office, record_id).row
        state = found.record.state
        if record_id in promised.withdrawn:
            assert state is State.WITHDRAWN
        elif record_id in promised.sealed:
            assert state is State.SEALED
        assert (state is State.SEALED) == (record_id in packets)
        if state is State.DRAFT:
            draft = recording.resume(place.office, record_id)
            assert {key for key, value in draft.answers.items() if value} >= promised.answered[record_id]
            assert {part.value for part in draft.captures} >= promised.kept[record_id]
            steps = [step.value for step in Step]
            assert steps.index(draft.step.value) >= steps.index(promised.step.get(record_id, "applicant"))
            for part in draft.captures:
                assert recording.image(place.office, record_id, part) == a_capture(part).image
    for key in packets.values():
        item = place.depot.outbox.get(key)
        assert item is not None
        assert (item.stage, item.sha256) == (Stage.QUEUED, sha256_of(place.depot.packets.read(key)))
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None


def check_chain(place: Workplace) -> None:
    _, station_key = place.depot.enrolled()
    found = []
    for key in place.depot.packets.all_keys():
        data = place.depot.packets.read(key)
        found.append((verify_packet(data, [station_key.public]).manifest, sha256_of(data)))
    found.sort(key=lambda item: item[0].sequence)
    assert [manifest.sequence for manifest, _ in found] == list(range(1, len(found) + 1))
    assert [manifest.previous_sha256 for manifest, _ in found] == [None, *(sha256 for _, sha256 in found)][: len(found)]


AT_PLACES = (
    "seal.planned",
    "packet.written",
    "packet.renamed",
    "packet.durable",
    "seal.before_commit",
    "seal.recorded",
)
AT_RANDOM = thinned([random.Random(20261121 + number).randint(1, 3 * (len(FIELDS) + 8)) for number in range(9)], 4)
"""Lines after which it is killed, wherever that is; all of them with STATION_SOAK=1."""


def test_whatever_was_acknowledged_before_a_kill_is_there_and_the_draft_reopens_at_its_step(
    enrolled_folder: Path, tmp_path: Path, said: list[str]
) -> None:
    rounds: list[dict[str, Any]] = [{"die_at": place} for place in AT_PLACES]
    rounds += [{"after_lines": number} for number in AT_RANDOM]
    random.Random(7).shuffle(rounds)
    folders = [Path(shutil.copytree(enrolled_folder, tmp_path / f"station-{number}")) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:  # two stations side by side: most of the time is spent starting programs
        both = list(pool.map(record_and_kill, folders, (rounds[::2], rounds[1::2])))
    assert sum(promised.lines for promised in both) > 200
    assert sum(len(promised.started) for promised in both) >= len(AT_PLACES)
    assert all(promised.sealed for promised in both)


def record_and_kill(root: Path, rounds: list[dict[str, Any]]) -> Promised:
    """Kill the program once per round, look after each, and seal in the end what can be sealed."""
    promised = Promised()
    for number, how in enumerate(rounds):
        run_child(root, promised, number * 50, **how)
        place = Workplace(root, "http://127.0.0.1:9", HandClock())
        check(place, promised)
        place.close()
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    check_chain(place)
    for draft in recording.open_drafts(place.office):
        if draft.ready:
            seal(place.office, draft.record.record_id)
    check(place, promised)
    check_chain(place)
    place.close()
    return promised
