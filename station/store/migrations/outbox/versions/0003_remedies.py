"""What was done about a fault of a device, when its ticket was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("device_ticket", sa.Column("remedy", sa.String(20)))
