"""The guard: which packets were destroyed when their days were over."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("packet", sa.Column("purged_at", sa.String(32)))
    op.create_table(
        "audit_head",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
    )
