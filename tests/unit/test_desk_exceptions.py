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
from station.desk import exceptions, recording, sealing, signin, vouchers
from station.desk.vouchers import Voucher
from station.domain.attachment import MAX_EVIDENCE_BYTES, Role
from station.domain.biometric_exceptions import LONGEST_INVITE, codes_for, exceptable, invited_in_time
from station.domain.biometrics import FINGERS, IRISES, ExceptionCode, Part
from station.domain.draft import Draft
from station.domain.errors import AccessError, DeviceError, RuleError, StationError
from station.store import attachments, audit
from tests.support import APPROVED, PASSWORD, SECOND_PASSWORD, TODAY, Workplace, a_capture, filled, good_answers

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
    place.second_officer()
    return place


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
    word = voucher or place.vouched(record_id, parts, code)
    return exceptions.grant(place.office, record_id, parts, code, reason, word, invite_again, evidence)


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
        assert item.approved_by == place.second_officer().operator_id
        assert item.approved_at.startswith("2026-11-21")
        assert item.evidence == draft.attachments[0].number
    assert not {Part.FINGER_04, Part.FINGER_05} & set(draft.missing)
    assert [item.role for item in draft.attachments] == [Role.EVIDENCE]  # one photo for both
    assert draft.documents == ()


def test_all_ten_fingers_and_both_eyes_may_be_left_out_and_the_record_is_sealed(place: Workplace) -> None:
    record_id = new(place)
    filled(place.office, record_id, good_answers())
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
    voucher = place.vouched(record_id, [Part.FINGER_02], ExceptionCode.ABSENT)
    parts = change.pop("parts", (Part.FINGER_02,))
    with pytest.raises(StationError) as problem:
        granted(place, record_id, *parts, voucher=voucher, **change)  # type: ignore[arg-type,misc]
    assert problem.value.code == code
    draft = recording.resume(place.office, record_id)
    assert (draft.exceptions, draft.attachments) == ((), ())
    assert granted(place, record_id, Part.FINGER_02, voucher=voucher).exceptions


@pytest.mark.parametrize(
    "change", [{"parts": (Part.FINGER_03,)}, {"parts": FINGERS[:5]}, {"code": ExceptionCode.STIFF}, {"elsewhere": True}]
)
def test_a_word_is_for_what_it_was_given_for_and_nothing_else(place: Workplace, change: dict[str, object]) -> None:
    first, second = new(place), new(place)
    voucher = place.vouched(first, [Part.FINGER_02], ExceptionCode.ABSENT)
    record_id = second if change.pop("elsewhere", False) else first
    parts = change.pop("parts", (Part.FINGER_02,))
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        granted(place, record_id, *parts, voucher=voucher, **change)  # type: ignore[arg-type,misc]
    draft = recording.resume(place.office, record_id)
    assert (draft.exceptions, draft.attachments) == ((), ())
    assert granted(place, first, Part.FINGER_02, voucher=voucher).exceptions


def test_a_word_is_used_once_also_for_the_same_thing(place: Workplace) -> None:
    record_id = new(place)
    voucher = place.vouched(record_id, [Part.FINGER_02], ExceptionCode.ABSENT)
    granted(place, record_id, Part.FINGER_02, voucher=voucher)
    exceptions.revoke(place.office, record_id, Part.FINGER_02)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        granted(place, record_id, Part.FINGER_02, voucher=voucher)
    assert not recording.resume(place.office, record_id).exceptions


def test_a_power_cut_while_it_is_kept_leaves_neither_exception_nor_a_used_word(place: Workplace) -> None:
    record_id = new(place)
    voucher = place.vouched(record_id, [Part.FINGER_02], ExceptionCode.ABSENT)
    office = place.office

    class Cut(Exception):
        pass

    with pytest.raises(Cut), office.applicants.write() as connection:
        vouchers.use(
            office, connection, voucher, record_id, [Part.FINGER_02], ExceptionCode.ABSENT, office.operator.operator_id
        )
        raise Cut
    assert granted(place, record_id, Part.FINGER_02, voucher=voucher).exceptions


def test_nobody_is_excepted_who_may_not_be_recorded(place: Workplace) -> None:
    first = place.seal(1).record
    record_id = new(place)
    recording.answer(place.office, record_id, "nik", first.nik)
    voucher = place.vouched(record_id, [Part.FINGER_02], ExceptionCode.ABSENT)
    with pytest.raises(RuleError, match=r"applicant\.recorded_here"):
        granted(place, record_id, Part.FINGER_02, voucher=voucher)
    assert not recording.resume(place.office, record_id).exceptions


