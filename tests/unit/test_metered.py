"""Whether the line costs by the byte: NetworkManager's word where it is there, and no guess where it is not."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from station.sync import metered as metered_module
from station.sync.metered import MeteredLine, ask_network_manager, read_metered
from station.sync.route import Route, default_route

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("GENERAL.DEVICE:wwan0\nGENERAL.METERED:yes\n", True),
        ("GENERAL.DEVICE:wlan0\nGENERAL.METERED:yes (guessed)\n", True),
        ("GENERAL.DEVICE:eth0\nGENERAL.METERED:no\n", False),
        ("GENERAL.DEVICE:eth0\nGENERAL.METERED:no (guessed)\n", False),
        ("GENERAL.METERED:unknown\n", None),
        ("GENERAL.METERED:\n", None),
        ("Error: NetworkManager is not running.\n", None),
        ("", None),
        ("x" * 100_000 + "\nGENERAL.METERED:yes\n", None),
    ],
)
def test_what_network_manager_says_is_read_or_is_nothing(said: str, means: bool | None) -> None:
    assert read_metered(said) is means


@pytest.mark.parametrize(
    ("rows", "route"),
    [
        ("", Route()),
        ("eth0\t0010A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", Route()),
        ("eth0\t00000000\t0110A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", Route("eth0", "0110A8C0")),
        (
            "wwan0\t00000000\t01010101\t0003\t0\t0\t700\t00000000\t0\t0\t0\n"
            "wlan0\t00000000\t02020202\t0003\t0\t0\t600\t00000000\t0\t0\t0\n",
            Route("wlan0", "02020202"),
        ),
        ("eth0\t00000000\t01010101\n", Route()),
        ("eth0\t00000000\t01010101\t0003\t0\t0\tmany\t00000000\t0\t0\t0\n", Route()),
    ],
)
def test_the_default_route_is_the_one_with_the_smallest_metric(tmp_path: Path, rows: str, route: Route) -> None:
    path = tmp_path / "route"
    path.write_text(HEAD + rows)
    assert default_route(path) == route
    assert default_route(tmp_path / "nowhere") == Route()


@pytest.mark.skipif(sys.platform == "win32", reason="a script in the place of nmcli")
@pytest.mark.parametrize(
    ("script", "means"),
    [
        ('test "$LC_ALL $6" = "C wwan0" && echo "GENERAL.METERED:yes"', True),
        ("echo GENERAL.METERED:no; exit 3", False),
        ("exit 8", None),
        ("exec sleep 60", None),
    ],
    ids=["yes", "no", "fails", "hangs"],
)
def test_the_device_of_the_default_route_is_asked_about_and_not_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, means: bool | None
) -> None:
    program = tmp_path / "nmcli"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(metered_module, "which", lambda _name: str(program))
    monkeypatch.setattr(metered_module, "default_route", lambda: Route("wwan0", "x"))
    monkeypatch.setattr(metered_module, "_PATIENCE_S", 0.3)
    assert ask_network_manager() is means


def test_without_network_manager_or_without_a_route_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metered_module, "which", lambda _name: None)
    assert ask_network_manager() is None
    monkeypatch.setattr(metered_module, "which", lambda _name: "/bin/false")
    monkeypatch.setattr(metered_module, "default_route", Route)
    assert ask_network_manager() is None


def test_the_first_answer_is_waited_for_and_holds_for_a_while() -> None:
    asked: list[bool] = []

    def ask() -> bool:
        asked.append(True)
        return True

    line = MeteredLine(ask)
    assert [line.is_metered() for _ in range(5)] == [True] * 5
    assert len(asked) == 1


def test_a_system_that_takes_its_time_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metered_module, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(metered_module, "ASK_EVERY_S", 0.0)
    go_on, asked = threading.Event(), threading.Event()

    def ask() -> bool:
        asked.set()
        go_on.wait(20)
        return True

    line = MeteredLine(ask)
    assert line.is_metered() is None
    assert asked.is_set()
    go_on.set()
    for _ in range(1000):
        if line.is_metered():
            return
    raise AssertionError("its answer was never taken")
