"""One station as its operator has it, for a process that may die anywhere: what is done there, and what is then told.

`tell` is called only after the program's own call has come back. Must not know when or why the process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from station.desk import healing, officers, recording, records, retention, sealing, signin
from station.domain.biometrics import IRISES, Capture, Part
from station.domain.delivery import Stage
from station.domain.role import Role
from station.domain.rows import Filter
from station.store.keyring import load_keyring
from station.store.moved import follow
from tests.soak.journal import Line, Told
from tests.soak.killing.clock import SharedClock
from tests.soak.shown import kept, typed
from tests.support import (
    APPROVED,
    PASSWORD,
    SECOND_PASSWORD,
    Workplace,
    a_capture,
    captured,
    filled,
    good_answers,
)

ADMIN = "Admin A."
MOST_STEPS = 1500
DAY_S = 86_400.0


@dataclass
class Desk:
    """The station in `root`, wherever it was moved to since. `spare`: where the next would be; `stick`: the medium."""

    root: Path
    url: str
    code: str
    spare: Path
    stick: Path
    clock: SharedClock
    tell: Callable[[Line], None]
    serials: Callable[[], int]
    """A number that no other record of this central has."""
    chance: Random
    _told: set[tuple[str, int, Told]] = field(default_factory=set)

    def open(self) -> None:
        """As at a start of the program: it heals, somebody signs in, and sees what is there."""
        self.root = follow(self.root)
        self.place = Workplace(self.root, self.url, self.clock)
        if self.place.depot.enrolment is not None and not self.is_wiped:
            self._sign_in()
            self.show()

    @property
    def is_wiped(self) -> bool:
        return not load_keyring(self.place.depot.folder.keyring).holders

    @property
    def key(self) -> str:
        """Of the people's database, raw, in hex; '' while it is not open."""
        office = self.place._office
        return "" if office is None else office.applicants.raw_key.hex()

    def _sign_in(self) -> None:
        office = self.place.office
        if ADMIN not in {who.name for who in signin.operators(self.place.depot)}:
            officers.add(office, PASSWORD, ADMIN, Role.ADMIN, SECOND_PASSWORD)

    def show(self) -> None:
        """What the lists on the screen say by now."""
        for stage, told in ((None, Told.SEALED), (Stage.RECEIPTED, Told.SETTLED)):
            stages = list(Stage) if stage is None else [stage]
            for item in self.place.depot.outbox.page(stages, offset=0, limit=500):
                self._say(told, item.key.record_id, item.key.revision, item.sha256)

    def _say(self, told: Told, record_id: str, revision: int = 1, sha256: str = "") -> None:
        if (record_id, revision, told) not in self._told:
            self._told.add((record_id, revision, told))
            self.tell(Line(told, record_id, revision, sha256))

    # ------------------------------------------------------------------------------------------------- at the desk

    def enrol(self) -> None:
        if self.place.depot.enrolment is None:
            self.place.enrol(self.code)
        self._sign_in()

    def capture(self) -> str:
        """A whole draft, its irises, face and signature taken as devices give them."""
        office, serial = self.place.office, self.serials()
        record_id = recording.start(office).record.record_id
        self._say(Told.BEGUN, record_id)
        filled(office, record_id, good_answers(serial))
        self.tell(typed(record_id, serial))
        captured(office, record_id, f"orang {serial}", size=100 + serial)
        first = (a_capture(part, size=100 + serial) for part in Part if part is not Part.SIGNATURE)
        self._kept(record_id, *first)
        for shot in (IRISES, (Part.FACE,)):
            taken = [a_capture(part, size=200 + serial, taken_at=office.now()) for part in shot]
            self._kept(record_id, *taken, told=Told.BEGUN)
            recording.keep(office, record_id, taken)
            self._kept(record_id, *taken)
        signature = a_capture(Part.SIGNATURE, size=100 + serial, taken_at=office.now())
        recording.approve(office, record_id, APPROVED, signature)
        self._kept(record_id, signature)
        return record_id

    def _kept(self, record_id: str, *shot: Capture, told: Told = Told.KEPT) -> None:
        for line in kept(record_id, shot):
            self.tell(replace(line, told=told))

    def seal(self) -> None:
        """A new record, or one that was left a draft."""
        ready = self._ready()
        self._seal(self.chance.choice(ready) if ready and self.chance.random() < 0.5 else self.capture())

    def _ready(self) -> list[str]:
        """Drafts that only want to be sealed."""
        office = self.place.office
        drafts = [row.record.record_id for row in records.search(office, "", Filter.DRAFT, 0, 500).rows]
        return [record_id for record_id in drafts if recording.resume(office, record_id).ready]

    def _seal(self, record_id: str) -> None:
        sealed = sealing.seal(self.place.office, record_id).packet
        assert sealed is not None
        self._say(Told.SEALED, record_id, sealed.key.revision, sealed.sha256)

    def purge(self) -> None:
        """A month later the finished packets go."""
        if not self._finished():
            self.seal()
            self.deliver()
        self.clock.pass_time(31 * DAY_S)
        self.listen()
        retention.announce(self.place.office)
        self.clock.pass_time(1.1 * DAY_S)
        self.listen()
        while retention.run(self.place.office).gone:
            pass

    def _finished(self) -> bool:
        return bool(retention.outlook(self.place.office).partings)

    # ---------------------------------------------------------------------------------------------------- delivery

    def deliver(self) -> None:
        """Until central has everything, or does not answer for long."""
        if not self.is_wiped and not self._open_packets():
            self.seal()
        for _ in range(MOST_STEPS):
            wait_s = self.place.engine.step()
            self.show()
            if wait_s > 0:
                if not self._open_packets():
                    break
                self.clock.pass_time(wait_s)
        self.listen()
        if not self.is_wiped:
            healing.catch_up(self.place.office)

    def listen(self) -> None:
        """An hour of news from central."""
        for _ in range(4):
            self.clock.pass_time(900)
            for _ in range(40):
                if self.place.engine.step() > 0:
                    break
        self.show()

    def _open_packets(self) -> bool:
        return self.place.depot.outbox.counts(day_start=self.clock.now()).waiting > 0

    def finish(self) -> None:
        """Everybody who is left a draft is sealed, and central gets everything."""
        for record_id in [] if self.is_wiped else self._ready():
            self._seal(record_id)
        self.deliver()
