"""Named places where the power may go out. They do nothing, until a test or a drill arms one.

`STATION_FAILPOINT=seal.renamed` kills the process there; in a test `arm` raises PowerCut, which nothing catches.
Knows nothing of the program.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_hook: Callable[[str], None] | None = None
_deadly = os.environ.get("STATION_FAILPOINT", "")


class PowerCut(BaseException):
    """The power went out here. Not an Exception: no handler of the program may survive it."""


def reach(name: str) -> None:
    """Called by the program at the place called `name`."""
    if _hook is not None:
        _hook(name)
    if _deadly and name == _deadly:
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


@contextmanager
def armed(hook: Callable[[str], None]) -> Iterator[None]:
    """While inside, `hook` is called with the name of every place reached, on the thread that reaches it."""
    global _hook
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before
