"""Packets onto a stick: chosen, written, read back. They stay queued here; arriving twice is harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from station.domain.delivery import OutboxItem
from station.domain.errors import StoreError, TrustError
from station.domain.ids import new_record_id
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal import stick
from station.seal.courier import (
    MOST_BUNDLE_BYTES,
    MOST_PACKETS,
    BundleIndex,
    BundleItem,
    CourierFile,
    bundle_name,
    sign_index,
    size_on_stick,
    write_packets,
)
from station.seal.packet import sha256_of
from station.store.courier_book import Journey, Way, Why
from station.store.depot import Depot

log = get_logger(__name__)
Progress = Callable[[int, int], None]
"""Bytes done and bytes in all, written and read back; called from the thread that works, often."""


@dataclass(frozen=True)
class Choice:
    """What would go: how many packets, how many of them were never on a stick, and their bytes."""

    packets: int = 0
    bytes: int = 0
    new: int = 0
    new_bytes: int = 0
    carried: int = 0
    """Of the packets, those of other stations."""
    receipts: int = 0
    """Receipts and refusals for other stations that have not gone home yet."""
    not_taken: tuple[tuple[Why, int], ...] = ()
    """Carried packets that central did not take: theirs to see to, nothing to repair here."""


@dataclass(frozen=True)
class Exported:
    """What is on the stick, whole and read back. `left_out`: packets whose file here is damaged or gone."""

    paths: tuple[Path, ...]
    bundle_ids: tuple[str, ...]
    packets: int
    bytes: int
    left_out: tuple[RecordKey, ...] = ()

    @property
    def path(self) -> Path:
        """The file, or the first of several."""
        return self.paths[0]

    @property
    def bundle_id(self) -> str:
        return self.bundle_ids[0]


def choice(depot: Depot, *, keys: Sequence[RecordKey] | None = None) -> Choice:
    """What an export would take now."""
    items = depot.courier.waiting(keys=keys)
    new = [item for item in items if item.exported_at is None]
    return Choice(
        packets=len(items),
        bytes=sum(item.size for item in items),
        new=len(new),
        new_bytes=sum(item.size for item in new),
        carried=sum(item.carried for item in items),
        receipts=len(depot.carried.receipts())
        + len(depot.courier.passing())
        + len(depot.courier.passing(refusals=True)),
        not_taken=depot.courier.not_taken(),
    )


def export(
    depot: Depot,
    folder: Path,
    *,
    keys: Sequence[RecordKey] | None = None,
    only_new: bool = False,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    most_bytes: int = MOST_BUNDLE_BYTES,
) -> Exported | None:
    """Write every packet without a receipt into `folder`, or only `keys`, or only what was never on a stick.

    Several files when there are more than 1 GiB or 4,000 packets. None when it was cancelled: nothing stays then.
    StoreError `courier.nothing`, `courier.nothing_new`, `stick.*` (full, pulled out, read only), `stick.unproven` when
    what was read back is not what was written. Files that were finished before an error stay, are whole and are counted
    as exported.
    """
    depot.enrolled()
    items, left_out = _sound(depot, depot.courier.waiting(keys=keys, only_new=only_new), cancelled)
    if cancelled():
        return None
    if not items:
        waits = only_new and depot.courier.waiting(keys=keys, only_new=False)
        raise StoreError("courier.nothing_new" if waits else "courier.nothing")
    parts = _divide(items, most_bytes)
    stick.clear_old_parts(folder)
    stick.check_room(folder, sum(size_on_stick(item.size for item in part) for part in parts))
    now = (clock or SystemClock()).now()
    parts = _leaving(depot, parts, now)
    items = [item for part in parts for item in part]
    work = _Work(depot, folder, now, progress, cancelled, 2 * sum(item.size for item in items))
    done: list[tuple[Path, BundleIndex]] = []
    for number, part in enumerate(parts, 1):
        try:
            done.append(work.part(part, number, len(parts)))
        except _Cancelled:
            for path, _ in done:
                stick.remove(path)
            return None
        except BaseException:
            _note(depot, done, now)
            raise
    _note(depot, done, now)
    return Exported(
        paths=tuple(path for path, _ in done),
        bundle_ids=tuple(index.bundle_id for _, index in done),
        packets=len(items),
        bytes=sum(item.size for item in items),
        left_out=left_out,
    )


class _Cancelled(Exception):
    """A person does not want it any more."""


@dataclass
class _Work:
    """One export at work."""

    depot: Depot
    folder: Path
    now: datetime
    progress: Progress
    cancelled: Callable[[], bool]
    all_bytes: int
    done_bytes: int = 0

    def part(self, items: Sequence[OutboxItem], number: int, parts: int) -> tuple[Path, BundleIndex]:
        """One file, written and read back."""
        enrolment, key = self.depot.enrolled()
        index = BundleIndex(
            bundle_id=new_record_id(self.now),
            station_id=enrolment.station_id,
            office=enrolment.office,
            central_id=enrolment.central_id,
            created=self.now,
            part=number,
            parts=parts,
            cards=_cards(self.depot, items),
            claim=enrolment.claim or None,
            items=tuple(_index_item(item) for item in items),
        )
        path = self.folder / bundle_name(enrolment.office, index.bundle_id)
        token = sign_index(key, index)
        stick.put(
            path, lambda file: write_packets(file, token, self._read(items)), lambda file: self._prove(file, index)
        )
        return path, index

    def _read(self, items: Sequence[OutboxItem]) -> Iterator[tuple[RecordKey, bytes]]:
        for item in items:
            data = self.depot.read_packet(item)
            if sha256_of(data) != item.sha256:
                raise StoreError("packet.missing")
            self._count(0)
            yield item.key, data
            self._count(item.size)

    def _prove(self, file: BinaryIO, index: BundleIndex) -> None:
        """Everything is on the medium as it was meant: anything else is a bad stick."""
        expected = {item.key: item.sha256 for item in index.items}
        try:
            back = CourierFile(file)
            for key, data in back.packets():
                if expected.pop(key, "") != sha256_of(data):
                    raise StoreError("stick.unproven")
                self._count(len(data))
        except TrustError as problem:
            raise StoreError("stick.unproven") from problem
        if expected or back.damaged or back.cut:
            raise StoreError("stick.unproven")

    def _count(self, size: int) -> None:
        if self.cancelled():
            raise _Cancelled
        self.done_bytes += size
        self.progress(self.done_bytes, self.all_bytes)


def _sound(
    depot: Depot, items: Sequence[OutboxItem], cancelled: Callable[[], bool]
) -> tuple[list[OutboxItem], tuple[RecordKey, ...]]:
    """The packets whose files are what was sealed, and the keys of the others."""
    sound: list[OutboxItem] = []
    broken: list[OutboxItem] = []
    for item in items:
        if cancelled():
            break
        try:
            whole = sha256_of(depot.read_packet(item)) == item.sha256
        except StoreError as problem:
            log.warning("packet %s cannot be exported: %s", item.key, problem.code)
            whole = False
        (sound if whole else broken).append(item)
    return sound, tuple(item.key for item in broken)


def _leaving(depot: Depot, parts: Sequence[Sequence[OutboxItem]], now: datetime) -> list[list[OutboxItem]]:
    """Before the first byte is written: from now on copies may be out, and none of these is given up or sealed anew."""
    may_go = depot.outbox.leave([item.key for part in parts for item in part], at=now)
    going = [[item for item in part if item.key in may_go] for part in parts]
    if not any(going):
        raise StoreError("courier.nothing")
    return [part for part in going if part]


def _divide(items: Sequence[OutboxItem], most_bytes: int) -> list[list[OutboxItem]]:
    """Parts of at most so many bytes and packets, in order."""
    parts: list[list[OutboxItem]] = [[]]
    size = 0
    for item in items:
        if parts[-1] and (size + item.size > most_bytes or len(parts[-1]) >= MOST_PACKETS):
            parts.append([])
            size = 0
        parts[-1].append(item)
        size += item.size
    return parts


def _cards(depot: Depot, items: Sequence[OutboxItem]) -> tuple[str, ...]:
    """Our own card, and those of the stations whose packets are inside."""
    others = sorted({item.origin for item in items if item.carried})
    tokens = (depot.cards.own(), *(depot.cards.token(station_id) for station_id in others))
    return tuple(token for token in tokens if token)


def _index_item(item: OutboxItem) -> BundleItem:
    return BundleItem(
        record_id=item.key.record_id,
        revision=item.key.revision,
        origin=item.origin,
        sha256=item.sha256,
        size=item.size,
    )


def _note(depot: Depot, done: Sequence[tuple[Path, BundleIndex]], now: datetime) -> None:
    for _, index in done:
        journey = Journey(now, Way.OUT, index.bundle_id, index.station_id, packets=len(index.items), bytes=index.bytes)
        depot.courier.exported([item.key for item in index.items], journey)
