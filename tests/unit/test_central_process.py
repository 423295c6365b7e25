"""Central as a process of its own, ended by the operating system in the middle of its work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.contracts.central_contract import PATIENCE_S, await_offset, open_patch
from tests.contracts.central_station import enrol

PROGRAM = """
import sys
from pathlib import Path
from station.central.options import CentralOptions
from station.central.server import run_forever
run_forever(Path(sys.argv[1]), int(sys.argv[2]), lambda url, code: print(url, code, flush=True),
            options=CentralOptions(training=True))
"""


class Process:
    """`station central` without its command line."""

    def __init__(self, folder: Path, port: int = 0, failpoint: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), str(port)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"STATION_FAILPOINT": failpoint},
        )
        assert self._process.stdout is not None
        self.url, self.code = self._process.stdout.readline().split()
        self.port = int(self.url.rsplit(":", 1)[1])

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self.wait()

    def kill(self) -> None:
        self._process.kill()
        self.wait()

    def interrupt(self) -> int:
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        code = self._process.wait(PATIENCE_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


def test_killed_by_the_system_central_loses_neither_bytes_nor_records(tmp_path: Path) -> None:
    with Process(tmp_path) as first:
        port = first.port
        with httpx.Client(base_url=first.url, timeout=PATIENCE_S, trust_env=False) as http:
            station = enrol(http, first.code)
            packet = station.seal(filler=20000)
            upload = station.promise(packet)
            with open_patch(first.url, station, upload, packet) as connection:
                connection.sendall(packet.data[:9000])
                await_offset(station, upload, 9000)
                first.kill()
    with Process(tmp_path, port, failpoint="central.moved") as second:
        with httpx.Client(base_url=second.url, timeout=PATIENCE_S, trust_env=False) as http:
            station.http = http
            assert station.offset(upload) == 9000
            with pytest.raises(httpx.TransportError):
                station.patch(upload, packet.data[9000:], 9000)
        assert second.wait() != 0
    with Process(tmp_path, port) as third:
        with httpx.Client(base_url=third.url, timeout=PATIENCE_S, trust_env=False) as http:
            station.http = http
            station.check(station.receipt(packet).json()["receipt"], packet)
            assert len(station.changes()["events"]) == 2
        third.interrupt()
