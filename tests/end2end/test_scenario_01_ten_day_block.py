"""Ten-day block: two stations work for ten days without central, then a bad line of 128 kbit/s brings everything home.

Time is the test's own: what goes over the line moves the clock, by the bytes that really go over the socket. The suite
sends a few packets a day and multiplies the hours; with STATION_SOAK=1 all 2,500 are sent (2 GB of memory and of disk).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from station.domain.delivery import LinkState, Stage
from station.domain.record import RecordKey
from station.seal.packet import sha256_of
from station.sync import under_way
from station.sync.under_way import MOST_BYTES
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.fakes.central_socket import Answer, Asked
from tests.sending import PunctualCentral, Sender
from tests.support import HandClock
from tests.thinned import SOAKING

STATIONS = 2
WORKING_DAYS, A_DAY = 10, 125
PACKET_BYTES = 750_000
SENT_A_DAY = A_DAY if SOAKING else 2
OPEN_S, DAY_S = (6 if SOAKING else 2) * 3600, 24 * 3600
"""So long the computer is on every day, and looks for central all the while."""

LINE_BPS, USEFUL = 128_000, 0.7
"""Of what the line is called, seven tenths carry what programs hand over; packets, waves and other people take the
rest. The floor of 46.5 hours is made with the same share, see `FLOOR_H`."""
ROUND_TRIP_S = 0.6
GREETING = 3
"""Round trips until a new connection carries the first byte: TCP, TLS and the name."""
CUT_SHARE = 0.2
FLOOR_H = STATIONS * WORKING_DAYS * A_DAY * PACKET_BYTES * 8 / (LINE_BPS * USEFUL) / 3600
MOST_H = 60.0


class BadLine(PunctualCentral):
    """Central behind one line for everybody. One request in five breaks off at any of its bytes, there or back.

    The clock moves by what went over: heads, bodies and answers, a round trip for each request, a greeting for each
    connection; and of an upload that breaks off as much more as a station lets be under way, sent for nothing.
    """

    def __init__(self, clock: HandClock, seed: int) -> None:
        super().__init__(clock)
        self._random = Random(seed)
        self._broken: set[str] = set()  # stations that have to greet again
        self.cuts = self.requests = 0
        self.carried = 0.0
        self.begun_at = self.done_at = 0.0
        """When the first byte of a packet was on the line again, and by when the last packet was accepted."""

    def fault(self, asked: Asked) -> Fault | None:
        """Decided when the head is here, before the body is read."""
        self.requests += 1
        if asked.route == "patch":
            self.begun_at = self.begun_at or self._hand.seconds
        self.asked.clear()  # two gigabytes of them
        head = len(asked.path) + sum(len(name) + len(value) + 4 for name, value in asked.headers.items())
        body, told = int(asked.headers.get("content-length", "0")), 600
        self._pass(ROUND_TRIP_S * (GREETING if asked.station in self._broken else 1))
        self._broken.discard(asked.station)
        if self._random.random() >= CUT_SHARE:
            self._carry(head + body)
            return None
        self.cuts += 1
        self._broken.add(asked.station)
        at = self._random.randrange(head + body + told)
        if at < head:
            self._carry(at)
            return faults.lost_request()
        if at < head + body:
            self._carry(min(at + MOST_BYTES, head + body))
            return faults.cut_upload(at - head)
        self._carry(at)
        return faults.lost_answer()

    def handle(self, asked: Asked) -> Answer:
        before = len(self.accepted)
        answer = super().handle(asked)
        self._carry(len(answer.payload()) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items()))
        if len(self.accepted) > before:  # once in memory is enough
            self.done_at = self._hand.seconds
            self.uploads[asked.path.rsplit("/", 1)[1]].data = self.received[self.accepted[-1]]  # type: ignore[assignment]
        return answer

    def _carry(self, count: float) -> None:
        self.carried += count
        self._pass(count * 8 / (LINE_BPS * USEFUL))

    def _pass(self, seconds: float) -> None:
        self._hand.pass_time(seconds)


class Office:
    """Two stations at one line. They live at the same time: while one waits, the other has the line."""

    def __init__(self, root: Path) -> None:
        self.clock = HandClock()
        self.central = BadLine(self.clock, seed=20261121)
        self.central.start()
        self.senders = [
            Sender(root / f"station-{number}", self.central, self.clock, name=f"station-{number}")
            for number in range(1, STATIONS + 1)
        ]
        self.keys: dict[str, list[RecordKey]] = {sender.name: [] for sender in self.senders}

    @property
    def all_keys(self) -> list[RecordKey]:
        return [key for keys in self.keys.values() for key in keys]

    def live(self, done: Callable[[], bool], most_s: float) -> None:
        """Step whoever does not wait, until `done` or so much time has passed."""
        end = self.clock.seconds + most_s
        due = dict.fromkeys(range(STATIONS), 0.0)
        while not done() and self.clock.seconds < end:
            for number, sender in enumerate(self.senders):
                if due[number] <= self.clock.seconds:
                    due[number] = self.clock.seconds + sender.engine.step()
            if (rest := min(due.values()) - self.clock.seconds) > 0:
                self.clock.pass_time(min(rest, end - self.clock.seconds))

    def work_a_day(self) -> None:
        """People are recorded, central is looked for all the while, and in the evening the computers go off."""
        began = self.clock.seconds
        for sender in self.senders:
            serial = len(self.keys[sender.name])
            self.keys[sender.name] += [
                sender.packet(serial + person + 1, filler=PACKET_BYTES) for person in range(SENT_A_DAY)
            ]
        self.live(lambda: False, OPEN_S)
        for sender in self.senders:
            sender.close()
        self.clock.pass_time(DAY_S - (self.clock.seconds - began))
        for sender in self.senders:
            sender.restart()

    def waiting(self) -> int:
        counts = [sender.depot.outbox.counts(day_start=self.clock.now()) for sender in self.senders]
        return sum(count.waiting for count in counts)

    def link_hours(self, began: float) -> float:
        """From the line's return until all are at central. The line is found again once, after the spread that central
        asks for; each packet costs its time. The second is multiplied when fewer were sent, the first is not.
        """
        found_s, sending_s = self.central.begun_at - began, self.central.done_at - self.central.begun_at
        return (found_s + sending_s * A_DAY / SENT_A_DAY) / 3600


@contextmanager
def office(root: Path) -> Iterator[Office]:
    made = Office(root)
    try:
        yield made
    finally:
        for sender in made.senders:
            sender.close()
        made.central.stop()


@pytest.fixture(autouse=True)
def _the_line_is_looked_at_without_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps little under way looks at the real line, whose clock is not this one's: it would wait for nothing."""
    monkeypatch.setattr(under_way, "LOOK_S", 0.0005)


