"""Enrolment: everything later trusts what comes back here, so nothing half is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from station.config import CentralSettings
from station.domain.errors import SetupError
from station.seal.jws import SigningKey
from station.store.enrolment import Enrolment
from station.sync.enrol import enrol_station
from station.sync.network import Network
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.fakes.central import FakeCentral
from tests.fakes.central_faults import Fault
from tests.support import HandClock


@pytest.fixture
def central() -> Iterator[FakeCentral]:
    with FakeCentral() as central:
        yield central


def enrol(central: FakeCentral, code: str, **more: Any) -> Enrolment:
    values: dict[str, Any] = {"key": SigningKey.generate("new"), **more}
    return enrol_station(
        central.url, code=code, name="Meja 1", office="99.01.01", settings=CentralSettings(), clock=HandClock(),
        training=True, **values,
    )  # fmt: skip


def refused(central: FakeCentral, code: str = "x", **more: Any) -> SetupError:
    with pytest.raises(SetupError) as problem:
        enrol(central, code, **more)
    return problem.value


def test_a_code_makes_the_station_known(central: FakeCentral) -> None:
    found = enrol(central, f" {central.new_code()} ")
    assert found.central_id == "central-fake"
    assert found.central_url == central.url
    assert found.signing_keys == (central.key.public,)
    assert (found.station_name, found.office, found.training) == ("Meja 1", "99.01.01", True)
    assert found.station_id in central.keys


def test_a_lost_answer_does_not_burn_the_code(central: FakeCentral) -> None:
    central.queue("stations", faults.lost_answer())
    found = enrol(central, central.new_code())
    assert list(central.keys) == [found.station_id]


def test_a_wrong_code_and_a_used_code_are_refused(central: FakeCentral) -> None:
    code = central.new_code()
    enrol(central, code)
    assert refused(central, code).code == "enrolment.refused"
    assert refused(central, "wrong").code == "enrolment.refused"


def test_a_refusal_that_central_did_not_say_is_none(central: FakeCentral) -> None:
    found = faults.problem(Problem.ENROLMENT_REFUSED, 403)
    central.queue("stations", Fault(status=403, body=found.body, headers=found.headers, echo=False))
    assert refused(central).data == {"trouble": "proxy"}


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (faults.portal(), "portal"),
        (faults.redirect(), "portal"),
        (faults.no_echo(), "portal"),
        (faults.answer(500), "server-error"),
        (faults.problem(Problem.MAINTENANCE, 503), "maintenance"),
        (faults.problem(Problem.CLIENT_TOO_OLD, 426), "client-too-old"),
        (faults.problem(Problem.MALFORMED, 400), "malformed"),
        (faults.problem(Problem.PACKET_REFUSED, 422), "malformed"),
    ],
)
def test_every_other_answer_says_what_the_trouble_is(central: FakeCentral, fault: Fault, trouble: str) -> None:
    central.queue("stations", fault)
    problem = refused(central, central.new_code())
    assert (problem.code, problem.data) == ("enrolment.unreachable", {"trouble": trouble})


def test_no_central_and_no_network_are_told_apart(central: FakeCentral) -> None:
    central.stop()
    assert refused(central).data == {"trouble": "refused"}
    network = Network()
    network.cut()
    assert refused(central, network=network).data == {"trouble": "offline"}


@pytest.mark.parametrize(
    "fault",
    [
        faults.html_with_echo(),
        faults.answer(201, b"{}"),
        faults.Fault(process=True, rewrite=lambda body: {**body, "hello": "a.b.c"}),
        faults.Fault(process=True, rewrite=lambda body: {**body, "station_id": "x" * 300}),
        faults.Fault(process=True, rewrite=lambda body: {**body, "central_id": "another"}),
    ],
)
def test_an_answer_that_does_not_hold_together_enrols_nobody(central: FakeCentral, fault: Fault) -> None:
    central.queue("stations", fault)
    assert refused(central, central.new_code()).code == "enrolment.unreadable_answer"


def test_a_cut_answer_enrols_nobody_and_may_be_tried_again(central: FakeCentral) -> None:
    code, key = central.new_code(), SigningKey.generate("new")
    central.queue("stations", *[faults.cut_answer(30)] * 3)
    assert refused(central, code, key=key).code == "enrolment.unreachable"
    assert enrol(central, code, key=key).station_id
