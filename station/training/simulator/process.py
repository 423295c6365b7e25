"""Starts the simulator in a process of its own, tells it who sits there and what is to go wrong, and ends it.

It must not load what the simulator draws with: the window's process knows it only as an address.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Timer
from typing import Any

from station.capture.sbi.names import ANY_DEVICE, HOST
from station.domain.errors import SetupError
from station.training.people import Person
from station.training.simulator.faults import Fault

START_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
_ASK_LIMIT_S = 30.0


class Simulator:
    """Runs from the moment it is made until `close`. SetupError `simulator.start` when it does not come up."""

    def __init__(
        self, *, frame_ms: int = 50, capture_ms: int = 1200, person: Person | None = None, more: str = ""
    ) -> None:
        """`more` are further words of its command line."""
        self.trust = Path(tempfile.mkdtemp(prefix="stasiun-simulator-"))
        words = ["--trust", str(self.trust), "--frame-ms", str(frame_ms), "--capture-ms", str(capture_ms)]
        words += ["--seed", str(person.seed)] if person else []
        command = [sys.executable, "-m", "station", "simulator", *words, *more.split()]
        self._process = subprocess.Popen(  # noqa: S603  # no word of the command comes from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._wait_until_ready()

    def seat(self, person: Person) -> None:
        """The next person sits down."""
        self._ask("person", {"seed": person.seed})

    def expect(self, person: Person) -> None:
        """They are next: draw them in the background."""
        self._ask("expect", {"seed": person.seed})

    def fault(self, fault: Fault, times: int | None = None, *, type: str = ANY_DEVICE) -> None:
        """For the next `times` captures; None until `mend`."""
        answer = self._ask("fault", {"type": type, "fault": fault.value, "times": times})
        self.port = int(answer.get("port", self.port))

    def mend(self) -> None:
        """Nothing is wrong any more."""
        self._ask("fault", {"fault": "none"})

    def tell(self, call: str, **words: object) -> None:
        """Any other admin call."""
        self._ask(call, words)

    def close(self) -> None:
        """End it, and remove its certificate."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self.trust, ignore_errors=True)

    def _wait_until_ready(self) -> int:
        assert self._process.stdout is not None
        late = Timer(START_LIMIT_S, self._process.kill)
        late.daemon = True
        late.start()
        try:
            return int(json.loads(self._process.stdout.readline())["port"])
        except (ValueError, KeyError, TypeError) as broken:
            self.close()
            raise SetupError("simulator.start") from broken
        finally:
            late.cancel()

    def _ask(self, call: str, words: dict[str, Any]) -> dict[str, Any]:
        connection = HTTPConnection(HOST, self.port, timeout=_ASK_LIMIT_S)
        try:
            connection.request("POST", f"/admin/{call}", json.dumps(words))
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as broken:
            raise SetupError("simulator.gone") from broken
        finally:
            connection.close()
        if answer.get("errorCode") != "0":
            raise ValueError(f"the simulator does not understand {call}: {answer.get('errorInfo')}")
        return answer