@pytest.mark.timeout(7200 if SOAKING else 300)
def test_ten_working_days_of_two_stations_without_network_arrive_exactly_once_over_a_line_that_cuts_one_request_in_five(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as both:
        both.central.stop()
        for day in range(WORKING_DAYS):
            both.work_a_day()
            if day % 5 == 4:
                both.clock.pass_time(2 * DAY_S)  # Saturday and Sunday
        _nobody_was_given_up(both)

        both.central.start()
        began = both.clock.seconds
        both.live(lambda: both.waiting() == 0, 10 * DAY_S)
        hours = both.link_hours(began)
        _all_packets_are_there_exactly_once(both)
        _the_counts_are_equal_on_both_sides(both)
        _the_line_was_as_bad_as_it_was_meant_to_be(both)
        assert 46.0 < FLOOR_H < 47.0
        told = f"{hours:.1f} h of {FLOOR_H:.1f} h at least, {both.central.cuts} of {both.central.requests} requests cut"
        print(told)
        assert FLOOR_H < hours <= MOST_H, told


def _nobody_was_given_up(both: Office) -> None:
    for sender in both.senders:
        assert {sender.stage(key) for key in both.keys[sender.name]} == {Stage.QUEUED}
        link = sender.depot.memory.link
        assert link is not None and link.state is LinkState.PORT
    assert both.waiting() == len(both.all_keys) == STATIONS * WORKING_DAYS * SENT_A_DAY


def _all_packets_are_there_exactly_once(both: Office) -> None:
    """Each byte for byte, and for each the receipt that central gave; a line that breaks is nobody's fault."""
    central = both.central
    assert sorted(map(str, central.accepted)) == sorted(map(str, both.all_keys))
    for sender in both.senders:
        for key in both.keys[sender.name]:
            row = sender.row(key)
            assert (row.stage, row.attempts) == (Stage.RECEIPTED, 0)
            assert sha256_of(central.received[key]) == sha256_of(sender.data(key)) == row.sha256
            assert row.receipt == central.receipts[key]


def _the_counts_are_equal_on_both_sides(both: Office) -> None:
    """The stations have asked central by themselves, and both count the same."""

    def compared() -> bool:
        found = [sender.depot.memory.reconciled for sender in both.senders]
        counts = [SENT_A_DAY * WORKING_DAYS] * STATIONS
        return [item.packets if item else 0 for item in found] == counts

    both.live(compared, 2 * DAY_S)
    assert compared()
    for sender in both.senders:
        found = sender.depot.memory.reconciled
        assert found is not None and found.equal
    origins = Counter(_origin(both.senders, key) for key in both.central.accepted)
    assert set(origins.values()) == {SENT_A_DAY * WORKING_DAYS}


def _the_line_was_as_bad_as_it_was_meant_to_be(both: Office) -> None:
    central = both.central
    assert abs(central.cuts / central.requests - CUT_SHARE) < (0.02 if SOAKING else 0.08)
    assert central.cuts > len(both.all_keys) * CUT_SHARE
    assert central.carried > len(both.all_keys) * PACKET_BYTES


def _origin(senders: Sequence[Sender], key: RecordKey) -> str:
    return next(sender.name for sender in senders if sender.depot.outbox.get(key) is not None)
