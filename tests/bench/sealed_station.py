"""A station with sealed records of real size, and the central it is enrolled at: sealed once, copied for each drain."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from station.desk import drafting, recording, sealing, verification
from station.domain.biometrics import Capture, Modality
from station.domain.ports import SystemClock
from tests.bench.central import central, free_port
from tests.bench.people import captures
from tests.fakes.scripted_device import minutiae
from tests.support import APPROVED, Workplace, good_answers


@dataclass(frozen=True)
class Pair:
    """A station in `root`/station and its central in `root`/central, which must be served at `port`."""

    root: Path
    port: int

    @property
    def station(self) -> Path:
        return self.root / "station"

    def copy_to(self, root: Path) -> Pair:
        """A fresh pair to use up. Packets never change, so they are linked."""
        shutil.copytree(self.root, root, copy_function=_copy)
        return Pair(root, self.port)


def complete_draft(place: Workplace, serial: int) -> str:
    """A draft with good answers and real captures; `serial` makes another NIK. Typing them is measured elsewhere."""
    record_id = recording.start(place.office).record.record_id
    answers = good_answers(serial)
    drafting.changed(place.office, record_id, lambda stored: replace(stored, answers={**stored.answers, **answers}))
    *others, signature = [_own(taken, serial) for taken in captures()]
    recording.keep(place.office, record_id, others)
    draft = recording.approve(place.office, record_id, APPROVED, signature)
    verification.verify(place.office, record_id, [taken for taken in others if taken.part in draft.to_verify])
    return record_id


def _own(taken: Capture, serial: int) -> Capture:
    """The same picture with fingers of this person's own: nobody may have those of the person before."""
    if taken.part.modality is not Modality.FINGER:
        return taken
    return replace(taken, template=minutiae(f"{serial} {taken.part.value}"))


def seal_station(root: Path, packets: int) -> Pair:
    """An enrolled, paused station with `packets` sealed records, and its central that has none of them."""
    pair = Pair(root, free_port())
    with central(pair.root, pair.port) as running:
        place = Workplace(pair.station, running.url, SystemClock())
        place.enrol(running.code)
    try:
        for serial in range(1, packets + 1):
            sealing.seal(place.office, complete_draft(place, serial))
        place.depot.memory.paused = True
    finally:
        place.close()
    return pair


def _copy(source: str, target: str) -> None:
    if source.endswith(".packet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)
