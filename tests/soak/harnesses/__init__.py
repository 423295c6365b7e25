"""Every way to hurt a station, in the order in which they are run."""

from __future__ import annotations

from tests.soak.harness import Harness
from tests.soak.harnesses.dropped_cache import DroppedCache
from tests.soak.harnesses.failing_disk import FailingDisk
from tests.soak.harnesses.killed import Killed
from tests.soak.harnesses.lost_answers import LostAnswers
from tests.soak.harnesses.random_walk import RandomWalk
from tests.soak.harnesses.xfs_cut import XfsCut

HARNESSES: tuple[Harness, ...] = (DroppedCache(), XfsCut(), Killed(), FailingDisk(), LostAnswers(), RandomWalk())
