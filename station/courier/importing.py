"""A bundle from a stick: everything is proven before anything is taken.

An edited bundle is refused whole. Of a half-broken stick everything is saved that proves itself.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from station.courier.keys import follow
from station.courier.looking import Contents, cards_for, contents_of, opened
from station.courier.orders import take_order
from station.courier.receipts import Taken, take_receipt
from station.courier.refusals import take_refusal
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.seal import stick
from station.seal.card import read_card
from station.seal.courier import BundleIndex, BundleItem, CourierFile, Kind, ListedPackets, Word, read_index
from station.store.carried import check_carried
from station.store.courier_book import Journey, Way
from station.store.depot import Depot

KEEP_FREE = 200 * 1024 * 1024
"""Room that stays on this station's own disk: recording goes before carrying."""
Progress = Callable[[int, int], None]
"""Bytes done and bytes in all; called from the thread that works."""


@dataclass(frozen=True)
class Imported:
    """What came of a bundle. Numbers of packets, then of receipts.

    `own`: packets of this station that came back, `restored` those among them whose file here was lost. `refused`: not
    what their station signed; `reasons` counts the error codes. `damaged`: unreadable on the stick. `receipts_passed`:
    kept for other stations. `receipts_unknown`: of this station, which knows no such packet. `refusals_…`: likewise, of
    packets that central will not have. `keys_changed`: this station now believes new keys of central.
    """

    contents: Contents
    taken: int = 0
    known: int = 0
    own: int = 0
    restored: int = 0
    refused: int = 0
    damaged: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    receipts_home: int = 0
    receipts_passed: int = 0
    receipts_known: int = 0
    receipts_unknown: int = 0
    receipts_refused: int = 0
    refusals_home: int = 0
    refusals_passed: int = 0
    refusals_known: int = 0
    refusals_unknown: int = 0
    refusals_refused: int = 0
    keys_changed: bool = False
    stopped: bool = False


def import_bundle(
    depot: Depot,
    path: Path,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    keep_free: int = KEEP_FREE,
) -> Imported:
    """Take what is in a bundle of packets or of receipts. Importing twice is harmless.

    Raises what `look` raises, and TrustError `courier.edited_packet`, `courier.missing_packet`, `courier.extra_packet`
    or `courier.strange_file` for a bundle that was changed: nothing of it is taken. StoreError `stick.gone` when it was
    pulled out, or what is wrong with the disk here; what was taken until then stays.
    """
    depot.enrolled()
    now = (clock or SystemClock()).now()
    with opened(path) as file:
        contents = contents_of(depot, file, path)
        if file.kind is Kind.RECEIPTS:
            found = _take_words(depot, file, contents, now)
        else:
            index = read_index(file.token)  # its signature was checked a moment ago
            found = _Packets(depot, file, path, index, contents, progress, cancelled, now).take(keep_free)
    home = found.receipts_home + found.receipts_passed + found.refusals_home + found.refusals_passed
    journey = Journey(now, Way.IN, contents.bundle_id, contents.station_id, found.taken, home, contents.bytes)
    depot.courier.note(journey)
    return found


