"""How a comparison with central is written down among the named values. Knows no database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from station.domain.comparison import Comparison


def plain_comparison(found: Comparison) -> dict[str, Any]:
    """As JSON values."""
    whole_at = found.whole_at.isoformat() if found.whole_at else None
    return {**asdict(found), "at": found.at.isoformat(), "whole_at": whole_at, "unknown_keys": list(found.unknown_keys)}


def read_comparison(kept: dict[str, Any] | None) -> Comparison | None:
    """The comparison in these values; None when there is none."""
    if not kept:
        return None
    known = {name: kept[name] for name in Comparison.__dataclass_fields__ if name in kept}
    return Comparison(
        **{
            **known,
            "at": datetime.fromisoformat(kept["at"]),
            "whole_at": datetime.fromisoformat(kept["whole_at"]) if kept.get("whole_at") else None,
            "unknown_keys": tuple(kept.get("unknown_keys", ())),
        }
    )
