"""Records, captures, seals, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "record",
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("registration_no", sa.String(40), nullable=False, unique=True),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("nik", sa.String(16), sa.Computed("json_extract(answers, '$.nik')")),
        sa.Column("name", sa.String(60), sa.Computed("json_extract(answers, '$.name')")),
        sa.Column("village", sa.String(13), sa.Computed("json_extract(answers, '$.village')")),
        sa.Column("confirmed", sa.Text, nullable=False),
        sa.Column("exceptions", sa.Text, nullable=False),
        sa.Column("refused", sa.Text, nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("operator_id", sa.String(40), nullable=False),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("sealed_at", sa.String(32)),
        sa.Column("changed_at", sa.String(32), nullable=False),
    )
    op.create_index("record_nik", "record", ["nik"])
    op.create_index("record_name", "record", ["name"])
    op.create_index("record_state", "record", ["state", "changed_at"])
    op.create_index("record_changed", "record", ["changed_at"])
    op.create_table(
        "capture",
        sa.Column("record_id", sa.String(36), sa.ForeignKey("record.record_id"), primary_key=True),
        sa.Column("part", sa.String(16), primary_key=True),
        sa.Column("quality", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("taken_at", sa.String(32), nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("image", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "seal",
        sa.Column("record_id", sa.String(36), sa.ForeignKey("record.record_id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("identity", sa.Text),
        sa.Column("sequence", sa.Integer),
        sa.Column("sha256", sa.String(64)),
        sa.Column("face", sa.LargeBinary),
    )
    op.create_index("seal_sequence", "seal", ["sequence"])
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("operator_id", sa.String(40), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(36)),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_record", "audit", ["record_id", "number"])
    op.create_table(
        "counter",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
