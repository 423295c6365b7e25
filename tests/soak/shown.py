"""What an operator is told of a person: that it was shown as kept. Knows neither who works there nor who judges."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from station.desk import recording
from station.domain.biometrics import Capture, Part
from tests.soak.answers import ANSWERS, hash_of
from tests.soak.journal import Line, Told
from tests.support import APPROVED, Workplace, a_capture, captured, filled, good_answers


def kept(record_id: str, shot: Iterable[Capture]) -> Iterator[Line]:
    """A line for each capture of `shot`."""
    for item in shot:
        yield Line(Told.KEPT, record_id, 1, hashlib.sha256(item.image).hexdigest(), item.part.value)


def typed(record_id: str, serial: int) -> Line:
    """The answers of the person with this number are on the screen, and were kept."""
    return Line(Told.KEPT, record_id, 1, hash_of(good_answers(serial)), ANSWERS)


def draft_of(place: Workplace, serial: int) -> str:
    """A whole draft of the person with this number, whose pictures are nobody else's."""
    office = place.office
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers(serial))
    captured(office, record_id, f"orang {serial}", size=_size(serial))
    recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE, size=_size(serial)))
    return record_id


def kept_of_a_draft(record_id: str, serial: int) -> Iterator[Line]:
    """What was shown while `draft_of` made it."""
    yield typed(record_id, serial)
    yield from kept(record_id, (a_capture(part, size=_size(serial)) for part in Part))


def _size(serial: int) -> int:
    """Bytes: the pictures of tests differ by nothing else."""
    return 200 + serial
