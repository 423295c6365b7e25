"""Strangers between a station and central: another certificate, a proxy that refuses, a line that drips or stalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tenacity

from station.config import CentralSettings, Settings, SyncSettings
from station.domain.delivery import LinkState, Stage
from station.domain.lane import Condition, LaneName
from station.domain.outcome import Trouble
from station.sync import backoff, uploads
from station.sync.backoff import HELLO_GAP_S
from station.sync.client import CentralClient
from station.sync.pipe import Pipe
from station.sync.watchdog import Patience
from tests.certificates import certificate
from tests.fakes import central_faults as faults
from tests.fakes import gateway as gates
from tests.fakes.gateway import Gateway
from tests.fakes.strange_server import http
from tests.faults.slow_relay import SlowRelay
from tests.sending import PunctualCentral, Sender
from tests.support import HandClock

PAGE = b"<html>Silakan masuk</html>"


@pytest.fixture(autouse=True)
def _little_talk_beside_and_tries_within_an_attempt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.sending.SETTINGS", Settings(sync=SyncSettings(changes_every_s=300)))
    monkeypatch.setattr(backoff, "wait_random_exponential", lambda **_: tenacity.wait_none())


@dataclass
class Guarded:
    """A station whose central has a certificate, behind a gateway that a test may change."""

    sender: Sender
    gateway: Gateway
    true: gates.Greeting
    strange: gates.Greeting
    strange_chain: Path

    def hold(self, greeting: gates.Greeting) -> None:
        """From now on whoever connects is greeted so."""
        self.gateway.greeting = greeting
        self.gateway.break_off()

    def assert_nothing_went_out(self, state: LinkState) -> None:
        """Ten minutes of it: one state, and central's door heard no question at all."""
        asked = self.sender.requests()
        self.sender.engine.network_changed()
        self.sender.live(600)
        assert (self.sender.link, self.sender.requests()) == (state, asked)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    clock = HandClock()
    for name in ("true", "strange"):
        (tmp_path / name).mkdir()
    chain = certificate(tmp_path / "true")
    strange_chain = certificate(tmp_path / "strange", called="somebody else")
    true, strange = gates.tls(chain), gates.tls(strange_chain)
    with PunctualCentral(clock) as central, Gateway(central.port, true) as gateway:
        sender = Sender(tmp_path / "station", central, clock, url=f"https://127.0.0.1:{gateway.port}")
        (sender.root / "authority.pem").write_bytes(chain[0].read_bytes())
        yield Guarded(sender, gateway, true, strange, strange_chain[0])
        sender.close()


@pytest.mark.parametrize("when", ["from-the-beginning", "in-the-middle"])
def test_tls_with_a_certificate_of_a_stranger_is_told_nothing_and_asks_nobody(guarded: Guarded, when: str) -> None:
    sender = guarded.sender
    key = sender.packet()
    while when == "in-the-middle" and sender.stage(key) is Stage.QUEUED:
        sender.clock.pass_time(sender.engine.step())
    guarded.hold(guarded.strange)
    guarded.assert_nothing_went_out(LinkState.CERTIFICATE)
    assert sender.row(key).attempts == 0
    guarded.hold(guarded.true)
    sender.deliver(key)
    sender.assert_once(key)


@pytest.mark.parametrize("when", ["from-the-beginning", "in-the-middle"])
def test_a_certificate_that_everybody_trusts_makes_nobody_central_who_has_not_its_key(
    guarded: Guarded, when: str
) -> None:
    """Some authority of the system may be talked into one: it is the signed hello that proves who answers.

    It is asked for at the start and after each change of network; what it cannot prevent in between is in SECURITY.md.
    """
    sender = guarded.sender
    with (sender.root / "authority.pem").open("ab") as trusted:
        trusted.write(guarded.strange_chain.read_bytes())
    key = sender.packet()
    while when == "in-the-middle" and sender.stage(key) is Stage.QUEUED:
        sender.clock.pass_time(sender.engine.step())
    with PunctualCentral(sender.clock) as impostor:  # plays central in everything but its keys
        impostor.know(sender.enrolment.station_id, sender.key.public)
        guarded.gateway.target = impostor.port
        guarded.hold(guarded.strange)
        guarded.assert_nothing_went_out(LinkState.PORTAL)
        assert {asked.route for asked in impostor.asked} == {"hello"}
        assert not any("authorization" in asked.headers for asked in impostor.asked)
    assert sender.row(key).attempts == 0
    guarded.gateway.target = sender.central.port
    guarded.hold(guarded.true)
    sender.deliver(key)
    sender.assert_once(key)


