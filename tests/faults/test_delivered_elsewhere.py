"""A window and a sync service on one folder, each with a depot of its own: what is wished in one is done by the other,
and what the service learns of central's keys holds for what is sealed at the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from threading import Event

import pytest

from station.desk import delivery, panel
from station.domain.errors import StoreError, TrustError
from station.domain.speed import SpeedRules, Window
from station.seal.body import new_identity, open_body, recipient_of
from station.seal.jws import SigningKey
from station.seal.packet import verify_packet
from station.store.depot import Depot
from station.store.enrolment import save_enrolment
from station.store.memory import Memory
from station.sync import engine as engine_module
from station.sync.engine import Engine
from station.sync.line import Line
from station.sync.rounds import IDLE_S
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.sending import Sender, sending
from tests.support import TODAY, Workplace

AT_NIGHT = SpeedRules(windows=(Window(time(0), time(23, 59), 0),))


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    """The service."""
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def window(sender: Sender) -> Iterator[Depot]:
    """The same folder, as the window has it open."""
    depot = Depot(sender.root, heal=False)
    yield depot
    depot.close()


def test_send_now_ends_the_pause_the_waits_and_probes_at_once(sender: Sender, window: Depot) -> None:
    key = sender.packet()
    sender.central.script(lambda asked: faults.answer(500) if asked.route == "manifests" else None)
    sender.until(lambda: sender.row(key).attempts >= 3)
    sender.central.script(None)
    window.memory.paused = True
    delivery.ask_to_send(window, sender.clock.now())
    sender.settle_down()
    assert sender.delivered(key)
    assert (window.memory.paused, window.memory.wish_at) == (False, None)


def test_a_wish_is_granted_once_and_a_later_pause_holds(sender: Sender, window: Depot) -> None:
    delivery.ask_to_send(window, sender.clock.now())
    delivery.set_paused(window, True)
    sender.packet()
    sender.live(3600)
    assert sender.requests() == 0


def test_a_wish_that_could_not_be_granted_is_heard_again(
    sender: Sender, window: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.ask_to_send(window, sender.clock.now())

    def full(*_: object) -> None:
        raise StoreError("store.disk_full")

    with monkeypatch.context() as inner:
        inner.setattr(Memory, "paused", property(lambda _memory: False, full))
        with pytest.raises(StoreError):
            sender.engine.step()
    assert window.memory.wish_at == sender.clock.now()
    sender.engine.step()
    assert window.memory.wish_at is None


def test_a_service_that_sleeps_until_tomorrow_hears_the_wish_at_its_next_look(
    sender: Sender, window: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOOK_S", 0.02)
    key, news = sender.packet(), Event()
    sender.central.script(lambda asked: faults.problem(Problem.BUSY, 503, retry_after="86400"))
    engine = Engine(
        sender.depot,
        sender.settings,
        clock=sender.clock,
        network=sender.network,
        line=Line(lambda: sender.addresses),
        changed=news.set,
    )
    engine.start()
    try:
        assert news.wait(10)
        sender.central.script(None)
        delivery.ask_to_send(window, sender.clock.now())
        while not sender.delivered(key):
            assert news.wait(10), "nobody has heard it"
            news.clear()
    finally:
        engine.stop()


def test_what_is_sealed_paused_and_ruled_at_the_window_holds_within_seconds(sender: Sender, window: Depot) -> None:
    sender.live(60)
    delivery.set_paused(window, True)
    key = sender.packet()
    sender.live(IDLE_S)
    assert not sender.delivered(key)
    panel.set_speed(window, AT_NIGHT)
    delivery.set_paused(window, False)
    sender.live(2 * IDLE_S)
    assert (window.outbox.get(key) == sender.row(key), sender.delivered(key)) == (True, False)
    panel.set_speed(window, SpeedRules())
    sender.live(2 * IDLE_S)
    assert sender.delivered(key)
    found = delivery.delivery(window)
    assert found.link == sender.engine.link
    assert (found.counts.waiting, found.counts.receipted) == (0, 1)


# ------------------------------------------------------------------------------------------ central's keys at the desk


def roll(root: Path) -> tuple[str, SigningKey]:
    """Another process on `root` follows a change of keys: the new identity, and the new signing key."""
    service, identity, key = Depot(root, heal=False), new_identity(), SigningKey.generate("c2")
    enrolment, _ = service.enrolled()
    change = {"signing_keys": (key.public,), "sealing_recipients": (recipient_of(identity),)}
    save_enrolment(service.folder, enrolment.model_copy(update={**change, "keys_issued_at": TODAY}))
    service.close()
    return identity, key


def test_what_is_sealed_after_the_service_followed_a_change_of_keys_is_for_the_new_recipient(place: Workplace) -> None:
    assert place.office.depot.enrolled()
    identity, key = roll(place.root)
    row = place.seal()
    _, station_key = place.depot.enrolled()
    packet = verify_packet(place.depot.packets.read(row.record.key), [station_key.public])
    assert open_body(packet.body, identity).record["kind"] == "rekam_baru"
    after, _ = place.depot.enrolled()
    assert key.public in after.receipt_keys, "receipts and policies under the new key are believed"


def test_an_enrolment_that_is_damaged_or_gone_under_a_running_window_does_not_stop_it(
    place: Workplace, said: list[str]
) -> None:
    before = place.depot.enrolled()
    place.depot.folder.enrolment.write_text("{")
    assert [place.depot.enrolled(), place.depot.enrolled()] == [before, before]
    assert len([line for line in said if "enrolment.unreadable" in line]) == 1, "told once"
    place.depot.folder.enrolment.unlink()
    assert place.depot.enrolled() == before
    save_enrolment(place.depot.folder, before[0])
    identity, _ = roll(place.root)
    row = place.seal()
    packet = verify_packet(place.depot.packets.read(row.record.key), [before[1].public])
    assert open_body(packet.body, identity).approval
    with pytest.raises(TrustError):
        open_body(packet.body, new_identity())
