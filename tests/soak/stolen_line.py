"""A station, a central, and a thief of answers between them: each move is one thing that happens. One clock for all."""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

from station.central.courier_command import opened
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.courier.exporting import export
from station.desk import sealing
from station.domain.delivery import Stage
from station.domain.errors import StationError
from station.seal.courier import bundles_in
from station.wire import Limits
from tests.fakes.central_socket import ROUTES
from tests.registers import a_file, row
from tests.soak.answer_thief import AnswerThief
from tests.soak.checker import check
from tests.soak.journal import Journal, Line, Told
from tests.soak.older_central import lose
from tests.soak.shown import draft_of, kept_of_a_draft
from tests.soak.tally import Tally
from tests.support import HandClock, Workplace

CHUNK = 64 * 1024
"""More than any packet of these has: the answer to an upload is central's word that it has all of it."""
COURIER = "courier"
NOT_OF_THE_ENGINE = {"stations", "delete"}
"""Enrolment has tests of its own, and no station deletes an upload."""
KINDS = (*(name for name in ROUTES if name not in NOT_OF_THE_ENGINE), COURIER)
OF_RECORDS = ("manifests", "patch", "receipts", COURIER)
"""Answers by which a station learns what became of a record: these are the cuts."""
STOLEN, STOLEN_OF_THE_BEHIND, STOLEN_OF_OTHERS = 0.35, 0.7, 0.1
"""How often an answer about records is stolen; of a kind that is behind the others; of what is about none."""
AREA = "99.01.01"
DRAIN_STEPS = 20_000
CUTS_A_RECORD = 3
"""About so many answers are stolen until the next record is sealed: what nobody was promised proves nothing."""
LOOK_EVERY = 8
"""So many moves after each other before somebody compares."""


