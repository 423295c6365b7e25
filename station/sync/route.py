"""The default route of this computer, as Linux tells it in a file. Other systems: nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_ROUTES = Path("/proc/net/route")
_ANYWHERE = "00000000"


@dataclass(frozen=True)
class Route:
    """The device that traffic leaves by, and the next machine's address as the system writes it. '' when unknown."""

    device: str = ""
    gateway: str = ""


def default_route(routes: Path = _ROUTES) -> Route:
    """The default route with the smallest metric."""
    try:
        lines = routes.read_text(encoding="ascii", errors="replace").splitlines()[1:200]
    except OSError:
        return Route()
    rows = [row for row in map(str.split, lines) if len(row) > 7 and row[1] == row[7] == _ANYWHERE and row[6].isdigit()]
    if not rows:
        return Route()
    best = min(rows, key=lambda row: int(row[6]))
    return Route(best[0], best[2])
