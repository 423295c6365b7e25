"""At the desk with a target list: who is stopped, who is found, what is corrected, and who waits for the booth."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from station.desk import recording, rosters
from station.domain.record import RecordKey
from station.domain.steps import Step
from station.i18n import _
from station.seal.body import open_body
from station.seal.packet import read_packet
from station.training.register import DAYS, RECORDED
from station.ui.words import sentence
from tests.end2end.listed import (
    await_listed,
    call_up,
    called,
    cast_member,
    keep_captures,
    make_list,
    villagers,
)
from tests.end2end.window import ForwardClock, Operator, window_of

BUDI = cast_member("BUDI SANTOSO CONTOH")
SITI = cast_member("SITI AMINAH CONTOH")
BAYU = cast_member("BAYU UJI PRATAMA")
UNLISTED, *_OTHERS = villagers(9)
SUKARNO = called(next(man for man in _OTHERS if man.answers["sex"] == "1"), "MUHAMMAD SUKARNO CONTOH")
DONE = RECORDED[0]


def test_the_desk_with_a_target_list(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        make_list(operator, [BUDI, SITI, BAYU, SUKARNO], recorded=[DONE])
        operator.sign_in()
        await_listed(operator, SUKARNO)
        _who_is_recorded_already_is_stopped_before_any_device_starts(operator)
        _who_need_not_hold_a_card_yet_is_offered_the_child_card(operator)
        _a_name_in_another_spelling_finds_the_person_and_fills_the_form(operator)
        _a_correction_is_marked_beside_what_the_list_says_and_sealed(operator)
        _who_is_on_no_list_is_recorded_by_typing(operator)
        _whom_the_desk_has_prepared_waits_for_the_booth_also_after_a_restart(operator)


def _who_is_recorded_already_is_stopped_before_any_device_starts(operator: Operator) -> None:
    call_up(operator, DONE.nik)
    warned = sentence("applicant.recorded", {})
    assert operator.read("applicant.warning") == f"{warned.title} {warned.todo}"
    assert operator.read("applicant.facts")
    assert not operator.player.sees("applicant.start")
    operator.player.enter()
    assert _cursor(operator) == "applicant.next"
    operator.player.enter()
    _nothing_was_begun(operator)


def _who_need_not_hold_a_card_yet_is_offered_the_child_card(operator: Operator) -> None:
    call_up(operator, BAYU.nik)
    warned = sentence("applicant.too_young", {"age": 14})
    assert operator.read("applicant.warning") == f"{warned.title} {warned.todo}"
    assert "KIA" in warned.todo
    operator.player.enter()
    operator.player.enter()
    _nothing_was_begun(operator)


def _a_name_in_another_spelling_finds_the_person_and_fills_the_form(operator: Operator) -> None:
    player, finder = operator.player, operator._screen().bench.applicant.finder
    player.type("moh soekarno", into="applicant.nik")
    player.wait_until(lambda: bool(finder.people.people), "people are found by name")
    player.enter()
    player.wait_until(lambda: finder.standing is not None, "the person is chosen")
    assert operator.read("applicant.found.name") == "MUHAMMAD SUKARNO CONTOH"
    player.enter()
    _await_form(operator)
    for key, value in SUKARNO.answers.items():
        assert operator.draft.answers[key] == value, key


def _a_correction_is_marked_beside_what_the_list_says_and_sealed(operator: Operator) -> None:
    player, record_id = operator.player, operator.draft.record.record_id
    before = SUKARNO.answers["address"]
    operator.write("address", "JL. CONTOH BARU NO. 5")
    player.enter()
    operator.await_text("form.address.listed", before)
    keep_captures(operator)
    operator._screen().go(Step.REVIEW)
    player.wait_until(lambda: operator.step is Step.REVIEW, "the review is open")
    assert operator.read("review.address") == "JL. CONTOH BARU NO. 5"
    operator.seal()
    record = _sealed(operator, record_id)
    assert record["answers"]["address"] == "JL. CONTOH BARU NO. 5"
    assert record["listed"]["address"] == before


def _who_is_on_no_list_is_recorded_by_typing(operator: Operator) -> None:
    call_up(operator, UNLISTED.nik)
    assert operator.player.sees("applicant.start")
    operator.player.enter()
    _await_form(operator)
    assert not operator.draft.listed
    operator._fill_in(UNLISTED, shown=False)
    keep_captures(operator)
    record_id = operator.draft.record.record_id
    operator._screen().go(Step.REVIEW)
    operator.seal()
    assert _sealed(operator, record_id)["listed"] == {}


def _whom_the_desk_has_prepared_waits_for_the_booth_also_after_a_restart(operator: Operator) -> None:
    for person in (SITI, BUDI):
        call_up(operator, person.nik)
        operator.player.enter()
        _await_form(operator)
        operator.player.press(Qt.Key.Key_F10)
        operator.player.wait_until(lambda: operator._screen().session.draft is None, "the person waits")
    operator.restart()
    operator.sign_in()
    _wait_for_ready(operator, 2)
    for left, person in ((1, SITI), (0, BUDI)):
        operator.player.enter()
        operator.player.wait_until(lambda: operator._screen().session.draft is not None, "somebody is called in")
        assert operator.draft.record.nik == person.nik
        assert operator.step is Step.PHOTO
        operator._screen()._put_aside()
        _wait_for_ready(operator, left)


def test_an_expired_list_is_wiped_at_the_next_sign_in_and_finds_nobody(tmp_path: Path) -> None:
    clock = ForwardClock()
    with window_of(tmp_path, clock=clock) as operator:
        operator.sign_in()
        await_listed(operator, BUDI)
        operator.player.click("cable.switch")
        operator.leave()
        clock.pass_time(timedelta(days=DAYS + 1).total_seconds())
        operator.come_back()
        operator.sign_in()
        assert rosters.cards(operator.office) == ()
        call_up(operator, BUDI.nik)
        assert operator.read("applicant.found.name") == _("Not on any target list")
        operator.open("rosters")
        operator.player.find("rosters.first")


def _cursor(operator: Operator) -> str:
    found = operator.app.window.focusWidget()
    return found.objectName() if found is not None else ""


def _nothing_was_begun(operator: Operator) -> None:
    assert operator.step is Step.APPLICANT
    assert operator._screen().session.draft is None
    assert recording.open_drafts(operator.office) == ()
    assert operator.packets() == ()
    assert _cursor(operator) == "applicant.nik"
    assert operator._screen().bench.applicant.has_text is False


def _sealed(operator: Operator, record_id: str) -> dict[str, Any]:
    """What central reads when it opens the packet."""
    server = operator._training.server
    assert server is not None
    packet = read_packet(operator.depot.packets.read(RecordKey(record_id, 1)))
    return dict(open_body(packet.body, server.central.keys.identity).record)


def _await_form(operator: Operator) -> None:
    operator.player.wait_until(
        lambda: operator.step is Step.BIODATA and operator.player.sees("form.name"), "the form is open"
    )


def _wait_for_ready(operator: Operator, number: int) -> None:
    column = operator._screen().bench.applicant.column
    operator.player.wait_until(lambda: column.ready.count == number, f"{number} wait for the booth")
