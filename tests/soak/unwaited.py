"""The one wait of delivery that no hand-moved clock shortens is left out: nothing gets better on loopback meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from station.sync import backoff


@contextmanager
def unwaited() -> Iterator[None]:
    """Until the block ends, a connection that broke is tried again at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backoff, "STALE_FIRST_S", 0.0)
        yield
