"""The diagnosis bundle: what a technician far away needs to see, in one ZIP, and nothing of any person.

Safe by how it is made: nothing is copied that a person, a device or a server has written. What each page may hold is in
diagnosis_pages.py. Needs no sign-in.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from station.desk import diagnosis_pages as pages
from station.domain.errors import StationError
from station.log import TECHNICAL
from station.store.depot import Depot
from station.store.folder import write_file

LIMIT_BYTES = 5 * 1024 * 1024
_LOG_BYTES = 600_000
_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT[\d:]{8}\+00:00 \| [A-Z]{4,8} \| station[\w.]{0,80} \| .{0,2000}")
_DIGITS = re.compile(r"\d{10,}")
_README = """Diagnosis of a recording station, for the technician.

It holds versions, settings, the link to central, counters, packets by their random number, technical notes, the health
of devices and of the disk, what the connection doctor found last, and a log. It holds no name, no NIK, no picture, no
key and no password.
"""
Page = Callable[[Depot, datetime], object]
_PAGES: dict[str, Page] = {
    "versions.json": pages.versions,
    "settings.json": pages.settings,
    "station.json": pages.station,
    "doctor.json": pages.doctor,
    "link.json": pages.link,
    "lanes.json": pages.lanes,
    "counters.json": pages.counters,
    "packets.json": pages.packets,
    "notes.json": pages.notes,
    "throughput.json": pages.throughput,
    "devices.json": pages.devices,
    "disk.json": pages.disk,
}


def write(depot: Depot, target_folder: Path, now: datetime) -> Path:
    """Write the bundle into a folder; the new file, at most 5 MiB. StoreError when the folder takes no file."""
    target = _free_name(target_folder, depot, now)
    write_file(target, bundle(depot, now))
    return target


def bundle(depot: Depot, now: datetime) -> bytes:
    """The ZIP. A page that cannot be read says so and costs none of the others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("README.txt", _README)
        for name, page in _PAGES.items():
            into.writestr(name, json.dumps(_read(page, depot, now), indent=1))
        into.writestr(TECHNICAL, "\n".join(_log_lines(depot.folder.logs)))
    return buffer.getvalue()


def _read(page: Page, depot: Depot, now: datetime) -> object:
    try:
        return page(depot, now)
    except (StationError, OSError, ValueError) as problem:  # broken is just what a diagnosis is made of
        return {"unreadable": getattr(problem, "code", type(problem).__name__)}


def _log_lines(folder: Path) -> Iterator[str]:
    """The newest lines of the log that may be given away, each looked at once more."""
    for name in (f"{TECHNICAL}.1", TECHNICAL):
        for line in _tail(folder / name).decode("utf-8", "replace").splitlines():
            if _LOG_LINE.fullmatch(line):
                yield _DIGITS.sub("…", line)


def _tail(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_BYTES))
            return file.read(_LOG_BYTES)
    except OSError:
        return b""


def _free_name(folder: Path, depot: Depot, now: datetime) -> Path:
    """A name that says when and of which station, and that no other file has."""
    station = depot.enrolment.station_id if depot.enrolment is not None else ""
    short = re.sub(r"[^a-z0-9]", "", station.lower())[:8] or "station"
    stem = f"diagnosis-{short}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.zip" for number in range(1, 1000))
    return next(folder / name for name in names if not (folder / name).exists())
