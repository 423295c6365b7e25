"""How the second copy stands: what the window may say of it without touching the medium. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """What holds the copies back, or that nothing does."""

    OFF = "off"
    """Nobody needs one: training."""
    NOT_CHOSEN = "not_chosen"
    FINE = "fine"
    SAME_DISK = "same_disk"
    """The copies are on the disk of the station itself: when it dies, both are gone."""
    ABSENT = "absent"
    """The medium that was chosen is not connected."""
    FULL = "full"
    READ_ONLY = "read_only"
    FAILING = "failing"
    """It is there and does not do what it is asked."""
    SLOW = "slow"
    """It has been at one copy for minutes."""

    @property
    def is_good(self) -> bool:
        return self in (Standing.OFF, Standing.FINE)


@dataclass(frozen=True)
class BackupFacts:
    """`since` when it has been so. `only_here`: sealed records of which the second medium has no copy."""

    standing: Standing = Standing.OFF
    since: datetime | None = None
    only_here: int = 0
    where: str = ""
    """The folder, as it was found last."""
    packets: int = 0
    """Copies on the medium."""
    snapshot_at: datetime | None = None
    """The newest snapshot on the medium."""
    local_at: datetime | None = None
    """The newest snapshot beside the databases."""
    free_bytes: int | None = None
    """Room on the medium; None when nobody asked it lately."""
    media: int = 0
    """How many media take turns."""
    busy: bool = False


@dataclass(frozen=True)
class Recovery:
    """What was put right when data of this station were found damaged, for one sentence in the window.

    `what`: stable words of what was damaged: `applicants`, `outbox`, `keyring`, `enrolment`, `rolled_back`, `restored`.
    `since`: drafts and changes after this moment are lost; None when nothing is, or when all of them are (`source`).
    `source`: `medium`, `local` (a snapshot), `packets` (nothing but the sealed packets) or `whole` (nothing was lost).
    """

    what: tuple[str, ...]
    source: str
    since: datetime | None = None
    replayed: int = 0
    """Sealed records that the copy did not know and that were found again by their packets."""
    waived_by: str = ""
    """Officer who went on though media with copies were away, and which those were."""
    away: tuple[str, ...] = ()
