"""What a packet holds beside its form: exceptions, attachments, approval. Says what of it cannot be.

Codes and parts only leave this place: why somebody has no finger is nobody's business on the way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from station.domain.approval import sealed_sha256
from station.domain.attachment import MAX_EVIDENCE_BYTES, Attached, Role
from station.domain.biometric_exceptions import codes_for, exceptable
from station.domain.biometrics import BiometricException
from station.domain.checklist import DOCUMENTS, FIELD
from station.domain.documents import KINDS, MAX_PAGE_BYTES, MAX_PAGES, MAX_RECORD_BYTES, PDF
from station.seal.body import Body
from station.seal.packet import sha256_of
from station.wire import RefusalReason

_PHOTO = "image/jpeg"


def nonsense_in(body: Body) -> list[RefusalReason]:
    """Every reason to refuse what is enclosed; empty for a packet that holds together."""
    return [*_exceptions(body), *_attachments(body), *_approval(body)]


def _exceptions(body: Body) -> Iterator[RefusalReason]:
    photos = {item.facts.number for item in body.attachments if item.facts.role is Role.EVIDENCE}
    taken = [capture.part for capture in body.captures]
    seen = set(taken)
    for item in body.exceptions:
        field = item.part.value
        if not exceptable(item.part):
            yield _reason("exception.part", field, "This part can never be excepted.")
        elif item.code not in codes_for([item.part]):
            yield _reason("exception.code", field, "This exception does not fit the part.")
        elif item.part in seen:
            yield _reason("exception.captured", field, "The part is captured and excepted, or excepted twice.")
        elif not _shown(item, photos):
            yield _reason("exception.no_photo", field, "There is no photo that shows the exception.")
        elif not item.approved_by or item.approved_by == item.entered_by:
            yield _reason("exception.own_word", field, "No second officer stands for the exception.")
        seen.add(item.part)


def _shown(item: BiometricException, photos: set[int]) -> bool:
    """Packets from before exceptions had photos name nobody who entered them."""
    return item.evidence in photos if item.entered_by else item.evidence is None


def _attachments(body: Body) -> Iterator[RefusalReason]:
    scans = 0
    for item in body.attachments:
        good = _is_photo(item) if item.facts.role is Role.EVIDENCE else _is_scan(item)
        scans += item.facts.size_bytes if item.facts.role is Role.DOCUMENT else 0
        if not good:
            yield _reason("attachment.bad", _field(item), "An attachment is not what the packet says it is.")
    if scans > MAX_RECORD_BYTES:
        yield _reason("attachment.too_large", "", "The documents of this packet are larger than agreed.")


def _field(item: Attached) -> str:
    """The document of the checklist that was scanned; '' for what is on no checklist."""
    listed = item.facts.kind in {document.key for document in DOCUMENTS}
    return FIELD + item.facts.kind if listed else ""


def _is_photo(item: Attached) -> bool:
    small = item.facts.size_bytes <= MAX_EVIDENCE_BYTES
    return small and item.facts.media == _PHOTO and item.data.startswith(b"\xff\xd8\xff")


def _is_scan(item: Attached) -> bool:
    facts = item.facts
    pages = 1 <= facts.pages <= MAX_PAGES and facts.size_bytes <= facts.pages * MAX_PAGE_BYTES
    return pages and facts.kind in KINDS and facts.media == PDF and item.data.startswith(b"%PDF-")


def _approval(body: Body) -> Iterator[RefusalReason]:
    told, answers = body.approval, body.record.get("answers")
    text, words, given = told.get("text"), told.get("sha256"), told.get("answers_sha256")
    if words is not None and not (isinstance(text, str) and words == sha256_of(text.encode("utf-8", "replace"))):
        yield _reason("approval.differs", "signature", "The words that were signed are not those in the packet.")
    elif given is not None and not (isinstance(answers, Mapping) and given == sealed_sha256(answers)):
        yield _reason("approval.differs", "signature", "The applicant signed other answers than those in the packet.")


def _reason(code: str, field: str, detail: str) -> RefusalReason:
    return RefusalReason(code=code, field=field, detail=detail)
