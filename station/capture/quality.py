"""How good a print is, NFIQ 2, and its minutiae.

It runs in children of the lab only, and must not know of devices or of what is good enough: thresholds are the
domain's.
"""

from __future__ import annotations

import atexit
from functools import lru_cache

import nbis

from station.capture.codecs import Grey, encode_plain
from station.domain.errors import DeviceError

FINGER_PPI = 500.0


def nfiq2(grey: Grey) -> int:
    """NFIQ 2 of one finger at 500 ppi, 8-bit. 0 when the library cannot compute one: blurred, empty, no finger."""
    return examine(grey)[0]


def examine(grey: Grey) -> tuple[int, bytes]:
    """NFIQ 2, and the minutiae as ISO/IEC 19794-2:2005.

    0 when there is too little finger to judge; whatever minutiae are there still come, for comparing.
    """
    picture = encode_plain(grey)
    try:
        return _scored(picture)
    except (nbis.NbisError.Nfiq2ComputeFailed, nbis.NbisError.UnexpectedError):
        return 0, _minutiae_only(picture)
    except (nbis.NbisError, nbis.InternalError) as broken:
        raise DeviceError("device.bad_image", format="finger", reason=type(broken).__name__) from broken


def _scored(picture: bytes) -> tuple[int, bytes]:
    minutiae = extractor().extract_minutiae(picture)
    score = int(minutiae.quality().score)
    # 255 is the standard's mark for 'could not be computed'.
    return score if 0 <= score <= 100 else 0, bytes(minutiae.to_iso_19794_2_2005())


def _minutiae_only(picture: bytes) -> bytes:
    try:
        minutiae = extractor(scored=False).extract_minutiae(picture)
        return bytes(minutiae.to_iso_19794_2_2005()) if minutiae.get() else b""
    except (nbis.NbisError, nbis.InternalError):
        return b""


@lru_cache(maxsize=2)
def extractor(*, scored: bool = True) -> nbis.NbisExtractor:
    """The library with our settings; the first call loads its model, which takes a third of a second."""
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=scored, ppi=FINGER_PPI
    )
    # Freed at the very end of the program, the library finds its own functions gone and complains.
    atexit.register(extractor.cache_clear)
    return nbis.new_nbis_extractor(settings)
