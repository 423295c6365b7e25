"""The same contract, passed by the reference central and by the fake that other tests lean on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from station.central.csv_intake import Listed
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.target import Target
from station.wire import Heartbeat, Limits
from tests.contracts.bundle_contract import BundleContract
from tests.contracts.central_contract import CentralContract
from tests.fakes.central import FakeCentral

LIMITS = Limits(manifest_batch=5, packet_bytes=256 * 1024, chunk_bytes=16 * 1024)


class ReferenceSubject:
    def __init__(self, server: CentralServer) -> None:
        self.server = server

    @property
    def url(self) -> str:
        return self.server.url

    def new_code(self, office: str = "") -> str:
        return self.server.central.new_code(office)

    def restart(self) -> None:
        self.server.stop()
        self.server.start()

    def tell(self, station_id: str, kind: str, **members: Any) -> None:
        self.server.central.tell(station_id, kind, **members)

    def last_heartbeat(self, station_id: str) -> Heartbeat | None:
        beats = {beat.station_id: beat.heartbeat for beat in self.server.central.heartbeats.all()}
        return beats.get(station_id)

    def make_list(self, area: str, people: Sequence[Target]) -> int:
        listed = (
            Listed(line, {**person.answers, "nik": person.nik}, person.recorded, person.central_code)
            for line, person in enumerate(people, start=2)
        )
        return self.server.central.rosters.import_people(listed, area, "Kec. Uji", 30).card.version


class FakeSubject(FakeCentral):
    def last_heartbeat(self, station_id: str) -> Heartbeat | None:
        return self.heartbeats.get(station_id)

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceSubject]:
    options = CentralOptions(training=True, limits=LIMITS)
    server = CentralServer(tmp_path_factory.mktemp("central"), options=options)
    server.start()
    yield ReferenceSubject(server)
    server.stop()


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSubject]:
    subject = FakeSubject(limits=LIMITS)
    with subject:
        yield subject


class TestReferenceCentral(CentralContract, BundleContract):
    @pytest.fixture
    def subject(self, reference: ReferenceSubject) -> ReferenceSubject:
        return reference


class TestFakeCentral(CentralContract, BundleContract):
    @pytest.fixture
    def subject(self, fake: FakeSubject) -> FakeSubject:
        return fake
