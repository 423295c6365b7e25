"""The keyring of the operating system as a safe: Secret Service, Windows Credential Manager, macOS Keychain.

Where nobody has signed in to a desktop it may ask and wait for ever, so every question runs on a thread that may be
left behind. Must not know what the secret opens.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from station.domain.errors import StoreError
from station.domain.safe import SafeKind
from station.store.safes.safe import SECRET_BYTES

SERVICE = "stasiun-ktpel"
PATIENCE_S = 8.0
T = TypeVar("T")


class OsKeyring:
    """`entry` names this station's secret among others of the same user."""

    kind = SafeKind.KEYRING

    def __init__(self, entry: str, patience_s: float = PATIENCE_S) -> None:
        self._entry, self._patience_s = entry, patience_s

    @property
    def usable(self) -> bool:
        try:
            return self._asked(_is_real)
        except StoreError:
            return False

    def put(self, secret: bytes) -> None:
        text = base64.b64encode(secret).decode()

        def keep() -> None:
            import keyring  # only where it was chosen: it looks through every installed package

            if not _is_real():
                raise StoreError("safe.away", safe=SafeKind.KEYRING.value)
            keyring.set_password(SERVICE, self._entry, text)

        self._asked(keep)

    def take(self) -> bytes:
        def find() -> str | None:
            import keyring

            return keyring.get_password(SERVICE, self._entry)

        return _secret_in(self._asked(find))

    def forget(self) -> None:
        def drop() -> None:
            import keyring

            keyring.delete_password(SERVICE, self._entry)

        try:
            self._asked(drop)
        except StoreError:
            return

    def _asked(self, question: Callable[[], T]) -> T:
        """The answer, within the time. What is written by others may fail in any way: that is one thing to us."""
        answers: SimpleQueue[tuple[T | None, bool]] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put((question(), True))
            except Exception:  # noqa: BLE001  # every desktop has its own
                answers.put((None, False))

        Thread(target=ask, name="os-keyring", daemon=True).start()
        try:
            answer, good = answers.get(timeout=self._patience_s)
        except Empty:
            good = False
        if not good:
            raise StoreError("safe.away", safe=self.kind.value)
        return answer  # type: ignore[return-value]  # None only where the question gives None


def _is_real() -> bool:
    """Whether there is a keyring behind the library at all: without one it refuses, or keeps nothing."""
    import keyring
    from keyring.backends import fail, null

    return not isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)


def _secret_in(text: str | None) -> bytes:
    try:
        found = base64.b64decode(text or "", validate=True)
    except ValueError:
        found = b""
    if len(found) != SECRET_BYTES:
        raise StoreError("safe.empty", safe=SafeKind.KEYRING.value)
    return found
