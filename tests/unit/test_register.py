"""The register of central: versions, what changed between them, and what central itself has received."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from station.central.csv_intake import Listed
from station.central.database import Database
from station.central.keys import CentralKeys, load_keys
from station.central.register import Register
from station.central.register_tables import SCHEMA_VERSION, register_metadata
from station.central.tables import packets
from station.domain.errors import RuleError
from station.domain.target import Target
from station.seal.person_line import Gone
from tests.support import TODAY

LIFE = timedelta(days=30)


class Desk:
    """A register with its two databases."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.keys: CentralKeys = load_keys(root, "c")
        self.packets = Database(root / "central.db")
        self.own = Database(root / "register.db", register_metadata, SCHEMA_VERSION, {})
        self.register = Register(self.own, self.packets, self.keys)
        self.twins: list[tuple[int, int]] = []
        self.now = TODAY

    def make(self, area: str, *people: Listed | None) -> tuple[int, int, int]:
        listed = None if people == (None,) else [person for person in people if person is not None]
        found = self.register.make(
            area, f"Nama {area}", self.now, LIFE, listed, lambda person, other: self.twins.append((person.line, other))
        )
        return found.added, found.changed, found.gone

    def version(self, area: str) -> int | None:
        return self.register.version(area, self.now)

    def people(self, area: str, base: int | None = None) -> dict[str, Target | None]:
        with self.register.reading(area, base, self.now) as reading:
            found: dict[str, Target | None] = {}
            for item in reading.people:
                assert item.nik not in found, "each NIK once"
                found[item.nik] = None if isinstance(item, Gone) else item
        return found

    def received(self, number: int, status: str = "PRINT_READY_RECORD", **changed: object) -> None:
        values = {
            "record_id": f"r-{number}", "revision": 1, "origin": "s", "sha256": "x", "size": 1, "received_at": TODAY,
            "receipt_no": "n", "receipt": "r", "nik_hidden": self.keys.hide_nik(nik(number)), "status": status,
        }  # fmt: skip
        with self.packets.write() as rows:
            rows.execute(insert(packets).values({**values, **changed}))

    def close(self) -> None:
        self.own.close()
        self.packets.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def nik(number: int) -> str:
    return f"990101610488{number:04d}"


def one(number: int, village: str = "99.01.01.2001", *, line: int = 0, said: str = "", **answers: str) -> Listed:
    all_answers = {"nik": nik(number), "name": f"CONTOH {number}", "village": village, **answers}
    return Listed(line or number, all_answers, bool(said), said)


def test_each_import_is_one_more_version_with_what_it_changed(desk: Desk) -> None:
    assert desk.make("99.01.01", one(1), one(2), one(3)) == (3, 0, 0)
    assert desk.make("99.01.01", one(1), one(2, name="LAIN"), one(4)) == (1, 1, 1)
    assert desk.make("99.01.01", one(1), one(2, name="LAIN"), one(4)) == (0, 0, 0)
    assert desk.version("99.01.01") == 3
    assert set(desk.people("99.01.01")) == {nik(1), nik(2), nik(4)}
    assert desk.people("99.01.01", 2) == {}
    changed = desk.people("99.01.01", 1)
    assert set(changed) == {nik(2), nik(3), nik(4)}
    assert changed[nik(3)] is None
    found = changed[nik(2)]
    assert found is not None
    assert (found.name, "nik" in found.answers) == ("LAIN", False)


def test_a_nik_that_comes_twice_is_taken_once_and_the_other_line_named(desk: Desk) -> None:
    people = [one(number, line=number) for number in range(1, 4)]
    desk.make("99.01.01", *people, one(2, line=9, name="LAIN"), one(2, line=10))
    assert desk.twins == [(9, 2), (10, 2)]
    found = desk.people("99.01.01")[nik(2)]
    assert found is not None
    assert found.name == "CONTOH 2"


def test_a_twin_far_away_in_the_file_is_found_too(desk: Desk) -> None:
    desk.make("99.01.01", *(one(number, line=number) for number in range(1, 4500)), one(7, line=9000))
    assert desk.twins == [(9000, 7)]
    assert len(desk.people("99.01.01")) == 4499


def test_the_list_of_a_village_is_cut_out_of_any_import_around_it(desk: Desk) -> None:
    desk.make("99.01", one(1), one(2, "99.01.01.2002"), one(3, "99.01.02.2001"))
    assert desk.version("99.01.01.2002") == 1
    assert set(desk.people("99.01.01")) == {nik(1), nik(2)}
    assert set(desk.people("99.01.01.2002")) == {nik(2)}
    assert desk.version("99.71") is None


