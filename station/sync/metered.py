"""Whether the line costs by the byte, as the operating system says. NetworkManager is asked where it is; Qt by others.

Asking may take a while, so it happens beside delivery; the last answer holds until the next one is here.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from shutil import which
from threading import Lock, Thread
from time import monotonic

from station.sync.route import default_route

ASK_EVERY_S = 60.0
FIRST_WAIT_S = 1.0
"""How long the very first question is waited for: nobody wants a packet to go while it is open."""
_PATIENCE_S = 5.0


class MeteredLine:
    """`is_metered()` answers at once: yes, no, or None when the system does not say."""

    def __init__(self, ask: Callable[[], bool | None] | None = None) -> None:
        self._ask = ask or ask_network_manager
        self._lock = Lock()
        self._known: bool | None = None
        self._asked_at: float | None = None

    def is_metered(self) -> bool | None:
        with self._lock:
            first = self._asked_at is None
            if self._asked_at is not None and monotonic() - self._asked_at < ASK_EVERY_S:
                return self._known
            self._asked_at = monotonic()
        asking = Thread(target=self._learn, name="metered", daemon=True)
        asking.start()
        if first:
            asking.join(FIRST_WAIT_S)
        return self._known

    def _learn(self) -> None:
        self._known = self._ask()


def ask_network_manager() -> bool | None:
    """What NetworkManager knows of the device that the default route goes through; None without it."""
    program = which("nmcli")
    device = default_route().device
    if program is None or not device:
        return None
    command = [program, "-t", "-f", "GENERAL.DEVICE,GENERAL.METERED", "device", "show", device]
    try:
        said = subprocess.run(  # noqa: S603  # a program of the system, with a device name of the system
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return read_metered(said)


def read_metered(said: str) -> bool | None:
    """`GENERAL.METERED:yes (guessed)` and its like; None when it is not known."""
    for line in said[:10_000].splitlines():
        name, _, value = line.partition(":")
        if name == "GENERAL.METERED":
            word = value.strip().split(" ")[0]
            return {"yes": True, "no": False}.get(word)
    return None
