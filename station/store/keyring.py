"""Who may open this station: per operator the database key under their password, and how often they mistyped it.

Readable before anybody has signed in, so it holds no key in clear and nothing about applicants.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from station.domain.errors import SetupError
from station.seal.vault import Wrapped
from station.store.folder import write_file


class KeyHolder(BaseModel):
    """One operator (or, with the role `recovery`, the recovery key)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operator_id: str
    name: str
    role: str
    wrapped: Wrapped
    failures: int = 0
    wait_until: AwareDatetime | None = None


class Keyring(BaseModel):
    """All holders of the database key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    holders: tuple[KeyHolder, ...] = ()

    def holder(self, operator_id: str) -> KeyHolder | None:
        return next((holder for holder in self.holders if holder.operator_id == operator_id), None)

    def with_holder(self, changed: KeyHolder) -> Keyring:
        """This keyring with `changed` in place of, or added to, the others."""
        others = tuple(holder for holder in self.holders if holder.operator_id != changed.operator_id)
        ordered = sorted((*others, changed), key=lambda holder: holder.name)
        return self.model_copy(update={"holders": tuple(ordered)})


def load_keyring(path: Path) -> Keyring:
    """The keyring; an empty one when there is none yet. SetupError `keyring.unreadable` for a damaged file."""
    try:
        return Keyring.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Keyring()
    except (ValidationError, OSError) as problem:
        raise SetupError("keyring.unreadable") from problem


def save_keyring(path: Path, keyring: Keyring) -> None:
    """Replace the keyring file; it survives a power cut."""
    write_file(path, keyring.model_dump_json(indent=1).encode())


def note_failure(path: Path, operator_id: str, *, failures: int, wait_until: datetime | None) -> None:
    """Remember a mistyped password, so that a restart does not give five new tries."""
    keyring = load_keyring(path)
    holder = keyring.holder(operator_id)
    if holder is not None:
        changed = holder.model_copy(update={"failures": failures, "wait_until": wait_until})
        save_keyring(path, keyring.with_holder(changed))
