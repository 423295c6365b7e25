"""A station is named at central as people name it; central is founded by nobody's slip of the hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station import i18n
from station.central.central import Central
from station.central.options import CentralOptions
from station.central.stations import KnownStation
from station.cli import main
from station.domain.errors import RuleError
from station.seal.jws import SigningKey
from station.wire import Backlog, Disk, EnrolRequest, Heartbeat

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = i18n.language()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    yield
    i18n.use(before)


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    central = Central(tmp_path / "central", CentralOptions(training=True))
    yield central
    central.close()


def enrol(central: Central, name: str, office: str = "99.01.01") -> KnownStation:
    key = SigningKey.generate("x").public
    code = central.new_code()
    asked = EnrolRequest(code=code, public_key=key, name=name, office=office, app_version="9")
    return central.stations.enrol(asked)


def says(tmp_path: Path, *words: str) -> int:
    return main(["--data", str(tmp_path), "central", *words])


def test_a_station_has_three_names_and_two_of_one_name_are_told_apart_by_number(central: Central) -> None:
    first, second, third = (enrol(central, name) for name in ("Meja Kiri", "Kembar", "kembar"))
    for typed in (first.station_id, first.station_id.upper(), "99.01.01-01", "Stasiun 99.01.01-1", " meja  kiri "):
        assert central.stations.named(typed).station_id == first.station_id
    with pytest.raises(RuleError, match=r"station\.two_names") as problem:
        central.stations.named("Kembar")
    assert problem.value.data["numbers"] == f"{second.full_number}, {third.full_number}"
    for typed in ("", "99.01.01-09", "99.01.02-01", first.station_id[:8], "Meja"):
        with pytest.raises(RuleError, match=r"roster\.unknown_station"):
            central.stations.named(typed)


def test_a_station_that_calls_itself_by_the_number_of_another_does_not_become_it(central: Central) -> None:
    first, _liar = enrol(central, "Meja"), enrol(central, "99.01.01-01")
    assert central.stations.named("99.01.01-01").station_id == first.station_id


def test_a_stolen_laptop_is_blocked_wiped_and_looked_up_by_the_number_on_its_window(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station, other = enrol(central, "Meja"), enrol(central, "Lain")
    beat = Heartbeat(version="1", backlog=Backlog(count=0, bytes=0), disk=Disk(free_bytes=1, total_bytes=2))
    central.heartbeats.take(station.station_id, beat, NOW)
    number = "99.01.01-01"
    assert says(tmp_path, "block", number, "--reason", "hilang") == 0
    assert says(tmp_path, "wipe", number, "--reason", "hilang") == 0
    assert says(tmp_path, "wipe", number, "--show") == 0
    assert says(tmp_path, "inventory", number) == 0
    assert says(tmp_path, "audit", "--station", number) == 0
    assert says(tmp_path, "stock", "--station", number, "--batch", "KTP=80") == 0
    capsys.readouterr()
    assert says(tmp_path, "stations", "--json") == 0
    told, untouched = json.loads(capsys.readouterr().out)
    assert (told["station"], told["station_number"], told["station_name"]) == (station.station_id, number, "Meja")
    assert (told["blocked"], told["wipe"], told["last_seen_at"]) == (True, "ordered", NOW.isoformat())
    assert (untouched["blocked"], untouched["wipe"], untouched["last_seen_at"]) == (False, "", None)
    assert says(tmp_path, "stations") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{number} · Meja · {station.station_id} · ")
    assert lines[0].endswith("blocked · ordered to be wiped")
    assert lines[1] == f"99.01.01-02 · Lain · {other.station_id} · never heard"
    assert says(tmp_path, "unblock", number) == 0
    assert not central.stations.named(number).blocked


@pytest.mark.parametrize(
    "words",
    [
        ("block", "x"),
        ("block", "x", "--until", "besok"),
        ("unblock", "x"),
        ("wipe", "x"),
        ("wipe", "x", "--show"),
        ("wipe", "x", "--show", "--json"),
        ("wipe", "x", "--withdraw"),
        ("inventory", "x"),
        ("audit", "--station", "x"),
        ("stock", "--station", "x", "--batch", "KTP=80"),
        ("courier", "receipts", ".", "--station", "x"),
    ],
)
def test_a_station_nobody_knows_is_an_error_before_anything_else_is(
    words: tuple[str, ...], central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enrol(central, "Meja")
    assert says(tmp_path, *words) == 1
    said = capsys.readouterr()
    assert "Central does not know this station." in said.err
    assert said.out in ("", '{"error": "roster.unknown_station"}\n')


@pytest.mark.parametrize(
    "words",
    [
        ("stations",),
        ("block", "x"),
        ("unblock", "x"),
        ("wipe", "x", "--show"),
        ("inventory", "x"),
        ("audit",),
        ("health",),
        ("answer",),
        ("policy",),
        ("roster",),
        ("pacing",),
        ("maintenance",),
        ("roll-key",),
        ("notice", "--title", "x"),
        ("stock", "--station", "x", "--batch", "KTP=80"),
        ("courier", "receipts", "."),
        ("enrolment-file", "--office", "99.01.01", "--name", "x", "--url", "https://x.id", "--out", "x"),
    ],
)
def test_only_central_itself_founds_a_central(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says(tmp_path / "salah", *words) == 1
    assert "There is no central in this folder." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_central_whose_keys_are_gone_gets_no_new_ones_behind_its_back(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = central.data_dir / "keys.json"
    keys.unlink()
    assert says(tmp_path, "roll-key") == 1
    assert "The keys of central cannot be read." in capsys.readouterr().err
    assert not keys.exists()


def test_an_enrolment_file_is_only_made_where_it_can_be_written_and_used(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "ada.pendaftaran"
    there.write_bytes(b"")
    for out, url, sentence in (
        (tmp_path / "hilang" / "x", "https://pusat.id", f"There is no folder {tmp_path / 'hilang'}."),
        (tmp_path / "ada", "https://pusat.id", f"There is something of the name {there} already."),
        (tmp_path / "x", "ftp://pusat.id", "This is no address of a central."),
        (tmp_path / "x", "http://pusat.id", "This address is not protected."),
    ):
        words = ("--office", "99.01.01", "--name", "Meja", "--url", url, "--out", str(out))
        assert says(tmp_path, "enrolment-file", *words) == 1
        assert sentence in capsys.readouterr().err
    assert enrol(central, "Meja").number == 1, "no place was given away to a file that nobody has"
