"""Lanes with their own state, what was sent when, notices, packets of other stations, and packets that were voided."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("packet", sa.Column("carried", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("packet", sa.Column("came_at", sa.String(32)))
    op.add_column("packet", sa.Column("came_by", sa.String(80), nullable=False, server_default=""))
    op.add_column("packet", sa.Column("returned_at", sa.String(32)))
    op.add_column("packet", sa.Column("exported_at", sa.String(32)))
    op.add_column("packet", sa.Column("out_at", sa.String(32)))
    op.add_column("packet", sa.Column("handed_at", sa.String(32)))
    op.add_column("packet", sa.Column("handed_to", sa.String(200), nullable=False, server_default=""))
    op.add_column("packet", sa.Column("resends", sa.Integer, nullable=False, server_default="0"))
    op.add_column("packet", sa.Column("resent_at", sa.String(32)))
    op.add_column("packet", sa.Column("confirmed_at", sa.String(32)))
    op.add_column("packet", sa.Column("voided_at", sa.String(32)))
    op.add_column("packet", sa.Column("void_reason", sa.Text, nullable=False, server_default=""))
    op.add_column("event", sa.Column("identity", sa.String(64), nullable=False, server_default=""))
    op.create_index("event_identity", "event", ["identity"])
    op.add_column("log", sa.Column("times", sa.Integer, nullable=False, server_default="1"))
    op.add_column("log", sa.Column("last_at", sa.String(32)))
    op.create_index("packet_sealed", "packet", ["sealed_at"])
    op.create_table(
        "lane",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("condition", sa.String(16), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("trouble", sa.String(32)),
        sa.Column("request_id", sa.String(40)),
        sa.Column("http_status", sa.Integer),
        sa.Column("detail", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.String(32)),
        sa.Column("until", sa.String(32)),
        sa.Column("done_at", sa.String(32)),
    )
    op.create_table(
        "throughput",
        sa.Column("at", sa.String(32), primary_key=True),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("packets", sa.Integer, nullable=False),
        sa.Column("busy_s", sa.Float, nullable=False),
    )
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.String(200), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("from_at", sa.String(32)),
        sa.Column("until_at", sa.String(32)),
        sa.Column("audience", sa.String(200), nullable=False),
        sa.Column("told_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32)),
    )
    op.create_table(
        "passing_receipt",
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String(80), nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("refusal", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("came_at", sa.String(32), nullable=False),
        sa.Column("returned_at", sa.String(32)),
    )
    op.create_table(
        "courier",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("bundle_id", sa.String(40), nullable=False),
        sa.Column("station_id", sa.String(40), nullable=False),
        sa.Column("packets", sa.Integer, nullable=False),
        sa.Column("receipts", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
    )
