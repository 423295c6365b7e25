"""Stations of one office that carry for each other: real depots, real TLS on loopback; who is near is told by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from station.config import RelaySettings
from station.domain.delivery import Link, LinkState, OutboxItem, Stage
from station.domain.ids import new_record_id
from station.domain.outcome import Accepted
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.relay.circle import Sighting
from station.relay.room import DiskUsage, Room
from station.relay.runner import RelayRunner
from station.relay.surroundings import Ears, Surroundings
from station.seal.body import Body, close_body, new_identity, recipient_of
from station.seal.card import StationCard, sign_card
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, sha256_of
from station.seal.receipts import issue_receipt
from station.store.depot import Depot, outbox_item
from station.store.enrolment import Enrolment, save_enrolment
from station.store.station_key import save_station_key
from station.wire import PacketManifest, Receipt
from tests.support import TODAY, HandClock, good_answers

OFFICE = "99.01.01"
LOOPBACK = "127.0.0.1"
PLENTY = DiskUsage(total=100 * 2**30, free=90 * 2**30)


@cache
def _empty_outbox() -> bytes:
    with TemporaryDirectory() as name:
        Depot(Path(name)).close()
        return (Path(name) / "outbox.db").read_bytes()


@dataclass
class Authority:
    """A central that is only its keys: it signs cards and receipts."""

    central_id: str = "central-99"
    key: SigningKey = field(default_factory=lambda: SigningKey.generate("c1"))
    recipient: str = field(default_factory=lambda: recipient_of(new_identity()))

    def card(self, station: SigningKey, office: str = OFFICE, *, key: SigningKey | None = None) -> str:
        """A card for `station`; with `key` it names somebody else's."""
        public = (key or station).public.model_copy(update={"kid": station.kid})
        return sign_card(
            self.key,
            StationCard(
                station_id=station.kid,
                name=f"Stasiun {station.kid}",
                office=office,
                public_key=public,
                central_id=self.central_id,
                issued_at=TODAY,
            ),
        )

    def receipt(self, item: OutboxItem, **changed: object) -> str:
        """A receipt for a packet."""
        members = {
            "record_id": item.key.record_id,
            "revision": item.key.revision,
            "origin": item.origin,
            "sha256": item.sha256,
            "size": item.size,
            "received_at": TODAY,
            "receipt_no": "R-1",
            "central_id": self.central_id,
        }
        return issue_receipt(self.key, Receipt.model_validate(members | changed))


class GivenEars:
    """What mDNS would have heard. `said` is what was announced."""

    def __init__(self, addresses: tuple[str, ...], around: GivenSurroundings) -> None:
        self.addresses = addresses
        self._around = around

    def announce(self, port: int) -> None:
        self._around.announced = port

    def look(self) -> None:
        self._around.looked = True

    def keep(self, proven: Collection[Sighting]) -> None:
        self._around.proven = tuple(proven)

    def sightings(self) -> tuple[Sighting, ...]:
        return tuple(self._around.sightings)

    def close(self) -> None:
        self._around.announced, self._around.looked = 0, False


class GivenSurroundings(Surroundings):
    """A local network on loopback where a test says who is there."""

    loopback = True

    def __init__(self) -> None:
        self.sightings: list[Sighting] = []
        self.proven: tuple[Sighting, ...] = ()
        self.announced = 0
        self.looked = False

    def addresses(self) -> tuple[str, ...]:
        return (LOOPBACK,)

    def listen(self, enrolment: Enrolment, addresses: tuple[str, ...]) -> Ears:
        return GivenEars(addresses, self)


