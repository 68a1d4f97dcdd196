"""The two legal clocks: calendars, deadlines and how they moved, schedules and reading points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SENT = "id, list_id, item_id, point_id, revision_id, digest, paper, electronic, delivered_by, delivered_at"
_PAUSED = "id, deadline_id, begun_on, begun_at, begun_by, remark_id"
_SCHEDULED = "id, item_id, version, publish_at, scheduled_by, scheduled_at"
_TERMS = "id, item_id, body_id, clock, kind, rule, stage, amount, unit, rest_day, met_by, legal_basis, pausable, opened_at"

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    ("calendar_version_no_update", "calendar_version", "UPDATE", ""),
    ("calendar_version_no_delete", "calendar_version", "DELETE", ""),
    ("date_correction_no_update", "date_correction", "UPDATE", ""),
    ("date_correction_no_delete", "date_correction", "DELETE", ""),
    ("deadline_move_no_update", "deadline_move", "UPDATE", ""),
    ("deadline_move_no_delete", "deadline_move", "DELETE", ""),
    ("deadline_no_update", "deadline", f"UPDATE OF {_TERMS}", ""),
    ("deadline_no_delete", "deadline", "DELETE", ""),
    (
        "deadline_ended_stays",
        "deadline",
        "UPDATE OF met_on, met_at, voided_at, void_reason",
        "OLD.met_on IS NOT NULL OR OLD.voided_at IS NOT NULL",
    ),
    (
        "deadline_late_reason_stays",
        "deadline",
        "UPDATE OF late_remark_id, late_by, late_at",
        "OLD.late_remark_id IS NOT NULL",
    ),
    ("deadline_pause_no_update", "deadline_pause", f"UPDATE OF {_PAUSED}", ""),
    ("deadline_pause_no_delete", "deadline_pause", "DELETE", ""),
    (
        "deadline_pause_ended_stays",
        "deadline_pause",
        "UPDATE OF ended_on, ended_at, ended_by",
        "OLD.ended_on IS NOT NULL",
    ),
    ("schedule_no_update", "schedule", f"UPDATE OF {_SCHEDULED}", ""),
    ("schedule_no_delete", "schedule", "DELETE", ""),
    (
        "schedule_ended_stays",
        "schedule",
        "UPDATE OF ended, ended_at",
        "OLD.ended IS NOT NULL",
    ),
    ("delivery_list_no_update", "delivery_list", "UPDATE", ""),
    ("delivery_list_no_delete", "delivery_list", "DELETE", ""),
    ("handover_no_update", "handover", f"UPDATE OF {_SENT}", ""),
    ("handover_no_delete", "handover", "DELETE", ""),
    (
        "handover_receipt_stays",
        "handover",
        "UPDATE OF handed_over_on, received_by, received_at, gap_days",
        "OLD.received_at IS NOT NULL",
    ),
    (
        "handover_withdrawal_stays",
        "handover",
        "UPDATE OF withdrawn_by, withdrawn_at, withdrawal_remark_id",
        "OLD.withdrawn_at IS NOT NULL",
    ),
    (
        "handover_approval_stays",
        "handover",
        "UPDATE OF approved_by, approved_at",
        "OLD.approved_at IS NOT NULL",
    ),
)

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger: so
# every key of these tables is looked at.
_REPLACED = (
    ("calendar_version", "number = NEW.number"),
    ("date_correction", "id = NEW.id"),
    ("deadline_move", "id = NEW.id OR (deadline_id = NEW.deadline_id AND rev = NEW.rev)"),
    (
        "deadline",
        (
            "id = NEW.id OR (met_on IS NULL AND voided_at IS NULL AND NEW.met_on IS NULL"
            " AND NEW.voided_at IS NULL AND item_id = NEW.item_id AND clock = NEW.clock)"
        ),
    ),
    (
        "deadline_pause",
        (
            "id = NEW.id OR (ended_on IS NULL AND NEW.ended_on IS NULL"
            " AND deadline_id = NEW.deadline_id)"
        ),
    ),
    (
        "schedule",
        "id = NEW.id OR (ended IS NULL AND NEW.ended IS NULL AND item_id = NEW.item_id)",
    ),
    (
        "delivery_list",
        "id = NEW.id OR number = NEW.number OR (point_id = NEW.point_id AND period = NEW.period)",
    ),
    (
        "handover",
        (
            "id = NEW.id OR (approved_at IS NULL AND NEW.approved_at IS NULL"
            " AND item_id = NEW.item_id AND point_id = NEW.point_id)"
        ),
    ),
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
    for table, _ in _REPLACED:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )


def upgrade() -> None:
    """Add the tables; the items that are there get their clocks from ``policy apply``.

    Reading points that are there as bodies become required ones of the plainest kind.
    """
    op.create_index(
        "ix_decision_returned",
        "decision",
        ["decided_at", "id"],
        unique=False,
        sqlite_where=sa.text("action = 'return'"),
        postgresql_where=sa.text("action = 'return'"),
    )
    op.create_table(
        "calendar_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reverts", sa.Integer(), nullable=True),
        sa.Column("applied_by", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_calendar_version_number")),
        sa.CheckConstraint(
            "reverts IS NULL OR reverts < number", name=op.f("ck_calendar_version_reverts")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["account.id"], name=op.f("fk_calendar_version_applied_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverts"], ["calendar_version.number"], name=op.f("fk_calendar_version_reverts")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_calendar_version")),
    )
    op.create_table(
        "delivery_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(length=7), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(period IS NULL) = (serial IS NOT NULL)", name=op.f("ck_delivery_list_period")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_delivery_list_made_by")),
        sa.ForeignKeyConstraint(["point_id"], ["body.id"], name=op.f("fk_delivery_list_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_list")),
        sa.UniqueConstraint("number", name=op.f("uq_delivery_list_number")),
        sa.UniqueConstraint("point_id", "period", name=op.f("uq_delivery_list_point_id_period")),
    )
    op.create_table(
        "reading_point",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('archives', 'library', 'service_hall', 'reading_room', 'collection_point', 'notice_board', 'screen')",
            name=op.f("ck_reading_point_kind"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_reading_point_body_id")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_reading_point")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("rest_day", sa.String(length=40), nullable=False),
        sa.Column("met_by", sa.String(length=40), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("pausable", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=40), nullable=True),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_remark_id", sa.Integer(), nullable=True),
        sa.Column("late_by", sa.Integer(), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'stage') = (stage <> '') AND (kind = 'stage') = (met_by = 'stage_left')",
            name=op.f("ck_deadline_stage"),
        ),
        sa.CheckConstraint("kind IN ('legal', 'stage')", name=op.f("ck_deadline_kind")),
        sa.CheckConstraint(
            "met_by IN ('published', 'handed_over', 'stage_left')",
            name=op.f("ck_deadline_met_by"),
        ),
        sa.CheckConstraint(
            "rest_day IN ('next_working_day', 'stays')", name=op.f("ck_deadline_rest_day")
        ),
        sa.CheckConstraint(
            "unit IN ('working_day', 'calendar_day')", name=op.f("ck_deadline_unit")
        ),
        sa.CheckConstraint(
            "(late_remark_id IS NULL) = (late_at IS NULL) AND (late_at IS NULL) = (late_by IS NULL)",
            name=op.f("ck_deadline_late"),
        ),
        sa.CheckConstraint("(met_on IS NULL) = (met_at IS NULL)", name=op.f("ck_deadline_met")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_deadline_voided")
        ),
        sa.CheckConstraint("amount >= 1 AND rev >= 1", name=op.f("ck_deadline_counts")),
        sa.CheckConstraint("due_on >= started_on", name=op.f("ck_deadline_due_on")),
        sa.CheckConstraint(
            "met_on IS NULL OR voided_at IS NULL", name=op.f("ck_deadline_met_or_voided")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_deadline_body_id")),
        sa.ForeignKeyConstraint(
            ["calendar"], ["calendar_version.number"], name=op.f("fk_deadline_calendar")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_deadline_item_id")),
        sa.ForeignKeyConstraint(["late_by"], ["account.id"], name=op.f("fk_deadline_late_by")),
        sa.ForeignKeyConstraint(
            ["late_remark_id"], ["remark.id"], name=op.f("fk_deadline_late_remark_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(
        "ix_deadline_body_due",
        "deadline",
        ["body_id", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("kind = 'legal' AND met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("kind = 'legal' AND met_on IS NULL AND voided_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_calendar",
        "deadline",
        ["calendar", "id"],
        unique=False,
        sqlite_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
    )
    op.create_index("ix_deadline_cohort", "deadline", ["due_on", "id"], unique=False)
    op.create_index(
        "ix_deadline_due",
        "deadline",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("kind = 'legal' AND met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("kind = 'legal' AND met_on IS NULL AND voided_at IS NULL"),
    )
    op.create_index("ix_deadline_item_id", "deadline", ["item_id"], unique=False)
    op.create_index(
        "ix_deadline_unexplained",
        "deadline",
        ["item_id"],
        unique=False,
        sqlite_where=sa.text(
            "met_by = 'published' AND met_on > due_on AND late_remark_id IS NULL AND voided_at IS NULL"
        ),
        postgresql_where=sa.text(
            "met_by = 'published' AND met_on > due_on AND late_remark_id IS NULL AND voided_at IS NULL"
        ),
    )
    op.create_index(
        "uq_deadline_running",
        "deadline",
        ["item_id", "clock"],
        unique=True,
        sqlite_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
        postgresql_where=sa.text("met_on IS NULL AND voided_at IS NULL"),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_by", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.String(length=40), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended IS NULL OR ended IN ('fired', 'held', 'called_off')",
            name=op.f("ck_schedule_ended_how"),
        ),
        sa.CheckConstraint("(ended IS NULL) = (ended_at IS NULL)", name=op.f("ck_schedule_ended")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_schedule_version")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_schedule_item_id")),
        sa.ForeignKeyConstraint(
            ["scheduled_by"], ["account.id"], name=op.f("fk_schedule_scheduled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    op.create_index(
        "ix_schedule_due",
        "schedule",
        ["publish_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "uq_schedule_open",
        "schedule",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "date_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis IN ('signature', 'last_countersignature', 'complete', 'final_draft')",
            name=op.f("ck_date_correction_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["account.id"], name=op.f("fk_date_correction_corrected_by")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_date_correction_item_id")),
        sa.ForeignKeyConstraint(
            ["remark_id"], ["remark.id"], name=op.f("fk_date_correction_remark_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_date_correction_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_correction")),
    )
    op.create_index(
        op.f("ix_date_correction_item_id"), "date_correction", ["item_id"], unique=False
    )
    op.create_table(
        "deadline_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("old_started_on", sa.Date(), nullable=False),
        sa.Column("new_started_on", sa.Date(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("old_calendar", sa.Integer(), nullable=False),
        sa.Column("new_calendar", sa.Integer(), nullable=False),
        sa.Column("withdrew_overdue", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rev >= 2", name=op.f("ck_deadline_move_rev")),
        sa.CheckConstraint(
            "old_started_on <> new_started_on OR old_due_on <> new_due_on",
            name=op.f("ck_deadline_move_moved"),
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_move_deadline_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_calendar"],
            ["calendar_version.number"],
            name=op.f("fk_deadline_move_new_calendar"),
        ),
        sa.ForeignKeyConstraint(
            ["old_calendar"],
            ["calendar_version.number"],
            name=op.f("fk_deadline_move_old_calendar"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_move")),
        sa.UniqueConstraint("deadline_id", "rev", name=op.f("uq_deadline_move_deadline_id_rev")),
    )
    op.create_table(
        "deadline_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_deadline_pause_ended"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= begun_on", name=op.f("ck_deadline_pause_order")
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["account.id"], name=op.f("fk_deadline_pause_begun_by")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_pause_deadline_id")
        ),
        sa.ForeignKeyConstraint(
            ["remark_id"], ["remark.id"], name=op.f("fk_deadline_pause_remark_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_deadline_pause_ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_pause")),
    )
    op.create_index(
        "ix_deadline_pause_deadline_id", "deadline_pause", ["deadline_id"], unique=False
    )
    op.create_index(
        "uq_deadline_pause_open",
        "deadline_pause",
        ["deadline_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.Column("electronic", sa.Integer(), nullable=False),
        sa.Column("delivered_by", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gap_days", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_remark_id", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(handed_over_on IS NULL) = (received_at IS NULL) AND (received_at IS NULL) = (received_by IS NULL)",
            name=op.f("ck_handover_receipt"),
        ),
        sa.CheckConstraint("gap_days >= 0", name=op.f("ck_handover_gap_days")),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawal_remark_id IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            name=op.f("ck_handover_withdrawal"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL OR withdrawn_by IS NOT NULL)",
            name=op.f("ck_handover_approval"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> withdrawn_by",
            name=op.f("ck_handover_approved_by_another"),
        ),
        sa.CheckConstraint(
            "paper >= 0 AND electronic >= 0 AND paper + electronic >= 1",
            name=op.f("ck_handover_copies"),
        ),
        sa.CheckConstraint(
            "received_by IS NULL OR received_by <> delivered_by",
            name=op.f("ck_handover_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_handover_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by"], ["account.id"], name=op.f("fk_handover_delivered_by")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_handover_item_id")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["delivery_list.id"], name=op.f("fk_handover_list_id")
        ),
        sa.ForeignKeyConstraint(["point_id"], ["body.id"], name=op.f("fk_handover_point_id")),
        sa.ForeignKeyConstraint(
            ["received_by"], ["account.id"], name=op.f("fk_handover_received_by")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_handover_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_remark_id"], ["remark.id"], name=op.f("fk_handover_withdrawal_remark_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_handover_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_item_id"), "handover", ["item_id"], unique=False)
    op.create_index(op.f("ix_handover_list_id"), "handover", ["list_id"], unique=False)
    op.create_index(
        "ix_handover_waiting",
        "handover",
        ["point_id", "id"],
        unique=False,
        sqlite_where=sa.text("received_at IS NULL AND approved_at IS NULL"),
        postgresql_where=sa.text("received_at IS NULL AND approved_at IS NULL"),
    )
    op.create_index(
        "ix_handover_withdrawn",
        "handover",
        ["point_id", "item_id"],
        unique=False,
        sqlite_where=sa.text("approved_at IS NOT NULL"),
        postgresql_where=sa.text("approved_at IS NOT NULL"),
    )
    op.create_index(
        "uq_handover_standing",
        "handover",
        ["item_id", "point_id"],
        unique=True,
        sqlite_where=sa.text("approved_at IS NULL"),
        postgresql_where=sa.text("approved_at IS NULL"),
    )

    # What each of them is, the next import of the organisation says.
    op.execute(
        "INSERT INTO reading_point (body_id, kind, required, address, contact)"
        " SELECT id, 'reading_room', TRUE, '', '' FROM body WHERE kind = 'reading_point'"
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their tables."""
    op.drop_index("ix_decision_returned", table_name="decision")
    op.drop_table("handover")
    op.drop_table("deadline_pause")
    op.drop_table("deadline_move")
    op.drop_table("date_correction")
    op.drop_table("schedule")
    op.drop_table("deadline")
    op.drop_table("reading_point")
    op.drop_table("delivery_list")
    op.drop_table("calendar_version")
