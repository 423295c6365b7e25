"""Nobody can call a station: neither its window nor its service listens to the network, until carrying is switched on.

What listens otherwise exists in training only, and for this computer only: the simulator of devices (SBI is asked by
the station, it never waits for a device to call) and the central of the demo.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from station.training.simulator.process import Simulator
from tests.end2end.window import ENVIRONMENT, PROJECT
from tests.processes import children_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux")

# In both: others may look at the process, or this test could not.
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from station.app.app import App
from station.app.run import make_qt
qt = make_qt()
window = App(qt, Path(sys.argv[1]))
window.show()
timer = QTimer(interval=50)
timer.timeout.connect(lambda: window.delivering.engine and window.delivering.relay and print("started", flush=True))
timer.start()
qt.exec()
"""
SERVICE = """
import sys
from station import cli
cli.keep_private = lambda: None
cli.main(["--data", sys.argv[1], "sync", "--json"])
"""
LISTENING = "0A"
PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")


def ears_of(*pids: int) -> set[tuple[str, str]]:
    """Protocol and local address of every socket of `pids` that somebody else could call."""
    owned = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                owned.add(str(handle.readlink()))
    found = set()
    for protocol in PROTOCOLS:
        with suppress(FileNotFoundError):  # a computer without IPv6
            for line in Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]:
                _number, local, other, state, *more = line.split()
                called = state == LISTENING if protocol.startswith("tcp") else set(other) <= set("0:")
                if called and f"socket:[{more[5]}]" in owned:
                    found.add((protocol, _address(local)))
    return found


def _address(local: str) -> str:
    host, _, _port = local.partition(":")
    return socket.inet_ntoa(bytes.fromhex(host)[::-1]) if len(host) == 8 else host


@pytest.mark.parametrize("program", [WINDOW, SERVICE], ids=["the window", "the service"])
def test_a_station_listens_to_nobody(program: str, folder_copy: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder_copy)],
        cwd=PROJECT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert "started" in process.stdout.readline()
        try:
            assert ears_of(process.pid, *children_of(process.pid)) == set()
        except PermissionError:
            pytest.skip("a child of the program keeps itself private: only root may look")
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_the_simulator_listens_to_this_computer_only(simulator: Simulator) -> None:
    found = ears_of(*children_of(os.getpid()))
    assert found
    assert {address for _protocol, address in found} == {"127.0.0.1"}


@pytest.mark.parametrize(("kind", "name"), [(socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")])
def test_whoever_listens_is_found(kind: socket.SocketKind, name: str) -> None:
    with socket.socket(socket.AF_INET, kind) as ear:
        ear.bind(("127.0.0.3", 0))
        if kind is socket.SOCK_STREAM:
            ear.listen()
        assert (name, "127.0.0.3") in ears_of(os.getpid())
    assert (name, "127.0.0.3") not in ears_of(os.getpid())
