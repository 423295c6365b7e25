"""How long a finger takes from the scanner's bytes to what is kept, and what WSQ costs its quality."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from station.capture import codecs, quality
from station.capture.iso19794 import SLAP_RIGHT, Coding, ImageRecord, write
from station.capture.lab import Lab
from station.capture.tasks import fingers
from station.domain.biometrics import FINGERS, RIGHT_FOUR, Modality
from station.training.drawing.impressions import impression
from station.training.drawing.prints import master
from tests.bench.pairs import beside, milliseconds
from tests.bench.row import Row
from tests.bench.site import Site
from tests.fakes.drawn_fingers import drawn, slap

TURNS = 11
PEOPLE = 6
FIRST_SEED = 700


def finger(site: Site) -> Iterator[Row]:
    """capture.finger.ms: a slap as an ISO record of JPEG 2000 becomes four fingers, divided by four.

    Through the lab with both children, as the device's thread waits for it: opened, cut, NFIQ 2, minutiae, WSQ, hint.
    Beside: NFIQ 2 and minutiae alone, one finger after the other in this process.
    """
    pixels = slap(tuple(part.position for part in RIGHT_FOUR))
    height, width = pixels.shape
    jp2 = codecs.encode_jp2_lossless(pixels)
    image = write(ImageRecord(Modality.FINGER, SLAP_RIGHT, width, height, Coding.JP2, jp2, 500))
    alone = drawn(RIGHT_FOUR[0].position)
    quality.examine(alone)
    lab = Lab()
    try:
        lab.warm_up()
        fingers.read(lab, image, RIGHT_FOUR)
        site.say("reading slaps")
        value, other = beside(
            TURNS,
            lambda _turn: milliseconds(lambda: fingers.read(lab, image, RIGHT_FOUR)) / len(RIGHT_FOUR),
            lambda _turn: milliseconds(lambda: quality.examine(alone)),
        )
    finally:
        lab.close()
    yield Row("capture.finger.ms", value, "ms", other, "NFIQ 2 and minutiae of one finger, in this process", TURNS)


def wsq(site: Site) -> Iterator[Row]:
    """capture.wsq_nfiq2_drop: NFIQ 2 of a drawn finger before WSQ less that after; less than 0 when it rises.

    Beside: NFIQ 2 before. The grain of the drawings is lost in WSQ, which NFIQ 2 likes; a real scanner has less of it.
    """
    before, after = [], []
    lab = Lab()
    try:
        for person in range(PEOPLE):
            site.say(f"drawing and reading the fingers of person {person + 1} of {PEOPLE}")
            seed = FIRST_SEED + person
            drawings = [impression(master(seed, part.position), seed * 10 + part.position) for part in FINGERS]
            first = fingers.read_each(lab, [codecs.encode_jp2_lossless(one) for one in drawings], FINGERS)
            second = fingers.read_each(lab, [one.wsq for one in first], FINGERS)
            before += [one.nfiq2 for one in first]
            after += [one.nfiq2 for one in second]
    finally:
        lab.close()
    drop = median(early - late for early, late in zip(before, after, strict=True))
    yield Row("capture.wsq_nfiq2_drop", drop, "NFIQ 2", median(before), "NFIQ 2 before", len(before), signed=True)
