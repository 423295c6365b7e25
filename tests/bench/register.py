"""A station's register filled with thousands of records and what central said of them, without sealing each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from station.domain.delivery import Stage
from station.domain.record import Record, State
from station.domain.registration import registration_no
from station.domain.steps import Step
from station.store import records
from station.store.records import Stored
from station.store.tables import packet
from tests.support import Workplace, good_answers

_NAMES = ("SITI", "BUDI", "WAYAN", "MARIA", "KADEK", "YOHANES", "RINI", "AHMAD", "LIM", "DONI")
_CODES = ("", "SENT_FOR_ENROLLMENT", "PRINT_READY_RECORD", "ADJUDICATE_RECORD", "CARD_ISSUED", "FOO_BAR")
_STATES = (State.ACCEPTED,) * 8 + (State.SEALED, State.DRAFT)
PER_DAY = 150


def fill(place: Workplace, many: int) -> None:
    """`many` records, `PER_DAY` a day, the newest now; eight in ten were received at central."""
    stored = [_stored(place, number, many) for number in range(many)]
    with place.office.applicants.write() as connection:
        for item in stored:
            records.add(connection, item)
    with place.depot.outbox.database.write() as connection:
        connection.execute(insert(packet), list(_packets(stored)))


def name_of(number: int) -> str:
    """The name of the `number`-th person."""
    return f"{_NAMES[number % 10]} CONTOH {_NAMES[number // 10 % 10]}"


def _stored(place: Workplace, number: int, many: int) -> Stored:
    behind = many - number
    at = place.clock.now() - timedelta(days=behind // PER_DAY, minutes=behind % PER_DAY)
    answers = good_answers(number % 9999 + 1)
    answers["name"] = name_of(number)
    day: date = at.date()
    record = Record(
        record_id=f"01a1fc0b-e380-71fd-afd0-{number:012x}",
        revision=1,
        state=_STATES[number % 10],
        registration_no=registration_no(place.office.station.office, 1, day, number),
        nik=answers["nik"],
        name=answers["name"],
        village=answers["village"],
        started_at=at,
        sealed_at=at,
        changed_at=at,
    )
    return Stored(record, 1, answers, (), (), (), Step.REVIEW, place.office.operator.operator_id)


def _packets(stored: list[Stored]) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(stored):
        if item.record.state is State.DRAFT:
            continue
        done = item.record.state is State.ACCEPTED
        at: datetime = item.record.changed_at
        yield {
            "record_id": item.record.record_id,
            "revision": 1,
            "origin": "station-1",
            "sha256": f"{number:064x}",
            "size": 240_000,
            "kind": "rekam_baru",
            "priority": 0,
            "sealed_at": at,
            "stage": (Stage.RECEIPTED if done else Stage.QUEUED).value,
            "acknowledged": 0,
            "restarts": 0,
            "attempts": 0,
            "receipt_no": f"C-{number}" if done else "",
            "received_at": at if done else None,
            "reasons": "[]",
            "central_code": _CODES[number % 6] if done else "",
            "central_at": at if done else None,
            "changed": number + 1,
        }
