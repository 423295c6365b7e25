"""The program is killed at every step of a ten-print capture: each accepted slap is there, and none is there by half.

Real processes, real SIGKILL, and the real matcher in its own child; every round goes on with the draft of the round
before, as an officer would.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from station.capture.lab import Lab
from station.desk import recording, verification
from station.domain.biometrics import SLAPS, Capture, Part
from station.store import audit, captures
from tests.fakes.scripted_device import minutiae
from tests.support import HandClock, Workplace, a_capture

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")

CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from station.desk import recording
from station.domain.biometrics import SLAPS
from tests.end2end.test_kill_while_capturing import finger
from tests.support import HandClock, Workplace

office = Workplace(Path(sys.argv[1]), "http://127.0.0.1:9", HandClock()).office
(draft,) = recording.open_drafts(office)
print("ready", flush=True)
for slap in SLAPS:
    missing = [part for part in slap if part in draft.missing]
    if missing:
        draft = recording.keep(office, draft.record.record_id, [finger(part) for part in missing])
        print("kept", *[part.value for part in missing], flush=True)
print("done", flush=True)
"""

_STEPS = ("compared", "put", "before_commit")


def finger(part: Part) -> Capture:
    """One finger of a drawn person, with minutiae of its own."""
    return replace(a_capture(part), template=minutiae(part.value))


def places(step: str) -> list[str]:
    """Where the power goes out: once in each slap. Of the pictures, one in the middle of the slap."""
    return [f"capture.{step}.{slap[len(slap) // 2 if step == 'put' else 0].value}" for slap in SLAPS]


@pytest.mark.parametrize("step", _STEPS)
def test_what_was_accepted_is_there_and_nothing_by_half(
    enrolled_folder: Path, tmp_path: Path, lab: Lab, step: str
) -> None:
    root = Path(shutil.copytree(enrolled_folder, tmp_path / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock(), lab=lab)
    record_id = recording.start(place.office).record.record_id
    promised: set[str] = set()
    for number, place_of_death in enumerate(places(step)):
        place.close()
        promised |= killed_at(root, place_of_death)
        place.reopen()
        assert promised == {part.value for slap in SLAPS[:number] for part in slap}
        check(place, record_id, promised)
    # Nothing of the last slap was kept: it is captured again, compared with the others, and the record goes on.
    draft = recording.keep(place.office, record_id, [finger(part) for part in SLAPS[-1]])
    assert {part for slap in SLAPS for part in slap} == set(draft.captures)
    draft = verification.verify(place.office, record_id, [finger(part) for part in draft.to_verify])
    assert [item.matched for item in draft.verification.values()] == [True, True]
    place.close()


def killed_at(root: Path, place_of_death: str) -> set[str]:
    """Capture until the named place kills the child; the parts it said were kept."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(root)],
        env={**os.environ, "STATION_FAILPOINT": place_of_death},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert child.stdout.startswith("ready\n")
    return {part for line in child.stdout.splitlines() if line.startswith("kept") for part in line.split()[1:]}


def check(place: Workplace, record_id: str, promised: set[str]) -> None:
    with place.office.applicants.read() as connection:
        kept = captures.all_of(connection, record_id)
        assert {item.part.value for item in kept} == promised
        assert list(kept) == [finger(item.part) for item in kept]
        assert audit.first_broken(connection) is None
