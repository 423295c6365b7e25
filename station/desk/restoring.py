"""A station brought to this computer from its second medium. Everything is verified first; one rename makes it count.

Whatever is on the medium is hostile until checked. Whose it is, only the first sign-in can prove: until then there is
no station key here, and nothing is sent. Slow: for a thread of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from station.domain.errors import RuleError, SetupError, StationError, StoreError, TrustError
from station.domain.record import RecordKey
from station.failpoint import reach
from station.log import get_logger
from station.seal.card import check_card
from station.seal.packet import read_packet, verify_packet
from station.store import tombstones
from station.store.backup_book import ChosenMedium, load_book, save_book
from station.store.database import Database
from station.store.enrolment import Enrolment
from station.store.folder import Folder, make_folder, owner_only, read_bounded, sync_directory, translate_os_error
from station.store.medium import FOLDER, Medium, medium_at, tail_of
from station.store.packets import PacketFolder
from station.store.restored import NOTE
from station.store.snapshot import APPLICANTS, OUTBOX, SMALL, TREES, Snapshot, snapshots_in
from station.store.snapshot_facts import FACTS, SIGNATURE, FileFact, fact_of
from station.store.tables import OUTBOX_TABLES
from station.store.voids import read_void
from station.wire import PublicKey

Progress = Callable[[int, int], None]
"""Bytes done and bytes in all."""
_SPARE_BYTES = 64 * 1024 * 1024
log = get_logger(__name__)


@dataclass(frozen=True)
class BackupFound:
    """What a medium holds, and what came of restoring it. `complete`: nothing that the snapshot knew is missing."""

    station_id: str
    station_name: str
    office: str
    training: bool
    made_at: datetime
    records: int
    drafts: int
    packets: int
    bytes: int
    complete: bool
    damaged: int = 0
    """Packets on the medium that are not what was sealed: they are left there."""
    older: bool = False
    """The newest snapshot was damaged, and an older one was taken."""


def look(source: Path) -> BackupFound:
    """What is in `source`: the folder that was chosen for the backup, or ours inside it.

    TrustError `backup.none`, `backup.other_station` (its mark and its snapshot differ). StoreError `stick.*`.
    """
    medium = _medium(source)
    return _found(medium, _newest(medium))


def restore(
    folder: Folder,
    source: Path,
    *,
    progress: Progress = lambda _done, _all: None,
    stopped: Callable[[], bool] = lambda: False,
) -> BackupFound:
    """Bring everything of `source` here, verified. It counts from the next `Depot(root)` or `depot.reopen()` on.

    SetupError `restore.not_empty` for a folder with a station in it; RuleError `restore.stopped`: nothing stays;
    TrustError as `look`, `backup.damaged` when no snapshot is whole; StoreError `store.disk_full` and others.
    """
    if folder.enrolment.exists() or folder.applicants_db.exists() or folder.restored.exists():
        raise SetupError("restore.not_empty")
    medium = _medium(source)
    part = folder.root / "restored.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        found = _Work(folder, medium, part, progress, stopped).run()
        reach("restore.verified")
        part.rename(folder.restored)
        sync_directory(folder.root)
        reach("restore.committed")
    except OSError as problem:
        raise translate_os_error(problem) from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return found


@dataclass
class _Work:
    """One restore at work, into a folder that nobody opens."""

    folder: Folder
    medium: Medium
    part: Path
    progress: Progress
    stopped: Callable[[], bool]
    done: int = 0
    all: int = 0
    damaged: int = 0

    def run(self) -> BackupFound:
        """Everything but the last rename."""
        snapshots = _usable(self.medium)
        keys = list(PacketFolder(self.medium.packets).all_keys())
        self.all = _size_of(self.medium, snapshots[0], keys)
        if shutil.disk_usage(self.folder.root).free < self.all + _SPARE_BYTES:
            raise StoreError("store.disk_full")
        chosen = self._take_snapshot(snapshots)
        enrolment = load_enrolment_of(self.part)
        self._take_packets(keys, _own_key(enrolment))
        self._take_rosters(chosen)
        self._remember_medium()
        _sync_tree(self.part)
        facts = _found(self.medium, chosen)
        whole = facts.complete and not self.damaged
        return replace(facts, complete=whole, damaged=self.damaged, older=chosen is not snapshots[0])

    def _take_snapshot(self, snapshots: tuple[Snapshot, ...]) -> Snapshot:
        """The newest that is whole."""
        for one in snapshots:
            shutil.rmtree(self.part, ignore_errors=True)
            self.part.mkdir(mode=0o700)
            try:
                self._take_files(one)
                return one
            except (TrustError, StoreError) as problem:
                if problem.code == "store.disk_full":
                    raise
                log.error("a snapshot on the medium cannot be used: %s", problem.code)
        raise TrustError("backup.damaged")

    def _take_files(self, one: Snapshot) -> None:
        for name, fact in one.facts.files.items():
            self._copy(one.folder / name, self.part / _allowed(name), fact)
        for name in (FACTS, SIGNATURE):
            write_small(self.part / NOTE / name, read_bounded(one.folder / name))
        if load_enrolment_of(self.part).station_id != self.medium.mark.station_id:
            raise TrustError("backup.other_station")
        outbox = Database(self.part / OUTBOX, read_only=True)
        try:
            outbox.check(OUTBOX_TABLES)
        finally:
            outbox.close()

    def _take_packets(self, keys: list[RecordKey], own: PublicKey | None) -> None:
        theirs, ours = PacketFolder(self.medium.packets), PacketFolder(self.part / "packets")
        (self.part / "packets").mkdir(mode=0o700)
        for key in keys:
            try:
                data = theirs.read(key)
                packet = verify_packet(data, [own]) if own is not None else read_packet(data)
                if RecordKey(packet.manifest.record_id, packet.manifest.revision) != key:
                    raise TrustError("packet.damaged")
            except StationError as problem:
                log.error("packet %s on the medium is left out: %s", key, problem.code)
                self.damaged += 1
                continue
            write_small(ours.path(key), data)
            self._count(len(data))
        for key in tombstones.keys(theirs):
            write_small(tombstones.path_of(ours, key), read_bounded(tombstones.path_of(theirs, key)))
        for key in theirs.void_keys():
            # What the outbox of the snapshot knows of is marked from there; an empty file could be anybody's.
            if own is not None and read_void(theirs.path(key).with_suffix(".void"), key, own):
                write_small(ours.path(key).with_suffix(".void"), b"")

    def _take_rosters(self, chosen: Snapshot) -> None:
        """A target list that is not whole is left out: central has it."""
        (self.part / "rosters").mkdir(mode=0o700)
        for name, fact in chosen.facts.rosters.items():
            try:
                self._copy(self.medium.rosters / name, self.part / "rosters" / PurePosixPath(name).name, fact)
            except (TrustError, StoreError) as problem:
                if problem.code == "store.disk_full":
                    raise
                log.warning("a target list on the medium is left out: %s", problem.code)

    def _remember_medium(self) -> None:
        """The medium goes on being the second copy, where it is now."""
        path, mark = self.part / "backup.json", self.medium.mark
        book = load_book(path)
        known = next((item for item in book.media if item.medium_id == mark.medium_id), None)
        entry = known or ChosenMedium(medium_id=mark.medium_id, path="")
        place = {"path": str(self.medium.place.absolute()), "tail": tail_of(self.medium.place)}
        save_book(path, book.with_first(entry.model_copy(update=place)))

    def _copy(self, source: Path, target: Path, fact: FileFact) -> None:
        """TrustError `backup.damaged` unless what arrives is what the facts say: its size bounds what is read."""
        try:
            if source.is_symlink() or not source.is_file() or source.stat().st_size != fact.size:
                raise TrustError("backup.damaged")
            make_folder(target.parent)
            with source.open("rb") as reading, open(target, "xb", opener=owner_only) as writing:
                while piece := reading.read(1024 * 1024):
                    writing.write(piece)
                    self._count(len(piece))
            if fact_of(target) != fact:
                raise TrustError("backup.damaged")
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def _count(self, size: int) -> None:
        if self.stopped():
            raise RuleError("restore.stopped")
        self.done += size
        self.progress(min(self.done, self.all), self.all)


def load_enrolment_of(part: Path) -> Enrolment:
    """The enrolment in a folder that is no station yet; TrustError `backup.damaged`."""
    try:
        return Enrolment.model_validate_json(read_bounded(part / "enrolment.json"))
    except (ValueError, StoreError) as problem:
        raise TrustError("backup.damaged") from problem


def write_small(path: Path, data: bytes) -> None:
    """Into a folder that counts only when all of it is synced."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _medium(source: Path) -> Medium:
    found = medium_at(source.parent if source.name == FOLDER else source)
    if found is None:
        raise TrustError("backup.none")
    return found


