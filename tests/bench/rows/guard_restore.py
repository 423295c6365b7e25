"""How long it takes to be at work again: on another computer from the backup, and here after a database was damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from station.desk import backup, restoring
from station.desk.copying import Copying
from station.domain.ports import SystemClock
from station.domain.record import State
from station.store import records
from station.store.folder import Folder
from tests.bench.disk import write_durably
from tests.bench.failed import BenchFailed
from tests.bench.growth import growth
from tests.bench.many_sealed import seal_many
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

RECORDS = (150, 1500)
TURNS = 5
RESTORE_LIMIT_S, RECOVER_LIMIT_S = 120.0, 60.0
COPIED, READ = "each file of the backup copied and synced", "every packet read once"


def guard_restore(site: Site) -> Iterator[Row]:
    """guard.restore_1500_s: from an empty folder to an open office, 1,500 sealed records verified and copied.

    Beside: the same files copied and synced, each of them.
    guard.recover_corrupt_s: a database with a damaged header and no copy of it, to an open office with every sealed
    record listed again. Beside: the packets read once. Both also with 150 records (`…_150_s`, `….150`).
    """
    few, many = (list(_measured(site, records)) for records in RECORDS)
    for small, large in zip(few, many, strict=True):
        yield large
        yield small
        yield growth(small, large, "sealed records")


def _measured(site: Site, records: int) -> Iterator[Row]:
    root = site.folder(f"restore-{records}")
    stick = root / "stick"
    _back_up(root, stick, records)
    site.say(f"restoring {records} records {TURNS} times")
    turns = [_turn(root, stick, records) for _ in range(TURNS)]
    restored, copied, recovered, read = (median(column) for column in zip(*turns, strict=True))
    if restored > RESTORE_LIMIT_S:
        raise BenchFailed(f"restoring took {restored:.0f} s, the limit is {RESTORE_LIMIT_S:.0f}")
    if recovered > RECOVER_LIMIT_S:
        raise BenchFailed(f"recovering took {recovered:.0f} s, the limit is {RECOVER_LIMIT_S:.0f}")
    yield Row(f"guard.restore_{records}_s", restored, "s", copied, COPIED, TURNS)
    name = "guard.recover_corrupt_s" + ("" if records == RECORDS[-1] else f".{records}")
    yield Row(name, recovered, "s", read, READ, TURNS)


def _back_up(root: Path, stick: Path, records: int) -> None:
    stick.mkdir()
    with offline_workplace(root) as place:
        seal_many(place, records)
        backup.choose(place.office, stick)
        copying = Copying(place.depot, key_holder=place.office.applicants.again())
        copying.snap(place.clock.now(), at_once=True)
        if copying.copy(place.clock.now()).only_here:
            raise BenchFailed("the backup has not everything")
        assert copying.key_holder is not None
        copying.key_holder.close()


def _turn(root: Path, stick: Path, records: int) -> tuple[float, float, float, float]:
    """Seconds: restored, the same files copied, recovered, the same packets read."""
    new, bare = root / "new", root / "bare"
    copied = _bare_copy(stick, bare)
    restored = _restored(new, stick, records)
    read = _bare_read(new / "packets")
    recovered = _recovered(new, records)
    shutil.rmtree(bare)
    shutil.rmtree(new)
    return restored, copied, recovered, read


def _restored(new: Path, stick: Path, records: int) -> float:
    started = perf_counter()
    restoring.restore(Folder(new), stick)
    return _open(new, started, records)


def _recovered(root: Path, records: int) -> float:
    shutil.rmtree(root / "snapshots", ignore_errors=True)
    (root / "backup.json").unlink(missing_ok=True)
    path = root / "applicants.db"
    data = bytearray(path.read_bytes())
    data[40:104] = bytes(64)
    path.write_bytes(bytes(data))
    return _open(root, perf_counter(), records)


def _open(root: Path, started: float, expected: int) -> float:
    place = Workplace(root, "http://127.0.0.1:9", SystemClock())
    try:
        office = place.office
        took = perf_counter() - started
        with office.applicants.read() as connection:
            listed = len(records.with_states(connection, [State.SEALED]))
    finally:
        place.close()
    if listed != expected:
        raise BenchFailed(f"{listed} records are listed instead of {expected}")
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
