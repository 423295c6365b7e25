"""Looking records up: the list, the numbers on its chips, and who was recorded before.

The journey of one record is in `timelines.py`, correcting a refused one in `reopening.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from station.desk import trail
from station.desk.incomplete import steps_missing
from station.desk.office import Office
from station.desk.reopening import reopen as reopen
from station.desk.timelines import timeline as timeline
from station.desk.timelines import view as view
from station.domain.eligibility import print_from
from station.domain.patience import QUIET_DAYS
from station.domain.permission import Permission
from station.domain.rows import Filter, Order, Page, RecordRow, View
from station.domain.sought import sought
from station.domain.steps import Step
from station.store import listing, standings
from station.store.records import Stored

NEWEST_CHANGE = View()
_AT_ONCE = 500
"""So many records are looked up in one question to the outbox."""
_BY_PACKET = frozenset({Order.STATE, Order.NEWS})
_BY_STAGE = frozenset(Filter) - {Filter.ALL, Filter.DRAFT, Filter.INCOMPLETE}


def search(office: Office, text: str, which: Filter, offset: int, limit: int, view: View = NEWEST_CHANGE) -> Page:
    """A page of records by name, NIK or registration number, as `view` orders and narrows them."""
    office.require(Permission.READ_PERSON)
    beside = _beside(office, which, view.order)
    wanted = sought(text, office.local_now().date())
    if text.strip() and offset == 0:
        trail.note_read(office, "record_search", kind="number" if wanted.nik or wanted.numbers else "name")
    with office.applicants.read() as connection:
        standings.lay_beside(connection, beside)
        found, total = listing.page(connection, wanted, which, view, offset=offset, limit=limit)
        missing = steps_missing(connection, found)
    return Page(_rows(office, found, missing), total, offset)


def counts(office: Office, view: View = NEWEST_CHANGE) -> dict[Filter, int]:
    """How many records each chip above the list holds, as `view` narrows them."""
    office.require(Permission.READ_PERSON)
    beside = standings.noteworthy(office.depot.outbox.database, _quiet_before(office))
    with office.applicants.read() as connection:
        standings.lay_beside(connection, beside)
        return listing.count(connection, view)


def _beside(office: Office, which: Filter, order: Order) -> standings.Beside:
    """As much of the outbox as this list needs: most lists need nothing of it but the packets of their page."""
    outbox, before = office.depot.outbox.database, _quiet_before(office)
    if order in _BY_PACKET:
        return standings.all_standings(outbox, before)
    return standings.noteworthy(outbox, before) if which in _BY_STAGE else ()


def _quiet_before(office: Office) -> datetime:
    return office.now() - timedelta(days=QUIET_DAYS)


def _rows(office: Office, found: Sequence[Stored], missing: Mapping[str, tuple[Step, ...]]) -> tuple[RecordRow, ...]:
    packets, today = {}, office.context.today
    for first in range(0, len(found), _AT_ONCE):
        ids = [stored.record.record_id for stored in found[first : first + _AT_ONCE]]
        packets.update(office.depot.outbox.of_records(ids))
    return tuple(
        RecordRow(
            stored.record,
            stored.step,
            packets.get(stored.record.key),
            missing.get(stored.record.record_id, ()),
            print_from(stored.answers, today),
        )
        for stored in found
    )
