"""How long it takes to be at work again: on another computer from the backup, and here after a database was damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from station.desk import backup, restoring
from station.desk.copying import Copying
from station.domain.ports import SystemClock
from station.domain.record import State
from station.store import records
from station.store.folder import Folder
from tests.bench.disk import write_durably
from tests.bench.failed import BenchFailed
from tests.bench.many_sealed import seal_many
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

RECORDS = 1500
RESTORE_LIMIT_S, RECOVER_LIMIT_S = 120.0, 60.0


def guard_restore(site: Site) -> Iterator[Row]:
    """guard.restore_1500_s: from an empty folder to an open office, 1,500 sealed records verified and copied.

    Beside: the same files copied and synced, each of them.
    guard.recover_corrupt_s: a database with a damaged header and no copy of it, to an open office with every sealed
    record listed again. Beside: the packets read once.
    """
    root = site.folder("restore")
    stick = root / "stick"
    stick.mkdir()
    with offline_workplace(root) as place:
        seal_many(place, RECORDS)
        backup.choose(place.office, stick)
        copying = Copying(place.depot, key_holder=place.office.applicants.again())
        copying.snap(place.clock.now(), at_once=True)
        if copying.copy(place.clock.now()).only_here:
            raise BenchFailed("the backup has not everything")
        assert copying.key_holder is not None
        copying.key_holder.close()
    bare = _bare_copy(stick, root / "bare")
    took = _restored(root / "new", stick)
    if took > RESTORE_LIMIT_S:
        raise BenchFailed(f"restoring took {took:.0f} s, the limit is {RESTORE_LIMIT_S:.0f}")
    yield Row("guard.restore_1500_s", took, "s", bare, "each file of the backup copied and synced", 1)
    shutil.rmtree(root / "bare")
    read = _bare_read(root / "new" / "packets")
    took = _recovered(root / "new")
    if took > RECOVER_LIMIT_S:
        raise BenchFailed(f"recovering took {took:.0f} s, the limit is {RECOVER_LIMIT_S:.0f}")
    yield Row("guard.recover_corrupt_s", took, "s", read, "every packet read once", 1)


def _restored(new: Path, stick: Path) -> float:
    started = perf_counter()
    restoring.restore(Folder(new), stick)
    return _open(new, started)


def _recovered(root: Path) -> float:
    shutil.rmtree(root / "snapshots", ignore_errors=True)
    (root / "backup.json").unlink(missing_ok=True)
    path = root / "applicants.db"
    data = bytearray(path.read_bytes())
    data[40:104] = bytes(64)
    path.write_bytes(bytes(data))
    return _open(root, perf_counter())


def _open(root: Path, started: float) -> float:
    place = Workplace(root, "http://127.0.0.1:9", SystemClock())
    try:
        office = place.office
        took = perf_counter() - started
        with office.applicants.read() as connection:
            listed = len(records.with_states(connection, [State.SEALED]))
    finally:
        place.close()
    if listed != RECORDS:
        raise BenchFailed(f"{listed} records are listed instead of {RECORDS}")
    return took


def _bare_copy(source: Path, target: Path) -> float:
    started = perf_counter()
    for path in source.rglob("*"):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            write_durably(there, path.read_bytes())
    return perf_counter() - started


def _bare_read(folder: Path) -> float:
    started = perf_counter()
    for path in folder.rglob("*.packet"):
        path.read_bytes()
    return perf_counter() - started
