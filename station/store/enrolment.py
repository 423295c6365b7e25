"""What enrolment left here: who this station is, which central it serves, and the keys it believes.

A file, not a table: the sync engine needs it before anybody has signed in, and losing `outbox.db` must not lose it.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.errors import SetupError, TrustError
from station.seal.jws import SigningKey
from station.store.folder import Folder, write_file
from station.wire import Hello, Policy, PublicKey

MOST_RETIRED = 50


class Enrolment(BaseModel):
    """The facts of enrolment. `signing_keys` are pinned: a hello must be signed by one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    station_id: str
    station_name: str
    office: str
    central_url: str
    central_id: str
    central_name: str
    signing_keys: tuple[PublicKey, ...]
    retired_keys: tuple[PublicKey, ...] = ()
    """Keys central signed with before: old receipts stay receipts, but no hello is believed because of them."""
    sealing_recipients: tuple[str, ...]
    policy: Policy = Policy()
    training: bool = False

    @property
    def receipt_keys(self) -> tuple[PublicKey, ...]:
        """Every key that a receipt of this central may bear."""
        return (*self.signing_keys, *self.retired_keys)

    def rolled_over(self, hello: Hello) -> Enrolment:
        """With the keys of a verified hello: central may add keys and retire old ones."""
        known = {key.x for key in hello.signing_keys}
        retired = {key.x: key for key in (*self.signing_keys, *self.retired_keys) if key.x not in known}
        return self.model_copy(
            update={
                "central_name": hello.name,
                "signing_keys": hello.signing_keys,
                "retired_keys": tuple(retired.values())[:MOST_RETIRED],
                "sealing_recipients": hello.sealing_recipients,
            }
        )


def load_enrolment(folder: Folder) -> Enrolment | None:
    """The enrolment, or None when this station has none yet. SetupError `enrolment.unreadable` when damaged."""
    try:
        return Enrolment.model_validate_json(folder.enrolment.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as problem:
        raise SetupError("enrolment.unreadable") from problem


def save_enrolment(folder: Folder, enrolment: Enrolment) -> None:
    """Replace the enrolment file; it survives a power cut."""
    write_file(folder.enrolment, enrolment.model_dump_json(indent=1).encode())


def load_station_key(folder: Folder, station_id: str) -> SigningKey:
    """The station key; SetupError `station_key.unreadable` when it is missing or damaged."""
    try:
        return SigningKey.from_pem(folder.station_key.read_bytes(), station_id)
    except (OSError, TrustError) as problem:
        raise SetupError("station_key.unreadable") from problem


def save_station_key(folder: Folder, key: SigningKey) -> None:
    """Keep the station key in a file only its owner can read."""
    write_file(folder.station_key, key.pem(), mode=0o600)
