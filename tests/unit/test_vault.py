"""The database key under passwords, and the recovery key on paper."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.errors import AccessError
from station.seal.vault import (
    KEY_BYTES,
    Argon2Cost,
    Wrapped,
    clean_recovery_key,
    new_database_key,
    new_recovery_key,
    unwrap,
    wrap,
)
from tests.support import CHEAP

KEY = bytes(range(32))


def test_the_right_secret_gives_the_key_back() -> None:
    wrapped = wrap(KEY, "kata sandi", label="op-1", cost=CHEAP)
    assert unwrap(Wrapped.model_validate_json(wrapped.model_dump_json()), "kata sandi", label="op-1") == KEY


@pytest.mark.parametrize(("secret", "label"), [("Kata sandi", "op-1"), ("", "op-1"), ("kata sandi", "op-2")])
def test_another_secret_or_somebody_elses_label_does_not(secret: str, label: str) -> None:
    wrapped = wrap(KEY, "kata sandi", label="op-1", cost=CHEAP)
    with pytest.raises(AccessError) as problem:
        unwrap(wrapped, secret, label=label)
    assert problem.value.code == "signin.wrong_password"
    assert "sandi" not in repr(problem.value)


def test_a_box_changed_anywhere_does_not_open() -> None:
    wrapped = wrap(KEY, "s", label="op-1", cost=CHEAP)
    flipped = f"{int(wrapped.salt[0], 16) ^ 1:x}{wrapped.salt[1:]}"
    for changed in ({"salt": flipped}, {"box": wrapped.box[::-1].replace("=", "A")}, {"nonce": "00" * 12}):
        with pytest.raises(AccessError):
            unwrap(wrapped.model_copy(update=changed), "s", label="op-1")


def test_the_same_key_and_secret_never_look_the_same_and_show_neither() -> None:
    first, second = (wrap(KEY, "kata sandi", label="op-1", cost=CHEAP) for _ in range(2))
    assert not {first.salt, first.nonce, first.box} & {second.salt, second.nonce, second.box}
    assert KEY.hex() not in first.model_dump_json()


def test_the_cost_is_that_of_the_real_thing_unless_told() -> None:
    cost = Argon2Cost()
    assert (cost.time, cost.memory_kib) >= (3, 64 * 1024)
    wrapped = wrap(KEY, "s", label="op-1")
    assert wrapped.cost == cost
    assert unwrap(wrapped, "s", label="op-1") == KEY


def test_database_keys_are_256_random_bits() -> None:
    keys = {new_database_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {KEY_BYTES} == {32}


@settings(max_examples=20)
@given(st.text(max_size=40))
def test_any_text_can_be_a_password(secret: str) -> None:
    assert unwrap(wrap(KEY, secret, label="x", cost=CHEAP), secret, label="x") == KEY


def test_a_recovery_key_is_read_as_people_write_it() -> None:
    key = new_recovery_key()
    assert clean_recovery_key(key) == key
    assert clean_recovery_key(f"  {key.lower().replace('-', ' ')} ") == key
    assert clean_recovery_key(key.replace("0", "O").replace("1", "l")) == key
    assert len({new_recovery_key() for _ in range(100)}) == 100


def a_recovery_key() -> str:
    """A recovery key that is the same in every run: its check has two bytes, so chance would betray a random one."""
    import hashlib

    raw = bytes(range(16))
    number = int.from_bytes(raw + hashlib.sha256(raw).digest()[:2], "big")
    symbols = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(number >> (5 * place)) & 31] for place in range(28, -1, -1))
    return "-".join(symbols[start : start + 4] for start in range(0, 29, 4))


def test_one_symbol_mistyped_or_two_swapped_is_noticed() -> None:
    key = a_recovery_key()
    assert clean_recovery_key(key) == key
    for place, symbol in enumerate(key):
        if symbol == "-":
            continue
        for other in set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {symbol}:
            with pytest.raises(AccessError):
                clean_recovery_key(key[:place] + other + key[place + 1 :])
        swapped = key[: place - 1] + key[place] + key[place - 1] + key[place + 1 :] if place else key
        if swapped.replace("-", "") != key.replace("-", ""):
            with pytest.raises(AccessError):
                clean_recovery_key(swapped)


@given(st.text(max_size=40))
def test_anything_else_is_mistyped_and_nothing_worse(typed: str) -> None:
    with pytest.raises(AccessError) as problem:
        clean_recovery_key(typed)
    assert problem.value.code == "recovery.mistyped"
