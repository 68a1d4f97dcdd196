"""Consultations: what other bodies were asked before something is published, and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ASKED = (
    "id, item_id, kind, body_id, blocking, silence, digest, due_on, replaces_id, remark_id, asked_by,"
    " asked_as, asked_at"
)
_REPLY = "reply, reply_digest, replied_on, replied_by, replied_at, reply_remark_id"
_SETTLEMENT = "settlement, settled_digest, settled_by, settled_at, settlement_remark_id"
_WITHDRAWAL = "withdrawn_by, withdrawn_at, withdrawal_remark_id"

# What may never happen to the table, as (name, when it fires, condition).
_GUARDS = (
    ("consultation_no_update", f"UPDATE OF {_ASKED}", ""),
    ("consultation_no_delete", "DELETE", ""),
    ("consultation_reply_stays", f"UPDATE OF {_REPLY}", "OLD.replied_at IS NOT NULL"),
    ("consultation_settlement_stays", f"UPDATE OF {_SETTLEMENT}", "OLD.settled_at IS NOT NULL"),
    ("consultation_withdrawal_stays", f"UPDATE OF {_WITHDRAWAL}", "OLD.withdrawn_at IS NOT NULL"),
    ("consultation_told_once", "UPDATE OF overdue_told_at", "OLD.overdue_told_at IS NOT NULL"),
)
# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger.
_REPLACED = (
    "id = NEW.id OR (replaces_id = NEW.replaces_id AND withdrawn_at IS NULL"
    " AND NEW.withdrawn_at IS NULL)"
)
_OPEN = "withdrawn_at IS NULL AND settlement IS NULL AND (reply IS NULL OR reply = 'object')"


def _guard_sqlite() -> None:
    for name, fires, condition in _GUARDS:
        when = f" WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON consultation{when}"
            f" BEGIN SELECT RAISE(ABORT, 'consultation is append-only: {name}'); END"
        )
    op.execute(
        "CREATE TRIGGER consultation_no_replace BEFORE INSERT ON consultation"  # noqa: S608 # above
        f" WHEN EXISTS (SELECT 1 FROM consultation WHERE {_REPLACED})"
        " BEGIN SELECT RAISE(ABORT, 'consultation is append-only: consultation_no_replace'); END"
    )


def _guard_postgresql() -> None:
    for name, fires, condition in _GUARDS:
        when = f" WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON consultation FOR EACH ROW{when}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )
    op.execute(
        "CREATE TRIGGER consultation_no_truncate BEFORE TRUNCATE ON consultation"
        " EXECUTE FUNCTION gongkai_append_only()"
    )


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("silence", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_as", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(length=20), nullable=True),
        sa.Column("reply_digest", sa.String(length=64), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_remark_id", sa.Integer(), nullable=True),
        sa.Column("settlement", sa.String(length=20), nullable=True),
        sa.Column("settled_digest", sa.String(length=64), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settlement_remark_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_remark_id", sa.Integer(), nullable=True),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('concerned', 'joint_making')", name=op.f("ck_consultation_kind")
        ),
        sa.CheckConstraint(
            "silence IN ('stays_open', 'consents')", name=op.f("ck_consultation_silence")
        ),
        sa.CheckConstraint(
            "reply IS NULL OR reply IN ('agree', 'object')", name=op.f("ck_consultation_reply")
        ),
        sa.CheckConstraint(
            "settlement IS NULL OR settlement IN ('release', 'uphold')",
            name=op.f("ck_consultation_settlement"),
        ),
        sa.CheckConstraint(
            "replaces_id IS NULL OR replaces_id < id", name=op.f("ck_consultation_replaces")
        ),
        sa.CheckConstraint(
            "(reply IS NULL) = (replied_at IS NULL) AND (reply IS NULL) = (replied_by IS NULL) AND (reply IS NULL) = (reply_digest IS NULL) AND (reply IS NULL) = (replied_on IS NULL)",
            name=op.f("ck_consultation_answered"),
        ),
        sa.CheckConstraint(
            "(settlement IS NULL) = (settled_at IS NULL) AND (settlement IS NULL) = (settled_by IS NULL) AND (settlement IS NULL) = (settled_digest IS NULL) AND (settlement IS NULL) = (settlement_remark_id IS NULL)",
            name=op.f("ck_consultation_settled"),
        ),
        sa.CheckConstraint(
            "reply IS NULL OR reply = 'object' OR settlement IS NULL",
            name=op.f("ck_consultation_disputed"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawal_remark_id IS NULL)",
            name=op.f("ck_consultation_withdrawn"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR (reply IS NULL AND settlement IS NULL)",
            name=op.f("ck_consultation_withdrawn_unanswered"),
        ),
        sa.CheckConstraint(
            "(body_id IS NULL OR replied_by IS NULL OR replied_by <> asked_by) AND (settled_by IS NULL OR settled_by <> asked_by)",
            name=op.f("ck_consultation_two_people"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_consultation_{column}"))
            for column, target in (
                ("item_id", "item.id"),
                ("body_id", "body.id"),
                ("replaces_id", "consultation.id"),
                ("remark_id", "remark.id"),
                ("asked_by", "account.id"),
                ("replied_by", "account.id"),
                ("reply_remark_id", "remark.id"),
                ("settled_by", "account.id"),
                ("settlement_remark_id", "remark.id"),
                ("withdrawn_by", "account.id"),
                ("withdrawal_remark_id", "remark.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index("ix_consultation_item", "consultation", ["item_id", "id"], unique=False)
    op.create_index(
        "ix_consultation_open",
        "consultation",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index(
        "uq_consultation_replaces",
        "consultation",
        ["replaces_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their table."""
    op.drop_table("consultation")
