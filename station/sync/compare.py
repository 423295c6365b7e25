"""One comparison with central, now, without an engine: what a person asks for on the command line."""

from __future__ import annotations

from datetime import timedelta

from station.config import Settings
from station.domain.comparison import Comparison
from station.domain.outcome import Halted, Later, Note, Rejected, Trouble
from station.domain.ports import Clock
from station.store.depot import Depot
from station.sync.client import CentralClient
from station.sync.lanes import Idle, Shared
from station.sync.network import Network
from station.sync.probe import say_hello
from station.sync.reconcile import ReconcileLane
from station.wire import Hello


def compare_now(depot: Depot, settings: Settings, clock: Clock, network: Network | None = None) -> Comparison | Note:
    """Compare all days. What came of it, or why central could not be asked.

    Whoever calls holds the folder's lock for delivery. What central lost is queued; the next delivery sends it.
    """
    enrolment, key = depot.enrolled()
    trusted = enrolment.trusting(settings.central)
    client = CentralClient(enrolment.central_url, settings=trusted, clock=clock, network=network)
    client.identify(key, enrolment.central_id)
    client.clock_offset = timedelta(seconds=depot.memory.clock_offset_s)
    shared = Shared(depot, client, clock)
    try:
        hello = say_hello(shared)
        if not isinstance(hello, Hello):
            return Note(Trouble.MALFORMED) if isinstance(hello, Rejected) else _note(hello)
        return _compared(shared)
    finally:
        client.close()


def _compared(shared: Shared) -> Comparison | Note:
    before, lane = shared.depot.memory.reconciled, ReconcileLane(shared)
    lane.compare_all()
    while not isinstance(result := lane.step(), Idle):
        if isinstance(result, Later | Halted):
            return result.note
    found = shared.depot.memory.reconciled
    # A central that does not compare has left only a line in the notes.
    return found if found is not None and found != before else Note(Trouble.MALFORMED)


def _note(outcome: object) -> Note:
    note = getattr(outcome, "note", None)
    return note if isinstance(note, Note) else Note(Trouble.UNREADABLE)
