"""Target lists at central: whom they are for, what is told, and what a person at the Dinas can do with them."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from station.central.bundle_shelf import Sealed
from station.central.central import Central
from station.central.options import CentralOptions
from station.central.problems import Refused
from station.central.stations import KnownStation
from station.central.tables import metadata, stations
from station.cli import main
from station.domain.errors import RuleError, StoreError
from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.bundle import check_body, read_lines
from station.seal.bundle_file import open_file
from station.seal.jws import SigningKey
from station.wire import EnrolRequest
from tests.registers import a_file, row
from tests.support import HandClock

IDENTITY = new_identity()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "central"


@pytest.fixture
def central(folder: Path) -> Iterator[Central]:
    folder.parent.mkdir()
    # The command line beside it goes by the clock of this machine.
    central = Central(folder, CentralOptions(training=True), clock=HandClock(datetime.now(UTC)))
    yield central
    central.close()


def enrol(central: Central, office: str = "99.01.01") -> KnownStation:
    request = EnrolRequest(
        code=central.new_code(), public_key=SigningKey.generate("x").public, name="Meja", office=office,
        app_version="9", bundle_recipient=recipient_of(IDENTITY),
    )  # fmt: skip
    return central.stations.enrol(request)


def make(central: Central, tmp_path: Path, area: str = "99.01", *serials: int) -> int:
    rows = [row(serial, NO_KEC=str(1 + serial % 2)) for serial in serials or (1, 2)]
    path = a_file(tmp_path / "register.csv", *rows)
    return central.rosters.import_csv(path, area, "Uji", 30, lambda _problem: None).card.version


def told(central: Central, station: KnownStation) -> list[tuple[str, int]]:
    events = central.feed.page(station.station_id, "", 100).events
    return [(event["name"], event["version"]) for event in events if event["kind"] == "bundle"]


def niks(sealed: Sealed) -> set[str]:
    with open_file(sealed.path) as parts:
        check_body(parts.body, sealed.head)
        parts.body.seek(0)
        return {line.nik for line in read_lines(io.BytesIO(parts.body.read()), sealed.head, [IDENTITY])}


@pytest.mark.parametrize(
    ("office", "hears"),
    [("99.01.01", True), ("99.01.02", True), ("99.01", True), ("99.02.01", False), ("99.71", False)],
)
def test_every_station_of_the_area_hears_of_a_list_once(
    central: Central, tmp_path: Path, office: str, hears: bool
) -> None:
    station = enrol(central, office)
    make(central, tmp_path)
    central.rosters.offers.make()
    assert told(central, station) == ([("roster:99.01", 1)] if hears else [])


def test_a_station_that_comes_later_hears_of_the_lists_that_are_there(central: Central, tmp_path: Path) -> None:
    make(central, tmp_path)
    station = enrol(central)
    central.rosters.offers.make()
    assert told(central, station) == [("roster:99.01", 1)]


def test_a_station_hears_of_the_widest_list_and_of_those_it_was_assigned(central: Central, tmp_path: Path) -> None:
    station = enrol(central)
    make(central, tmp_path)
    central.rosters.assign(station.station_id, "99.01.02")
    assert told(central, station) == [("roster:99.01", 1), ("roster:99.01.02", 1)]
    make(central, tmp_path, "99.01", 1, 2, 3)
    assert told(central, station)[2:] == [("roster:99.01", 2), ("roster:99.01.02", 2)]


def test_what_was_not_told_before_a_stop_is_told_at_the_start(
    central: Central, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = enrol(central)
    monkeypatch.setattr(central.rosters.offers, "make", lambda: None)
    make(central, tmp_path)
    assert told(central, station) == []
    central.close()
    again = Central(folder, CentralOptions(training=True), clock=HandClock())
    assert told(again, station) == [("roster:99.01", 1)]
    again.close()


def test_a_list_is_sealed_once_so_that_its_pieces_fit(central: Central, tmp_path: Path) -> None:
    station = enrol(central)
    make(central, tmp_path)
    first = central.rosters.sealing.sealed(station, "roster:99.01", 1, None)
    content = first.path.read_bytes()
    again = central.rosters.sealing.sealed(station, "roster:99.01", 1, None)
    assert (again.head, again.path.read_bytes()) == (first.head, content)
    assert content[again.offset : again.offset + again.head.size].startswith(b"age-encryption.org/v1")
    other = central.rosters.sealing.sealed(enrol(central), "roster:99.01", 1, None)
    assert other.head.sha256 != first.head.sha256
    assert niks(first) == niks(other)


def test_the_list_of_a_kecamatan_holds_nobody_else(central: Central, tmp_path: Path) -> None:
    station = enrol(central)
    make(central, tmp_path, "99.01", 1, 2, 3, 4)
    sealed = central.rosters.sealing.sealed(station, "roster:99.01.02", 1, None)
    assert niks(sealed) == {row(1)["NIK"], row(3)["NIK"]}
    assert sealed.head.people == 2


def test_files_of_older_versions_are_cleared(central: Central, tmp_path: Path, folder: Path) -> None:
    station = enrol(central)
    for serials in ((1, 2), (1, 2, 3)):
        version = make(central, tmp_path, "99.01", *serials)
        central.rosters.sealing.sealed(station, "roster:99.01", version, version - 1)
    names = {path.name for path in (folder / "bundles").rglob("*.roster")}
    assert names == {"99.01-v2.roster", "99.01-v2-b1.roster"}


@pytest.mark.parametrize("name", ["codes", "roster:", "roster:99", "roster:../99", "roster:99.01.01.20011"])
def test_a_name_that_is_no_list_is_gone(central: Central, tmp_path: Path, name: str) -> None:
    station = enrol(central)
    make(central, tmp_path)
    with pytest.raises(Refused, match="bundle-gone"):
        central.rosters.sealing.sealed(station, name, 1, None)


def test_a_list_that_has_expired_is_given_to_nobody(central: Central, tmp_path: Path) -> None:
    station = enrol(central)
    make(central, tmp_path)
    assert isinstance(central.clock, HandClock)
    central.clock.pass_time(31 * 86400)
    with pytest.raises(Refused, match="bundle-gone"):
        central.rosters.sealing.sealed(station, "roster:99.01", 1, None)
    with pytest.raises(RuleError, match=r"roster\.none"):
        central.rosters.export(station.station_id, "99.01")
    assert central.rosters.cards() == []


def test_a_file_with_nobody_in_it_changes_nothing(central: Central, tmp_path: Path) -> None:
    make(central, tmp_path)
    with pytest.raises(RuleError) as problem:
        central.rosters.import_csv(
            a_file(tmp_path / "b.csv", row(1, TGL_LHR="x")), "99.01", "Uji", 30, lambda _problem: None
        )
    assert problem.value.code == "csv.nobody"
    (card,) = central.rosters.cards()
    assert (card.version, card.people) == (1, 2)


def test_the_data_of_an_older_central_are_taken_over(folder: Path) -> None:
    folder.mkdir(parents=True)
    central = Central(folder, CentralOptions(training=True), clock=HandClock())
    station = enrol(central)
    with central.database.write() as rows:
        rows.exec_driver_sql("DROP INDEX packets_by_day")
        for table, column in (
            ("stations", "bundle_recipient"), ("stations", "card_kid"),
            ("packets", "sealed_day"), ("uploads", "priority"), ("uploads", "carrier"), ("refusals", "origin"),
        ):  # fmt: skip
            rows.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        rows.exec_driver_sql("UPDATE meta SET schema_version = 1")
    central.close()
    again = Central(folder, CentralOptions(training=True), clock=HandClock())
    assert [known.bundle_recipient for known in again.enrolled()] == [""]
    assert again.enrolled()[0].station_id == station.station_id
    with again.database.write() as rows:
        rows.exec_driver_sql("UPDATE meta SET schema_version = 99")
    again.close()
    with pytest.raises(StoreError, match=r"central\.too_new"):
        Central(folder, CentralOptions(training=True), clock=HandClock())
    assert "bundle_recipient" in stations.c
    assert "people" not in metadata.tables, "nobody is in this database"


def test_a_list_that_cannot_be_sealed_for_one_station_is_told_to_the_others_and_tried_again(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    first, second = enrol(central), enrol(central)
    told_again = threading.Event()
    monkeypatch.setattr(central.rosters.offers, "_wait_s", 0.01)
    monkeypatch.setattr(central.rosters.offers, "_ring", lambda station_id: told_again.set())
    make_sealed = central.rosters.sealing.sealed
    failed: list[KnownStation] = []

    def full_disk_at_first(station: KnownStation, *asked: Any) -> Sealed:
        if station == first and not failed:
            failed.append(station)
            raise OSError(28, "No space left on device")
        return make_sealed(station, *asked)

    monkeypatch.setattr(central.rosters.sealing, "sealed", full_disk_at_first)
    make(central, tmp_path)
    assert told(central, second) == [("roster:99.01", 1)]
    while not told(central, first):
        told_again.clear()
        assert told(central, first) or told_again.wait(20)
    assert told(central, first) == told(central, second) == [("roster:99.01", 1)]
    assert said == [f"WARNING station.central.offers: no list 99.01 for station {first.station_id}: OSError"]
    said.clear()


# ------------------------------------------------------------------------------------------------------ command line


def run(folder: Path, *arguments: str) -> int:
    return main(["central", "roster", "--data", str(folder.parent), "--training", *arguments])


def test_the_command_makes_a_list_reports_and_says_what_it_did(
    central: Central, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = enrol(central)
    bad = row(3, TGL_LHR="31-02-1988")
    path = a_file(tmp_path / "kec.csv", row(1), row(2), bad, row(1, NAMA_LGKP="LAIN CONTOH"), columns=[*row(), "X"])
    assert run(folder, "--csv", str(path), "--area", "99.01.01", "--name", "Uji Utara") == 0
    said = capsys.readouterr().out
    assert "99.01.01" in said
    assert "kec-laporan.csv" in said
    assert " X" in said
    lines = (tmp_path / "kec-laporan.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[:3] for line in lines[1:]] == [
        ["4", "TGL_LHR", "9901••••••••0003"],
        ["5", "NIK", "9901••••••••0001"],
    ]
    assert "CONTOH" not in "".join(lines)
    assert told(central, station) == [("roster:99.01.01", 1)], "a central that is running tells it"
    assert run(folder) == 0
    said = capsys.readouterr().out
    assert "99.01.01  v1  2" in said
    assert station.station_id in said


def test_the_command_writes_a_list_for_a_stick(central: Central, folder: Path, tmp_path: Path) -> None:
    station = enrol(central)
    make(central, tmp_path)
    assert run(folder, "--export-for", station.station_id, "--area", "99.01.02", "--out", str(tmp_path)) == 0
    sealed = central.rosters.export(station.station_id, "99.01.02")
    assert (tmp_path / "99.01.02-v1.roster").read_bytes() == sealed.path.read_bytes()
    target = tmp_path / "x.roster"
    assert run(folder, "--export-for", station.station_id, "--area", "99.01", "--out", str(target)) == 0
    assert target.exists()


def test_the_command_makes_a_list_again_and_assigns_it(central: Central, folder: Path, tmp_path: Path) -> None:
    station = enrol(central, "99.01.02")
    make(central, tmp_path, "99.01.01", 2, 4)
    assert told(central, station) == []
    assert run(folder, "--assign", station.station_id, "--area", "99.01.01") == 0
    assert run(folder, "--again", "--area", "99.01.01", "--days", "7") == 0
    assert told(central, station) == [("roster:99.01.01", 1), ("roster:99.01.01", 2)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--csv", "none.csv", "--area", "99.01"],
        ["--csv", "none.csv"],
        ["--csv", "none.csv", "--area", "x"],
        ["--again", "--area", "99.01"],
        ["--again", "--area", "99.01", "--days", "0"],
        ["--export-for", "nobody", "--area", "99.01"],
        ["--assign", "nobody", "--area", "99.01"],
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, *arguments) == 1
    assert capsys.readouterr().err.strip()


def imported(central: Central) -> dict[str, bool]:
    with central.rosters._register.reading("99.01", None, central.clock.now()) as reading:
        return {person.nik: person.recorded for person in reading.people if isinstance(person, Target)}


def test_a_bad_line_does_not_take_a_recorded_person_off_the_list(
    central: Central, folder: Path, tmp_path: Path
) -> None:
    issued = {"EKTP_CURRENT_STATUS_CODE": "CARD_ISSUED"}
    path = a_file(tmp_path / "a.csv", *(row(serial, **issued) for serial in (1, 2, 3)))
    assert run(folder, "--csv", str(path), "--area", "99.01") == 0
    path = a_file(tmp_path / "b.csv", row(1, **issued, TGL_LHR="31-02-1988"), row(2, **issued), row(4))
    assert run(folder, "--csv", str(path), "--area", "99.01") == 0
    assert imported(central) == {row(1)["NIK"]: True, row(2)["NIK"]: True, row(4)["NIK"]: False}


@pytest.mark.parametrize("said", ["3 of the 4", "3 of the 5"])
def test_a_file_that_would_cost_most_people_is_refused_until_somebody_means_it(
    central: Central, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    """Most lines bad (the first), or most people gone (the second)."""
    make(central, tmp_path, "99.01", 1, 2, 3, 4, 5)
    before = imported(central)
    bad = said.endswith("4")
    rows = [row(1), *(row(serial, TGL_LHR="x") for serial in (2, 3, 4))] if bad else [row(1), row(2)]
    path = a_file(tmp_path / "b.csv", *rows)
    assert run(folder, "--csv", str(path), "--area", "99.01") == 1
    caught = capsys.readouterr()
    count, whole = said.split(" of the ")
    assert count in caught.err
    assert whole in caught.err
    assert "--accept-losses" in caught.err
    assert ("b-laporan.csv" in caught.out) is bad, "what is wrong with the lines is told all the same"
    assert imported(central) == before
    assert run(folder, "--csv", str(path), "--area", "99.01", "--accept-losses") == 0
    assert set(imported(central)) == {row(serial)["NIK"] for serial in ((1, 2, 3, 4) if bad else (1, 2))}


def test_the_same_person_in_many_lines_is_no_reason_to_refuse_a_file(
    central: Central, folder: Path, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.csv", *(row(serial) for serial in range(1, 701) for _ in range(3)))
    assert run(folder, "--csv", str(path), "--area", "99.01") == 0
    assert len(imported(central)) == 700


def test_a_list_of_another_kabupaten_is_not_exported(central: Central, folder: Path, tmp_path: Path) -> None:
    station = enrol(central, "99.71.01")
    make(central, tmp_path)
    assert run(folder, "--export-for", station.station_id, "--area", "99.01", "--out", str(tmp_path)) == 1
    assert not list(tmp_path.glob("*.roster"))


def test_a_wrong_file_is_refused_by_the_command_and_nothing_changed(
    central: Central, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = [name for name in row() if name != "TGL_LHR"]
    path = a_file(tmp_path / "a.csv", row(1), columns=columns)
    assert run(folder, "--csv", str(path), "--area", "99.01") == 1
    assert "TGL_LHR" in capsys.readouterr().err
    assert central.rosters.cards() == []
    assert [path.name for path in tmp_path.glob("*.csv")] == ["a.csv"], "no report of nothing"
