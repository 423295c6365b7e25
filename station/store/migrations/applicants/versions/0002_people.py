"""People before their recording: services and papers of a record, target lists, trips, referrals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("record", sa.Column("service", sa.String(24), nullable=False, server_default="rekam_baru"))
    op.add_column("record", sa.Column("papers", sa.Text, nullable=False, server_default="{}"))
    op.add_column("record", sa.Column("listed", sa.Text, nullable=False, server_default="{}"))
    op.add_column("record", sa.Column("ready_at", sa.String(32)))
    op.add_column("record", sa.Column("trip_id", sa.String(36), nullable=False, server_default=""))
    op.add_column(
        "record", sa.Column("birth_date", sa.String(10), sa.Computed("json_extract(answers, '$.birth_date')"))
    )
    op.add_column("record", sa.Column("phone", sa.String(30), sa.Computed("json_extract(answers, '$.phone')")))
    op.create_index("record_same_name", "record", ["name", "birth_date"])
    op.create_index("record_phone", "record", ["phone"])
    op.create_index("record_ready", "record", ["ready_at"])
    op.create_index("record_trip", "record", ["trip_id"])
    _record_line()
    op.create_table(
        "roster",
        sa.Column("area", sa.String(13), primary_key=True),
        sa.Column("area_name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("imported_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )
    op.create_table("secret", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text))
    op.create_table(
        "trip",
        sa.Column("trip_id", sa.String(36), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("village", sa.String(13), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("crew", sa.Text, nullable=False),
        sa.Column("kit", sa.Text, nullable=False),
        sa.Column("rts", sa.Text, nullable=False),
        sa.Column("roster_version", sa.Integer, nullable=False),
        sa.Column("roster_made_at", sa.String(32)),
        sa.Column("roster_expires_at", sa.String(32)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("report", sa.Text, nullable=False),
    )
    op.create_index("trip_day", "trip", ["day"])
    op.create_table(
        "trip_person",
        sa.Column("trip_id", sa.String(36), sa.ForeignKey("trip.trip_id"), primary_key=True),
        sa.Column("nik", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("rt", sa.String(3), nullable=False),
        sa.Column("rw", sa.String(3), nullable=False),
        sa.Column("birth_date", sa.String(10), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("invited", sa.Boolean, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("marked_at", sa.String(32)),
        sa.Column("operator_id", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
    )
    op.create_table(
        "referral",
        sa.Column("referral_no", sa.String(40), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("operator_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("birth_date", sa.String(10), nullable=False),
        sa.Column("village", sa.String(13), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("trip_id", sa.String(36), nullable=False),
    )


def _record_line() -> None:
    """What the record list searches and sorts by: in an index of its own, so that no form is decrypted for it.

    The planner would often read the whole table instead; the view holds it to the index.
    """
    op.drop_index("record_changed", "record")
    members = ["changed_at", "record_id", "revision", "state", "name", "nik", "registration_no", "started_at"]
    op.create_index("record_line_index", "record", [*members, "village", "operator_id", "service"])
    op.execute(
        "CREATE VIEW record_line AS SELECT changed_at, record_id, revision, state, name, nik, registration_no,"
        " started_at, village, operator_id, service FROM record INDEXED BY record_line_index"
    )
