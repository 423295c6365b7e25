"""What the children of the lab can do. Each module has a typed function to ask, and the function the child runs.

The table names functions instead of importing them: the window's process never loads the native code.
"""

from __future__ import annotations

from collections.abc import Callable

from station.capture.lab import Message

Task = Callable[[Message], Message]
"""Runs in the child. DeviceError is an answer; anything else ends the child, and the asker gets `lab.crashed`."""

TASKS: dict[str, str] = {
    "warm_up": "station.capture.tasks.warm_up:run",
}
