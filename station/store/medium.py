"""The second medium: a folder on a stick or another disk, known by a mark with a random id. May be pulled out any time.

Everything is written under another name, synced, renamed and read back. Must not know what a packet or a snapshot is.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from station.domain.errors import RuleError, SetupError, StoreError
from station.seal.stick import said_of_stick
from station.store.backup_book import BackupBook, ChosenMedium
from station.store.folder import make_folder, read_bounded, sync_directory
from station.store.snapshot_facts import FileFact, fact_of

FOLDER = "ktpel-cadangan"
MARK = "medium.json"
_PART = ".part"
_MOST_MOUNTS = 200


class Mark(BaseModel):
    """Whose medium it is. `medium_id` is random: nobody chooses it, and it is on no other medium."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    medium_id: str = Field(pattern=r"[0-9a-f]{32}")
    station_id: str
    station_name: str
    office: str
    made_at: AwareDatetime


@dataclass(frozen=True)
class Medium:
    """A medium that is there. `place` is the folder that was chosen; everything of ours is in one folder inside it."""

    place: Path
    mark: Mark

    @property
    def root(self) -> Path:
        return self.place / FOLDER

    @property
    def packets(self) -> Path:
        return self.root / "packets"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def rosters(self) -> Path:
        return self.root / "rosters"

    def free(self) -> int:
        """Bytes free; StoreError `stick.*` when it does not answer."""
        with said_of_stick():
            return shutil.disk_usage(self.root).free


def claim(place: Path, mark: Mark) -> Medium:
    """Use `place` for the station of `mark`; a mark of this station that is there already stays.

    RuleError `backup.other_station` for the medium of another one. SetupError `backup.no_folder`, `backup.unfit`.
    StoreError `stick.*`.
    """
    with said_of_stick():
        if not place.is_dir():
            raise SetupError("backup.no_folder")
    known = medium_at(place)
    if known is not None:
        if known.mark.station_id != mark.station_id:
            raise RuleError("backup.other_station", name=known.mark.station_name)
        return known
    try:
        with said_of_stick():
            (place / FOLDER).mkdir(mode=0o700, exist_ok=True)
    except StoreError as problem:
        if problem.code == "stick.gone" and place.is_dir():  # it is there, and takes no folders: one of the system's
            raise SetupError("backup.unfit") from problem
        raise
    write_on(place / FOLDER / MARK, mark.model_dump_json(indent=1).encode())
    return Medium(place, mark)


def medium_at(place: Path) -> Medium | None:
    """The medium in this folder; None when there is none, or its mark cannot be read."""
    try:
        return Medium(place, Mark.model_validate_json(read_bounded(place / FOLDER / MARK)))
    except (StoreError, ValidationError, OSError):
        return None


def find(book: BackupBook, station_id: str) -> Medium | None:
    """The first medium of the book that is connected, wherever the system has put it today."""
    for chosen in book.media:
        for place in _places(chosen.path, chosen.tail):
            found = medium_at(place)
            if found and (found.mark.medium_id, found.mark.station_id) == (chosen.medium_id, station_id):
                return found
    return None


def find_chosen(chosen: ChosenMedium) -> Medium | None:
    """That medium, wherever it is today, whatever station it was marked for; None while it is away."""
    found = (medium_at(place) for place in _places(chosen.path, chosen.tail))
    return next((item for item in found if item and item.mark.medium_id == chosen.medium_id), None)


def is_same_disk(place: Path, data: Path) -> bool:
    """Whether both are on one disk, as far as the system tells: by the device number, and on Linux by its parent."""
    with said_of_stick():
        one, other = place.stat().st_dev, data.stat().st_dev
    return one == other or _disk(one) == _disk(other) != ""


def tail_of(place: Path) -> str:
    """`place` below the point where its medium is mounted."""
    here = place.absolute()
    for above in (here, *here.parents):
        if os.path.ismount(above):
            return here.relative_to(above).as_posix()
    return ""


def copy_in(source: Path, target: Path, expected: FileFact | None = None) -> None:
    """Bring a file to the medium and read it back. StoreError `stick.*`; `stick.unproven` when it is not `expected`."""
    with said_of_stick():
        make_folder(target.parent)
        part = target.with_name(target.name + _PART)
        part.unlink(missing_ok=True)
        try:
            with source.open("rb") as reading, _create(part) as writing:
                shutil.copyfileobj(reading, writing, 1024 * 1024)
                os.fsync(writing.fileno())
            if expected is not None and fact_of(part) != expected:
                raise StoreError("stick.unproven")
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        _sync_folder(target.parent)


def write_on(target: Path, data: bytes) -> None:
    """Write a small file on the medium: the old one or the whole new one, read back. StoreError `stick.*`."""
    with said_of_stick():
        make_folder(target.parent)
        part = target.with_name(target.name + _PART)
        part.unlink(missing_ok=True)
        try:
            with _create(part) as file:
                file.write(data)
                os.fsync(file.fileno())
            _forget(part)
            if part.read_bytes() != data:
                raise StoreError("stick.unproven")
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        _sync_folder(target.parent)


def _create(path: Path):  # type: ignore[no-untyped-def]  # what os.fdopen returns has no short name
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)


def _forget(path: Path) -> None:
    """What is read back shall come from the medium, where the system can forget what it remembers."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError), path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # not every file system of a stick can sync a folder; the file itself is synced
        sync_directory(path)


def _places(path: str, tail: str) -> Iterator[Path]:
    yield Path(path)
    for mount in _mounts():
        yield mount / tail


def _mounts() -> list[Path]:
    """Where media may be: drive letters, or what is mounted from a device and is not the system's own."""
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
    found = []
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
            device, place, *_more = line.split(" ")
            if device.startswith("/dev/") and place != "/":
                found.append(Path(place.encode().decode("unicode_escape")))
    return found[:_MOST_MOUNTS]


def _disk(device: int) -> str:
    """The whole disk that a partition is on, as Linux names it; '' elsewhere or when nobody knows."""
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}") if hasattr(os, "major") else None
    if block is None:
        return ""
    try:
        real = block.resolve(strict=True)
        return str(real.parent if (real / "partition").exists() else real)
    except OSError:
        return ""