@dataclass
class _Packets:
    """One bundle of packets being taken: read once to prove it, once more to take it."""

    depot: Depot
    file: CourierFile
    path: Path
    index: BundleIndex
    contents: Contents
    progress: Progress
    cancelled: Callable[[], bool]
    now: datetime
    counted: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    done_bytes: int = 0

    def take(self, keep_free: int) -> Imported:
        self.items = {item.key: item for item in self.index.items}
        self.cards = cards_for(self.depot, self.index)
        good = self._prove()
        wanted = [key for key in good if not self._is_settled_here(key)]
        self._check_room(sum(self.items[key].size for key in wanted), keep_free)
        self._learn_cards({self.items[key].origin for key in wanted})
        stopped = not self._take(frozenset(wanted))
        self.counted["known"] += len(good) - len(wanted)
        return Imported(
            self.contents,
            taken=self.counted["taken"],
            known=self.counted["known"],
            own=self.counted["own"],
            restored=self.counted["restored"],
            refused=self.counted["refused"],
            damaged=self.counted["damaged"],
            reasons=dict(self.reasons),
            stopped=stopped,
        )

    def _prove(self) -> set[RecordKey]:
        """The packets that are what the index and their own station say, and are not our own."""
        good = set()
        listed = ListedPackets(self.file, self.index)
        for item, data in listed:
            if self._is_good(item, data):
                good.add(item.key)
            if not self._count(item.size):
                return good
        if listed.missing and not self.path.exists():
            raise StoreError("stick.gone")
        self.counted["damaged"] = listed.missing
        return good

    def _is_good(self, item: BundleItem, data: bytes) -> bool:
        card = self.cards.get(item.origin)
        try:
            if card is None:
                raise TrustError("courier.no_card")
            manifest = check_carried(data, card).manifest
            if (manifest.record_id, manifest.revision) != (item.record_id, item.revision):
                raise TrustError("packet.other_record")
        except TrustError as problem:
            self._refuse(problem)
            return False
        if item.origin == self.depot.enrolled()[0].station_id:
            self._came_back(item, data)
            return False
        return True

    def _came_back(self, item: BundleItem, data: bytes) -> None:
        """Our own packet: its file is put back when it was lost here. One that was taken back stays away."""
        self.counted["own"] += 1
        row = self.depot.outbox.get(item.key)
        if row is None or row.sha256 != item.sha256:
            return
        try:
            whole = self.depot.packets.intact(item.key, item.sha256)
        except StoreError:
            whole = False
        if not whole:
            self.depot.packets.write(item.key, data)
            self.counted["restored"] += 1

    def _take(self, wanted: frozenset[RecordKey]) -> bool:
        """Take what is wanted; False when it was stopped on the way."""
        if self.cancelled():
            return False
        for item, data in ListedPackets(self.file, self.index):
            if item.key in wanted:
                self._take_one(data, item)
            if not self._count(item.size):
                return False
        return True

    def _take_one(self, data: bytes, item: BundleItem) -> None:
        came_by = f"courier:{self.index.bundle_id}"
        try:
            _, new = self.depot.carried.take(data, self.cards[item.origin], came_by=came_by, at=self.now)
        except TrustError as problem:
            self._refuse(problem)
        else:
            self.counted["taken" if new else "known"] += 1

    def _is_settled_here(self, key: RecordKey) -> bool:
        row = self.depot.outbox.get(key)
        return row is not None and row.carried and row.receipt is not None

    def _learn_cards(self, origins: set[str]) -> None:
        """Keep the cards of the stations that are carried for: after a lost outbox they are needed again."""
        for token in self.index.cards:
            try:
                if read_card(token).station_id in origins:
                    self.depot.cards.learn(token)
            except TrustError:
                continue

    def _check_room(self, needed: int, keep_free: int) -> None:
        free = shutil.disk_usage(self.depot.folder.root).free
        if needed and free < needed + keep_free:
            raise StoreError(
                "courier.no_room_here", needed_mb=stick.megabytes(needed + keep_free), free_mb=free // stick.MB
            )

    def _refuse(self, problem: StationError) -> None:
        self.counted["refused"] += 1
        self.reasons[problem.code] += 1

    def _count(self, size: int) -> bool:
        """Report; False when a person wants it stopped."""
        self.done_bytes += size
        self.progress(min(self.done_bytes, 2 * self.contents.bytes), 2 * self.contents.bytes)
        return not self.cancelled()


def _take_words(depot: Depot, file: CourierFile, contents: Contents, now: datetime) -> Imported:
    """Central's words: first whom to believe, then each by itself; a damaged one is only missing."""
    changes = [said.token for said in file.words() if said.word is Word.KEYS]
    keys_changed = follow(depot, changes, at=now)
    receipts: Counter[Taken] = Counter()
    refusals: Counter[Taken] = Counter()
    for said in file.words():
        if said.key is not None and said.word is Word.RECEIPT:
            receipts[take_receipt(depot, said.key, said.token, at=now)] += 1
        elif said.word is Word.ORDER:
            take_order(depot, said.token, at=now)
        elif said.key is not None:
            refusals[take_refusal(depot, said.key, said.token, at=now)] += 1
    depot.carried.clear_settled()
    return Imported(
        contents,
        receipts_home=receipts[Taken.HOME],
        receipts_passed=receipts[Taken.CARRIED] + receipts[Taken.PASSING],
        receipts_known=receipts[Taken.KNOWN],
        receipts_unknown=receipts[Taken.UNKNOWN],
        receipts_refused=receipts[Taken.REFUSED],
        refusals_home=refusals[Taken.HOME],
        refusals_passed=refusals[Taken.CARRIED] + refusals[Taken.PASSING],
        refusals_known=refusals[Taken.KNOWN],
        refusals_unknown=refusals[Taken.UNKNOWN],
        refusals_refused=refusals[Taken.REFUSED],
        keys_changed=keys_changed,
        damaged=file.damaged,
    )
