"""Where the secret is kept that opens the station key. Must not know how any of the places works."""

from __future__ import annotations

from enum import StrEnum


class SafeKind(StrEnum):
    """One place. The values are kept in files and never change."""

    FILE = "file"
    """A file that only this program's user can read: everywhere, and no better than the disk."""
    KEYRING = "keyring"
    """The keyring of the operating system."""
    TPM = "tpm"
    """The security chip of this computer: the disk alone, in another computer, opens nothing."""
