"""A station with sealed records of real size, and the central it is enrolled at: sealed once, copied for each drain."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import delete

from station.desk import drafting, recording, sealing, verification
from station.domain.biometrics import Capture, Modality
from station.domain.delivery import Stage
from station.domain.ports import SystemClock
from station.store.depot import Depot
from station.store.tables import packet
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

    def keep(self, packets: int) -> None:
        """Only the first so many packets wait; the others were never there, as far as delivery goes."""
        depot = Depot(self.station)
        try:
            waiting = depot.outbox.page([Stage.QUEUED], offset=0, limit=100_000)
            with depot.outbox.database.write() as connection:
                for item in sorted(waiting, key=lambda item: (item.sealed_at, str(item.key)))[packets:]:
                    connection.execute(delete(packet).where(packet.c.record_id == item.key.record_id))
                    depot.packets.path(item.key).unlink()
        finally:
            depot.close()


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
        place.depot.memory.paused = True
        place.close()
    seal_more(pair, range(1, packets + 1))
    return pair


def seal_more(pair: Pair, serials: range) -> None:
    """Seal a record for each of `serials` at the station of `pair`, whose central need not run."""
    place = Workplace(pair.station, f"http://127.0.0.1:{pair.port}", SystemClock())
    try:
        for serial in serials:
            sealing.seal(place.office, complete_draft(place, serial))
    finally:
        place.close()


def _copy(source: str, target: str) -> None:
    if source.endswith(".packet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)
