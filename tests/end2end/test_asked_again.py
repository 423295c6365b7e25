"""Records that central has not spoken of for long are offered again: harmless, and told as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from station.central.packets import mark
from station.central.server import CentralServer
from station.desk import healing, records, resending
from station.domain.delivery import OutboxItem, Stage
from station.domain.outcome import Trouble
from station.domain.record import RecordKey, State
from station.domain.rows import Filter, Happening
from station.i18n import use
from station.store.outbox_rows import is_packet
from station.store.tables import packet
from station.ui import letter_words
from tests.support import HandClock, Workplace, running_central, workplace


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, server: CentralServer) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server) as place:
        yield place


def pass_time(place: Workplace, seconds: float) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(seconds)


def hear(place: Workplace, seconds: float = 30) -> None:
    """Let the engine work for a while, and the desk look."""
    assert isinstance(place.clock, HandClock)
    end = place.clock.seconds + seconds
    while place.clock.seconds < end:
        place.clock.pass_time(place.engine.step())
    healing.catch_up(place.office)


def row(place: Workplace, key: RecordKey) -> OutboxItem:
    found = place.depot.outbox.get(key)
    assert found is not None
    return found


@pytest.fixture
def quiet(server: CentralServer, place: Workplace) -> RecordKey:
    """A record that was sent for enrolment fifteen days ago, and of which nothing was heard since."""
    key = place.seal().record.key
    place.drain()
    server.central.say_status(key, "SENT_FOR_ENROLLMENT")
    hear(place)
    pass_time(place, 15 * 86_400)
    # Central's clock is the computer's, and its word is from another day than the test's: the row says when.
    with place.depot.outbox.database.write() as connection:
        told_at = place.clock.now() - timedelta(days=15)
        connection.execute(update(packet).where(is_packet(key)).values(central_at=told_at))
    return key


def test_fifteen_days_without_news_are_listed_and_asking_again_is_harmless(
    server: CentralServer, place: Workplace, quiet: RecordKey
) -> None:
    before = row(place, quiet)
    assert resending.quiet(place.office) == (quiet,)
    assert resending.resend(place.office, resending.quiet(place.office)).done == (quiet,)
    place.engine.send_now()
    hear(place)
    after = row(place, quiet)
    assert (after.stage, after.receipt, after.receipt_no) == (Stage.RECEIPTED, before.receipt, before.receipt_no)
    assert (after.resends, after.confirmed_at is not None) == (1, True)
    assert server.central.packet_count() == 1
    timeline = records.timeline(place.office, quiet.record_id)
    assert timeline.row.record.state is State.ACCEPTED
    assert [moment.what for moment in timeline.moments][:2] == [Happening.CONFIRMED, Happening.RESENT]
    use("en")
    told = letter_words.answered(resending.offered(place.office, [quiet]), place.clock.now())
    assert told.startswith("Central has this record; its receipt was confirmed again: today")


def test_nobody_asks_oftener_than_once_a_day(place: Workplace, quiet: RecordKey) -> None:
    assert resending.resend(place.office, [quiet]).done == (quiet,)
    hear(place)
    assert resending.resend(place.office, [quiet]) == resending.Resent((), (quiet,))
    assert row(place, quiet).stage is Stage.RECEIPTED
    pass_time(place, 86_400)
    assert resending.resend(place.office, [quiet]).done == (quiet,)
    assert row(place, quiet).resends == 2


def test_what_central_has_lost_is_sent_a_second_time_and_not_called_confirmed(
    server: CentralServer, place: Workplace, quiet: RecordKey
) -> None:
    _lose(server, quiet)
    resending.resend(place.office, [quiet])
    place.engine.send_now()
    hear(place)
    item = row(place, quiet)
    assert (item.stage, item.confirmed_at) == (Stage.RECEIPTED, None)
    assert server.central.packet_path(quiet).read_bytes() == place.depot.packets.read(quiet)
    use("en")
    told = letter_words.answered([item], place.clock.now())
    assert told == "Central did not have 1 record any more. It was sent again, and central has it now."


def test_what_is_wanted_again_and_gone_here_is_put_on_hold_with_its_reason(
    server: CentralServer, place: Workplace, quiet: RecordKey
) -> None:
    place.depot.packets.path(quiet).unlink()
    server.central.ask_again(quiet)
    hear(place, 60)
    item = row(place, quiet)
    assert item.last_note is not None
    assert (item.stage, item.last_note.trouble) == (Stage.PARKED, Trouble.FILE_MISSING)
    (found,) = records.search(place.office, "", Filter.NEEDS_REPAIR, 0, 10).rows
    assert found.record.key == quiet
    assert item.receipt, "central's word stays"


def _lose(server: CentralServer, key: RecordKey) -> None:
    with server.central.database.write() as rows:
        mark(rows, key, wanted_again=True)
    server.central.shelf.set_aside(key)
