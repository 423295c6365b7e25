"""How much memory this process holds."""

from __future__ import annotations

import os
from pathlib import Path


def resident_mb() -> float:
    """Resident memory in megabytes (10⁶ bytes), as the kernel counts it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
