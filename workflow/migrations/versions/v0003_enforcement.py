"""Enforcement: the ladder's alerts and their outbox, contacts, runs of the jobs, and faults."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_RAISED = "id, key, kind, event, role, account_id, body_id, channel, item_id, deadline_id, rev, rung, day, late, facts, raised_at"
_REACHED = "id, account_id, body_id, channel, address, added_by, added_at"

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    ("alert_no_update", "alert", f"UPDATE OF {_RAISED}", ""),
    ("alert_no_delete", "alert", "DELETE", ""),
    (
        "alert_settled_stays",
        "alert",
        "UPDATE OF status, settled_at, why",
        "OLD.settled_at IS NOT NULL",
    ),
    (
        "alert_acknowledged_stays",
        "alert",
        "UPDATE OF acknowledged_at, acknowledged_by",
        "OLD.acknowledged_at IS NOT NULL",
    ),
    ("contact_no_update", "contact", f"UPDATE OF {_REACHED}", ""),
    ("contact_no_delete", "contact", "DELETE", ""),
    ("contact_removed_stays", "contact", "UPDATE OF removed_at", "OLD.removed_at IS NOT NULL"),
    ("message_no_update", "message", "UPDATE OF id, key, contact_id, created_at", ""),
    ("message_no_delete", "message", "DELETE", ""),
    ("message_done_stays", "message", "UPDATE OF status, done_at", "OLD.done_at IS NOT NULL"),
    ("snooze_no_update", "snooze", "UPDATE", ""),
    ("snooze_no_delete", "snooze", "DELETE", ""),
)
_KEPT = ("alert", "contact", "message", "snooze")

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger. An
# alert is put in where its key may be there, so that nothing tells a replacement from it.
_REPLACED = (
    (
        "contact",
        (
            "id = NEW.id OR (removed_at IS NULL AND NEW.removed_at IS NULL"
            " AND channel = NEW.channel AND (account_id = NEW.account_id OR body_id = NEW.body_id))"
        ),
    ),
    (
        "message",
        (
            "id = NEW.id OR key = NEW.key OR (contact_id = NEW.contact_id AND status = 'owed'"
            " AND NOT sealed AND NEW.status = 'owed' AND NOT NEW.sealed)"
        ),
    ),
    ("snooze", "id = NEW.id"),
)


def _guard_sqlite() -> None:
    for name, table, fires, condition in _GUARDS:
        when = f" WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {name}'); END"
        )
    for table, same in _REPLACED:
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"  # noqa: S608 # names above
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {table}_no_replace'); END"
        )


def _guard_postgresql() -> None:
    for name, table, fires, condition in _GUARDS:
        when = f" WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON {table} FOR EACH ROW{when}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )


def upgrade() -> None:
    """Add the tables; the first sweep afterwards looks at every clock that runs."""
    op.create_table(
        "fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("times >= 1", name=op.f("ck_fault_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
    )
    op.create_index(
        "uq_fault_open",
        "fault",
        ["job", "subject", "code"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "tick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('done', 'failed')", name=op.f("ck_tick_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_tick_ended")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick")),
        sa.UniqueConstraint("epoch", "job", "slot", name=op.f("uq_tick_epoch_job_slot")),
    )
    op.create_index("ix_tick_job_slot", "tick", ["job", "slot"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (body_id IS NULL)", name=op.f("ck_contact_whose")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_contact_added_by")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_contact_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(
        "uq_contact_of_account",
        "contact",
        ["account_id", "channel"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "uq_contact_of_body",
        "contact",
        ["body_id", "channel"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "preference",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("notices", sa.String(length=40), nullable=False),
        sa.CheckConstraint("notices IN ('at_once', 'daily')", name=op.f("ck_preference_notices")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_preference_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "supervising_group",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "duty IN ('organising', 'inspection', 'accountability')",
            name=op.f("ck_supervising_group_duty"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_supervising_group_body_id")
        ),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_supervising_group")),
        sa.UniqueConstraint("duty", name=op.f("uq_supervising_group_duty")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'leased') = (lease IS NOT NULL AND leased_until IS NOT NULL)",
            name=op.f("ck_message_lease"),
        ),
        sa.CheckConstraint("status <> 'leased' OR sealed", name=op.f("ck_message_sealed")),
        sa.CheckConstraint(
            "status IN ('owed', 'leased', 'done', 'failed', 'cancelled')",
            name=op.f("ck_message_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_attempts")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('owed', 'leased')"),
        postgresql_where=sa.text("status IN ('owed', 'leased')"),
    )
    op.create_index(
        "uq_message_open",
        "message",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("status = 'owed' AND NOT sealed"),
        postgresql_where=sa.text("status = 'owed' AND NOT sealed"),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.Column("rung", sa.String(length=20), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=60), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'deadline') = (deadline_id IS NOT NULL AND rev IS NOT NULL AND rung IS NOT NULL AND day IS NOT NULL)",
            name=op.f("ck_alert_deadline"),
        ),
        sa.CheckConstraint(
            "(status = 'owed') = (settled_at IS NULL)", name=op.f("ck_alert_settled")
        ),
        sa.CheckConstraint("kind <> 'deadline' OR item_id IS NOT NULL", name=op.f("ck_alert_item")),
        sa.CheckConstraint(
            "kind IN ('deadline', 'notice', 'operations')", name=op.f("ck_alert_kind")
        ),
        sa.CheckConstraint(
            "status IN ('owed', 'sent', 'missed', 'expired', 'failed')",
            name=op.f("ck_alert_status"),
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (body_id IS NULL)", name=op.f("ck_alert_whose")
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name=op.f("ck_alert_acknowledged"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_alert_account_id")),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["account.id"], name=op.f("fk_alert_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_alert_body_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_alert_contact_id")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_alert_deadline_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_alert_item_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_alert_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    op.create_index("ix_alert_deadline_id", "alert", ["deadline_id"], unique=False)
    op.create_index("ix_alert_item_id", "alert", ["item_id"], unique=False)
    op.create_index("ix_alert_message_id", "alert", ["message_id"], unique=False)
    op.create_index(
        "ix_alert_of_account",
        "alert",
        ["account_id", "id"],
        unique=False,
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )
    op.create_index(
        "ix_alert_unbound",
        "alert",
        ["not_before", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'owed' AND message_id IS NULL"),
        postgresql_where=sa.text("status = 'owed' AND message_id IS NULL"),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("snoozed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_snooze_account_id")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_snooze_deadline_id")
        ),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_snooze_remark_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    op.create_index(
        "ix_snooze_account_deadline", "snooze", ["account_id", "deadline_id"], unique=False
    )
    op.create_index(
        "ix_handover_asked_back",
        "handover",
        ["point_id", "id"],
        unique=False,
        sqlite_where=sa.text("withdrawn_at IS NOT NULL AND approved_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NOT NULL AND approved_at IS NULL"),
    )
    op.add_column(
        "deadline",
        sa.Column("sweep_on", sa.Date(), server_default=sa.text("'2007-01-01'"), nullable=False),
    )
    op.add_column("deadline", sa.Column("swept_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_deadline_sweep",
        "deadline",
        ["sweep_on", "id"],
        unique=False,
        sqlite_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
    )
    op.add_column(
        "office", sa.Column("clock_epoch", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("office", sa.Column("sent_seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("office", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("office", sa.Column("held_why", sa.String(length=60), nullable=True))
    op.add_column(
        "token", sa.Column("scope", sa.String(length=40), server_default="all", nullable=False)
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their tables."""
    op.drop_column("token", "scope")
    op.drop_column("office", "held_why")
    op.drop_column("office", "held_at")
    op.drop_column("office", "sent_seq")
    op.drop_column("office", "clock_epoch")
    op.drop_index("ix_handover_asked_back", table_name="handover")
    op.drop_index(
        "ix_deadline_sweep",
        table_name="deadline",
        sqlite_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
    )
    op.drop_column("deadline", "swept_on")
    op.drop_column("deadline", "sweep_on")
    op.drop_table("snooze")
    op.drop_table("alert")
    op.drop_table("message")
    op.drop_table("supervising_group")
    op.drop_table("preference")
    op.drop_table("contact")
    op.drop_table("tick")
    op.drop_table("fault")
