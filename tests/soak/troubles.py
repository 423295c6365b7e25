"""What may go wrong at a station, at central and on every way between them: one thing at a time, by chance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from station.central.courier_command import opened
from station.seal.courier import bundles_in
from tests.soak.land import LAST_PLACE, Land
from tests.soak.older_central import lose
from tests.soak.walking_station import DATABASES, WalkingStation

READY = "PRINT_READY_RECORD"
MOST_BYTES = 20_000
"""A line breaks after so many bytes at most; a packet has some 16 KB."""
MOST_DAYS_WITHOUT_CABLE = 4
JUMPS = (-2.0, -1.0, -0.1, 0.1, 1.0, 2.0)
"""Days by which a clock is wrong suddenly."""


class Troubles:
    """They strike in `land`. What was not possible just then is not counted, nor what happens on any good day."""

    def __init__(self, land: Land) -> None:
        self._land = land

    def strike(self, one: WalkingStation) -> None:
        """One thing that goes wrong at `one`, or between it and the others."""
        troubles: dict[Callable[[WalkingStation], object], int] = {
            self._cable_out: 2, self._restart: 2, self._copy_aside: 2, self._old_copy_back: 2, self._outbox_lost: 1,
            self._back_up: 3, self._computer_burns: 1, self._clock_jumps: 1, self._central_loses: 1,
            self._central_restarts: 1, self._sticks: 4, self._neighbours: 3, self._wanted_again: 1,
        }  # fmt: skip
        what = self._land.chance.choices(list(troubles), list(troubles.values()))[0]
        with one.asked():
            self._land.done += what(one) is not False

    def bad_line(self) -> None:
        self._land.line.reset = self._land.chance.random() < 0.5
        match self._land.chance.randrange(3):
            case 0:
                self._land.line.lose_answer()
            case 1:
                self._land.line.cut_answer_at(self._land.chance.randint(0, MOST_BYTES))
            case _:
                self._land.line.cut_request_at(self._land.chance.randint(0, MOST_BYTES))

    def _cable_out(self, one: WalkingStation) -> None:
        one.place.network.cut()
        self._land.cable_back[one.name] = self._land.days + self._land.chance.randint(1, MOST_DAYS_WITHOUT_CABLE)

    def _restart(self, one: WalkingStation) -> bool:
        one.restart()
        return False

    def _copy_aside(self, one: WalkingStation) -> bool:
        one.keep_copy(self._land.chance.choice(DATABASES))
        return False

    def _old_copy_back(self, one: WalkingStation) -> bool:
        return one.put_copy_back(self._land.chance.choice(DATABASES))

    def _outbox_lost(self, one: WalkingStation) -> None:
        one.lose_outbox()

    def _back_up(self, one: WalkingStation) -> bool:
        return one.lose_power(self._land.chance.randint(1, LAST_PLACE), one.back_up)

    def _computer_burns(self, one: WalkingStation) -> bool:
        return one.move_computer()

    def _clock_jumps(self, one: WalkingStation) -> None:
        one.clock_jumps(self._land.chance.choice(JUMPS))

    def _central_restarts(self, _one: WalkingStation) -> None:
        self._land.server.kill()
        self._land.server.start()

    def _central_loses(self, _one: WalkingStation) -> bool:
        """An older backup was put back there. Of what is destroyed here already it has a newer one: nobody else has."""
        here = {key for one in self._land.stations for key in one.place.depot.packets.all_keys()}
        fresh = [packet.key for packet in self._land.server.central.packets() if packet.key in here]
        fresh = [key for key in fresh if self._land.server.central.statuses().get(key) != READY]
        if not fresh:
            return False
        lost = self._land.chance.choice(fresh)
        lose(self._land.server.central, lost)
        self._land.away.add(lost.record_id)
        return True

    def _wanted_again(self, _one: WalkingStation) -> bool:
        here = {key for one in self._land.stations for key in one.place.depot.packets.all_keys()}
        found = [packet.key for packet in self._land.server.central.packets() if packet.key in here]
        if found:
            self._land.server.central.ask_again(self._land.chance.choice(found))
        return False

    def _neighbours(self, one: WalkingStation) -> bool:
        other = self._land.beside(one)
        one.meet(other)
        return False

    def _sticks(self, one: WalkingStation) -> bool:
        """A stick goes out, to central or to the other station, and back. Lost, or taken in twice, it is a trouble."""
        stick = self._land.new_stick()
        self._land.with_power(one, partial(one.give, stick))
        times_taken = self._land.chance.choice([0, 1, 1, 2])
        for times in range(times_taken):
            other = self._land.beside(one)
            if self._land.chance.random() < 0.3:
                self._land.with_power(other, partial(other.take, stick))
            else:
                self._central_takes(stick, lost=self._land.chance.random() < 0.3, times=times)
        return times_taken != 1

    def _central_takes(self, stick: Path, *, lost: bool, times: int) -> None:
        back = self._land.new_stick()
        with opened(self._land.folder / "central", training=True, clock=self._land.clock) as courier:
            for path in bundles_in(stick):
                taken = courier.take(path)
                for station_id, receipts in taken.receipts.items():
                    courier.write_words(back, station_id, courier.going(receipts, []))
        for one in self._land.stations:
            for _ in range(0 if lost else 1 + times):
                with one.asked():
                    one.take(back)
