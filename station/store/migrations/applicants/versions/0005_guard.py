"""The guard: until when somebody may work here, what of a record was destroyed when, and what else it keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("officer", sa.Column("until", sa.String(32)))
    op.add_column("officer", sa.Column("ended_at", sa.String(32)))
    op.add_column("seal", sa.Column("purged_at", sa.String(32)))
    op.add_column("seal", sa.Column("announced_at", sa.String(32)))
    op.add_column("officer", sa.Column("name", sa.String(60)))
    op.add_column("officer", sa.Column("signed_in_at", sa.String(32)))
    op.add_column("officer", sa.Column("finger", sa.Boolean))
    op.add_column("officer", sa.Column("password_by", sa.String(40)))
    op.create_table("setting", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text))
    for name, event in (("no_update", "UPDATE"), ("no_delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER audit_{name} BEFORE {event} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit"
        " WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM audit)"
        " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    )
