"""Speed rules as typed: what is understood, and what is refused with the place where it is wrong."""

from __future__ import annotations

from datetime import time

import pytest

from station.domain.speed import Metered, SpeedRules, Window
from station.domain.speed_entry import Complaint, Fault, HoursEntry, Kind, hours_of, read_rules, read_time


def read(kbps: str = "", *hours: HoursEntry) -> SpeedRules | Complaint:
    return read_rules(kbps, hours, Metered.SYSTEM, False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", time(7)),
        ("7.30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("0730", time(7, 30)),
        ("730", time(7, 30)),
        ("24.00", time(0)),
        (" 23.59 ", time(23, 59)),
        ("24.01", None),
        ("7.60", None),
        ("", None),
        ("noon", None),
        ("１２", time(12)),
    ],
)
def test_times_are_understood_as_people_write_them(typed: str, meant: time | None) -> None:
    assert read_time(typed) == meant


def test_nothing_typed_is_no_limit() -> None:
    assert read() == SpeedRules()


def test_hours_become_windows() -> None:
    found = read("1.024", HoursEntry("8", "16", Kind.CLOSED), HoursEntry("22", "6", Kind.FREE))
    assert found == SpeedRules(1024, (Window(time(8), time(16), 0), Window(time(22), time(6), None)))


@pytest.mark.parametrize(
    ("entry", "fault", "field"),
    [
        (HoursEntry("", "8", Kind.FREE), Fault.NO_TIME, "start"),
        (HoursEntry("8", "25", Kind.FREE), Fault.NO_TIME, "end"),
        (HoursEntry("8", "8.00", Kind.FREE), Fault.SAME_TIME, "end"),
        (HoursEntry("8", "9", Kind.CAPPED, ""), Fault.NO_SPEED, "kbps"),
        (HoursEntry("8", "9", Kind.CAPPED, "-5"), Fault.NO_SPEED, "kbps"),
        (HoursEntry("8", "9", Kind.CAPPED, "99999999"), Fault.NO_SPEED, "kbps"),
        (HoursEntry("8", "9", Kind.CAPPED, "7"), Fault.TOO_SLOW, "kbps"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(entry: HoursEntry, fault: Fault, field: str) -> None:
    assert read("", HoursEntry("1", "2", Kind.FREE), entry) == Complaint(fault, field, 1)


@pytest.mark.parametrize(("typed", "fault"), [("fast", Fault.NO_SPEED), ("0", Fault.TOO_SLOW), ("²5", Fault.NO_SPEED)])
def test_the_general_speed_is_a_whole_number(typed: str, fault: Fault) -> None:
    assert read(typed) == Complaint(fault, "kbps")


def test_hours_may_touch_and_may_not_overlap() -> None:
    morning, later = HoursEntry("8", "12", Kind.FREE), HoursEntry("12", "16", Kind.FREE)
    assert isinstance(read("", morning, later), SpeedRules)
    assert read("", morning, HoursEntry("11.59", "16", Kind.FREE)) == Complaint(Fault.OVERLAP, "start", 1)
    assert read("", HoursEntry("22", "9", Kind.FREE), morning) == Complaint(Fault.OVERLAP, "start", 1)


def test_rules_that_leave_no_time_to_send_are_refused() -> None:
    closed = (HoursEntry("6", "18", Kind.CLOSED), HoursEntry("18", "6", Kind.CLOSED))
    assert read("", *closed) == Complaint(Fault.NEVER, "start", 1)
    assert isinstance(read("", closed[0], HoursEntry("18", "5.59", Kind.CLOSED)), SpeedRules)


def test_what_was_kept_is_typed_back() -> None:
    windows = (Window(time(8), time(16), 256), Window(time(22), time(6), None), Window(time(6), time(7), 0))
    assert read("", *(hours_of(window) for window in windows)) == SpeedRules(None, windows)
