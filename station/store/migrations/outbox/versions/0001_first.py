"""Packets, state of the engine, change events, technical log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "packet",
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("sealed_at", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("upload", sa.Text),
        sa.Column("acknowledged", sa.Integer, nullable=False),
        sa.Column("restarts", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.String(32)),
        sa.Column("offered_at", sa.String(32)),
        sa.Column("trouble", sa.String(32)),
        sa.Column("request_id", sa.String(40)),
        sa.Column("http_status", sa.Integer),
        sa.Column("detail", sa.Text),
        sa.Column("last_tried_at", sa.String(32)),
        sa.Column("receipt", sa.Text),
        sa.Column("receipt_no", sa.String(200), nullable=False),
        sa.Column("received_at", sa.String(32)),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("central_code", sa.String(200), nullable=False),
        sa.Column("central_at", sa.String(32)),
        sa.Column("changed", sa.Integer, nullable=False),
    )
    op.create_index("packet_due", "packet", ["stage", "attempts", "sealed_at"])
    op.create_index("packet_changed", "packet", ["changed"])
    op.create_table(
        "state",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("record_id", sa.String(36)),
        sa.Column("revision", sa.Integer),
        sa.Column("members", sa.Text, nullable=False),
    )
    op.create_index("event_record", "event", ["record_id", "revision", "number"])
    op.create_table(
        "log",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("record_id", sa.String(36)),
        sa.Column("revision", sa.Integer),
        sa.Column("trouble", sa.String(32), nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.Column("http_status", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "link_history",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
    )
