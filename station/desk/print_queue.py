"""Whose card may be printed: what central calls ready, but for those who have not had their seventeenth birthday.

The panel shows the number without a sign-in. So what is kept for it outside of the encrypted database is how many wait
for which day, and of whom it is not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from station.desk.office import Office
from station.domain.central_codes import PRINT_READY
from station.domain.delivery import Counts
from station.domain.eligibility import print_from
from station.store import records
from station.store.depot import Depot


def note_birthdays(office: Office) -> None:
    """Count anew how many of the print-ready are too young, by the day from which their cards may be printed."""
    today = office.context.today
    with office.applicants.read() as connection:
        young = records.younger_than_card_age(connection, today)
    days = {stored.record.key: print_from(stored.answers, today) for stored in young}
    packets = office.depot.outbox.of_records([key.record_id for key in days])
    ready = [key for key, item in packets.items() if item.central_code == PRINT_READY]
    waits = Counter(day.isoformat() for key in ready if (day := days.get(key)) is not None)
    if dict(waits) != office.depot.memory.prints_later:
        office.depot.memory.prints_later = dict(waits)


def without_the_young(depot: Depot, counts: Counts, today: date) -> Counts:
    """`counts` with a print queue in which nobody stands before their day."""
    later = sum(number for day, number in depot.memory.prints_later.items() if day > today.isoformat())
    later = min(later, counts.print_ready)
    return replace(counts, print_ready=counts.print_ready - later, print_later=later)
