"""The person in front of the simulator's sensors, drawn when somebody looks and kept until the next but one.

It must not know of devices: it answers what a part looks like, and never who asks or why.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from station.domain.biometrics import Modality, Part
from station.domain.codes import FEMALE, FOREIGNER
from station.domain.eligibility import age_on, photo_background
from station.training.drawing.grain import Field, source
from station.training.drawing.impressions import Condition, impression
from station.training.drawing.irises import Gaze, eye
from station.training.drawing.portraits import Sitter, blurred, pixels, portrait
from station.training.drawing.prints import master
from station.training.people import Person

_KEPT = 3  # people whose drawings stay in memory: 10 MB each
_DRAWN_ON = date(2026, 11, 21)  # a portrait does not grow older while the program runs
_BAD_PRINTS = (Condition.DRY, Condition.WET)  # what the coach can name

Drawing = TypeVar("Drawing")


class _Body:
    """What never changes about one person, each drawn once."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._lock = Lock()
        self._drawings: dict[str, object] = {}

    def ridges(self, finger: int) -> Field:
        return self._once(f"finger-{finger}", lambda: master(self.person.seed, finger))

    def face(self) -> NDArray[np.uint8]:
        return self._once("face", lambda: pixels(portrait(self.person.seed, sitter(self.person))))

    def _once(self, key: str, draw: Callable[[], Drawing]) -> Drawing:
        # One lock for all: whoever needs a drawing that is being made had better wait for it than make it again.
        with self._lock:
            if key not in self._drawings:
                self._drawings[key] = draw()
            return cast(Drawing, self._drawings[key])


class TrainingScene:
    """One person at a time; others can be looked at too. Callable from any thread."""

    def __init__(self, person: Person) -> None:
        self._lock = Lock()
        self._bodies: OrderedDict[int, _Body] = OrderedDict()
        self._seated = self._body(person)

    @property
    def person(self) -> Person:
        """Who is in front of the devices."""
        return self._seated.person

    def seat(self, person: Person) -> None:
        """The next person sits down."""
        self._seated = self._body(person)

    def look(self, part: Part, attempt: int, *, poor: bool, person: Person | None = None) -> NDArray[np.uint8] | None:
        """`part` of who sits here, or of `person`, a little different at each attempt; None when they have none."""
        body = self._body(person) if person else self._seated
        if part in body.person.absent:
            return None
        match part.modality:
            case Modality.FINGER:
                return _print(body, part, attempt, poor=poor)
            case Modality.IRIS:
                gaze = (Gaze.MOVING, Gaze.HALF_CLOSED)[part.position - 1] if poor else Gaze.STEADY
                seed, right = body.person.seed, part is Part.IRIS_RIGHT
                return eye(seed, right=right, take=attempt, gaze=gaze)
            case Modality.FACE:
                return blurred(body.face()) if poor else body.face()
            case _:
                return None  # a signature is written, not looked at

    def _body(self, person: Person) -> _Body:
        with self._lock:
            body = self._bodies.get(person.seed) or _Body(person)
            self._bodies[person.seed] = body
            self._bodies.move_to_end(person.seed)
            while len(self._bodies) > _KEPT:
                self._bodies.popitem(last=False)
            return body


def sitter(person: Person) -> Sitter:
    """How the person dresses for the photo, and the background their birth year asks for."""
    answers = person.answers
    birth = date.fromisoformat(answers["birth_date"])
    chance = source(person.seed, 11).random()
    female, muslim = answers["sex"] == FEMALE, answers["religion"] == "1"
    return Sitter(
        female=female,
        age=age_on(birth, _DRAWN_ON),
        background=photo_background(birth, foreigner=answers["citizenship"] == FOREIGNER),
        headscarf=female and muslim and chance < 0.75,
        cap=not female and muslim and chance < 0.35,
    )


def _print(body: _Body, part: Part, attempt: int, *, poor: bool) -> NDArray[np.uint8]:
    seed = body.person.seed * 1000 + part.position * 10 + attempt
    condition = Condition.NORMAL
    if poor:
        condition = _BAD_PRINTS[seed % len(_BAD_PRINTS)]
    elif body.person.worn:
        condition = Condition.DRY
    return impression(body.ridges(part.position), seed, condition)
