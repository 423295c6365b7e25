"""Figures as people read them: few digits, thousands apart, units that fit. Knows no drawing."""

from __future__ import annotations

_STEPS = {"ms": (1000.0, "s"), "bytes": (1000.0, "KB"), "KB": (1000.0, "MB"), "kbit/s": (1000.0, "Mbit/s")}
_FROM = {"ms": 1000.0, "bytes": 1000.0, "KB": 1000.0, "kbit/s": 10_000.0}


def figure(value: float, unit: str) -> str:
    """`1906 ms` is 1.91 s."""
    while unit in _STEPS and abs(value) >= _FROM[unit]:
        by, unit = _STEPS[unit]
        value /= by
    return f"{number(value)} {unit}"


def number(value: float) -> str:
    """Three digits, more only before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def ratio(value: float) -> str:
    return f"× {number(value)}"
