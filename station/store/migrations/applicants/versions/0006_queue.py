"""Numbers of the queue: each is given once a day and stays with its record. Who is young is found by birth date."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("record", sa.Column("ticket", sa.Integer, nullable=False, server_default="0"))
    op.add_column("record", sa.Column("ticket_day", sa.String(10), nullable=False, server_default=""))
    op.create_index("record_ticket", "record", ["ticket_day", "ticket"])
    op.create_index("record_birth", "record", ["birth_date"])
