"""Service and documents of a draft: kept, audited, a warning at most, and told truly in the sealed record."""

from __future__ import annotations

import pytest

from station.desk import papers, recording
from station.domain.biometrics import Part
from station.domain.checklist import Seen
from station.domain.errors import RuleError
from station.domain.service import Service
from station.domain.steps import Step
from station.seal.body import Body, open_body
from station.seal.packet import read_packet
from station.store import audit, seals
from station.wire import PacketManifest
from tests.support import Workplace, a_capture, seal


def _sealed(place: Workplace, record_id: str) -> tuple[PacketManifest, Body]:
    row = seal(place.office, record_id)
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, row.record.key)
    assert identity is not None
    packet = read_packet(place.depot.packets.read(row.record.key))
    return packet.manifest, open_body(packet.body, identity)


def _audited(place: Workplace, record_id: str, action: str) -> list[dict[str, object]]:
    with place.office.applicants.read() as connection:
        return [dict(line.detail) for line in audit.lines_of(connection, record_id) if line.action == action]


def test_by_default_it_is_a_first_recording_whose_papers_nobody_has_to_tick(place: Workplace) -> None:
    record_id = place.draft()
    assert recording.resume(place.office, record_id).ready
    manifest, body = _sealed(place, record_id)
    assert (manifest.kind, body.record["kind"]) == ("rekam_baru", "rekam_baru")
    assert body.record["papers"] == [
        {"key": "f102", "required": True, "seen": "assumed"},
        {"key": "kk", "required": True, "seen": "assumed"},
    ]


@pytest.mark.parametrize("service", [item for item in Service if item is not Service.OUT_OF_DOMICILE])
def test_the_packet_says_what_the_person_has_come_for(place: Workplace, service: Service) -> None:
    record_id = place.draft()
    assert papers.choose_service(place.office, record_id, service).service is service
    manifest, body = _sealed(place, record_id)
    assert (manifest.kind, body.record["kind"]) == (service.value, service.value)
    assert place.office.depot.outbox.of_records([record_id]).popitem()[1].kind == service.value
    assert _audited(place, record_id, "service") == [{"service": service.value}]


def test_a_missing_paper_stops_no_capture_and_waits_for_a_reason_before_the_seal(place: Workplace) -> None:
    office = place.office
    record_id = place.draft()
    papers.choose_service(office, record_id, Service.LOST)
    draft = papers.show_paper(office, record_id, "police", Seen.MISSING)
    assert [item.field for item in draft.open_papers] == ["papers.police"]
    assert not draft.ready
    assert not draft.done(Step.APPLICANT)
    assert draft.done(Step.BIODATA)
    recording.keep(office, record_id, [a_capture(Part.FACE)])
    with pytest.raises(RuleError) as caught:
        seal(office, record_id)
    assert caught.value.code == "seal.incomplete"
    assert recording.confirm(office, record_id, "papers.police", "papers.missing", "menyusul besok").ready
    _, body = _sealed(place, record_id)
    assert body.record["papers"][2] == {
        "key": "police",
        "required": True,
        "seen": "missing",
        "reason": "menyusul besok",
    }


def test_a_paper_that_turns_up_needs_no_reason_and_leaves_none_behind(place: Workplace) -> None:
    office = place.office
    record_id = place.draft()
    papers.show_paper(office, record_id, "kk", Seen.MISSING)
    recording.confirm(office, record_id, "papers.kk", "papers.missing", "menyusul")
    draft = papers.show_paper(office, record_id, "kk", Seen.SHOWN)
    assert draft.ready
    assert draft.confirmed == ()
    again = papers.show_paper(office, record_id, "kk", Seen.MISSING)
    assert not again.ready, "the reason was given for another time"
    papers.show_paper(office, record_id, "kk", Seen.SHOWN)
    _, body = _sealed(place, record_id)
    assert body.record["papers"][1] == {"key": "kk", "required": True, "seen": "shown"}
    assert body.record["warnings"] == []


def test_a_paper_is_not_needed_only_for_a_reason(place: Workplace) -> None:
    office = place.office
    record_id = place.draft()
    for empty in ("", "  \n "):
        with pytest.raises(RuleError) as caught:
            papers.show_paper(office, record_id, "kk", Seen.NOT_NEEDED, empty)
        assert caught.value.code == "papers.no_reason"
    draft = papers.show_paper(office, record_id, "kk", Seen.NOT_NEEDED, "  sudah ada\ndi arsip \udcff" + "x" * 900)
    assert draft.ready
    _, body = _sealed(place, record_id)
    line = body.record["papers"][1]
    assert line["seen"] == "not_needed"
    assert line["reason"].startswith("sudah ada di arsip ?x")
    assert len(line["reason"]) == papers.MAX_REASON


def test_a_paper_of_no_checklist_is_refused_and_a_sealed_record_is_not_changed(place: Workplace) -> None:
    record_id = place.draft()
    with pytest.raises(RuleError) as caught:
        papers.show_paper(place.office, record_id, "ijazah", Seen.SHOWN)
    assert caught.value.code == "papers.unknown"
    seal(place.office, record_id)
    with pytest.raises(RuleError) as caught:
        papers.show_paper(place.office, record_id, "kk", Seen.MISSING)
    assert caught.value.code == "record.not_draft"
    with pytest.raises(RuleError) as caught:
        papers.choose_service(place.office, record_id, Service.LOST)
    assert caught.value.code == "record.not_draft"


def test_another_service_forgets_the_reasons_for_papers_it_does_not_ask_for(place: Workplace) -> None:
    office = place.office
    record_id = place.draft()
    papers.choose_service(office, record_id, Service.LOST)
    for key in ("police", "kk"):
        papers.show_paper(office, record_id, key, Seen.MISSING)
        recording.confirm(office, record_id, f"papers.{key}", "papers.missing", "menyusul")
    draft = papers.choose_service(office, record_id, Service.NEW)
    assert [item.field for item in draft.confirmed] == ["papers.kk"]
    assert draft.ready


def test_service_and_papers_survive_a_restart(place: Workplace) -> None:
    record_id = place.draft()
    papers.choose_service(place.office, record_id, Service.DAMAGED)
    papers.show_paper(place.office, record_id, "old_card", Seen.MISSING)
    draft = recording.resume(place.reopen().office, record_id)
    assert draft.service is Service.DAMAGED
    assert dict(draft.papers) == {"old_card": "missing"}
    assert [item.field for item in draft.open_papers] == ["papers.old_card"]


def test_who_marked_and_who_printed_stands_in_the_audit_without_anything_personal(place: Workplace) -> None:
    record_id = place.draft()
    papers.show_paper(place.office, record_id, "kk", Seen.NOT_NEEDED, "SITI sudah menunjukkan")
    papers.printed(place.office, record_id, "missing_papers", "pdf")
    assert _audited(place, record_id, "paper") == [{"paper": "kk", "seen": "not_needed"}]
    assert _audited(place, record_id, "print") == [{"paper": "missing_papers", "way": "pdf"}]
