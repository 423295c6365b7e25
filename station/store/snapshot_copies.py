"""Snapshots on the second medium: each is brought whole and proved there, and only then may older ones go.

Slow: for a thread of its own. Must not know when one is due.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from station.domain.errors import StoreError, TrustError
from station.failpoint import reach
from station.log import get_logger
from station.seal.stick import check_room, said_of_stick
from station.store.medium import Medium, copy_in
from station.store.snapshot import Snapshot, clear_parts, snapshots_in
from station.store.snapshot_facts import FACTS, SIGNATURE, check_signature, fact_of, read_facts
from station.store.snapshot_order import kept
from station.wire import PublicKey

log = get_logger(__name__)


def is_there(medium: Medium, snapshot: Snapshot) -> bool:
    """Whether the medium has this very snapshot, not merely one of its name."""
    try:
        return read_facts(medium.snapshots / snapshot.folder.name) == snapshot.facts
    except TrustError:
        return False


def bring_snapshot(
    medium: Medium, snapshot: Snapshot, rosters: Path, key_opens: Callable[[Path], None], own: PublicKey
) -> None:
    """Copy a proved snapshot, read every byte back, open the database there, and only then let older ones go.

    `key_opens` proves the applicants' database at a path, for whoever has its key; `own` is the station's, which has
    signed what may be counted. StoreError `stick.*`.
    """
    target = medium.snapshots / snapshot.folder.name
    part = target.with_name(target.name + ".part")
    with said_of_stick():
        medium.snapshots.mkdir(mode=0o700, exist_ok=True)
        clear_parts(medium.snapshots)
        check_room(medium.root, sum(fact.size for fact in snapshot.facts.files.values()))
        _bring_rosters(medium, snapshot, rosters)
        part.mkdir(mode=0o700)
        for name, fact in snapshot.facts.files.items():
            copy_in(snapshot.folder / name, part / name, fact)
        for name in (FACTS, SIGNATURE):
            copy_in(snapshot.folder / name, part / name, fact_of(snapshot.folder / name))
        key_opens(part / "applicants.db")
        reach("backup.brought")
        shutil.rmtree(target, ignore_errors=True)  # something else of this name: it is not what was made here
        part.rename(target)
    rotate(medium, snapshot, own)


def rotate(medium: Medium, last: Snapshot, own: PublicKey) -> None:
    """Let go what `kept` does not name. What this station has not signed neither counts nor is touched."""
    found = snapshots_in(medium.snapshots)
    signed = {item.folder.name: item.facts for item in found if _is_signed(item, own)}
    gone = set(signed) - kept(signed, last.folder.name)
    for name in gone:
        shutil.rmtree(medium.snapshots / name, ignore_errors=True)
    named = {name for item in found if item.folder.name not in gone for name in item.facts.rosters}
    with suppress(OSError):
        for path in medium.rosters.iterdir():
            if path.name not in named:
                path.unlink()


def newest_on(medium: Medium) -> Snapshot | None:
    """The newest snapshot there, or None."""
    return next(iter(snapshots_in(medium.snapshots)), None)


def _is_signed(snapshot: Snapshot, own: PublicKey) -> bool:
    try:
        check_signature(snapshot.folder, own)
    except (TrustError, StoreError):
        return False
    return True


def _bring_rosters(medium: Medium, snapshot: Snapshot, rosters: Path) -> None:
    """Target lists are large and never change: each is brought once. One that is gone here is left out."""
    for name, fact in snapshot.facts.rosters.items():
        target = medium.rosters / name
        try:
            if target.exists() and target.stat().st_size == fact.size:
                continue
            if (rosters / name).exists():
                copy_in(rosters / name, target, fact)
        except StoreError as problem:
            if problem.code != "stick.unproven":
                raise
            log.warning("a target list changed while it was copied; the next snapshot takes it")
