"""A station and its operator: people come, records are sealed, delivered, carried by sticks and neighbours, and tidied.

Whoever stands beside it writes down what the operator was told. Knows no other station and not what comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from station.config import RelaySettings
from station.courier.exporting import export
from station.courier.importing import import_bundle
from station.desk import healing, recording, records, retention, sealing
from station.domain.delivery import Stage
from station.domain.errors import StationError
from station.domain.rows import Filter
from station.relay.circle import Sighting
from station.relay.room import Room
from station.relay.runner import RelayRunner
from station.seal.courier import bundles_in
from tests.relaying import LOOPBACK, PLENTY, GivenSurroundings
from tests.soak.journal import Journal, Line, Told
from tests.soak.kept import lost_of_drafts
from tests.soak.shown import draft_of, kept_of_a_draft
from tests.support import HandClock, Workplace

MOST_ROWS = 100_000


class LivingStation:
    """One station, its clock, its second medium, and what its operator was told."""

    def __init__(self, root: Path, name: str, url: str, code: str, journal: Journal) -> None:
        self.base, self.name, self.journal = root / name, name, journal
        self.base.mkdir()
        self.clock = HandClock()
        self.place = Workplace(self.base / "computer-1", url, self.clock)
        self.place.enrol(code)
        self.moves, self.copies = 1, 0
        self.refused: list[str] = []
        """What the program would not do, by its code."""
        self.kept: list[Line] = []
        """What was shown as kept and has to be here: nothing of before an old copy was put in its place."""
        self._shown: set[str] = set()
        self.open_relay()

    @property
    def folder(self) -> Path:
        return self.place.root

    def open_relay(self) -> None:
        """Carrying for neighbours, on the depot as it is open now."""
        self.around = GivenSurroundings()
        self.runner = RelayRunner(
            self.place.depot,
            RelaySettings(enabled=True, port=0),
            link=lambda: self.place.engine.link,
            clock=self.clock,
            taken=lambda: self.place.engine.wake(),
            surroundings=self.around,
            room=Room(self.place.depot, lambda _path: PLENTY),
        )

    @contextmanager
    def asked(self) -> Iterator[None]:
        """The program may say no, by a code; nothing else may come of what it is asked."""
        try:
            yield
        except StationError as problem:
            self.refused.append(problem.code)

    # ------------------------------------------------------------------------------------------------- the operator

    def record(self, serial: int) -> None:
        """Somebody comes, is recorded, and the operator is told that it is sealed. Or the program says why not."""
        record_id = draft_of(self.place, serial)
        for line in (Line(Told.BEGUN, record_id), *kept_of_a_draft(record_id, serial)):
            self.journal.say(line)
            self.kept.append(line)
        self.seal(record_id)

    def seal(self, record_id: str) -> None:
        packet = sealing.seal(self.place.office, record_id).packet
        assert packet is not None
        self.journal.say(Line(Told.SEALED, record_id, sha256=packet.sha256))
        self.kept = [line for line in self.kept if line.record_id != record_id]

    def lost_drafts(self) -> tuple[str, ...]:
        """What is not there any more of those who were not sealed yet."""
        return lost_of_drafts(self.kept, self.folder, self.place.office.applicants.raw_key.hex()) if self.kept else ()

    def finish_drafts(self) -> None:
        """What was begun and not sealed."""
        for record_id in self.complete():
            with self.asked():
                self.journal.say(Line(Told.BEGUN, record_id))
                for item in recording.resume(self.place.office, record_id).open_captures:
                    recording.confirm(self.place.office, record_id, item.field, item.code, "kemarin sudah diuji")
                self.seal(record_id)

    def complete(self) -> list[str]:
        """Drafts that only want to be sealed. Fingers of another day have to be compared again, or a reason."""
        office = self.place.office
        drafts = [row.record.record_id for row in records.search(office, "", Filter.DRAFT, 0, MOST_ROWS).rows]
        there = [recording.resume(office, record_id) for record_id in drafts]
        return [one.record.record_id for one in there if one.ready or (one.open_captures and not one.missing)]

    def note_settled(self) -> None:
        """What the list shows as delivered, the operator was told."""
        for item in self.place.depot.outbox.page([Stage.RECEIPTED], offset=0, limit=MOST_ROWS):
            if item.carried or item.key.record_id in self._shown:
                continue
            self._shown.add(item.key.record_id)
            self.journal.say(Line(Told.SETTLED, item.key.record_id, item.key.revision, item.sha256))

    def tidy(self) -> int:
        """The daily round of retention; how many packets were destroyed."""
        healing.catch_up(self.place.office)
        retention.announce(self.place.office)
        return retention.run(self.place.office).gone

    # ---------------------------------------------------------------------------------------------------- delivery

    def deliver(self, steps: int, pass_time: Callable[[float], None], longest_s: float = 1800.0) -> None:
        for _ in range(steps):
            wait_s = self.place.engine.step()
            if wait_s > 0:
                pass_time(min(wait_s, longest_s))

    def waiting(self) -> int:
        outbox = self.place.depot.outbox
        return len(outbox.page([Stage.QUEUED, Stage.SENDING], offset=0, limit=MOST_ROWS))

    def stopped(self) -> list[str]:
        """Packets that nobody will send any more."""
        found = self.place.depot.outbox.page([Stage.PARKED, Stage.REJECTED], offset=0, limit=MOST_ROWS)
        return [f"{item.key}: {item.stage.value}" for item in found]

    def give(self, stick: Path) -> None:
        """What waits goes on a stick."""
        export(self.place.depot, stick, clock=self.clock)

    def take(self, stick: Path) -> None:
        """Whatever is on a stick: packets of others, receipts of ours."""
        for path in bundles_in(stick):
            import_bundle(self.place.depot, path, clock=self.clock)

    def meet(self, other: LivingStation) -> None:
        """Both are on one local network for a minute."""
        sides = (self, other)
        for one in sides:
            one.runner.step()
        for one, beside in (sides, sides[::-1]):
            one.around.sightings = [Sighting(LOOPBACK, beside.runner.port)] if beside.runner.port else []
            one.clock.pass_time(60)
            one.runner.step()
            one.around.sightings = []

    # ------------------------------------------------------------------------------------------------- the program

    def restart(self) -> None:
        self.runner.stop()
        self.place.reopen()
        self.open_relay()

    def close(self) -> None:
        self.runner.stop()
        self.place.close()
