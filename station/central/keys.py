"""Central's own secrets, made at first start and kept in one file nobody else can read. Knows no database."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from station.central.disk import sync_folder
from station.domain.errors import SetupError, TrustError
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey
from station.wire import MOST_KEY_CHANGES, PublicKey

FILE_NAME = "keys.json"
FIRST_KID = "c1"


@dataclass(frozen=True)
class Secrets:
    """What the file holds. `identities` (age) open packets, the newest first; `changes` are signed, oldest first."""

    signing: SigningKey
    identities: tuple[str, ...]
    nik_key: bytes
    retired: tuple[PublicKey, ...] = ()
    changes: tuple[str, ...] = ()
    changed_at: datetime | None = None


class CentralKeys:
    """The keys as they are now: another process may change them, so the file is read again whenever it is another."""

    def __init__(self, path: Path, central_id: str) -> None:
        self._path, self._central_id = path, central_id
        self._read_of = (0, 0)
        self._secrets = self.secrets

    @property
    def secrets(self) -> Secrets:
        """All of them. SetupError as `load_keys` says."""
        stat = self._path.stat()
        if (stat.st_ino, stat.st_mtime_ns) != self._read_of:
            self._secrets = _read(self._path, self._central_id)
            self._read_of = (stat.st_ino, stat.st_mtime_ns)
        return self._secrets

    def put(self, new: Secrets) -> None:
        """Keep `new` in place of what was there: whole on stable storage, or not at all."""
        _write(self._path, self._central_id, new)

    @property
    def signing(self) -> SigningKey:
        """What hellos and receipts are signed with."""
        return self.secrets.signing

    @property
    def known(self) -> tuple[PublicKey, ...]:
        """Every key that central has ever signed with, today's first."""
        found = self.secrets
        return (found.signing.public, *found.retired)

    @property
    def identity(self) -> str:
        """What opens packets that are sealed from now on."""
        return self.secrets.identities[0]

    @property
    def identities(self) -> tuple[str, ...]:
        """What opens packets, the newest first: a station may have sealed long ago."""
        return self.secrets.identities

    @property
    def first_identity(self) -> str:
        """What opens files that central keeps for itself, whatever stations seal for today."""
        return self.secrets.identities[-1]

    @property
    def recipient(self) -> str:
        """What stations seal packets to."""
        return recipient_of(self.identity)

    @property
    def register_key(self) -> bytes:
        """The key that people of the register are sealed under."""
        return hmac.new(self.secrets.nik_key, b"register", hashlib.sha256).digest()

    def hide_nik(self, nik: str) -> str:
        """The same NIK gives the same text; without the key nobody can go back or try all NIKs."""
        return hmac.new(self.secrets.nik_key, nik.encode(), hashlib.sha256).hexdigest()


def load_keys(folder: Path, central_id: str) -> CentralKeys:
    """The keys of `folder`, made when there are none. SetupError when they are unreadable or of another central."""
    path = folder / FILE_NAME
    if not path.exists():
        _write(path, central_id, _first())
    return CentralKeys(path, central_id)


def with_new_keys(before: Secrets, change: str, at: datetime, signing: SigningKey, identity: str) -> Secrets:
    """`before` after a `change` that was signed at `at`; '' keeps the identity that opens packets."""
    return replace(
        before,
        signing=signing,
        identities=(identity, *before.identities) if identity else before.identities,
        retired=(before.signing.public, *before.retired),
        changes=(*before.changes, change)[-MOST_KEY_CHANGES:],
        changed_at=at,
    )


def _first() -> Secrets:
    return Secrets(SigningKey.generate(FIRST_KID), (new_identity(),), secrets.token_bytes(32))


def _read(path: Path, central_id: str) -> Secrets:
    try:
        kept = json.loads(path.read_text("utf-8"))
        found, owner = _secrets_of(kept), kept["central_id"]
    except (ValueError, KeyError, TypeError, AttributeError, TrustError) as problem:
        raise SetupError("central.keys_unreadable", path=str(path)) from problem
    if owner != central_id:
        raise SetupError("central.other_central", path=str(path), owner=owner, asked=central_id)
    return found


def _secrets_of(kept: dict[str, Any]) -> Secrets:
    changed_at = kept.get("changed_at")
    return Secrets(
        SigningKey.from_pem(kept["signing_pem"].encode(), kept["kid"]),
        (kept["age_identity"], *kept.get("old_identities", ())),
        bytes.fromhex(kept["nik_key"]),
        tuple(PublicKey.model_validate(key) for key in kept.get("retired", ())),
        tuple(kept.get("changes", ())),
        datetime.fromisoformat(changed_at) if changed_at else None,
    )


def _write(path: Path, central_id: str, made: Secrets) -> None:
    members = {
        "central_id": central_id,
        "kid": made.signing.kid,
        "signing_pem": made.signing.pem().decode(),
        "age_identity": made.identities[0],
        "old_identities": made.identities[1:],
        "nik_key": made.nik_key.hex(),
        "retired": [key.model_dump() for key in made.retired],
        "changes": made.changes,
        "changed_at": made.changed_at.isoformat() if made.changed_at else None,
    }
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    # The mode is given at creation: there is no moment in which others can read it.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(members, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
