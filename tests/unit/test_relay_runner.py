"""Carrying for neighbours is off until somebody wants it, and does what the link, the pause and central allow."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station.config import RelaySettings
from station.desk.relay import relay_state, set_relay
from station.domain.delivery import Link, LinkState
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.domain.ports import SystemClock
from station.domain.relay import NeighbourTrouble, RelayReason
from station.relay import bounds, door
from station.relay.certificate import serving_context
from station.relay.circle import Sighting
from station.relay.rate import Rate
from station.relay.runner import RelayRunner
from station.relay.service import CERTIFICATE
from station.relay.standing import standing
from station.relay.surroundings import Surroundings
from station.store.enrolment import save_enrolment
from station.ui import relay_words
from tests.relaying import LOOPBACK, Authority, Fellow, GivenEars, Make, fellows
from tests.support import TODAY


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with fellows(tmp_path) as maker:
        yield maker


@pytest.fixture
def relay(make: Make) -> Fellow:
    return make("stasiun-b", Authority())


def off_by_default(fellow: Fellow) -> RelayRunner:
    """As it is without a word in the settings."""
    return RelayRunner(
        fellow.depot, RelaySettings(port=0), link=fellow.link, clock=fellow.clock, surroundings=fellow.around
    )


def test_it_is_off_until_somebody_wants_it(relay: Fellow) -> None:
    runner = off_by_default(relay)
    assert runner.step() is RelayReason.OFF
    assert (runner.port, relay.around.announced, relay.around.looked) == (0, 0, False)
    assert relay_state(relay.depot).on is False

    set_relay(relay.depot, True)
    assert runner.step() is RelayReason.SERVING
    assert relay.around.announced == runner.port != 0
    assert relay_state(relay.depot).serving

    set_relay(relay.depot, False)
    port = runner.port
    assert runner.step() is RelayReason.OFF
    assert relay.around.announced == 0
    assert is_closed(port)
    assert relay_state(relay.depot).reason is RelayReason.OFF
    runner.stop()


def test_the_settings_switch_it_on_until_a_person_says_otherwise(relay: Fellow) -> None:
    assert relay.runner.step() is RelayReason.SERVING
    assert relay_state(relay.depot).on
    set_relay(relay.depot, False)
    assert relay.runner.step() is RelayReason.OFF


def test_while_it_is_off_neither_mdns_nor_a_server_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from station.relay.runner import RelayRunner\n"
        "from station.config import RelaySettings\n"
        "from station.store.depot import Depot\n"
        f"depot = Depot(Path({str(tmp_path)!r}))\n"
        "runner = RelayRunner(depot, RelaySettings(), link=lambda: None)\n"
        "runner.step(), runner.stop(), depot.close()\n"
        "print([name for name in ('zeroconf', 'ifaddr', 'uvicorn', 'starlette') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_pause_pauses_it_too(relay: Fellow) -> None:
    where = relay.serve()
    relay.depot.memory.paused = True
    assert relay.runner.step() is RelayReason.PAUSED
    assert is_closed(where.port)


def test_a_station_without_a_card_waits_for_it(relay: Fellow) -> None:
    save_enrolment(relay.depot.folder, relay.enrolment.model_copy(update={"card": ""}))
    relay.depot.load_enrolment()
    assert relay.runner.step() is RelayReason.NO_CARD
    assert relay.runner.port == 0


@pytest.mark.parametrize(
    ("state", "does"),
    [
        (LinkState.GOOD, RelayReason.SERVING),
        (LinkState.SLOW, RelayReason.WAITING),
        (LinkState.BUSY, RelayReason.WAITING),
        (LinkState.UNKNOWN, RelayReason.WAITING),
        (LinkState.MAINTENANCE, RelayReason.WAITING),
        (LinkState.BLOCKED, RelayReason.BLOCKED),
        (LinkState.OFFLINE, RelayReason.LOOKING),
        (LinkState.PORTAL, RelayReason.LOOKING),
        (LinkState.CERTIFICATE, RelayReason.LOOKING),
    ],
)
def test_what_it_does_follows_the_link(state: LinkState, does: RelayReason) -> None:
    link = Link(state, since=TODAY)
    assert standing(on=True, paused=False, has_card=True, link=link, lanes={}) is does


def test_a_station_that_central_will_not_have_does_not_look_for_a_neighbour_either() -> None:
    halted = LaneState(LaneName.MANIFESTS, Condition.HALTED, TODAY, Note(Trouble.BLOCKED))
    link = Link(LinkState.OFFLINE, since=TODAY)
    lanes = {LaneName.MANIFESTS: halted}
    assert standing(on=True, paused=False, has_card=True, link=link, lanes=lanes) is RelayReason.BLOCKED


def test_the_door_closes_when_the_link_goes_and_opens_when_it_comes(relay: Fellow) -> None:
    where = relay.serve()
    relay.link_state = LinkState.OFFLINE
    assert relay.runner.step() is RelayReason.LOOKING
    assert is_closed(where.port)
    assert (relay.around.announced, relay.around.looked) == (0, True)
    relay.link_state = LinkState.GOOD
    assert relay.runner.step() is RelayReason.SERVING
    assert relay.around.announced == relay.runner.port


def test_a_port_that_is_taken_is_said_and_tried_again(relay: Fellow, said: list[str]) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        settings = RelaySettings(enabled=True, port=port)
        runner = RelayRunner(relay.depot, settings, link=relay.link, clock=relay.clock, surroundings=relay.around)
        assert runner.step() is RelayReason.PORT_TAKEN
        assert runner.step() is RelayReason.PORT_TAKEN
    relay.clock.pass_time(61)  # type: ignore[attr-defined]
    assert runner.step() is RelayReason.SERVING
    runner.stop()
    assert said


def test_when_hearing_breaks_and_cannot_even_be_closed_it_goes_on_later(
    relay: Fellow, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    def breaks(self: GivenEars, *_given: object) -> None:
        raise RuntimeError("the loop of the library is blocked")

    with monkeypatch.context() as patch:
        patch.setattr(GivenEars, "announce", breaks)
        patch.setattr(GivenEars, "close", breaks)
        relay.runner._survive_step()
    relay.clock.pass_time(61)  # type: ignore[attr-defined]
    assert relay.runner.step() is RelayReason.SERVING
    assert said


def test_without_a_local_network_it_says_so(relay: Fellow, monkeypatch: pytest.MonkeyPatch) -> None:
    relay.link_state = LinkState.OFFLINE
    monkeypatch.setattr(relay.around, "addresses", lambda: ())
    assert relay.runner.step() is RelayReason.NO_LOCAL_NETWORK


def test_a_neighbour_that_fails_is_left_alone_for_a_while(make: Make, relay: Fellow) -> None:
    near = make("stasiun-a", relay.authority, link_state=LinkState.OFFLINE)
    near.packet()
    near.around.sightings = [Sighting(LOOPBACK, closed_port())]
    near.runner.step()
    (seen,) = relay_state(near.depot).neighbours
    assert seen.trouble is NeighbourTrouble.UNREACHABLE

    where = relay.serve()
    near.around.sightings = [replace(where, port=near.around.sightings[0].port)]
    waits = []
    for _ in range(4):
        near.go_round()
        (known,) = near.runner._rounds._known.values()
        waits.append(known.next_at - near.clock.monotonic())
        before = known.next_at
        near.runner.step()
        assert known.next_at == before
    assert all(5 * 2**tries <= wait <= 10 * 2**tries for tries, wait in enumerate(waits)), waits


def test_with_nothing_to_hand_over_nobody_is_asked(make: Make, relay: Fellow) -> None:
    near = make("stasiun-a", relay.authority, link_state=LinkState.OFFLINE)
    near.around.sightings = [relay.serve()]
    near.go_round()
    (seen,) = relay_state(near.depot).neighbours
    assert seen.name == ""


def test_the_thread_ends_at_once_and_leaves_nothing_open(make: Make, relay: Fellow, qtbot: QtBot) -> None:
    """Also while a neighbour says nothing."""
    near = make("stasiun-a", relay.authority, link_state=LinkState.OFFLINE, clock=SystemClock())
    near.packet()
    relay.runner.start()
    qtbot.waitUntil(lambda: relay.around.announced != 0)
    with socket.create_server((LOOPBACK, 0)) as silent:
        near.around.sightings = [Sighting(LOOPBACK, silent.getsockname()[1])]
        near.runner.start()
        silent.settimeout(30)
        caught, _ = silent.accept()
        context = serving_context(relay.root / CERTIFICATE, relay.depot.enrolled()[1])
        with context.wrap_socket(caught, server_side=True) as wire:
            assert wire.recv(100)
            near.runner.stop()
    port = relay.runner.port
    relay.runner.stop()
    assert is_closed(port)
    assert near.runner._thread is not None
    assert not near.runner._thread.is_alive()
    assert relay_state(near.depot).reason is RelayReason.STOPPED


def test_a_connection_on_which_nothing_comes_is_closed(relay: Fellow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "SILENT_S", 0.05)
    where = relay.serve()
    with socket.create_connection((LOOPBACK, where.port), timeout=30) as plain, anybody().wrap_socket(plain) as wire:
        assert gone(wire)


def test_more_than_a_few_connections_are_not_taken(relay: Fellow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted before TLS begins."""
    monkeypatch.setattr(door, "CONNECTIONS", 2)
    monkeypatch.setattr(door, "HANDSHAKE_S", 60)
    where = relay.serve()
    held = [socket.create_connection((LOOPBACK, where.port), timeout=5) for _ in range(3)]
    assert gone(held[2])
    for one in held:
        one.close()


