"""How a person stands before any device starts: the judgement alone, without store or window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from station.domain.central_status import STATUSES
from station.domain.delivery import Stage
from station.domain.finding import error
from station.domain.record import Record, State
from station.domain.rows import RecordRow
from station.domain.standing import (
    STOPS,
    Sign,
    Standing,
    doubt_listed,
    doubt_repeated,
    sign_of,
    stop_among,
    stop_here,
    stop_listed,
)
from station.domain.steps import Step
from station.domain.target import Target
from tests.support import TODAY, an_item

NIK = "9901016104880001"
DAY = date(2026, 11, 21)
AGAIN = {"ENROLL_FAILURE_AT_REGIONAL", "ENROLL_FAILURE_AT_CENTRAL"}
UNSURE = {code for code, status in STATUSES.items() if status.recorded is None}


def row(state: State, code: str = "") -> RecordRow:
    record = Record("01a1fc0b-e380-71fd-afd0-000000000001", 1, state, "R-1", NIK, "", "", TODAY, None, TODAY)
    packet = an_item(1, stage=Stage.RECEIPTED, central_code=code, central_at=TODAY) if code else None
    return RecordRow(record, Step.REVIEW, packet)


def target(code: str = "", *, recorded: bool = False, birth: str = "1988-04-21", status: str = "2") -> Target:
    return Target(NIK, {"name": "SITI", "birth_date": birth, "marital_status": status}, recorded, code)


def code_of(found: object) -> str | None:
    return getattr(found, "code", None)


def test_nothing_here_and_on_no_list_stops_nobody() -> None:
    assert stop_here([]) is None
    assert stop_listed(None) is None
    assert doubt_listed(None) is None


@pytest.mark.parametrize(
    ("state", "stop"),
    [
        (State.DRAFT, None),
        (State.SEALED, "applicant.recorded_here"),
        (State.ACCEPTED, "applicant.recorded_here"),
        (State.REJECTED, "applicant.refused_here"),
    ],
)
def test_a_record_here_stops_by_its_state(state: State, stop: str | None) -> None:
    assert code_of(stop_here([row(state)])) == stop


@pytest.mark.parametrize("code", ["", *sorted(AGAIN)])
def test_a_record_that_was_sealed_before_stops_also_while_its_next_revision_is_a_draft(code: str) -> None:
    later = row(State.DRAFT, code)
    later = replace(later, record=replace(later.record, revision=2))
    assert code_of(stop_here([later])) == "applicant.recorded_here"
    assert Standing(NIK, rows=(row(State.DRAFT), later)).record == later, "the one that can be looked at"


def test_what_central_refused_is_corrected_even_beside_another_record() -> None:
    assert code_of(stop_here([row(State.ACCEPTED), row(State.REJECTED)])) == "applicant.refused_here"


@pytest.mark.parametrize("code", sorted(AGAIN))
def test_what_central_could_not_use_may_be_recorded_again(code: str) -> None:
    assert stop_here([row(State.ACCEPTED, code)]) is None
    assert stop_listed(target(code, recorded=True)) is None
    assert stop_listed(target("BIO_CAPTURED", recorded=True), [row(State.ACCEPTED, code)]) is None
    assert code_of(stop_here([row(State.ACCEPTED, code), row(State.SEALED)])) == "applicant.recorded_here"


@pytest.mark.parametrize("code", sorted(set(STATUSES) - AGAIN - UNSURE - {"UNREGISTERED"}))
def test_every_status_that_means_recorded_stops(code: str) -> None:
    assert code_of(stop_listed(target(code))) == "applicant.recorded"
    assert doubt_listed(target(code)) is None


def test_the_recorded_mark_of_the_list_is_enough() -> None:
    assert code_of(stop_listed(target(recorded=True))) == "applicant.recorded"
    assert code_of(stop_listed(target("UNREGISTERED", recorded=True))) == "applicant.recorded"
    assert stop_listed(target("UNREGISTERED")) is None


@pytest.mark.parametrize("code", [*sorted(UNSURE), "CARD_ON_THE_MOON"])
def test_a_status_that_does_not_tell_is_a_doubt_and_no_stop(code: str) -> None:
    assert stop_listed(target(code)) is None
    assert code_of(doubt_listed(target(code))) == "applicant.unknown_status"
    assert code_of(stop_listed(target(code, recorded=True))) == "applicant.recorded"
    assert doubt_listed(target(code, recorded=True)) is None


@pytest.mark.parametrize(
    ("listed", "states", "sign"),
    [
        (target(), (), Sign.FREE),
        (target(), (State.DRAFT,), Sign.DRAFT),
        (target(), (State.DRAFT, State.SEALED), Sign.HERE),
        (target(recorded=True), (), Sign.RECORDED),
        (target(birth="2012-08-30", status="1"), (), Sign.TOO_YOUNG),
        (target(birth="2012-08-30", status="2"), (), Sign.FREE),
        (target(birth="2012-08-30", status=""), (), Sign.FREE),
        (target(birth="2012-08-30", status="95"), (), Sign.FREE),
        (target(birth="2010-11-22", status="1"), (), Sign.TOO_YOUNG),
        (target(birth="2010-11-21", status="1"), (), Sign.FREE),
        (target(birth=""), (), Sign.FREE),
    ],
)
def test_the_sign_before_a_name_says_the_most_important_thing(
    listed: Target, states: tuple[State, ...], sign: Sign
) -> None:
    assert sign_of(listed, states, DAY) is sign


@pytest.mark.parametrize(("hours", "stop"), [(-1, None), (0, "applicant.recorded"), (1, "applicant.recorded")])
def test_the_newer_word_of_central_counts_be_it_of_the_list_or_of_the_record(hours: int, stop: str | None) -> None:
    listed, rows = target("BIO_CAPTURED", recorded=True), [row(State.ACCEPTED, "ENROLL_FAILURE_AT_REGIONAL")]
    told_at = TODAY + timedelta(hours=hours)
    assert code_of(stop_listed(listed, rows, told_at)) == stop
    dated = replace(listed, central_at=told_at)
    assert code_of(stop_listed(dated, rows, TODAY + timedelta(days=9))) == stop, "the status has its own date"


@pytest.mark.parametrize("code", sorted(AGAIN))
def test_before_a_person_is_recorded_again_somebody_asks_for_the_packet(code: str) -> None:
    found = doubt_repeated([row(State.SEALED), row(State.ACCEPTED, code)])
    assert code_of(found) == "applicant.wanted_again"
    assert doubt_repeated([row(State.ACCEPTED, "BIO_CAPTURED")]) is None


def test_who_this_is_stops_before_what_the_form_says() -> None:
    young, here = error("eligibility.not_yet", "birth_date"), error("applicant.recorded_here", "nik")
    assert stop_among([young, here]) is here
    assert stop_among([error("rt.shape", "rt"), young]) is young
    assert stop_among([error("rt.shape", "rt")]) is None
    assert {"permit.expired", "permit.not_permanent", "eligibility.not_yet_foreigner"} < STOPS
