"""A change of this computer's own addresses is a reason to look for central at once: first manifest within seconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.domain.delivery import LinkState, Stage
from station.sync import engine as engine_module
from station.sync.engine import Engine
from station.sync.line import LOOK_S, Line, own_addresses
from tests.sending import Sender, sending

PATIENCE_S = 30.0


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def test_own_addresses_are_told_without_sending_anything() -> None:
    found = own_addresses()
    assert len(found) == 2
    assert found == own_addresses()


def test_an_address_that_comes_goes_or_changes_is_a_change_and_is_told_once() -> None:
    seen: list[tuple[str, ...]] = [
        ("", ""),
        ("", ""),
        ("192.0.2.7", ""),
        ("192.0.2.7", ""),
        ("192.0.2.9", ""),
        ("", ""),
    ]
    looks = iter(seen)
    line = Line(lambda: next(looks))
    assert [line.changed() for _ in seen[1:]] == [False, True, False, True, True]


def test_without_any_address_there_is_no_network() -> None:
    assert not Line(lambda: ("", "")).present
    assert Line(lambda: ("", "2001:db8::7")).present


def settle_by(sender: Sender, seconds: float) -> None:
    """Live as the engine's thread does: it steps, and looks at the line while it waits."""
    end = sender.clock.seconds + seconds
    while sender.clock.seconds < end:
        wait_s = sender.settle_down()
        while wait_s > 0 and sender.clock.seconds < end:
            sender.clock.pass_time(min(wait_s, LOOK_S))
            wait_s = 0.0 if sender.engine.watch_line() else wait_s - LOOK_S


@pytest.mark.parametrize("away_s", [30, 600, 800])
def test_when_the_network_returns_the_first_manifest_goes_within_five_seconds_without_any_hint(
    sender: Sender, away_s: float
) -> None:
    sender.settle_down()
    sender.network.on_change.clear()  # nobody tells
    sender.addresses = ()
    sender.network.cut()
    settle_by(sender, away_s)
    assert sender.link is LinkState.OFFLINE
    key = sender.packet()
    sender.network.mend()
    sender.addresses = ("192.0.2.8",)
    began = sender.clock.seconds
    settle_by(sender, 5)
    assert sender.clock.seconds - began <= 5 + LOOK_S
    assert sender.stage(key) is not Stage.QUEUED


def test_a_line_that_flaps_all_the_time_makes_no_storm_of_hellos(sender: Sender) -> None:
    sender.settle_down()
    before = len(sender.central.asked_for("hello"))
    for number in range(120):
        sender.addresses = (f"192.0.2.{number}",)
        settle_by(sender, LOOK_S)
    assert len(sender.central.asked_for("hello")) - before <= 121


def test_the_engines_thread_looks_while_it_waits(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LOOK_S", 0.01)
    hellos, again = threading.Event(), threading.Event()

    class Watched(Engine):
        def step(self) -> float:
            wait_s = super().step()
            (again if hellos.is_set() and len(sender.central.asked_for("hello")) > 1 else hellos).set()
            return 600.0 if wait_s > 0 else 0.0

    engine = Watched(sender.depot, sender.settings, line=Line(lambda: sender.addresses))
    engine.start()
    assert hellos.wait(PATIENCE_S)
    sender.addresses = ("192.0.2.99",)
    assert again.wait(PATIENCE_S)
    engine.stop()