# ---------------------------------------------------------------------------------------- waiting for a second officer


def waiting(place: Workplace, record_id: str, *parts: Part, code: ExceptionCode = ExceptionCode.ABSENT) -> Draft:
    return exceptions.grant(place.office, record_id, parts, code, "tidak ada", None, None, PHOTO)


def test_where_nobody_may_approve_it_waits_and_the_record_is_not_sealed(place: Workplace) -> None:
    record_id = place.draft()
    draft = waiting(place, record_id, Part.FINGER_09, Part.FINGER_10)
    assert [item.approved_by for item in draft.exceptions] == ["", ""]
    assert (draft.missing, draft.ready, len(draft.unapproved)) == ((), False, 2)
    with pytest.raises(RuleError, match=r"seal\.unapproved"):
        sealing.seal(place.office, record_id)
    voucher = place.vouched(record_id, [Part.FINGER_09, Part.FINGER_10], ExceptionCode.ABSENT)
    draft = exceptions.approve(place.office, record_id, [Part.FINGER_09, Part.FINGER_10], voucher)
    second = place.second_officer().operator_id
    assert [(item.approved_by, item.approved_at[:10]) for item in draft.exceptions] == [(second, "2026-11-21")] * 2
    assert draft.ready
    sealing.seal(place.office, record_id)


def test_another_officer_comes_later_and_approves_what_waits_but_the_one_who_entered_it_never_does(
    place: Workplace,
) -> None:
    record_id, second = place.draft(), place.second_officer()
    waiting(place, record_id, Part.FINGER_10)
    entered_by = place.office.operator.operator_id
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, second.operator_id, SECOND_PASSWORD, place.clock, place.lab)
    try:
        parts, code = [Part.FINGER_10], ExceptionCode.ABSENT
        with pytest.raises(AccessError, match=r"officer\.self"):
            vouchers.vouch(office, entered_by, PASSWORD, record_id, parts, code, entered_by)
        own = vouchers.vouch(office, entered_by, PASSWORD, record_id, parts, code)  # as if it had been entered by them
        with pytest.raises(AccessError, match=r"officer\.voucher"):
            exceptions.approve(office, record_id, parts, own)
        word = vouchers.vouch(office, second.operator_id, SECOND_PASSWORD, record_id, parts, code, entered_by)
        (item,) = exceptions.approve(office, record_id, parts, word).exceptions
        assert (item.entered_by, item.approved_by) == (entered_by, second.operator_id)
        with pytest.raises(RuleError, match=r"exception\.unknown"):
            exceptions.approve(office, record_id, parts, word)
    finally:
        signin.sign_out(office)


def test_what_is_not_of_one_cause_is_not_approved_at_one_go(place: Workplace) -> None:
    record_id = new(place)
    waiting(place, record_id, Part.FINGER_09)
    waiting(place, record_id, Part.FINGER_10, code=ExceptionCode.STIFF)
    parts = [Part.FINGER_09, Part.FINGER_10]
    with pytest.raises(RuleError, match=r"exception\.unknown"):
        exceptions.approve(place.office, record_id, parts, place.vouched(record_id, parts, ExceptionCode.ABSENT))


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
        ("vouch", 2),
        ("exception", 2),
        ("exception_revoke", 1),
    ]
    told = json.dumps([dict(line.detail) for line in lines])
    assert place.second_officer().operator_id in told
    for secret in ("kusta", "MEDIS", "finger"):
        assert secret not in told


def test_the_photo_is_there_for_whoever_has_to_see_it_and_no_document_passes_for_it(place: Workplace) -> None:
    record_id = new(place)
    (item,) = granted(place, record_id, Part.FINGER_05).exceptions
    assert item.evidence is not None
    with Image.open(io.BytesIO(exceptions.evidence(place.office, record_id, item.evidence))) as seen:
        assert seen.size == (200, 150)
    with place.office.applicants.write() as connection:
        paper = attachments.add(
            connection, record_id, Role.DOCUMENT, "kk", b"a paper", media="application/pdf", pages=1, at=TODAY
        )
    assert exceptions.evidence(place.office, record_id, paper.number) == b""
    exceptions.revoke(place.office, record_id, Part.FINGER_05)
    assert exceptions.evidence(place.office, record_id, item.evidence) == b""
