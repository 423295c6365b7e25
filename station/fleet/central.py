"""Central as the fleet meets it: the real admission on the virtual clock, and what it counts. Keeps no packet."""

from __future__ import annotations

from station.central.admission import Admission
from station.fleet.agenda import Agenda
from station.fleet.ledger import Ledger
from station.fleet.plan import Plan
from station.wire import Pacing

NO_PACING = Pacing(spread_s=0, manifest_spread_s=0)


class FleetCentral:
    """With `paced` it admits what the plan says and tells who has to wait; else it takes what comes."""

    def __init__(self, plan: Plan, agenda: Agenda, *, paced: bool) -> None:
        self._plan, self._agenda = plan, agenda
        self.pacing = Pacing() if paced else NO_PACING
        self.ledger = Ledger()
        self.admission = Admission(plan.admit_per_s if paced else None, None, agenda)
        self._flow_per_s = 0.0
        self.held_s = 0.0
        """For how long an answer to a whole packet is held just now."""

    def begin(self) -> None:
        """Look at each second what has come."""
        self._agenda.plan(1.0 - self._agenda.second, self._second)

    def ask(self, station: str, packets: range) -> int:
        """0: the batch of these numbers is wanted. Else in how many seconds it shall be told of again."""
        self.ledger.asked += 1
        keys = [(station, number) for number in packets]
        asked_s = self._work_s(len(keys))
        wait_s = self.admission.ask(station, asked_s, keys)
        if wait_s:
            self.ledger.refused += 1
        else:
            new = self.admission.promise(station, keys, keys)
            self.admission.give_back(asked_s - self._work_s(len(new)))
        return wait_s

    def behind_s(self) -> int:
        """0, or in how many seconds packets may be begun again."""
        wait_s = self.admission.behind_s()
        self.ledger.put_off += wait_s > 0
        return wait_s

    def takes_flow(self, per_s: float) -> bool:
        """A station that is through sends what it records, which need not be played where nobody has to wait."""
        if self.admission.is_open:
            self._flow_per_s += per_s
        return self.admission.is_open

    def arrived(self, station: str, packets: range) -> None:
        self.admission.arrived((station, number) for number in packets)

    def _work_s(self, packets: int) -> float:
        return self.admission.work_s(packets, packets * self._plan.size)

    def _second(self) -> None:
        """What came whole in the second that has just passed is accepted in its turn."""
        now = self._agenda.second
        self.ledger.arrived.add(now - 1, self._flow_per_s)
        came = self.ledger.arrived.at(round(now) - 1)
        if self.admission.is_open:
            self.ledger.accepted.add(now, came)
        else:
            self._accept(now, round(came))
        self._agenda.plan(1.0, self._second)

    def _accept(self, now: float, came: int) -> None:
        """Each by itself, when admission says that it is its turn: two that take the same time show as too many."""
        packet_s = self._work_s(1)
        self.held_s = 0.0
        for number in range(came):
            name = str(number)
            wait_s = self.admission.turn_s(name, packet_s)
            self.admission.over(name, name)
            self.held_s = self.held_s if number else wait_s
            self.ledger.accepted.add_evenly(now + wait_s, packet_s, 1.0)
        self.ledger.longest_hold_s = max(self.ledger.longest_hold_s, self.held_s)
