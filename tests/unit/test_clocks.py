"""Clocks that differ: whose is wrong as far as central's word goes, told once a day, remembered until they agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station import i18n
from station.capture.rack import Rack
from station.desk import clocks, devices
from station.desk.devices import State
from station.domain.biometrics import Modality
from station.domain.clocks import Check, Skew, Wrong, skew
from station.domain.device import Use
from station.store.clock_book import MOST
from station.sync.probe import say_hello
from station.ui import clock_words
from station.ui.screens.devices import device_advice, device_words
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.sending import Sender, sending
from tests.support import TODAY, HandClock, Workplace

SCANNER = info(Modality.FINGER, "A-1")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WRONG, RIGHT = Use(SCANNER, 900, skewed=True), Use(SCANNER, 900)


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.use("en")


@pytest.mark.parametrize(
    ("offset", "checked", "wrong"),
    [
        (timedelta(), -10 * MINUTE, Wrong.DEVICE),
        (4 * MINUTE, -10 * MINUTE, Wrong.DEVICE),
        (-4 * MINUTE, -23 * HOUR, Wrong.DEVICE),
        (timedelta(), -25 * HOUR, Wrong.UNKNOWN),  # who knows what happened to our clock since
        (17 * MINUTE, -10 * MINUTE, Wrong.COMPUTER),
        (-17 * MINUTE, -10 * MINUTE, Wrong.COMPUTER),
        (17 * MINUTE, -2 * HOUR, Wrong.UNKNOWN),  # somebody may have set it
        (timedelta(), 3 * DAY, Wrong.COMPUTER),  # earlier than when central spoke last: ours went back
        (-2 * HOUR, 2 * HOUR, Wrong.UNKNOWN),  # ours was two hours fast, and has been set
    ],
)
def test_the_clock_that_central_knows_to_be_wrong_is_named_and_nobody_else(
    offset: timedelta, checked: timedelta, wrong: Wrong
) -> None:
    assert skew(SCANNER, TODAY, Check(offset, TODAY + checked), TODAY).wrong is wrong


def test_a_station_that_never_heard_of_central_blames_nobody() -> None:
    assert skew(SCANNER, TODAY, None, TODAY).wrong is Wrong.UNKNOWN


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Skew(SCANNER, TODAY, Wrong.COMPUTER, 17 * MINUTE), "The clock of this computer is 17 minutes slow."),
        (Skew(SCANNER, TODAY, Wrong.COMPUTER, -3 * HOUR), "The clock of this computer is 3 hours fast."),
        (Skew(SCANNER, TODAY, Wrong.COMPUTER, 400 * DAY), "The clock of this computer is 400 days slow."),
        (Skew(SCANNER, TODAY, Wrong.DEVICE), "The clock of the device is wrong: Model A-1 · A-1."),
        (Skew(SCANNER, TODAY, Wrong.UNKNOWN), "The clocks of the device and this computer differ."),
    ],
)
def test_the_sentence_says_whose_and_what_to_do(found: Skew, says: str) -> None:
    said = clock_words.of_skew(found)
    assert says in said.title
    assert "The capture is kept." in said.todo
    assert "technician" in said.todo
    assert "…" not in str(said)


# -------------------------------------------------------------------------------------------------------- remembering


@pytest.fixture
def place(folder_copy: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    return open_place(folder_copy)


def pass_time(place: Workplace, time: timedelta) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(time.total_seconds())


def use(place: Workplace, use: Use) -> None:
    devices.note_use(place.depot, use, place.clock.now())


def of_scanner(place: Workplace) -> Skew | None:
    return clocks.skew_of(place.depot, SCANNER, place.clock.now())


def test_it_stays_until_a_capture_agrees_and_over_a_restart(place: Workplace) -> None:
    use(place, RIGHT)
    assert of_scanner(place) is None
    use(place, WRONG)
    since = place.clock.now()
    pass_time(place, 3 * DAY)
    use(place, WRONG)
    use(place, Use(SCANNER, 900, "device.timeout"))  # shows no clock
    place.reopen()
    found = of_scanner(place)
    assert found is not None
    assert found.since == since
    use(place, RIGHT)
    assert of_scanner(place) is None


def test_it_is_told_once_a_day_for_each_device(place: Workplace) -> None:
    other = info(Modality.IRIS, "D-4")
    assert clocks.tell_once(place.office, SCANNER) is not None
    assert clocks.tell_once(place.office, SCANNER) is None
    assert clocks.tell_once(place.office, other) is not None
    use(place, RIGHT)
    assert clocks.tell_once(place.office, SCANNER) is None
    place.reopen()
    assert clocks.tell_once(place.office, SCANNER) is None
    pass_time(place, DAY)
    assert clocks.tell_once(place.office, SCANNER) is not None


def test_a_device_that_is_well_otherwise_needs_care(place: Workplace) -> None:
    rack = Rack([Shelf(PlainDevice(SCANNER))])
    rack.look()

    def card() -> devices.Card:
        found = devices.cards(place.depot, rack, place.clock.now(), training=False)
        return next(item for item in found if item.kind is Modality.FINGER)

    use(place, RIGHT)
    assert (card().state, card().skew) == (State.READY, None)
    use(place, WRONG)
    assert card().state is State.WORN
    advice = device_advice.advice(card())
    assert advice is not None
    assert (advice.title, advice.tone) == ("The clocks of the device and this computer differ.", "warn")
    name, value = device_words.figures(card(), place.clock.now())[-1]
    assert (name, value.split(" since ")[0]) == ("Clock", "differs from this computer's")
    use(place, RIGHT)
    assert (card().state, card().skew) == (State.READY, None)


def test_a_device_with_ever_new_names_does_not_fill_the_disk(place: Workplace) -> None:
    book, now = place.depot.clocks, place.clock.now()
    for number in range(MOST + 20):
        book.note_skew(f"sbi/finger/{number}", now)
        assert book.note_told(f"sbi/finger/{number}", "2026-11-21")
    kept = [number for number in range(MOST + 20) if book.skewed_since(f"sbi/finger/{number}") is not None]
    assert kept == list(range(20, MOST + 20))


# ------------------------------------------------------------------------------------------------------ central's word


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def hello(sender: Sender) -> None:
    shared = sender.shared()
    say_hello(shared)
    shared.client.close()


@pytest.mark.parametrize(("ahead", "wrong"), [(0, Wrong.DEVICE), (17, Wrong.COMPUTER), (-17, Wrong.COMPUTER)])
def test_the_signed_time_of_every_hello_is_central_s_word_on_our_clock(
    sender: Sender, ahead: int, wrong: Wrong
) -> None:
    sender.central.clock_ahead = ahead * MINUTE
    hello(sender)
    found = skew(SCANNER, TODAY, sender.depot.clocks.check, sender.clock.now())
    assert found.wrong is wrong
    assert found.offset == ahead * MINUTE
    sender.clock.wall += ahead * MINUTE  # somebody sets it
    sender.central.clock_ahead = timedelta()
    hello(sender)
    assert skew(SCANNER, TODAY, sender.depot.clocks.check, sender.clock.now()).wrong is Wrong.DEVICE


def test_a_hello_that_central_did_not_sign_says_nothing_about_our_clock(sender: Sender) -> None:
    sender.central.key = type(sender.central.key).generate("c1")
    sender.central.clock_ahead = 17 * MINUTE
    hello(sender)
    assert sender.depot.clocks.check is None
