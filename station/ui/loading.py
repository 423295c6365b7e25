"""Loads the window's code without what makes that slow: garbage collections, and PySide reading every source.

Must not know what is loaded. Both together are a third of the start.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager

_ASKED = "_mod_uses_pyside"


@contextmanager
def loading() -> Iterator[None]:
    """For the imports of the window. What they make stays for ever, and no collection looks at it again."""
    collects = gc.isenabled()
    gc.disable()
    _leave_sources_unread()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def _leave_sources_unread() -> None:
    """PySide reads every module that is imported after it, to see whether it might use its optional names
    (`from __feature__ import snake_case`), and Python keeps the text. This program uses none, and "no" is what PySide
    would come to. A release of PySide without that question is left as it is.
    """
    import PySide6.QtCore  # which brings the module below

    assert PySide6.QtCore is not None
    try:
        asked = importlib.import_module("shibokensupport.feature")
    except ImportError:
        return
    if hasattr(asked, _ASKED):
        setattr(asked, _ASKED, lambda _module: False)
