"""The audit trail at the desk: reads have lines, nobody edits or cuts it unseen, and every damage is located."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station import cli
from station.central.server import CentralServer
from station.desk import documents, recording, records, signin, trail
from station.desk.office import Operator
from station.domain.biometrics import Part
from station.domain.damage import Damage, Harm
from station.domain.errors import AccessError, StoreError
from station.domain.rows import Filter
from station.seal.audit_head import sign_head
from station.seal.jws import SigningKey
from station.store import audit
from station.store.audit import Wanted
from station.store.audit_check import examine
from station.store.database import Connection, Database
from station.store.migrate import migrate
from station.wire import SignedAuditHead
from tests.support import PASSWORD, TODAY, HandClock, Workplace, good_answers

KEY = SigningKey.generate("stasiun-uji")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A trail of twelve lines, a minute each."""
    database = Database(tmp_path / "applicants.db", bytes(32))
    migrate(database, "applicants")
    with database.write() as connection:
        for number in range(1, 13):
            at = TODAY + timedelta(minutes=number)
            audit.append(connection, at=at, operator_id="op-1", action="view", record_id=f"r-{number}")
    yield database
    database.close()


def as_the_thief(connection: Connection, sql: str) -> None:
    """With the database key, and with the guards taken away first."""
    for name in ("no_update", "no_delete", "in_order"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_{name}")
    connection.exec_driver_sql(sql)


def head_of(database: Database, number: int = 0) -> SignedAuditHead:
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT number, hash FROM audit ORDER BY number").all()
    row = rows[number - 1]
    return SignedAuditHead(number=row[0], hash=row[1], station_id="s", at=TODAY + timedelta(minutes=row[0]))


def found(database: Database, *heads: SignedAuditHead, sql: str = "") -> tuple[Damage, ...]:
    with database.write() as connection:
        for statement in sql.split(";"):
            if statement.strip():
                as_the_thief(connection, statement)
        return examine(connection, heads).damage


def places(damage: tuple[Damage, ...]) -> list[tuple[Harm, int, int, int | None, int | None]]:
    return [
        (
            item.harm,
            item.first,
            item.last,
            item.before.number if item.before else None,
            item.after.number if item.after else None,
        )
        for item in damage
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET action = 'seal' WHERE number = 3",
        "DELETE FROM audit WHERE number = 12",
        "INSERT INTO audit SELECT 5, at, operator_id, action, record_id, detail, hash FROM audit WHERE number = 4",
        "INSERT OR REPLACE INTO audit SELECT 4, at, 'op-9', action, record_id, detail, hash FROM audit LIMIT 1",
    ],
)
def test_the_database_itself_refuses_to_change_delete_or_squeeze_in_a_line(database: Database, sql: str) -> None:
    with pytest.raises(StoreError), database.write() as connection:
        connection.exec_driver_sql(sql)
    assert found(database) == ()


def test_an_untouched_trail_is_whole(database: Database) -> None:
    assert found(database, head_of(database, 5), head_of(database, 12)) == ()


def test_edited_deleted_and_cut_lines_are_each_told_with_their_neighbours(database: Database) -> None:
    last = head_of(database, 12)
    sql = (
        "UPDATE audit SET operator_id = 'op-2' WHERE number = 3; DELETE FROM audit WHERE number IN (6, 7);"
        "DELETE FROM audit WHERE number > 10"
    )
    damage = found(database, last, sql=sql)
    assert places(damage) == [
        (Harm.EDITED, 3, 3, 2, 4),
        (Harm.MISSING, 6, 7, 5, 8),
        (Harm.CUT, 11, 12, 10, 12),
    ]
    assert damage[1].before is not None and damage[1].before.at == TODAY + timedelta(minutes=5)


def test_a_trail_that_was_renumbered_after_a_deletion_is_edited_from_there_on(database: Database) -> None:
    damage = found(
        database, sql="DELETE FROM audit WHERE number = 4; UPDATE audit SET number = number - 1 WHERE number > 4"
    )
    assert places(damage) == [(Harm.EDITED, 4, 11, 3, None)]


def test_who_writes_the_whole_trail_anew_contradicts_what_was_signed(database: Database) -> None:
    heads = [head_of(database, 4), head_of(database, 9)]
    with database.write() as connection:
        lines = list(audit.each(connection, Wanted()))
        as_the_thief(connection, "DELETE FROM audit WHERE number >= 6")
        for line in lines[5:]:
            other = "op-9" if line.number == 6 else line.operator_id
            audit.append(connection, at=line.at, operator_id=other, action=line.action, record_id=line.record_id)
    assert found(database) == (), "the chain alone does not tell"
    assert places(found(database, *heads)) == [(Harm.REWRITTEN, 5, 9, 4, 9)]


