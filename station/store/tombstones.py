"""What stays of a packet that was destroyed when its days were over: its signed manifest, and central's receipt.

`packets/ab/<record>.<revision>.purged` lies where the packet was. It holds nothing personal, and from it the row of a
lost or older outbox is made again, so that nobody sends, misses or adopts what is gone on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from station.domain.delivery import OutboxItem, just_sealed
from station.domain.errors import StoreError, TrustError
from station.domain.outcome import Accepted
from station.domain.record import RecordKey
from station.seal.jws import kid_of, read_unverified, verify
from station.seal.receipts import check_receipt
from station.store.folder import translate_os_error, write_file
from station.store.packets import PacketFolder, keys_of
from station.wire import PacketManifest, PublicKey

SUFFIX = ".purged"
MOST_BYTES = 64 * 1024


class Tombstone(BaseModel):
    """Two signed words about one packet, and what central last said of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manifest: str = Field(max_length=MOST_BYTES)
    receipt: str = Field(max_length=MOST_BYTES)
    sha256: str = Field(max_length=64)
    size: int
    purged_at: AwareDatetime
    code: str = Field(default="", max_length=200)
    code_at: AwareDatetime | None = None


@dataclass(frozen=True)
class Believed:
    """What both signatures prove of a packet that is gone. `code` is what central had said of it, as it was kept."""

    item: OutboxItem
    accepted: Accepted
    purged_at: datetime
    code: str
    code_at: datetime | None


def path_of(packets: PacketFolder, key: RecordKey) -> Path:
    return packets.path(key).with_suffix(SUFFIX)


def put(packets: PacketFolder, key: RecordKey, tombstone: Tombstone) -> None:
    """Keep it on stable storage. StoreError."""
    write_file(path_of(packets, key), tombstone.model_dump_json().encode())


def take_away(packets: PacketFolder, key: RecordKey) -> None:
    """The packet was not destroyed after all. StoreError."""
    try:
        path_of(packets, key).unlink(missing_ok=True)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def keys(packets: PacketFolder) -> frozenset[RecordKey]:
    """Every packet that has one."""
    return frozenset(keys_of(packets.root.glob(f"??/*{SUFFIX}")))


def read(packets: PacketFolder, key: RecordKey) -> Tombstone:
    """StoreError `packet.missing` when there is none, TrustError `packet.damaged` when it is none."""
    try:
        with path_of(packets, key).open("rb") as file:
            data = file.read(3 * MOST_BYTES)
        return Tombstone.model_validate_json(data)
    except FileNotFoundError:
        raise StoreError("packet.missing") from None
    except OSError as problem:
        raise translate_os_error(problem) from problem
    except ValidationError as problem:
        raise TrustError("packet.damaged") from problem


def believed(
    tombstone: Tombstone,
    key: RecordKey,
    *,
    station: PublicKey | None,
    receipt_keys: Iterable[PublicKey],
    central_id: str,
) -> Believed:
    """What it proves about `key`. TrustError when either signature, or what it is about, does not fit.

    Central's signature is what counts. Without the station's own key, which its safe may not give at the moment, the
    kind and the day are taken from the manifest as they stand.
    """
    try:
        said = verify(tombstone.manifest, [station]).payload if station else read_unverified(tombstone.manifest)
        manifest = PacketManifest.model_validate(said)
    except ValidationError as problem:
        raise TrustError("packet.damaged") from problem
    named = (manifest.record_id, manifest.revision, kid_of(tombstone.manifest))
    if named != (key.record_id, key.revision, manifest.station_id):
        raise TrustError("packet.damaged")
    receipt = check_receipt(
        tombstone.receipt,
        receipt_keys,
        record=key,
        sha256=tombstone.sha256,
        size=tombstone.size,
        central_id=central_id,
    )
    return Believed(
        item=just_sealed(
            key,
            origin=manifest.station_id,
            sha256=tombstone.sha256,
            size=tombstone.size,
            kind=manifest.kind,
            sealed_at=manifest.sealed_at,
        ),
        accepted=Accepted(tombstone.receipt, receipt.receipt_no, receipt.received_at),
        purged_at=tombstone.purged_at,
        code=tombstone.code,
        code_at=tombstone.code_at,
    )
