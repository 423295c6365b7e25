"""Who may open this station: per operator the database key under their password, and how often they mistyped it.

Beside them: what leads from an older database key to today's, and the one-time codes that central can answer.

Readable before anybody has signed in, so it holds no key in clear and nothing about applicants.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from station.domain.errors import SetupError
from station.seal.key_chain import KeyLink, newest
from station.seal.vault import Wrapped
from station.store.changing import changing
from station.store.spare import write_twice

_DIGEST = "digest"


class KeyHolder(BaseModel):
    """One operator (or, with the role `recovery`, the recovery key)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operator_id: str
    name: str
    role: str
    wrapped: Wrapped
    key: str = ""
    """The name of the database key in `wrapped`; '' for the first one."""
    failures: int = 0
    wait_until: AwareDatetime | None = None


class ResetSlot(BaseModel):
    """The database key under a code that only central can work out. It goes when it has been used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    wrapped: Wrapped


class ResetBatch(BaseModel):
    """Slots made together. `key` as of a holder; `delivered` once central has what answers them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    made_at: AwareDatetime
    slots: tuple[ResetSlot, ...]
    key: str = ""
    delivered: bool = False
    failures: int = 0
    wait_until: AwareDatetime | None = None


class Keyring(BaseModel):
    """All holders of the database key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    holders: tuple[KeyHolder, ...] = ()
    links: tuple[KeyLink, ...] = ()
    resets: tuple[ResetBatch, ...] = ()
    key_made_at: AwareDatetime | None = None
    """When the database key was changed last; None while it is the first one."""

    def today(self, key: bytes) -> bytes:
        """The key that the database has now, from whatever key a password gave. StoreError `keyring.chain`."""
        return newest(key, (item for item in self.links if item.settled))

    def tidied(self) -> Keyring:
        """Without the links that nobody needs any more: then the older keys open nothing at all."""
        held = {item.key for item in self.holders} | {item.key for item in self.resets}
        if "" in held:  # of a station from before: which key that is shows at their next sign-in
            return self
        needed = set(held)
        while fresh := {item.to for item in self.links if item.of in needed} - needed:
            needed |= fresh
        kept = tuple(item for item in self.links if item.of in needed or not item.settled)
        return self.model_copy(update={"links": kept})

    def batch(self, name: str) -> ResetBatch | None:
        return next((item for item in self.resets if item.name == name), None)

    def with_batch(self, changed: ResetBatch) -> Keyring:
        """This keyring with `changed` in place of, or behind, the others."""
        if self.batch(changed.name) is None:
            return self.model_copy(update={"resets": (*self.resets, changed)})
        told = tuple(changed if item.name == changed.name else item for item in self.resets)
        return self.model_copy(update={"resets": told})

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
        kept = json.loads(path.read_bytes())
        digest = kept.pop(_DIGEST, "")
        keyring = Keyring.model_validate_json(json.dumps(kept))
    except FileNotFoundError:
        return Keyring()
    except (AttributeError, TypeError, ValueError, RecursionError, OSError) as problem:
        raise SetupError("keyring.unreadable") from problem
    # One wrong digit would lock out everybody whom it concerns. A file from before digests were kept has no links.
    if (digest or keyring.links) and digest != _digest(kept):
        raise SetupError("keyring.unreadable")
    return keyring


def save_keyring(path: Path, keyring: Keyring) -> None:
    """Replace the keyring file and its spare; it survives a power cut. To change what is there: `change_keyring`."""
    kept = keyring.model_dump(mode="json")
    write_twice(path, json.dumps({**kept, _DIGEST: _digest(kept)}, indent=1).encode())


def change_keyring(path: Path, change: Callable[[Keyring], Keyring]) -> Keyring:
    """Read, change and replace it while nobody else does; the new one. Written only when it is another one.

    StoreError `store.busy` and others, SetupError `keyring.unreadable`; what `change` raises leaves it as it is.
    """
    with changing(path):
        before = load_keyring(path)
        after = change(before)
        if after != before:
            save_keyring(path, after)
    return after


def _digest(kept: object) -> str:
    """Tells damage, and not a forger: whoever may write the file can write this too."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def note_failure(path: Path, operator_id: str, *, failures: int, wait_until: datetime | None) -> None:
    """Remember a mistyped password, so that a restart does not give five new tries."""

    def noted(keyring: Keyring) -> Keyring:
        holder = keyring.holder(operator_id)
        if holder is None:
            return keyring
        return keyring.with_holder(holder.model_copy(update={"failures": failures, "wait_until": wait_until}))

    change_keyring(path, noted)


def note_delivered(path: Path, names: Collection[str]) -> None:
    """Central can answer the batches called so: those before the newest of them are needed no more."""

    def noted(keyring: Keyring) -> Keyring:
        told = [item.model_copy(update={"delivered": item.delivered or item.name in names}) for item in keyring.resets]
        newest_told = max((place for place, item in enumerate(told) if item.delivered), default=0)
        if tuple(told[newest_told:]) == keyring.resets:
            return keyring
        return keyring.model_copy(update={"resets": tuple(told[newest_told:])}).tidied()

    if noted(found := load_keyring(path)) != found:  # asked for often, and there is hardly ever any news
        change_keyring(path, noted)


def keep_only_reset(path: Path, delivered: Collection[str] = ()) -> bool:
    """Take every officer and the recovery words out and leave the codes that central can answer.

    `delivered` names batches that central has confirmed and that the file may not know of yet. False, and nothing is
    changed, when central can answer none: then nobody could ever open this station again.
    """
    with changing(path):
        note_delivered(path, delivered)
        keyring = load_keyring(path)
        answerable = tuple(batch for batch in keyring.resets if batch.delivered and batch.slots)
        if answerable:
            save_keyring(path, keyring.model_copy(update={"holders": (), "resets": answerable}))
    return bool(answerable)
