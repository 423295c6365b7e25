"""What some figures should be at most. A figure over its goal is said, and drawn; it does not end the bench.

The limits that end it stand in the rows themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.row import Row

GOALS: dict[str, float] = {
    "start.window_ms.queued_10000": 3000,
    "gui.gap_max_ms": 50,
    "sync.drain.gui_gap_max_ms": 50,
    "capture.gui_gap.max_ms": 50,
    "capture.gui_gap.p99_ms": 16,
    "capture.finger.ms": 150,
    "capture.preview.p95_ms": 80,
    "capture.set_bytes": 358_400,
    "guard.signin_ms": 1000,
    "guard.idle_cpu_percent": 2,
    "guard.restore_1500_s": 120,
    "guard.recover_corrupt_s": 60,
    "slow.start_ms": 5000,
    "slow.step_ms": 150,
    "slow.save_ms": 1000,
    "sync.return_to_manifest_s": 5,
    "people.keyboard.key_presses": 25,
    "people.keyboard.program_s": 3,
}
"""By the name of the row, in its unit."""


def over(rows: Sequence[Row]) -> list[str]:
    """A sentence for each row over its goal."""
    return [
        f"{row.name}: {row.value:.4g} {row.unit}, the goal is {GOALS[row.name]:g}"
        for row in rows
        if row.value > GOALS.get(row.name, float("inf"))
    ]
