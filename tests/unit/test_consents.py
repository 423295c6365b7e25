"""What needs a second officer besides exceptions: a finger that does not match, exports in bulk, names on a file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from station.desk import consents, courier, keys, recording, signin, staff, trip_papers, vouchers
from station.desk.vouchers import Voucher
from station.domain.biometrics import Part
from station.domain.consent import MOST_AGAIN, OVERRIDES, Consent, is_bulk
from station.domain.delivery import Stage
from station.domain.errors import AccessError, RuleError
from station.domain.outcome import Reason
from station.store import records
from station.store.officers import UNKNOWN
from station.store.tables import audit
from tests.support import PASSWORD, SECOND_PASSWORD, Workplace

FIELD = "verify.finger-02"
GIVEN = "sandi-pemberian-orang"


def agreed_by(place: Workplace, action: str) -> list[str]:
    """Who agreed, as the audit trail tells it."""
    with place.office.applicants.read() as connection:
        lines = connection.execute(select(audit.c.detail).where(audit.c.action == action)).scalars()
        return [json.loads(line).get("agreed_by") for line in lines]


def test_an_export_is_in_bulk_when_central_has_some_of_it_or_much_went_before() -> None:
    assert not is_bulk(at_central=0, again=MOST_AGAIN)
    assert is_bulk(at_central=0, again=MOST_AGAIN + 1)
    assert is_bulk(at_central=1, again=0)


def test_a_word_is_for_exactly_these_packets(place: Workplace, tmp_path: Path) -> None:
    first, second = place.seal(1).record.key, place.seal(2).record.key
    place.second_officer()
    for key in (first, second):
        place.depot.outbox.reject(key, (Reason("name", "wrong", "salah"),), at=place.clock.now())
    assert place.stage(first) is Stage.REJECTED
    with pytest.raises(RuleError) as problem:
        courier.export(place.office, tmp_path, keys=[first])
    assert problem.value.code == "consent.bulk_export"
    officer = place.second_officer().operator_id
    word = consents.vouch_for_export(place.office, [first], officer, SECOND_PASSWORD)
    with pytest.raises(AccessError) as refused:
        courier.export(place.office, tmp_path, keys=[first, second], voucher=word)
    assert refused.value.code == "officer.voucher"
    word = consents.vouch_for_export(place.office, [first], officer, SECOND_PASSWORD)
    assert courier.export(place.office, tmp_path, keys=[first], voucher=word) is not None
    assert agreed_by(place, "courier.export") == [officer]


def test_an_ordinary_export_and_one_of_an_officer_who_is_alone_ask_nobody(place: Workplace, tmp_path: Path) -> None:
    key = place.seal(1).record.key
    assert courier.export(place.office, tmp_path) is not None
    place.depot.outbox.reject(key, (Reason("name", "wrong", "salah"),), at=place.clock.now())
    assert courier.export(place.office, tmp_path, keys=[key]) is not None
    assert agreed_by(place, "courier.export") == [consents.ALONE, consents.ALONE]


@pytest.mark.parametrize("code", sorted(OVERRIDES))
def test_a_finger_that_is_not_the_one_recorded_stands_with_a_second_officer_only(place: Workplace, code: str) -> None:
    office, record_id = place.office, place.draft(1)
    other = Part.FINGER_03 if code == "verify.other_finger" else None
    with office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        assert stored is not None
        doubted = tuple(replace(item, score=3, like=other) for item in stored.verification)
        records.save(connection, replace(stored, verification=doubted))
    officer = place.second_officer().operator_id

    def confirm(voucher: Voucher | None) -> bool:
        draft = recording.confirm(office, record_id, FIELD, code, "kulit mengelupas", voucher)
        return (FIELD, code) not in {(item.field, item.code) for item in draft.open_warnings}

    with pytest.raises(RuleError) as problem:
        confirm(None)
    assert problem.value.code == "consent.override"
    strange = vouchers.vouch(office, officer, SECOND_PASSWORD, record_id, (Part.FINGER_07,), Consent.OVERRIDE)
    with pytest.raises(AccessError):
        confirm(strange)
    word = consents.vouch_for_warning(office, record_id, Part.FINGER_02, officer, SECOND_PASSWORD)
    assert confirm(word)
    with pytest.raises(AccessError):
        confirm(word)
    assert agreed_by(place, "override") == [officer]


def test_a_list_with_names_leaves_with_a_second_officers_word(place: Workplace, tmp_path: Path) -> None:
    officer, file = place.second_officer().operator_id, tmp_path / "daftar.csv"
    with pytest.raises(RuleError) as problem:
        trip_papers.save_list(place.office, "trip-1", file, b"nama")
    assert problem.value.code == "consent.names_taken"
    word = consents.vouch_for_names(place.office, "trip-2", officer, SECOND_PASSWORD)
    with pytest.raises(AccessError):
        trip_papers.save_list(place.office, "trip-1", file, b"nama", word)
    assert not file.exists()


def test_a_colleague_whose_password_somebody_else_has_set_approves_nothing_for_them(place: Workplace) -> None:
    other = place.second_officer()
    keys.give_password(place.office, PASSWORD, other.operator_id, GIVEN)
    assert consents.needed_for_names(place.office), "giving a password does not make an officer alone"
    with pytest.raises(AccessError) as problem:
        consents.vouch_for_names(place.office, "perjalanan", other.operator_id, GIVEN)
    assert problem.value.code == "officer.password_given"
    theirs = signin.sign_in(place.depot, other.operator_id, GIVEN, place.clock)
    keys.change_password(theirs, GIVEN, SECOND_PASSWORD)
    signin.sign_out(theirs)
    assert consents.vouch_for_names(place.office, "perjalanan", other.operator_id, SECOND_PASSWORD)


def test_a_password_that_words_or_a_code_have_set_approves_nothing_for_anybody(place: Workplace) -> None:
    other = place.second_officer()
    with place.office.applicants.write() as connection:
        staff.note_password(connection, other.operator_id, UNKNOWN)
    with pytest.raises(AccessError) as problem:
        consents.vouch_for_names(place.office, "perjalanan", other.operator_id, SECOND_PASSWORD)
    assert problem.value.code == "officer.password_given"
