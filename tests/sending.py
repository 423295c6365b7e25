"""A station that only sends: real depot, engine and HTTP toward the fake central, with packets made without a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from station.config import CentralSettings, Settings, SyncSettings
from station.domain.delivery import LinkState, OutboxItem, Stage
from station.domain.ids import new_record_id
from station.domain.lane import LaneName, LaneState
from station.domain.outcome import Trouble
from station.domain.power import Charge
from station.domain.record import RecordKey
from station.seal.body import Body, close_body, recipient_of
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, sha256_of
from station.store.depot import Depot, outbox_item
from station.store.enrolment import Enrolment, save_enrolment
from station.store.station_key import save_station_key
from station.sync.client import CentralClient
from station.sync.engine import Engine
from station.sync.lanes import Shared
from station.sync.line import Line
from station.sync.network import Network
from station.wire import Limits, PacketManifest
from tests.certificates import certificate
from tests.fakes.central import FakeCentral
from tests.support import HandClock, good_answers

STATION = "station-uji"
SETTINGS = Settings(sync=SyncSettings(changes_every_s=20))


@cache
def _prepared() -> tuple[bytes, bytes]:
    """An empty outbox, and a list of one authority: made once, for hundreds of these stations are opened."""
    with TemporaryDirectory() as name:
        Depot(Path(name)).close()
        chain, _ = certificate(Path(name))
        return (Path(name) / "outbox.db").read_bytes(), chain.read_bytes()


class PunctualCentral(FakeCentral):
    """A fake central whose clock is the test's, plus `clock_ahead`."""

    def __init__(self, clock: HandClock, limits: Limits | None = None) -> None:
        super().__init__(limits=limits)
        self._hand = clock

    def now(self) -> datetime:
        return self._hand.now() + self.clock_ahead