def test_what_no_program_of_ours_wrote_is_damage_and_no_crash(database: Database) -> None:
    damage = found(database, sql="UPDATE audit SET at = 'kemarin', detail = x'ff' WHERE number = 2")
    assert places(damage)[0][:3] == (Harm.EDITED, 2, 2)


# ------------------------------------------------------------------------------------------------------- at the desk


def actions(place: Workplace) -> list[str]:
    with place.office.applicants.read() as connection:
        return [line.action for line in audit.each(connection, Wanted())]


def test_reads_and_searches_have_lines_and_none_says_what_was_sought(place: Workplace) -> None:
    office = place.office
    record_id = place.draft(1)
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    trail.flush_reads(office)
    before = len(actions(place))
    recording.resume(office, record_id)
    recording.image(office, record_id, Part.FACE)
    recording.image(office, record_id, Part.FACE)
    documents.pages(office, record_id, 1)
    records.search(office, "siti rahasia", Filter.ALL, 0, 20)
    records.search(office, good_answers(1)["nik"], Filter.ALL, 0, 20)
    records.search(office, "", Filter.ALL, 0, 20)
    trail.flush_reads(office)
    with office.applicants.read() as connection:
        lines = list(audit.each(connection, Wanted()))[before:]
    told = [(line.action, dict(line.detail)) for line in lines]
    assert told == [
        ("draft_open", {}),
        ("image_open", {"times": 2}),
        ("document_open", {}),
        ("record_search", {"kind": "name"}),
        ("record_search", {"kind": "number"}),
    ]
    assert lines[0].record_id == record_id


def test_many_reads_in_a_moment_are_one_transaction_after_a_while(place: Workplace) -> None:
    office, clock = place.office, place.clock
    assert isinstance(clock, HandClock)
    trail.note_read(office, "view", "r-0")
    before = len(actions(place))
    for number in range(50):
        trail.note_read(office, "image_open", f"r-{number % 2}")
    assert len(actions(place)) == before
    clock.pass_time(trail.READS_NOTED_EVERY_S)
    trail.note_read(office, "image_open", "r-0")
    with office.applicants.read() as connection:
        lines = list(audit.each(connection, Wanted(actions=frozenset({"image_open"}))))
    assert [(line.record_id, line.detail["times"]) for line in lines] == [("r-0", 26), ("r-1", 25)]


def test_a_look_up_without_an_application_is_called_so(place: Workplace) -> None:
    from station.desk import applicants

    office = place.office
    begun, idle = good_answers(1)["nik"], good_answers(2)["nik"]
    applicants.look_up(office, begun)
    recording.start(office, begun)
    applicants.look_up(office, idle)
    assert "check_without_application" not in actions(place)
    applicants.look_up(office, good_answers(3)["nik"])
    assert actions(place).count("check_without_application") == 1
    trail.leave(office)
    assert actions(place).count("check_without_application") == 2


def test_mistyped_passwords_are_told_after_the_next_sign_in(place: Workplace) -> None:
    [who] = signin.operators(place.depot)
    place.office.applicants.close()
    for _ in range(2):
        with pytest.raises(AccessError):
            signin.sign_in(place.depot, who.operator_id, "bukan ini", place.clock)
    place.close()
    place.__post_init__()
    with place.office.applicants.read() as connection:
        lines = list(audit.each(connection, Wanted(actions=frozenset({"sign_in_failed"}))))
    assert [(line.operator_id, line.detail["times"]) for line in lines] == [(who.operator_id, 2)]


def test_a_cut_tail_is_seen_at_the_next_sign_in_and_its_numbers_are_not_given_again(
    place: Workplace, said: list[str]
) -> None:
    place.draft(1)
    trail.tell_head(place.office)
    with place.office.applicants.write() as connection:
        last, _ = audit.head(connection)
        as_the_thief(connection, f"DELETE FROM audit WHERE number > {last - 3}")
    place.close()
    place.__post_init__()
    assert place.office.trail is not None
    [damage] = place.office.trail.damage
    assert (damage.harm, damage.first, damage.last) == (Harm.CUT, last - 2, last)
    with place.office.applicants.read() as connection:
        numbers = [line.number for line in audit.each(connection, Wanted())]
        [told] = audit.each(connection, Wanted(actions=frozenset({"trail_cut"})))
    assert told.detail == {"first": last - 2, "last": last}
    assert numbers[: last - 3] == list(range(1, last - 2))
    assert numbers[last - 3] == last + 1
    again = trail.check_whole(place.office)
    assert places(again.damage) == [(Harm.MISSING, last - 2, last, last - 3, last + 1)]


