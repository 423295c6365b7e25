"""Plays a plan by one policy and says what came of it. The same seed gives the same run."""

from __future__ import annotations

import random

from station.fleet.agenda import Agenda
from station.fleet.central import FleetCentral
from station.fleet.findings import Findings
from station.fleet.peer import PeerCentral, PeerStation
from station.fleet.plan import DAY_S, Plan, Policy
from station.fleet.station import FleetStation, begin_of


def play(plan: Plan, policy: Policy) -> Findings:
    """Until every station is through, or the plan's horizon. Seeds the random numbers of the program."""
    random.seed(plan.seed)
    return _play_peer(plan) if policy is Policy.PEER else _play_ours(plan, policy)


def _play_ours(plan: Plan, policy: Policy) -> Findings:
    begin_s, within_s = begin_of(plan)
    agenda = Agenda(begin_s)
    central = FleetCentral(plan, agenda, paced=policy is Policy.OURS)
    for number, kbps in enumerate(plan.lines()):
        FleetStation(number, kbps, plan, agenda, central).begin(within_s)
    central.begin()
    _go_on(plan, agenda, central.ledger.drained)
    return Findings(plan, policy, central.ledger)


def _play_peer(plan: Plan) -> Findings:
    agenda = Agenda(0.0)
    central = PeerCentral(plan, agenda)
    for number, kbps in enumerate(plan.lines()):
        PeerStation(number, kbps, plan, agenda, central).begin()
    _go_on(plan, agenda, central.ledger.drained)
    return Findings(plan, Policy.PEER, central.ledger)


def _go_on(plan: Plan, agenda: Agenda, drained: dict[int, float]) -> None:
    """A station is written down when its last batch is promised: what is under way then is waited for."""
    agenda.go_on(plan.horizon_days * DAY_S, over=lambda: len(drained) == plan.stations)
    agenda.go_on(min(max(drained.values(), default=0.0) + 60.0, plan.horizon_days * DAY_S))
