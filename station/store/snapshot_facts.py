"""What is written beside a snapshot: when, whose, how much, and the hash of every file, signed by the station.

A copy on a stick is anybody's to edit. The hashes tell a whole copy from a damaged one; the signature, which can be
checked as soon as somebody has signed in, tells a true copy from one that was made up. Opens no database.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from station.domain.errors import StoreError, TrustError
from station.seal.jws import SigningKey, verify
from station.seal.packet import sha256_of
from station.store.folder import read_bounded, write_file
from station.wire import PublicKey

FACTS, SIGNATURE = "facts.json", "facts.jws"


class FileFact(BaseModel):
    """Size in bytes and SHA-256 of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"[0-9a-f]{64}")


class SnapshotFacts(BaseModel):
    """One snapshot. `files` by their path inside it, with `/`; `rosters` are kept once for all snapshots."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    station_id: str
    station_name: str
    office: str
    training: bool
    made_at: AwareDatetime
    records: int
    drafts: int
    packets: int
    """Own packets on the disk of the station at that moment."""
    sequence: int
    """Of the newest packet in the chain; 0 before the first."""
    head: str
    audit_number: int
    lineage: str = ""
    """Of the first line of the trail: another one when the database was begun anew."""
    identities: int = 0
    """Packets that it can open, or could before retention destroyed them."""
    number: int = 0
    """Counts the snapshots made on one disk, whatever the clock says."""
    fingerprint: str
    """Changes when anything was entered: a quiet hour makes no second copy of the same."""
    files: Mapping[str, FileFact]
    rosters: Mapping[str, FileFact] = {}


def write_facts(folder: Path, facts: SnapshotFacts, key: SigningKey) -> None:
    """Beside the files they tell of."""
    data = facts.model_dump_json(indent=1).encode()
    write_file(folder / FACTS, data)
    payload = {"sha256": sha256_of(data), "station_id": facts.station_id}
    write_file(folder / SIGNATURE, key.sign(payload, typ="backup+jwt").encode())


def read_facts(folder: Path) -> SnapshotFacts:
    """What is told there; TrustError `backup.unreadable`. Nothing of it is proved yet."""
    try:
        return SnapshotFacts.model_validate_json(read_bounded(folder / FACTS))
    except (ValidationError, StoreError) as problem:
        raise TrustError("backup.unreadable") from problem


def check_signature(folder: Path, key: PublicKey) -> None:
    """TrustError `backup.forged` unless the station of `key` signed the facts in `folder`."""
    try:
        token = read_bounded(folder / SIGNATURE).decode("ascii")
        said = verify(token, [key]).payload
    except (StoreError, TrustError, UnicodeDecodeError) as problem:
        raise TrustError("backup.forged") from problem
    if said.get("sha256") != sha256_of(read_bounded(folder / FACTS)):
        raise TrustError("backup.forged")


def fact_of(path: Path) -> FileFact:
    """Size and hash of a file, read in pieces; past what this computer remembers of it, where the system can forget."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(1024 * 1024):
            found.update(piece)
            size += len(piece)
    return FileFact(size=size, sha256=found.hexdigest())