class StolenLine:
    """A station, a central, a thief between them, and one clock."""

    def __init__(self, folder: Path, chance: random.Random, stack: ExitStack) -> None:
        self.folder, self.chance, self.clock = folder, chance, HandClock()
        self._thieving = random.Random(chance.random())
        self.journal = Journal(folder / "journal")
        options = CentralOptions(training=True, limits=Limits(chunk_bytes=CHUNK))
        self.server = CentralServer(folder / "central", options=options, clock=self.clock)
        self.server.start()
        stack.callback(self.server.stop)
        self.thief = AnswerThief(self.server.port, steals=self._steals)
        stack.enter_context(self.thief)
        self.place = Workplace(folder / "station", f"http://127.0.0.1:{self.thief.port}", self.clock)
        stack.callback(lambda: self.place.close())
        self.open = False
        self.place.enrol(self.server.central.new_code())
        self.open = True
        self.serial, self.sealed, self.sticks = 0, 0, 0
        self._shown: set[str] = set()
        self._away: set[str] = set()
        """Records whose rows central has lost since they were shown as delivered."""

    @property
    def cuts(self) -> int:
        return sum(self.thief.stolen[kind] for kind in OF_RECORDS)

    def _steals(self, kind: str) -> bool:
        """Kinds that were hit less than others are hit more often. Asked from the relay's threads."""
        if not self.open or kind not in KINDS:
            return False
        if kind not in OF_RECORDS:
            return self._thieving.random() < STOLEN_OF_OTHERS
        behind = self.thief.stolen[kind] * len(OF_RECORDS) < self.cuts
        return self._thieving.random() < (STOLEN_OF_THE_BEHIND if behind else STOLEN)

    # ---------------------------------------------------------------------------------------------------- one move

    def move(self) -> None:
        moves = {
            self.seal: 5, self.deliver: 16, self.restart_station: 2, self.restart_central: 2, self.make_list: 2,
            self.lose_at_central: 1, self.stick: 3, self.switch_verification: 3, self.an_hour_passes: 4,
        }  # fmt: skip
        behind = self.sealed * CUTS_A_RECORD <= self.cuts
        (self.seal if behind else self.chance.choices(list(moves), list(moves.values()))[0])()
        self._note_settled()

    def seal(self) -> None:
        self.serial += 1
        record_id = draft_of(self.place, self.serial)
        self.journal.say(Line(Told.BEGUN, record_id))
        for line in kept_of_a_draft(record_id, self.serial):
            self.journal.say(line)
        packet = sealing.seal(self.place.office, record_id).packet
        assert packet is not None
        self.journal.say(Line(Told.SEALED, record_id, sha256=packet.sha256))
        self.sealed += 1

    def deliver(self) -> None:
        for _ in range(self.chance.randrange(2, 25)):
            self.clock.pass_time(min(self.place.engine.step(), 1800))

    def restart_station(self) -> None:
        self.place.reopen()

    def restart_central(self) -> None:
        self.server.kill()
        self.server.start()

    def make_list(self) -> None:
        """A new target list: a bundle and its signature are asked for."""
        self.serial += 1
        path = a_file(self.folder / "register.csv", row(self.serial))
        self.server.central.rosters.import_csv(path, AREA, "Uji", 30, lambda _problem: None, accept_losses=True)

    def lose_at_central(self) -> None:
        """An older backup was put back there: the station finds out by comparing, and sends again."""
        known = self.server.central.packets()
        if not known:
            return
        lost = self.chance.choice(known).key
        lose(self.server.central, lost)
        self._away.add(lost.record_id)
        self.place.engine.send_now()

    def stick(self) -> None:
        """Central takes a stick in, and the one with its receipts never comes home."""
        out = self.folder / f"out{self.sticks}"
        self.sticks += 1
        out.mkdir()
        try:
            export(self.place.depot, out, clock=self.clock)
        except StationError as problem:
            assert problem.code == "courier.nothing", problem.code
            return
        self.take_in(out)

    def take_in(self, out: Path) -> None:
        with opened(self.folder / "central", training=True, clock=self.clock) as courier:
            for path in bundles_in(out):
                courier.take(path)
                self.thief.stolen[COURIER] += 1

    def switch_verification(self) -> None:
        """While central looks at packets later, the station has to ask for its receipts."""
        central = self.server.central
        self.chance.choice([central.hold_verification, central.resume_verification])()

    def an_hour_passes(self) -> None:
        self.clock.pass_time(3600)
        self.place.engine.send_now()

    # --------------------------------------------------------------------------------------------- what came of it

    def _note_settled(self) -> None:
        """What the list shows as delivered, the operator was told."""
        outbox = self.place.depot.outbox
        for item in outbox.page([Stage.RECEIPTED], offset=0, limit=100_000):
            if item.key.record_id not in self._shown:
                self._shown.add(item.key.record_id)
                self.journal.say(Line(Told.SETTLED, item.key.record_id, sha256=item.sha256))

    def judged(self, *, drained: bool = False) -> Tally:
        """What central has lost, and the station does not know yet, is judged in the end only."""
        at_central = {packet.key.record_id for packet in self.server.central.packets()}
        self._away -= at_central
        lines = [
            line
            for line in self.journal.lines()
            if drained or line.told is not Told.SETTLED or line.record_id not in self._away
        ]
        central = self.folder / "central"
        return check(lines, [self.folder / "station"], central, drained=drained).tally(0)

    def mend_and_drain(self) -> None:
        """Nobody steals any more."""
        self.open = False
        self.server.central.resume_verification()
        self.place.reopen()
        self.place.engine.send_now()
        for _ in range(DRAIN_STEPS):
            wait_s = self.place.engine.step()
            if wait_s > 0:
                waiting = self.place.depot.outbox.counts(day_start=self.clock.now()).waiting
                there = len(self.server.central.packets())
                if waiting == 0 and there >= self._promised():
                    break
                self.clock.pass_time(wait_s)
        self._note_settled()

    def _promised(self) -> int:
        return len({line.record_id for line in self.journal.lines() if line.told is Told.SEALED})
