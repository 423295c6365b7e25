"""What the simulated sensors see of whoever sits there: takes packed as a device packs them, and live frames.

It must not know of requests, of who asks, or of what is wrong with a device.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from station.domain.biometrics import FINGERS, Modality, Part
from station.training.drawing.marking import mark
from station.training.people import Person
from station.training.scene import TrainingScene

Pixels = NDArray[np.uint8]
Made = TypeVar("Made")

_KEPT = 120  # packed takes, 0.1 to 0.2 MB each: three people and some second tries
_PAPER = 245
_SLAP_SHAPE = (1500, 1600)  # 3.0 by 3.2 inches of glass at 500 ppi
_SLAP_DOWN = {1: 700, 2: 300, 3: 120, 4: 210, 5: 480}  # from the top of the glass, by finger: no hand ends in a line
_FRAMES = 10
_FRAME_HEIGHT = {Modality.FINGER: 320, Modality.IRIS: 360, Modality.FACE: 640}
_GAP = 8
_SWAY = ((0, 0), (1, 0), (2, 1), (2, 2), (1, 2), (0, 1), (-1, 1), (-2, 0), (-2, -1), (-1, -1))


@dataclass(frozen=True)
class Picture:
    """One take as JPEG 2000 without loss."""

    jp2: bytes
    width: int
    height: int


class Studio:
    """One person at a time. Every take of a part differs a little, and is the same whenever it is the same take."""

    def __init__(self, person: Person, *, ahead: bool = True) -> None:
        """`ahead`: what is asked for first is drawn before it is asked for."""
        self._ahead = ahead
        self._closed = False
        self._scene = TrainingScene(person)
        self._takes: Counter[Part] = Counter()
        self._shelf: OrderedDict[object, object] = OrderedDict()
        self._locks: dict[object, Lock] = {}
        self._lock = Lock()
        self._artist = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")
        self.expect(person)

    @property
    def person(self) -> Person:
        return self._scene.person

    def seat(self, person: Person) -> None:
        """The next person sits down; their takes are counted from the first."""
        self._scene.seat(person)
        self._takes.clear()
        self.expect(person)

    def expect(self, person: Person) -> None:
        """Draw what is asked for first in the background."""
        if self._ahead:
            self._artist.submit(self._draw_all, person)

    def close(self) -> None:
        self._closed = True
        self._artist.shutdown(wait=False, cancel_futures=True)

    def sees(self, part: Part) -> bool:
        """False when the person has no such part."""
        return part not in self.person.absent

    def take(self, part: Part, *, poor: bool = False, other: int = 0) -> Picture:
        """The next take of `part`. With `other`, one that no usual count of takes reaches."""
        self._takes[part] += 1
        return self._packed(self.person, part, self._takes[part] + other, poor=poor)

    def slap(self, parts: Sequence[Part], *, poor: bool = False) -> Picture:
        """All of `parts` on one glass, as they lie on it."""
        glass = np.full(_SLAP_SHAPE, _PAPER, np.uint8)
        places = _across(parts)
        for part in parts:
            self._takes[part] += 1
            finger = self._pixels(self.person, part, self._takes[part], poor=poor)
            top = _SLAP_DOWN[(part.position - 1) % 5 + 1]
            left = places[part]
            spot = glass[top : top + finger.shape[0], left : left + finger.shape[1]]
            np.minimum(spot, finger[: spot.shape[0], : spot.shape[1]], out=spot)
        return _pack(glass)

    def frames(self, parts: Sequence[Part], *, poor: bool = False) -> tuple[bytes, ...]:
        """Some JPEG frames of `parts`, to be shown over and over: nobody holds quite still."""
        person = self.person
        return self._once(("frames", person.seed, *parts, poor), lambda: self._filmed(person, parts, poor=poor))

    def _filmed(self, person: Person, parts: Sequence[Part], *, poor: bool) -> tuple[bytes, ...]:
        height = _FRAME_HEIGHT[parts[0].modality]
        shown = sorted(parts, key=_across(parts).__getitem__)
        seen = [_small(self._pixels(person, part, 1, poor=poor), height) for part in shown if part not in person.absent]
        sheet = _side_by_side(seen) if seen else _empty(height, len(parts))
        return tuple(_jpeg(_moved(sheet, right, down)) for right, down in _SWAY[:_FRAMES])

    def _draw_all(self, person: Person) -> None:
        for part in Part:
            if self._closed:
                return
            if part.modality is not Modality.SIGNATURE and part not in person.absent:
                self._packed(person, part, 1, poor=False)

    def _packed(self, person: Person, part: Part, take: int, *, poor: bool) -> Picture:
        key = (person.seed, part, take, poor)
        return self._once(key, lambda: _pack(self._pixels(person, part, take, poor=poor)))

    def _pixels(self, person: Person, part: Part, take: int, *, poor: bool) -> Pixels:
        seen = self._scene.look(part, take, poor=poor, person=person)
        assert seen is not None, "nobody is asked for a part they do not have"
        return seen

    def _once(self, key: object, make: Callable[[], Made]) -> Made:
        with self._lock:
            own = self._locks.setdefault(key, Lock())
        with own:  # whoever needs what is being drawn had better wait for it than draw it again
            with self._lock:
                found = self._shelf.get(key)
            if found is None:
                found = make()
            with self._lock:
                self._keep(key, found)
        return cast(Made, found)

    def _keep(self, key: object, made: object) -> None:
        self._shelf[key] = made
        self._shelf.move_to_end(key)
        while len(self._shelf) > _KEPT:
            old, _ = self._shelf.popitem(last=False)
            self._locks.pop(old, None)


def _across(parts: Sequence[Part]) -> dict[Part, int]:
    """Where each part begins from the left: a left hand lies with the little finger first, a left eye is on the right.

    A camera looks at the person, a glass is looked at from above.
    """
    left_hand = [part for part in reversed(parts) if part in FINGERS[5:]]
    others = [part for part in parts if part not in FINGERS[5:]]
    return {part: number * 400 for number, part in enumerate([*left_hand, *others])}


def _side_by_side(pictures: Sequence[Pixels]) -> Pixels:
    gap = np.full((pictures[0].shape[0], _GAP, *pictures[0].shape[2:]), _PAPER, np.uint8)
    strips = [strip for picture in pictures for strip in (picture, gap)]
    return np.concatenate(strips[:-1], axis=1)


def _empty(height: int, parts: int) -> Pixels:
    image = Image.new("L", (parts * 300, height), _PAPER)
    mark(image, (10, 8), 15, 150)
    return np.asarray(image)


def _moved(sheet: Pixels, right: int, down: int) -> Pixels:
    around = [(2, 2), (2, 2), *[(0, 0)] * (sheet.ndim - 2)]
    padded = np.pad(sheet, around, mode="edge")
    return padded[2 - down : 2 - down + sheet.shape[0], 2 - right : 2 - right + sheet.shape[1]]


def _small(picture: Pixels, height: int) -> Pixels:
    if picture.shape[0] <= height:
        return picture
    image = Image.fromarray(picture)
    return np.asarray(image.resize((image.width * height // image.height, height), Image.Resampling.BOX))


def _pack(picture: Pixels) -> Picture:
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG2000", irreversible=False)
    return Picture(buffer.getvalue(), picture.shape[1], picture.shape[0])


def _jpeg(picture: Pixels) -> bytes:
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "JPEG", quality=75)
    return buffer.getvalue()
