"""A station with finished records: central's word is signed by a key of the test, and days pass at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from station.desk import healing
from station.domain.clocks import Check
from station.domain.outcome import Accepted
from station.domain.record import RecordKey
from station.seal.jws import SigningKey
from station.seal.receipts import issue_receipt
from station.store.enrolment import load_enrolment, save_enrolment
from station.store.outbox import set_central_code
from station.wire import Receipt
from tests.support import HandClock, Workplace, captured, seal

READY = "PRINT_READY_RECORD"
CENTRAL = SigningKey.generate("central-uji")
STRANGER = SigningKey.generate("central-uji")


def believe(place: Workplace) -> None:
    """The station believes the test's key for central's."""
    enrolment = load_enrolment(place.depot.folder)
    assert enrolment is not None
    save_enrolment(place.depot.folder, enrolment.model_copy(update={"signing_keys": (CENTRAL.public,)}))
    place.depot.load_enrolment()


def receipt(place: Workplace, key: RecordKey, *, by: SigningKey = CENTRAL, at: datetime | None = None) -> Accepted:
    """Central's word that it has this packet, as it is in the outbox now."""
    item, (enrolment, _) = place.depot.outbox.get(key), place.depot.enrolled()
    assert item is not None
    said = Receipt(
        record_id=key.record_id,
        revision=key.revision,
        origin=enrolment.station_id,
        sha256=item.sha256,
        size=item.size,
        received_at=at or place.clock.now(),
        receipt_no=f"UJI-{key.record_id[-4:]}-{key.revision}",
        central_id=enrolment.central_id,
    )
    return Accepted(issue_receipt(by, said), said.receipt_no, said.received_at)


def confirm(place: Workplace, key: RecordKey) -> None:
    """Central has it."""
    place.depot.outbox.settle(key, receipt(place, key), at=place.clock.now())
    healing.catch_up(place.office)


def say(place: Workplace, key: RecordKey, code: str = READY, at: datetime | None = None) -> None:
    """Central says this of it."""
    now = place.clock.now()
    with place.depot.outbox.database.write() as connection:
        set_central_code(connection, key, code, at or now, ahead=now + timedelta(days=1))


def finished(place: Workplace, serial: int = 1, *, size: int = 400) -> RecordKey:
    """A record sealed, confirmed and print-ready today; each of its pictures has `size` bytes."""
    record_id = place.draft(serial)
    if size > 400:
        captured(place.office, record_id, f"orang {serial}", size=size)
    key = seal(place.office, record_id).record.key
    confirm(place, key)
    say(place, key)
    return key


def days(place: Workplace, number: float) -> None:
    """So many days later; central has just said what time it is."""
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(number * 86400)
    hear(place)


def hear(place: Workplace) -> None:
    """A hello: central's clock and ours agree."""
    place.depot.clocks.check = Check(timedelta(), place.clock.now())