def test_only_who_may_read_the_trail_sees_it(place: Workplace) -> None:
    place.office.operator = Operator(place.office.operator.operator_id, "Loket", "counter")
    for deed in (
        lambda: trail.check_whole(place.office),
        lambda: trail.lines(place.office, Wanted(), 0, 10),
        lambda: trail.officers(place.office),
    ):
        with pytest.raises(AccessError, match=r"access\.role"):
            deed()


# ------------------------------------------------------------------------------------------------- command and central


@pytest.fixture
def as_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("as_supervisor")
def test_the_command_tells_each_damage_with_its_place(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.draft(1)
    trail.tell_head(place.office)
    root = place.root
    place.close()
    assert cli.main(["audit", "verify", "--data", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"]
    place.__post_init__()
    with place.office.applicants.write() as connection:
        as_the_thief(connection, "UPDATE audit SET operator_id = 'op-x' WHERE number = 2")
    place.close()
    assert cli.main(["audit", "verify", "--backup", str(root), "--json"]) == 1
    [damage] = json.loads(capsys.readouterr().out)["damage"]
    assert (damage["harm"], damage["first"], damage["before"]["number"]) == ("edited", 2, 1)
    assert cli.main(["audit", "verify", "--data", str(root)]) == 1
    assert "2" in capsys.readouterr().out
    place.__post_init__()


def test_a_wrong_password_or_a_folder_without_a_copy_opens_nothing(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", "bukan ini")
    assert cli.main(["audit", "verify", "--data", str(place.root), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"error": "copy.wrong_secret"}
    assert cli.main(["audit", "verify", "--backup", str(tmp_path / "kosong"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"error": "copy.none"}


@pytest.mark.usefixtures("as_supervisor")
def test_central_keeps_the_newest_head_and_flags_one_that_goes_back_or_contradicts(
    sender: Workplace, central_here: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trail.tell_head(sender.office)
    sender.drain()
    sender.engine.step()
    listen(sender)
    station = sender.depot.enrolled()[0].station_id
    kept = central_here.central.audit_heads.of(station)
    assert kept is not None and kept.number == sender.depot.memory.audit_head[0]
    [known] = [item for item in central_here.central.stations.all() if item.station_id == station]
    heads, key = central_here.central.audit_heads, sender.depot.enrolled()[1]
    capsys.readouterr()
    assert cli.main(["central", "audit", "--data", str(tmp_path)]) == 0

    def a_head(number: int, key: SigningKey = key, of: str = "e" * 64) -> str:
        head = SignedAuditHead(number=number, hash=of, station_id=station, at=sender.clock.now())
        return sign_head(key, head)

    assert heads.take(known, a_head(kept.number - 1), TODAY) == "back"
    assert heads.take(known, a_head(kept.number), TODAY) == "contradicts"
    assert heads.take(known, a_head(kept.number + 5, KEY), TODAY) == "unsigned"
    assert heads.take(known, a_head(kept.number - 1), TODAY) == "back"
    assert heads.of(station) == kept
    capsys.readouterr()
    assert cli.main(["central", "audit", "--data", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert sorted(item["kind"] for item in told["doubts"]) == ["back", "contradicts", "unsigned"]


@pytest.mark.usefixtures("as_supervisor")
def test_the_head_at_central_finds_a_tail_that_was_cut_together_with_the_heads_here(
    sender: Workplace, central_here: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trail.tell_head(sender.office)
    sender.drain()
    listen(sender)
    with sender.office.applicants.write() as connection:
        last, _ = audit.head(connection)
        as_the_thief(connection, f"DELETE FROM audit WHERE number > {last - 2}")
    with sender.depot.outbox.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    root = sender.root
    sender.close()
    capsys.readouterr()
    assert cli.main(["central", "audit", "--data", str(tmp_path), "--head"]) == 0
    (tmp_path / "kepala.txt").write_text(capsys.readouterr().out, "ascii")
    assert cli.main(["audit", "verify", "--data", str(root), "--json"]) == 0, "nothing here tells of it any more"
    capsys.readouterr()
    assert cli.main(["audit", "verify", "--data", str(root), "--head", str(tmp_path / "kepala.txt"), "--json"]) == 1
    [damage] = json.loads(capsys.readouterr().out)["damage"]
    assert (damage["harm"], damage["first"], damage["last"]) == ("cut", last - 1, last)
    sender.__post_init__()


def listen(place: Workplace) -> None:
    """Until the engine has had time for a comparison."""
    assert isinstance(place.clock, HandClock)
    for _ in range(3):
        place.clock.pass_time(700)
        for _ in range(40):
            if place.engine.step() > 0:
                break