def test_a_list_inside_that_is_made_anew_is_a_new_version_of_those_around_it(desk: Desk) -> None:
    desk.make("99.01", one(1), one(3, "99.01.02.2001"))
    desk.make("99.01.01", one(1), one(2))
    assert [desk.version(area) for area in ("99.01", "99.01.01", "99.01.02")] == [2, 2, 1]
    assert set(desk.people("99.01", 1)) == {nik(2)}
    assert desk.people("99.01.02", 1) == {}
    desk.make("99.01.02", one(3, "99.01.02.2001"))
    assert (desk.version("99.01"), desk.version("99.01.01")) == (3, 2)


def test_a_part_of_an_area_is_no_list_of_all_of_it(desk: Desk) -> None:
    desk.make("99.01.01", one(1))
    assert desk.version("99.01") is None
    assert not desk.register.knows_base("99.01", 1, desk.now)


def test_who_moved_is_gone_there_and_new_here(desk: Desk) -> None:
    desk.make("99.01", one(1), one(2, "99.01.02.2001"))
    desk.make("99.01", one(1, "99.01.02.2001"), one(2, "99.01.02.2001"))
    assert desk.people("99.01.01", 1) == {nik(1): None}
    assert set(desk.people("99.01.02", 1)) == {nik(1)}
    here = desk.people("99.01", 1)
    assert here[nik(1)] is not None, "in the whole area it is one change, not a departure"


def test_who_comes_back_is_not_gone(desk: Desk) -> None:
    desk.make("99.01.01", one(1), one(2))
    desk.make("99.01.01", one(2))
    desk.make("99.01.01", one(1), one(2))
    assert desk.people("99.01.01", 1)[nik(1)] is not None
    assert desk.people("99.01.01", 2)[nik(1)] is not None


def test_what_central_has_received_holds_over_what_the_dinas_wrote(desk: Desk) -> None:
    desk.received(1)
    desk.received(2, "DUPLICATE_RECORD")
    desk.make("99.01.01", one(1), one(2, said="BIO_CAPTURED"), one(3, said="CARD_ISSUED"), one(4))
    found = {key: person for key, person in desk.people("99.01.01").items() if person is not None}
    assert [(found[nik(n)].recorded, found[nik(n)].central_code) for n in (1, 2, 3, 4)] == [
        (True, "PRINT_READY_RECORD"),
        (True, "DUPLICATE_RECORD"),
        (True, "CARD_ISSUED"),
        (False, ""),
    ]
    assert found[nik(1)].central_at == TODAY


def test_a_record_received_since_is_a_change_of_the_next_version_and_of_no_other(desk: Desk) -> None:
    desk.make("99.01.01", one(1), one(2))
    desk.received(1, "RECEIVED_AT_CENTRAL")
    assert desk.people("99.01.01")[nik(1)] == Target(nik(1), {"name": "CONTOH 1", "village": "99.01.01.2001"})
    desk.make("99.01.01", None)
    assert set(desk.people("99.01.01", 1)) == {nik(1)}
    desk.make("99.01.01", one(1), one(2))
    assert desk.people("99.01.01", 2) == {}
    with desk.packets.write() as rows:
        rows.execute(update(packets).values(status="PRINT_READY_RECORD"))
    desk.make("99.01.01", None)
    assert set(desk.people("99.01.01", 3)) == {nik(1)}


def test_a_record_that_was_refused_after_all_does_not_count(desk: Desk) -> None:
    desk.received(1)
    desk.make("99.01.01", one(1, said="UNREGISTERED"))
    with desk.packets.write() as rows:
        rows.execute(update(packets).values(refused=True))
    desk.make("99.01.01", None)
    found = desk.people("99.01.01", 1)[nik(1)]
    assert found is not None
    assert (found.recorded, found.central_code, found.central_at) == (True, "UNREGISTERED", None)


