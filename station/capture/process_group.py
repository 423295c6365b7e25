"""A program that was started for one job: it ends together with everything that it has started itself.

It must not know what the program does or says. On Windows only the program itself is ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event, Lock
from time import monotonic

_LOOK_S = 0.01
_GONE_S = 2.0


class ProcessGroup:
    """One program in a group of its own. Its pipes have no buffer: what is read and written is a matter of the caller.

    What the program has started may have left the group, and may hold the pipes open: never wait for their end alone.
    """

    def __init__(
        self, command: Sequence[str], *, stdin: int, stdout: int, stderr: int, added: Mapping[str, str] | None = None
    ) -> None:
        """OSError when it cannot be started. `added` to its environment."""
        self.process = subprocess.Popen(  # noqa: S603  # every command is one of ours, or found on the PATH by us
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            bufsize=0,
            env={**os.environ, **(added or {})},
            start_new_session=sys.platform != "win32",
        )
        self._lock = Lock()

    @property
    def has_ended(self) -> bool:
        """The program itself is gone, whatever it has left behind."""
        with self._lock:
            return self._has_ended()

    def wait(self, seconds: float) -> bool:
        """True when the program has ended within this time."""
        until = monotonic() + seconds
        while not self.has_ended:
            if monotonic() >= until:
                return False
            Event().wait(_LOOK_S)
        return True

    def ask_to_end(self) -> None:
        """It may tidy up first."""
        with self._lock, suppress(OSError):
            if not self._has_ended():
                self.process.terminate()

    def end(self) -> int | None:
        """Kill it and all of its group; what it returned, None when even that does not end it. Callable twice."""
        with self._lock:
            if self.process.returncode is None:
                self._kill()
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(_GONE_S)
            return self.process.returncode

    def _has_ended(self) -> bool:
        if sys.platform == "win32":
            return self.process.poll() is not None
        if self.process.returncode is not None:
            return True
        # It is only looked at: once its number is given back, the group of that number may be of others.
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _kill(self) -> None:
        if sys.platform == "win32":
            self.process.kill()
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
