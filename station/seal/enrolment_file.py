"""The file by which a station is enrolled without a network: central's signed word, sealed by a one-time code.

The code travels apart from the file, on paper or by telephone. From it come, slowly, the proof that the file is what
central made for whoever has the code, and the key that claims the station at the first contact. Central keeps only the
public half of that key, and the file holds neither. Must not know files, databases or who is enrolled.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, StringConstraints, ValidationError

from station.domain.errors import AccessError, TrustError
from station.seal.jws import SigningKey, read_unverified, verify
from station.seal.vault import Argon2Cost
from station.wire import Message, Policy, PublicKey, Recipient, Short, Time

MAX_BYTES = 64 * 1024
"""Names, a few keys and a certificate: what is longer is not looked at."""
MAX_AUTHORITIES = 24 * 1024
CODE_COST = Argon2Cost()
"""Fixed by the version of the file and never read from it: a hostile file must not choose how long it is worked on."""
CODE_SYMBOLS = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", "- ")
_DOMAIN = b"ktpel enrolment file 1\n"


class EnrolmentPapers(Message):
    """Everything a station needs to be one. `expires_at` is until when it may be opened; by `claim_until` the station
    must have reached central.
    """

    enrolment: Literal[1] = 1
    station_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    station_name: Annotated[Short, StringConstraints(min_length=1)]
    office: Annotated[str, StringConstraints(pattern=r"^\d{2}\.\d{2}(\.\d{2})?$")]
    central_url: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    central_id: Short
    central_name: Short
    signing_keys: tuple[PublicKey, ...] = Field(min_length=1, max_length=20)
    sealing_recipients: tuple[Recipient, ...] = Field(min_length=1, max_length=10)
    policy: Policy
    authorities: Annotated[str, StringConstraints(max_length=MAX_AUTHORITIES)] = ""
    """PEM of whom to trust for TLS; '' for the system's own."""
    training: bool = False
    issued_at: Time
    expires_at: Time
    claim_until: Time


class EnrolmentFile(Message):
    """What is on the stick."""

    ktpel: Literal["enrolment"] = "enrolment"
    version: Literal[1] = 1
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    token: Annotated[str, StringConstraints(max_length=MAX_BYTES)]
    mac: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class CodeKeys:
    """What comes of a code and a salt: the proof of the file, and the key that claims the station."""

    proof: bytes
    seed: bytes

    def claiming(self, station_id: str) -> SigningKey:
        return SigningKey(Ed25519PrivateKey.from_private_bytes(self.seed), station_id)


def new_code() -> str:
    """A code of sixty random bits, to be read over the telephone: `7KQ2-M0XD-3RT9`."""
    symbols = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_SYMBOLS))
    return "-".join(symbols[start : start + 4] for start in range(0, CODE_SYMBOLS, 4))


def new_salt() -> str:
    return secrets.token_hex(16)


def keys_of(code: str, salt: str) -> CodeKeys:
    """What a code as typed is worth with a salt; slow on purpose."""
    clean = code.upper().translate(_MISREAD)
    made = hash_secret_raw(
        clean.encode(),
        bytes.fromhex(salt),
        time_cost=CODE_COST.time,
        memory_cost=CODE_COST.memory_kib,
        parallelism=CODE_COST.lanes,
        hash_len=64,
        type=Type.ID,
    )
    return CodeKeys(made[:32], made[32:])


def write_papers(papers: EnrolmentPapers, central: SigningKey, keys: CodeKeys, salt: str) -> bytes:
    """The file: `papers` signed by central, under the proof of the code."""
    token = central.sign(papers.model_dump(mode="json"), typ="enrolment+jwt")
    return EnrolmentFile(salt=salt, token=token, mac=_mac(keys.proof, salt, token)).model_dump_json(indent=1).encode()


def read_file(data: bytes) -> EnrolmentFile:
    """The file before anything of it is believed; TrustError `enrolment_file.unreadable`."""
    if len(data) > MAX_BYTES:
        raise TrustError("enrolment_file.unreadable")
    try:
        return EnrolmentFile.model_validate_json(data)
    except ValidationError as problem:
        raise TrustError("enrolment_file.unreadable") from problem


def open_papers(file: EnrolmentFile, code: str, now: datetime) -> tuple[EnrolmentPapers, SigningKey]:
    """What central says, and the key that claims the station.

    AccessError `enrolment_file.code` when the code is not the file's, or somebody changed the file. TrustError
    `enrolment_file.unreadable`, `enrolment_file.signature`, `enrolment_file.expired` (day).
    """
    keys = keys_of(code, file.salt)
    if not hmac.compare_digest(_mac(keys.proof, file.salt, file.token), file.mac):
        raise AccessError("enrolment_file.code")
    try:
        papers = EnrolmentPapers.model_validate(read_unverified(file.token))
    except (TrustError, ValidationError) as problem:
        raise TrustError("enrolment_file.unreadable") from problem
    try:
        verify(file.token, papers.signing_keys)
    except TrustError as problem:
        raise TrustError("enrolment_file.signature") from problem
    if now >= papers.expires_at:
        raise TrustError("enrolment_file.expired", day=f"{papers.expires_at.astimezone():%d-%m-%Y}")
    return papers, keys.claiming(papers.station_id)


def _mac(proof: bytes, salt: str, token: str) -> str:
    return hmac.digest(proof, _DOMAIN + salt.encode() + b"\n" + token.encode(), "sha256").hex()
