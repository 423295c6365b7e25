"""A register of a Dinas reaches the operator: imported at central, fetched by delivery, opened after sign-in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import failpoint
from station.central.server import CentralServer
from station.desk import bundle_inbox, rosters
from station.failpoint import PowerCut
from tests.registers import a_file, row
from tests.support import HandClock, Workplace, running_central, workplace

AREA = "99.01.01"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server(tmp_path: Path, clock: HandClock) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central", clock) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, server: CentralServer, clock: HandClock) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server, clock) as place:
        yield place


def make(server: CentralServer, tmp_path: Path, *rows: dict[str, str]) -> int:
    path = a_file(tmp_path / "register.csv", *rows)
    return server.central.rosters.import_csv(path, AREA, "Uji Utara", 30, lambda _problem: None).card.version


def deliver(place: Workplace) -> None:
    """Until a list waits in the inbox."""
    for _ in range(200):
        wait_s = place.engine.step()
        if bundle_inbox.arrived(place.depot):
            return
        assert isinstance(place.clock, HandClock)
        place.clock.pass_time(wait_s)
    raise AssertionError("no list arrived")


def test_a_list_of_central_is_there_after_sign_in(place: Workplace, server: CentralServer, tmp_path: Path) -> None:
    make(server, tmp_path, row(1), row(2, EKTP_CURRENT_STATUS_CODE="CARD_ISSUED"))
    deliver(place)
    (coming,) = bundle_inbox.on_the_way(place.depot)
    assert (coming.area, coming.version, coming.arrived) == (AREA, 1, True)
    (taken,) = bundle_inbox.take_in(place.office)
    assert taken.problem is None
    assert taken.card is not None
    assert (taken.card.area, taken.card.version, taken.card.people, taken.card.source) == (AREA, 1, 2, "central")
    assert bundle_inbox.on_the_way(place.depot) == ()
    found = rosters.person(place.office, row(2)["NIK"])
    assert found is not None
    assert (found.name, found.recorded, found.central_code) == ("SITI AMINAH CONTOH", True, "CARD_ISSUED")
    assert bundle_inbox.take_in(place.office) == ()


def test_the_next_version_comes_as_what_has_changed(place: Workplace, server: CentralServer, tmp_path: Path) -> None:
    make(server, tmp_path, row(1), row(2))
    deliver(place)
    bundle_inbox.take_in(place.office)
    make(server, tmp_path, row(1, NAMA_LGKP="SITI BARU CONTOH"), row(3))
    deliver(place)
    assert next((tmp_path / "central" / "bundles").rglob("*-v2-b1.roster"))
    (taken,) = bundle_inbox.take_in(place.office)
    assert taken.problem is None
    names = [
        (found.name if found else None) for found in (rosters.person(place.office, row(n)["NIK"]) for n in (1, 2, 3))
    ]
    assert names == ["SITI BARU CONTOH", None, "SITI AMINAH CONTOH"]


def test_a_delta_without_its_base_is_fetched_again_as_a_whole(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    make(server, tmp_path, row(1), row(2))
    deliver(place)
    bundle_inbox.take_in(place.office)
    make(server, tmp_path, row(2), row(3))
    deliver(place)
    rosters.drop(place.office, AREA)
    (taken,) = bundle_inbox.take_in(place.office)
    assert taken.problem is not None
    assert taken.problem.code == "roster.base_missing"
    deliver(place)
    (taken,) = bundle_inbox.take_in(place.office)
    assert (taken.problem, taken.card and taken.card.people) == (None, 2)


def test_a_list_that_was_tampered_with_on_the_disk_is_not_taken_in(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    make(server, tmp_path, row(1))
    deliver(place)
    body = next((tmp_path / "station" / "inbox" / "bundles").glob("*.age"))
    content = body.read_bytes()
    body.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (taken,) = bundle_inbox.take_in(place.office)
    assert taken.problem is not None
    assert rosters.cards(place.office) == ()
    assert not list(body.parent.iterdir())


def test_a_record_that_central_received_is_marked_on_the_next_list(
    place: Workplace, server: CentralServer, tmp_path: Path
) -> None:
    make(server, tmp_path, row(1), row(2))
    deliver(place)
    bundle_inbox.take_in(place.office)
    place.seal(1)
    place.drain()
    server.central.rosters.make_again(AREA, 30)
    deliver(place)
    bundle_inbox.take_in(place.office)
    found = rosters.person(place.office, row(1)["NIK"])
    assert found is not None
    assert (found.recorded, found.central_code) == (True, "PRINT_READY_RECORD")
    other = rosters.person(place.office, row(2)["NIK"])
    assert other is not None
    assert not other.recorded


def test_only_this_station_can_open_what_is_in_its_inbox(
    place: Workplace, server: CentralServer, tmp_path: Path, clock: HandClock
) -> None:
    make(server, tmp_path, row(1))
    deliver(place)
    with workplace(tmp_path / "other", server, clock) as other:
        shutil.copytree(tmp_path / "station" / "inbox", tmp_path / "other" / "inbox", dirs_exist_ok=True)
        (taken,) = bundle_inbox.take_in(other.office)
        assert taken.problem is not None
        assert taken.problem.code == "roster.other_station"


@pytest.mark.parametrize("at", ["enrolment.keyring", "enrolment.database", "enrolment.saved"])
def test_a_power_cut_while_enrolling_leaves_a_station_that_opens_its_lists_or_none_at_all(
    server: CentralServer, tmp_path: Path, clock: HandClock, at: str
) -> None:
    def cut(name: str) -> None:
        if name == at:
            raise PowerCut

    root = tmp_path / "cut"
    place = Workplace(root, server.url, clock)
    with failpoint.armed(cut), pytest.raises(PowerCut):
        place.enrol(server.central.new_code())
    place.reopen()
    if place.depot.enrolment is None:
        place.enrol(server.central.new_code())
    make(server, tmp_path, row(1))
    deliver(place)
    (taken,) = bundle_inbox.take_in(place.office)
    assert taken.problem is None
    place.close()
    assert not list(root.glob("applicants.db.first*"))


def test_the_key_of_lists_is_behind_the_password(place: Workplace) -> None:
    assert place.office
    place.close()
    for path in (place.root).rglob("*"):
        if path.is_file():
            assert b"AGE-SECRET-KEY" not in path.read_bytes(), path.name
