"""Stations that are never online: what central says of their packets comes home by stick, even with new keys.

And carriers that cannot be trusted: what they make of a packet never stands in the way of the true one.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station import cli, i18n
from station.central.options import CentralOptions
from station.central.problems import Refused
from station.central.server import CentralServer
from station.courier.exporting import choice, export
from station.courier.importing import import_bundle
from station.courier.receipts import export_receipts
from station.desk import healing, records
from station.domain.delivery import Stage
from station.domain.ids import new_record_id
from station.domain.record import RecordKey, State
from station.seal.courier import BundleIndex, BundleItem, sign_index, write_packets
from station.seal.packet import read_packet, sha256_of
from station.store import records as stored_records
from station.store.courier_book import Why
from station.wire import ManifestItem, Problem, Verdict
from tests.support import TODAY, HandClock, Workplace, workplace


@dataclass
class Country:
    """A central, a station that is never online after it was enrolled, and one that carries."""

    root: Path
    server: CentralServer
    ani: Workplace
    budi: Workplace

    def stick(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        return folder

    def import_at_central(
        self, capsys: pytest.CaptureFixture[str], stick: Path, *, training: bool = True
    ) -> dict[str, list[dict[str, object]]]:
        """What `station central courier import` says to machines; answers are on the stick `back`."""
        words = ["courier", "import", str(stick), "--receipts", str(self.stick("back")), "--json"]
        cli.main(["--data", str(self.root), "central", *words, *(["--training"] if training else [])])
        said: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
        return said


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    options = CentralOptions(training=True)
    server = CentralServer(tmp_path / "central", options=options, clock=HandClock())
    server.start()
    with workplace(tmp_path / "ani", server) as ani, workplace(tmp_path / "budi", server) as budi:
        yield Country(tmp_path, server, ani, budi)
    server.stop()
    i18n.use("en")  # a command speaks the language of its station


def on_stick(place: Workplace, folder: Path) -> Path:
    done = export(place.depot, folder)
    assert done is not None
    return done.path


def state_of(place: Workplace, key: RecordKey) -> State:
    healing.catch_up(place.office)
    with place.office.applicants.read() as connection:
        stored = stored_records.get(connection, key.record_id)
    assert stored is not None
    return stored.record.state


def repacked(data: bytes) -> bytes:
    """The true parts in another file."""
    packet, buffer = read_packet(data), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("manifest.jws", packet.manifest_jws)
        archive.writestr("body.age", packet.body)
    return buffer.getvalue()


def made_by(carrier: Workplace, folder: Path, key: RecordKey, origin: str, data: bytes) -> None:
    """A bundle of one packet, signed by who carries it."""
    enrolment, signing = carrier.depot.enrolled()
    item = BundleItem(
        record_id=key.record_id, revision=key.revision, origin=origin, sha256=sha256_of(data), size=len(data)
    )
    index = BundleIndex(
        bundle_id=new_record_id(TODAY),
        station_id=enrolment.station_id,
        office=enrolment.office,
        central_id=enrolment.central_id,
        created=TODAY,
        items=(item,),
    )
    with (folder / "ktpel-99.01.01-000000000001.zip").open("wb") as file:
        write_packets(file, sign_index(signing, index), [(key, data)])


def item_of(place: Workplace, key: RecordKey, **changed: object) -> ManifestItem:
    row = place.depot.outbox.get(key)
    assert row is not None
    members = {"record_id": key.record_id, "revision": key.revision, "origin": row.origin, "sha256": row.sha256}
    return ManifestItem.model_validate(members | {"size": row.size, "sealed_at": row.sealed_at} | changed)


# ------------------------------------------------------------------------------------------ carriers who repack


@pytest.mark.parametrize("way", ["by wire", "by stick"])
def test_a_packet_that_a_carrier_repacked_is_refused_and_the_true_one_comes_later(
    country: Country, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    origin, true = ani.depot.enrolled()[0].station_id, ani.depot.packets.read(key)
    other = repacked(true)
    assert read_packet(other) == read_packet(true) and other != true
    made_by(country.budi, country.stick("mallory"), key, origin, other)
    said = country.import_at_central(capsys, country.stick("mallory"))
    assert [(item["accepted"], item["refused"]) for item in said["bundles"]] == [(0, 1)]
    assert said["receipts"] == [], "nothing is said to the station about what it did not make"
    upload(country, item_of(ani, key, sha256=sha256_of(other), size=len(other)), other)
    assert country.server.central.packet_count() == 0
    if way == "by wire":
        ani.drain()
    else:
        on_stick(ani, country.stick("a"))
        country.import_at_central(capsys, country.stick("a"))
        for path in country.stick("back").iterdir():
            import_bundle(ani.depot, path)
    assert ani.stage(key) is Stage.RECEIPTED
    (packet,) = country.server.central.packets()
    assert packet.sha256 == sha256_of(true)


def upload(country: Country, item: ManifestItem, data: bytes) -> None:
    """Sent over the wire by the carrier, and refused."""
    central = country.server.central
    (verdict,) = central.manifests.answer([item], country.budi.depot.enrolled()[0].station_id)
    assert verdict.upload is not None
    upload_id = verdict.upload.rsplit("/", 1)[1]
    central.parts.append(central.parts.begin(upload_id, 0), data)
    with pytest.raises(Refused, match="packet-refused"):
        central.intake.finish(upload_id)


@pytest.mark.parametrize("way", ["by wire", "by stick"])
def test_an_upload_that_a_carrier_only_began_does_not_keep_the_true_packet_out(
    country: Country, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    carrier = country.budi.depot.enrolled()[0].station_id
    (begun,) = country.server.central.manifests.answer([item_of(ani, key, sha256="0" * 64)], carrier)
    assert begun.verdict is Verdict.WANT
    if way == "by wire":
        ani.drain()
        assert ani.stage(key) is Stage.RECEIPTED
    else:
        on_stick(ani, country.stick("a"))
        assert country.import_at_central(capsys, country.stick("a"))["bundles"][0]["accepted"] == 1


def test_a_key_that_another_station_announces_as_its_own_is_nobodys_until_its_packet_is_here(country: Country) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    other = country.budi.depot.enrolled()[0].station_id
    answer = country.server.central.manifests.answer
    false, true = item_of(ani, key, origin=other, sha256="0" * 64), item_of(ani, key)
    assert answer([false], other)[0].verdict is Verdict.WANT
    (carried,) = answer([true], other)
    assert carried.verdict is Verdict.WANT, "also when somebody else brings it"
    assert answer([false], other)[0].verdict is Verdict.WANT
    assert answer([true], other)[0].upload == carried.upload
    ani.drain()
    assert ani.stage(key) is Stage.RECEIPTED
    (late,) = answer([false], other)
    assert late.verdict is Verdict.REFUSE
    assert late.problem is not None
    assert late.problem.problem is Problem.KEY_CONFLICT


def test_a_packet_that_a_carrier_calls_its_own_is_refused_to_the_carrier_only(country: Country) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    carrier = country.budi.depot.enrolled()[0].station_id
    upload(country, item_of(ani, key, origin=carrier), ani.depot.packets.read(key))
    ani.drain()
    assert ani.stage(key) is Stage.RECEIPTED


# ------------------------------------------------------------------------------------------------ new keys, refusals


def test_a_station_that_is_never_online_follows_two_new_keys_of_central_by_stick(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    on_stick(ani, country.stick("a"))
    assert country.server.central.key_roll.roll() == "c2"
    assert country.server.central.key_roll.roll(sealing=True) == "c3"
    said = country.import_at_central(capsys, country.stick("a"))
    assert said["bundles"][0]["accepted"] == 1
    (path,) = country.stick("back").iterdir()
    found = import_bundle(ani.depot, path)
    assert (found.keys_changed, found.receipts_home, found.receipts_refused) == (True, 1, 0)
    assert ani.stage(key) is Stage.RECEIPTED and state_of(ani, key) is State.ACCEPTED
    assert [item.kid for item in ani.depot.enrolled()[0].signing_keys] == ["c3"]
    # What it seals from now on is for the new key, and central opens it.
    second = ani.seal(2).record.key
    on_stick(ani, country.stick("b"))
    assert country.import_at_central(capsys, country.stick("b"))["bundles"][0]["accepted"] == 1
    assert {packet.key for packet in country.server.central.packets()} == {key, second}


def test_a_refusal_by_stick_sends_the_record_back_to_its_operator_over_another_station(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, budi, key = country.ani, country.budi, country.ani.seal(1).record.key
    assert import_bundle(budi.depot, on_stick(ani, country.stick("a"))).taken == 1
    on_stick(budi, country.stick("b"))
    # In earnest province 99 does not exist: the record is refused for what is in it.
    said = country.import_at_central(capsys, country.stick("b"), training=False)
    assert [(item["receipts"], item["refusals"]) for item in said["receipts"]] == [(0, 1)]
    (path,) = country.stick("back").iterdir()
    assert import_bundle(budi.depot, path).refusals_passed == 1
    counts = budi.depot.outbox.counts(day_start=TODAY)
    assert (counts.rejected, counts.parked) == (0, 0), "it is nothing to repair here"
    assert choice(budi.depot).not_taken == ((Why.REFUSED, 1),)
    found = import_bundle(ani.depot, export_receipts(budi.depot, country.stick("home")).path)
    assert (found.refusals_home, ani.stage(key)) == (1, Stage.REJECTED)
    assert state_of(ani, key) is State.REJECTED
    assert {reason.field for reason in records.timeline(ani.office, key.record_id).reasons} >= {"nik"}
    assert records.reopen(ani.office, key.record_id).record.revision == 2


def test_central_writes_refusals_again_whichever_way_the_packet_came(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, key = country.ani, country.ani.seal(1).record.key
    on_stick(ani, country.stick("a"))
    country.import_at_central(capsys, country.stick("a"), training=False)
    words = ["receipts", str(country.stick("again")), "--station", ani.depot.enrolled()[0].station_id, "--json"]
    assert cli.main(["--data", str(country.root), "central", "courier", *words]) == 0
    (written,) = json.loads(capsys.readouterr().out)["receipts"]
    assert (written["receipts"], written["refusals"]) == (0, 1)
    assert import_bundle(ani.depot, Path(written["path"])).refusals_home == 1
    assert ani.stage(key) is Stage.REJECTED


def test_what_central_does_not_take_of_a_blocked_station_is_told_to_nobody_as_a_repair(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, budi, key = country.ani, country.budi, country.ani.seal(1).record.key
    import_bundle(budi.depot, on_stick(ani, country.stick("a")))
    country.server.central.block(ani.depot.enrolled()[0].station_id, "uji")
    budi.drain()
    assert budi.stage(key) is Stage.REJECTED
    assert budi.depot.outbox.counts(day_start=TODAY).rejected == 0
    assert choice(budi.depot).not_taken == ((Why.BLOCKED, 1),)
    assert country.import_at_central(capsys, country.stick("a"))["receipts"] == []
    country.server.central.unblock(ani.depot.enrolled()[0].station_id)
    ani.drain()
    assert ani.stage(key) is Stage.RECEIPTED, "for its own station nothing was decided"