def test_one_address_cannot_take_the_places_of_all(relay: Fellow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word of TLS: whoever says nothing is counted as well."""
    monkeypatch.setattr(door, "CONNECTIONS_EACH", 2)
    monkeypatch.setattr(door, "HANDSHAKE_S", 60)
    where = relay.serve()
    held = [socket.create_connection((LOOPBACK, where.port), timeout=5) for _ in range(3)]
    assert gone(held[2])
    other = socket.create_connection((LOOPBACK, where.port), timeout=30, source_address=("127.0.0.9", 0))
    with other, anybody().wrap_socket(other) as wire:
        assert wire.version() == "TLSv1.3"
    for one in held:
        one.close()


def test_who_connects_and_never_speaks_tls_loses_the_place_soon(relay: Fellow, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bounds.HANDSHAKE_S <= 5
    monkeypatch.setattr(door, "HANDSHAKE_S", 0.1)
    where = relay.serve()
    with socket.create_connection((LOOPBACK, where.port), timeout=10) as silent, suppress(ConnectionResetError):
        assert silent.recv(1) == b""  # TimeoutError if it is left open


def test_the_door_opens_on_the_addresses_of_the_moment_and_no_other(
    relay: Fellow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay.around, "addresses", lambda: ("127.0.0.2", "127.0.0.3"))
    relay.serve()
    for host in ("127.0.0.2", "127.0.0.3"):
        socket.create_connection((host, relay.runner.port), timeout=5).close()
    assert is_closed(relay.runner.port)
    monkeypatch.setattr(relay.around, "addresses", lambda: (LOOPBACK,))
    relay.serve()
    assert not is_closed(relay.runner.port)
    assert relay.around.announced == relay.runner.port


def test_a_rate_forgets_the_oldest_addresses_and_fills_slowly() -> None:
    now = [0.0]
    rate = Rate(lambda: now[0])
    assert sum(rate.allows("10.0.0.1") for _ in range(300)) == 200
    now[0] = 1.0
    assert sum(rate.allows("10.0.0.1") for _ in range(300)) == 20
    for number in range(400):
        rate.allows(f"10.0.1.{number}")
    assert len(rate._left) == 256


def test_every_reason_and_trouble_has_words() -> None:
    assert set(relay_words._REASONS) == set(RelayReason)
    assert set(relay_words._TROUBLES) == set(NeighbourTrouble)


def test_only_local_surroundings_are_listened_on() -> None:
    assert not Surroundings.loopback
    for address in Surroundings().addresses():
        assert not address.startswith("127.")


def anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def gone(wire: socket.socket) -> bool:
    """True when the other side hangs up."""
    try:
        return wire.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def closed_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as server:
        port: int = server.getsockname()[1]
    return port


def is_closed(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=5).close()
    except OSError:
        return True
    return False
