"""What a comparison with central has found, and what is done about each packet. Asks central nothing."""

from __future__ import annotations

from collections.abc import Sequence

from station.domain.delivery import DECIDED, OutboxItem, Stage
from station.domain.ids import is_record_id
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.store.depot import Depot
from station.sync.lanes import Shared

SHOWN_KEYS = 50
TOLD_KEYS = 20
"""Of packets that central has lost, so many get a line of their own in the technical notes."""
_Named = tuple[RecordKey, str]


class Differences:
    """Mends as it is told, and counts. The same thing told twice is counted once."""

    def __init__(self, shared: Shared, lane: str) -> None:
        self._shared, self._lane = shared, lane
        self.missing: set[RecordKey] = set()
        self.regained: set[RecordKey] = set()
        self.conflicts: set[RecordKey] = set()
        self.unknown: set[RecordKey] = set()
        self.unreceipted: list[OutboxItem] = []
        """Decided packets that central has: their receipts are fetched, and they stay as they are."""

    @property
    def mended(self) -> bool:
        """Something was queued: soon both sides should be equal."""
        return bool(self.missing or self.regained)

    def central_lacks(self, keys: Sequence[RecordKey], request_id: str) -> None:
        """Central has forgotten packets that it had confirmed: they are sent again, if they are still here.

        Of what is not, the receipt stays where it is: it is the evidence.
        """
        rows = self._depot.outbox.of_records([key.record_id for key in keys])
        gone = {key for key in keys if key in rows and not self._depot.packets.path(key).exists()}
        for key in sorted(gone - self.conflicts, key=str)[:TOLD_KEYS]:
            by_rule = rows[key].purged_at is not None
            self._tell(key, Trouble.PURGED_LOST if by_rule else Trouble.FILE_MISSING, request_id)
        self.conflicts.update(gone)
        here = [key for key in keys if key not in gone]
        lost = self._depot.ledger.central_lost(here, at=self._shared.clock.now())
        for key in lost[: max(0, TOLD_KEYS - len(self.missing))]:
            self._tell(key, Trouble.CENTRAL_FORGOT, request_id)
        self.missing.update(lost)

    def central_has(self, packets: Sequence[_Named], request_id: str) -> None:
        """Central has packets that this station has no receipt for: it asks again, if it has the packet at all."""
        rows = self._rows(packets)
        again = []
        for key, sha256 in packets:
            row = rows.get(key)
            if row is None:
                self.unknown.add(key)
            elif row.sha256 != sha256:
                self.differs(key, request_id)
            elif row.stage in DECIDED:
                self._decided(row)
            elif not _confirmed(row):
                again.append(key)
        if again:
            self._depot.ledger.central_has(again)
            self.regained.update(again)

    def differs(self, key: RecordKey, request_id: str) -> None:
        """Central has another packet under this key: a person must look at ours."""
        self.conflicts.add(key)
        row = self._depot.outbox.get(key)
        if row is None or row.stage in DECIDED or row.purged_at is not None or _is_parked_for_it(row):
            return
        note = self._tell(key, Trouble.KEY_CONFLICT, request_id)
        self._depot.outbox.dispute(key, note, at=self._shared.clock.now())

    def _decided(self, row: OutboxItem) -> None:
        if row.stage is Stage.VOID:
            self.conflicts.add(row.key)
        if row.receipt is None and all(row.key != item.key for item in self.unreceipted):
            self.unreceipted.append(row)

    def shown_keys(self) -> tuple[str, ...]:
        """Some of the packets that are not here."""
        return tuple(sorted(map(str, self.unknown))[:SHOWN_KEYS])

    @property
    def _depot(self) -> Depot:
        return self._shared.depot

    def _rows(self, packets: Sequence[_Named]) -> dict[RecordKey, OutboxItem]:
        """Their rows. A packet file that lost its row gets one: central knows it, so it was sealed long ago."""
        outbox = self._depot.outbox
        rows = outbox.of_records([key.record_id for key, _ in packets])
        adopted = [key.record_id for key, _ in packets if key not in rows and self._adopt(key)]
        return rows | outbox.of_records(adopted) if adopted else rows

    def _adopt(self, key: RecordKey) -> bool:
        here = is_record_id(key.record_id) and self._depot.packets.path(key).exists()
        return here and self._depot.adopt(key)

    def _tell(self, key: RecordKey, trouble: Trouble, request_id: str) -> Note:
        note = Note(trouble, request_id)
        self._depot.technical_log.add(at=self._shared.clock.now(), lane=self._lane, key=key, note=note)
        return note


def _confirmed(row: OutboxItem) -> bool:
    return row.receipt is not None and row.stage is Stage.RECEIPTED


def _is_parked_for_it(row: OutboxItem) -> bool:
    note = row.last_note
    return row.stage is Stage.PARKED and note is not None and note.trouble is Trouble.KEY_CONFLICT
