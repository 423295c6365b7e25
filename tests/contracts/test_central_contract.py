"""The same contract, passed by the reference central and by the fake that other tests lean on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.wire import Limits
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


class FakeSubject(FakeCentral):
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


class TestReferenceCentral(CentralContract):
    @pytest.fixture
    def subject(self, reference: ReferenceSubject) -> ReferenceSubject:
        return reference


class TestFakeCentral(CentralContract):
    @pytest.fixture
    def subject(self, fake: FakeSubject) -> FakeSubject:
        return fake
