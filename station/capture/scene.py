"""Who is in front of a simulated device: the port through which training supplies pictures.

It must not know who supplies them or how they are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station.domain.biometrics import Part, Stroke


@dataclass(frozen=True)
class Sample:
    """What the sensor would read: rows by columns of 8-bit grey (three channels for a face), strokes for a pad."""

    pixels: NDArray[np.uint8]
    strokes: tuple[Stroke, ...] = ()


class Scene(Protocol):
    """The person in front of the devices."""

    def look(self, part: Part, attempt: int, *, poor: bool) -> Sample | None:
        """`part` as it shows at `attempt`, badly presented when `poor`; None when there is nothing to see."""
        ...
