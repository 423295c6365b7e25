"""Somebody without a NIK is sent on with a number of ours, and never gets a NIK from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from station.desk import recording, referrals
from station.domain.errors import RuleError
from station.domain.referral import Asked, Cause
from station.domain.registration import is_request_no
from station.store import audit
from tests.support import Workplace

SUMI = Asked("sumi  uji", "01071950", "99.01.01.2001", Cause.NEVER_LISTED, "0800 000 017")


def test_a_referral_has_a_number_with_a_check_digit_and_is_kept(place: Workplace) -> None:
    made = referrals.refer(place.office, SUMI)
    assert is_request_no(made.referral_no)
    assert made.referral_no.startswith("P-990101-01-20261121-0001-")
    assert (made.name, made.birth_date, made.phone) == ("SUMI UJI", "1950-07-01", "0800000017")
    place.reopen()
    assert referrals.today(place.office) == (made,)
    assert recording.open_drafts(place.office) == ()


def test_no_two_referrals_have_one_number_also_after_a_restart(place: Workplace) -> None:
    first = referrals.refer(place.office, SUMI)
    place.reopen()
    second = referrals.refer(place.office, replace(SUMI, name="SUMA UJI"))
    assert [item.referral_no for item in referrals.today(place.office)] == [second.referral_no, first.referral_no]
    assert second.referral_no[:-2] == first.referral_no[:-3] + "2"


def test_only_those_of_this_day_are_listed_and_a_new_day_counts_from_one(place: Workplace) -> None:
    referrals.refer(place.office, SUMI)
    place.clock.pass_time(timedelta(days=1).total_seconds())  # type: ignore[attr-defined]
    assert referrals.today(place.office) == ()
    assert "-20261122-0001-" in referrals.refer(place.office, SUMI).referral_no


def test_a_child_is_sent_on_too(place: Workplace) -> None:
    assert referrals.refer(place.office, replace(SUMI, birth_date="30082025")).birth_date == "2025-08-30"


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"name": "  "}, "name", "field.required"),
        ({"name": "SUMI2"}, "name", "name.digit"),
        ({"birth_date": ""}, "birth_date", "field.required"),
        ({"birth_date": "31022001"}, "birth_date", "date.shape"),
        ({"birth_date": "01012030"}, "birth_date", "birth_date.future"),
        ({"village": "SUKAMAJU"}, "village", "village.not_chosen"),
        ({"name": "A" * 5000}, "name", "name.too_long"),
        ({"name": "\ud800"}, "name", "name.not_latin"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    place: Workplace, changed: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(RuleError) as problem:
        referrals.refer(place.office, replace(SUMI, **changed))  # type: ignore[arg-type]
    assert (problem.value.field, problem.value.code) == (field, code)
    assert referrals.today(place.office) == ()


def test_the_audit_has_the_number_and_no_name(place: Workplace) -> None:
    made = referrals.refer(place.office, SUMI)
    with place.office.applicants.read() as connection:
        told = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'refer'").scalars().all()
        assert audit.first_broken(connection) is None
    assert len(told) == 1
    assert made.referral_no in told[0]
    assert "SUMI" not in told[0]
