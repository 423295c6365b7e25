"""Stations of one central that have no network: real folders, keys and packets, and central's keys to sign with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from station.domain.delivery import OutboxItem
from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.seal.body import new_identity, recipient_of
from station.seal.card import StationCard, sign_card
from station.seal.jws import SigningKey
from station.seal.key_change import EVERY_STATION, sign_key_change
from station.seal.packet import make_packet, sha256_of
from station.seal.receipts import issue_receipt
from station.seal.refusals import SignedRefusal, sign_refusal
from station.store.depot import Depot, outbox_item
from station.store.enrolment import Enrolment, save_enrolment
from station.store.station_key import save_station_key
from station.wire import PacketManifest, Receipt, SignedKeys
from tests.support import TODAY, HandClock

CENTRAL_ID = "central-uji"
OFFICE = "99.01.01"


@cache
def _empty_outbox() -> bytes:
    """Made once: opening one takes a tenth of a second."""
    with TemporaryDirectory() as name:
        Depot(Path(name)).close()
        return (Path(name) / "outbox.db").read_bytes()


@dataclass
class Signer:
    """Central as far as a stick can bring it: its key, its cards, its receipts."""

    central_id: str = CENTRAL_ID
    key: SigningKey = field(default_factory=lambda: SigningKey.generate("c1"))
    identity: str = field(default_factory=new_identity)
    given: int = 0

    def card(self, station_id: str, key: SigningKey, name: str = "Uji", issued_at: datetime = TODAY) -> str:
        card = StationCard(
            station_id=station_id,
            name=name,
            office=OFFICE,
            public_key=key.public,
            central_id=self.central_id,
            issued_at=issued_at,
        )
        return sign_card(self.key, card)

    def receipt(self, item: OutboxItem, **other: object) -> str:
        """The receipt of a packet; `other` members make it a wrong one."""
        self.given += 1
        members = {
            "record_id": item.key.record_id,
            "revision": item.key.revision,
            "origin": item.origin,
            "sha256": item.sha256,
            "size": item.size,
            "received_at": TODAY,
            "receipt_no": f"{self.central_id}-{self.given:08d}",
            "central_id": self.central_id,
        }
        return issue_receipt(self.key, Receipt.model_validate(members | other))

    def refusal(self, item: OutboxItem, **other: object) -> str:
        """The refusal of a packet; `other` members make it a wrong one."""
        members = {
            "refusal": 1,
            "record_id": item.key.record_id,
            "revision": item.key.revision,
            "origin": item.origin,
            "sha256": item.sha256,
            "reasons": ({"code": "nik.unknown", "field": "nik", "detail": "NIK"},),
            "at": TODAY,
            "central_id": self.central_id,
        }
        return sign_refusal(self.key, SignedRefusal.model_validate(members | other))

    def roll(self, *, hours: int) -> str:
        """A new key; the signed word about it, by the key from before."""
        before, self.key = self.key, SigningKey.generate(f"c{hours + 1}")
        word = SignedKeys(
            central_id=self.central_id,
            audience=EVERY_STATION,
            issued_at=TODAY + timedelta(hours=hours),
            signing_keys=(self.key.public,),
            sealing_recipients=(recipient_of(self.identity),),
        )
        return sign_key_change(before, word)


@dataclass
class Outpost:
    """One station without a network. `card=False`: central gave it no card."""

    root: Path
    central: Signer
    name: str
    card: bool = True
    clock: HandClock = field(default_factory=HandClock)
    sealed: int = 0

    def __post_init__(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            (self.root / "outbox.db").write_bytes(_empty_outbox())
        self.depot = Depot(self.root)
        if self.depot.enrolment is None:
            self._enrol()
        self.enrolment, self.key = self.depot.enrolled()

    @property
    def station_id(self) -> str:
        return f"station-{self.name}"

    def _enrol(self) -> None:
        key = SigningKey.generate(self.station_id)
        save_station_key(self.depot.folder, key)
        enrolment = Enrolment(
            station_id=self.station_id,
            station_name=self.name.title(),
            office=OFFICE,
            central_url="https://127.0.0.1:9",
            central_id=self.central.central_id,
            central_name="Uji",
            signing_keys=(self.central.key.public,),
            sealing_recipients=(recipient_of(self.central.identity),),
            training=True,
            card=self.central.card(self.station_id, key, self.name.title()) if self.card else "",
        )
        save_enrolment(self.depot.folder, enrolment)
        self.depot.load_enrolment()

    def make_packet(self, key: RecordKey | None = None, *, size: int = 500, station_id: str = "") -> bytes:
        """A signed packet whose body is no age file: nobody on the way opens it."""
        self.sealed += 1
        body = bytes([self.sealed % 251]) * size
        key = key or RecordKey(new_record_id(self.clock.now()), 1)
        manifest = PacketManifest(
            record_id=key.record_id,
            revision=key.revision,
            station_id=station_id or self.station_id,
            office=OFFICE,
            operator_id="op-1",
            kind="rekam_baru",
            sealed_at=self.clock.now(),
            sequence=self.sealed,
            body_sha256=sha256_of(body),
            body_size=len(body),
        )
        self.clock.pass_time(1)
        return make_packet(manifest, body, self.key)

    def seal(self, number: int = 1, *, size: int = 500) -> list[RecordKey]:
        """So many packets, on disk and queued."""
        made = []
        for _ in range(number):
            key = RecordKey(new_record_id(self.clock.now()), 1)
            data = self.make_packet(key, size=size)
            self.depot.packets.write(key, data)
            self.depot.outbox.add(outbox_item(data, key, self.key))
            made.append(key)
        return made

    def row(self, key: RecordKey) -> OutboxItem:
        found = self.depot.outbox.get(key)
        assert found is not None
        return found

    def restart(self) -> None:
        self.depot.close()
        self.__post_init__()


@contextmanager
def outposts(root: Path, *names: str, central: Signer | None = None) -> Iterator[list[Outpost]]:
    """Stations of one central."""
    signer = central or Signer()
    made = [Outpost(root / name, signer, name) for name in names]
    try:
        yield made
    finally:
        for outpost in made:
            outpost.depot.close()
