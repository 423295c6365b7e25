"""The named points at which a process is killed: what has to be done to reach each, and how often it is passed then.

Must not know how anything is done.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """`deed` reaches it; the process dies when it is passed for the n-th time, n being at most `passes`."""

    name: str
    deed: str
    passes: int = 1


def _of(deed: str, passes: int, *names: str) -> tuple[Point, ...]:
    return tuple(Point(name, deed, passes) for name in names)


CAPTURING = _of(
    "capture", 2,
    "capture.compared.iris-right", "capture.put.iris-right", "capture.put.iris-left",
    "capture.before_commit.iris-right",
    "capture.compared.face", "capture.put.face", "capture.before_commit.face",
    "capture.put.signature", "capture.before_commit.signature",
)  # fmt: skip
SEALING = _of(
    "seal", 3,
    "seal.planned", "packet.folder_made", "packet.written", "packet.synced", "packet.renamed", "packet.durable",
    "seal.before_commit", "seal.recorded", "seal.queued",
)  # fmt: skip
DELIVERING = _of("deliver", 2, "settle.before_commit", "settle.committed", "changes.before_commit", "changes.committed")
PURGING = _of("purge", 2, "purge.forgotten", "purge.marked", "purge.deleted", "purge.done")
BACKING_UP = _of("back_up", 1, "snapshot.copied", "snapshot.written", "backup.brought")
RECOVERING = _of("recover", 1, "recover.mended")
REKEYING = _of("rekey", 1, "rekey.linked", "rekey.copied", "rekey.closed", "rekey.switched", "rekey.settled")
LISTS = (
    *_of("take_list", 1, "roster.built", "roster.switching", "roster.switched"),
    Point("roster.loading", "take_list", 5),
    Point("roster.dropped", "drop_list"),
)
MOVING = (Point("move.one", "move", 12), *_of("move", 1, "move.copied", "move.pointed"))
AT_DESK = (*CAPTURING, *SEALING, *DELIVERING, *PURGING, *BACKING_UP, *RECOVERING, *REKEYING, *LISTS, *MOVING)
"""At a station that works, in any order."""

ENROLLING = _of("enrol", 1, "enrolment.keyring", "enrolment.database", "enrolment.saved")
RESTORING = (*_of("restore", 1, "restore.verified", "restore.committed"), Point("restore.settling", "restore", 6))
WIPING = _of("wipe", 1, "wipe.keyring", "wipe.copies", "wipe.lists", "wipe.packets")
AT_CENTRAL = _of("deliver", 2, "central.verified", "central.moved", "central.written_down")

POINTS = (*ENROLLING, *AT_DESK, *RESTORING, *AT_CENTRAL, *WIPING)
PER_POINT = 20
FEWEST_POINTS = 30
