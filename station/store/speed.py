"""Speed rules as JSON and back. What cannot be read, or would make no sense, becomes the rules of a new station."""

from __future__ import annotations

from datetime import time
from typing import Any

from station.domain.speed import Metered, SpeedRules, Window

MOST_WINDOWS = 24


def plain_speed(rules: SpeedRules) -> dict[str, Any]:
    """The rules as plain values."""
    return {
        "kbps": rules.kbps,
        "windows": [
            {"start": window.start.isoformat("minutes"), "end": window.end.isoformat("minutes"), "kbps": window.kbps}
            for window in rules.windows
        ],
        "metered": rules.metered.value,
        "records_over_metered": rules.records_over_metered,
    }


def read_speed(kept: Any) -> SpeedRules:
    """The rules in `kept`; the usual ones when it holds none."""
    try:
        windows = tuple(_window(item) for item in kept["windows"])
        if len(windows) > MOST_WINDOWS:
            return SpeedRules()
        rules = SpeedRules(_kbps(kept["kbps"]), windows, Metered(kept["metered"]), kept["records_over_metered"] is True)
    except (KeyError, TypeError, ValueError):
        return SpeedRules()
    return rules


def _window(kept: Any) -> Window:
    return Window(_local(kept["start"]), _local(kept["end"]), _kbps(kept["kbps"]))


def _local(kept: Any) -> time:
    """A time of the local day; ValueError for one of another zone, which cannot be compared with it."""
    found = time.fromisoformat(kept)
    if found.tzinfo is not None:
        raise ValueError("no local time")
    return found


def _kbps(kept: Any) -> int | None:
    """A whole number from 0, or None for no cap; ValueError for anything else."""
    if kept is None or (type(kept) is int and kept >= 0):
        return kept
    raise ValueError("no speed")
