"""Central sees that two computers work as one station by the numbers of their packets, and says so once a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from station.central.database import Database
from station.central.tables import events, stations
from station.central.twins import note_link, stations_with_twins
from tests.support import TODAY

ID = "station-7"


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "central.db")
    with database.write() as rows:
        known: dict[str, object] = {
            column.name: "" for column in stations.c if not column.nullable and column.server_default is None
        }
        known |= {"station_id": ID, "last_position": 0, "enrolled_at": TODAY, "number": 1, "blocked": False}
        rows.execute(insert(stations).values(**{key: value for key, value in known.items() if key in stations.c}))
    yield database
    database.close()


def sealed(central: Database, number: int, after_s: float, sha256: str = "", *, told: datetime = TODAY) -> bool:
    """A packet arrives; whether two computers are known from then on."""
    at = TODAY + timedelta(seconds=after_s)
    with central.write() as rows:
        note_link(rows, ID, sequence=number, sha256=sha256 or f"{number:064x}", sealed_at=at, now=told)
        return ID in stations_with_twins(rows)


def notices(central: Database) -> int:
    with central.read() as rows:
        return sum(json.loads(text)["kind"] == "notice" for text in rows.scalars(select(events.c.event)))


def test_one_computer_is_never_taken_for_two(central: Database) -> None:
    assert not any(sealed(central, number, number * 60) for number in (3, 1, 2, 4))
    assert not sealed(central, 4, 240), "the same packet again"
    assert not sealed(central, 5, -86400), "its clock was set back"


def test_numbers_left_out_by_a_restore_are_no_sign_of_a_second_computer(central: Database) -> None:
    assert not sealed(central, 1003, 900)
    assert not sealed(central, 3, 100), "sealed before the restore, arrived after it"
    assert not sealed(central, 1004, 1000)


def test_the_same_number_twice_is_two_computers(central: Database) -> None:
    assert not sealed(central, 1003, 900)
    assert sealed(central, 1003, 950, "f" * 64)


@pytest.mark.parametrize("turn", [1, -1])
def test_an_old_computer_that_goes_on_after_the_restore_is_noticed_whoever_arrives_first(
    central: Database, turn: int
) -> None:
    first, second = [(1003, 900.0), (4, 2000.0)][::turn]
    assert not sealed(central, *first)
    assert sealed(central, *second)


def test_it_is_said_once_a_day(central: Database) -> None:
    for hours, said in ((0, 1), (1, 1), (25, 2)):
        sealed(central, 1, hours, f"{hours + 1:064x}", told=TODAY + timedelta(hours=hours))
        sealed(central, 1, hours, f"{hours + 101:064x}", told=TODAY + timedelta(hours=hours))
        assert notices(central) == said
