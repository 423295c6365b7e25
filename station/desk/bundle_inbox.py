"""Target lists that came from central by themselves: what is on its way, and taking in what has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event

from station.desk import rosters
from station.desk.office import Office
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.target import RosterCard
from station.seal.bundle import ROSTER
from station.seal.jws import read_unverified
from station.store.depot import Depot
from station.store.inbox import Arrived, Inbox
from station.store.rosters import Progress
from station.wire import BundleNotice

_STAYS = ("roster.stopped", "roster.busy", "store.closed")
"""An import that somebody ended, also by signing out, or another one that is running: the next list fares no better."""
_WAITS = (*_STAYS, "roster.disk_full", "store.disk_full", "store.reserve", "store.busy")
"""What is no fault of the list: it is tried again as it lies there."""
_HERE_ALREADY = ("roster.older", "roster.same")


@dataclass(frozen=True)
class OnTheWay:
    """A list that central has told of: `have` of `size` bytes are here. `arrived` means that it waits for a sign-in."""

    area: str
    version: int
    have: int
    size: int
    arrived: bool


@dataclass(frozen=True)
class Taken:
    """One list from the inbox: its card, or why it was not taken in."""

    area: str
    version: int
    card: RosterCard | None
    problem: StationError | None


def on_the_way(depot: Depot) -> tuple[OnTheWay, ...]:
    """Lists that are being fetched or wait in the inbox. Needs no sign-in: it says nothing of what is in them."""
    inbox = Inbox(depot.folder)
    coming = [
        OnTheWay(_area(notice.name), notice.version, inbox.size(notice), notice.size, arrived=False)
        for notice in depot.memory.wanted_bundles
    ]
    here = [
        OnTheWay(_area(item.name), item.version, item.body.stat().st_size, item.body.stat().st_size, arrived=True)
        for item in inbox.arrived()
    ]
    return (*here, *coming)


def arrived(depot: Depot) -> bool:
    """True when a list waits to be taken in: cheap enough to ask at every change."""
    return bool(Inbox(depot.folder).arrived())


def take_in(
    office: Office, on_progress: Progress = lambda done, total: None, stop: Event | None = None
) -> tuple[Taken, ...]:
    """Import every list that has arrived, and empty the inbox. Slow: for a worker thread, after every sign-in.

    What is no good is deleted and reported, never raised: central tells of the next version anyway. A delta that cannot
    be used, and a list that this computer's disk has spoilt, are fetched again as a whole. What was stopped, or what
    this computer has no room for, stays for the next time.
    """
    inbox = Inbox(office.depot.folder)
    found: list[Taken] = []
    for item in inbox.arrived():
        found.append(_take(office, inbox, item, on_progress, stop))
        problem = found[-1].problem
        if problem is not None and problem.code in _STAYS:
            break
    note_held(office)
    return tuple(found)


def note_held(office: Office) -> None:
    """Let delivery know which versions are here: after every import, wipe and sign-in.

    Nothing after signing out: the closed lists would say that there are none, and all of them would be fetched again.
    """
    held = {card.area: card.version for card in rosters.cards(office)}
    if not office.rosters.closed and held != office.depot.memory.held_rosters:
        office.depot.memory.held_rosters = held


def _take(office: Office, inbox: Inbox, item: Arrived, on_progress: Progress, stop: Event | None) -> Taken:
    area = _area(item.name)
    try:
        card = rosters.import_parts(office, item.head, item.body, on_progress, stop)
    except StationError as problem:
        if problem.code in _WAITS:
            return Taken(area, item.version, None, problem)
        if _wants_whole(item, problem):
            whole = BundleNotice(name=item.name, version=item.version, whole=True)
            office.depot.memory.want_bundle(whole)  # before: a power cut in between must not lose it
            inbox.remove(item)
            office.depot.memory.want_bundle(whole)  # after: delivery strikes off what lies in the inbox
        else:
            inbox.remove(item)
        return Taken(area, item.version, None, problem)
    inbox.remove(item)
    return Taken(area, item.version, card, None)


def _wants_whole(item: Arrived, problem: StationError) -> bool:
    """True when the whole list may go in where this bundle did not."""
    if problem.code in _HERE_ALREADY:
        return False
    return isinstance(problem, StoreError) or _is_delta(item.head)


def _is_delta(head: str) -> bool:
    """What the head says, believed without its signature: it only decides what is asked of central."""
    try:
        return read_unverified(head).get("base") is not None
    except TrustError:
        return False


def _area(name: str) -> str:
    return name.removeprefix(ROSTER)
