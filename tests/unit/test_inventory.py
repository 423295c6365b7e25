"""Whose data was on a laptop that is gone: from its own folder, from a copy of it, and from central alone."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from station import cli
from station.central.inventory import inventory_of
from station.central.server import CentralServer
from station.desk import inventory, officers, recording
from station.desk.office import Operator
from station.desk.opened_copy import opened_copy
from station.domain.errors import AccessError
from station.domain.inventory import Held, Kinds
from station.domain.permission import Permission
from station.store import officers as kept
from station.store.retention_book import mark_purged
from station.ui import inventory_words
from tests.support import PASSWORD, SECOND_PASSWORD, TODAY, HandClock, Workplace, good_answers

WHOLE = Kinds(face=True, fingers=10, irises=2, signature=True)


@pytest.fixture
def place(sender: Workplace) -> Iterator[Workplace]:
    """Two records at central, one of them destroyed since; one sealed and waiting; one draft with a photo only."""
    sender.drain()
    sender.close_engine()
    first = sorted(sender.depot.outbox.keys(), key=str)[0]
    sender.depot.packets.path(first).unlink()
    with sender.depot.outbox.database.write() as rows:
        mark_purged(rows, first, sender.clock.now())
    sender.seal(3)
    recording.start(sender.office, good_answers(4)["nik"])
    yield sender


@pytest.fixture
def as_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)


def test_everybody_is_named_with_parts_and_how_they_lie_there(place: Workplace) -> None:
    found = inventory.of_this_station(place.office)
    assert found is not None
    by_nik = {line.nik: line for line in found.lines}
    assert by_nik.keys() == {good_answers(number)["nik"] for number in (1, 2, 3, 4)}
    told = {nik[-4:]: (line.held, line.kinds) for nik, line in by_nik.items()}
    assert sorted(held for held, _ in told.values()) == [Held.DESTROYED, Held.DRAFT, Held.RECEIVED, Held.WAITING]
    assert told["0004"] == (Held.DRAFT, Kinds())
    assert told["0003"] == (Held.WAITING, WHOLE)
    [received] = [line for line in found.lines if line.held is Held.RECEIVED]
    assert received.kinds == WHOLE and received.receipt_no and received.received_at is not None
    [destroyed] = [line for line in found.lines if line.held is Held.DESTROYED]
    assert destroyed.kinds == Kinds() and destroyed.receipt_no
    assert found.people == 4


def test_only_who_may_read_the_trail_gets_it_and_it_leaves_a_line(place: Workplace) -> None:
    inventory.of_this_station(place.office)
    with place.office.applicants.read() as connection:
        rows = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'inventory'").scalars().all()
    assert [json.loads(row) for row in rows] == [{"records": 4}]
    place.office.operator = Operator(place.office.operator.operator_id, "Loket", "counter")
    with pytest.raises(AccessError, match=r"access\.role"):
        inventory.of_this_station(place.office)


@pytest.mark.usefixtures("as_supervisor")
def test_a_copy_of_the_folder_tells_the_same_and_is_not_changed(
    place: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alive = inventory.of_this_station(place.office)
    copy = Path(shutil.copytree(place.root, tmp_path / "salinan"))
    before = {path: path.read_bytes() for path in sorted(copy.rglob("*")) if path.is_file()}
    out = tmp_path / "daftar.csv"
    assert cli.main(["inventory", "--backup", str(copy), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert alive is not None
    assert told["counts"] == {held.value: alive.count(held) for held in Held}
    assert {item["nik"] for item in told["records"]} == {line.nik for line in alive.lines}
    assert cli.main(["inventory", "--backup", str(copy), "--csv", str(out)]) == 0
    text = capsys.readouterr().out
    assert "SQLCipher" in text and good_answers(1)["nik"] not in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    assert len(rows) == 1 + len(alive.lines)
    assert {path: path.read_bytes() for path in sorted(copy.rglob("*")) if path.is_file()} == before


def test_packets_that_are_newer_than_the_copied_database_are_counted_too(place: Workplace, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(place.root, tmp_path / "salinan"))
    place.seal(5)
    shutil.copytree(place.root / "packets", copy / "packets", dirs_exist_ok=True)
    with opened_copy(copy, PASSWORD, Permission.READ_AUDIT) as opened:
        found = inventory.of_copy(opened)
    assert found is not None
    [late] = [line for line in found.lines if not line.nik]
    assert late.held is Held.WAITING and late.kinds is None and late.sealed_at is not None
    assert found.people == 5


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({"ended_at": TODAY}, "officer.ended"),
        ({"until": TODAY - timedelta(days=1)}, "officer.over"),
        ({"finger": True}, "copy.finger"),
    ],
)
def test_a_copy_opens_for_nobody_who_could_not_sign_in_today(
    place: Workplace, tmp_path: Path, now: dict[str, Any], code: str
) -> None:
    officers.add(place.office, PASSWORD, "Kepala B.", "supervisor", SECOND_PASSWORD)
    with place.office.applicants.write() as connection:
        me = kept.all_of(connection)[place.office.operator.operator_id]
        kept.change(connection, replace(me, **now))
    copy = Path(shutil.copytree(place.root, tmp_path / "salinan"))
    with pytest.raises(AccessError) as problem, opened_copy(copy, PASSWORD, Permission.READ_AUDIT, place.clock):
        pass
    assert problem.value.code == code


def test_it_can_be_stopped(place: Workplace) -> None:
    assert inventory.of_this_station(place.office, stopped=lambda: True) is None


def test_central_alone_names_those_it_has_and_says_how_many_it_does_not_know(
    place: Workplace, central_here: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(place.clock, HandClock)
    station = place.depot.enrolled()[0].station_id
    place.network.cut()
    place.seal(6)
    place.network.mend()
    central_here.central.block(station, "hilang")
    central_here.central.wipes.order(station, "hilang")
    found = inventory_of(tmp_path / "central", station)
    assert {line.nik for line in found.lines} == {good_answers(number)["nik"] for number in (1, 2)}
    assert {line.kinds for line in found.lines} == {WHOLE}
    assert {line.held for line in found.lines} == {Held.RECEIVED}
    assert found.told.blocked and found.told.wipe == "ordered"
    assert cli.main(["central", "inventory", "--data", str(tmp_path), station]) == 0
    told = capsys.readouterr().out
    assert good_answers(1)["nik"] in told
    assert cli.main(["central", "inventory", "--data", str(tmp_path), "siapa"]) == 1


def test_a_name_that_steers_a_terminal_or_a_table_program_does_neither(place: Workplace) -> None:
    found = inventory.of_this_station(place.office)
    assert found is not None
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql(
            "UPDATE record SET answers = json_set(answers, '$.name', '=1+1' || char(27) || '[2J')"
        )
    found = inventory.of_this_station(place.office)
    assert found is not None
    assert "\x1b" not in "\n".join(inventory_words.as_text(found))
    assert b"'=1+1" in inventory_words.as_csv(found)
