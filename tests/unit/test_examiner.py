"""Central reads the form of a packet: of every version there ever was, and believing what the target list said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from station.central.problems import Refused
from station.domain.attachment import Role
from station.domain.biometrics import BiometricException, ExceptionCode, Part
from tests.contracts.central_station import GOOD
from tests.support import an_attachment
from tests.unit.test_central_intake import Desk

FIRST = {
    key: GOOD[key]
    for key in "kk name sex birth_place birth_date citizenship religion marital_status occupation address rt rw".split()
} | {"nik": "9901016104887777", "village": "99.01.01.2001"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "central")
    yield made
    made.central.close()


def refused(desk: Desk, record: dict[str, Any], kind: str = "rekam_baru") -> list[tuple[str, str | None]]:
    """Codes and fields of a refusal; empty when central took it."""
    try:
        desk.deliver(desk.station.seal(record=record, kind=kind))
    except Refused as problem:
        return [(reason.code, reason.field) for reason in problem.body.reasons]
    return []


def test_a_packet_of_the_first_form_is_still_a_whole_record(desk: Desk) -> None:
    assert refused(desk, {"form_version": 1, "answers": FIRST}) == []


def test_a_packet_of_the_first_form_is_judged_by_the_rules_of_its_fields(desk: Desk) -> None:
    assert refused(desk, {"form_version": 1, "answers": {**FIRST, "rt": "1A"}}) == [("unit.shape", "rt")]


def test_the_same_answers_are_not_a_whole_record_of_today(desk: Desk) -> None:
    codes = refused(desk, {"form_version": 2, "answers": FIRST})
    assert ("field.required", "blood_type") in codes


@pytest.mark.parametrize("version", [0, 3, "2", None, True, 2.0])
def test_a_form_nobody_knows_is_refused(desk: Desk, version: object) -> None:
    assert refused(desk, {"form_version": version, "answers": FIRST}) == [("record.unreadable", "")]


@pytest.mark.parametrize("listed", [None, [], {"name": 1}, "SITI"])
def test_a_list_that_is_none_is_refused(desk: Desk, listed: object) -> None:
    assert refused(desk, {"listed": listed}) == [("record.unreadable", "")]


def test_a_listed_name_is_taken_as_it_is_and_a_typed_one_is_not(desk: Desk) -> None:
    answers = {**GOOD, "nik": "9901016104888888", "name": "BUDI2 CONTOH"}
    assert refused(desk, {"answers": answers}) == [("name.digit", "name")]
    assert refused(desk, {"answers": answers, "listed": {"name": "BUDI2 CONTOH"}}) == []


def test_out_of_domicile_central_takes_no_change_of_data(desk: Desk) -> None:
    home = {"village": "99.71.01.1002", "kk": "9971012210180012", "address": "PERUM UJI"}
    answers = {**GOOD, **home, "nik": "9901016104889999"}
    assert refused(desk, {"answers": {**answers, "address": "JL. LAIN"}, "listed": home}) == [
        ("domicile.changed", "address")
    ]
    assert refused(desk, {"answers": answers, "listed": home}) == []


def test_central_changes_no_data_of_somebody_from_another_regency(desk: Desk) -> None:
    answers = {**GOOD, "village": "99.71.01.1002", "kk": "9971012210180012", "nik": "9901016104886666"}
    assert refused(desk, {"answers": answers}, kind="ubah_elemen") == [("domicile.service", "village")]
    assert refused(desk, {"answers": {**GOOD, "nik": "9901016104886667"}}, kind="ubah_elemen") == []
    assert refused(desk, {"answers": answers}, kind="luar_domisili") == []


def test_what_a_packet_encloses_is_looked_at_as_well(desk: Desk) -> None:
    nobody = BiometricException(Part.FACE, ExceptionCode.ABSENT, "uji", "op-2")
    with pytest.raises(Refused) as problem:
        desk.deliver(desk.station.seal(enclosed={"exceptions": [nobody]}))
    assert [(reason.code, reason.field) for reason in problem.value.body.reasons] == [("exception.part", "face")]
    desk.deliver(desk.station.seal(enclosed={"attachments": [an_attachment(1, Role.DOCUMENT, "kk", b"%PDF-1.7")]}))