@dataclass
class Fellow:
    """One enrolled station with its depot, and its relay moved by hand. `restart` is a new process on the folder."""

    root: Path
    authority: Authority
    name: str
    office: str = OFFICE
    training: bool = False
    clock: Clock = field(default_factory=HandClock)
    link_state: LinkState = LinkState.GOOD

    def __post_init__(self) -> None:
        self.usage = PLENTY
        self.around = GivenSurroundings()
        self.taken = 0
        fresh = not self.root.exists()
        if fresh:
            self.root.mkdir(parents=True)
            (self.root / "outbox.db").write_bytes(_empty_outbox())
            self._enrol()
        self.depot = Depot(self.root)
        self.enrolment, self.key = self.depot.enrolled()
        self.runner = self._make_runner()

    def _enrol(self) -> None:
        key = SigningKey.generate(self.name)
        authority = self.authority
        depot = Depot(self.root)
        save_station_key(depot.folder, key)
        save_enrolment(
            depot.folder,
            Enrolment(
                station_id=self.name,
                station_name="Uji",
                office=self.office,
                central_url="http://127.0.0.1:9",
                central_id=authority.central_id,
                central_name="Contoh",
                signing_keys=(authority.key.public,),
                sealing_recipients=(authority.recipient,),
                training=self.training,
                card=authority.card(key, self.office),
            ),
        )
        depot.close()

    def _make_runner(self) -> RelayRunner:
        return RelayRunner(
            self.depot,
            RelaySettings(enabled=True, port=0),
            link=self.link,
            clock=self.clock,
            taken=self._note_taken,
            surroundings=self.around,
            room=Room(self.depot, lambda _path: self.usage),
        )

    def _note_taken(self) -> None:
        self.taken += 1

    def link(self) -> Link:
        return Link(self.link_state, since=TODAY)

    def packet(self, serial: int = 1, *, filler: int = 0) -> RecordKey:
        """A good packet, sealed and queued."""
        now = self.clock.now()
        key = RecordKey(new_record_id(now), 1)
        record = {"form_version": 2, "kind": "rekam_baru", "answers": good_answers(serial), "warnings": []}
        body = close_body(Body(record, [], [], {"text": "x" * filler}), self.enrolment.sealing_recipients)
        self.depot.packets.write(key, make_packet(self.manifest(key, body, now, serial), body, self.key))
        self.depot.outbox.add(outbox_item(self.depot.packets.read(key), key, self.key))
        if isinstance(self.clock, HandClock):
            self.clock.pass_time(1)
        return key

    def manifest(self, key: RecordKey, body: bytes, now: datetime, serial: int) -> PacketManifest:
        return PacketManifest(
            record_id=key.record_id,
            revision=key.revision,
            station_id=self.name,
            office=self.office,
            operator_id="op-1",
            kind="rekam_baru",
            sealed_at=now,
            sequence=serial,
            body_sha256=sha256_of(body),
            body_size=len(body),
        )

    def row(self, key: RecordKey) -> OutboxItem:
        found = self.depot.outbox.get(key)
        assert found is not None
        return found

    def carries(self, key: RecordKey) -> bool:
        """True when this station has that packet of another, whole."""
        found = self.depot.outbox.get(key)
        return found is not None and found.carried and self.depot.carried.folder.intact(key, found.sha256)

    def central_confirms(self, key: RecordKey, **changed: object) -> str:
        """As if this station had sent it: a receipt lies here."""
        token = self.authority.receipt(self.row(key), **changed)
        self.depot.outbox.settle(key, Accepted(token, "R-1", TODAY))
        return token

    def serve(self) -> Sighting:
        """Open for neighbours; where."""
        self.runner.step()
        assert self.runner.port
        return Sighting(LOOPBACK, self.runner.port, self.name)

    def go_round(self) -> None:
        """One round an hour later: nobody rests so long."""
        assert isinstance(self.clock, HandClock)
        self.clock.pass_time(3600)
        self.runner.step()

    def close(self) -> None:
        self.runner.stop()
        self.depot.close()

    def restart(self) -> None:
        self.close()
        sightings = self.around.sightings
        self.__post_init__()
        self.around.sightings = sightings


Make = Callable[..., Fellow]


@contextmanager
def fellows(root: Path) -> Iterator[Make]:
    """Makes stations; all are closed at the end."""
    made: list[Fellow] = []

    def make(name: str, authority: Authority, **given: object) -> Fellow:
        made.append(Fellow(root / name, authority, name, **given))  # type: ignore[arg-type]
        return made[-1]

    try:
        yield make
    finally:
        for one in made:
            one.close()


def stage(fellow: Fellow, key: RecordKey) -> Stage:
    return fellow.row(key).stage
