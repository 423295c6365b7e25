"""Records that leave by stick, over other stations, to a real central; and their receipts, all the way home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station import cli, i18n
from station.central.server import CentralServer
from station.courier.exporting import export
from station.courier.importing import import_bundle
from station.courier.receipts import export_receipts
from station.desk import healing
from station.domain.delivery import Stage
from station.domain.errors import TrustError
from station.domain.record import RecordKey, State
from station.seal.courier import bundles_in
from station.store import records
from station.wire import ManifestItem
from tests.support import Workplace, running_central, workplace


@dataclass
class Country:
    """A central, and three stations that it has enrolled."""

    root: Path
    server: CentralServer
    ani: Workplace
    budi: Workplace
    citra: Workplace

    def stick(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        return folder

    def by_command(self, capsys: pytest.CaptureFixture[str], *words: str) -> object:
        """What `station central courier …` says to machines."""
        assert cli.main(["--data", str(self.root), "central", "courier", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with (
        running_central(tmp_path / "central") as server,
        workplace(tmp_path / "ani", server) as ani,
        workplace(tmp_path / "budi", server) as budi,
        workplace(tmp_path / "citra", server) as citra,
    ):
        yield Country(tmp_path, server, ani, budi, citra)
    i18n.use("en")  # a command speaks the language of its station


def carried(giver: Workplace, taker: Workplace, stick: Path) -> int:
    done = export(giver.depot, stick)
    assert done is not None
    return import_bundle(taker.depot, done.path).taken


def state_of(place: Workplace, key: RecordKey) -> State:
    healing.catch_up(place.office)
    with place.office.applicants.read() as connection:
        stored = records.get(connection, key.record_id)
    assert stored is not None
    return stored.record.state


def test_a_stick_over_two_stations_to_central_and_the_receipts_home(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, budi, citra = country.ani, country.budi, country.citra
    first, second = ani.seal(1).record.key, ani.seal(2).record.key
    third = budi.seal(3).record.key
    assert carried(ani, budi, country.stick("a")) == 2
    assert carried(budi, citra, country.stick("b")) == 3
    done = export(citra.depot, country.stick("c"))
    assert done is not None

    back = country.stick("back")
    said = country.by_command(capsys, "import", str(country.stick("c")), "--receipts", str(back), "--training")
    assert isinstance(said, dict)
    assert [(item["accepted"], item["known"], item["refused"]) for item in said["bundles"]] == [(3, 0, 0)]
    assert sorted(item["receipts"] for item in said["receipts"]) == [1, 2]
    assert country.server.central.packet_count() == 3, "the central that runs beside it has them"

    # Citra takes all receipts along and hands them on; nobody of them has been online since.
    taken = [import_bundle(citra.depot, path) for path in bundles_in(back)]
    assert sum(item.receipts_passed for item in taken) == 3
    for giver, taker, home in ((citra, budi, 1), (budi, ani, 2)):
        path = export_receipts(giver.depot, country.stick("home")).path
        assert import_bundle(taker.depot, path).receipts_home == home
        path.unlink()
    for place, key in ((ani, first), (ani, second), (budi, third)):
        assert place.stage(key) is Stage.RECEIPTED
        assert state_of(place, key) is State.ACCEPTED
        receipt = place.depot.outbox.get(key)
        assert receipt is not None and receipt.receipt == _receipt(country, key)


def _receipt(country: Country, key: RecordKey) -> str:
    return next(packet.receipt for packet in country.server.central.packets() if packet.key == key)


def test_a_station_with_a_link_delivers_what_it_carries_and_brings_the_receipts_back(country: Country) -> None:
    ani, budi = country.ani, country.budi
    key = ani.seal(1).record.key
    own = budi.seal(2).record.key
    assert carried(ani, budi, country.stick("a")) == 1
    budi.drain()
    assert budi.stage(own) is budi.stage(key) is Stage.RECEIPTED
    (packet,) = [packet for packet in country.server.central.packets() if packet.key == key]
    assert packet.station == ani.depot.enrolled()[0].station_id, "its receipt names who recorded it, not who carried"
    found = import_bundle(ani.depot, export_receipts(budi.depot, country.stick("b")).path)
    assert found.receipts_home == 1 and ani.stage(key) is Stage.RECEIPTED
    with budi.office.applicants.read() as connection:
        assert records.get(connection, key.record_id) is None, "who carries learns nothing of the person"


def test_a_packet_that_comes_by_stick_and_by_wire_is_received_once(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani = country.ani
    key = ani.seal(1).record.key
    export(ani.depot, country.stick("a"))
    ani.drain()
    said = country.by_command(capsys, "import", str(country.stick("a")), "--training")
    assert isinstance(said, dict)
    assert (said["bundles"][0]["accepted"], said["bundles"][0]["known"]) == (0, 1)
    assert country.server.central.packet_count() == 1 and ani.stage(key) is Stage.RECEIPTED


def test_central_takes_a_stick_while_half_of_the_packet_has_come_by_wire(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, central = country.ani, country.server.central
    key = ani.seal(1).record.key
    row = ani.depot.outbox.get(key)
    assert row is not None
    item = ManifestItem(
        record_id=key.record_id,
        revision=key.revision,
        origin=row.origin,
        sha256=row.sha256,
        size=row.size,
        sealed_at=row.sealed_at,
    )
    verdict = central.manifests.answer([item], row.origin)[0]
    assert verdict.upload is not None
    turn = central.parts.begin(verdict.upload.rsplit("/", 1)[1], 0)
    central.parts.append(turn, ani.depot.packets.read(key)[:100])
    export(ani.depot, country.stick("a"))
    said = country.by_command(capsys, "import", str(country.stick("a")), "--training")
    assert isinstance(said, dict) and said["bundles"][0]["accepted"] == 1
    ani.drain()
    assert ani.stage(key) is Stage.RECEIPTED and central.packet_count() == 1


def test_central_refuses_an_edited_bundle_whole_and_saves_the_rest_of_a_cut_one(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    ani = country.ani
    for serial in (1, 2):
        ani.seal(serial)
    done = export(ani.depot, country.stick("a"))
    assert done is not None
    whole = done.path.read_bytes()
    done.path.write_bytes(whole[:-1000])
    arguments = ["--data", str(country.root), "central", "courier", "import", str(done.path), "--training", "--json"]
    assert cli.main(arguments) == 1, "something is missing: a script has to notice"
    (bundle,) = json.loads(capsys.readouterr().out)["bundles"]
    assert (bundle["accepted"], bundle["damaged"]) == (1, 1)
    done.path.write_bytes(whole.replace(b"packets/", b"packetz/", 1))
    assert cli.main(arguments) == 1
    assert capsys.readouterr().err and country.server.central.packet_count() == 1
    done.path.write_bytes(whole)
    assert cli.main(arguments) == 0
    assert country.server.central.packet_count() == 2


def test_central_writes_the_receipts_of_a_station_again(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    ani = country.ani
    key = ani.seal(1).record.key
    export(ani.depot, country.stick("a"))
    country.by_command(capsys, "import", str(country.stick("a")), "--training")
    said = country.by_command(
        capsys, "receipts", str(country.stick("back")), "--station", ani.depot.enrolled()[0].station_id
    )
    assert isinstance(said, dict)
    assert import_bundle(ani.depot, Path(said["receipts"][0]["path"])).receipts_home == 1
    assert ani.stage(key) is Stage.RECEIPTED


def test_the_command_line_of_a_station_exports_and_imports(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    country.ani.seal(1)
    stick = country.stick("a")

    def station(place: Workplace, *words: str) -> object:
        assert cli.main(["--data", str(place.root), "courier", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    said = station(country.ani, "export", str(stick))
    assert isinstance(said, dict) and said["packets"] == 1 and Path(said["paths"][0]).exists()
    found = station(country.budi, "import", str(stick))
    assert isinstance(found, list) and [(item["taken"], item["known"]) for item in found] == [(1, 0)]
    assert cli.main(["--data", str(country.ani.root), "courier", "export", str(stick), "--only-new"]) == 1
    assert capsys.readouterr().err


def test_a_bundle_from_a_station_of_another_central_is_refused(country: Country, tmp_path: Path) -> None:
    with running_central(tmp_path / "else") as other, workplace(tmp_path / "eko", other) as eko:
        enrolment, _ = eko.depot.enrolled()
        assert enrolment.card
        eko.seal(1)
        done = export(eko.depot, country.stick("e"))
        assert done is not None
        with pytest.raises(TrustError, match=r"courier\.no_card"):  # the same name, another key
            import_bundle(country.ani.depot, done.path)
