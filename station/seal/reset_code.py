"""A forgotten password by phone: what the station reads out, what central answers, and the secret between them.

The station makes a seed, keeps its database key under what the seed says for each slot, seals the seed for central and
forgets it. A challenge names station, slot and officer; the answer is that slot's secret, spelt for this officer. Must
not know who asks, nor where anything is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage
from pyrage import x25519

from station.domain.errors import AccessError, TrustError

SEED_BYTES, SECRET_BYTES = 32, 10
SLOTS = 20
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", "- .,/")
_GROUP = 3
_CHALLENGE_BITS = (20, 7, 15, 5, 15)  # office, number, batch, slot, officer
_CHALLENGE_CHECK, _CODE_CHECK = 13, 10
_MOST_TYPED = 200
_MOST_SEED_TEXT = 4096


@dataclass(frozen=True)
class Challenge:
    """Which station (office and number), which slot of which batch, for whom. All small numbers."""

    office: int
    number: int
    batch: int
    slot: int
    officer: int


@dataclass(frozen=True)
class Seed:
    """What answers the slots of one batch of one station."""

    station_id: str
    batch: str
    seed: bytes


def office_number(office: str) -> int:
    """`99.01.01` → 990101; what is shorter counts as if it ended in zeros."""
    digits = "".join(symbol for symbol in office if symbol.isascii() and symbol.isdigit())
    return int(digits[:6].ljust(6, "0"))


def officer_tag(operator_id: str) -> int:
    """Fifteen bits that tell one officer of a station from the others."""
    return int.from_bytes(hashlib.sha256(b"officer " + operator_id.encode()).digest()[:2], "big") >> 1


def batch_name(number: int) -> str:
    """Three symbols for a number of fifteen bits."""
    return _spelt(number, 3)


def batch_number(name: str) -> int:
    """The number of a batch's name."""
    return _number(name)


def spell(challenge: Challenge) -> str:
    """Fifteen symbols in groups of three, to be read out over the phone."""
    number = 0
    values = (challenge.office, challenge.number, challenge.batch, challenge.slot, challenge.officer)
    for bits, value in zip(_CHALLENGE_BITS, values, strict=True):
        number = number << bits | value
    return _grouped(number, sum(_CHALLENGE_BITS), _CHALLENGE_CHECK)


def read_challenge(typed: str) -> Challenge:
    """What `spell` gave, as somebody heard and typed it. AccessError `challenge.mistyped`."""
    number = _checked(typed, sum(_CHALLENGE_BITS), _CHALLENGE_CHECK, "challenge.mistyped")
    values = []
    for bits in reversed(_CHALLENGE_BITS):
        values.append(number & ((1 << bits) - 1))
        number >>= bits
    return Challenge(*reversed(values))


def secret_of(seed: bytes, batch: str, slot: int) -> str:
    """What opens a slot."""
    return hmac.digest(seed, f"reset {batch} {slot}".encode(), "sha256")[:SECRET_BYTES].hex()


def answer(seed: bytes, challenge: Challenge) -> str:
    """The code for this challenge: eighteen symbols in groups of three."""
    secret = bytes.fromhex(secret_of(seed, batch_name(challenge.batch), challenge.slot))
    return _grouped(int.from_bytes(_turned(secret, challenge), "big"), 8 * SECRET_BYTES, _CODE_CHECK)


def secret_in(typed: str, challenge: Challenge) -> str:
    """What a code says about the slot of this challenge. AccessError `reset_code.mistyped`."""
    number = _checked(typed, 8 * SECRET_BYTES, _CODE_CHECK, "reset_code.mistyped")
    return _turned(number.to_bytes(SECRET_BYTES, "big"), challenge).hex()


def seal_seed(seed: Seed, recipients: Sequence[str]) -> str:
    """For central's recipients only (age), in base 64. TrustError `packet.recipient`."""
    told = {"station_id": seed.station_id, "batch": seed.batch, "seed": seed.seed.hex()}
    try:
        keys = [x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError as problem:
        raise TrustError("packet.recipient") from problem
    return base64.b64encode(pyrage.encrypt(json.dumps(told).encode(), keys)).decode()


def open_seed(sealed: str, identities: Sequence[str]) -> Seed:
    """What a station has sealed. TrustError `reset_seed.unreadable`."""
    try:
        data = base64.b64decode(sealed[:_MOST_SEED_TEXT], validate=True)
        told = json.loads(pyrage.decrypt(data, [x25519.Identity.from_str(one) for one in identities]))
        found = Seed(str(told["station_id"]), str(told["batch"]), bytes.fromhex(told["seed"]))
    except (pyrage.DecryptError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise TrustError("reset_seed.unreadable") from problem
    if len(found.seed) != SEED_BYTES:
        raise TrustError("reset_seed.unreadable")
    return found


def _turned(secret: bytes, challenge: Challenge) -> bytes:
    """A code that was given for one officer says nothing when it is typed for another one."""
    told = f"{challenge.batch} {challenge.slot} {challenge.officer}".encode()
    mask = hashlib.sha256(b"reset code " + told).digest()
    return bytes(one ^ other for one, other in zip(secret, mask, strict=False))


def _grouped(number: int, bits: int, check_bits: int) -> str:
    symbols = _spelt(number << check_bits | _check(number, bits, check_bits), (bits + check_bits) // 5)
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))


def _checked(typed: str, bits: int, check_bits: int, code: str) -> int:
    symbols = typed[:_MOST_TYPED].upper().translate(_MISREAD)
    symbols = "".join(symbols.split())
    if len(symbols) != (bits + check_bits) // 5 or any(symbol not in _SYMBOLS for symbol in symbols):
        raise AccessError(code)
    found = _number(symbols)
    number, check = found >> check_bits, found & ((1 << check_bits) - 1)
    if check != _check(number, bits, check_bits):
        raise AccessError(code)
    return number


def _check(number: int, bits: int, check_bits: int) -> int:
    digest = hashlib.sha256(number.to_bytes((bits + 7) // 8, "big")).digest()
    return int.from_bytes(digest[:2], "big") >> (16 - check_bits)


def _spelt(number: int, length: int) -> str:
    return "".join(_SYMBOLS[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(symbols: str) -> int:
    number = 0
    for symbol in symbols:
        number = number << 5 | _SYMBOLS.index(symbol)
    return number
