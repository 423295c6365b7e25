"""Notices of central and whoever reads them here. Needs no sign-in: nothing personal is in them."""

from __future__ import annotations

from datetime import datetime

from station.store.depot import Depot


def read_notice(depot: Depot, notice_id: str, now: datetime) -> None:
    """Somebody here has read it; the first time counts."""
    depot.notices.mark_seen(notice_id, now)
