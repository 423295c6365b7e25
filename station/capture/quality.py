"""How good a picture is, 0 to 100, measured: NFIQ 2 for fingers, own rules for eyes, face and signature.

It must not know of devices or of what is good enough: thresholds are the domain's.

Only the finger score is a standard one. The others serve to send back a bad picture while the person is still there;
they follow the ideas of ISO/IEC 29794-5 and -6 but are not calibrated against them.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import hypot
from threading import Lock

import nbis
import numpy as np
from scipy.ndimage import gaussian_laplace

from station.capture.codecs import Grey, Rgb, encode_png
from station.capture.iris_measure import measure_iris
from station.domain.biometrics import Stroke
from station.domain.errors import DeviceError

FINGER_PPI = 500.0
_FACE_SHARP = 6.0
_PEN_PATH_PX = 600.0

# The library says nothing about threads, so one finger at a time.
_one_at_a_time = Lock()


def nfiq2(grey: Grey) -> int:
    """NFIQ 2 of one finger at 500 ppi, 8-bit. 0 when the library cannot compute one: blurred, empty, no finger."""
    picture = encode_png(grey, quick=True)
    with _one_at_a_time:
        try:
            score = int(_extractor().extract_minutiae(picture).quality().score)
        except (nbis.NbisError.Nfiq2ComputeFailed, nbis.NbisError.UnexpectedError):
            return 0
        except (nbis.NbisError, nbis.InternalError) as broken:
            raise DeviceError("device.bad_image", format="finger", reason=type(broken).__name__) from broken
    # 255 is the standard's mark for 'could not be computed'.
    return score if 0 <= score <= 100 else 0


def iris_quality(grey: Grey) -> int:
    """The worst of sharpness, contrast, visible share and size of the iris; see iris_measure for each formula."""
    return measure_iris(grey).quality


def face_quality(rgb: Rgb) -> int:
    """The worse of exposure and sharpness in the middle of the picture, where the face is.

    Exposure: 100 when the median luminance is 90 to 200 (of 255) and less than 5 % is clipped, falling by 1.5 a level
    and 4 a percent. Sharpness: 100 when the strongest 2 % of edges reach a Laplacian of Gaussian (1 px) of 6 levels.
    """
    height, width = rgb.shape[:2]
    middle = rgb[height // 5 : height * 4 // 5, width // 4 : width * 3 // 4].astype(np.float32)
    luminance = middle @ np.array([0.299, 0.587, 0.114], np.float32)
    median = float(np.median(luminance))
    clipped_percent = 100 * float(((luminance < 4) | (luminance > 251)).mean())
    off = max(0.0, 90 - median, median - 200)
    exposure = 100 - 1.5 * off - 4 * max(0.0, clipped_percent - 5)
    edges = float(np.percentile(np.abs(gaussian_laplace(luminance, 1.0)), 98))
    return _percent(min(exposure, 100 * edges / _FACE_SHARP))


def signature_quality(strokes: Iterable[Stroke]) -> int:
    """How much was written: 100 from 600 px of pen path on. A short line counts little and may still be right."""
    path = 0.0
    for stroke in strokes:
        for here, there in pairwise(stroke.points):
            path += hypot(there[0] - here[0], there[1] - here[1])
    return _percent(100 * path / _PEN_PATH_PX)


def _percent(value: float) -> int:
    return round(min(100.0, max(0.0, value)))


@lru_cache(maxsize=1)
def _extractor() -> nbis.NbisExtractor:
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=True, ppi=FINGER_PPI
    )
    # Freed at the very end of the program, the library finds its own functions gone and complains.
    atexit.register(_extractor.cache_clear)
    return nbis.new_nbis_extractor(settings)