@pytest.mark.parametrize(
    ("status", "recorded"),
    [("ENROLL_FAILURE_AT_CENTRAL", False), ("EFAC", False), ("FOO_BAR", True), ("DUPLICATE_RECORD", True)],
)
def test_a_packet_that_central_could_not_use_records_nobody(desk: Desk, status: str, recorded: bool) -> None:
    desk.received(1, status)
    desk.make("99.01.01", one(1, said="CARD_ISSUED"), one(2))
    found = desk.people("99.01.01")[nik(1)]
    assert found is not None
    assert (found.recorded, found.central_code) == (recorded, status)
    desk.make("99.01.01", None)
    assert desk.people("99.01.01", 1) == {}, "the same status is no change"
    with desk.packets.write() as rows:
        rows.execute(update(packets).values(status="RECEIVED_AT_CENTRAL"))
    desk.make("99.01.01", None)
    found = desk.people("99.01.01", 2)[nik(1)]
    assert found is not None
    assert found.recorded


def test_a_list_ends_by_itself_and_its_base_with_it(desk: Desk) -> None:
    desk.make("99.01.01", one(1))
    desk.now += timedelta(days=20)
    desk.make("99.01.01", one(1), one(2))
    assert desk.register.knows_base("99.01.01", 1, desk.now)
    desk.now += timedelta(days=11)
    assert not desk.register.knows_base("99.01.01", 1, desk.now)
    assert desk.version("99.01.01") == 2
    desk.now += timedelta(days=30)
    assert desk.version("99.01.01") is None
    assert desk.register.newest_ever("99.01.01") is not None


def test_an_import_that_fails_half_way_changes_nothing(desk: Desk) -> None:
    desk.make("99.01.01", one(1), one(2))

    def broken() -> Iterator[Listed]:
        yield from (one(number) for number in range(3, 5000))
        raise OSError("the stick was pulled")

    with pytest.raises(OSError, match="stick"):
        desk.register.make("99.01.01", "x", desk.now, LIFE, broken(), lambda *_: None)
    assert desk.version("99.01.01") == 1
    assert set(desk.people("99.01.01")) == {nik(1), nik(2)}
    assert desk.make("99.01.01", one(3)) == (1, 0, 2)


def test_of_whom_a_line_could_not_be_read_stays_as_they_were_and_no_station_hears_of_it(desk: Desk) -> None:
    desk.make("99.01.01", one(1, said="CARD_ISSUED"), one(2), one(3))
    unread: list[str] = []

    def listed() -> Iterator[Listed]:
        yield one(2)
        unread.extend([nik(1), nik(77)])

    found = desk.register.make("99.01.01", "x", desk.now, LIFE, listed(), lambda *_: None, kept=unread)
    assert (found.added, found.changed, found.gone) == (0, 0, 1)
    assert desk.people("99.01.01", 1) == {nik(3): None}
    person = desk.people("99.01.01")[nik(1)]
    assert person is not None
    assert (person.recorded, person.central_code) == (True, "CARD_ISSUED")
    assert desk.make("99.01.01", one(2)) == (0, 0, 1), "the next file speaks for itself"


def test_an_import_that_loses_more_than_half_of_the_area_changes_nothing(desk: Desk) -> None:
    desk.make("99.01", *(one(number) for number in range(1, 5)), one(9, "99.01.02.2001"))

    def again(*people: Listed, accept: bool = False) -> int:
        return desk.register.make("99.01.01", "x", desk.now, LIFE, people, lambda *_: None, accept_losses=accept).gone

    with pytest.raises(RuleError) as problem:
        again(one(1))
    assert (problem.value.code, problem.value.data) == ("csv.many_gone", {"gone": 3, "people": 4})
    assert len(desk.people("99.01.01")) == 4
    assert desk.version("99.01.01") == 1
    assert again(one(1), one(2)) == 2
    assert again(one(7), accept=True) == 2
    assert set(desk.people("99.01")) == {nik(7), nik(9)}


def test_nobody_can_be_read_in_the_files_of_the_register(desk: Desk) -> None:
    desk.make("99.01.01", *(one(number, name="RAHASIA SEKALI") for number in range(1, 200)))
    desk.make("99.01.01", one(1, name="RAHASIA SEKALI"))
    desk.close()
    for path in desk.root.iterdir():
        content = path.read_bytes()
        assert b"RAHASIA" not in content
        assert nik(1).encode() not in content


def test_who_left_is_forgotten_when_no_station_can_have_them_any_more(desk: Desk) -> None:
    desk.make("99.01.01", one(1), one(2))
    desk.make("99.01.01", one(2))
    assert desk.people("99.01.01", 1) == {nik(1): None}
    desk.now += timedelta(days=31)
    desk.make("99.01.01", one(2))
    with desk.own.read() as rows:
        assert rows.exec_driver_sql("SELECT count(*) FROM departed").scalar() == 0