def test_a_stranger_before_tls_right_after_a_sign_in_page_is_that_page_again(guarded: Guarded) -> None:
    sender, key = guarded.sender, guarded.sender.packet()
    sender.central.queue("hello", faults.portal())
    sender.settle_down()
    guarded.hold(guarded.strange)
    sender.live(120)
    assert sender.link is LinkState.PORTAL
    guarded.hold(guarded.true)
    sender.deliver(key)
    sender.assert_once(key)


def test_tls_that_breaks_off_is_a_line_that_broke(guarded: Guarded) -> None:
    sender, key = guarded.sender, guarded.sender.packet()
    guarded.hold(gates.breaking_off)
    guarded.assert_nothing_went_out(LinkState.CENTRAL_DOWN)
    assert (sender.engine.link.reason, sender.row(key).attempts) == (Trouble.RESET, 0)
    guarded.hold(guarded.true)
    sender.deliver(key)
    sender.assert_once(key)


@pytest.mark.parametrize("said", [http(407, Proxy_Authenticate="Basic"), http(403, PAGE)], ids=["407", "403"])
def test_a_proxy_that_refuses_is_named_and_when_it_opens_all_goes_through_it(guarded: Guarded, said: bytes) -> None:
    sender, key = guarded.sender, guarded.sender.packet(filler=3000)
    with Gateway(guarded.gateway.port, gates.saying(said)) as proxy:
        central = CentralSettings(ca_file=sender.root / "authority.pem", proxy=f"http://127.0.0.1:{proxy.port}")
        sender.settings = sender.settings.model_copy(update={"central": central})
        guarded.assert_nothing_went_out(LinkState.PROXY)
        assert sender.row(key).attempts == 0
        proxy.greeting = gates.opening
        sender.deliver(key)
        sender.assert_once(key)
        sender.close()


@pytest.mark.parametrize("said", [b"H", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["head", "body"])
@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.SENDING], ids=["manifest", "packet"])
def test_an_answer_that_drips_is_given_up_and_burns_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, stage: Stage
) -> None:
    make_hasty(monkeypatch)
    clock = HandClock()
    with PunctualCentral(clock) as central, Gateway(central.port, gates.passing) as gateway:
        sender = Sender(tmp_path / "station", central, clock, url=f"http://127.0.0.1:{gateway.port}")
        sender.settle_down()
        key = sender.packet()
        while sender.stage(key) is not stage:
            clock.pass_time(sender.engine.step())
        gateway.greeting = gates.dripping(said)
        gateway.break_off()
        sender.settle_down()
        note = sender.lane(LaneName.MANIFESTS if stage is Stage.QUEUED else LaneName.UPLOADS).note
        assert note is not None and note.trouble is Trouble.TIMEOUT
        clock.pass_time(HELLO_GAP_S)
        sender.settle_down()
        assert (sender.link, sender.engine.link.reason) == (LinkState.CENTRAL_DOWN, Trouble.TIMEOUT)
        assert (sender.stage(key), sender.row(key).attempts) == (stage, 0)
        gateway.greeting = gates.passing
        gateway.break_off()
        sender.deliver(key)
        sender.assert_once(key)
        sender.close()


def make_hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer has a tenth of a second, whole."""
    true_send, true_receive = CentralClient._send, Pipe.receive

    def send(client: CentralClient, method: str, path: str, **more: Any) -> Any:
        return true_send(client, method, path, **{**more, "read_timeout_s": 0.1})

    monkeypatch.setattr(CentralClient, "_send", send)
    monkeypatch.setattr(Pipe, "receive", lambda pipe, request, _s, most: true_receive(pipe, request, 0.1, most))


def test_a_line_that_stalls_in_the_middle_of_a_packet_burns_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "Patience", lambda: Patience(stall_s=0.2, blind_s=0.2, answer_s=0.2, look_s=0.02))
    clock = HandClock()
    with PunctualCentral(clock) as central, SlowRelay(central.port, most=4000) as relay:
        sender = Sender(tmp_path / "station", central, clock, url=f"http://127.0.0.1:{relay.port}")
        key = sender.packet(filler=60_000)
        while sender.stage(key) is Stage.QUEUED:
            clock.pass_time(sender.engine.step())
        relay.dead_at = relay.carried + 20_000
        sender.engine.step()
        assert sender.lane(LaneName.UPLOADS).condition is Condition.RESTING
        assert (sender.row(key).attempts, sender.stage(key)) == (0, Stage.SENDING)
        relay.dead_at = None
        sender.deliver(key)
        sender.assert_once(key)
        sender.close()
