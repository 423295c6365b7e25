"""Drafts of people who were captured in part, as lists show them: what they have to come back for.

That they are recognised first is seen to where devices are opened to a draft, in `drafting.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from station.domain import incomplete
from station.domain.biometrics import Part
from station.domain.record import State
from station.domain.steps import Step
from station.store import captures, records
from station.store.database import Connection
from station.store.records import Stored


def steps_missing(connection: Connection, found: Sequence[Stored]) -> Mapping[str, tuple[Step, ...]]:
    """By record id the devices that are still to be come to, of those drafts in `found` that were captured in part."""
    drafts = {stored.record.record_id: stored for stored in found if stored.record.state is State.DRAFT}
    kept = captures.parts_of(connection, list(drafts)) if drafts else {}
    missing = {record_id: _missing(drafts[record_id], parts) for record_id, parts in kept.items()}
    return {record_id: steps for record_id, steps in missing.items() if steps}


def _missing(stored: Stored, parts: Collection[Part]) -> tuple[Step, ...]:
    return incomplete.steps_missing(parts, [item.part for item in stored.exceptions], lapsed=records.lapsed(stored))
