"""How the keys of this station are, for whoever looks after them. Shows no key and nobody's password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from station.desk import first_words, reset_codes, staff
from station.desk.office import Office
from station.desk.reset_codes import CodesLeft
from station.domain.permission import Permission
from station.domain.safe import SafeKind
from station.store.keyring import load_keyring


@dataclass(frozen=True)
class KeysState:
    """`safe` is None for a key that lies in clear or cannot be read; `trouble` says why there is no key.

    `key_made_at` is None for the first database key. `behind`: whose password still leads over an older key; the
    recovery words are named by `words_behind`.
    """

    safe: SafeKind | None
    trouble: str
    key_made_at: datetime | None
    behind: tuple[str, ...]
    words_behind: bool
    words_confirmed: bool
    codes: CodesLeft


def keys_state(office: Office) -> KeysState:
    """Read it; waits for a chip that is being asked. AccessError `access.role`."""
    office.require(Permission.READ_GUARD)
    depot = office.depot
    opened, keyring = depot.key_state, load_keyring(depot.folder.keyring)
    newest = keyring.links[-1].to if keyring.links else ""
    late = [item for item in keyring.holders if newest and item.key != newest]
    return KeysState(
        safe=opened.kind if opened is not None else None,
        trouble=opened.trouble if opened is not None else "station.not_enrolled",
        key_made_at=keyring.key_made_at,
        behind=tuple(item.name for item in late if item.role != staff.RECOVERY),
        words_behind=any(item.role == staff.RECOVERY for item in late),
        words_confirmed=not first_words.are_unconfirmed(depot),
        codes=reset_codes.codes_left(depot),
    )
