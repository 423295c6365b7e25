"""What the operator of central switches while it runs: maintenance, busy, status, pacing. Kept in one file.

The command line writes it beside a running central; a restart changes nothing of it.
"""

from __future__ import annotations

import json
import math
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from station.central.disk import full_disk_refused, sync_file, sync_folder
from station.central.problems import Refused
from station.domain.errors import SetupError
from station.log import get_logger
from station.wire import Pacing, Problem, ServiceStatus, Time

FILE_NAME = "switches.json"
_log = get_logger(__name__)


class Maintenance(BaseModel):
    """Only hello is answered. `until` is a promise, not a timer."""

    model_config = ConfigDict(frozen=True)

    until: Time | None = None
    message: str = ""


class Switched(BaseModel):
    """What is switched now."""

    model_config = ConfigDict(frozen=True)

    pacing: Pacing | None = None
    """None: what central was started with."""
    status: ServiceStatus = ServiceStatus()
    maintenance: Maintenance | None = None
    busy_retry_after_s: int | None = None


class Switches:
    """Read by every request, set from any thread or another process."""

    def __init__(self, folder: Path, pacing: Pacing) -> None:
        """`pacing` holds until another one is set."""
        self._path = folder / FILE_NAME
        self._standard = pacing
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._switched = Switched()

    @property
    def now(self) -> Switched:
        """As the file says it. A file that cannot be read changes nothing."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return Switched()
        with self._lock:
            if (found.st_mtime_ns, found.st_ino) != self._seen:
                self._switched = self._read()
                self._seen = (found.st_mtime_ns, found.st_ino)
            return self._switched

    @property
    def pacing(self) -> Pacing:
        return self.now.pacing or self._standard

    def set(self, **changed: Any) -> None:
        """Change some of it, on stable storage. SetupError `central.switch` for what cannot be."""
        try:
            text = Switched.model_validate(dict(self.now) | changed).model_dump_json()
        except ValidationError as problem:
            raise SetupError("central.switch") from problem
        temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
        with full_disk_refused():
            temporary.write_text(text, "utf-8")
            sync_file(temporary)
            temporary.replace(self._path)
            sync_folder(self._path.parent)

    def start_maintenance(self, message: str = "", until: datetime | None = None) -> None:
        """Only hello is answered until `end_maintenance`."""
        self.set(maintenance=Maintenance(until=until, message=message))

    def end_maintenance(self) -> None:
        self.set(maintenance=None)

    def shown_status(self) -> ServiceStatus:
        """The service status for hello: maintenance shows there too."""
        switched = self.now
        if switched.maintenance is None:
            return switched.status
        return switched.status.model_copy(update={"receiving": "maintenance", "message": switched.maintenance.message})

    def refusal(self, now: datetime) -> Refused | None:
        """Why nobody is served now, or None."""
        switched = self.now
        if switched.maintenance is not None:
            return _maintenance(switched.maintenance, now)
        return None if switched.busy_retry_after_s is None else busy(switched.busy_retry_after_s)

    def _read(self) -> Switched:
        try:
            return Switched.model_validate(json.loads(self._path.read_bytes()))
        except (OSError, ValueError):
            _log.warning("%s cannot be read; what was switched before goes on", FILE_NAME)
            return self._switched


def _maintenance(maintenance: Maintenance, now: datetime) -> Refused:
    until = maintenance.until
    wait_s = 60 if until is None else max(1, math.ceil((until - now).total_seconds()))
    return Refused(
        Problem.MAINTENANCE,
        "Central is being maintained.",
        headers={"Retry-After": str(wait_s)},
        until=until,
        message=maintenance.message,
    )


def busy(retry_after_s: int, *, status: int | None = None) -> Refused:
    """Come later; 429 when it is this station that asks too often."""
    return Refused(Problem.BUSY, "Central is busy.", status=status, headers={"Retry-After": str(retry_after_s)})
