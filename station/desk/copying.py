"""One round of copying: packets, a snapshot where one is due, and what may go. Remembers what is on the medium.

Slow: for a thread of its own, see `backup_thread.py`. Never raises for trouble of the medium: that is a standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station.domain.backup import BackupFacts, Standing
from station.domain.errors import StationError, StoreError
from station.domain.record import RecordKey
from station.log import get_logger
from station.store import second_copy, snapshot, snapshot_copies
from station.store.backup_book import BackupBook, ChosenMedium, change_book, load_book
from station.store.database import Database
from station.store.depot import Depot
from station.store.medium import Medium, find, is_same_disk
from station.store.snapshot import Snapshot

EVERY = timedelta(hours=1)
WHOLE_EVERY = timedelta(minutes=5)
CHECK_EVERY = timedelta(days=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_STANDING = {
    "stick.full": Standing.FULL,
    "stick.no_room": Standing.FULL,
    "stick.read_only": Standing.READ_ONLY,
    "stick.gone": Standing.ABSENT,
}
log = get_logger(__name__)


@dataclass
class Copying:
    """`key_holder` is the applicants' database of whoever is signed in, opened once more; None before and after."""

    depot: Depot
    stopped: Callable[[], bool] = lambda: False
    key_holder: Database | None = None
    facts: BackupFacts = field(default_factory=BackupFacts)
    _there: set[RecordKey] | None = None
    _medium_id: str = ""
    _whole_at: datetime = _LONG_AGO
    _to_check: list[RecordKey] | None = None
    """Copies that are still to be compared today; None when that is done."""

    def snap(self, now: datetime, *, at_once: bool) -> Snapshot | None:
        """A snapshot beside the databases, if an hour is over (or `at_once`) and anything was entered since the last.

        StoreError: `store.corrupt` when a page is damaged, others of the disk.
        """
        if self.key_holder is None:
            return None
        newest = snapshot.last_made(self.depot.folder.snapshots)
        if newest is not None:
            fresh = timedelta() <= now - newest.facts.made_at < EVERY
            if (fresh and not at_once) or newest.facts.fingerprint == snapshot.fingerprint(self.key_holder):
                return None
        return snapshot.make(self.depot, self.key_holder, now)

    def is_behind(self) -> bool:
        """Whether somebody's draft was changed after the last snapshot: of that there is no second copy yet."""
        newest = snapshot.last_made(self.depot.folder.snapshots)
        if self.key_holder is None or newest is None:
            return self.key_holder is not None
        return snapshot.drafts_changed(self.key_holder, newest.facts.made_at)

    def copy(self, now: datetime, *, quiet: bool = False) -> BackupFacts:
        """Bring everything to the medium that is not there yet; how it stands.

        `quiet`: nothing was sealed since. Then it is enough to see, for some minutes, that the medium is still there.
        """
        book = load_book(self.depot.folder.backup)
        enrolment = self.depot.enrolment
        if not book.media or enrolment is None:
            return self._tell(Standing.NOT_CHOSEN, now, None, None)
        medium = find(book, enrolment.station_id)
        if medium is None:
            self._there = None
            return self._tell(Standing.ABSENT, now, None, book.media[0])
        if quiet and self._is_fresh(medium, now):
            return self.facts
        self._whole_at = now
        chosen = next(item for item in book.media if item.medium_id == medium.mark.medium_id)
        try:
            return self._copy_to(medium, chosen, now)
        except StationError as problem:
            log.warning("the backup medium does not take the copies: %s", problem.code)
            self._there = None if problem.code == "stick.gone" else self._there
            return self._tell(_STANDING.get(problem.code, Standing.FAILING), now, medium, chosen)

    def count_media(self) -> None:
        """Somebody may have chosen one."""
        self.facts = replace(self.facts, media=len(load_book(self.depot.folder.backup).media))

    def _copy_to(self, medium: Medium, chosen: ChosenMedium, now: datetime) -> BackupFacts:
        if self._there is None or self._medium_id != medium.mark.medium_id:
            self._there, self._medium_id = second_copy.packets_on(medium), medium.mark.medium_id
            self._to_check = None
        there = self._there
        left = self._copy_packets(medium, there)
        checked_at = self._check_some(medium, there, chosen.checked_at, now)
        on_medium = self._copy_snapshot(medium)
        moved = medium.place.absolute() != Path(chosen.path)
        entry = chosen.model_copy(
            update={
                "path": str(medium.place),
                "packets": len(there),
                "snapshot_at": on_medium.facts.made_at if on_medium else None,
                "good_at": now if not left else chosen.good_at,
                "seen_at": now,
                "checked_at": checked_at,
            }
        )
        before = (chosen.packets, chosen.snapshot_at, chosen.checked_at)
        news = (entry.packets, entry.snapshot_at, entry.checked_at) != before
        if news or moved or (chosen.good_at is None and not left):  # a quiet round writes nothing
            self._remember(entry)
        same = is_same_disk(medium.root, self.depot.folder.root)
        return self._tell(Standing.SAME_DISK if same else Standing.FINE, now, medium, entry)

    def _copy_packets(self, medium: Medium, there: set[RecordKey]) -> int:
        second_copy.bring_back(self.depot, medium, there)
        left = second_copy.bring_packets(self.depot, medium, there, self.stopped)
        second_copy.follow_voids(self.depot, medium)
        second_copy.follow_set_aside(self.depot, medium, there)
        second_copy.drop_purged(self.depot, medium, there)
        return left

    def _check_some(
        self, medium: Medium, there: set[RecordKey], checked_at: datetime | None, now: datetime
    ) -> datetime | None:
        """Compare some copies with what was sealed, all of them once a day; when all of them had last been."""
        if self._to_check is None:
            if checked_at is not None and timedelta() <= now - checked_at < CHECK_EVERY:
                return checked_at
            self._to_check = sorted(there, key=str)
        most = second_copy.CHECK_AT_ONCE
        some, self._to_check = self._to_check[:most], self._to_check[most:]
        if second_copy.drop_changed(self.depot, medium, there, some):
            second_copy.bring_packets(self.depot, medium, there, self.stopped)
        if self._to_check:
            return checked_at
        self._to_check = None
        return now

    def _copy_snapshot(self, medium: Medium) -> Snapshot | None:
        """The one made last, when it is not there yet; the newest that the medium has now."""
        local, key = snapshot.last_made(self.depot.folder.snapshots), self.depot.key
        if local is not None and key is not None and not snapshot_copies.is_there(medium, local):
            snapshot_copies.bring_snapshot(medium, local, self.depot.folder.rosters, self._opens, key.public)
        there = local is not None and snapshot_copies.is_there(medium, local)
        return local if there else snapshot_copies.newest_on(medium)

    def _is_fresh(self, medium: Medium, now: datetime) -> bool:
        same = self._there is not None and not self._to_check and self._medium_id == medium.mark.medium_id
        good = self.facts.standing in (Standing.FINE, Standing.SAME_DISK) and not self.facts.only_here
        return same and good and timedelta() <= now - self._whole_at < WHOLE_EVERY

    def _opens(self, path: Path) -> None:
        if self.key_holder is not None:
            copy = self.key_holder.again(path, read_only=True)
            try:
                snapshot.prove_applicants(copy)
            finally:
                copy.close()

    def _remember(self, entry: ChosenMedium) -> None:
        def remembered(book: BackupBook) -> BackupBook:
            known = any(item.medium_id == entry.medium_id for item in book.media)  # it may be forgotten meanwhile
            return book.with_first(entry) if known else book

        change_book(self.depot.folder.backup, remembered)

    def _tell(
        self, standing: Standing, now: datetime, medium: Medium | None, chosen: ChosenMedium | None
    ) -> BackupFacts:
        enrolment = self.depot.enrolment
        if standing is Standing.NOT_CHOSEN and enrolment is not None and enrolment.training:
            standing = Standing.OFF
        since = self.facts.since if self.facts.standing is standing else None
        local = snapshot.last_made(self.depot.folder.snapshots)
        there = self._there if medium is not None else None
        good_at = chosen.good_at if chosen else None
        lost = chosen.good_at or chosen.seen_at if chosen and standing is Standing.ABSENT else None
        self.facts = BackupFacts(
            standing=standing,
            since=since or lost or now,
            only_here=second_copy.count_only_here(self.depot.outbox.database, there, good_at),
            where=chosen.path if chosen else "",
            packets=chosen.packets if chosen else 0,
            snapshot_at=chosen.snapshot_at if chosen else None,
            local_at=local.facts.made_at if local else None,
            free_bytes=_free(medium),
            media=len(load_book(self.depot.folder.backup).media),
        )
        return self.facts

    def busy(self) -> BackupFacts:
        """The same facts while a round is going on."""
        return replace(self.facts, busy=True)


def _free(medium: Medium | None) -> int | None:
    try:
        return medium.free() if medium is not None else None
    except StoreError:
        return None
