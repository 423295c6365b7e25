"""Scanned documents of a draft on a real desk: saved at once, within limits, taken away without a trace of a number."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station.capture.page_pdf import pages_of
from station.desk import documents, recording
from station.desk.office import Office
from station.domain.attachment import Role
from station.domain.documents import MAX_DOCUMENTS, MAX_PAGES, MAX_RECORD_BYTES, Page
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.steps import Step
from station.seal.body import open_body
from station.seal.packet import verify_packet
from station.store import attachments, audit, seals
from tests.support import TODAY, Workplace, files_below, seal

PAGES = tuple(Page(bytes([value]) * (3000 + value), 100, 140) for value in range(1, 5))
SECRET = "RAHASIA-470"


@pytest.fixture
def office(place: Workplace) -> Office:
    return place.office


@pytest.fixture
def record_id(office: Office) -> str:
    return recording.start(office).record.record_id


def numbers(draft: Draft) -> list[int]:
    return [item.number for item in draft.documents]


def test_every_page_is_on_disk_when_its_function_returns(
    place: Workplace, record_id: str, tmp_path: Path, open_place: Callable[[Path], Workplace]
) -> None:
    documents.add(place.office, record_id, "kk", PAGES[:1], SECRET)
    draft = documents.add_page(place.office, record_id, 1, PAGES[1])
    assert draft.done(Step.DOCUMENTS)
    # What is in the folder now is what a program that is killed now leaves behind.
    left = Path(shutil.copytree(place.depot.folder.root, tmp_path / "killed"))
    after = open_place(left).office
    assert documents.pages(after, record_id, 1) == PAGES[:2]
    facts = recording.resume(after, record_id).documents[0]
    assert (facts.kind, facts.title_no, facts.pages, facts.media) == ("kk", SECRET, 2, "application/pdf")


def test_nothing_of_a_document_is_readable_on_the_disk(place: Workplace, record_id: str) -> None:
    documents.add(place.office, record_id, "kk", PAGES, SECRET)
    for file in files_below(place.depot.folder.root):
        content = file.read_bytes()
        assert SECRET.encode() not in content, file.name
        assert PAGES[0].jpeg[:64] not in content, file.name


def test_pages_are_added_turned_taken_out_and_put_back(office: Office, record_id: str) -> None:
    documents.add(office, record_id, "kk", PAGES[:2])
    documents.add_page(office, record_id, 1, PAGES[2], place=1)
    documents.turn_page(office, record_id, 1, 0)
    assert documents.pages(office, record_id, 1) == (PAGES[0].turned(), PAGES[2], PAGES[1])
    documents.remove_page(office, record_id, 1, 1)
    documents.add_page(office, record_id, 1, PAGES[2], place=1)
    assert documents.pages(office, record_id, 1) == (PAGES[0].turned(), PAGES[2], PAGES[1])


def test_the_number_of_a_document_that_went_is_never_given_again(place: Workplace, record_id: str) -> None:
    documents.add(place.office, record_id, "kk", PAGES[:1])
    documents.add(place.office, record_id, "police", PAGES[:1])
    draft = documents.remove_page(place.office, record_id, 2, 0)
    assert numbers(draft) == [1]
    assert not documents.pages(place.office, record_id, 2)
    place.reopen()
    assert numbers(documents.add(place.office, record_id, "police", PAGES[:1])) == [1, 3]
    with place.office.applicants.read() as connection:
        assert [item.facts.number for item in attachments.all_of(connection, record_id)] == [1, 3]


def test_kind_and_number_can_be_put_right(office: Office, record_id: str) -> None:
    documents.add(office, record_id, "other", PAGES[:1])
    draft = documents.describe(office, record_id, 1, "evidence", "  Akta\n 12 ")
    assert (draft.documents[0].kind, draft.documents[0].title_no) == ("evidence", "Akta 12")
    assert documents.pages(office, record_id, 1) == PAGES[:1]


def test_limits_keep_what_was_there_before(office: Office, record_id: str) -> None:
    documents.add(office, record_id, "kk", PAGES[:1] * MAX_PAGES)
    with pytest.raises(RuleError, match=r"document\.too_many_pages"):
        documents.add_page(office, record_id, 1, PAGES[1])
    for _ in range(MAX_DOCUMENTS - 1):
        documents.add(office, record_id, "other", PAGES[:1])
    with pytest.raises(RuleError, match=r"document\.too_many"):
        documents.add(office, record_id, "other", PAGES[:1])
    large = Page(b"x" * 149 * 1024, 100, 100)
    with pytest.raises(RuleError, match=r"document\.no_room"):
        for turn in range(MAX_PAGES * 2 - 4):
            documents.add_page(office, record_id, 2 + turn % 2, large)
    kept = recording.resume(office, record_id).documents
    assert len(kept) == MAX_DOCUMENTS
    assert kept[0].pages == MAX_PAGES
    assert len(documents.pages(office, record_id, 2)) == kept[1].pages > 1
    assert sum(item.size_bytes for item in kept) <= MAX_RECORD_BYTES


def test_what_is_not_there_cannot_be_changed(office: Office, record_id: str) -> None:
    documents.add(office, record_id, "kk", PAGES[:1])
    with office.applicants.write() as connection:
        photo = attachments.add(
            connection, record_id, Role.EVIDENCE, "finger-02", b"jpeg", media="image/jpeg", pages=1, at=TODAY
        )
    changes: list[Callable[[], Draft]] = [
        lambda: documents.turn_page(office, record_id, 1, 7),
        lambda: documents.remove_page(office, record_id, 9, 0),
        lambda: documents.remove_page(office, record_id, photo.number, 0),
        lambda: documents.describe(office, record_id, 9, "kk", ""),
    ]
    for change in changes:
        with pytest.raises(RuleError, match=r"document\.gone"):
            change()
    with pytest.raises(RuleError, match=r"document\.unknown_kind"):
        documents.add(office, record_id, "../kk", PAGES[:1])


def test_only_a_draft_of_somebody_who_may_be_recorded_takes_documents(office: Office, record_id: str) -> None:
    documents.add(office, record_id, "kk", PAGES[:2])
    recording.answer(office, record_id, "birth_date", "2020-05-05")
    growing: list[Callable[[], Draft]] = [
        lambda: documents.add(office, record_id, "kk", PAGES[:1]),
        lambda: documents.add_page(office, record_id, 1, PAGES[3]),
    ]
    for grow in growing:
        with pytest.raises(RuleError, match=r"eligibility\.not_yet"):
            grow()
    documents.remove_page(office, record_id, 1, 0)
    recording.withdraw(office, record_id, "salah orang")
    with pytest.raises(RuleError, match=r"record\.not_draft"):
        documents.add(office, record_id, "kk", PAGES[:1])
    assert not documents.pages(office, record_id, 1)


def test_the_audit_says_what_was_done_and_not_what_it_says(place: Workplace, record_id: str) -> None:
    documents.add(place.office, record_id, "kk", PAGES[:1], SECRET)
    documents.remove_page(place.office, record_id, 1, 0)
    with place.office.applicants.read() as connection:
        told = {line.action: repr(line) for line in audit.lines_of(connection, record_id)}
    assert {"document", "document_removed"} <= set(told)
    assert not any(SECRET in detail for detail in told.values())


def test_a_sealed_record_carries_its_documents_and_leaves_none_behind(place: Workplace) -> None:
    record_id = place.draft()
    documents.add(place.office, record_id, "kk", PAGES[:2], SECRET)
    documents.add(place.office, record_id, "police", PAGES[:1])
    documents.remove_page(place.office, record_id, 2, 0)
    documents.add(place.office, record_id, "other", [PAGES[3].turned()], "Surat kuasa")
    key = seal(place.office, record_id).record.key
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, key)
        assert attachments.all_of(connection, record_id) == ()
    assert identity is not None
    packet = verify_packet(place.depot.packets.read(key), [place.depot.enrolled()[1].public])
    told = [
        (item.facts.number, item.facts.kind, item.facts.title_no, pages_of(item.data))
        for item in open_body(packet.body, identity).attachments
    ]
    assert told == [(1, "kk", SECRET, PAGES[:2]), (3, "other", "Surat kuasa", (PAGES[3].turned(),))]