@dataclass
class Sender:
    """One enrolled station that nobody signs in to. `restart` is a new process on the same folder."""

    root: Path
    central: FakeCentral
    clock: HandClock
    url: str = ""
    network: Network = field(default_factory=Network)
    addresses: tuple[str, ...] = ("192.0.2.7",)
    """By which this computer would go out; () when there is no network at all."""
    charge: Charge | None = None
    """What its battery has left."""
    name: str = STATION

    def __post_init__(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            outbox, authority = _prepared()
            (self.root / "outbox.db").write_bytes(outbox)
            (self.root / "authority.pem").write_bytes(authority)
        self.settings = SETTINGS.model_copy(update={"central": CentralSettings(ca_file=self.root / "authority.pem")})
        self.depot = Depot(self.root)
        self._engine: Engine | None = None
        if self.depot.enrolment is None:
            self._enrol()
        self.enrolment, self.key = self.depot.enrolled()

    def _enrol(self) -> None:
        key = SigningKey.generate(self.name)
        save_station_key(self.depot.folder, key)
        enrolment = Enrolment(
            station_id=self.name,
            station_name="Uji",
            office="99.01.01",
            central_url=self.url or self.central.url,
            central_id=self.central.central_id,
            central_name="Fake",
            signing_keys=(self.central.key.public,),
            sealing_recipients=(recipient_of(self.central.identity),),
            training=True,
        )
        save_enrolment(self.depot.folder, enrolment)
        self.central.know(self.name, key.public)
        self.depot.load_enrolment()

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            line = Line(lambda: self.addresses)
            self._engine = Engine(
                self.depot,
                self.settings,
                clock=self.clock,
                network=self.network,
                line=line,
                charge=lambda: self.charge,
            )
        return self._engine

    def shared(self) -> Shared:
        """What a lane alone needs."""
        client = CentralClient(
            self.enrolment.central_url, settings=self.settings.central, clock=self.clock, network=self.network
        )
        client.identify(self.key, self.enrolment.central_id)
        return Shared(self.depot, client, self.clock, limits=self.central.limits)

    def packet(self, serial: int = 1, *, filler: int = 0, **answers: str) -> RecordKey:
        """A good packet on disk and in the outbox; `answers` change the form, `filler` makes it larger."""
        now = self.clock.now()
        key = RecordKey(new_record_id(now), 1)
        record = {"form_version": 1, "kind": "rekam_baru", "answers": good_answers(serial) | answers, "warnings": []}
        body = close_body(Body(record, [], [], {"text": "x" * filler}), self.enrolment.sealing_recipients)
        manifest = PacketManifest(
            record_id=key.record_id,
            revision=key.revision,
            station_id=self.name,
            office="99.01.01",
            operator_id="op-1",
            kind="rekam_baru",
            sealed_at=now,
            sequence=serial,
            body_sha256=sha256_of(body),
            body_size=len(body),
        )
        data = make_packet(manifest, body, self.key)
        self.depot.packets.write(key, data)
        self.depot.outbox.add(outbox_item(data, key, self.key))
        self.clock.pass_time(1)  # sealed one after another: the order of sending is the order of sealing
        return key

    def data(self, key: RecordKey) -> bytes:
        return self.depot.packets.read(key)

    def row(self, key: RecordKey) -> OutboxItem:
        found = self.depot.outbox.get(key)
        assert found is not None
        return found

    def stage(self, key: RecordKey) -> Stage:
        return self.row(key).stage

    def trouble(self, key: RecordKey) -> Trouble | None:
        note = self.row(key).last_note
        return note.trouble if note else None

    @property
    def link(self) -> LinkState:
        return self.engine.link.state

    def lane(self, name: LaneName) -> LaneState:
        """What this lane is doing."""
        return next(state for state in self.engine.lanes if state.name is name)

    def settle_down(self, most: int = 120) -> float:
        """Step until the engine wants to wait; how long. Whoever never wants to is in a hot loop."""
        for _ in range(most):
            wait_s = self.engine.step()
            if wait_s > 0:
                return wait_s
        raise AssertionError("the engine never wants to wait: a hot loop")

    def live(self, seconds: float, *, nap_s: float = 0) -> None:
        """Let `seconds` pass as the engine's thread would: step, wait as long as it says, step.

        With `nap_s` as one that sleeps at least so long: hours of it cost less.
        """
        end = self.clock.seconds + seconds
        for _ in range(20_000):
            wait_s = min(max(self.settle_down(), nap_s), end - self.clock.seconds)
            if wait_s <= 0:
                return
            self.clock.pass_time(wait_s)
        raise AssertionError("the engine wakes far too often")

    def until(self, done: Callable[[], bool], *, hours: float = 48, nap_s: float = 0) -> None:
        """Live until `done`; with `nap_s` as an engine that sleeps at least so long."""
        end = self.clock.seconds + hours * 3600
        while not done():
            assert self.clock.seconds < end, "it never came to that"
            self.clock.pass_time(max(self.settle_down(), nap_s))

    def delivered(self, *keys: RecordKey) -> bool:
        return all(self.stage(key) is Stage.RECEIPTED for key in keys)

    def deliver(self, *keys: RecordKey, nap_s: float = 20) -> None:
        self.until(lambda: self.delivered(*keys), nap_s=nap_s)

    def assert_once(self, *keys: RecordKey) -> None:
        """Central has each packet exactly once, byte for byte, and the station a receipt for it."""
        assert sorted(map(str, self.central.accepted)) == sorted(map(str, keys))
        for key in keys:
            assert self.central.received[key] == self.data(key)
            assert self.row(key).receipt == self.central.receipts[key]

    def requests(self) -> int:
        return len(self.central.asked)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.stop()
            self._engine = None
        self.depot.close()

    def restart(self) -> None:
        self.close()
        self.network = Network()
        self.__post_init__()


@contextmanager
def sending(root: Path, limits: Limits | None = None) -> Iterator[Sender]:
    """A station and its fake central, with one clock for both."""
    clock = HandClock()
    with PunctualCentral(clock, limits) as central:
        sender = Sender(root / "station", central, clock)
        try:
            yield sender
        finally:
            sender.close()
