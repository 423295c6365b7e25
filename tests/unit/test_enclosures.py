"""Central looks at what a packet encloses beside the form, and says by code and part what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from station.central.enclosures import nonsense_in
from station.domain.approval import sealed_sha256
from station.domain.attachment import MAX_EVIDENCE_BYTES, Attached, Role
from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.documents import MAX_PAGE_BYTES, MAX_PAGES
from station.seal.body import Body, close_body, new_identity, open_body, recipient_of
from station.seal.packet import sha256_of
from tests.support import APPROVED, a_body, an_attachment, good_answers

BODY = replace(
    a_body(),
    approval={
        "text": APPROVED,
        "sha256": sha256_of(APPROVED.encode()),
        "answers_sha256": sealed_sha256(a_body().record["answers"]),
        "signed_at": "2026-11-21T10:00:00+07:00",
        "by": "signature",
    },
)
(EYE,) = BODY.exceptions
SCAN, PHOTO = BODY.attachments


def codes(body: Body) -> list[tuple[str, str]]:
    return [(item.code, item.field) for item in nonsense_in(body)]


def test_a_packet_with_everything_in_it_holds_together() -> None:
    assert codes(BODY) == []
    identity = new_identity()
    assert codes(open_body(close_body(BODY, [recipient_of(identity)]), identity)) == []


def test_a_packet_from_before_photos_and_bound_words_holds_together() -> None:
    old = BiometricException(Part.IRIS_LEFT, ExceptionCode.BLIND, "buta", "op-2")
    words = {"text": APPROVED, "sha256": sha256_of(APPROVED.encode()), "approved_at": "2026-11-01T10:00:00+07:00"}
    assert codes(replace(BODY, exceptions=(old,), attachments=(), verification=(), approval=words)) == []
    assert codes(replace(BODY, exceptions=(old,), attachments=(), verification=(), approval={})) == []


def excepted(**changed: Any) -> Callable[[], Body]:
    return lambda: replace(BODY, exceptions=(replace(EYE, **changed),))


def scanned(*, data: bytes | None = None, **changed: Any) -> Callable[[], Body]:
    def make() -> Body:
        content = SCAN.data if data is None else data
        facts = replace(SCAN.facts, size_bytes=len(content), **changed)
        return replace(BODY, attachments=(Attached(facts, content), PHOTO))

    return make


def approved(**changed: object) -> Callable[[], Body]:
    return lambda: replace(BODY, approval={**BODY.approval, **changed})


NONSENSE: dict[str, tuple[Callable[[], Body], tuple[str, str]]] = {
    "a face left out": (excepted(part=Part.FACE), ("exception.part", "face")),
    "a signature left out": (excepted(part=Part.SIGNATURE), ("exception.part", "signature")),
    "a stiff eye": (excepted(code=ExceptionCode.STIFF), ("exception.code", "iris-left")),
    "a blind finger": (excepted(part=Part.FINGER_01), ("exception.code", "finger-01")),
    "an eye that is captured": (excepted(part=Part.IRIS_RIGHT), ("exception.captured", "iris-right")),
    "the same eye twice": (lambda: replace(BODY, exceptions=(EYE, EYE)), ("exception.captured", "iris-left")),
    "no photo": (excepted(evidence=None), ("exception.no_photo", "iris-left")),
    "a scan for a photo": (excepted(evidence=SCAN.facts.number), ("exception.no_photo", "iris-left")),
    "a photo that is not there": (excepted(evidence=77), ("exception.no_photo", "iris-left")),
    "nobody approved": (excepted(approved_by=""), ("exception.own_word", "iris-left")),
    "approved by who entered it": (excepted(approved_by=EYE.entered_by), ("exception.own_word", "iris-left")),
    "a scan that is none": (scanned(data=b"PK\x03\x04 no scan"), ("attachment.bad", "papers.kk")),
    "a scan of a kind nobody asks for": (scanned(kind="diary"), ("attachment.bad", "")),
    "a scan that says it is a picture": (scanned(media="image/jpeg"), ("attachment.bad", "papers.kk")),
    "no page": (scanned(pages=0), ("attachment.bad", "papers.kk")),
    "more pages than agreed": (scanned(pages=MAX_PAGES + 1), ("attachment.bad", "papers.kk")),
    "a page larger than agreed": (scanned(data=b"%PDF-" + bytes(MAX_PAGE_BYTES)), ("attachment.bad", "papers.kk")),
    "a photo that is none": (
        lambda: replace(BODY, attachments=(SCAN, an_attachment(2, Role.EVIDENCE, "exception", b"GIF89a"))),
        ("attachment.bad", ""),
    ),
    "a photo larger than agreed": (
        lambda: replace(
            BODY,
            attachments=(an_attachment(2, Role.EVIDENCE, "exception", b"\xff\xd8\xff" + bytes(MAX_EVIDENCE_BYTES)),),
        ),
        ("attachment.bad", ""),
    ),
    "other words than were hashed": (approved(text="Lain."), ("approval.differs", "signature")),
    "words that are no text": (approved(text=7), ("approval.differs", "signature")),
    "other answers than were signed": (approved(answers_sha256="0" * 64), ("approval.differs", "signature")),
    "an answer changed after signing": (
        lambda: replace(BODY, record={**BODY.record, "answers": good_answers(2)}),
        ("approval.differs", "signature"),
    ),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_what_cannot_be_is_refused_by_code_and_part(what: str) -> None:
    make, expected = NONSENSE[what]
    assert codes(make()) == [expected]


def test_more_scans_than_agreed_are_refused() -> None:
    page = b"%PDF-" + bytes(MAX_PAGE_BYTES - 5)
    many = tuple(an_attachment(number, Role.DOCUMENT, "kk", page) for number in range(1, 12))
    assert codes(replace(BODY, exceptions=(), attachments=many)) == [("attachment.too_large", "")]


def test_a_refusal_says_nothing_of_a_body() -> None:
    told = " ".join(reason.model_dump_json() for make, _ in NONSENSE.values() for reason in nonsense_in(make()))
    for secret in ("buta", "BUTA", "KAKU", APPROVED):
        assert secret not in told
