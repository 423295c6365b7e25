"""Minutiae of fingers of which only the picture is there: read once more from it, so that they can be compared.

Drafts of an older version have none, and as they are never sealed, a reopened record has none either. It must not know
what they are compared with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from station.capture.tasks import fingers
from station.desk.office import Office
from station.domain.biometrics import FINGERS, Capture, Part
from station.domain.errors import DeviceError
from station.log import get_logger
from station.store import captures

log = get_logger(__name__)

_AT_ONCE = 2
_WSQ = b"\xff\xa0"


def with_minutiae(office: Office, captured: Sequence[Capture], needed: Collection[Part] = ()) -> list[Capture]:
    """The same, `needed` ones first, fingers with what they are compared by, where that can be read.

    DeviceError `lab.*` when nobody could look at one of `needed`: that says nothing about whose finger it is.
    """
    found = _sought(office, sorted(captured, key=lambda item: item.part not in needed))
    for capture, trouble in found:
        if trouble is not None and capture.part in needed:
            raise trouble
    return [capture for capture, _trouble in found]


def complete(office: Office, record_id: str) -> None:
    """Read what is missing in a draft that is opened.

    A picture in which nothing can be read is looked at once. After a crash of the lab, or when it was too slow, nobody
    has looked: the next time the draft is opened somebody does, and until then the fingers count as not comparable.
    """
    with office.applicants.read() as connection:
        lacking = captures.unsought(connection, record_id)
    found = [capture for capture, trouble in _sought(office, lacking) if trouble is None]
    if not found:
        return
    with office.applicants.write() as connection:
        still, cards = captures.unsought(connection, record_id), captures.cards(connection, record_id)
        for capture in found:
            if replace(capture, template=b"") in still:  # or it was captured anew in between
                captures.put(connection, record_id, capture, kept_on=cards[capture.part].kept_on)


def _sought(office: Office, captured: Sequence[Capture]) -> list[tuple[Capture, DeviceError | None]]:
    """Each with its minutiae, or why nobody looked at it. The first trouble of the lab ends the looking."""
    troubles: list[DeviceError] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_looked_at, office, troubles), captured))


def _looked_at(office: Office, troubles: list[DeviceError], capture: Capture) -> tuple[Capture, DeviceError | None]:
    if capture.part not in FINGERS or not capture.image.startswith(_WSQ):
        return capture, None
    if troubles:
        return capture, troubles[0]
    try:
        return replace(capture, template=_read(office, capture)), None
    except DeviceError as problem:
        log.warning("no minutiae in the picture of a kept finger (%s)", problem.code)
        if problem.code == "device.bad_image" or problem.code.startswith("finger."):
            return capture, None
        troubles.append(problem)
        return capture, problem


def _read(office: Office, capture: Capture) -> bytes:
    """A crash of the lab costs one more try."""
    try:
        (picture,) = fingers.read(office.lab, capture.image, (capture.part,))
    except DeviceError as problem:
        if problem.code != "lab.crashed":
            raise
        (picture,) = fingers.read(office.lab, capture.image, (capture.part,))
    return picture.template
