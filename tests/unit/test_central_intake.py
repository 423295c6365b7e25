"""From the last byte to the receipt, with the power going out at every step; and what the operator says afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from station.central.central import Central
from station.central.feed import Page
from station.central.options import CentralOptions
from station.central.problems import Refused
from station.domain.record import RecordKey
from station.failpoint import PowerCut, armed
from station.seal.hello import first_hello
from station.seal.jws import SigningKey
from station.wire import EnrolRequest, ManifestItem, ManifestVerdict, Problem, RefusalReason, Verdict
from tests.contracts.central_station import Sealed, Station, enrolment

STEPS = ("central.verified", "central.moved", "central.written_down")


class Desk:
    """A central without a socket, and one station that talks to it."""

    def __init__(self, folder: Path, training: bool = True) -> None:
        self.folder = folder
        self.options = CentralOptions(training=training)
        self.central = Central(folder, self.options)
        self.station = self._enrol()

    def restart(self) -> None:
        self.central.close()
        self.central = Central(self.folder, self.options)

    def announce(self, packet: Sealed) -> ManifestVerdict:
        item = ManifestItem.model_validate(packet.item())
        (verdict,) = self.central.manifests.answer([item], self.station.id)
        return verdict

    def upload(self, packet: Sealed) -> str:
        """All bytes of `packet`, not verified yet; the upload id."""
        path = self.announce(packet).upload
        assert path is not None
        upload_id = path.rsplit("/", 1)[1]
        turn = self.central.parts.begin(upload_id, 0)
        self.central.parts.append(turn, packet.data)
        return upload_id

    def deliver(self, packet: Sealed) -> str:
        receipt = self.central.intake.finish(self.upload(packet))
        assert receipt is not None
        return receipt

    def told(self) -> list[str]:
        """Kinds or codes of everything the station was told."""
        page = self.central.feed.page(self.station.id, "", 1000)
        return [event.get("code") or event["kind"] for event in page.events if event["kind"] != "card"]

    def _enrol(self) -> Station:
        key = SigningKey.generate("new")
        request = EnrolRequest.model_validate(enrolment(self.central.new_code(), key.public))
        known = self.central.stations.enrol(request)
        own = SigningKey.from_pem(key.pem(), known.station_id)
        with httpx.Client() as unused:  # this station speaks no HTTP
            return Station(unused, own, first_hello(self.central.hello()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "central")
    yield desk
    desk.central.close()


def power_cut_at(step: str) -> Callable[[str], None]:
    def hook(reached: str) -> None:
        if reached == step:
            raise PowerCut

    return hook


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_at_any_step_of_acceptance_leaves_one_acceptance(desk: Desk, step: str) -> None:
    packet = desk.station.seal()
    upload_id = desk.upload(packet)
    with armed(power_cut_at(step)), pytest.raises(PowerCut):
        desk.central.intake.finish(upload_id)
    desk.restart()
    verdict = desk.announce(packet)
    assert verdict.verdict is Verdict.HAVE
    assert verdict.receipt is not None
    desk.station.check(verdict.receipt, packet)
    assert desk.central.intake.finish(upload_id) == verdict.receipt
    assert [(row.key, row.sha256) for row in desk.central.packets()] == [(packet.key, packet.sha256)]
    assert desk.central.packet_path(packet.key).read_bytes() == packet.data
    assert desk.told() == ["RECEIVED_AT_CENTRAL", "PRINT_READY_RECORD"]
    assert desk.central.upload_count() == 0


def test_a_power_cut_while_refusing_leaves_the_refusal_and_no_bytes(desk: Desk) -> None:
    packet = desk.station.seal(rt="1A")
    upload_id = desk.upload(packet)
    with armed(power_cut_at("central.turned_away")), pytest.raises(PowerCut):
        desk.central.intake.finish(upload_id)
    desk.restart()
    verdict = desk.announce(packet)
    assert verdict.problem is not None
    assert [reason.code for reason in verdict.problem.reasons] == ["unit.shape"]
    assert list((desk.folder / "uploads").iterdir()) == []


def test_a_power_cut_before_verification_of_a_bad_record_ends_in_its_refusal(desk: Desk) -> None:
    packet = desk.station.seal(rt="1A")
    desk.upload(packet)
    desk.restart()
    assert desk.announce(packet).verdict is Verdict.REFUSE
    assert desk.central.packets() == []


def test_bytes_of_no_upload_are_swept_at_start(desk: Desk) -> None:
    orphan = desk.folder / "uploads" / "0190a000-0000-7000-8000-000000000000.part"
    orphan.write_bytes(b"left over")
    desk.restart()
    assert not orphan.exists()


def test_the_second_record_of_a_person_is_a_duplicate_but_a_correction_is_not(desk: Desk) -> None:
    first = desk.station.seal(nik="9901016104885555")
    second = desk.station.seal(nik="9901016104885555")
    corrected = desk.station.seal(nik="9901016104885555", key=RecordKey(first.key.record_id, 2))
    for packet in (first, corrected, second):
        desk.deliver(packet)
    assert [packet.status for packet in desk.central.packets()] == [
        "PRINT_READY_RECORD",
        "PRINT_READY_RECORD",
        "DUPLICATE_RECORD",
    ]
    assert desk.told()[-2:] == ["RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD"]


def test_who_is_recorded_anew_after_a_refusal_is_no_duplicate(desk: Desk) -> None:
    first = desk.station.seal(nik="9901016104886666")
    desk.deliver(first)
    desk.central.refuse(first.key, [RefusalReason(code="face.closed_eyes", field="face", detail="Mata tertutup")])
    second = desk.station.seal(nik="9901016104886666")
    desk.deliver(second)
    assert desk.central.statuses() == {first.key: "REFUSED", second.key: "PRINT_READY_RECORD"}


def test_the_training_province_exists_in_training_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path, training=False)
    with pytest.raises(Refused) as refused:
        desk.deliver(desk.station.seal())
    desk.central.close()
    assert refused.value.problem is Problem.PACKET_REFUSED
    assert {reason.code for reason in refused.value.body.reasons} == {"nik.province", "village.province"}


def test_a_packet_of_another_record_than_announced_is_refused(desk: Desk) -> None:
    packet = desk.station.seal()
    other = Sealed(RecordKey(packet.key.record_id, 2), packet.origin, packet.data)
    with pytest.raises(Refused) as refused:
        desk.deliver(other)
    assert [reason.code for reason in refused.value.body.reasons] == ["packet.other_record"]


def test_a_packet_that_is_no_longer_a_packet_is_refused_and_never_a_bug(desk: Desk) -> None:
    for place in range(1, 150, 3):  # the table of contents of the ZIP, from its end
        packet = desk.station.seal()
        damaged = bytearray(packet.data)
        damaged[-place] ^= 0xFF
        with contextlib.suppress(Refused):
            desk.deliver(Sealed(packet.key, packet.origin, bytes(damaged)))
    assert desk.announce(desk.station.seal()).verdict is Verdict.WANT


def test_no_reason_quotes_what_was_entered(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.deliver(desk.station.seal(name="RAHASIA7", religion="zz", village="JALAN BUNTU"))
    text = refused.value.body.model_dump_json()
    assert not [entered for entered in ("RAHASIA7", "zz", "JALAN BUNTU") if entered in text]


def test_a_packet_of_a_station_nobody_enrolled_is_refused_before_its_bytes(desk: Desk) -> None:
    packet = desk.station.seal()
    verdict = desk.announce(Sealed(packet.key, "nobody", packet.data))
    assert verdict.problem is not None
    assert [reason.code for reason in verdict.problem.reasons] == ["origin.unknown"]


def test_receipt_numbers_never_repeat(desk: Desk) -> None:
    for _ in range(3):
        desk.deliver(desk.station.seal())
    desk.restart()
    desk.deliver(desk.station.seal())
    numbers = [packet.receipt_no for packet in desk.central.packets()]
    assert len(set(numbers)) == 4
    assert numbers == sorted(numbers)


def test_what_central_asks_for_again_is_wanted_and_gets_the_same_receipt(desk: Desk) -> None:
    packet = desk.station.seal()
    receipt = desk.deliver(packet)
    desk.central.ask_again(packet.key)
    assert desk.told()[-1] == "record.resend"
    verdict = desk.announce(packet)
    assert (verdict.verdict, verdict.offset) == (Verdict.WANT, 0)
    assert desk.deliver(packet) == receipt
    assert desk.announce(packet).verdict is Verdict.HAVE
    assert desk.central.packet_path(packet.key).read_bytes() == packet.data
    assert desk.told().count("RECEIVED_AT_CENTRAL") == 1


def test_the_operator_tells_stations_what_became_of_a_record(desk: Desk) -> None:
    packet = desk.station.seal()
    desk.deliver(packet)
    reasons = [RefusalReason(code="face.closed_eyes", field="face", detail="Mata tertutup")]
    desk.central.say_status(packet.key, "CARD_PRINTED", "rak 3")
    desk.central.refuse(packet.key, reasons)
    desk.central.notify(id="n1", title="Libur")
    desk.central.tell(desk.station.id, "weather", clouds=3)
    told = desk.central.feed.page(desk.station.id, "", 10).events
    assert len({event.pop("event_id") for event in told}) == len(told), "each has a name of its own"
    status, refused, notice, unknown = told[-4:]
    assert (status["code"], status["note"]) == ("CARD_PRINTED", "rak 3")
    assert (refused["kind"], refused["record_id"], refused["revision"]) == (
        "record.refused",
        *vars(packet.key).values(),
    )
    assert refused["reasons"] == [{"code": "face.closed_eyes", "field": "face", "detail": "Mata tertutup"}]
    assert notice == {"kind": "notice", "id": "n1", "title": "Libur"}
    assert unknown == {"kind": "weather", "clouds": 3}


def test_nothing_can_be_said_about_a_record_nobody_sent(desk: Desk) -> None:
    key = desk.station.seal().key
    with pytest.raises(LookupError):
        desk.central.ask_again(key)
    with pytest.raises(LookupError):
        desk.central.say_status(key, "CARD_PRINTED")
    assert desk.told() == []


def test_a_cursor_from_before_central_was_restored_is_answered_from_the_beginning(desk: Desk) -> None:
    desk.central.tell(desk.station.id, "notice", id="1")
    (first,) = desk.central.feed.page(desk.station.id, "", 10).events
    for lost in ("40", f"40-{first['event_id']}", "1-0123456789abcdef"):  # the last one is of another story
        page = desk.central.feed.page(desk.station.id, lost, 10)
        assert ([event["id"] for event in page.events], page.cursor) == (["1"], f"1-{first['event_id']}")
    for held in ("1", page.cursor):
        assert desk.central.feed.page(desk.station.id, held, 10) == Page(held, more=False, events=[])


def test_who_is_too_young_on_the_day_of_sealing_is_refused(desk: Desk) -> None:
    today = datetime.now(UTC).date()
    child = desk.station.seal(birth_date=f"{today.year - 15}-01-01", marital_status="1")
    with pytest.raises(Refused) as refused:
        desk.deliver(child)
    assert [reason.code for reason in refused.value.body.reasons] == ["eligibility.not_yet"]


def test_a_station_whose_clock_runs_ahead_does_not_make_people_older(desk: Desk) -> None:
    today = datetime.now(UTC)
    birth = f"{today.year - 15}-01-01"
    with pytest.raises(Refused) as refused:
        desk.deliver(desk.station.seal(sealed_at=today + timedelta(days=800), birth_date=birth, marital_status="1"))
    assert [reason.code for reason in refused.value.body.reasons] == ["eligibility.not_yet"]
