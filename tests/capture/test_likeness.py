"""Comparing prints in the lab, and what NBIS said of drawn fingers when its version was pinned."""

from __future__ import annotations

from hashlib import sha256

import pytest

from station.capture import codecs
from station.capture.lab import Lab
from station.capture.tasks import fingers, likeness
from station.domain.biometrics import Part
from station.domain.errors import DeviceError
from station.training.drawing.impressions import Condition, impression
from station.training.drawing.prints import master
from tests.fakes.drawn_fingers import Pixels

GOLDEN_SEEDS = (11, 12, 13)
GOLDEN_DRAWINGS = "4c218f0a02967f2e"
GOLDEN_NFIQ2 = {(11, 1): 77, (11, 2): 75, (12, 1): 70, (12, 2): 70, (13, 1): 79, (13, 2): 73, (13, 3): 0}
GOLDEN_MINUTIAE = {(11, 1): 37, (11, 2): 27, (12, 1): 59, (12, 2): 44, (13, 1): 32, (13, 2): 28, (13, 3): 42}
GOLDEN_SCORES = [[287, 13, 12, 12], [9, 318, 7, 11], [11, 9, 374, 18]]
"""What nbis-py 0.1.3 gives for these drawings. Another figure means that stored templates and thresholds are no longer
of one kind: look at MATCH_THRESHOLD and the floors of policy.py before changing it here."""


Golden = dict[tuple[int, int], tuple[int, bytes]]


@pytest.fixture(scope="module")
def drawings() -> dict[tuple[int, int], Pixels]:
    """Two takes of the right index finger of three people, and a dry one."""
    takes = [(seed, take) for seed in GOLDEN_SEEDS for take in (1, 2)] + [(13, 3)]
    ridges = {seed: master(seed, 2) for seed in GOLDEN_SEEDS}
    conditions = {3: Condition.DRY}
    return {
        (seed, take): impression(ridges[seed], take, conditions.get(take, Condition.NORMAL)) for seed, take in takes
    }


@pytest.fixture(scope="module")
def golden(lab: Lab, drawings: dict[tuple[int, int], Pixels]) -> Golden:
    """NFIQ 2 and template of each."""
    pictures = [codecs.encode_png(pixels) for pixels in drawings.values()]
    read = fingers.read_each(lab, pictures, [Part.FINGER_02] * len(pictures))
    return {take: (one.nfiq2, one.template) for take, one in zip(drawings, read, strict=True)}


def minutiae(template: bytes) -> int:
    return template[27]


def test_the_drawings_are_what_they_were(drawings: dict[tuple[int, int], Pixels]) -> None:
    """When this fails, the figures below may move although NBIS did not."""
    digest = sha256(b"".join(_coarse(pixels) for pixels in drawings.values()))
    assert digest.hexdigest()[:16] == GOLDEN_DRAWINGS


def _coarse(pixels: Pixels) -> bytes:
    """Mean greys of squares of 50 pixels, in steps of four: between processors a few single pixels differ by one."""
    high, wide = (side // 50 for side in pixels.shape)
    means = pixels.reshape(high, 50, wide, 50).mean(axis=(1, 3))
    return bytes((means / 4).round().astype("uint8").tobytes())


def test_nfiq2_of_drawn_fingers_is_what_it_was(golden: Golden) -> None:
    assert {take: score for take, (score, _template) in golden.items()} == GOLDEN_NFIQ2


def test_minutiae_of_drawn_fingers_are_as_many_as_they_were(golden: Golden) -> None:
    assert {take: minutiae(template) for take, (_score, template) in golden.items()} == GOLDEN_MINUTIAE


def test_scores_of_drawn_fingers_are_what_they_were(lab: Lab, golden: Golden) -> None:
    probes = [golden[seed, 1][1] for seed in GOLDEN_SEEDS]
    known = [template for (_seed, take), (_score, template) in golden.items() if take > 1]
    assert likeness.compare(lab, probes, known) == GOLDEN_SCORES


def test_many_comparisons_are_shared_out_and_come_back_in_their_places(lab: Lab, golden: Golden) -> None:
    templates = [template for _score, template in golden.values()]
    few = likeness.compare(lab, templates[:2], templates)
    many = likeness.compare(lab, templates[:2], templates * 3)
    assert many == [row * 3 for row in few]
    assert few[0][1] > 250 > 60 > few[0][2]


def test_an_empty_template_is_like_nobody(lab: Lab, golden: Golden) -> None:
    template = golden[11, 1][1]
    assert likeness.compare(lab, [b"", template], [b"", b""]) == [[0, 0], [0, 0]]
    assert likeness.compare(lab, [], [template]) == []
    assert likeness.compare(lab, [template], []) == [[]]


@pytest.mark.parametrize("broken", [b"x", b"FMR\x00 20\x00", b"\x00" * 600])
def test_what_is_no_template_is_refused(lab: Lab, broken: bytes) -> None:
    with pytest.raises(DeviceError) as caught:
        likeness.compare(lab, [broken], [b""])
    assert caught.value.code == "device.bad_image"


def test_a_truncated_template_is_refused(lab: Lab, golden: Golden) -> None:
    with pytest.raises(DeviceError, match=r"device\.bad_image"):
        likeness.compare(lab, [golden[11, 1][1][:-7]], [b""])


def test_more_than_anybody_needs_is_refused(lab: Lab) -> None:
    for probes, known in (
        ([b""] * (likeness.MAX_PROBES + 1), [b""]),
        ([b""], [b""] * (likeness.MAX_KNOWN + 1)),
        ([bytes(likeness.MAX_TEMPLATE_BYTES + 1)], [b""]),
    ):
        with pytest.raises(DeviceError, match=r"lab\.too_large"):
            likeness.compare(lab, probes, known)
