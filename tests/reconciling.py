"""A station that only sends beside the real reference central, with one clock for both, and what either may lose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import delete, insert

from station.central.central import Central
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.central.tables import packets, stations, uploads
from station.domain.comparison import Comparison
from station.domain.delivery import Stage
from station.domain.record import RecordKey
from station.seal.jws import SigningKey
from station.store.tables import packet
from station.sync.lanes import Idle
from station.sync.reconcile import ReconcileLane
from station.wire import Limits, PublicKey
from tests.fakes.central import FakeCentral
from tests.sending import Sender
from tests.support import HandClock


class RealCentral:
    """The reference central, with the members a `Sender` asks of the fake one."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.server = CentralServer(folder, options=CentralOptions(training=True), clock=clock)
        self.server.start()
        self.limits = Limits()

    @property
    def central(self) -> Central:
        return self.server.central

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def central_id(self) -> str:
        return self.central.options.central_id

    @property
    def key(self) -> SigningKey:
        return self.central.keys.signing

    @property
    def identity(self) -> str:
        return self.central.keys.identity

    def know(self, station_id: str, public: PublicKey) -> None:
        """Enrol without HTTP."""
        row = {"station_id": station_id, "public_key": public.x, "name": "Uji", "office": "99.01.01", "number": 1}
        row |= {"app_version": "1", "enrolled_at": self.central.clock.now()}
        with self.central.database.write() as rows:
            rows.execute(insert(stations).values(row))

    def lose(self, *keys: RecordKey, files: bool = True) -> None:
        """Central was restored from a backup that is older than these packets."""
        for key in keys:
            with self.central.database.write() as rows:
                for table in (packets, uploads):
                    same = (table.c.record_id == key.record_id, table.c.revision == key.revision)
                    rows.execute(delete(table).where(*same))
            if files:
                self.central.shelf.path(key).unlink()

    def keys(self) -> list[str]:
        """What central has, one for each acceptance."""
        return sorted(str(item.key) for item in self.central.packets())


class Pair:
    """A station and central; `compare` is the reconcile lane alone, `deliver` everything else."""

    def __init__(self, root: Path) -> None:
        self.clock = HandClock()
        self.central = RealCentral(root / "central", self.clock)
        self.sender = Sender(root / "station", cast("FakeCentral", self.central), self.clock)

    def delivered(self, count: int) -> list[RecordKey]:
        keys = [self.sender.packet(serial) for serial in range(1, count + 1)]
        self.sender.deliver(*keys)
        return keys

    def drain(self) -> None:
        """Until nothing is open."""
        outbox = self.sender.depot.outbox
        self.sender.until(lambda: outbox.next_due_at(now=self.clock.now()) is None, nap_s=20)

    def compare(self) -> Comparison:
        """Compare all days now; what came of it."""
        shared = self.sender.shared()
        lane = ReconcileLane(shared)
        lane.compare_all()
        try:
            for _ in range(100):
                if isinstance(lane.step(), Idle):
                    found = self.sender.depot.memory.reconciled
                    assert found is not None
                    return found
        finally:
            shared.client.close()
        raise AssertionError("the comparison never ends")

    def forget(self, *keys: RecordKey, files: bool = False) -> None:
        """The rows of these packets are gone from the outbox, and with `files` the packets from the disk."""
        with self.sender.depot.outbox.database.write() as connection:
            for key in keys:
                same = (packet.c.record_id == key.record_id, packet.c.revision == key.revision)
                connection.execute(packet.delete().where(*same))
        for key in keys if files else ():
            self.sender.depot.packets.path(key).unlink()

    def reopen(self, *keys: RecordKey) -> None:
        """An outbox from before these were receipted was put back."""
        values = {"stage": Stage.QUEUED.value, "receipt": None, "receipt_no": "", "received_at": None, "upload": None}
        with self.sender.depot.outbox.database.write() as connection:
            for key in keys:
                same = (packet.c.record_id == key.record_id, packet.c.revision == key.revision)
                connection.execute(packet.update().where(*same).values(**values, acknowledged=0))

    def close(self) -> None:
        self.sender.close()
        self.central.server.stop()


@contextmanager
def pair(root: Path) -> Iterator[Pair]:
    """Both, until the end of the block."""
    both = Pair(root)
    try:
        yield both
    finally:
        both.close()
