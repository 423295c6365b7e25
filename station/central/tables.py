"""The tables of central. No personal data: a NIK is here only as a keyed hash, nothing else of a record at all.

Target lists are in a database of their own: register_tables.py.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps no time zone, so none is stored anywhere."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC)


def meta_table(of: MetaData) -> Table:
    """Where a database of central keeps which version of its tables it has."""
    return Table("meta", of, Column("schema_version", Integer, primary_key=True))


meta = meta_table(metadata)
SCHEMA_VERSION = 4
UPGRADES = {
    2: ("ALTER TABLE stations ADD COLUMN bundle_recipient VARCHAR(200) NOT NULL DEFAULT ''",),
    3: (
        "ALTER TABLE packets ADD COLUMN sealed_day VARCHAR(10) NOT NULL DEFAULT ''",
        "CREATE INDEX packets_by_day ON packets (origin, sealed_day, sha256, wanted_again)",
        "ALTER TABLE stations ADD COLUMN card_kid VARCHAR(200) NOT NULL DEFAULT ''",
        "ALTER TABLE uploads RENAME TO uploads_before",
        "CREATE TABLE uploads (upload_id VARCHAR(40) NOT NULL PRIMARY KEY, record_id VARCHAR(40) NOT NULL,"
        " revision INTEGER NOT NULL, origin VARCHAR(200) NOT NULL, sha256 VARCHAR(64) NOT NULL, size INTEGER NOT NULL,"
        " expires_at DATETIME NOT NULL, priority INTEGER NOT NULL DEFAULT 0, carrier VARCHAR(200) NOT NULL DEFAULT '',"
        " UNIQUE (record_id, revision, origin, sha256, size))",
        "INSERT INTO uploads (upload_id, record_id, revision, origin, sha256, size, expires_at)"
        " SELECT upload_id, record_id, revision, origin, sha256, size, expires_at FROM uploads_before",
        "DROP TABLE uploads_before",
        "ALTER TABLE refusals ADD COLUMN origin VARCHAR(200) NOT NULL DEFAULT ''",
    ),
    4: (
        "ALTER TABLE policies ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 30",
        "ALTER TABLE policies ADD COLUMN audit_years INTEGER NOT NULL DEFAULT 5",
    ),
}
"""What makes these tables out of those of the version before."""

stations = Table(
    "stations",
    metadata,
    Column("station_id", String(40), primary_key=True),
    Column("public_key", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("office", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("app_version", String(200), nullable=False),
    Column("enrolled_at", UtcTime, nullable=False),
    Column("bundle_recipient", String(200), nullable=False, default=""),
    Column("blocked", Boolean, nullable=False, default=False),
    Column("blocked_until", UtcTime),
    Column("blocked_reason", Text, nullable=False, default=""),
    Column("last_position", Integer, nullable=False, default=0),
    Column("card_kid", String(200), nullable=False, default=""),
    UniqueConstraint("office", "number"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("station_id", String(40), primary_key=True),
    Column("received_at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("office", String(200), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("station_id", String(40)),
)

invitations = Table(
    "invitations",
    metadata,
    Column("station_id", String(40), primary_key=True),
    Column("office", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("claim_key", String(64), nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("claim_until", UtcTime, nullable=False),
    UniqueConstraint("office", "number"),
)
"""Stations enrolled by a file; `claim_key` is the public half of what came of the one-time code."""

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", String(40), primary_key=True),
    Column("record_id", String(40), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("carrier", String(200), nullable=False, server_default=""),
    # Whoever announces a key first may be lying: each announcement has its own upload, and its signature decides.
    UniqueConstraint("record_id", "revision", "origin", "sha256", "size"),
)

packets = Table(
    "packets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("record_id", String(40), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("receipt_no", String(200), nullable=False),
    Column("receipt", Text, nullable=False),
    Column("nik_hidden", String(64), nullable=False),
    Column("status", String(200), nullable=False),
    Column("refused", Boolean, nullable=False, default=False),
    Column("wanted_again", Boolean, nullable=False, default=False),
    Column("sealed_day", String(10), nullable=False, server_default=""),
    UniqueConstraint("record_id", "revision"),
    Index("packets_by_nik", "nik_hidden"),
    Index("packets_by_day", "origin", "sealed_day", "sha256", "wanted_again"),
    sqlite_autoincrement=True,  # a receipt number is never given twice, not even after a row is gone
)

chain_links = Table(
    "chain_links",
    metadata,
    Column("origin", String(200), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("sealed_at", UtcTime, nullable=False),
)
"""Where each accepted packet stands in its station's own numbering."""

twins = Table(
    "twins",
    metadata,
    Column("station_id", String(200), primary_key=True),
    Column("told_at", UtcTime, nullable=False),
    Column("sequence", Integer, nullable=False),
)
"""Stations as which two computers were seen to work."""

refusals = Table(
    "refusals",
    metadata,
    Column("record_id", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("problem", Text, nullable=False),
    Column("refused_at", UtcTime, nullable=False),
    Column("origin", String(200), nullable=False, server_default=""),
)

policies = Table(
    "policies",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("issued_at", UtcTime, nullable=False),
    Column("finger_quality", Integer, nullable=False),
    Column("iris_quality", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("retention_days", Integer, nullable=False, default=30),
    Column("audit_years", Integer, nullable=False, default=5),
)
"""What was set for all stations, the newest last."""

events = Table(
    "events",
    metadata,
    Column("station_id", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("event", Text, nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("station_id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("token", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
)
"""The newest head of each station's audit trail, as that station signed it."""

audit_doubts = Table(
    "audit_doubts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("station_id", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("kept_number", Integer, nullable=False),
    Column("came_number", Integer, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    UniqueConstraint("station_id", "kind", "kept_number", "came_number"),
)
"""Heads that do not go on from the one that is kept."""

wipes = Table(
    "wipes",
    metadata,
    Column("order_id", String(40), primary_key=True),
    Column("station_id", String(40), nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("token", Text, nullable=False),
    Column("withdrawn_at", UtcTime),
    Column("done_at", UtcTime),
    Column("report", Text, nullable=False, default=""),
)
"""Orders to wipe a station that is lost, and what came of them."""

reset_seeds = Table(
    "reset_seeds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("station_id", String(40), nullable=False),
    Column("batch", String(3), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    UniqueConstraint("station_id", "batch"),
)
"""What answers the reset codes of stations, sealed for central."""

reset_answers = Table(
    "reset_answers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("station_id", String(40), nullable=False),
    Column("batch", String(3), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("officer", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""Every code that was read out; `officer` tells one of the station's officers from the others, and names nobody."""
