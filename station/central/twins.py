"""Two computers that work as one station: a backup was restored while the old computer went on, or was restored twice.

Seen by the chain of packets: each station numbers its own. A restored station leaves numbers out, so what the old one
had sealed before is no sign of it. Nothing is refused for it, for every packet is of a person who came. Knows no HTTP.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from station.central.database import insert_if_new
from station.central.feed import tell
from station.central.tables import chain_links, twins
from station.i18n import _
from station.log import get_logger
from station.wire import rfc3339

LEFT_OUT = 500
"""Numbers between two packets that no station seals between two looks at its clock: one of them was restored."""
AGAIN_AFTER = timedelta(days=1)
_log = get_logger(__name__)


def note_link(
    rows: Connection, station_id: str, *, sequence: int, sha256: str, sealed_at: datetime, now: datetime
) -> None:
    """Keep the place of an accepted packet in its station's chain; tell the station when two computers made it."""
    twin = _has_twin(rows, station_id, sequence, sha256, sealed_at)
    link = {"origin": station_id, "sequence": sequence, "sha256": sha256, "sealed_at": sealed_at}
    rows.execute(insert_if_new(chain_links).values(**link))
    if twin and _may_tell(rows, station_id, sequence, now):
        _log.info("two computers work as station %s: number %d", station_id, sequence)
        notice = {
            "kind": "notice",
            "at": rfc3339(now),
            "id": f"twin-{station_id}",
            "title": _("Two computers are working as this station."),
            "body": _(
                "A backup was restored and the old computer is still in use, or it was restored twice."
                " All records have arrived. Switch one of the computers off and tell the Dinas which one stays."
            ),
            "audience": "",
        }
        tell(rows, station_id, notice)


def stations_with_twins(rows: Connection) -> dict[str, datetime]:
    """Stations that were told so, and when last."""
    return {row.station_id: row.told_at for row in rows.execute(select(twins))}


def _has_twin(rows: Connection, station_id: str, sequence: int, sha256: str, sealed_at: datetime) -> bool:
    own = chain_links.c.origin == station_id
    same = select(chain_links.c.sha256).where(own, chain_links.c.sequence == sequence, chain_links.c.sha256 != sha256)
    later = select(chain_links.c.sequence).where(
        own, chain_links.c.sequence >= sequence + LEFT_OUT, chain_links.c.sealed_at < sealed_at
    )
    before = select(chain_links.c.sequence).where(
        own, chain_links.c.sequence <= sequence - LEFT_OUT, chain_links.c.sealed_at > sealed_at
    )
    return any(rows.execute(query.limit(1)).first() is not None for query in (same, later, before))


def _may_tell(rows: Connection, station_id: str, sequence: int, now: datetime) -> bool:
    """Once a day: it does not get truer by the packet."""
    told = rows.execute(select(twins.c.told_at).where(twins.c.station_id == station_id)).scalar()
    if told is not None and now - told < AGAIN_AFTER:
        return False
    rows.execute(twins.delete().where(twins.c.station_id == station_id))
    rows.execute(insert(twins).values(station_id=station_id, told_at=now, sequence=sequence))
    return True
