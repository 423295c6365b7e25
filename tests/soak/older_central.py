"""What central loses when an older backup of its own is put back."""

from __future__ import annotations

from station.central.central import Central
from station.central.tables import packets, uploads
from station.domain.record import RecordKey


def lose(central: Central, key: RecordKey) -> None:
    """Row, upload and file of one packet are gone; the station finds out when both compare."""
    with central.database.write() as rows:
        for table in (packets, uploads):
            same = (table.c.record_id == key.record_id, table.c.revision == key.revision)
            rows.execute(table.delete().where(*same))
    central.packet_path(key).unlink()
