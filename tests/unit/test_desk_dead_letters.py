"""Packets on hold: what may be done about each, and that nothing which central may have is ever given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from station.desk import dead_letters, healing, records, vouchers
from station.desk.vouchers import Voucher
from station.domain.delivery import OutboxItem, Stage
from station.domain.errors import AccessError, RuleError, StoreError
from station.domain.letter import Remedy, VoidCause, at_central
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey, State
from station.domain.rows import Happening
from station.domain.steps import Step
from station.failpoint import PowerCut
from station.store import audit, letters
from station.store.depot import Depot
from station.store.outbox import set_resend
from station.store.packets import PacketFolder
from tests.support import SECOND_PASSWORD, TODAY, Workplace, an_item

NOTE = Note(Trouble.KEY_CONFLICT, "req-1", 409)
WHY = "Orang ini direkam dua kali"
RECEIPT = Accepted("a.b.c", "central-1", TODAY)


def held(place: Workplace, note: Note = NOTE) -> RecordKey:
    """A sealed record whose packet is on hold."""
    key = place.seal().record.key
    place.depot.outbox.park(key, note, at=TODAY)
    return key


def word(place: Workplace, key: RecordKey) -> Voucher:
    second = place.second_officer().operator_id
    return dead_letters.vouch_for_void(place.office, key, second, SECOND_PASSWORD)


def state(place: Workplace, key: RecordKey) -> State:
    return records.timeline(place.office, key.record_id).row.record.state


def hurdles(place: Workplace, key: RecordKey) -> dict[Remedy, str]:
    return dict(dead_letters.letter(place.office, key).hurdles)


def damage(place: Workplace, key: RecordKey) -> bytes:
    """Change the packet file; what it was."""
    data = place.depot.packets.read(key)
    place.depot.packets.path(key).write_bytes(data[:-1] + b"x")
    return data


# ------------------------------------------------------------------------------------------------------- what can be


def test_everything_can_be_done_about_a_packet_that_central_surely_does_not_have(place: Workplace) -> None:
    key = held(place)
    letter = dead_letters.letter(place.office, key)
    assert letter.hurdles == {}
    assert (letter.name, letter.item.last_note, letter.intact) == ("SITI AMINAH CONTOH", NOTE, True)


def test_a_packet_that_goes_by_itself_is_no_dead_letter(place: Workplace) -> None:
    key = place.seal().record.key
    for asked in (key, an_item(9).key):
        with pytest.raises(RuleError) as problem:
            dead_letters.letter(place.office, asked)
        assert problem.value.code == "letter.moved"


def test_a_changed_file_is_tried_again_only_after_it_is_whole(place: Workplace) -> None:
    key = held(place, Note(Trouble.FILE_CHANGED))
    data = damage(place, key)
    assert hurdles(place, key) == dict.fromkeys((Remedy.RETRY, Remedy.CORRECT, Remedy.EXPORT), "letter.file")
    assert dead_letters.retry(place.office, [key]) == dead_letters.Retried((), (key,))
    assert place.stage(key) is Stage.PARKED
    place.depot.packets.path(key).write_bytes(data)
    assert hurdles(place, key) == {}
    assert dead_letters.retry(place.office, [key]) == dead_letters.Retried((key,), ())
    assert place.stage(key) is Stage.QUEUED


def test_a_file_that_is_gone_leaves_only_giving_it_up(place: Workplace) -> None:
    key = held(place, Note(Trouble.FILE_MISSING))
    place.depot.packets.path(key).unlink()
    assert set(Remedy) - set(hurdles(place, key)) == {Remedy.VOID}


def test_what_central_refused_is_not_sent_again_unchanged(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.reject(key, [Reason("nik.day", "nik")], at=TODAY)
    healing.catch_up(place.office)
    assert hurdles(place, key) == dict.fromkeys((Remedy.RETRY, Remedy.EXPORT), "letter.refused")
    assert dead_letters.retry(place.office, [key]) == dead_letters.Retried((), ())


def test_a_packet_of_another_station_is_not_decided_about_here(place: Workplace) -> None:
    item = an_item(5, carried=True)
    place.depot.outbox.add(item)
    place.depot.outbox.park(item.key, NOTE, at=TODAY)
    found = hurdles(place, item.key)
    assert (found[Remedy.CORRECT], found[Remedy.VOID]) == ("letter.carried", "letter.carried")
    assert not letters.void(place.depot.outbox.database, item.key, at=TODAY, trouble="x")


# --------------------------------------------------------------------------------------------------------- correcting


def test_correcting_opens_the_record_as_its_next_revision_with_everything_in_it(place: Workplace) -> None:
    key = held(place)
    draft = dead_letters.correct(place.office, key)
    assert (draft.record.revision, draft.record.state, draft.step) == (2, State.DRAFT, Step.REVIEW)
    assert draft.answers["name"] == "SITI AMINAH CONTOH"
    assert place.stage(key) is Stage.REPLACED
    told = [moment.what for moment in records.timeline(place.office, key.record_id).moments]
    assert Happening.REOPENED in told


def test_a_refused_record_is_corrected_in_the_same_way(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.reject(key, [Reason("nik.day", "nik")], at=TODAY)
    healing.catch_up(place.office)
    assert dead_letters.correct(place.office, key).record.revision == 2
    assert place.stage(key) is Stage.REPLACED


def test_a_power_cut_while_correcting_is_healed_at_the_next_sign_in(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = held(place)

    def cut(_outbox: object, _keys: object) -> None:
        raise PowerCut("replace")

    with monkeypatch.context() as patched, pytest.raises(PowerCut):
        patched.setattr(type(place.depot.outbox), "replace", cut)
        dead_letters.correct(place.office, key)
    assert place.stage(key) is Stage.PARKED
    place.reopen()
    assert state(place, key) is State.DRAFT
    assert place.stage(key) is Stage.REPLACED


# --------------------------------------------------------------------------------------------------------- giving up


def test_two_officers_give_a_packet_up_and_it_is_never_sent(place: Workplace) -> None:
    key = held(place)
    dead_letters.void(place.office, key, f"  {WHY}\n", word(place, key))
    item = place.depot.outbox.get(key)
    assert item is not None
    assert (item.stage, item.void_reason, item.voided_at) == (Stage.VOID, "key-conflict", place.clock.now())
    assert state(place, key) is State.WITHDRAWN
    assert place.depot.packets.intact(key, item.sha256), "the file stays"
    with place.office.applicants.read() as connection:
        line = audit.lines_of(connection, key.record_id)[-1]
    assert (line.action, line.detail["reason"]) == ("void", WHY)
    assert line.detail["vouched_by"] == place.second_officer().operator_id
    place.depot.outbox.retry(key)
    place.depot.outbox.retry_now()
    assert place.stage(key) is Stage.VOID
    outbox_file = b"".join(path.read_bytes() for path in place.root.glob("outbox.db*"))
    assert WHY.encode() not in outbox_file, "what was typed is kept behind the password only"


@pytest.mark.parametrize("reason", ["", "   too few", "123456789", "         x          "])
def test_a_reason_of_less_than_ten_characters_is_none(place: Workplace, reason: str) -> None:
    key = held(place)
    given = word(place, key)
    with pytest.raises(RuleError) as problem:
        dead_letters.void(place.office, key, reason, given)
    assert (problem.value.code, place.stage(key)) == ("void.reason", Stage.PARKED)


def test_one_officer_alone_gives_nothing_up(place: Workplace) -> None:
    key, me = held(place), place.office.operator
    with pytest.raises(AccessError) as problem:
        dead_letters.void(place.office, key, WHY, Voucher("made up", me))
    assert problem.value.code == "officer.voucher"
    second = place.second_officer().operator_id
    with pytest.raises(AccessError):
        dead_letters.vouch_for_void(place.office, key, second, "wrong password")
    assert (place.stage(key), state(place, key)) == (Stage.PARKED, State.SEALED)


def test_a_word_for_one_packet_is_worth_nothing_for_another(place: Workplace) -> None:
    first, other = held(place), place.seal(2).record.key
    place.depot.outbox.park(other, NOTE, at=TODAY)
    given = word(place, first)
    with pytest.raises(AccessError):
        dead_letters.void(place.office, other, WHY, given)
    dead_letters.void(place.office, first, WHY, given)
    me = place.office.operator.operator_id
    with place.office.applicants.write() as connection, pytest.raises(AccessError):
        vouchers.use(place.office, connection, given, first.record_id, (), VoidCause.VOID, me)


def parked(**changed: object) -> OutboxItem:
    return replace(an_item(), stage=Stage.PARKED, last_note=Note(Trouble.SERVER_ERROR), last_tried_at=TODAY, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (parked(), ""),
        (parked(receipt="a.b.c"), "letter.confirmed"),
        (parked(central_code="PROCESSING"), "letter.confirmed"),
        (parked(exported_at=TODAY), "letter.underway"),
        (parked(out_at=TODAY), "letter.underway"),
        (replace(parked(exported_at=TODAY), last_note=Note(Trouble.DIGEST)), "letter.underway"),
        (replace(parked(handed_at=TODAY), last_note=NOTE), "letter.underway"),
        (replace(parked(exported_at=TODAY), stage=Stage.REJECTED), ""),
        (parked(handed_at=TODAY), "letter.underway"),
        (parked(upload="/v1/uploads/1"), "letter.sent_in_part"),
        (replace(parked(upload="/v1/uploads/1"), last_note=NOTE), ""),
        (replace(parked(upload="/v1/uploads/1"), stage=Stage.REJECTED), ""),
        (replace(parked(receipt="a.b.c"), stage=Stage.REJECTED), "letter.confirmed"),
    ],
)
def test_what_central_may_have_is_known_from_what_was_sent_and_said(item: OutboxItem, why: str) -> None:
    assert at_central(item, TODAY + timedelta(hours=1)) == why


def test_fourteen_days_without_a_word_say_that_central_has_not_got_the_rest() -> None:
    item = parked(upload="/v1/uploads/1")
    assert at_central(item, TODAY + timedelta(days=13)) == "letter.sent_in_part"
    assert at_central(item, TODAY + timedelta(days=15)) == ""


def test_a_packet_with_a_receipt_cannot_be_given_up_however_it_stands(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.settle(key, RECEIPT)
    healing.catch_up(place.office)
    with place.depot.outbox.database.write() as connection:
        set_resend(connection, key, at=TODAY)  # central wanted it again
    place.depot.outbox.park(key, Note(Trouble.FILE_MISSING), at=TODAY)
    found = hurdles(place, key)
    assert (found[Remedy.VOID], found[Remedy.CORRECT]) == ("letter.confirmed", "letter.confirmed")
    with pytest.raises(RuleError) as problem:
        dead_letters.void(place.office, key, WHY, word(place, key))
    assert problem.value.code == "letter.confirmed"
    assert not letters.void(place.depot.outbox.database, key, at=TODAY, trouble="x")


def test_a_packet_that_moved_on_meanwhile_is_not_given_up(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    key, use = held(place), vouchers.use

    def moves_on(*given: Any) -> None:
        use(*given)
        place.depot.outbox.retry(key)

    with monkeypatch.context() as patched, pytest.raises(RuleError) as problem:
        patched.setattr(vouchers, "use", moves_on)
        dead_letters.void(place.office, key, WHY, word(place, key))
    assert problem.value.code == "letter.moved"
    assert (place.stage(key), state(place, key)) == (Stage.QUEUED, State.SEALED)
    assert place.depot.packets.void_keys() == ()


@pytest.mark.parametrize("place_of_trouble", ["outbox", "register"])
def test_giving_up_that_cannot_be_kept_leaves_nothing_behind_that_gives_it_up_later(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, place_of_trouble: str
) -> None:
    key, real = held(place), place.office.applicants.write
    given = word(place, key)

    def busy(*_asked: Any, **_named: Any) -> bool:
        raise StoreError("store.busy")

    @contextmanager
    def full() -> Iterator[Any]:
        with real() as connection:
            yield connection
            raise StoreError("store.full")

    with monkeypatch.context() as patched, pytest.raises(StoreError):
        if place_of_trouble == "outbox":
            patched.setattr(letters, "void", busy)
        else:
            patched.setattr(place.office.applicants, "write", full)
        dead_letters.void(place.office, key, WHY, given)
    assert (place.stage(key), state(place, key)) == (Stage.PARKED, State.SEALED)
    assert place.depot.packets.void_keys() == ()
    place.depot.heal()
    assert dead_letters.retry(place.office, [key]).done == (key,)
    place.depot.heal()
    assert (place.stage(key), state(place, key)) == (Stage.QUEUED, State.SEALED)


def test_a_mark_that_could_not_be_written_is_written_at_the_next_start(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    key = held(place)

    def full(_folder: PacketFolder, _key: RecordKey) -> None:
        raise StoreError("store.full")

    with monkeypatch.context() as patched:
        patched.setattr(PacketFolder, "mark_void", full)
        dead_letters.void(place.office, key, WHY, word(place, key))
    assert (place.stage(key), state(place, key)) == (Stage.VOID, State.WITHDRAWN)
    assert len(said) == 1
    place.depot.heal()
    assert place.depot.packets.void_keys() == (key,)


@pytest.mark.parametrize("remedy", [Remedy.RETRY, Remedy.CORRECT])
def test_a_mark_nobody_decided_about_does_not_stop_what_people_do_now(place: Workplace, remedy: Remedy) -> None:
    key = held(place)
    place.depot.packets.mark_void(key)
    if remedy is Remedy.RETRY:
        dead_letters.retry(place.office, [key])
    else:
        dead_letters.correct(place.office, key)
    place.depot.heal()
    assert place.stage(key) is (Stage.QUEUED if remedy is Remedy.RETRY else Stage.REPLACED)


def test_a_power_cut_while_giving_up_ends_with_it_given_up(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    key, mark = held(place), PacketFolder.mark_void

    def cut(folder: PacketFolder, wanted: RecordKey) -> None:
        mark(folder, wanted)
        raise PowerCut("void")

    with monkeypatch.context() as patched, pytest.raises(PowerCut):
        patched.setattr(PacketFolder, "mark_void", cut)
        dead_letters.void(place.office, key, WHY, word(place, key))
    place.reopen()
    assert (place.stage(key), state(place, key)) == (Stage.VOID, State.WITHDRAWN)


def test_a_lost_outbox_sends_nothing_that_was_given_up(place: Workplace, said: list[str]) -> None:
    key = held(place)
    dead_letters.void(place.office, key, WHY, word(place, key))
    place.close()
    place.depot.folder.outbox_db.unlink()
    place.reopen()
    assert (place.stage(key), state(place, key)) == (Stage.VOID, State.WITHDRAWN)
    assert len(said) == 1, "that the packet had no row"


def test_an_older_outbox_that_was_put_back_sends_nothing_that_was_given_up(place: Workplace, tmp_path: Path) -> None:
    key = place.seal().record.key
    place.depot.outbox.database.backup_to(tmp_path / "older.db")
    place.depot.outbox.park(key, NOTE, at=TODAY)
    dead_letters.void(place.office, key, WHY, word(place, key))
    place.close()
    for part in place.root.glob("outbox.db*"):
        part.unlink()
    (tmp_path / "older.db").rename(place.depot.folder.outbox_db)
    reopened = Depot(place.root)
    item = reopened.outbox.get(key)
    reopened.close()
    assert item is not None
    assert item.stage is Stage.VOID, "before anybody has signed in"
