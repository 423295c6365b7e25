"""Sealing: from a complete draft to a packet that central can open and this station cannot lose."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from station import failpoint
from station.central.keys import CentralKeys, load_keys
from station.central.options import CentralOptions
from station.desk import disk_guard, papers, recording, sealing, timelines
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.errors import AccessError, RuleError, StoreError, TrustError
from station.domain.record import RecordKey, State
from station.domain.service import Service
from station.seal.body import open_body
from station.seal.packet import Packet, sha256_of, verify_packet
from station.store import audit, captures, seals
from tests.support import APPROVED, Workplace, a_capture, files_below, good_answers, seal


@pytest.fixture
def central_keys(enrolled_folder: Path) -> CentralKeys:
    """The keys of the central that the station of `place` seals for."""
    return load_keys(enrolled_folder.parent / "central", CentralOptions().central_id)


def packet_of(place: Workplace, record_id: str, revision: int = 1) -> Packet:
    path = next(place.root.glob(f"packets/*/{record_id}.{revision}.packet"))
    _, key = place.depot.enrolled()
    return verify_packet(path.read_bytes(), [key.public])


def test_a_sealed_record_is_a_packet_a_row_and_no_captures(place: Workplace) -> None:
    row = place.seal()
    record = row.record
    assert (record.state, record.sealed_at) == (State.SEALED, place.clock.now())
    assert row.packet is not None
    data = place.depot.packets.read(record.key)
    assert (row.packet.sha256, row.packet.size) == (sha256_of(data), len(data))
    assert (row.packet.stage, row.packet.kind) == (Stage.QUEUED, "rekam_baru")
    with place.office.applicants.read() as connection:
        assert captures.all_of(connection, record.record_id) == ()
        assert seals.face_of(connection, record.record_id) == a_capture(Part.FACE).image


def test_central_opens_what_was_recorded(place: Workplace, central_keys: CentralKeys) -> None:
    record_id = place.draft(1, name="SUPARMAN")
    recording.confirm(place.office, record_id, "name", "name.one_word", "sesuai akta")
    seal(place.office, record_id)
    body = open_body(packet_of(place, record_id).body, central_keys.identity)
    assert body.record["answers"] == {**good_answers(1), "name": "SUPARMAN"}
    assert body.record["warnings"] == [{"code": "name.one_word", "field": "name", "reason": "sesuai akta"}]
    assert body.record["eligibility"] == {
        "kind": "wajib", "age": 38, "print_from": None, "out_of_domicile": False,
    }  # fmt: skip
    assert (body.record["form_version"], body.record["kind"]) == (2, "rekam_baru")
    assert body.record["registration_no"].startswith("R-990101-")
    assert tuple(body.captures) == tuple(a_capture(part) for part in Part)
    assert body.approval["text"] == APPROVED
    assert body.approval["sha256"] == sha256_of(APPROVED.encode())


def test_an_early_recording_names_the_day_of_its_card(place: Workplace, central_keys: CentralKeys) -> None:
    record_id = place.draft(
        1, nik="9901014205100001", birth_date="2010-05-02", marital_status="1", name="DEWI ANGGRAINI UJI"
    )
    seal(place.office, record_id)
    body = open_body(packet_of(place, record_id).body, central_keys.identity)
    assert body.record["eligibility"] == {
        "kind": "pemula", "age": 16, "print_from": "2027-05-02", "out_of_domicile": False,
    }  # fmt: skip


def test_what_nobody_was_asked_is_not_sealed(place: Workplace, central_keys: CentralKeys) -> None:
    record_id = place.draft(1, religion="7", belief="KEPERCAYAAN CONTOH")
    recording.answer(place.office, record_id, "religion", "1")
    assert recording.resume(place.office, record_id).answers["belief"] == "KEPERCAYAAN CONTOH"
    seal(place.office, record_id)
    assert "belief" not in open_body(packet_of(place, record_id).body, central_keys.identity).record["answers"]


def test_somebody_from_another_regency_is_sealed_as_a_service_of_its_own(
    place: Workplace, central_keys: CentralKeys
) -> None:
    record_id = place.draft(1, village="99.71.01.1002", kk="9971012210180012")
    assert recording.resume(place.office, record_id).service is Service.OUT_OF_DOMICILE
    with pytest.raises(RuleError):
        seal(place.office, record_id)  # on no list: nobody has compared the answers with the family card
    recording.confirm(place.office, record_id, "village", "domicile.compare", "sudah dibandingkan dengan KK")
    seal(place.office, record_id)
    packet = packet_of(place, record_id)
    body = open_body(packet.body, central_keys.identity)
    assert packet.manifest.kind == body.record["kind"] == "luar_domisili"
    assert body.record["eligibility"]["out_of_domicile"] is True
    assert timelines.timeline(place.office, record_id).service is Service.OUT_OF_DOMICILE


def test_a_village_corrected_to_home_is_sealed_as_an_ordinary_first_recording(place: Workplace) -> None:
    record_id = place.draft(1)
    papers.choose_service(place.office, record_id, Service.OUT_OF_DOMICILE)
    seal(place.office, record_id)
    assert packet_of(place, record_id).manifest.kind == "rekam_baru"
    assert timelines.timeline(place.office, record_id).service is Service.NEW


def test_the_age_command_of_the_distribution_opens_a_packet_of_the_station(
    place: Workplace, central_keys: CentralKeys, tmp_path: Path
) -> None:
    command = shutil.which("age")
    if command is None:
        pytest.skip("the command `age` is not installed: apt-get install age")
    key = place.seal().record.key
    with zipfile.ZipFile(place.depot.packets.path(key)) as archive:
        (tmp_path / "body.age").write_bytes(archive.read("body.age"))
    (tmp_path / "identity").write_text(central_keys.identity + "\n")
    call = [command, "--decrypt", "-i", str(tmp_path / "identity"), str(tmp_path / "body.age")]
    opened = subprocess.run(call, check=True, capture_output=True, timeout=60).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        assert json.loads(archive.read("record.json"))["answers"] == good_answers(1)
        assert archive.read("face.jpg") == a_capture(Part.FACE).image


def test_only_the_identity_kept_in_the_encrypted_database_opens_it_here(place: Workplace) -> None:
    first, second = place.seal(1).record, place.seal(2).record
    with place.office.applicants.read() as connection:
        own = [seals.identity_of(connection, record.key) for record in (first, second)]
    assert own[0] and own[1]
    assert open_body(packet_of(place, first.record_id).body, own[0]).record["answers"]["nik"] == first.nik
    with pytest.raises(TrustError):
        open_body(packet_of(place, first.record_id).body, own[1])


def test_the_manifest_names_station_office_and_operator_and_nobody_else(place: Workplace) -> None:
    record = place.seal().record
    manifest = packet_of(place, record.record_id).manifest
    assert (manifest.office, manifest.station_id) == ("99.01.01", place.office.station.station_id)
    assert manifest.operator_id == place.office.operator.operator_id
    assert manifest.sealed_at == place.clock.now()
    data = place.depot.packets.read(record.key)
    for value in (record.nik, record.name, *record.name.split()):
        assert value.encode() not in data


def test_packets_of_a_station_are_a_chain(place: Workplace) -> None:
    previous = None
    for number in (1, 2, 3):
        record = place.seal(number).record
        if number == 2:
            place.reopen()
        manifest = packet_of(place, record.record_id).manifest
        assert (manifest.sequence, manifest.previous_sha256) == (number, previous)
        previous = sha256_of(place.depot.packets.read(record.key))


INCOMPLETE: dict[str, dict[str, Any]] = {
    "nothing at all": {"answers": {}, "parts": []},
    "no captures": {"answers": good_answers(), "parts": []},
    "one finger missing": {"answers": good_answers(), "parts": [part for part in Part if part is not Part.FINGER_09]},
    "no face": {"answers": good_answers(), "parts": [part for part in Part if part is not Part.FACE]},
    "an error": {"answers": {**good_answers(), "rt": "1A"}, "parts": list(Part)},
    "a warning nobody confirmed": {"answers": {**good_answers(), "name": "SUPARMAN"}, "parts": list(Part)},
    "an answer missing": {"answers": {**good_answers(), "address": ""}, "parts": list(Part)},
}


@pytest.mark.parametrize("case", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_what_is_not_complete_is_not_sealed_and_leaves_nothing(place: Workplace, case: dict[str, Any]) -> None:
    record_id = recording.start(place.office).record.record_id
    for key, value in case["answers"].items():
        recording.answer(place.office, record_id, key, value)
    recording.keep(place.office, record_id, [a_capture(part) for part in case["parts"]])
    with pytest.raises(RuleError) as problem:
        seal(place.office, record_id)
    assert problem.value.code == "seal.incomplete"
    assert list(place.depot.packets.all_keys()) == []
    assert place.depot.outbox.keys() == frozenset()
    assert recording.resume(place.office, record_id).record.state is State.DRAFT


def test_a_sealed_record_is_not_sealed_again(place: Workplace) -> None:
    record = place.seal().record
    before = place.depot.packets.read(record.key)
    with pytest.raises(RuleError):
        seal(place.office, record.record_id)
    assert place.depot.packets.read(record.key) == before


def test_the_engine_is_woken_when_the_packet_is_in_the_outbox(place: Workplace) -> None:
    seen: list[int] = []
    place.office.on_sealed.append(lambda: seen.append(len(place.depot.outbox.keys())))
    place.seal(1)
    place.seal(2)
    assert seen == [1, 2]


def test_sealing_stops_early_while_the_draft_can_still_be_kept(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = place.draft()
    free = shutil.disk_usage(place.root).free
    monkeypatch.setattr(disk_guard, "MARGIN_BYTES", 2 * free)  # a nearly full disk; tests/faults has a really full one
    with pytest.raises(StoreError) as problem:
        seal(place.office, record_id)
    assert problem.value.code == "store.disk_full"
    assert recording.resume(place.office, record_id).ready
    monkeypatch.undo()
    assert seal(place.office, record_id).record.state is State.SEALED


def readable(place: Workplace, before: Callable[[Workplace, str], None]) -> None:
    record_id = place.draft()
    before(place, record_id)
    with pytest.raises(StoreError):
        seal(place.office, record_id)
    draft = recording.resume(place.office, record_id)
    assert draft.ready
    assert list(place.depot.packets.all_keys()) == []


def test_a_packet_that_cannot_be_written_leaves_the_draft(place: Workplace) -> None:
    def block(place: Workplace, record_id: str) -> None:
        path = place.depot.packets.path(recording.resume(place.office, record_id).record.key)
        path.parent.write_text("a file where a folder should be")

    readable(place, block)


def test_a_database_that_refuses_the_sealing_leaves_the_draft_and_takes_the_packet_back(place: Workplace) -> None:
    def block(place: Workplace, record_id: str) -> None:
        with place.office.applicants.write() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE UPDATE OF state ON record WHEN new.state = 'sealed' "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )

    readable(place, block)
    record_id = recording.open_drafts(place.office)[0].record.record_id
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    row = seal(place.office, record_id)
    assert packet_of(place, record_id).manifest.sequence == 1
    assert row.packet is not None


def test_the_audit_trail_tells_of_the_seal_by_hash(place: Workplace) -> None:
    record = place.seal().record
    with place.office.applicants.read() as connection:
        last = audit.lines_of(connection, record.record_id)[-1]
        assert (last.action, last.detail["sha256"]) == ("seal", sha256_of(place.depot.packets.read(record.key)))
        assert audit.first_broken(connection) is None


def test_no_file_but_the_packets_shows_anything_of_the_applicants(place: Workplace, said: list[str]) -> None:
    names = ["ZULAIKHA CONTOH", "BAMBANG PERCOBAAN"]
    place.seal(1, name=names[0], address="JALAN RAHASIA 7")
    place.draft(2, name=names[1], address="JALAN RAHASIA 8")
    recording.withdraw(place.office, place.draft(3, name="TERTARIK CONTOH"), "salah orang")
    place.depot.packets.clear_temporaries()
    secrets = [good_answers(number)["nik"] for number in (1, 2, 3)] + [*names, "ZULAIKHA", "BAMBANG", "TERTARIK"]
    secrets += ["RAHASIA", good_answers()["kk"], "salah orang"]
    for closed in (False, True):
        if closed:
            place.close()
        files = [path for path in files_below(place.root) if path.suffix != ".packet"]
        assert {"applicants.db", "outbox.db", "keyring.json"} <= {path.name for path in files}
        for path in files:
            content = path.read_bytes()
            for secret in secrets:
                for form in (secret, secret.lower()):
                    assert form.encode() not in content, path.name
                    assert form.encode("utf-16-le") not in content, path.name
                assert secret not in str(path)


def test_a_packet_another_program_has_already_taken_into_the_outbox_is_not_taken_back(
    place: Workplace, said: list[str]
) -> None:
    """`station sync` may adopt and offer a packet between its rename and a failing commit of the record."""
    record_id = place.draft()
    key = recording.resume(place.office, record_id).record.key
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE OF state ON record WHEN new.state = 'sealed' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )

    def adopt(reached: str) -> None:
        if reached == "packet.durable":
            assert place.depot.adopt_packets() == 1

    with failpoint.armed(adopt), pytest.raises(StoreError):
        seal(place.office, record_id)
    assert list(place.depot.packets.all_keys()) == [key]
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    place.reopen()
    assert place.office
    with pytest.raises(RuleError):
        recording.resume(place.office, record_id)
    assert place.stage(key) is Stage.QUEUED


def change_once(change: Callable[[], object], at: str = "packet.durable", times: int = 1) -> Callable[[str], None]:
    """Something else is done to the draft between its packing and its sealing."""
    left = [times]

    def reach(reached: str) -> None:
        if reached == at and left[0]:
            left[0] -= 1
            change()

    return reach


def test_a_capture_kept_while_the_draft_is_packed_is_in_the_packet(place: Workplace, central_keys: CentralKeys) -> None:
    record_id = place.draft()
    newer = replace(a_capture(Part.FACE), image=b"a newer photo")

    def keep() -> None:
        with place.office.applicants.write() as connection:
            captures.put(connection, record_id, newer)

    with failpoint.armed(change_once(keep)):
        row = seal(place.office, record_id)
    packet = packet_of(place, record_id)
    assert row.packet is not None
    assert packet.manifest.sequence == 1
    found = {item.part: item.image for item in open_body(packet.body, central_keys.identity).captures}
    assert found[Part.FACE] == newer.image


def test_an_answer_given_while_the_draft_is_packed_is_looked_at_again(place: Workplace) -> None:
    record_id = place.draft()
    change = change_once(lambda: recording.answer(place.office, record_id, "name", ""))
    with failpoint.armed(change), pytest.raises(RuleError) as problem:
        seal(place.office, record_id)
    assert problem.value.code in ("seal.incomplete", "approval.changed")
    assert not list(place.depot.packets.all_keys())
    assert recording.resume(place.office, record_id).answers["name"] == ""


def test_a_draft_that_never_stands_still_stays_a_draft(place: Workplace) -> None:
    record_id = place.draft()
    tries = iter(range(99))

    def keep() -> None:
        with place.office.applicants.write() as connection:
            captures.put(connection, record_id, replace(a_capture(Part.FACE), quality=next(tries)))

    with failpoint.armed(change_once(keep, times=99)), pytest.raises(RuleError, match=r"seal\.changed"):
        seal(place.office, record_id)
    assert not list(place.depot.packets.all_keys())
    seal(place.office, record_id)


def test_whatever_stops_the_sealing_leaves_no_packet_of_a_draft(place: Workplace) -> None:
    record_id = place.draft()

    def refuse() -> None:
        raise AccessError("access.signed_out")

    for at in ("packet.durable", "packet.renamed", "seal.before_commit"):
        with failpoint.armed(change_once(refuse, at)), pytest.raises(AccessError):
            seal(place.office, record_id)
        assert not list(place.depot.packets.all_keys())
    assert recording.resume(place.office, record_id).ready


def test_a_packet_that_was_adopted_meanwhile_is_not_replaced_by_another(place: Workplace) -> None:
    """`station sync` may have offered it already: another packet under the same name would be refused."""
    record_id = place.draft()

    def adopt_and_change() -> None:
        assert place.depot.adopt_packets() == 1
        with place.office.applicants.write() as connection:
            captures.put(connection, record_id, replace(a_capture(Part.FACE), quality=1))

    with failpoint.armed(change_once(adopt_and_change)), pytest.raises(RuleError, match=r"seal\.changed"):
        seal(place.office, record_id)
    (key,) = place.depot.packets.all_keys()
    item = place.depot.outbox.get(key)
    assert item is not None and item.sha256 == sha256_of(place.depot.packets.read(key))


def test_a_record_that_was_withdrawn_meanwhile_is_not_sealed(place: Workplace) -> None:
    record_id = place.draft()
    with pytest.raises(RuleError) as problem:
        sealing.finish_seal(place.office, RecordKey(record_id, 2), sequence=1, sha256="0" * 64)
    assert problem.value.code == "record.not_draft"
