"""One simulated station: the real link, the real keepers of its lanes and the real pacing decide when it does what.

How bytes flow is reckoned: a packet takes the time that its line needs. It knows no other station.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from station.domain.delivery import Link, LinkState
from station.domain.lane import LaneName
from station.domain.outcome import Later, Note, Trouble
from station.fleet.agenda import RETURN, Agenda
from station.fleet.central import FleetCentral
from station.fleet.papers import Papers, Task
from station.fleet.plan import ROUND_TRIP_S, Plan
from station.sync.backoff import AWAY_LONGEST_S, HELLO_EVERY_S
from station.sync.keeper import LaneKeeper
from station.sync.lanes import Did
from station.sync.link import LinkMonitor
from station.sync.pacing import Pacer
from station.wire import MANIFEST_BATCH

AWAY = Later(Note(Trouble.TIMEOUT))
BUSY = Later(Note(Trouble.BUSY, http_status=429))
PLAYED_S = 12 * 3600.0
"""An outage up to so long is played whole."""
WARM_UP_S, FIRST_WITHIN_S = 4 * 3600.0, AWAY_LONGEST_S
"""Of a longer one the last hours, in which each station waits for the longest at least nine times."""


class FleetStation:
    """`number` names it. It has recorded at its even rate all the time, and central has nothing since it went away."""

    def __init__(self, number: int, kbps: float, plan: Plan, agenda: Agenda, central: FleetCentral) -> None:
        self.number, self.name, self._plan, self._agenda, self._central = number, str(number), plan, agenda, central
        self.packet_s = plan.packet_s(kbps)
        went_away = RETURN - timedelta(seconds=plan.away_s)
        state = LinkState.CENTRAL_DOWN if agenda.now() > went_away else LinkState.GOOD
        papers = Papers(Link(state, since=went_away, reason=AWAY.note.trouble, tries=99, last_good_at=went_away))
        self.link = LinkMonitor(papers.as_memory(), agenda, _nothing)
        shared = papers.shared(agenda)
        self._manifests = LaneKeeper(Task(LaneName.MANIFESTS), shared, _nothing)
        self._uploads = LaneKeeper(Task(LaneName.UPLOADS), shared, _nothing)
        self._pacer = Pacer({keeper.name: keeper for keeper in (self._manifests, self._uploads)}, agenda)
        self._promised = self._reported = 0
        self._busy_until = 0.0

    def begin(self, within_s: float) -> None:
        """The first look for central, somewhere `within_s`."""
        self._agenda.plan(random.uniform(0, within_s), self._probe)  # noqa: S311  # no secret

    def _probe(self) -> None:
        if self._agenda.second < 0:
            self.link.failed(AWAY)
            self._agenda.plan(self.link.due_in_s(), self._probe)
            return
        self._central.ledger.contacts.add(self._agenda.second)
        pacing = self._central.pacing
        back = self.link.verified()
        self._pacer.hear(self._agenda.now(), pacing)
        if back.long:
            self._pacer.return_gradually(pacing)
        self._agenda.plan(self._manifests.left_s(), self._offer)

    def _waiting(self) -> int:
        """Packets that central has not been told of."""
        return int((self._agenda.second + self._plan.away_s) * self._plan.live_per_s) - self._promised

    def _offer(self) -> None:
        waiting = self._waiting()
        batch = min(waiting, MANIFEST_BATCH)
        if self.number in self._central.ledger.drained and self._central.takes_flow(self._plan.live_per_s):
            return
        if batch < 1:
            self._agenda.plan(1 / self._plan.live_per_s, self._offer)
            return
        self._tell_of_arrived()
        wait_s = self._central.ask(self.name, range(self._promised, self._promised + batch))
        if wait_s:
            self._manifests.took(replace(BUSY, floor_s=float(wait_s)))
        else:
            self._manifests.took(Did())
            self._send(batch)
            if batch == waiting:
                self._central.ledger.drained.setdefault(self.number, self._busy_until)
        self._agenda.plan(max(self._manifests.left_s(), ROUND_TRIP_S), self._offer)

    def _send(self, batch: int) -> None:
        """What was promised goes up behind what is already going up."""
        late_s = self._central.behind_s()
        if late_s:
            self._uploads.took(replace(BUSY, floor_s=float(late_s)))
        start = max(self._busy_until, self._agenda.second + self._uploads.left_s())
        each_s = self.packet_s + self._central.held_s
        for place in range(1, batch + 1):
            self._central.ledger.arrived.add(start + place * each_s)
        self._busy_until = start + batch * each_s
        self._promised += batch

    def _tell_of_arrived(self) -> None:
        """Central knows what has come; here it is reckoned when somebody asks."""
        under_way = max(0.0, self._busy_until - self._agenda.second) / self.packet_s
        arrived = self._promised - int(under_way + 0.999)
        if arrived > self._reported:
            self._central.arrived(self.name, range(self._reported, arrived))
            self._reported = arrived


def begin_of(plan: Plan) -> tuple[float, float]:
    """From which second on stations are looked at, and within how many seconds each looks for central first.

    Of a short outage all is played. Of a long one only the last hours: once a wait is at its longest, the next one
    depends on chance alone, and after so many of them it does not matter any more when the first was.
    """
    if plan.away_s <= PLAYED_S:
        return -plan.away_s, HELLO_EVERY_S
    return -WARM_UP_S, FIRST_WITHIN_S


def _nothing() -> None:
    pass
