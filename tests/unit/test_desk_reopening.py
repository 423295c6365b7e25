"""What was sealed with photos, scans and words comes back with them; minutiae are read anew from the picture."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from station.capture.lab import Lab
from station.capture.tasks import fingers, likeness
from station.desk import exceptions, healing, recording, records, sealing, verification
from station.domain.attachment import Role
from station.domain.biometrics import FINGERS, ExceptionCode, Part
from station.domain.outcome import Reason
from station.domain.verification import MATCH_THRESHOLD
from station.seal.body import Body, open_body
from station.seal.packet import read_packet
from station.store import attachments, captures, seals
from station.training.drawing.impressions import impression
from station.training.drawing.prints import master
from tests.fakes.scripted_device import minutiae
from tests.support import APPROVED, TODAY, Workplace, a_capture
from tests.unit.test_desk_exceptions import PHOTO

SCAN = b"%PDF-1.7 contoh"


@cache
def drawn(number: int = 1) -> bytes:
    """A drawn right index finger, as a scanner would give it."""
    buffer = io.BytesIO()
    Image.fromarray(impression(master(5, 2), number)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    place.second_officer()
    return place


def rich(place: Workplace, lab: Lab) -> str:
    """A complete draft with a real print, an excepted finger, a scan, a remark and a verification."""
    office = place.office
    record_id = place.draft()
    (read,) = fingers.read(lab, drawn(), (Part.FINGER_02,))
    recording.discard(office, record_id, FINGERS)
    for item in recording.keep(office, record_id, [a_capture(part) for part in FINGERS]).open_captures:
        recording.confirm(office, record_id, item.field, item.code, "tidak terbaca")
    index = replace(a_capture(Part.FINGER_02), image=read.wsq, template=read.template)
    face = replace(a_capture(Part.FACE), remarks=("face.background",), envelope="a.signed.statement")
    recording.keep(office, record_id, [index, face])
    recording.confirm(office, record_id, "capture.face", "face.background", "tidak ada latar")
    (again,) = fingers.read(lab, drawn(2), (Part.FINGER_02,))
    verification.verify(office, record_id, [replace(index, template=again.template)])
    voucher = place.vouched(record_id, [Part.FINGER_09], ExceptionCode.ABSENT)
    exceptions.grant(office, record_id, [Part.FINGER_09], ExceptionCode.ABSENT, "tidak ada", voucher, None, PHOTO)
    with office.applicants.write() as connection:
        attachments.add(connection, record_id, Role.DOCUMENT, "kk", SCAN, media="application/pdf", pages=1, at=TODAY)
    return record_id


def body_of(place: Workplace, record_id: str) -> Body:
    (key,) = [key for key in place.depot.packets.all_keys() if key.record_id == record_id]
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, key)
    assert identity is not None
    return open_body(read_packet(place.depot.packets.read(key)).body, identity)


def test_everything_is_sealed_and_comes_back_when_central_refuses(place: Workplace, lab: Lab) -> None:
    record_id = rich(place, lab)
    before = recording.resume(place.office, record_id)
    assert before.ready
    row = sealing.seal(place.office, record_id)
    body = body_of(place, record_id)
    assert [item.facts for item in body.attachments] == list(before.attachments)
    assert tuple(body.exceptions) == before.exceptions
    assert [(item.part, item.matched, item.device_serial) for item in body.verification] == [
        (Part.FINGER_02, True, "UJI-finger")
    ]
    face = next(item for item in body.captures if item.part is Part.FACE)
    assert (face.remarks, face.envelope) == (("face.background",), "a.signed.statement")
    assert all(item.template == b"" for item in body.captures)  # minutiae stay here
    assert before.approval is not None
    assert body.approval == {
        "text": APPROVED,
        "sha256": before.approval.text_sha256,
        "answers_sha256": before.approval.answers_sha256,
        "signed_at": before.approval.signed_at.isoformat(),
        "by": "signature",
    }
    with place.office.applicants.read() as connection:  # nothing of it stays outside the packet
        assert attachments.facts(connection, record_id) == ()
        assert captures.templates(connection, record_id) == {}

    place.depot.outbox.offer([row.record.key], at=TODAY)
    place.depot.outbox.reject(row.record.key, [Reason("nik.day", "nik", "no such day")], at=TODAY)
    healing.catch_up(place.office)
    draft = records.reopen(place.office, record_id)
    assert draft.attachments == before.attachments
    assert draft.exceptions == before.exceptions
    assert (draft.approval, draft.approval_lapsed) == (before.approval, False)
    with place.office.applicants.read() as connection:
        assert attachments.data(connection, record_id, before.documents[0].number) == SCAN
        (template,) = captures.templates(connection, record_id).values()
    (read,) = fingers.read(lab, drawn(), (Part.FINGER_02,))
    assert likeness.compare(lab, [template], [read.template])[0][0] >= MATCH_THRESHOLD
    # It is verified anew; the reason given for the picture still stands, for it is the same picture.
    assert [(item.field, item.code) for item in draft.open_warnings] == [
        ("verify.finger-02", "verify.not_done"),
        ("verify.finger-07", "verify.not_comparable"),
    ]
    assert recording.answer(place.office, record_id, "name", "BUDI CONTOH").missing == (Part.SIGNATURE,)


def test_a_reason_for_not_verifying_is_given_anew_after_reopening(place: Workplace) -> None:
    record_id = place.draft()
    index = replace(a_capture(Part.FINGER_02), template=minutiae("siti"), remarks=("finger.worn",))
    recording.discard(place.office, record_id, [Part.FINGER_02])
    recording.keep(place.office, record_id, [index])
    for item in recording.resume(place.office, record_id).open_warnings:
        recording.confirm(place.office, record_id, item.field, item.code, "uji")
    key = sealing.seal(place.office, record_id).record.key
    place.depot.outbox.offer([key], at=TODAY)
    place.depot.outbox.reject(key, [Reason("nik.day", "nik", "no such day")], at=TODAY)
    healing.catch_up(place.office)
    assert [item.field for item in records.reopen(place.office, record_id).confirmed] == ["capture.finger-02"]


def test_withdrawing_forgets_photos_scans_and_words(place: Workplace, lab: Lab) -> None:
    record_id = rich(place, lab)
    recording.withdraw(place.office, record_id, "pulang")
    with place.office.applicants.read() as connection:
        assert attachments.facts(connection, record_id) == ()
        assert captures.all_of(connection, record_id) == ()
        told = connection.exec_driver_sql("SELECT approval, verification FROM record").one()
    assert tuple(told) == ("", "[]")
