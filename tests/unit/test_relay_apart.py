"""What one neighbour makes of an exchange is its own trouble: the others are visited in the same round."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

from station.domain.delivery import LinkState
from station.domain.errors import StoreError, TrustError
from station.domain.relay import NeighbourTrouble
from station.relay.caller import Caller
from station.relay.certificate import make_certificate, public_key_in, serving_context
from station.relay.circle import Sighting
from station.relay.visit import Visit
from station.seal.jws import SigningKey
from tests.relaying import LOOPBACK, Authority, Fellow, fellows


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Fellow, Fellow]]:
    """A station without a link, and one that carries."""
    authority = Authority()
    with fellows(tmp_path) as make:
        yield make("stasiun-a", authority, link_state=LinkState.OFFLINE), make("stasiun-b", authority)


@contextmanager
def odd_neighbour(folder: Path, answer: bytes) -> Iterator[Sighting]:
    """Answers whoever comes with these bytes."""
    context = serving_context(folder / "odd.pem", SigningKey.generate("stasiun-x"))
    with create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            with listener.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as wire:
                wire.recv(64 * 1024)
                wire.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield Sighting(LOOPBACK, listener.getsockname()[1], "stasiun-x")
        thread.join(10)


@pytest.mark.parametrize("location", [b"javascript:void(0)", b"http://xn--/", b"http://[::1"])
def test_a_neighbour_that_redirects_to_what_is_no_address_stops_nobody(
    two: tuple[Fellow, Fellow], tmp_path: Path, location: bytes
) -> None:
    near, far = two
    key = near.packet()
    with odd_neighbour(tmp_path, b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location) as odd:
        near.around.sightings = [odd, far.serve()]
        near.runner.step()
    assert far.carries(key)
    assert [one.trouble for one in near.runner._rounds.neighbours] == [
        NeighbourTrouble.UNREADABLE,
        NeighbourTrouble.NONE,
    ]


def test_whatever_breaks_with_one_neighbour_is_unreadable_of_that_one_only(
    two: tuple[Fellow, Fellow], monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    near, far = two
    key = near.packet()
    true_meet = Caller.meet

    def meet(caller: Caller) -> object:
        if caller._where.station_id == "stasiun-x":
            raise OverflowError("9901016104880001 must not be shown")
        return true_meet(caller)

    monkeypatch.setattr(Caller, "meet", meet)
    near.around.sightings = [Sighting(LOOPBACK, 9, "stasiun-x"), far.serve()]
    near.runner.step()
    assert far.carries(key)
    assert near.runner._rounds.neighbours[0].trouble is NeighbourTrouble.UNREADABLE
    assert said
    assert not any("9901016104880001" in line for line in said)


def test_our_own_store_in_trouble_is_nobody_elses_fault(
    two: tuple[Fellow, Fellow], monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = two
    near.packet()

    def pay(*_: object) -> None:
        raise StoreError("disk.full")

    monkeypatch.setattr(Visit, "pay", pay)
    near.around.sightings = [far.serve()]
    with pytest.raises(StoreError):
        near.runner.step()


def test_a_certificate_of_a_version_that_does_not_exist_proves_nobody() -> None:
    der = ssl.PEM_cert_to_DER_cert(make_certificate(SigningKey.generate("stasiun-x")).decode())
    odd = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020107"), 1)
    assert odd != der
    with pytest.raises(TrustError):
        public_key_in(odd)
