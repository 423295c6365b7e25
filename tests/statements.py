"""SQL that is compiled once for all databases of the tests. Must not know what is asked of them.

A process of the program opens two databases and compiles each statement once; the tests open thousands, each of which
would compile the same statements again: a tenth of all their time. The databases themselves are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy import create_engine as create_real_engine
from sqlalchemy.util import LRUCache

MOST = 2000


def compiling_once() -> Callable[..., Engine]:
    """A `create_engine` whose engines, all for the same driver, share what has been compiled."""
    cache: LRUCache[Any, Any] = LRUCache(MOST)
    shared: dict[str, Dialect] = {}

    def create_engine(*where: Any, **how: Any) -> Engine:
        engine = create_real_engine(*where, execution_options={"compiled_cache": cache}, **how)
        engine.dialect = shared.setdefault("dialect", engine.dialect)  # what is compiled is kept per dialect
        return engine

    return create_engine
