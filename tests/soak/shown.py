"""What an operator is told of captures: that they were shown as kept. Knows neither who takes them nor who judges."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from station.domain.biometrics import Capture, Part
from tests.soak.journal import Line, Told
from tests.support import a_capture


def kept(record_id: str, shot: Iterable[Capture]) -> Iterator[Line]:
    """A line for each capture of `shot`."""
    for item in shot:
        yield Line(Told.KEPT, record_id, 1, hashlib.sha256(item.image).hexdigest(), item.part.value)


def kept_of_a_draft(record_id: str) -> Iterator[Line]:
    """The same of a whole draft, as `Workplace.draft` makes it."""
    yield from kept(record_id, map(a_capture, Part))
