"""The station key on the disk: a file that opens only with the secret from a safe.

A station from before has it in clear; that is read until the next sign-in closes it. Knows no password.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from threading import Thread

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.errors import SetupError, StationError, StoreError, TrustError
from station.domain.safe import SafeKind
from station.seal.jws import SigningKey
from station.store.folder import Folder, write_file
from station.store.safes.safe import SECRET_BYTES
from station.store.safes.shelf import safe_of

MAX_FILE_BYTES = 8192
_PATIENCE_S = 40.0
_CLEAR = b"-----BEGIN"


class ClosedKey(BaseModel):
    """The file: the key under the secret in `safe` (AES-256-GCM), both base 64."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    safe: SafeKind
    nonce: str
    box: str


class OpenedKey:
    """The station key of a folder as it was found. A safe that is no file is asked on a thread: chips are slow."""

    def __init__(self, folder: Folder, station_id: str, known: SigningKey | None = None) -> None:
        """`known` when it was closed just now: then no safe is asked."""
        self._folder, self._station_id = folder, station_id
        self.state = state_of_key(folder)
        self.kind: SafeKind | None = None
        """Which safe it is in; None for a key in clear, or none that can be read."""
        self._key = known
        self._trouble = ""
        self._thread: Thread | None = None
        try:
            data = _data_of(folder)
            self.kind = None if data.startswith(_CLEAR) else _closed(data).safe
        except SetupError as problem:
            self._trouble = problem.code
            return
        if known is not None:
            return
        if self.kind in (None, SafeKind.FILE):
            self._open()
        else:
            self._thread = Thread(target=self._open, name="safe", daemon=True)
            self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether `key` answers at once."""
        return self._thread is None or not self._thread.is_alive()

    @property
    def key(self) -> SigningKey | None:
        """The key, when the safe has answered; None when it cannot be had. Waits for the safe, but not for ever."""
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)
        return self._key

    @property
    def trouble(self) -> str:
        """Why there is no key: `station_key.unreadable`, `station_key.locked`; '' while all is well."""
        if self.key is not None:
            return ""
        return self._trouble or "station_key.locked"

    def refuse(self) -> None:
        """It is not the key of this station: there is none."""
        self._key, self._trouble = None, "station_key.unreadable"

    def _open(self) -> None:
        try:
            self._key = load_station_key(self._folder, self._station_id)
        except StationError as problem:
            self._trouble = problem.code


def load_station_key(folder: Folder, station_id: str) -> SigningKey:
    """The station key; SetupError `station_key.unreadable` for a missing or damaged file, `station_key.locked` when
    the safe does not give what opens it.
    """
    data = _data_of(folder)
    try:
        if data.startswith(_CLEAR):
            return SigningKey.from_pem(data, station_id)
        closed = _closed(data)
        secret = safe_of(closed.safe, folder, station_id).take()
        nonce, box = base64.b64decode(closed.nonce), base64.b64decode(closed.box)
        return SigningKey.from_pem(AESGCM(secret).decrypt(nonce, box, _label(closed.safe)), station_id)
    except StoreError as problem:
        raise SetupError("station_key.locked", safe=str(problem.data.get("safe", ""))) from problem
    except InvalidTag as problem:
        raise SetupError("station_key.locked") from problem
    except (TrustError, OSError, ValueError) as problem:
        raise SetupError("station_key.unreadable") from problem


def save_station_key(folder: Folder, key: SigningKey, kind: SafeKind = SafeKind.FILE) -> None:
    """Close the key with a new secret that is put into the safe first. StoreError `safe.away`: nothing was changed.

    After a power cut in between, a key that was in another safe opens as before.
    """
    safe, secret = safe_of(kind, folder, key.kid), secrets.token_bytes(SECRET_BYTES)
    safe.put(secret)
    if safe.take() != secret:
        raise StoreError("safe.away", safe=kind.value)
    nonce = secrets.token_bytes(12)
    box = AESGCM(secret).encrypt(nonce, key.pem(), _label(kind))
    closed = ClosedKey(safe=kind, nonce=base64.b64encode(nonce).decode(), box=base64.b64encode(box).decode())
    write_file(folder.station_key, closed.model_dump_json().encode())


def state_of_key(folder: Folder) -> tuple[int, int, int] | None:
    """What tells this key file from the one before it, without reading it."""
    try:
        found = folder.station_key.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _data_of(folder: Folder) -> bytes:
    try:
        with folder.station_key.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except OSError as problem:
        raise SetupError("station_key.unreadable") from problem


def _closed(data: bytes) -> ClosedKey:
    try:
        return ClosedKey.model_validate_json(data)
    except (ValidationError, binascii.Error) as problem:
        raise SetupError("station_key.unreadable") from problem


def _label(kind: SafeKind) -> bytes:
    return f"station key in {kind.value}".encode()
