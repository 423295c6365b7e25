"""Central's changes of keys that came by stick: followed by the same rules as those that come over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from station.domain.outcome import Note, Trouble
from station.store.depot import Depot
from station.store.enrolment import save_enrolment
from station.sync.key_changes import followed

LANE = "courier"


def follow(depot: Depot, tokens: Sequence[str], *, at: datetime) -> bool:
    """Believe whom central says from now on; True when that is somebody new. What was followed before does nothing."""
    enrolment, _ = depot.enrolled()
    after = followed(enrolment, tokens)
    if after == enrolment:
        return False
    save_enrolment(depot.folder, after)
    depot.load_enrolment()
    names = " ".join(key.kid or key.x[:8] for key in after.signing_keys)
    depot.technical_log.add(at=at, lane=LANE, key=None, note=Note(Trouble.KEYS_APPLIED, detail=names))
    return True
