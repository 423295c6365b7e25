"""Opening the encrypted database with whatever key a password gave, and keeping each password at today's key.

Must not know who types what.
"""

from __future__ import annotations

from datetime import datetime

from station.domain.errors import SetupError, StoreError
from station.log import get_logger
from station.seal.key_chain import link, name_of, newest
from station.seal.vault import wrap
from station.store import audit
from station.store.database import Database
from station.store.depot import Depot
from station.store.keyring import Keyring, change_keyring, load_keyring
from station.store.migrate import is_newest
from station.store.rekey import drop_copy

log = get_logger(__name__)


def open_database(depot: Depot, key: bytes) -> tuple[Database, bytes]:
    """The applicants' database and the key it has now. A change of key that a power cut ended is finished or undone:
    whoever calls holds the desk's lock, for in a window that change may be going on (`open_beside`).

    One that is missing or empty is never made: StoreError `store.corrupt`, so that its copies are asked for. StoreError
    as of the database, `keyring.chain`.
    """
    path, keyring = depot.folder.applicants_db, load_keyring(depot.folder.keyring)
    if not path.exists() or path.stat().st_size == 0:
        raise StoreError("store.corrupt")
    tried = newest(key, keyring.links)
    if tried == key or name_of(key) not in {item.of for item in keyring.links if not item.settled}:
        return Database(path, key), key
    try:
        database = Database(path, tried)
    except StoreError as problem:
        if problem.code != "store.wrong_key":
            raise
        database, tried = Database(path, key), key
    log.warning("a change of the database key was cut short: %s", "undone" if tried == key else "finished")
    drop_copy(path)
    settle_links(depot, tried)
    if tried != key:
        _note_finished(database, load_keyring(depot.folder.keyring))
    return database, tried


def open_beside(depot: Depot, key: bytes) -> Database:
    """The applicants' database while a window may be changing it: nothing is finished, undone or brought up to date.

    For reading only. StoreError as of the database, `keyring.chain`; SetupError `folder.in_use` while its tables are
    those of an older program: the window brings them up to date.
    """
    path, keyring = depot.folder.applicants_db, load_keyring(depot.folder.keyring)
    if not path.exists() or path.stat().st_size == 0:
        raise StoreError("store.corrupt")
    try:
        database = Database(path, newest(key, keyring.links))
    except StoreError as problem:
        if problem.code != "store.wrong_key":
            raise
        database = Database(path, key)
    if not is_newest(database, "applicants"):
        database.close()
        raise SetupError("folder.in_use", what="desk")
    return database


def begin_link(depot: Depot, old: bytes, new: bytes, at: datetime) -> None:
    """The file has `old` and may soon have `new`. What led to `old` counts: the file itself has proved it."""

    def begun(keyring: Keyring) -> Keyring:
        settled = _settled(keyring, old)
        return settled.model_copy(update={"links": (*settled.links, link(old, new, at))})

    change_keyring(depot.folder.keyring, begun)


def drop_link(depot: Depot, new: bytes) -> None:
    """The file never had `new`: only what leads to it is forgotten."""

    def dropped(keyring: Keyring) -> Keyring:
        kept = tuple(item for item in keyring.links if item.settled or item.to != name_of(new))
        return keyring.model_copy(update={"links": kept})

    change_keyring(depot.folder.keyring, dropped)


def settle_links(depot: Depot, key: bytes) -> None:
    """The file has `key`: what leads to it counts, and what was begun beyond it is forgotten."""
    change_keyring(depot.folder.keyring, lambda keyring: _settled(keyring, key).tidied())


def _settled(keyring: Keyring, key: bytes) -> Keyring:
    leading = {name_of(key)}
    while more := {item.of for item in keyring.links if item.to in leading} - leading:
        leading |= more
    found = [item for item in keyring.links if item.settled or item.to in leading]
    links = tuple(item.model_copy(update={"settled": True}) for item in found)
    made_at = max((item.made_at for item in links), default=keyring.key_made_at)
    if made_at is not None and keyring.key_made_at is not None:
        made_at = max(made_at, keyring.key_made_at)
    return keyring.model_copy(update={"links": links, "key_made_at": made_at})


def _note_finished(database: Database, keyring: Keyring) -> None:
    """The trail tells of a new key also when the power cut came before that line: whoever began it is not known."""
    assert keyring.key_made_at is not None
    with database.write() as connection:
        audit.append(connection, at=keyring.key_made_at, operator_id="", action="database_key", after_power_cut=True)


def renew_holder(depot: Depot, holder_id: str, password: str, key: bytes) -> None:
    """This password opens today's key from now on, without the way over older ones. Written only when it is news."""
    path = depot.folder.keyring
    keyring = load_keyring(path)
    holder = keyring.holder(holder_id)
    if holder is None or holder.key == name_of(key):
        return
    update: dict[str, object] = {"key": name_of(key)}
    if any(item.settled and item.to == name_of(key) for item in keyring.links):
        update["wrapped"] = wrap(key, password, label=holder_id, cost=holder.wrapped.cost)

    def renewed(now: Keyring) -> Keyring:
        found = now.holder(holder_id)
        if found is None:  # somebody has taken them out meanwhile
            return now
        return now.with_holder(found.model_copy(update=update)).tidied()

    change_keyring(path, renewed)
