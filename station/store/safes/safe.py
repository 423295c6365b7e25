"""What every safe can do. Knows neither what the secret opens nor who asks."""

from __future__ import annotations

from typing import Protocol

from station.domain.safe import SafeKind

SECRET_BYTES = 32


class Safe(Protocol):
    """Keeps one secret of 32 bytes. Every call ends within seconds, whatever the hardware or the desktop does."""

    kind: SafeKind

    @property
    def usable(self) -> bool:
        """Whether this computer has it, as far as that is known without asking it for anything."""
        ...

    def put(self, secret: bytes) -> None:
        """Keep `secret` in place of the one before. StoreError `safe.away` when it cannot."""
        ...

    def take(self) -> bytes:
        """The secret. StoreError `safe.away` when the safe does not answer, `safe.empty` when it is not in there."""
        ...

    def forget(self) -> None:
        """Keep nothing any more. What cannot be removed now stays, and opens nothing."""
        ...
