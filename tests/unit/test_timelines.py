"""The journey of one record: every stage with its moment, central's words bounded, and every look at it kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from station.desk import healing, recording, records
from station.desk.timelines import LONGEST_NOTE
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.errors import RuleError
from station.domain.outcome import Accepted, Note, Trouble
from station.domain.record import RecordKey
from station.domain.rows import Filter, Happening, Moment
from station.store import audit
from station.store.audit import AuditLine
from station.wire import Event
from tests.support import TODAY, HandClock, Workplace, a_capture, good_answers


def moments(place: Workplace, key: RecordKey) -> tuple[Moment, ...]:
    return records.timeline(place.office, key.record_id).moments


def whats(place: Workplace, key: RecordKey) -> list[Happening]:
    """Oldest first."""
    return [moment.what for moment in reversed(moments(place, key))]


def tell(place: Workplace, key: RecordKey, **members: object) -> None:
    """Something central says of a record."""
    event = {"kind": "record.status", "record_id": key.record_id, "revision": key.revision, **members}
    place.depot.changes.apply("1", [Event.model_validate(event)], at=TODAY)


def looks(place: Workplace, key: RecordKey) -> list[AuditLine]:
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
        return [line for line in audit.lines_of(connection, key.record_id) if line.action == "view"]


def test_a_draft_tells_when_all_biometrics_were_taken(place: Workplace) -> None:
    key = recording.start(place.office).record.key
    recording.keep(place.office, key.record_id, [a_capture(part) for part in Part if part is not Part.SIGNATURE])
    assert whats(place, key) == [Happening.STARTED]
    signed_at = TODAY + timedelta(minutes=5)
    recording.keep(place.office, key.record_id, [a_capture(Part.SIGNATURE, taken_at=signed_at)])
    assert whats(place, key) == [Happening.STARTED, Happening.CAPTURED]
    assert moments(place, key)[0].at == signed_at


def test_each_stage_of_delivery_is_told(place: Workplace) -> None:
    key = place.seal().record.key
    assert whats(place, key) == [Happening.STARTED, Happening.SEALED, Happening.QUEUED]
    outbox, at = place.depot.outbox, TODAY + timedelta(hours=1)
    outbox.offer([key], at=at)
    assert whats(place, key)[3:] == [Happening.OFFERED]
    size = moments(place, key)[1].size
    outbox.wanted(key, upload="u", offset=size // 2, at=at + timedelta(minutes=1))
    assert whats(place, key)[3:] == [Happening.OFFERED, Happening.SENDING]
    assert moments(place, key)[0].part == pytest.approx(0.5, abs=0.01)
    outbox.settle(key, Accepted("a.b.c", "C-7", at + timedelta(minutes=2)))
    assert whats(place, key)[3:] == [Happening.OFFERED, Happening.RECEIPTED]
    tell(place, key, code="SENT_FOR_ENROLLMENT", at=at + timedelta(hours=1))
    tell(place, key, code="PRINT_READY_RECORD", at=at + timedelta(hours=2))
    found = moments(place, key)
    assert [moment.text for moment in found[:3]] == ["PRINT_READY_RECORD", "SENT_FOR_ENROLLMENT", "C-7"]


def test_a_clock_of_central_that_is_behind_does_not_turn_the_story_round(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.offer([key], at=TODAY)
    place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY - timedelta(hours=3)))
    tell(place, key, code="SENT_FOR_ENROLLMENT", at=TODAY - timedelta(hours=4))
    assert whats(place, key)[-3:] == [Happening.OFFERED, Happening.RECEIPTED, Happening.CENTRAL]
    assert moments(place, key)[0].at == TODAY - timedelta(hours=4)


def test_a_request_for_the_packet_again_is_told(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.offer([key], at=TODAY)
    place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY + timedelta(hours=1)))
    healing.catch_up(place.office)
    tell(place, key, kind="record.resend", at=TODAY + timedelta(hours=2))
    assert whats(place, key)[-1] is Happening.WANTED_AGAIN
    row = records.timeline(place.office, key.record_id).row
    assert row.packet is not None
    assert row.packet.stage is Stage.QUEUED


def test_a_packet_on_hold_tells_why(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.park(key, Note(Trouble.FILE_CHANGED), at=TODAY)
    assert (moments(place, key)[0].what, moments(place, key)[0].text) == (Happening.PARKED, "file-changed")


# -------------------------------------------------------------------------------------------------- what central says


def received(place: Workplace) -> RecordKey:
    key = place.seal().record.key
    place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY + timedelta(hours=1)))
    healing.catch_up(place.office)
    return key


def test_unknown_code_foo_bar_is_shown_listed_and_no_crash(place: Workplace) -> None:
    """Acceptance scenario 9, central status drift."""
    key = received(place)
    tell(place, key, code="FOO_BAR", at=TODAY)
    assert moments(place, key)[0].text == "FOO_BAR"
    row = records.search(place.office, "", Filter.RECEIPTED, 0, 10).rows[0]
    assert row.packet is not None
    assert row.packet.central_code == "FOO_BAR"
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(15 * 86_400)
    assert [row.record.key for row in records.search(place.office, "", Filter.QUIET, 0, 10).rows] == [key]
    assert records.counts(place.office)[Filter.QUIET] == 1


def test_news_of_an_unknown_kind_is_told_by_its_name(place: Workplace) -> None:
    key = received(place)
    tell(place, key, kind="record.teleported", at=TODAY + timedelta(hours=2))
    assert (moments(place, key)[0].what, moments(place, key)[0].text) == (Happening.CENTRAL, "record.teleported")


def test_a_note_of_central_is_one_short_line_of_text(place: Workplace) -> None:
    key = received(place)
    tell(place, key, code="HOLD", note="<b>baris</b>\nsatu\u202e" + "x" * 4000, at=TODAY + timedelta(hours=2))
    note = moments(place, key)[0].note
    assert note.startswith("<b>baris</b> satux")
    assert len(note) == LONGEST_NOTE


def test_the_last_word_of_central_is_marked_when_it_stands_too_long(place: Workplace) -> None:
    key = received(place)
    tell(place, key, code="RECEIVED_AT_CENTRAL", at=TODAY + timedelta(hours=1))
    tell(place, key, code="SENT_FOR_ENROLLMENT", at=TODAY + timedelta(hours=2))
    assert not any(moment.late for moment in moments(place, key))
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(15 * 86_400)
    assert [moment.text for moment in moments(place, key) if moment.late] == ["SENT_FOR_ENROLLMENT"]


# --------------------------------------------------------------------------------------------------- who looked at it


def test_a_look_at_a_record_is_kept_in_the_audit_trail_and_a_refresh_is_not(place: Workplace) -> None:
    key = place.seal().record.key
    before = records.timeline(place.office, key.record_id)
    assert looks(place, key) == []
    assert records.view(place.office, key.record_id) == before
    (line,) = looks(place, key)
    assert (line.operator_id, dict(line.detail)) == (place.office.operator.operator_id, {"revision": 1})
    assert good_answers(1)["nik"] not in str(line)
    records.timeline(place.office, key.record_id)
    assert len(looks(place, key)) == 1


def test_looking_at_what_is_not_here_leaves_no_line(place: Workplace) -> None:
    with pytest.raises(RuleError) as problem:
        records.view(place.office, "01a1fc0b-e380-71fd-afd0-1bb720aff3dd")
    assert problem.value.code == "record.unknown"
    assert looks(place, RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 1)) == []
