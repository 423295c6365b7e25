"""Data that were lost or rolled back: the newest copy is asked for by every door, and no number is given twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station.cli import main
from station.desk import backup, database_key, forgotten, keys, recording, retention, signin, trail
from station.desk.copying import Copying
from station.desk.recovering import GAP
from station.domain.errors import StoreError
from station.domain.record import State
from station.domain.role import Role
from station.store import audit, records, seals, settings, snapshot
from station.store.audit import Wanted
from station.store.medium import medium_at
from station.store.seals import ChainHead
from tests import retaining
from tests.support import OPERATOR, PASSWORD, Workplace

Open = Callable[[Path], Workplace]
NEW = "sandi-yang-baru"


@pytest.fixture(autouse=True)
def _told(said: list[str]) -> None:
    """Damage is told in the log, every time."""


@pytest.fixture
def two(two_sealed: Path, tmp_path: Path, open_place: Open) -> Workplace:
    """A station that has sealed two records."""
    return open_place(Path(shutil.copytree(two_sealed / "station", tmp_path / "station")))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def copied(place: Workplace) -> None:
    """A snapshot beside the databases and, where there is a medium, on it."""
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    copying.snap(place.clock.now(), at_once=True)
    copying.copy(place.clock.now())
    assert copying.key_holder is not None
    copying.key_holder.close()


def lose(place: Workplace) -> None:
    """The databases of the people and everything beside it are gone, as after a crash in the middle of mending."""
    place.close()
    for part in place.root.glob("applicants.db*"):
        part.unlink()


def lose_with_snapshots(place: Workplace) -> None:
    lose(place)
    shutil.rmtree(place.root / "snapshots", ignore_errors=True)


def who(place: Workplace) -> str:
    return next(one.operator_id for one in signin.operators(place.depot) if one.name == OPERATOR)


def recovery_words(place: Workplace) -> str:
    """New ones, as an admin makes them."""
    office = place.office
    me, office.operator = office.operator, replace(office.operator, role=Role.ADMIN)
    words = keys.new_recovery_words(office, PASSWORD)
    office.operator = me
    return words


def head(place: Workplace) -> ChainHead | None:
    with place.office.applicants.read() as connection:
        return seals.head(connection)


def drafts(place: Workplace) -> int:
    with place.office.applicants.read() as connection:
        return len(records.with_states(connection, [State.DRAFT]))


def test_a_missing_database_is_never_made_anew_by_opening_it(two: Workplace) -> None:
    key = two.office.applicants.raw_key
    lose(two)
    two.__post_init__()
    with pytest.raises(StoreError, match=r"store\.corrupt"):
        database_key.open_database(two.depot, key)
    assert not (two.root / "applicants.db").exists()


def test_recovery_words_bring_the_snapshot_back_and_the_next_sign_in_is_told(two: Workplace) -> None:
    words = recovery_words(two)
    two.draft(3)
    copied(two)
    two.seal(4)
    lose(two)
    two.__post_init__()
    forgotten.set_password_by_words(two.depot, words, who(two), NEW, two.clock)
    office = signin.sign_in(two.depot, who(two), NEW, two.clock)
    two._office = office
    assert office.recovered is not None
    assert (office.recovered.what, office.recovered.source, office.recovered.replayed) == (("applicants",), "local", 1)
    assert drafts(two) == 1
    with office.applicants.read() as connection:
        assert audit.each(connection, Wanted(actions=frozenset({"password_by_words"})))
        assert connection.exec_driver_sql("SELECT count(identity) FROM seal").scalar() == 2


def test_the_backup_command_puts_damage_right_first(
    two: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    two.draft(3)
    copied(two)
    lose(two)
    assert main(["--data", str(two.root), "backup", "--to", str(stick)]) == 0
    medium = medium_at(stick)
    assert medium is not None
    assert [item.facts.drafts for item in snapshot.snapshots_in(medium.snapshots)] == [1]
    two.__post_init__()
    assert two.office.recovered is not None and two.office.recovered.source == "local"


def test_a_medium_that_is_away_is_asked_for_before_anything_is_begun_anew(two: Workplace, stick: Path) -> None:
    backup.use(two.depot, stick, two.clock.now())
    two.draft(3)
    copied(two)
    lose_with_snapshots(two)
    away = stick.rename(stick.with_name("drawer"))
    two.__post_init__()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"backup\.away") as refused:
            assert two.office
        assert refused.value.data == {"place": str(stick)}
        assert not (two.root / "applicants.db").exists()
    away.rename(stick)
    assert two.office.recovered is not None and two.office.recovered.source == "medium"
    assert drafts(two) == 1


def test_a_medium_is_found_where_it_is_mounted_today(
    two: Workplace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.use(two.depot, stick, two.clock.now())
    copied(two)
    lose_with_snapshots(two)
    elsewhere = stick.rename(stick.with_name("drive-e"))
    tail = backup.book_of(two.depot).media[0].tail
    mount = Path(str(elsewhere).removesuffix(tail)) if str(elsewhere).endswith(tail) else elsewhere
    monkeypatch.setattr("station.store.medium._places", lambda path, _tail: iter([Path(path), mount]))
    two.__post_init__()
    assert two.office.recovered is not None and two.office.recovered.source == "medium"


def test_who_goes_on_without_the_medium_is_in_the_trail(two: Workplace, stick: Path) -> None:
    medium = backup.use(two.depot, stick, two.clock.now())
    copied(two)
    lose_with_snapshots(two)
    stick.rename(stick.with_name("drawer"))
    two.__post_init__()
    two._office = signin.sign_in(two.depot, who(two), PASSWORD, two.clock, without_backup=True)
    assert two.office.recovered is not None and two.office.recovered.source == "packets"
    with two.office.applicants.read() as connection:
        [line] = audit.each(connection, Wanted(actions=frozenset({"without_backup"})))
    assert (line.operator_id, line.detail) == (who(two), {"medium": medium.mark.medium_id})


def test_a_database_that_was_rolled_back_is_noticed_and_gives_no_number_again(two: Workplace) -> None:
    assert two.office
    two.close()
    old = (two.root / "applicants.db").read_bytes()
    two.__post_init__()
    given = {recording.start(two.office).record.registration_no for _ in range(2)}
    trail.tell_head(two.office)
    two.close()
    for part in two.root.glob("applicants.db-*"):
        part.unlink()
    (two.root / "applicants.db").write_bytes(old)
    two.__post_init__()
    assert two.office.recovered is not None and two.office.recovered.what == ("rolled_back",)
    assert recording.start(two.office).record.registration_no not in given
    found = head(two)
    assert found is not None and found.sequence == 2 + GAP
    two.reopen()
    assert two.office.recovered is None


def test_a_password_by_words_does_not_hide_that_the_database_was_rolled_back(two: Workplace) -> None:
    words = recovery_words(two)
    two.close()
    old = (two.root / "applicants.db").read_bytes()
    two.__post_init__()
    recording.start(two.office)
    trail.tell_head(two.office)
    told, _hash = two.depot.memory.audit_head
    two.close()
    for part in two.root.glob("applicants.db-*"):
        part.unlink()
    (two.root / "applicants.db").write_bytes(old)
    two.__post_init__()
    forgotten.set_password_by_words(two.depot, words, who(two), PASSWORD, two.clock)
    assert two.office.recovered is not None and two.office.recovered.what == ("rolled_back",)
    with two.office.applicants.read() as connection:
        [line] = audit.each(connection, Wanted(actions=frozenset({"password_by_words"})))
    assert line.number > told


def test_the_lowest_number_holds_also_before_the_first_seal(place: Workplace) -> None:
    with place.office.applicants.write() as connection:
        settings.put_setting(connection, seals.FLOOR, 1000)
    assert head(place) == ChainHead(1000, "")
    place.seal(1)
    found = head(place)
    assert found is not None and found.sequence == 1001


def test_packets_that_were_destroyed_after_their_days_are_still_links_of_the_chain(two: Workplace) -> None:
    retaining.believe(two)
    for key in list(two.depot.outbox.keys()):
        retaining.confirm(two, key)
        retaining.say(two, key)
    retaining.days(two, 400)
    retention.announce(two.office)
    retaining.days(two, 2)
    assert retention.run(two.office).gone == 2
    before = head(two)
    assert before is not None and before.sequence == 2
    lose_with_snapshots(two)
    two.__post_init__()
    assert head(two) == ChainHead(2 + GAP, before.sha256)
