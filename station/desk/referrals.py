"""Sending somebody without a NIK to the Dinas, with a number of this station and never with a NIK made up here."""

from __future__ import annotations

from datetime import datetime, time

from station.desk import trips
from station.desk.drafting import storable
from station.desk.office import Office
from station.domain.errors import RuleError
from station.domain.finding import Finding, Severity
from station.domain.form import check_field, clean, field_of
from station.domain.permission import Permission
from station.domain.referral import Asked, Referral
from station.domain.registration import request_no
from station.store import audit, referrals

MAX_ANSWER = 500


def refer(office: Office, asked: Asked) -> Referral:
    """Keep a referral and give it its number. RuleError with the field and the code of what is wrong with an answer."""
    office.require(Permission.ENTER_PERSON)
    typed = {"name": asked.name, "birth_date": asked.birth_date, "village": asked.village, "phone": asked.phone}
    answers = {key: clean(field_of(key), storable(raw[:MAX_ANSWER])) for key, raw in typed.items()}
    for key in typed:
        if wrong := _wrong(office, key, answers):
            raise RuleError(wrong.code, field=key, **wrong.data)
    now, day = office.now(), office.local_now().date()
    trip = trips.current(office)
    with office.applicants.write() as connection:
        beginning = request_no(office.station.office, office.station.number, day, 0).rsplit("-", 2)[0]
        sequence = referrals.count_like(connection, f"{beginning}-") + 1
        entry = Referral(
            referral_no=request_no(office.station.office, office.station.number, day, sequence),
            at=now,
            name=answers["name"],
            birth_date=answers["birth_date"],
            village=answers["village"],
            phone=answers["phone"],
            cause=asked.cause,
            trip_id=trip.trip_id if trip else "",
        )
        referrals.add(connection, entry, office.operator.operator_id)
        audit.append(
            connection,
            at=now,
            operator_id=office.operator.operator_id,
            action="refer",
            referral_no=entry.referral_no,
            cause=asked.cause.value,
        )
    return entry


def today(office: Office) -> tuple[Referral, ...]:
    """Referrals of this local day, newest first."""
    office.require(Permission.READ_PERSON)
    local = office.local_now()
    with office.applicants.read() as connection:
        return referrals.since(connection, datetime.combine(local.date(), time(), local.tzinfo))


def _wrong(office: Office, key: str, answers: dict[str, str]) -> Finding | None:
    """The first error of an answer. Age is no reason to send nobody on: children get their NIK this way too."""
    found = check_field(field_of(key), answers, office.context)
    errors = [item for item in found if item.severity is Severity.ERROR and not item.code.startswith("eligibility.")]
    return errors[0] if errors else None
