"""What a headless engine does, told as it happens: one JSON object on a line. Knows no engine, only what it left.

    started   station, version
    link      as `station status --json` has it, whenever state or reason changes
    lane      as there, whenever condition, trouble or until changes
    settled   record_id, revision, carried, size, receipt_no, received_at
    parked    record_id, revision, carried, size, trouble, request_id
    rejected  record_id, revision, carried, size, reasons
    void      record_id, revision, carried, size
    waiting   packets, bytes: whenever they change
    stopped   packets, bytes that are still waiting

Every object has `event` and `at`. Nothing is told twice in one run, and packets in the order in which they changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from station import __version__
from station.commands.shapes import packet_event, plain_lane, plain_link, time
from station.desk.delivery import delivery
from station.domain.delivery import OutboxItem, Stage
from station.domain.lane import LaneState
from station.domain.ports import Clock
from station.store.depot import Depot

_PAGE = 500


class Teller:
    """Tells what has changed since the last call of `tell`."""

    def __init__(self, depot: Depot, clock: Clock, say: Callable[[str], None]) -> None:
        self._depot, self._clock, self._say = depot, clock, say
        self._change = depot.outbox.newest_change()
        self._settled_before = depot.outbox.keys(Stage.RECEIPTED)
        self._told: dict[str, object] = {}

    def started(self) -> None:
        found = self._depot.enrolment
        self._event("started", station=found.station_id if found else "", version=__version__)

    def tell(self, lanes: Sequence[LaneState]) -> None:
        """Everything that is new."""
        found = delivery(self._depot)
        link = plain_link(found.link)
        if self._is_new("link", (link["state"], link["reason"], link["until"])):
            self._event("link", **link)
        for lane in lanes:
            plain = plain_lane(lane)
            if self._is_new(lane.name.value, (plain["condition"], plain["trouble"], plain["until"])):
                self._event("lane", **plain)
        self._tell_packets()
        waiting = {"packets": found.counts.waiting, "bytes": found.counts.waiting_bytes}
        if self._is_new("waiting", waiting):
            self._event("waiting", **waiting)

    def stopped(self) -> None:
        counts = delivery(self._depot).counts
        self._event("stopped", packets=counts.waiting, bytes=counts.waiting_bytes)

    def _tell_packets(self) -> None:
        while True:
            self._change, items = self._depot.outbox.changed_since(self._change, limit=_PAGE)
            for item in items:
                event = packet_event(item)
                if event is not None and not self._is_old(item) and self._is_new(str(item.key), item.stage):
                    self._event(**event)
            if len(items) < _PAGE:
                return

    def _is_old(self, item: OutboxItem) -> bool:
        """It had its receipt before this run, and central has only said something more about it."""
        return item.stage is Stage.RECEIPTED and item.key in self._settled_before

    def _is_new(self, about: str, value: object) -> bool:
        if self._told.get(about) == value:
            return False
        self._told[about] = value
        return True

    def _event(self, event: str, **members: Any) -> None:
        self._say(json.dumps({"event": event, "at": time(self._clock.now()), **members}))
