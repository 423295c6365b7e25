"""What central itself has received, taken over into the register."""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, or_, update

from station.central.areas import inside
from station.central.batches import batches
from station.central.packets import standing_packets
from station.central.register_tables import people
from station.domain.central_status import may_record_again


def take_over_packets(rows: Connection, packets: Connection, regency: str, area: str, version: int) -> None:
    """What central has received is worth more than what the Dinas wrote, until it is refused after all.

    A packet that central could not use records nobody: its status says that another recording is wanted.
    """
    here = and_(people.c.regency == regency, inside(people.c.village, area))
    seen = update(people).where(here, people.c.nik_hidden == bindparam("hidden"))
    differs = or_(people.c.recorded != bindparam("found_recorded"), people.c.code != bindparam("found_code"))
    for batch in batches(standing_packets(packets)):
        found = [
            {
                "hidden": bytes.fromhex(packet.nik_hidden),
                "found_recorded": not may_record_again(packet.status),
                "found_code": packet.status,
                "found_at": packet.at,
            }
            for packet in batch
        ]
        rows.execute(
            seen.where(differs).values(
                recorded=bindparam("found_recorded"),
                code=bindparam("found_code"),
                at=bindparam("found_at"),
                changed_in=version,
            ),
            found,
        )
        rows.execute(seen.values(packet_seen_in=version), [{"hidden": row["hidden"]} for row in found])
    rows.execute(
        update(people)
        .where(here, people.c.packet_seen_in < version)
        .values(
            recorded=people.c.said_recorded,
            code=people.c.said_code,
            at=None,
            packet_seen_in=None,
            changed_in=version,
        )
    )
