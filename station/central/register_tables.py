"""The tables of the register, in a database of its own: a list of a million people must not keep a receipt waiting.

Who somebody is stands here sealed under a key of central; NIKs are keyed hashes, as everywhere at central.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

from station.central.tables import UtcTime, meta_table

SCHEMA_VERSION = 1

register_metadata = MetaData()
meta = meta_table(register_metadata)

lists = Table(
    "lists",
    register_metadata,
    Column("regency", String(5), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("area", String(13), nullable=False),
    Column("area_name", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

people = Table(
    "people",
    register_metadata,
    Column("number", Integer, primary_key=True),
    Column("regency", String(5), nullable=False),
    Column("nik_hidden", LargeBinary(32), nullable=False),
    Column("village", String(13), nullable=False),
    Column("digest", LargeBinary(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("said_recorded", Boolean, nullable=False),
    Column("said_code", String(30), nullable=False),
    Column("recorded", Boolean, nullable=False),
    Column("code", String(200), nullable=False),
    Column("at", UtcTime),
    Column("changed_in", Integer, nullable=False),
    Column("packet_seen_in", Integer),
    Index("people_by_nik", "regency", "nik_hidden", unique=True),
    Index("people_by_village", "regency", "village"),
)
"""`said_*` is what the Dinas wrote, `recorded`, `code` and `at` what holds: central's own packets know better."""

departed = Table(
    "departed",
    register_metadata,
    Column("regency", String(5), primary_key=True),
    Column("nik_hidden", LargeBinary(32), primary_key=True),
    Column("village", String(13), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Who is not in a village any more, for as long as a station may hold a list from before."""

assigned = Table(
    "assigned",
    register_metadata,
    Column("station_id", String(40), primary_key=True),
    Column("area", String(13), primary_key=True),
)
"""Lists a station gets besides those of its office."""

told = Table(
    "told",
    register_metadata,
    Column("station_id", String(40), primary_key=True),
    Column("area", String(13), primary_key=True),
    Column("version", Integer, nullable=False),
)
"""Of which version a station was told last."""

incoming = Table(
    "incoming",
    MetaData(),
    Column("nik_hidden", LargeBinary(32), primary_key=True),
    Column("line", Integer, nullable=False),
    Column("village", String(13), nullable=False),
    Column("digest", LargeBinary(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("said_recorded", Boolean, nullable=False),
    Column("said_code", String(30), nullable=False),
    prefixes=["TEMPORARY"],
)
"""What one file says, until it is compared: gone with the connection."""

unread = Table(
    "unread",
    MetaData(),
    Column("nik_hidden", LargeBinary(32), primary_key=True),
    prefixes=["TEMPORARY"],
)
"""Of whom the same file has a line that could not be taken: they keep what was known of them."""
