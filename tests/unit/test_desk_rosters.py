"""Target lists at the desk: importing, wiping at their expiry, and what the audit trail says about them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from station.desk import rosters, signin
from station.domain.errors import RuleError, TrustError
from station.seal.body import recipient_of
from station.seal.person_line import Gone
from station.store import audit
from station.store.secrets import BUNDLE_IDENTITY, secret_of
from tests.bundles import AREA, ListMaker, central_of, somebody
from tests.support import TODAY, HandClock, Workplace, files_below


@pytest.fixture
def maker(place: Workplace, tmp_path: Path) -> ListMaker:
    (tmp_path / "stick").mkdir()
    return central_of(place, tmp_path / "stick")


def audited(place: Workplace, *actions: str) -> list[tuple[str, dict[str, object]]]:
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
        rows = connection.exec_driver_sql("SELECT action, detail FROM audit ORDER BY number").all()
    return [(action, json.loads(detail)) for action, detail in rows if action in actions]


def pass_time(place: Workplace, delta: timedelta, *, seen: bool = True) -> None:
    """Time passes; with `seen` False only the clock on the wall is moved."""
    assert isinstance(place.clock, HandClock)
    place.clock.wall += delta
    if seen:
        place.clock.seconds += delta.total_seconds()


def areas(place: Workplace) -> list[str]:
    return [card.area for card in rosters.cards(place.office)]


def test_a_list_from_a_stick_is_there_after_a_restart_and_its_file_tells_nothing(
    place: Workplace, maker: ListMaker
) -> None:
    card = rosters.import_file(place.office, maker.file([somebody(1), somebody(2)]))
    assert (card.area, card.version, card.people, card.source, card.imported_at) == (AREA, 1, 2, "usb", TODAY)
    place.reopen()
    assert rosters.cards(place.office) == (card,)
    assert rosters.person(place.office, somebody(1).nik) == somebody(1)
    for path in files_below(place.root):
        content = path.read_bytes()
        assert b"AMINAH" not in content
        assert somebody(1).nik.encode() not in content


def test_what_was_fetched_from_central_is_opened_with_the_identity_made_for_it(
    place: Workplace, maker: ListMaker
) -> None:
    with place.office.applicants.read() as connection:
        identity = secret_of(connection, BUNDLE_IDENTITY)
    assert identity is not None
    maker.recipient = recipient_of(identity)
    card = rosters.import_parts(place.office, *maker.parts([somebody(1)]))
    assert (card.source, rosters.count(place.office, AREA)) == ("central", 1)


def test_import_and_wiping_are_in_the_audit_trail_without_anybodys_name(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)]))
    rosters.import_file(place.office, maker.file([Gone(somebody(1).nik)], version=2, base=1, people=0))
    rosters.drop(place.office, AREA)
    told = audited(place, "roster_import", "roster_drop")
    assert [action for action, _ in told] == ["roster_import", "roster_import", "roster_drop"]
    assert told[0][1] == {"area": AREA, "version": 1, "people": 1}


def test_a_refused_import_is_not_in_the_audit_trail_as_one(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], version=2))
    with pytest.raises(RuleError):
        rosters.import_file(place.office, maker.file([somebody(1)]))
    assert len(audited(place, "roster_import")) == 1


def test_searches_are_audited_by_their_number_at_most_once_a_minute(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)]))
    for typed in ("s", "si", "sit"):
        assert rosters.find(place.office, typed) == (somebody(1),)
    assert audited(place, "roster_search") == [("roster_search", {"searches": 1})]
    pass_time(place, timedelta(seconds=61))
    assert rosters.of_area(place.office, AREA) == (somebody(1),)
    assert audited(place, "roster_search")[1:] == [("roster_search", {"searches": 3})]
    rosters.find(place.office, "siti")
    signin.sign_out(place.office)
    place._office = None
    assert audited(place, "roster_search")[2:] == [("roster_search", {"searches": 1})]


def test_wiping_a_list_leaves_neither_key_nor_file(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)]))
    rosters.drop(place.office, AREA)
    assert rosters.person(place.office, somebody(1).nik) is None
    with place.office.applicants.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM roster").scalar() == 0
    assert files_below(place.root / "rosters") == []
    with pytest.raises(RuleError) as problem:
        rosters.drop(place.office, AREA)
    assert problem.value.code == "roster.unknown"


# ---------------------------------------------------------------------------------------------------------- expiry


def test_an_expired_list_is_wiped_while_somebody_works_and_not_a_minute_sooner(
    place: Workplace, maker: ListMaker
) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    rosters.import_file(place.office, maker.file([somebody(2)], area="99.02", expires_at=TODAY + timedelta(days=2)))
    pass_time(place, timedelta(days=1, minutes=-1))
    assert rosters.drop_expired(place.office) == ()
    pass_time(place, timedelta(minutes=1))
    assert [card.area for card in rosters.drop_expired(place.office)] == [AREA]
    assert areas(place) == ["99.02"]
    assert len(files_below(place.root / "rosters")) == 1
    assert audited(place, "roster_expired") == [("roster_expired", {"area": AREA, "version": 1, "people": 1})]


def test_an_expired_list_is_wiped_at_the_next_sign_in(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    pass_time(place, timedelta(days=1))
    place.reopen()
    assert areas(place) == []
    assert files_below(place.root / "rosters") == []
    assert [card.area for card in place.office.expired] == [AREA]


def test_setting_the_clock_back_does_not_make_a_list_last_longer(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    for _ in range(20):
        pass_time(place, timedelta(hours=1))
        rosters.drop_expired(place.office)
    pass_time(place, timedelta(days=-30), seen=False)
    for _ in range(3):
        pass_time(place, timedelta(hours=1))
        assert rosters.drop_expired(place.office) == ()
    place.reopen()
    assert areas(place) == [AREA]
    pass_time(place, timedelta(minutes=59))
    assert rosters.drop_expired(place.office) == ()
    pass_time(place, timedelta(minutes=2))
    assert [card.area for card in rosters.drop_expired(place.office)] == [AREA]


def test_a_clock_that_was_wrong_when_a_list_came_does_not_wipe_it_too_soon(place: Workplace, maker: ListMaker) -> None:
    pass_time(place, timedelta(days=-300), seen=False)
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    pass_time(place, timedelta(days=300), seen=False)
    assert rosters.drop_expired(place.office) == ()
    pass_time(place, timedelta(days=1))
    assert [card.area for card in rosters.drop_expired(place.office)] == [AREA]


def test_the_time_central_told_counts_not_the_clock_of_this_computer(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    place.depot.memory.clock_offset_s = -86400.0
    pass_time(place, timedelta(days=1, hours=1), seen=False)
    assert rosters.drop_expired(place.office) == ()
    place.depot.memory.clock_offset_s = 0.0
    assert len(rosters.drop_expired(place.office)) == 1


@pytest.mark.parametrize("offset", [timedelta(days=400), timedelta(days=-400)])
def test_what_central_said_before_the_clock_was_set_right_neither_wipes_a_list_nor_lets_an_old_one_in(
    place: Workplace, maker: ListMaker, offset: timedelta
) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=1)))
    place.depot.memory.clock_offset_s = offset.total_seconds()
    assert rosters.drop_expired(place.office) == ()
    past = maker.file([somebody(1)], version=2, expires_at=TODAY if offset < timedelta(0) else TODAY + offset)
    with pytest.raises(TrustError) as problem:
        rosters.import_file(place.office, past)
    assert problem.value.code == "roster.expired"
    pass_time(place, timedelta(days=1))
    assert [card.area for card in rosters.drop_expired(place.office)] == [AREA]


def test_a_list_that_came_while_the_clock_was_put_right_twice_lives_until_its_day(
    place: Workplace, maker: ListMaker
) -> None:
    place.depot.memory.clock_offset_s = timedelta(days=5).total_seconds()
    rosters.import_file(place.office, maker.file([somebody(1)], expires_at=TODAY + timedelta(days=6)))
    pass_time(place, timedelta(days=5))
    assert rosters.drop_expired(place.office) == ()
    pass_time(place, timedelta(days=1))
    assert [card.area for card in rosters.drop_expired(place.office)] == [AREA]


def test_wiping_one_version_does_not_wipe_the_next(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file([somebody(1)]))
    rosters.import_file(place.office, maker.file([somebody(1)], version=2))
    with pytest.raises(RuleError) as problem:
        rosters.drop(place.office, AREA, 1)
    assert problem.value.code == "roster.unknown"
    assert areas(place) == [AREA]
    rosters.drop(place.office, AREA, 2)
    assert areas(place) == []
