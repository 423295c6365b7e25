"""The tables as SQLAlchemy sees them; the migrations make them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Computed, Integer, LargeBinary, MetaData, String, Table, Text

from station.store.columns import UtcTime

_applicants = MetaData()
_outbox = MetaData()

record = Table(
    "record",
    _applicants,
    Column("record_id", String(36), primary_key=True),
    Column("revision", Integer),
    Column("state", String(16)),
    Column("registration_no", String(40)),
    Column("form_version", Integer),
    Column("answers", Text),
    Column("nik", String(16), Computed("json_extract(answers, '$.nik')")),
    Column("name", String(60), Computed("json_extract(answers, '$.name')")),
    Column("village", String(13), Computed("json_extract(answers, '$.village')")),
    Column("confirmed", Text),
    Column("exceptions", Text),
    Column("refused", Text),
    Column("step", String(16)),
    Column("operator_id", String(40)),
    Column("started_at", UtcTime),
    Column("sealed_at", UtcTime),
    Column("changed_at", UtcTime),
    Column("service", String(24)),
    Column("papers", Text),
    Column("listed", Text),
    Column("ready_at", UtcTime),
    Column("trip_id", String(36)),
    Column("birth_date", String(10), Computed("json_extract(answers, '$.birth_date')")),
    Column("phone", String(30), Computed("json_extract(answers, '$.phone')")),
)
capture = Table(
    "capture",
    _applicants,
    Column("record_id", String(36), primary_key=True),
    Column("part", String(16), primary_key=True),
    Column("quality", Integer),
    Column("attempts", Integer),
    Column("taken_at", UtcTime),
    Column("meta", Text),
    Column("image", LargeBinary),
)
seal = Table(
    "seal",
    _applicants,
    Column("record_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("identity", Text),
    Column("sequence", Integer),
    Column("sha256", String(64)),
    Column("face", LargeBinary),
)
audit = Table(
    "audit",
    _applicants,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("operator_id", String(40)),
    Column("action", String(32)),
    Column("record_id", String(36)),
    Column("detail", Text),
    Column("hash", String(64)),
)
roster = Table(
    "roster",
    _applicants,
    Column("area", String(13), primary_key=True),
    Column("area_name", String(200)),
    Column("version", Integer),
    Column("people", Integer),
    Column("made_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("imported_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("source", String(16)),
    Column("file", String(80)),
    Column("key", LargeBinary),
)
secret = Table("secret", _applicants, Column("name", String(40), primary_key=True), Column("value", Text))
trip = Table(
    "trip",
    _applicants,
    Column("trip_id", String(36), primary_key=True),
    Column("day", String(10)),
    Column("village", String(13)),
    Column("place", String(200)),
    Column("crew", Text),
    Column("kit", Text),
    Column("rts", Text),
    Column("roster_version", Integer),
    Column("roster_made_at", UtcTime),
    Column("roster_expires_at", UtcTime),
    Column("created_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("report", Text),
)
trip_person = Table(
    "trip_person",
    _applicants,
    Column("trip_id", String(36), primary_key=True),
    Column("nik", String(16), primary_key=True),
    Column("name", String(60)),
    Column("rt", String(3)),
    Column("rw", String(3)),
    Column("birth_date", String(10)),
    Column("address", String(200)),
    Column("invited", Boolean),
    Column("by_hand", Boolean),
    Column("mark", String(16)),
    Column("reason", String(24)),
    Column("marked_at", UtcTime),
    Column("operator_id", String(40)),
    Column("note", String(200)),
)
referral = Table(
    "referral",
    _applicants,
    Column("referral_no", String(40), primary_key=True),
    Column("at", UtcTime),
    Column("operator_id", String(40)),
    Column("name", String(60)),
    Column("birth_date", String(10)),
    Column("village", String(13)),
    Column("phone", String(30)),
    Column("reason", String(40)),
    Column("trip_id", String(36)),
)
counter = Table("counter", _applicants, Column("day", String(10), primary_key=True), Column("last", Integer))

packet = Table(
    "packet",
    _outbox,
    Column("record_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("origin", String(80)),
    Column("sha256", String(64)),
    Column("size", Integer),
    Column("kind", String(40)),
    Column("priority", Integer),
    Column("sealed_at", UtcTime),
    Column("stage", String(16)),
    Column("upload", Text),
    Column("acknowledged", Integer),
    Column("restarts", Integer),
    Column("attempts", Integer),
    Column("next_attempt_at", UtcTime),
    Column("offered_at", UtcTime),
    Column("trouble", String(32)),
    Column("request_id", String(40)),
    Column("http_status", Integer),
    Column("detail", Text),
    Column("last_tried_at", UtcTime),
    Column("receipt", Text),
    Column("receipt_no", String(200)),
    Column("received_at", UtcTime),
    Column("reasons", Text),
    Column("central_code", String(200)),
    Column("central_at", UtcTime),
    Column("changed", Integer),
)
state = Table("state", _outbox, Column("name", String(40), primary_key=True), Column("value", Text))
event = Table(
    "event",
    _outbox,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("kind", String(200)),
    Column("record_id", String(36)),
    Column("revision", Integer),
    Column("members", Text),
)
log = Table(
    "log",
    _outbox,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("lane", String(16)),
    Column("record_id", String(36)),
    Column("revision", Integer),
    Column("trouble", String(32)),
    Column("request_id", String(40)),
    Column("http_status", Integer),
    Column("detail", Text),
)
link_history = Table(
    "link_history",
    _outbox,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("state", String(32)),
    Column("reason", String(32)),
)
OUTBOX_TABLES = tuple(_outbox.tables.values())
