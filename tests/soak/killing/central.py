"""The reference central in a process of its own, which may be killed at a named point and started again."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from station import failpoint
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.wire import Limits
from tests.soak.harness import Broken
from tests.soak.killing.clock import SharedClock

CHUNK = 8192


def dies_at(name: str, nth: int) -> Callable[[str], None]:
    """A hook that kills this very process when `name` is passed for the `nth` time."""
    left = nth

    def hook(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def serve(pipe: Pipe, root: Path, port: int, passed: Any) -> None:
    """Run in central's process: answers over HTTP, and does over the pipe what central's operator does."""
    logging.basicConfig(filename=root.with_name("central.log"), level=logging.WARNING, force=True)
    options = CentralOptions(training=True, limits=Limits(chunk_bytes=CHUNK))
    server = CentralServer(root, port=port, options=options, clock=SharedClock(passed))
    server.start()
    pipe.send(server.url)
    with suppress(EOFError):
        _obey(pipe, server)
    server.stop()


def _obey(pipe: Pipe, server: CentralServer) -> None:
    """Until it is asked to stop; EOFError when nobody is there any more to ask."""
    trap: Callable[[str], None] = _nothing
    with failpoint.armed(lambda name: trap(name)):
        while (ask := pipe.recv())[0] != "stop":
            trap = dies_at(ask[1], ask[2]) if ask[0] == "arm" else _nothing
            pipe.send(_done(server, ask))


def _nothing(_name: str) -> None:
    """No trap is set."""


def _done(server: CentralServer, ask: tuple[Any, ...]) -> str:
    if ask[0] == "code":
        return server.central.new_code()
    if ask[0] == "wipe":
        return server.central.wipes.order(ask[1], "hilang di jalan").order_id
    return ""


@dataclass
class CentralProcess:
    """Central as the harness has it. `context` makes processes."""

    context: Any
    root: Path
    passed: Any
    url: str = ""
    kills: int = 0

    def start(self) -> None:
        self.pipe, theirs = self.context.Pipe()
        port = int(self.url.rpartition(":")[2] or 0)
        self.process = self.context.Process(target=serve, args=(theirs, self.root, port, self.passed), daemon=True)
        self.process.start()
        theirs.close()
        self.url = self._answer("start")

    def ask(self, *what: object) -> str:
        """Let central's operator do something."""
        self.pipe.send(what)
        return self._answer(str(what[0]))

    def _answer(self, what: str) -> str:
        try:
            return str(self.pipe.recv())
        except EOFError:
            raise Broken(f"central ended when it was asked to {what}") from None

    def died(self) -> bool:
        """True when it was killed at its point; then it has been started again."""
        self.process.join(0.01)
        if self.process.exitcode is None:
            return False
        if self.process.exitcode != -signal.SIGKILL:
            raise Broken(f"central ended by itself with {self.process.exitcode}")
        self.pipe.close()
        self.kills += 1
        self.start()
        return True

    def stop(self) -> None:
        """It must end by itself; what does not is killed."""
        with suppress(OSError):
            self.pipe.send(("stop",))
        self.process.join(20)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        self.pipe.close()