def _usable(medium: Medium) -> tuple[Snapshot, ...]:
    found = snapshots_in(medium.snapshots)
    own = tuple(item for item in found if item.facts.station_id == medium.mark.station_id)
    if not own:
        raise TrustError("backup.other_station" if found else "backup.none")
    return own


def _newest(medium: Medium) -> Snapshot:
    return _usable(medium)[0]


def _found(medium: Medium, chosen: Snapshot) -> BackupFound:
    facts = chosen.facts
    keys = list(PacketFolder(medium.packets).all_keys())
    whole = all((chosen.folder / name).is_file() for name in facts.files)
    return BackupFound(
        station_id=facts.station_id,
        station_name=facts.station_name,
        office=facts.office,
        training=facts.training,
        made_at=facts.made_at,
        records=facts.records,
        drafts=facts.drafts,
        packets=len(keys),
        bytes=_size_of(medium, chosen, keys),
        complete=whole and len(keys) >= facts.packets,
    )


def _size_of(medium: Medium, chosen: Snapshot, keys: list[RecordKey]) -> int:
    folder = PacketFolder(medium.packets)
    small = sum(fact.size for fact in (*chosen.facts.files.values(), *chosen.facts.rosters.values()))
    return small + sum(_size(folder.path(key)) for key in keys)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _allowed(name: str) -> str:
    """A path of ours; what else somebody wrote into the facts is not put anywhere. TrustError `backup.damaged`."""
    parts = PurePosixPath(name).parts
    known = name in (*SMALL, APPLICANTS, OUTBOX) or (len(parts) > 1 and parts[0] in TREES)
    if not known or ".." in parts or "\\" in name or ":" in name:
        raise TrustError("backup.damaged")
    return name


def _own_key(enrolment: Enrolment) -> PublicKey | None:
    """The station's public key as central signed it; None from a central that gives no cards: sign-in checks then."""
    if not enrolment.card:
        return None
    return check_card(enrolment.card, enrolment.receipt_keys, central_id=enrolment.central_id).public_key


def _sync_tree(root: Path) -> None:
    for path in _below(root):
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _below(root: Path) -> Iterator[Path]:
    """Files before their folders; on Windows folders cannot be synced and need not be."""
    for folder, _folders, files in os.walk(root, topdown=False):
        yield from (Path(folder) / name for name in files)
        if os.name != "nt":
            yield Path(folder)
