"""How long it takes from a typed password to the open office."""

from __future__ import annotations

import os
from collections.abc import Iterator

from argon2.low_level import Type, hash_secret_raw

from station.desk import signin
from station.desk.office import Office
from station.seal.key_chain import name_of
from station.seal.vault import KEY_BYTES, Argon2Cost, wrap
from station.store.keyring import load_keyring, save_keyring
from tests.bench.pairs import beside, milliseconds
from tests.bench.register import fill
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import PASSWORD, Workplace

PEOPLE = 10_000
TURNS = 15
_BESIDE = "one bare Argon2id of the same cost"


def signing_in(site: Site) -> Iterator[Row]:
    """guard.signin_ms: `desk.signin.sign_in` with the password of an officer at the cost of a real station, on a
    database of 10,000 records, until the office is open. Closing it again is not counted.
    """
    with offline_workplace(site.folder("signin")) as place:
        site.say(f"making {PEOPLE} records")
        fill(place, PEOPLE)
        who = _at_real_cost(place)
        signin.sign_out(place.office)
        place._office = None

        def one(_turn: int) -> float:
            opened: list[Office] = []
            took = milliseconds(lambda: opened.append(signin.sign_in(place.depot, who, PASSWORD, place.clock)))
            signin.sign_out(opened[0])
            return took

        one(-1), _bare(-1)
        value, other = beside(TURNS, one, _bare)
    yield Row("guard.signin_ms", value, "ms", other, _BESIDE, TURNS)


def _at_real_cost(place: Workplace) -> str:
    """The officer's password guards the key as it does at a station: tests make that cheap."""
    path, who = place.depot.folder.keyring, place.office.operator.operator_id
    holder, key = signin.open_key(place.depot, who, PASSWORD, place.clock.now())
    wrapped = wrap(key, PASSWORD, label=who, cost=Argon2Cost())
    changed = holder.model_copy(update={"wrapped": wrapped, "key": name_of(key)})
    save_keyring(path, load_keyring(path).with_holder(changed))
    return who


def _bare(_turn: int) -> float:
    cost, salt = Argon2Cost(), os.urandom(16)
    return milliseconds(
        lambda: hash_secret_raw(
            PASSWORD.encode(), salt, time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.lanes,
            hash_len=KEY_BYTES, type=Type.ID,
        )
    )  # fmt: skip
