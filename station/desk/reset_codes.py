"""The one-time codes that central can answer when a password is forgotten: made, counted, renewed.

Must not know how somebody asks for one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from station.domain.errors import StationError
from station.log import get_logger
from station.seal.key_chain import name_of
from station.seal.reset_code import SEED_BYTES, SLOTS, Seed, batch_name, seal_seed, secret_of
from station.seal.vault import Argon2Cost, wrap
from station.store.depot import Depot
from station.store.keyring import Keyring, ResetBatch, ResetSlot, change_keyring, load_keyring, note_delivered
from station.wire import ResetSeed

FEWEST = 5
"""With fewer left, new ones are made at the next sign-in."""
_COST = Argon2Cost(time=1, memory_kib=19 * 1024, lanes=1)
"""A code holds 80 random bits, which nobody guesses: twenty of them are made while somebody signs in."""
_BATCHES = 1 << 15
log = get_logger(__name__)


@dataclass(frozen=True)
class CodesLeft:
    """`usable` can be answered by central; `delivered` is False while central has not got what answers the newest."""

    usable: int
    delivered: bool


def codes_left(depot: Depot) -> CodesLeft:
    """How many forgotten passwords central can still answer."""
    note_delivered(depot.folder.keyring, depot.resets.delivered)
    resets = load_keyring(depot.folder.keyring).resets
    usable = sum(len(item.slots) for item in resets if item.delivered)
    return CodesLeft(usable, bool(resets) and resets[-1].delivered)


def keep_enough(depot: Depot, key: bytes, now: datetime, cost: Argon2Cost) -> None:
    """New codes when there are too few, or when what answers them was lost on its way. Trouble stops nobody."""
    try:
        if codes_left(depot).usable < FEWEST and not _on_its_way(depot):
            renew(depot, key, now, cost=cost)
    except StationError as problem:
        log.error("no new reset codes could be made: %s", problem.code)


def renew(depot: Depot, key: bytes, now: datetime, *, cost: Argon2Cost) -> None:
    """A new batch for the database key `key`. The one before stays until central has what answers the new one.

    TrustError `packet.recipient`; SetupError `station.not_enrolled`.
    """
    enrolment, _ = depot.enrolled()
    path = depot.folder.keyring
    name = _free_name(load_keyring(path))
    seed = Seed(enrolment.station_id, name, new_seed())
    batch = ResetBatch(name=name, made_at=now, slots=_slots(seed, key, cost), key=name_of(key))
    depot.resets.put(ResetSeed(batch=name, sealed=seal_seed(seed, enrolment.sealing_recipients)))

    def renewed(keyring: Keyring) -> Keyring:
        told = tuple(item for item in keyring.resets if item.delivered)
        return keyring.model_copy(update={"resets": (*told, batch)})

    change_keyring(path, renewed)


def new_seed() -> bytes:
    """What all codes of a batch come from; it stays here for as long as they are made."""
    return secrets.token_bytes(SEED_BYTES)


def _slots(seed: Seed, key: bytes, cost: Argon2Cost) -> tuple[ResetSlot, ...]:
    cheaper = cost if cost.memory_kib < _COST.memory_kib else _COST
    made = []
    for number in range(SLOTS):
        secret = secret_of(seed.seed, seed.batch, number)
        wrapped = wrap(key, secret, label=slot_label(seed.batch, number), cost=cheaper)
        made.append(ResetSlot(number=number, wrapped=wrapped))
    return tuple(made)


def slot_label(batch: str, number: int) -> str:
    """What is bound into the wrapping of a slot."""
    return f"reset {batch} {number}"


def _on_its_way(depot: Depot) -> bool:
    """The newest batch is still to be delivered, and can be."""
    resets, waiting = load_keyring(depot.folder.keyring).resets, depot.resets.waiting
    newest = resets[-1] if resets else None
    return newest is not None and not newest.delivered and waiting is not None and waiting.batch == newest.name


def _free_name(keyring: Keyring) -> str:
    while keyring.batch(name := batch_name(secrets.randbelow(_BATCHES))) is not None:
        continue
    return name
