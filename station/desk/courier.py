"""Packets and receipts by stick as an operator uses them: packets are sealed. All is audited.

Slow: for a thread of its own, never the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from station.courier import exporting, importing, looking, receipts
from station.courier.exporting import Choice as Choice
from station.courier.exporting import Exported as Exported
from station.courier.exporting import Progress as Progress
from station.courier.importing import Imported as Imported
from station.courier.looking import Contents as Contents
from station.courier.receipts import ReceiptsExported as ReceiptsExported
from station.desk import consents
from station.desk.office import Office
from station.desk.vouchers import Voucher
from station.domain.errors import StationError
from station.domain.permission import Permission
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.courier import Kind as Kind
from station.seal.courier import bundles_in as bundles_in
from station.store import audit
from station.store.courier_book import Why as Why

Cancelled = Callable[[], bool]

_log = get_logger(__name__)


def choice(office: Office, keys: Sequence[RecordKey] | None = None) -> Choice:
    """What an export would take now, of `keys` only when some are named."""
    office.require(Permission.COPY_PACKETS)
    return exporting.choice(office.depot, keys=keys)


def export(
    office: Office,
    folder: Path,
    *,
    keys: Sequence[RecordKey] | None = None,
    only_new: bool = False,
    voucher: Voucher | None = None,
    progress: Progress = lambda _done, _all: None,
    cancelled: Cancelled = lambda: False,
) -> Exported | None:
    """Write packets onto a stick; see `courier.exporting.export`. None when it was cancelled.

    Many that were on one before, or any that central has, go with a colleague's word only: `consents.use_for_export`.
    """
    office.require(Permission.COPY_PACKETS)
    agreed_by = consents.use_for_export(office, voucher, keys, only_new=only_new)
    done = exporting.export(
        office.depot,
        folder,
        keys=keys,
        only_new=only_new,
        progress=progress,
        cancelled=cancelled,
        clock=office.clock,
    )
    if done is not None:
        _note(
            office,
            "courier.export",
            packets=done.packets,
            bytes=done.bytes,
            bundles=list(done.bundle_ids),
            agreed_by=agreed_by,
        )
    return done


def export_receipts(office: Office, folder: Path) -> ReceiptsExported:
    """Write the receipts of other stations onto a stick; see `courier.receipts.export_receipts`."""
    office.require(Permission.COPY_PACKETS)
    done = receipts.export_receipts(office.depot, folder, clock=office.clock)
    _note(office, "courier.receipts", receipts=done.receipts, bundles=[done.bundle_id])
    return done


def written_at(path: Path) -> datetime:
    """When a file was last changed, as the stick says; now when it says nothing."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return datetime.now(UTC)


def look(office: Office, path: Path) -> Contents:
    """What is in a bundle, before anything is taken; see `courier.looking.look`."""
    office.require(Permission.ENTER_COURIER)
    return looking.look(office.depot, path)


def import_bundle(
    office: Office,
    path: Path,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Cancelled = lambda: False,
) -> Imported:
    """Take what is in a bundle; see `courier.importing.import_bundle`. What was refused is audited as well."""
    office.require(Permission.ENTER_COURIER)
    try:
        found = importing.import_bundle(office.depot, path, progress=progress, cancelled=cancelled, clock=office.clock)
    except StationError as problem:
        _note(office, "courier.refused", code=problem.code)
        raise
    _note(
        office,
        "courier.import",
        bundle=found.contents.bundle_id,
        station=found.contents.station_id,
        taken=found.taken,
        refused=found.refused,
        receipts=found.receipts_home + found.receipts_passed,
        refusals=found.refusals_home + found.refusals_passed,
        keys_changed=found.keys_changed,
    )
    _tell(office)
    return found


def _note(office: Office, action: str, **detail: Any) -> None:
    with office.applicants.write() as connection:
        audit.append(connection, at=office.now(), operator_id=office.operator.operator_id, action=action, **detail)


def _tell(office: Office) -> None:
    """Packets and receipts are here that were not: the engine wakes. A listener in trouble undoes nothing."""
    for listener in tuple(office.on_sealed):
        try:
            listener()
        except StationError as problem:
            _log.error("somebody could not be told of an import: %s", problem.code)
