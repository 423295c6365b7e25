"""Devices of the station: what each did, and what is reported broken. No personal data: health goes to central."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("device_id", sa.String(120), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("make", sa.String(64), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("driver", sa.String(32), nullable=False),
        sa.Column("first_seen_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("good_at", sa.String(32)),
        sa.Column("tested_at", sa.String(32)),
        sa.Column("test_outcome", sa.String(40), nullable=False),
    )
    op.create_table(
        "device_use",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("device_id", sa.String(120), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("quality", sa.Integer),
    )
    op.create_index("device_use_recent", "device_use", ["device_id", "at"])
    op.create_table(
        "device_ticket",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("device_id", sa.String(120), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("by_trend", sa.Boolean, nullable=False),
        sa.Column("closed_at", sa.String(32)),
    )
