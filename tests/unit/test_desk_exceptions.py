"""Fingers and eyes that cannot be captured: with reason, photo and a colleague's word, and never more than needed."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from station.capture.lab import Lab
from station.desk import exceptions, officers, recording, records, sealing
from station.desk.officers import Voucher
from station.domain.attachment import MAX_EVIDENCE_BYTES, Role
from station.domain.biometric_exceptions import LONGEST_INVITE, codes_for, exceptable, invited_in_time
from station.domain.biometrics import FINGERS, IRISES, ExceptionCode, Part
from station.domain.draft import Draft
from station.domain.errors import AccessError, DeviceError, RuleError, StationError
from station.store import attachments, audit
from tests.support import APPROVED, PASSWORD, TODAY, Workplace, a_capture, good_answers

SECRET = "sandi-rekan-1"
TOMORROW = TODAY.date() + timedelta(days=1)


def photo(width: int = 200, height: int = 150, form: str = "JPEG", **more: object) -> bytes:
    """A picture that shows nobody."""
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(buffer, form, **more)
    return buffer.getvalue()


PHOTO = photo()


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    officers.add(place.office, PASSWORD, "Budi P.", officers.SUPERVISOR, SECRET)
    return place


def vouched(place: Workplace, record_id: str) -> Voucher:
    return officers.vouch(place.office, officers.others(place.office)[0].operator_id, SECRET, record_id)


def granted(
    place: Workplace,
    record_id: str,
    *parts: Part,
    code: ExceptionCode = ExceptionCode.ABSENT,
    reason: str = "tidak ada",
    voucher: Voucher | None = None,
    invite_again: date | None = None,
    evidence: bytes = PHOTO,
) -> Draft:
    return exceptions.grant(
        place.office, record_id, parts, code, reason, voucher or vouched(place, record_id), invite_again, evidence
    )


def new(place: Workplace) -> str:
    return recording.start(place.office).record.record_id


# ---------------------------------------------------------------------------------------------------------------- rules


@given(st.sets(st.sampled_from(sorted(Part)), min_size=1))
def test_a_code_fits_several_parts_when_it_fits_each_of_them(parts: set[Part]) -> None:
    alone = [set(codes_for([part])) for part in parts]
    assert set(codes_for(parts)) == set.intersection(*alone)
    assert bool(codes_for(parts)) == all(map(exceptable, parts))


def test_worn_ridges_are_no_reason_and_a_face_and_a_signature_are_never_left_out() -> None:
    assert not {"AUS", "KAPALAN"} & {code.value for code in ExceptionCode}
    assert codes_for([Part.FACE]) == codes_for([Part.SIGNATURE]) == codes_for([]) == ()
    assert {*codes_for([Part.IRIS_LEFT])} >= {ExceptionCode.BLIND, ExceptionCode.CATARACT}
    assert not {*codes_for([Part.FINGER_03])} & {ExceptionCode.BLIND, ExceptionCode.CATARACT}


@given(st.integers(-1000, 1000))
def test_people_are_invited_again_after_today_and_within_a_year(days: int) -> None:
    today = TODAY.date()
    assert invited_in_time(today + timedelta(days=days), today) == (0 < days <= LONGEST_INVITE.days)


# ------------------------------------------------------------------------------------------------------------- granting


def test_an_exception_has_reason_code_both_officers_hour_and_photo(place: Workplace) -> None:
    record_id = new(place)
    draft = granted(place, record_id, Part.FINGER_05, Part.FINGER_04, reason="  kecelakaan \n kerja ")
    assert [item.part for item in draft.exceptions] == [Part.FINGER_04, Part.FINGER_05]
    for item in draft.exceptions:
        assert (item.code, item.reason) == (ExceptionCode.ABSENT, "kecelakaan kerja")
        assert item.entered_by == place.office.operator.operator_id
        assert item.approved_by == officers.others(place.office)[0].operator_id
        assert item.approved_at.startswith("2026-11-21")
        assert item.evidence == draft.attachments[0].number
    assert not {Part.FINGER_04, Part.FINGER_05} & set(draft.missing)
    assert [item.role for item in draft.attachments] == [Role.EVIDENCE]  # one photo for both
    assert draft.documents == ()


def test_all_ten_fingers_and_both_eyes_may_be_left_out_and_the_record_is_sealed(place: Workplace) -> None:
    record_id = new(place)
    for key, value in good_answers().items():
        recording.answer(place.office, record_id, key, value)
    granted(place, record_id, *FINGERS, code=ExceptionCode.MEDICAL, reason="kusta")
    draft = granted(place, record_id, *IRISES, code=ExceptionCode.BLIND, reason="buta sejak lahir")
    assert draft.missing == (Part.FACE, Part.SIGNATURE)
    assert draft.to_verify == ()
    recording.keep(place.office, record_id, [a_capture(Part.FACE)])
    assert recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE)).ready
    sealing.seal(place.office, record_id)
    with place.office.applicants.read() as connection:
        assert attachments.facts(connection, record_id) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parts": ()}, "exception.part"),
        ({"parts": (Part.FACE,)}, "exception.part"),
        ({"parts": (Part.FINGER_02, Part.SIGNATURE)}, "exception.part"),
        ({"code": ExceptionCode.BLIND}, "exception.code"),
        ({"parts": (Part.IRIS_LEFT,), "code": ExceptionCode.STIFF}, "exception.code"),
        ({"reason": " \n "}, "exception.no_reason"),
        ({"code": ExceptionCode.WOUND}, "exception.invite_again"),
        ({"code": ExceptionCode.WOUND, "invite_again": TODAY.date()}, "exception.invite_again"),
        ({"code": ExceptionCode.BANDAGE, "invite_again": TODAY.date() + timedelta(days=400)}, "exception.invite_again"),
        ({"evidence": b""}, "exception.no_photo"),
        ({"evidence": b"%PDF-1.7 no photo"}, "photo.unreadable"),
        ({"evidence": PHOTO[: len(PHOTO) // 3]}, "photo.unreadable"),
        ({"evidence": b"\xff\xd8\xff" + bytes(5000)}, "photo.unreadable"),
    ],
)
def test_what_is_not_whole_is_not_kept_and_leaves_the_colleagues_word_good(
    place: Workplace, change: dict[str, object], code: str
) -> None:
    record_id = new(place)
    voucher = vouched(place, record_id)
    parts = change.pop("parts", (Part.FINGER_02,))
    with pytest.raises(StationError) as problem:
        granted(place, record_id, *parts, voucher=voucher, **change)  # type: ignore[arg-type,misc]
    assert problem.value.code == code
    draft = recording.resume(place.office, record_id)
    assert (draft.exceptions, draft.attachments) == ((), ())
    assert granted(place, record_id, Part.FINGER_02, voucher=voucher).exceptions


def test_a_voucher_for_another_record_or_used_before_grants_nothing(place: Workplace) -> None:
    first, second = new(place), new(place)
    voucher = vouched(place, first)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        granted(place, second, Part.FINGER_02, voucher=voucher)
    granted(place, first, Part.FINGER_02, voucher=voucher)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        granted(place, first, Part.FINGER_03, voucher=voucher)
    assert recording.resume(place.office, second).attachments == ()


def test_a_photo_of_any_size_is_kept_small_upright_and_without_what_the_camera_wrote(place: Workplace) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x010F] = "KAMERA RAHASIA"
    record_id = new(place)
    for evidence in (photo(3000, 2000, quality=95, exif=exif), photo(900, 700, "PNG")):
        granted(place, record_id, Part.FINGER_02, evidence=evidence)
        (shown,) = recording.resume(place.office, record_id).attachments
        with place.office.applicants.read() as connection:
            data = attachments.data(connection, record_id, shown.number)
        assert data is not None
        assert len(data) == shown.size_bytes <= MAX_EVIDENCE_BYTES
        assert b"RAHASIA" not in data
        with Image.open(io.BytesIO(data)) as kept:
            assert kept.format == "JPEG"
            assert (kept.height > kept.width) == (evidence[:3] == b"\xff\xd8\xff")


def test_a_picture_too_large_to_unfold_is_no_photo(place: Workplace) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    record_id = new(place)
    with pytest.raises(DeviceError, match=r"photo\.unreadable"):
        granted(place, record_id, Part.FINGER_02, evidence=bomb.getvalue())


# --------------------------------------------------------------------------------------- captures or exceptions


def test_capturing_a_part_withdraws_its_exception_and_its_photo_goes_with_the_last_one(place: Workplace) -> None:
    record_id = new(place)
    granted(place, record_id, Part.FINGER_02, Part.FINGER_03)
    draft = recording.keep(place.office, record_id, [a_capture(Part.FINGER_02)])
    assert [item.part for item in draft.exceptions] == [Part.FINGER_03]
    assert len(draft.attachments) == 1
    draft = recording.keep(place.office, record_id, [a_capture(Part.FINGER_03)])
    assert (draft.exceptions, draft.attachments) == ((), ())


def test_an_exception_takes_the_place_of_a_capture(place: Workplace) -> None:
    """A wrong hand was captured for one that is not there: nothing else could take that capture away again."""
    record_id = new(place)
    recording.keep(place.office, record_id, [a_capture(part) for part in FINGERS[:5]])
    draft = granted(place, record_id, *FINGERS[:5])
    assert set(draft.captures) == set()
    assert {item.part for item in draft.exceptions} == set(FINGERS[:5])


def test_an_exception_may_be_taken_back(place: Workplace) -> None:
    record_id = new(place)
    granted(place, record_id, Part.IRIS_LEFT, Part.IRIS_RIGHT, code=ExceptionCode.CATARACT)
    draft = exceptions.revoke(place.office, record_id, Part.IRIS_LEFT)
    assert [item.part for item in draft.exceptions] == [Part.IRIS_RIGHT]
    assert Part.IRIS_LEFT in draft.missing
    with pytest.raises(RuleError, match=r"exception\.unknown"):
        exceptions.revoke(place.office, record_id, Part.IRIS_LEFT)
    assert exceptions.revoke(place.office, record_id, Part.IRIS_RIGHT).attachments == ()


def test_granting_again_replaces_what_was_there(place: Workplace) -> None:
    record_id = new(place)
    granted(place, record_id, Part.FINGER_02, Part.FINGER_03)
    draft = granted(place, record_id, Part.FINGER_03, code=ExceptionCode.STIFF, reason="kaku")
    assert [(item.part, item.code) for item in draft.exceptions] == [
        (Part.FINGER_02, ExceptionCode.ABSENT),
        (Part.FINGER_03, ExceptionCode.STIFF),
    ]
    assert len(draft.attachments) == 2
    assert len(exceptions.revoke(place.office, record_id, Part.FINGER_02).attachments) == 1


def test_the_audit_tells_who_let_how_many_parts_pass_and_nothing_of_a_body(place: Workplace) -> None:
    record_id = new(place)
    granted(place, record_id, Part.FINGER_02, Part.FINGER_03, code=ExceptionCode.MEDICAL, reason="kusta")
    recording.keep(place.office, record_id, [a_capture(Part.FINGER_02)])
    with place.office.applicants.read() as connection:
        lines = audit.lines_of(connection, record_id)
        assert audit.first_broken(connection) is None
    assert [(line.action, line.detail.get("parts")) for line in lines[1:]] == [
        ("exception", 2),
        ("exception_revoke", 1),
    ]
    told = json.dumps([dict(line.detail) for line in lines])
    assert officers.others(place.office)[0].operator_id in told
    for secret in ("kusta", "MEDIS", "finger"):
        assert secret not in told


# ------------------------------------------------------------------------------------------------------- inviting again


def test_a_wound_heals_and_the_person_is_invited_again_until_they_are_recorded_once_more(place: Workplace) -> None:
    record_id = place.draft(1, name="SITI LUKA CONTOH")
    later = TOMORROW + timedelta(days=30)
    granted(place, record_id, Part.FINGER_02, code=ExceptionCode.WOUND, reason="luka", invite_again=later)
    granted(place, record_id, Part.FINGER_03, code=ExceptionCode.BANDAGE, reason="perban", invite_again=TOMORROW)
    draft = granted(place, record_id, Part.FINGER_04, invite_again=later)
    assert [item.invite_again for item in draft.exceptions] == [later.isoformat(), TOMORROW.isoformat(), None]
    assert exceptions.to_invite_again(place.office, later) == ()  # nobody is recorded yet
    sealing.seal(place.office, record_id)
    assert exceptions.to_invite_again(place.office, TODAY.date()) == ()
    (one,) = exceptions.to_invite_again(place.office, TOMORROW)
    assert (one.name, one.on, one.parts) == ("SITI LUKA CONTOH", TOMORROW, (Part.FINGER_03,))
    (both,) = exceptions.to_invite_again(place.office, later)
    assert (both.on, both.parts) == (TOMORROW, (Part.FINGER_02, Part.FINGER_03))
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    again = place.draft(2)
    with place.office.applicants.write() as connection:  # as when central asked for a second recording of them
        connection.exec_driver_sql(
            "UPDATE record SET answers = json_set(answers, '$.nik', ?) WHERE record_id = ?",
            (good_answers(1)["nik"], again),
        )
        connection.exec_driver_sql("UPDATE record SET state = 'sealed' WHERE record_id = ?", (again,))
    assert exceptions.to_invite_again(place.office, later) == ()
    assert records.timeline(place.office, record_id).row.record.name == "SITI LUKA CONTOH"
