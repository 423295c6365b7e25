"""Carrying out an order to wipe: first nobody there gets in any more, then what central has goes, then the lists.

Whatever central has no receipt for stays: it is sealed, and goes when there is a line. Every step may be repeated:
after a power cut it begins anew. Who calls holds the desk's lock. Must not know who ordered it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from station import failpoint
from station.domain.delivery import OutboxItem, Stage
from station.domain.errors import StoreError, TrustError
from station.log import get_logger
from station.seal.packet import read_packet, sha256_of
from station.seal.receipts import check_receipt
from station.store import doorplate, tombstones
from station.store.depot import Depot
from station.store.folder import translate_os_error
from station.store.keyring import keep_only_reset, load_keyring
from station.store.retention_book import mark_purged
from station.store.spare import spare_of
from station.store.tombstones import Tombstone
from station.store.wipe_book import WipeOrder
from station.wire import WipeDone

_log = get_logger(__name__)


def carry_out(depot: Depot, order: WipeOrder, at: datetime) -> WipeDone:
    """Wipe what this order allows, and note what came of it. StoreError when the disk does not let go of something."""
    locked = (
        keep_only_reset(depot.folder.keyring, depot.resets.delivered) or not load_keyring(depot.folder.keyring).holders
    )
    failpoint.reach("wipe.keyring")
    if locked:
        doorplate.take_down(depot.folder.root)
        _drop_copies_of_keys(depot)
    failpoint.reach("wipe.copies")
    lists = _drop_lists(depot)
    failpoint.reach("wipe.lists")
    removed, kept = 0, 0
    for item in _own_packets(depot):
        if _remove(depot, item, at):
            removed += 1
        elif item.purged_at is None:
            kept += 1
    failpoint.reach("wipe.packets")
    done = WipeDone(
        order_id=order.order_id,
        at=at,
        packets_removed=removed,
        lists_removed=lists,
        packets_kept=kept,
        locked=locked,
    )
    depot.wipes.finish(order, done)
    _log.warning("central has ordered this station to be wiped: %d packets and %d lists are gone", removed, lists)
    return done


def _drop_copies_of_keys(depot: Depot) -> None:
    """Older keyrings lie beside snapshots and older databases: each of them would let its officers in again."""
    folder = depot.folder
    _drop_tree(folder.snapshots)
    for path in folder.root.glob("keyring.json.*"):
        if path != spare_of(folder.keyring) or not _same(path, folder.keyring):  # a spare may fail to be written
            _drop(path)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def _drop_lists(depot: Depot) -> int:
    """Target lists, those that arrived and wait included; what they held is forgotten. How many there were."""
    folder = depot.folder
    found = [path for path in folder.rosters.iterdir() if path.suffix == ".db"]
    waiting = folder.root / "inbox"
    number = len(found) + len(list(waiting.rglob("*.age")))
    for path in folder.rosters.iterdir():
        _drop(path)
    _drop_tree(waiting)
    depot.memory.held_rosters = {}
    for notice in depot.memory.wanted_bundles:
        depot.memory.forget_bundle(notice)
    return number


def _own_packets(depot: Depot) -> Iterator[OutboxItem]:
    for key in sorted(depot.outbox.keys(), key=str):
        item = depot.outbox.get(key)
        if item is not None and not item.carried:
            yield item


def _remove(depot: Depot, item: OutboxItem, at: datetime) -> bool:
    """True when central has this packet, by its own signature, and its file is gone now."""
    if item.receipt is None or item.stage is not Stage.RECEIPTED or item.purged_at is not None:
        return False
    enrolment, _ = depot.enrolled()
    keys, central_id = enrolment.receipt_keys, enrolment.central_id
    try:
        data = depot.packets.read(item.key)
        sha256, size = sha256_of(data), len(data)
        check_receipt(item.receipt, keys, record=item.key, sha256=sha256, size=size, central_id=central_id)
        manifest = read_packet(data).manifest_jws
    except TrustError as problem:
        _log.error("packet %s stays: %s", item.key, problem.code)
        return False
    except StoreError as problem:
        if problem.code != "packet.missing":
            raise
        return False
    stone = Tombstone(
        manifest=manifest,
        receipt=item.receipt,
        sha256=sha256,
        size=size,
        purged_at=at,
        code=item.central_code,
        code_at=item.central_at,
    )
    tombstones.put(depot.packets, item.key, stone)
    depot.packets.destroy(item.key)
    with depot.outbox.database.write() as rows:
        mark_purged(rows, item.key, at)
    return True


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def _drop_tree(path: Path) -> None:
    with suppress(FileNotFoundError):
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            raise
        except OSError as problem:
            raise translate_os_error(problem) from problem
