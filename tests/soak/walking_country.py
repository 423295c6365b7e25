"""Days of two stations: what people bring, what goes wrong, what is delivered, and what a stranger finds afterwards.

Knows no sabotage and not when it is enough.
"""

from __future__ import annotations

import shutil
from functools import partial

from tests.soak.checker import check
from tests.soak.journal import Line, Told
from tests.soak.land import Land
from tests.soak.tally import Tally
from tests.soak.troubles import READY, Troubles
from tests.soak.walking_station import WalkingStation

DAY_S = 24 * 3600.0
MOST_PEOPLE, MOST_TROUBLES = 1, 6
MOST_BURSTS, BURST = 6, 5
"""Steps of delivery on a line that is good, or breaks once."""
CALM_DAYS = 60
"""So long everything is well in the end. Where it is not over by then, it never will be."""


class Country:
    """What happens in `land`, a day at a time."""

    def __init__(self, land: Land) -> None:
        self._land, self._troubles, self._serial = land, Troubles(land), 0

    # ------------------------------------------------------------------------------------------------------- a day

    def day(self) -> None:
        self._land.days += 1
        self._land.mend_cables()
        for _ in range(self._land.chance.randint(0, MOST_TROUBLES)):
            self._troubles.strike(self._land.chance.choice(self._land.stations))
        for one in self._land.stations:
            self._people_come(one)
            with one.asked():
                self._land.with_power(one, partial(self._deliver, one))
        self._statuses()
        for one in self._land.stations:
            one.note_settled()
            with one.asked():
                self._land.with_power(one, one.tidy)
        self._land.line.behave()
        self._land.line.forget()
        self._land.pass_time(DAY_S / 3)

    def _people_come(self, one: WalkingStation) -> None:
        for _ in range(self._land.chance.randint(0, MOST_PEOPLE)):
            self._serial += 1
            with one.asked():
                self._land.with_power(one, partial(one.record, self._serial))
        if self._land.chance.random() < 0.3:
            one.finish_drafts()

    def _deliver(self, one: WalkingStation) -> None:
        for _ in range(self._land.chance.randint(1, MOST_BURSTS)):
            if self._land.chance.random() < 0.6:
                self._troubles.bad_line()
            one.deliver(BURST, self._land.pass_time)

    def _statuses(self) -> None:
        """Central prints cards: then the days begin to count after which a packet is destroyed at the station."""
        for packet in self._land.server.central.packets():
            known = self._land.server.central.statuses().get(packet.key)
            if known != READY and self._land.chance.random() < 0.5:
                self._land.server.central.say_status(packet.key, READY)

    # ------------------------------------------------------------------------------------------------- what is left

    def judged(self, *, drained: bool = False) -> Tally:
        """What central has lost, and the stations do not know yet, is judged in the end only."""
        self._land.away -= {packet.key.record_id for packet in self._land.server.central.packets()}
        lines = [line for line in self._land.journal.lines() if drained or not self._is_away(line)]
        folders = [one.folder for one in self._land.stations]
        found = check(lines, folders, self._land.folder / "central", drained=drained).tally(0)
        lost = tuple(line for one in self._land.stations for line in (*one.stopped(), *one.lost_drafts()))
        if drained:
            lost += tuple(f"{name}: can never be sealed" for one in self._land.stations for name in one.complete())
        return found + Tally(lost=len(lost), findings=lost)

    def _is_away(self, line: Line) -> bool:
        return line.told is Told.SETTLED and line.record_id in self._land.away

    def calm_down(self) -> None:
        """Everything online, and nothing goes wrong any more."""
        self._land.line.behave()
        self._land.mend_cables(all_of_them=True)
        for one in self._land.stations:
            one.finish_drafts()
        for _ in range(CALM_DAYS):
            for one in self._land.stations:
                one.place.engine.send_now()
                one.deliver(40, self._land.pass_time)
                one.note_settled()
            if not any(one.waiting() for one in self._land.stations) and self._has_all():
                break
            self._land.pass_time(DAY_S / 4)
        for path in self._land.folder.glob("stick-*"):
            shutil.rmtree(path)

    def _has_all(self) -> bool:
        at_central = {packet.key.record_id for packet in self._land.server.central.packets() if not packet.wanted_again}
        return {line.record_id for line in self._land.journal.lines() if line.told is Told.SEALED} <= at_central
