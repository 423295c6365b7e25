"""How long a photographed paper takes to become a page, and how many bytes it becomes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from statistics import median

from PIL import Image

from station.capture.lab import Lab
from station.capture.tasks import pages
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside, milliseconds
from tests.bench.row import Row
from tests.bench.site import Site
from tests.fakes import drawn_page

TURNS = 12
PHOTO = (4000, 3000)
"""A telephone or a document camera of 12 megapixels."""
ANGLES = (-9.0, -4.0, 2.0, 5.0, 11.0)
PLAIN = "Pillow: the same photo unpacked and written again as a grey JPEG of quality 75"


def document(site: Site) -> Iterator[Row]:
    """capture.document.page_ms and .page_bytes: a drawn family card on a dark table, photographed askew, 12 megapixels.

    From its JPEG bytes to the page as it is kept: child of the lab, paper found, cut out, straightened, evenly lit,
    measured, written. Beside: what writing the picture again costs or takes, without any of that.
    """
    site.say(f"reading {TURNS} photographed papers")
    card = drawn_page.family_card()
    photos = [drawn_page.as_jpeg(drawn_page.on_a_table(card, PHOTO, angle=angle)) for angle in ANGLES]
    lab = Lab(1)
    try:
        read = pages.read(lab, photos[0])
        if not read.found_paper or read.remarks:
            raise BenchFailed("capture.document: the drawn paper was not found, or cannot be read")

        def page(turn: int) -> float:
            return milliseconds(lambda: pages.read(lab, photos[turn % len(photos)]))

        def plain(turn: int) -> float:
            return milliseconds(lambda: _again(photos[turn % len(photos)]))

        value, other = beside(TURNS, page, plain)
        sizes = [len(pages.read(lab, photo).page.jpeg) for photo in photos]
    finally:
        lab.close()
    yield Row("capture.document.page_ms", value, "ms", other, PLAIN, TURNS)
    bare = median(len(_again(photo)) for photo in photos)
    yield Row("capture.document.page_bytes", median(sizes), "bytes", bare, PLAIN, len(photos))


def _again(photo: bytes) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        image.convert("L").save(buffer, "JPEG", quality=75)
    return buffer.getvalue()
