"""What is told of an error that nobody foresaw: its name and the lines it went through, in the log.

Never what it said, and never what was in a variable: there may be somebody in it. Must not know any more.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from station.log import get_logger

log = get_logger(__name__)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Within it, the interpreter's last words are ours: of the main thread and its slots, of threads, of destructors.

    They stay ours when an error leaves it, for then the interpreter tells that one next.
    """
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = _told
    threading.excepthook = lambda thrown: _told(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
    sys.unraisablehook = lambda thrown: _told(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def _told(kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    log.critical("an error that nobody foresaw", exc_info=(kind, problem or kind(), trace))
