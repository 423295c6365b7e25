"""Somebody who works at a station all day: captures, seals, delivers, and says each time what the screen would show.

What is said goes into the journal, at the moment at which the program has given its word. Must not know who will cut
the power, nor when.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from station.desk import drafting, healing, recording
from station.domain.biometrics import FINGERS, IRISES, MAX_BYTES, Capture, Part
from station.domain.delivery import Stage
from station.domain.rows import RecordRow
from station.domain.verification import MATCH_THRESHOLD, Verification
from tests.soak.journal import Journal, Line, Told
from tests.soak.shown import typed
from tests.support import APPROVED, TODAY, HandClock, Workplace, a_capture, filled, good_answers, seal

GROUPS = ((Part.FACE,), FINGERS[:4], FINGERS[4:8], FINGERS[8:], IRISES)
"""What one shot of a device gives."""
DELIVERED_TOGETHER = 2
REOPENED_AFTER = 3
SECONDS_A_LIFE = 3600


def clock_of_life(number: int) -> HandClock:
    """Time goes on from one life of the program to the next."""
    return HandClock(TODAY + timedelta(seconds=number * SECONDS_A_LIFE), 1000.0 + number * SECONDS_A_LIFE)


@dataclass
class Clerk:
    """`shelves`: a folder outside the station, for what `central` (its data folder) had at each settling."""

    place: Workplace
    journal: Journal
    chance: Random
    largest: int = 2000
    """Bytes of a picture."""
    central: Path | None = None
    shelves: Path | None = None

    def work(self, first: int = 1, people: int | None = None) -> None:
        """Record `people`, or for ever; `first` is the serial of the first one. Whoever is last stays a draft.

        With 0 `people` what is sealed already is delivered.
        """
        if people == 0:
            self.place.drain()
            return
        unsettled: list[RecordRow] = []
        for done in count():
            record_id = self._capture(first + done)
            if people is not None and done + 1 == people:
                return
            unsettled.append(self._seal(record_id))
            if len(unsettled) == DELIVERED_TOGETHER:
                self._deliver(unsettled)
                unsettled = []
            if done % REOPENED_AFTER == 1:
                self.place.reopen()

    def _capture(self, serial: int) -> str:
        office = self.place.office
        record_id = recording.start(office).record.record_id
        self.journal.say(Line(Told.BEGUN, record_id))
        filled(office, record_id, good_answers(serial))
        self.journal.say(typed(record_id, serial))
        for group in (*GROUPS, GROUPS[0]):  # the face once more: it takes the place of the first one
            shot = [self._picture(part) for part in group]
            self._say(Told.BEGUN, record_id, shot)
            recording.keep(office, record_id, shot)
            self._say(Told.KEPT, record_id, shot)
        self._verify(record_id)
        signature = self._picture(Part.SIGNATURE)
        recording.approve(office, record_id, APPROVED, signature)
        self._say(Told.KEPT, record_id, [signature])
        return record_id

    def _picture(self, part: Part) -> Capture:
        largest = min(self.largest, MAX_BYTES[part.modality])
        return replace(a_capture(part), image=self.chance.randbytes(self.chance.randint(200, largest)))

    def _say(self, told: Told, record_id: str, shot: list[Capture]) -> None:
        for item in shot:
            sha256 = hashlib.sha256(item.image).hexdigest()
            self.journal.say(Line(told, record_id, 1, sha256, item.part.value))

    def _verify(self, record_id: str) -> None:
        """As if two fingers had been compared: that takes a process of its own, and is not what is told here."""
        office = self.place.office
        found = tuple(
            Verification(part, 2 * MATCH_THRESHOLD, 1, office.now(), "UJI-finger")
            for part in (Part.FINGER_02, Part.FINGER_07)
        )
        drafting.changed(office, record_id, lambda stored: replace(stored, verification=found))

    def _seal(self, record_id: str) -> RecordRow:
        row = seal(self.place.office, record_id)
        assert row.packet is not None
        key = row.record.key
        self.journal.say(Line(Told.SEALED, key.record_id, key.revision, row.packet.sha256))
        return row

    def _deliver(self, rows: list[RecordRow]) -> None:
        self.place.drain()
        healing.catch_up(self.place.office)
        self._keep_shelf()
        for row in rows:
            key = row.record.key
            assert row.packet is not None and self.place.stage(key) is Stage.RECEIPTED
            self.journal.say(Line(Told.SETTLED, key.record_id, key.revision, row.packet.sha256))

    def _keep_shelf(self) -> None:
        """A copy of what central has, under the number of records that were settled before."""
        if self.central is None or self.shelves is None:
            return
        settled = sum(line.told is Told.SETTLED for line in self.journal.lines())
        target = self.shelves / str(settled)
        target.mkdir(parents=True)
        for path in self.central.glob("central.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, target / path.name)
        shutil.copy(self.central / "keys.json", target)
        shutil.copytree(self.central / "packets", target / "packets")
