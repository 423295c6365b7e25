"""Measures whether a page can be read, and writes it as a grey JPEG of few bytes. Runs in a child of the lab."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from station.capture.tasks.paper import Sheet
from station.capture.tasks.paper_source import Grey
from station.domain.documents import MAX_PAGE_BYTES, PDF_BYTES_A_PAGE

BUDGET = MAX_PAGE_BYTES - PDF_BYTES_A_PAGE
MEASURE_SIDE = 1600
LONG_SIDE = 2000
"""A4 at 170 dots per inch: the smallest print of a family card has letters of eight dots."""
QUALITIES = (60, 50, 42, 35, 30)
SHRINK = 0.85

DARK_BELOW = 75
"""Grey level of the paper as it was taken; below it noise eats the thin strokes."""
BLUR_LIMIT = 0.14
"""Softness of an edge as a share of the height of the letters: beyond it, letters run into each other."""
SMALL_BELOW = 8.5
"""Height of the letters on the page that is kept, in dots."""
LEAST_LETTERS = 25
PRESUMED_LETTER_PX = 24.0
"""Where no letters stand out, because all is too soft or there are none: an edge this wide is soft in any case."""


@dataclass(frozen=True)
class Measured:
    """`softness` is the width of an edge in dots; `letter_px` is 0 when there is hardly any writing."""

    paper_level: float
    letter_px: float
    softness: float


def measure(sheet: Sheet) -> Measured:
    """How bright the paper is, how tall the letters are and how sharp."""
    scale = min(1.0, MEASURE_SIDE / max(sheet.grey.shape))
    small = cv2.resize(sheet.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(small, np.uint8)
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    ink = cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)
    count, _labels, facts, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = facts[1:count, cv2.CC_STAT_HEIGHT]
    widths = facts[1:count, cv2.CC_STAT_WIDTH]
    areas = facts[1:count, cv2.CC_STAT_AREA]
    letters = (heights >= 4) & (heights < max(grey.shape) / 20) & (widths < 4 * heights) & (areas > heights)
    letter_px = float(np.median(heights[letters])) if np.count_nonzero(letters) >= LEAST_LETTERS else 0.0
    paper_level = float(np.percentile(grey[::4, ::4], 75))
    return Measured(paper_level, letter_px / scale, _softness(grey) / scale)


def _softness(grey: Grey) -> float:
    """The width of the sharpest edges: how far black and white lie apart, over the steepest way between them."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3) / 8.0
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3) / 8.0
    steep = float(np.percentile(np.hypot(across, down)[::2, ::2], 99.5))
    white, black = np.percentile(grey[::2, ::2], [90, 1])
    return float(white - black) * 0.4 / max(steep, 0.1)


def remarks(measured: Measured, scale: float) -> list[str]:
    """Codes of what makes it hard to read; `scale` is by how much the kept page is smaller."""
    found = []
    if measured.paper_level < DARK_BELOW:
        found.append("document.dark")
    if measured.softness > BLUR_LIMIT * (measured.letter_px or PRESUMED_LETTER_PX):
        found.append("document.blurred")
    if 0 < measured.letter_px * scale < SMALL_BELOW:
        found.append("document.small")
    return found


def encode(grey: Grey) -> tuple[bytes, int, int]:
    """(JPEG, width, height) within the budget: first less quality, then fewer dots."""
    side = min(LONG_SIDE, max(grey.shape))
    while True:
        scale = side / max(grey.shape)
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        picture = grey if scale == 1 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        for quality in QUALITIES:
            wanted = (cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1)
            done, coded = cv2.imencode(".jpg", picture, wanted)
            if done and coded.size <= BUDGET:
                return coded.tobytes(), picture.shape[1], picture.shape[0]
        side = round(side * SHRINK)  # ends: a picture of a few dots fits
