"""An eye as an infrared iris camera sees it, drawn from a seed: 640 by 480, 8-bit grey.

It must not know of people, devices or how good a camera calls the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

from station.training.drawing.grain import Field, soft, source, white
from station.training.drawing.marking import mark

HEIGHT = 480
WIDTH = 640
_SHAPE = (HEIGHT, WIDTH)
_PUPIL, _SCLERA, _SKIN, _LASH = 22.0, 178.0, 196.0, 48.0


class Gaze(StrEnum):
    """How the person looks into the camera."""

    STEADY = "steady"
    MOVING = "moving"
    HALF_CLOSED = "half-closed"


@dataclass(frozen=True)
class _Eye:
    """Measures of one eye in pixels, as a right eye: the nose is at the right edge."""

    x: float
    y: float
    iris: float
    pupil: float
    upper: float
    lower: float
    tone: float


def eye(seed: int, *, right: bool, take: int = 1, gaze: Gaze = Gaze.STEADY) -> NDArray[np.uint8]:
    """The right or left eye of the person `seed`. The iris is the same in every `take`, the rest moves a little."""
    still, moving = source(seed, 2 - right), source(seed, 2 - right, take)
    measures = _measures(still, moving, gaze)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    picture = _ball(still, measures, x, y)
    upper, lower = _lids(measures, x[0])
    picture = _skin(moving, picture, y, upper, lower)
    picture = _lashes(moving, picture, upper, lower)
    if not right:
        picture = picture[:, ::-1]
    if gaze is Gaze.MOVING:
        picture = gaussian_filter(picture, (2.0, 5.0))
    picture = gaussian_filter(picture, 0.6) + 1.6 * white(moving, _SHAPE)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    mark(image, (10, HEIGHT - 24), 15, 120)
    return np.asarray(image)


def _measures(still: np.random.Generator, moving: np.random.Generator, gaze: Gaze) -> _Eye:
    iris = 114 + 4 * float(still.uniform(-1, 1))
    opening = 0.30 if gaze is Gaze.HALF_CLOSED else 1.0
    return _Eye(
        x=WIDTH / 2 + 6 * float(moving.uniform(-1, 1)),
        y=HEIGHT / 2 + 5 * float(moving.uniform(-1, 1)),
        iris=iris,
        pupil=iris * float(still.uniform(0.34, 0.42) + moving.uniform(-0.02, 0.02)),
        upper=iris * float(still.uniform(0.86, 1.0)) * opening,
        lower=iris * float(still.uniform(0.92, 1.0)),
        tone=float(still.uniform(88, 118)),
    )


def _ball(rng: np.random.Generator, eye: _Eye, x: Field, y: Field) -> Field:
    """Sclera, iris, pupil and the two lamps mirrored in it, without lids."""
    distance = np.hypot(x - eye.x, y - eye.y)
    angle = np.arctan2(y - eye.y, x - eye.x) / (2 * np.pi)
    # The pupil sits a little towards the nose and is never a perfect circle.
    pupil_edge = np.hypot(x - eye.x - 2, y - eye.y) - eye.pupil * (1 + 0.012 * np.sin(6 * np.pi * angle))
    depth = np.clip(pupil_edge / (eye.iris - eye.pupil), 0, 1)
    sclera = _SCLERA - 26 * np.clip((distance - eye.iris) / 190, 0, 1) ** 2 + 3 * soft(rng, _SHAPE, 9)
    ball = sclera + (_texture(rng, depth, angle) + eye.tone - sclera) * _edge(eye.iris - distance, 2.6)
    ball += (_PUPIL - ball) * _edge(-pupil_edge, 1.3)
    duct = np.hypot((x - eye.x - 262) / 26, (y - eye.y - 24) / 15)
    ball -= 26 * np.exp(-(((duct - 1.0) * 5) ** 2)) - 8 * _edge(1 - duct, 0.3)
    for shift in (-11, 11):
        lamp = np.maximum(np.abs(x - eye.x - shift) / 4.5, np.abs(y - eye.y + eye.pupil * 0.3) / 5.5)
        ball += (250 - ball) * _edge(1 - lamp, 0.12)
    whole: Field = np.asarray(ball, dtype=np.float32)
    return whole


def _texture(rng: np.random.Generator, depth: Field, angle: Field) -> Field:
    """Fibres, collarette, crypts and furrows, in grey levels around the iris tone. `depth` is 0 pupil to 1 sclera."""
    around, along = 1024, 96
    fibres = soft(rng, (along, around), 2.2)
    fibres = gaussian_filter(fibres, (9, 0.4), mode=("nearest", "wrap"))
    fibres /= fibres.std()
    crypts = gaussian_filter(white(rng, (along, around)), (3.5, 7), mode=("nearest", "wrap"))
    crypts = np.minimum(0, crypts / crypts.std() + 1.1)
    rows = np.linspace(0, 1, along, dtype=np.float32)[:, None]
    ring = 0.32 + 0.16 * gaussian_filter(white(rng, (1, around)), (0, 12), mode="wrap")
    collarette = np.exp(-(((rows - ring) / 0.055) ** 2))
    furrows = 0.5 * np.cos((rows * 26) + 2 * ring * 9) * np.clip((rows - 0.55) * 4, 0, 1)
    sheet = 13 * fibres * (1.15 - 0.5 * rows) + 9 * crypts + 26 * collarette + 4 * furrows - 20 * rows**5
    sheet -= 14 * np.exp(-((rows / 0.06) ** 2))
    place = [depth * (along - 1), (angle % 1) * (around - 1)]
    laid: Field = map_coordinates(sheet.astype(np.float32), place, order=1, mode="nearest")
    return laid


def _lids(eye: _Eye, x: Field) -> tuple[Field, Field]:
    """The row of the upper and the lower lid at every column; outside the corners they meet."""
    outer, inner = eye.x - 285, eye.x + 270
    share = np.clip((x - outer) / (inner - outer), 0, 1)
    corners = eye.y + 12 + 16 * share
    bow = (4 * share * (1 - share)) ** 0.72
    upper = corners - (eye.upper + 14) * bow * (1 + 0.10 * (share - 0.5))
    lower = corners + (eye.lower - 18) * bow * (1 - 0.22 * (share - 0.5))
    return upper, lower


def _skin(rng: np.random.Generator, picture: Field, y: Field, upper: Field, lower: Field) -> Field:
    """Lids, crease and the shadow the upper lid throws on the ball."""
    over, under = upper[None] - y, y - lower[None]
    open_here = np.clip((lower - upper) / 60, 0, 1)[None]  # beside the corners there is plain skin
    shadow = 34 * np.exp(-np.clip(-over, 0, None) / 13) + 14 * np.exp(-np.clip(-under, 0, None) / 8)
    relief = -30 * np.exp(-np.clip(np.maximum(over, under), 0, None) / 9) + 10 * np.exp(-(((over - 24) / 12) ** 2))
    relief -= 40 * np.exp(-(((over - 46) / 5.5) ** 2)) + 14 * np.exp(-(((over - 50) / 18) ** 2))
    relief -= 12 * np.exp(-(((under - 44) / 16) ** 2))
    skin = _SKIN + relief * open_here + 4.5 * soft(rng, _SHAPE, 60) + 2.5 * soft(rng, _SHAPE, 2)
    rim = 22 * np.exp(-(((under - 4) / 4) ** 2)) * open_here
    covered = np.maximum(_edge(np.maximum(over, under), 1.5), 1 - np.clip((lower - upper) / 4, 0, 1)[None])
    whole: Field = np.asarray((picture - shadow) * (1 - covered) + (skin + rim) * covered, dtype=np.float32)
    return whole


def _lashes(rng: np.random.Generator, picture: Field, upper: Field, lower: Field) -> Field:
    """Curved hairs from both lids, drawn at twice the size and averaged."""
    layer = Image.new("L", (WIDTH * 2, HEIGHT * 2), 0)
    pen = ImageDraw.Draw(layer)
    for lid, up, hairs, reach in ((upper, 1, 74, 62), (lower, -1, 46, 26)):
        for start in np.linspace(62, 582, hairs) + rng.uniform(-4, 4, hairs):
            lean = (start - 330) / 300 + 0.12 * rng.standard_normal()
            length = reach * rng.uniform(0.6, 1.0)
            root = float(lid[int(start)])
            steps = np.linspace(0, 1, 9)
            xs = start + lean * length * steps**1.3
            # Upper lashes first fall over the lid's edge, then turn up.
            ys = root - up * length * (steps**1.7 - 0.22 * np.sin(np.pi * steps) * (up > 0))
            for number in range(8):
                width = max(1, round(5.0 * (1 - number / 8)))
                ends = [xs[number] * 2, ys[number] * 2, xs[number + 1] * 2, ys[number + 1] * 2]
                pen.line([float(end) for end in ends], fill=235, width=width)
    share = np.asarray(layer.reduce(2), dtype=np.float32) / 255
    return (picture + (_LASH - picture) * share).astype(np.float32)


def _edge(inside: Field, softness: float) -> Field:
    """0 outside, 1 inside, with an edge of about `softness`."""
    step: Field = 1 / (1 + np.exp(np.clip(-inside / softness * 2, -40, 40)))
    return step
