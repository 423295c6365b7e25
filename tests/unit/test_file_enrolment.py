"""A station without a network is enrolled by a file, records at once, and central takes it at the first contact."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from station import i18n
from station.central.central import Central
from station.central.courier_command import opened
from station.central.server import CentralServer
from station.central.stations import KnownStation
from station.cli import main
from station.commands import enrol as enrol_command
from station.config import CentralSettings
from station.courier import exporting
from station.desk import first_words, signin
from station.desk.colleague import Colleague
from station.desk.file_enrolment import FREE_TRIES, Opened, enrol_by_file, files_in, look, take
from station.domain.delivery import LinkState, Stage
from station.domain.doctor import DIRECT, Examination, not_reached
from station.domain.errors import RuleError, StationError, TrustError
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.domain.role import Role
from station.failpoint import PowerCut, armed
from station.seal import enrolment_file
from station.seal.jws import SigningKey, read_unverified
from station.store.depot import Depot
from station.sync.client import CentralClient, tls_context
from tests.certificates import certificate
from tests.support import CHEAP, OPERATOR, PASSWORD, TODAY, HandClock, Workplace, files_below, running_central

PEOPLE = (Colleague("Kepala Contoh", Role.ADMIN, "kata kepala 1"), Colleague(OPERATOR, Role.SUPERVISOR, PASSWORD))


@pytest.fixture(autouse=True, scope="module")
def _cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enrolment_file, "CODE_COST", CHEAP)
        for place in ("station.seal.vault", "station.desk.enrolment"):
            patch.setattr(f"{place}.Argon2Cost", lambda: CHEAP)
        yield
    i18n.use("en")  # the commands speak the language of their folder


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server(tmp_path: Path, clock: HandClock) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central", clock) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, clock: HandClock, server: CentralServer) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "station", server.url, clock)
    yield place
    place.close()


def invite(server: CentralServer, **changed: Any) -> tuple[bytes, str]:
    asked = {"office": "99.01.01", "name": "Kec. Contoh Utara", "url": server.url, "days": 14.0, **changed}
    made = server.central.invitations.invite(asked.pop("office"), asked.pop("name"), **asked)
    return made.data, made.code


def enrol(place: Workplace, data: bytes, code: str) -> str:
    return enrol_by_file(place.depot, data, code, PEOPLE, clock=place.clock, cost=CHEAP)


def sealed(place: Workplace, serial: int) -> RecordKey:
    record = place.seal(serial).record
    return RecordKey(record.record_id, record.revision)


def refused(place: Workplace, data: bytes, code: str) -> StationError:
    with pytest.raises(StationError) as problem:
        look(place.depot, data, code, place.clock)
    return problem.value


# ------------------------------------------------------------------------------------------------------ at the station


def test_the_file_says_which_station_it_makes(place: Workplace, server: CentralServer) -> None:
    data, code = invite(server)
    assert look(place.depot, data, code, place.clock) == Opened(
        "Kec. Contoh Utara", "99.01.01", 1, "Disdukcapil Kab. Contoh", server.url
    )


def test_a_station_without_a_network_records_at_once_and_central_takes_it_all_later(
    place: Workplace, server: CentralServer
) -> None:
    data, code = invite(server)
    place.network.cut()
    enrol(place, data, code)
    key = sealed(place, 1)
    place.engine.step()
    assert place.stage(key) is Stage.QUEUED
    assert server.central.enrolled() == []
    place.depot.memory.examined = Examination(TODAY, not_reached(DIRECT))

    place.network.mend()
    place.drain()
    assert place.stage(key) is Stage.RECEIPTED
    assert place.depot.memory.examined is None, "it was found before central knew this station"
    (known,) = server.central.enrolled()
    enrolment, own = place.depot.enrolled()
    assert (known.station_id, known.public_key.x, known.number) == (enrolment.station_id, own.public.x, 1)
    assert known.bundle_recipient.startswith("age1")
    assert enrolment.claim == ""
    assert enrolment.card
    assert server.central.packet_count() == 1


def test_admin_and_officer_may_sign_in_and_only_the_officer_records(place: Workplace, server: CentralServer) -> None:
    enrol(place, *invite(server))
    officer, admin = signin.operators(place.depot)
    assert (officer.name, officer.role, admin.role) == (OPERATOR, Role.SUPERVISOR, Role.ADMIN)
    assert not first_words.are_unconfirmed(place.depot)


def test_people_without_a_name_twice_or_with_a_short_password_make_no_station(
    place: Workplace, server: CentralServer
) -> None:
    data, code = invite(server)
    for people, wrong in (
        ([Colleague(" ", Role.ADMIN, PASSWORD)], "field.required"),
        ([Colleague("Siti", Role.ADMIN, PASSWORD), Colleague(" siti ", Role.OPERATOR, PASSWORD)], "officer.name_taken"),
        ([Colleague("Siti", Role.ADMIN, "pendek")], "password.too_short"),
    ):
        with pytest.raises(RuleError) as problem:
            enrol_by_file(place.depot, data, code, people, clock=place.clock, cost=CHEAP)
        assert problem.value.code == wrong
    assert place.depot.enrolment is None


def test_a_wrong_code_is_counted_over_restarts_and_then_there_is_a_wait(
    place: Workplace, server: CentralServer, clock: HandClock
) -> None:
    data, code = invite(server)
    wrong = "0000-0000-0000"
    for left in range(FREE_TRIES - 1, 0, -1):
        problem = refused(place, data, wrong)
        assert (problem.code, problem.data["tries_left"]) == ("enrolment_file.code", left)
        place.reopen()
    assert (refused(place, data, wrong).code, refused(place, data, code).code) == ("signin.wait", "signin.wait")
    clock.pass_time(61)
    assert look(place.depot, data, code, clock).number == 1
    assert place.depot.memory.code_tries == (0, None)


def test_an_expired_file_and_an_insecure_address_make_no_station(
    place: Workplace, server: CentralServer, clock: HandClock
) -> None:
    data, code = invite(server, url="http://192.0.2.1:8440")
    assert refused(place, data, code).code == "central.insecure_address"
    data, code = invite(server)
    clock.pass_time(14 * 24 * 3600)
    assert refused(place, data, code).code == "enrolment_file.expired"
    with pytest.raises(TrustError):
        enrol(place, data, code)
    assert place.depot.enrolment is None
    assert not place.depot.folder.keyring.exists()


def test_an_enrolled_station_is_not_enrolled_by_a_file(place: Workplace, server: CentralServer) -> None:
    data, code = invite(server)
    enrol(place, data, code)
    assert refused(place, data, code).code == "enrolment.already"


def test_the_code_is_nowhere_on_the_disk(place: Workplace, server: CentralServer) -> None:
    data, code = invite(server)
    enrol(place, data, code)
    secrets = [code.encode(), code.replace("-", "").encode()]
    everything = b"".join(path.read_bytes() for path in files_below(place.root.parent))
    assert not [secret for secret in secrets if secret in everything]


@pytest.mark.parametrize("point", ["enrolment.keyring", "enrolment.database", "enrolment.saved"])
def test_a_power_cut_leaves_a_station_that_begins_again_or_goes_on(
    place: Workplace, server: CentralServer, point: str
) -> None:
    data, code = invite(server)

    def cut(name: str) -> None:
        if name == point:
            raise PowerCut

    with armed(cut), pytest.raises(PowerCut):
        enrol(place, data, code)
    place.reopen()
    if place.depot.enrolment is None:
        enrol(place, data, code)
    place.seal(1)
    place.drain()
    assert server.central.packet_count() == 1


def test_files_on_a_stick_are_found_and_nothing_else_is_read(tmp_path: Path, server: CentralServer) -> None:
    data, _code = invite(server)
    for name, age in (("lama.pendaftaran", 100), ("baru.pendaftaran", 1)):
        (tmp_path / name).write_bytes(data)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "surat.pdf").write_bytes(b"x")
    assert [path.name for path in files_in(tmp_path)] == ["baru.pendaftaran", "lama.pendaftaran"]
    assert take(tmp_path / "baru.pendaftaran") == data
    assert files_in(tmp_path / "nirgends") == ()
    with pytest.raises(StationError) as problem:
        take(tmp_path / "nirgends")
    assert problem.value.code.startswith("stick.")
    (tmp_path / "besar.pendaftaran").write_bytes(b"x" * 10_000_000)
    assert len(take(tmp_path / "besar.pendaftaran")) == enrolment_file.MAX_BYTES + 1


# --------------------------------------------------------------------------------------------------- the first contact


def test_a_lost_answer_to_the_claim_is_asked_for_again_and_makes_one_station(
    place: Workplace, server: CentralServer
) -> None:
    enrol(place, *invite(server))
    enrolment = place.depot.enrolment
    assert enrolment is not None
    client = CentralClient(server.url, settings=CentralSettings(), clock=place.clock)
    for _ in range(2):  # central has heard it, and this station has not heard the answer
        client.post_json("/v1/stations/claims", {"claim": enrolment.claim, "app_version": "1"}, signed=False)
    client.close()
    place.seal(1)
    place.drain()
    assert len(server.central.enrolled()) == 1
    assert place.depot.enrolled()[0].claim == ""


def told(place: Workplace) -> tuple[LinkState, Trouble | None]:
    place.engine.step()
    link = place.engine.link
    return link.state, link.reason


def test_the_second_computer_with_the_same_file_is_told_so_and_goes_on_recording(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    data, code = invite(server)
    other = Workplace(tmp_path / "other", server.url, place.clock)
    try:
        for each in (place, other):
            enrol(each, data, code)
        place.seal(1)
        place.drain()
        key = sealed(other, 2)
        assert told(other) == (LinkState.BLOCKED, Trouble.CLAIM_USED)
        assert other.stage(key) is Stage.QUEUED
        assert sealed(other, 3)
        assert len(server.central.enrolled()) == 1
    finally:
        other.close()


def test_who_comes_too_late_is_told_so_and_loses_nothing(
    place: Workplace, server: CentralServer, clock: HandClock
) -> None:
    enrol(place, *invite(server))
    key = sealed(place, 1)
    clock.pass_time(135 * 24 * 3600)
    assert told(place) == (LinkState.BLOCKED, Trouble.CLAIM_EXPIRED)
    assert place.stage(key) is Stage.QUEUED


def test_a_central_that_lost_its_database_does_not_know_the_file(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    with running_central(tmp_path / "older", place.clock) as older:
        data, code = invite(older, url=server.url)
        (tmp_path / "keys.json").write_bytes((tmp_path / "older" / "keys.json").read_bytes())
    enrol(place, data, code)
    (tmp_path / "central" / "keys.json").write_bytes((tmp_path / "keys.json").read_bytes())
    assert told(place) == (LinkState.BLOCKED, Trouble.CLAIM_REFUSED)


def test_keys_of_central_that_changed_meanwhile_are_followed(place: Workplace, server: CentralServer) -> None:
    enrol(place, *invite(server))
    place.seal(1)
    server.central.key_roll.roll(sealing=True)
    place.drain()
    assert server.central.packet_count() == 1
    assert place.depot.enrolled()[0].signing_keys == (server.central.keys.signing.public,)


def test_a_welcome_that_central_did_not_sign_is_none(
    place: Workplace, server: CentralServer, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(place, *invite(server))
    key, give = sealed(place, 1), server.central.cards.give
    stranger = SigningKey.generate(server.central.keys.signing.kid)

    def forged(station: KnownStation) -> str:
        return stranger.sign(read_unverified(give(station)), typ="card+jwt")

    monkeypatch.setattr(server.central.cards, "give", forged)
    place.engine.step()
    assert not place.engine.link.up
    assert place.depot.enrolled()[0].claim
    assert any("card" in line for line in said)
    monkeypatch.setattr(server.central.cards, "give", give)
    place.engine.send_now()
    place.drain()
    assert place.stage(key) is Stage.RECEIPTED


def test_a_stranger_cannot_claim_the_place(place: Workplace, server: CentralServer) -> None:
    enrol(place, *invite(server))
    enrolment = place.depot.enrolment
    assert enrolment is not None
    head, body, _sign = enrolment.claim.split(".")
    client = CentralClient(server.url, settings=CentralSettings(), clock=place.clock)
    try:
        for claim in (f"{head}.{body}.{'A' * 86}", "a.b.c", "x" * 9000):
            answer = client.post_json("/v1/stations/claims", {"claim": claim, "app_version": "1"}, signed=False)
            assert answer.status in (400, 403)
    finally:
        client.close()
    assert server.central.enrolled() == []


def test_the_number_of_a_file_is_nobody_elses(place: Workplace, server: CentralServer) -> None:
    data, code = invite(server)
    place.enrol(server.central.new_code())
    assert place.depot.enrolled()[0].policy.station_number == 2
    other_data, other_code = invite(server)
    with closing(Depot(place.root.parent / "third")) as third:
        assert look(third, data, code, place.clock).number == 1
        assert look(third, other_data, other_code, place.clock).number == 3


def test_packets_come_by_stick_before_the_station_was_ever_online(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    place.network.cut()
    enrol(place, *invite(server))
    place.seal(1)
    (tmp_path / "stick").mkdir()
    done = exporting.export(place.depot, tmp_path / "stick", clock=place.clock)
    assert done is not None
    with opened(tmp_path / "central", training=True, clock=place.clock) as courier:
        arrived = courier.take(done.paths[0])
    assert (arrived.accepted, arrived.refused) == (1, 0)
    assert [known.station_id for known in server.central.enrolled()] == [place.depot.enrolled()[0].station_id]
    place.network.mend()
    place.drain()  # the claim is made again, and is the lost answer again
    assert place.depot.enrolled()[0].claim == ""


def test_the_authorities_of_the_file_are_trusted_and_a_file_of_the_technician_before_them(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    chain, _key = certificate(tmp_path)
    enrol(place, *invite(server, authorities=chain.read_text()))
    enrolment = place.depot.enrolled()[0]
    trusted = enrolment.trusting(CentralSettings())
    assert len(tls_context(trusted).get_ca_certs()) == 1
    own = CentralSettings(ca_file=chain)
    assert enrolment.trusting(own) is own


# ------------------------------------------------------------------------------------------------ on the command line


def test_the_two_commands_make_a_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "stick" / "contoh"
    out.parent.mkdir()
    Central(tmp_path / "c" / "central").close()
    made = ["central", "enrolment-file", "--office", "99.01.01", "--name", "Kec. Contoh", "--url", "http://127.0.0.1:9"]
    assert main(["--data", str(tmp_path / "c"), *made, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    (code,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", said)
    monkeypatch.setattr(enrol_command, "new_password", lambda: PASSWORD)
    file = out.with_suffix(".pendaftaran")
    given = ["enrol", "--file", str(file), "--code", code, "--operator", "Siti R."]
    assert main(["--data", str(tmp_path / "s"), *given]) == 0
    told = capsys.readouterr().out
    assert "14. " in told
    depot = Depot(tmp_path / "s")
    try:
        assert depot.enrolled()[0].station_name == "Kec. Contoh"
        assert not first_words.are_unconfirmed(depot)
    finally:
        depot.close()
    assert main(["--data", str(tmp_path / "s"), *given]) == 1
    assert main(["--data", str(tmp_path / "c"), *made, "--out", str(out)]) == 1, "the file on the stick is not replaced"
