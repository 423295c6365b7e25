"""What this process holds in memory is nobody else's: no core file, and no other program of the user may read it.

There are keys, names and pictures in it. It must not know which.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def keep_private() -> None:
    """Call it before anything personal is read; a program that is started from here begins anew.

    Debuggers and profilers cannot attach afterwards without root, and a desktop's portal cannot tell which program
    asks it for something. Not on Windows, where crash reports are a setting of the computer.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # the limit alone does not count where a crash is piped to a reporting service
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
