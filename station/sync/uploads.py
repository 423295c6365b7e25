"""The upload lane: one chunk of one packet at a step, always from the byte that central has.

Where answers take long, the next packet is put on the line while central still answers for this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from station.domain.delivery import OutboxItem, Progress, Stage
from station.domain.lane import LaneName
from station.domain.outcome import Accepted, Later, Outcome
from station.sync.cargo import Cargo, load
from station.sync.classify import FAILURES, judge_failure, unreadable
from station.sync.lanes import Did, Idle, Shared, Step
from station.sync.networks import Networks
from station.sync.rules import Rules
from station.sync.throttle import Throttle
from station.sync.treatment import take_receipt, treat
from station.sync.under_way import UnderWay
from station.sync.upload import Acknowledged, Flight
from station.sync.watchdog import Patience, Watchdog

FAR_S = 0.25
"""From this round trip on the line would stand still for too long while an answer is waited for."""
SHORT_S = 60.0
"""A packet that takes longer than this has little to gain by it, and the receipt of the one before waits for it."""
LOST_MOST = 3
"""So often a packet sent ahead may be lost in a row; then what is between us and central does not like it."""
ALONG = 1.5
"""A rest of so many times a chunk is still sent as one."""
TELL_EVERY_S = 0.2


class UploadLane:
    """Sends what central wants. What it has in memory only: packets at hand, and what central confirmed in this run."""

    name = LaneName.UPLOADS

    def __init__(
        self, shared: Shared, pause: Callable[[float], object] | None = None, patience: Patience | None = None
    ) -> None:
        """`pause` waits under a cap for so many seconds."""
        self._shared = shared
        self._networks = Networks(shared.depot.memory, shared.client.base_url)
        self._rules = Rules(shared)
        self._throttle = Throttle(shared.clock, pause or shared.client.pause)
        self._patience = patience or Patience()
        self._under_way = UnderWay(shared.client.line, shared.clock)
        self._teller = _Teller(shared)
        self._due: tuple[OutboxItem, ...] = ()
        self._cargo: Cargo | None = None
        self._ahead: Cargo | None = None
        self._lost = 0
        self._open = True
        self._busy_until = 0.0
        self.current: tuple[OutboxItem, ...] = ()

    def due_in_s(self) -> float:
        """Seconds until a packet wants to be sent."""
        return self._shared.packet_due_in_s(Stage.SENDING)

    def wake(self) -> None:
        """Nothing is planned here: what is due says the outbox."""

    def step(self) -> Step:
        self._due = self._shared.depot.outbox.due(Stage.SENDING, now=self._shared.clock.now(), limit=2)
        item = self._turn()
        if item is None:
            return self._idle()
        self.current = (item,)
        closed = self._rules.look()
        self._open = closed is None
        if closed is not None and item.offset < item.size and not self._is_under_way:
            self._teller.nothing()
            return closed
        found = self._advance(item)
        step = self._acknowledged(item, found) if isinstance(found, Acknowledged) else self._ended(item, found)
        if not isinstance(step, Did):
            self._abandon_ahead()  # nobody knows when this lane will come to read its answer
        return step

    def _turn(self) -> OutboxItem | None:
        """Whose turn it is: what was put on the line ahead is answered first."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            row = self._shared.depot.outbox.get(ahead.item.key)
            if row is not None and row.stage is Stage.SENDING and row.upload == ahead.upload:
                self._cargo = ahead
                return row
            self._shared.client.close_line()
        return self._due[0] if self._due else None

    @property
    def _is_under_way(self) -> bool:
        return self._cargo is not None and self._cargo.flight is not None

    def _idle(self) -> Idle:
        self._cargo = None
        self._shared.depot.throughput.flush(self._shared.clock.now())
        return Idle()

    def _advance(self, item: OutboxItem) -> Acknowledged | Outcome:
        """The next thing for this packet: its offset, its next chunk, or its receipt."""
        cargo = self._at_hand(item)
        if not isinstance(cargo, Cargo):
            return cargo
        if cargo.flight is None and cargo.has_to_ask:
            return self._ask(cargo, item)
        try:
            self._arrive_on(self._shared.client.open_line() if cargo.flight is None else None)
        except FAILURES as failure:
            return judge_failure(failure)
        was_ahead = cargo.flight is not None
        with Watchdog(self._shared.client.line, self._patience) as watchdog:
            flight = cargo.flight or self._depart(cargo, watchdog)
            if flight.is_last:
                self._send_ahead(item, watchdog)
            watchdog.handed_over()
            found = flight.arrive(watchdog, self._networks.chunk, self._busy_until)
        if watchdog.barked:
            self._shared.client.network.hang_up()  # the other connections go over the same dead line
        if found is None or (was_ahead and isinstance(found, Later) and found.link):
            return self._lost_on_the_way(cargo, item)
        return self._arrived(cargo, flight, found)

    def _at_hand(self, item: OutboxItem) -> Cargo | Outcome:
        cargo = self._cargo
        if cargo is None or (cargo.item.key, cargo.upload) != (item.key, item.upload):
            self._cargo = None
            found = load(self._shared, item)
            if not isinstance(found, Cargo):
                return found
            cargo = self._cargo = found
        return cargo

    def _arrive_on(self, address: str | None) -> None:
        if address is not None and self._networks.arrived(address):
            self._shared.rate_bps = 0.0
            self._under_way.forget()

    def _depart(self, cargo: Cargo, watchdog: Watchdog) -> Flight:
        chunk, rest = self._networks.chunk.bytes, cargo.item.size - (cargo.offset or 0)
        # A small rest goes along: a request of its own would cost a round trip, and a head.
        most = min(rest if rest <= chunk * ALONG else chunk, self._shared.limits.chunk_bytes)
        self._under_way.begin()
        flight = cargo.depart(self._shared, most, partial(self._pieces, cargo, watchdog))
        self._under_way.end()
        return flight

    def _pieces(self, cargo: Cargo, watchdog: Watchdog, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`, a piece at a time and not faster than the rules allow."""
        line = self._shared.client.line
        while start < end:
            cap = self._rules.cap_bps()
            self._throttle.wait(cap)
            watchdog.piece_taken()
            most = self._under_way.piece_bytes(self._throttle.piece_bytes(cap))
            piece = cargo.data[start : min(start + most, end)]
            self._under_way.wait(len(piece))
            before = line.written
            yield piece
            start += len(piece)
            self._throttle.spent(max(line.written - before, len(piece)))
            self._teller.tell(Progress(cargo.item.key, start, cargo.item.size, self._shared.rate_bps))

    def _send_ahead(self, item: OutboxItem, watchdog: Watchdog) -> None:
        """Put the next packet on the line, if that is worth it: this one's answer is still to come."""
        shared = self._shared
        others = [other for other in self._due if other.key != item.key]
        if not others or not self._open or shared.client.rtt_s < FAR_S or self._lost >= LOST_MOST:
            return
        if shared.client.line.broke or shared.rate_bps <= 0 or others[0].size > shared.rate_bps * SHORT_S:
            return
        cargo = load(shared, others[0])
        if not isinstance(cargo, Cargo) or cargo.has_to_ask:
            return  # in its own turn somebody will see what is the matter
        self._depart(cargo, watchdog)
        self._ahead = cargo

    def _abandon_ahead(self) -> None:
        """Its fate is asked for when its turn comes."""
        if self._ahead is not None:
            self._ahead = None
            self._shared.client.close_line()

    def _lost_on_the_way(self, cargo: Cargo, item: OutboxItem) -> Acknowledged | Outcome:
        """It was put on the line behind another, and the line ended: that is nobody's trouble yet."""
        cargo.flight, cargo.offset = None, None
        self._lost += 1
        return self._ask(cargo, item)

    def _ask(self, cargo: Cargo, item: OutboxItem) -> Acknowledged | Outcome:
        found = cargo.ask(self._shared)
        if isinstance(found, Acknowledged) and found.offset > item.offset:
            self._networks.chunk.kept()  # of a chunk that broke off
        return found

    def _arrived(self, cargo: Cargo, flight: Flight, found: Acknowledged | Outcome) -> Acknowledged | Outcome:
        cargo.flight = None
        now = self._shared.clock.monotonic()
        seconds, self._busy_until = now - max(flight.began, self._busy_until), now
        self._shared.depot.throughput.add(self._shared.clock.now(), 0, 0, seconds)
        if not isinstance(found, Acknowledged):
            return found
        self._lost = 0
        if found.corrected and cargo.corrected:  # twice in a row: it would send us to and fro for ever
            return unreadable(found.answer)
        cargo.corrected = found.corrected
        if not found.corrected:
            self._measure(found.offset - flight.offset, seconds)
        return found

    def _acknowledged(self, item: OutboxItem, found: Acknowledged) -> Step:
        shared = self._shared
        if self._cargo is not None:
            self._cargo.offset = found.offset
        if found.offset != item.offset:
            shared.depot.outbox.advance(item.key, offset=found.offset)
            shared.depot.throughput.add(shared.clock.now(), max(0, found.offset - item.offset), 0, 0.0)
        if self._ahead is None:
            self._teller.tell(Progress(item.key, found.offset, item.size, shared.rate_bps))
        if found.receipt:
            return self._ended(item, take_receipt(shared, item, found.receipt, found.answer))
        return Did()

    def _ended(self, item: OutboxItem, outcome: Outcome) -> Step:
        """This packet is through, or something is in its way."""
        self._cargo = None
        if isinstance(outcome, Accepted):
            self._shared.depot.throughput.add(self._shared.clock.now(), 0, 1, 0.0)
            self._networks.remember()
        else:
            self._teller.nothing()
        return treat(self._shared, self.name, item, outcome)

    def _measure(self, sent: int, seconds: float) -> None:
        rate, before = sent / max(seconds, 0.001), self._shared.rate_bps
        self._shared.rate_bps = rate if before == 0 else 0.7 * before + 0.3 * rate


class _Teller:
    """Tells what the line has taken, at most five times a second."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._told_at: float | None = None
        self._empty = True

    def tell(self, progress: Progress) -> None:
        now = self._shared.clock.monotonic()
        if self._told_at is not None and 0 <= now - self._told_at < TELL_EVERY_S:
            return
        self._told_at, self._empty = now, False
        self._shared.on_progress(progress)

    def nothing(self) -> None:
        """Nothing is on its way."""
        if not self._empty:
            self._empty = True
            self._shared.on_progress(Progress())
