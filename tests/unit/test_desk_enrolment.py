"""First start: known to central, keys made, the first operator in; or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.central.server import CentralServer
from station.desk import enrolment, signin
from station.desk.colleague import Colleague
from station.desk.staff import RECOVERY
from station.domain.errors import RuleError, SetupError
from station.seal.vault import clean_recovery_key, unwrap
from station.store.depot import Depot
from station.store.keyring import load_keyring
from tests.support import CHEAP, PASSWORD, HandClock, files_below, running_central

GOOD = {"station": "Stasiun Uji 02", "office": "99.01.01", "operator": "  Siti   R. ", "password": PASSWORD}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path / "station")
    yield depot
    depot.close()


def enrol(depot: Depot, url: str, code: str, **changed: str) -> str:
    typed = {**GOOD, **changed}
    return enrolment.enrol(
        depot,
        url,
        code,
        typed["station"],
        typed["office"],
        typed["operator"],
        typed["password"],
        clock=HandClock(),
        training=True,
        cost=CHEAP,
    )


def test_a_colleague_may_be_let_in_from_the_first_day(server: CentralServer, depot: Depot) -> None:
    colleague = Colleague(" Budi  P. ", "supervisor", "sandi-rekan-1")
    enrolment.enrol(
        depot, server.url, server.central.new_code(), "Uji", "99.01.01", "Siti R.", PASSWORD,
        clock=HandClock(), training=True, cost=CHEAP, colleagues=(colleague,),
    )  # fmt: skip
    first, second = signin.operators(depot)  # whoever records comes first, whatever their name
    assert (first.name, second.name, second.role) == ("Siti R.", "Budi P.", "supervisor")
    signin.sign_out(signin.sign_in(depot, second.operator_id, "sandi-rekan-1", HandClock()))


def kept(depot: Depot) -> set[str]:
    return {path.name for path in files_below(depot.folder.root)} & {"enrolment.json", "station.key", "keyring.json"}


def test_a_station_with_the_right_code_is_known_and_its_first_operator_is_in(
    server: CentralServer, depot: Depot
) -> None:
    recovery = enrol(depot, server.url, f"  {server.central.new_code()} ")
    found, key = depot.enrolled()
    assert [known.station_id for known in server.central.enrolled()] == [found.station_id]
    assert (found.station_name, found.office, found.central_id) == ("Stasiun Uji 02", "99.01.01", "central-3325")
    assert (key.kid, found.training) == (found.station_id, True)
    operator = signin.operators(depot)[0]
    assert operator.name == "Siti R."
    office = signin.sign_in(depot, operator.operator_id, PASSWORD, HandClock())
    database_key = office.applicants._gate.key
    holder = load_keyring(depot.folder.keyring).holder(RECOVERY)
    assert holder is not None
    assert unwrap(holder.wrapped, clean_recovery_key(recovery), label=RECOVERY) == database_key
    signin.sign_out(office)


def test_the_recovery_key_is_on_paper_only(server: CentralServer, depot: Depot) -> None:
    recovery = enrol(depot, server.url, server.central.new_code())
    for path in files_below(depot.folder.root):
        content = path.read_bytes()
        assert recovery.encode() not in content
        assert recovery.replace("-", "").encode() not in content


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"station": "  "}, "field.required", "station_name"),
        ({"office": ""}, "enrolment.office", "office"),
        ({"office": "33.25.07.2001"}, "enrolment.office", "office"),
        ({"office": "Kajen"}, "enrolment.office", "office"),
        ({"operator": " "}, "field.required", "operator_name"),
        ({"password": "pendek7"}, "password.too_short", "password"),
    ],
)
def test_what_was_typed_wrong_is_said_before_central_is_asked(
    server: CentralServer, depot: Depot, typed: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(RuleError) as problem:
        enrol(depot, server.url, server.central.new_code(), **typed)
    assert (problem.value.code, problem.value.field) == (code, field)
    assert server.central.enrolled() == []
    assert kept(depot) == set()


def test_a_wrong_or_used_code_keeps_nothing(server: CentralServer, depot: Depot, tmp_path: Path) -> None:
    code = server.central.new_code()
    with pytest.raises(SetupError) as problem:
        enrol(depot, server.url, "WRONG-CODE")
    assert problem.value.code == "enrolment.refused"
    assert kept(depot) == set()
    enrol(depot, server.url, code)
    second = Depot(tmp_path / "second")
    with pytest.raises(SetupError) as problem:
        enrol(second, server.url, code)
    assert problem.value.code == "enrolment.refused"
    assert kept(second) == set()
    second.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://127.0.0.1:9/"])
def test_a_central_that_is_away_keeps_nothing_and_it_can_be_tried_again(
    server: CentralServer, depot: Depot, url: str
) -> None:
    with pytest.raises(SetupError) as problem:
        enrol(depot, url, server.central.new_code())
    assert (problem.value.code, problem.value.data["trouble"]) == ("enrolment.unreachable", "refused")
    assert kept(depot) == set()
    assert enrol(depot, server.url, server.central.new_code())


def test_an_enrolled_station_is_not_enrolled_again(server: CentralServer, depot: Depot) -> None:
    enrol(depot, server.url, server.central.new_code())
    before = {path: path.read_bytes() for path in files_below(depot.folder.root) if path.suffix != ".db"}
    with pytest.raises(SetupError) as problem:
        enrol(depot, server.url, server.central.new_code())
    assert problem.value.code == "enrolment.already"
    assert {path: path.read_bytes() for path in before} == before


def test_a_station_that_lost_its_enrolment_keeps_the_keys_of_its_records(
    server: CentralServer, depot: Depot, tmp_path: Path
) -> None:
    enrol(depot, server.url, server.central.new_code())
    operator = signin.operators(depot)[0]
    signin.sign_out(signin.sign_in(depot, operator.operator_id, PASSWORD, HandClock()))
    depot.close()
    for lost in depot.folder.root.glob("enrolment.json*"):  # and the copy beside it
        lost.unlink()
    again = Depot(depot.folder.root)
    before = {name: (depot.folder.root / name).read_bytes() for name in ("keyring.json", "station.key")}
    with pytest.raises(SetupError) as problem:
        enrol(again, server.url, server.central.new_code())
    assert problem.value.code == "enrolment.keyring_exists"
    assert {name: (depot.folder.root / name).read_bytes() for name in before} == before
    assert len(server.central.enrolled()) == 1
    again.close()
