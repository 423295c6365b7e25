"""Fingers of which only the picture is there become comparable when the draft is opened; a crash erases nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from PIL import Image

from station.capture.lab import Lab, Message
from station.capture.tasks import fingers, likeness
from station.desk import healing, recording, records, sealing, waiting_room
from station.domain.biometrics import Part
from station.domain.errors import DeviceError
from station.domain.outcome import Reason
from station.domain.verification import MATCH_THRESHOLD
from station.store import captures
from station.training.drawing.impressions import impression
from station.training.drawing.prints import master
from tests.support import TODAY, Workplace, a_capture

INDEX = Part.FINGER_02


class CountingLab(Lab):
    """Counts the pictures it was asked to read, and refuses them with `code`."""

    def __init__(self, real: Lab) -> None:
        super().__init__()
        self.real, self.code, self.read = real, "", 0

    def ask(self, task: str, *question: Any, **limits: Any) -> Message:
        if task == "finger_read":
            self.read += 1
            if self.code:
                raise DeviceError(self.code, task=task)
        return self.real.ask(task, *question, **limits)


@pytest.fixture
def counting(lab: Lab) -> CountingLab:
    return CountingLab(lab)


@pytest.fixture
def place(place: Workplace, counting: CountingLab) -> Workplace:
    place.lab = counting
    return place


@pytest.fixture(scope="module")
def wsq(lab: Lab) -> bytes:
    """A drawn right index finger, packed as it is kept."""
    buffer = io.BytesIO()
    Image.fromarray(drawn()).save(buffer, "PNG")
    (read,) = fingers.read(lab, buffer.getvalue(), (INDEX,))
    return read.wsq


@cache
def drawn() -> Any:
    return impression(master(5, 2), 1)


def of_older_version(place: Workplace, image: bytes, parts: tuple[Part, ...] = (INDEX,)) -> str:
    """A draft whose fingers were captured when minutiae were not kept yet."""
    record_id = place.draft()
    with place.office.applicants.write() as connection:
        for part in parts:
            captures.put(connection, record_id, replace(a_capture(part), image=image), sought=False)
        connection.exec_driver_sql("UPDATE capture SET meta = json_remove(meta, '$.minutiae_sought')")
    return record_id


def comparable(place: Workplace, record_id: str) -> bool:
    return recording.resume(place.office, record_id).captures[INDEX].comparable


def take(place: Workplace, record_id: str) -> bool:
    waiting_room.make_ready(place.office, record_id)
    return waiting_room.take(place.office, record_id).captures[INDEX].comparable


@pytest.mark.parametrize("opened", [comparable, take])
def test_a_draft_of_an_older_version_gets_its_minutiae_once_when_it_is_opened(
    place: Workplace, counting: CountingLab, wsq: bytes, opened: Callable[[Workplace, str], bool]
) -> None:
    record_id = of_older_version(place, wsq)
    assert opened(place, record_id)
    assert opened(place, record_id)
    assert counting.read == 1
    with place.office.applicants.read() as connection:
        kept = captures.templates(connection, record_id)[INDEX]
    (again,) = fingers.read(counting.real, wsq, (INDEX,))
    assert likeness.compare(counting.real, [kept], [again.template])[0][0] >= MATCH_THRESHOLD


def test_a_picture_in_which_nothing_can_be_read_is_looked_at_once_and_needs_a_reason(
    place: Workplace, counting: CountingLab, said: list[str]
) -> None:
    record_id = of_older_version(place, b"\xff\xa0 this is no print")
    for _ in range(3):
        assert not comparable(place, record_id)
    assert counting.read == 1
    assert len(said) == 1
    warned = [(item.field, item.code) for item in recording.resume(place.office, record_id).open_captures]
    assert ("capture.finger-02", "capture.not_comparable") in warned


@pytest.mark.parametrize(("code", "asked"), [("lab.crashed", 2), ("lab.too_slow", 1), ("lab.too_large", 1)])
def test_a_lab_that_crashes_or_is_slow_erases_nothing_and_is_asked_again_next_time(
    place: Workplace, counting: CountingLab, wsq: bytes, said: list[str], code: str, asked: int
) -> None:
    counting.code = code
    record_id = of_older_version(place, wsq)
    assert not comparable(place, record_id)
    assert counting.read == asked
    assert said
    counting.code = ""
    assert comparable(place, record_id)


def test_the_first_trouble_of_the_lab_ends_the_looking(
    place: Workplace, counting: CountingLab, wsq: bytes, said: list[str]
) -> None:
    """Ten pictures at twenty seconds each would keep everybody waiting."""
    counting.code = "lab.too_slow"
    recording.resume(place.office, of_older_version(place, wsq, tuple(Part)[1:11]))
    assert counting.read <= 2
    assert said


def test_a_crash_while_a_refused_record_is_reopened_erases_no_minutiae(
    place: Workplace, counting: CountingLab, wsq: bytes, said: list[str]
) -> None:
    record_id = place.draft()
    with place.office.applicants.write() as connection:
        captures.put(connection, record_id, replace(a_capture(INDEX, whose="orang 1"), image=wsq))
    key = sealing.seal(place.office, record_id).record.key
    place.depot.outbox.offer([key], at=TODAY)
    place.depot.outbox.reject(key, [Reason("nik.day", "nik", "no such day")], at=TODAY)
    healing.catch_up(place.office)
    counting.code = "lab.crashed"
    assert not records.reopen(place.office, record_id).captures[INDEX].comparable
    assert said
    counting.code = ""
    assert comparable(place, record_id)
