"""What a window stands on: its settings, its lock, its log, and the open data folder. Knows no window.

Loads most of the program and none of its screens, so it may be opened on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock

from station.config import Settings, load_settings
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder


@dataclass(frozen=True)
class Ground:
    """`close` when nothing stands on it any more."""

    settings: Settings
    depot: Depot
    lock: BaseFileLock

    @property
    def language(self) -> str:
        """What was chosen in the window, or set."""
        return self.depot.memory.language or self.settings.language

    def close(self) -> None:
        self.depot.close()
        self.lock.release()


def open_ground(data_dir: Path) -> Ground:
    """SetupError `folder.in_use` where a window is open already; StoreError and others of a folder that is broken."""
    settings = load_settings(data_dir)
    folder = Folder(data_dir)
    lock = folder.lock("desk")  # before anything heals or writes
    try:
        start_logging(folder.logs)
        return Ground(settings, Depot(data_dir), lock)
    except BaseException:
        lock.release()
        raise
