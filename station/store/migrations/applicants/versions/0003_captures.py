"""Captures with real devices: minutiae, verification, approval, attachments, and prints that may not come twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("record", sa.Column("verification", sa.Text, nullable=False, server_default="[]"))
    op.add_column("record", sa.Column("approval", sa.Text, nullable=False, server_default=""))
    op.add_column("record", sa.Column("assisted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("capture", sa.Column("template", sa.LargeBinary, nullable=False, server_default=sa.text("x''")))
    op.create_table(
        "attachment",
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title_no", sa.String(60), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("media", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "known_print",
        sa.Column("owner", sa.String(60), primary_key=True),
        sa.Column("finger", sa.Integer, primary_key=True),
        sa.Column("template", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.String(32), nullable=False),
    )
