"""A pen signature from a seed: strokes with time and pressure, and their picture, marked CONTOH.

It must not know of names, people or pads: no letter of a name is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from station.domain.biometrics import Stroke
from station.training.drawing.grain import source
from station.training.drawing.marking import mark

HEIGHT = 200
WIDTH = 600
_FINE = 3
_TICK_MS = 8  # a pad reports about 125 points a second
_LIFTED_MS = 180

Curve = NDArray[np.float64]


def signature(seed: int, take: int = 1) -> tuple[Stroke, ...]:
    """The strokes of the person `seed` in pixels of a 600 by 200 pad; every `take` differs a little."""
    hand, today = source(seed, 600), source(seed, 600, take)
    start = np.array([70 + 20 * hand.random(), 112 + 6 * today.normal()])
    curves = [_letters(hand, start)]
    end_x = float(curves[0][-1, 0])
    curves.append(_flourish(hand, float(start[0]), end_x))
    if hand.random() < 0.5:
        place = np.array([end_x * 0.55, 58.0])
        curves.append(place + np.array([[0.0, 0.0], [1.5, 0.6], [3.0, 1.0]]))
    scale, slant = 1 + 0.02 * today.normal(), 0.02 * today.normal()
    strokes: list[Stroke] = []
    for curve in curves:
        begin_ms = strokes[-1].points[-1][2] + _LIFTED_MS if strokes else 0
        strokes.append(_timed(_written(curve, scale, slant), today, begin_ms))
    return tuple(strokes)


def drawn(strokes: Iterable[Stroke]) -> NDArray[np.uint8]:
    """The strokes as dark ink on white, 8-bit grey, HEIGHT by WIDTH."""
    sheet = Image.new("L", (WIDTH * _FINE, HEIGHT * _FINE), 255)
    pen = ImageDraw.Draw(sheet)
    for stroke in strokes:
        for (x, y, _, pressure), (next_x, next_y, _, _) in pairwise(stroke.points):
            radius = (0.8 + 1.7 * pressure) * _FINE
            steps = max(1, int(np.hypot(next_x - x, next_y - y) * _FINE / 2))
            for share in np.arange(steps) / steps:
                middle_x, middle_y = (x + (next_x - x) * share) * _FINE, (y + (next_y - y) * share) * _FINE
                pen.ellipse((middle_x - radius, middle_y - radius, middle_x + radius, middle_y + radius), fill=24)
    picture = sheet.reduce(_FINE)
    mark(picture, (8, HEIGHT - 20), 12, 170)
    return np.asarray(picture)


def _letters(hand: np.random.Generator, start: Curve) -> Curve:
    """A tall first letter running out into a wave: the hand as two oscillators on a moving arm."""
    waves = int(hand.integers(5, 9))
    phase = np.linspace(0, 2 * np.pi * waves, 46 * waves)
    share = phase / phase[-1]
    heights = np.interp(share, np.linspace(0, 1, waves + 2), _amplitudes(hand, waves + 2))
    lean = hand.uniform(0.25, 0.55)
    loop = np.interp(share, np.linspace(0, 1, waves + 1), hand.uniform(6, 20, waves + 1))
    y = -heights * np.sin(phase + 0.4) - 16 * share
    x = share * hand.uniform(300, 390) - loop * np.cos(phase) - lean * y
    path: Curve = start + np.stack([x, y], axis=1)
    return path


def _amplitudes(hand: np.random.Generator, count: int) -> Curve:
    heights = hand.uniform(9, 24, count)
    heights[:2] = hand.uniform(48, 62)
    heights[int(hand.integers(3, count - 1))] = hand.uniform(34, 46)
    heights[-1] = 3
    return heights


def _flourish(hand: np.random.Generator, left: float, right: float) -> Curve:
    """The line drawn back under the name."""
    share = np.linspace(0, 1, 60)
    x = right + 20 - (right - left - 10) * np.sin(share * np.pi * 0.62) / np.sin(np.pi * 0.5)
    y = 150 + hand.uniform(-4, 6) + 13 * np.sin(share * np.pi * hand.uniform(1.2, 2.2)) - 10 * share
    return np.stack([x, y], axis=1)


def _written(curve: Curve, scale: float, slant: float) -> Curve:
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    moved = (curve - middle) * scale
    moved[:, 0] -= slant * moved[:, 1]
    kept: Curve = np.clip(moved + middle, [8, 8], [WIDTH - 8, HEIGHT - 8])
    return kept


def _timed(curve: Curve, today: np.random.Generator, begin_ms: int) -> Stroke:
    """Slow where the pen turns, lighter where it is fast and at both ends."""
    speed = np.hypot(*np.gradient(curve, axis=0).T)
    share = np.linspace(0, 1, len(curve))
    pressure = (0.85 - 0.45 * speed / max(float(speed.max()), 1e-6)) * np.minimum(1, 6 * np.sin(np.pi * share) + 0.25)
    pressure = np.clip(pressure + 0.02 * today.standard_normal(len(curve)), 0.05, 1)
    points = (
        (round(float(x), 2), round(float(y), 2), begin_ms + number * _TICK_MS, round(float(force), 3))
        for number, ((x, y), force) in enumerate(zip(curve, pressure, strict=True))
    )
    return Stroke(tuple(points))
