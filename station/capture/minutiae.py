"""Minutiae of a finger: read from a template and compared.

It runs in children of the lab only, and must not know of people.
"""

from __future__ import annotations

import nbis

from station.capture.quality import extractor
from station.domain.errors import DeviceError


class Print:
    """One template, loaded. An empty one is like nobody."""

    def __init__(self, template: bytes) -> None:
        self._minutiae: nbis.Minutiae | None = None
        if template:
            try:
                self._minutiae = extractor().load_iso_19794_2_2005(template)
            except (nbis.NbisError, nbis.InternalError) as broken:
                raise DeviceError("device.bad_image", format="ISO 19794-2", reason=type(broken).__name__) from broken

    def like(self, other: Print) -> int:
        """The Bozorth3 score, 0 and up."""
        if self._minutiae is None or other._minutiae is None:
            return 0
        return max(0, int(self._minutiae.compare(other._minutiae)))
