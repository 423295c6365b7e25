"""Every way to hurt a station, in the order in which they are run."""

from __future__ import annotations

from tests.soak.harness import Harness

HARNESSES: tuple[Harness, ...] = ()
