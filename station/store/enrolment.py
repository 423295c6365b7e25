"""What enrolment left here: who this station is, which central it serves, and the keys it believes.

A file, not a table: the sync engine needs it before anybody has signed in, and losing `outbox.db` must not lose it.
"""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from station.config import CentralSettings
from station.domain.errors import SetupError
from station.store.folder import Folder
from station.store.spare import write_twice
from station.wire import MOST_KEY_CHANGES, Hello, Policy, PublicKey, SignedKeys

MOST_RETIRED = 50

FileState = tuple[int, int, int] | None
"""By which a file that was replaced is told from the one before; None while there is none."""


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
    keys_said_at: AwareDatetime | None = None
    """When central said the hello whose keys are believed; None for those of enrolment."""
    keys_issued_at: AwareDatetime | None = None
    """When central signed the change of keys that was followed last; None before the first."""
    key_changes: tuple[str, ...] = ()
    """Central's signed changes of keys, oldest first: to be handed on to stations that are never online."""
    card: str = ""
    """This station's own signed card; '' from a central that gave none."""
    authorities: str = ""
    """PEM of whom to trust for TLS, from the file that enrolled this station; '' for the system's own."""
    claim: str = ""
    """How a station that a file enrolled claims its place; '' once central has taken it, and after enrolling online."""
    claim_until: AwareDatetime | None = None
    """By when it must have."""

    def trusting(self, settings: CentralSettings) -> CentralSettings:
        """`settings` with the authorities of the enrolment, unless the technician has named others."""
        if not self.authorities or settings.ca_file is not None or settings.authorities:
            return settings
        return settings.model_copy(update={"authorities": self.authorities})

    @property
    def receipt_keys(self) -> tuple[PublicKey, ...]:
        """Every key that a receipt of this central may bear."""
        return (*self.signing_keys, *self.retired_keys)

    def rolled_over(self, hello: Hello) -> Enrolment:
        """With what a verified hello says. Its keys count until the first signed change of keys, and never an older
        hello's: one that was recorded on the line, or a restored central's, must not bring withdrawn keys back.
        """
        told = self.model_copy(update={"central_name": hello.name, "key_changes": hello.keys or self.key_changes})
        older = self.keys_said_at is not None and hello.time < self.keys_said_at
        believed = (self.signing_keys, self.sealing_recipients)
        if self.keys_issued_at is not None or older or believed == (hello.signing_keys, hello.sealing_recipients):
            return told
        believing = told._believing(hello.signing_keys, hello.sealing_recipients)
        return believing.model_copy(update={"keys_said_at": hello.time})

    def with_keys(self, change: SignedKeys, token: str = "") -> Enrolment:
        """With the keys of a verified change of keys, in the same way as with those of a hello; `token` is kept."""
        believing = self._believing(change.signing_keys, change.sealing_recipients)
        known = (*(one for one in self.key_changes if one != token), token) if token else self.key_changes
        return believing.model_copy(
            update={"keys_issued_at": change.issued_at, "key_changes": known[-MOST_KEY_CHANGES:]}
        )

    def _believing(self, keys: tuple[PublicKey, ...], recipients: tuple[str, ...]) -> Enrolment:
        known = {key.x for key in keys}
        retired = {key.x: key for key in (*self.signing_keys, *self.retired_keys) if key.x not in known}
        return self.model_copy(
            update={
                "signing_keys": keys,
                "retired_keys": tuple(retired.values())[:MOST_RETIRED],
                "sealing_recipients": recipients,
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


def state_of_enrolment(folder: Folder) -> FileState:
    """What tells this enrolment file from the one before it, without reading it."""
    try:
        found = folder.enrolment.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def save_enrolment(folder: Folder, enrolment: Enrolment) -> None:
    """Replace the enrolment file and its spare; it survives a power cut."""
    write_twice(folder.enrolment, enrolment.model_dump_json(indent=1).encode())
