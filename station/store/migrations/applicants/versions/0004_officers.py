"""Who let which officer in, colleagues' words that were given and not used, and people who come again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("operator_id", sa.String(40), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("added_by", sa.String(40), nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "voucher",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("operator_id", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(36), nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("expires_s", sa.Float, nullable=False),
    )
    op.add_column("record", sa.Column("recapture", sa.Text, nullable=False, server_default=""))
    op.add_column("record", sa.Column("uninvited", sa.Text, nullable=False, server_default=""))
