"""Delegations and waivers, and what a decision says of either."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    (
        "delegation_no_update",
        "delegation",
        (
            "UPDATE OF id, principal_id, deputy_id, role, body_id, from_on, until_on, since,"
            " remark_id, given_by, given_at"
        ),
        "",
    ),
    ("delegation_no_delete", "delegation", "DELETE", ""),
    (
        "delegation_ended_stays",
        "delegation",
        "UPDATE OF over, ended_by, ended_at",
        # What is ended early is over earlier, and never later.
        "OLD.ended_at IS NOT NULL OR NEW.over > OLD.over",
    ),
    (
        "waiver_no_update",
        "waiver",
        "UPDATE OF id, account_id, own_text, two_stages, until_on, remark_id, given_by, given_at",
        "",
    ),
    ("waiver_no_delete", "waiver", "DELETE", ""),
    (
        "waiver_ended_stays",
        "waiver",
        "UPDATE OF over, ended_by, ended_at",
        "OLD.ended_at IS NOT NULL OR NEW.over > OLD.over",
    ),
    ("capacity_no_update", "capacity", "UPDATE", ""),
    ("capacity_no_delete", "capacity", "DELETE", ""),
    ("decision_waived_stays", "decision", "UPDATE OF waived", ""),
)
_KEPT = {"delegation": "id", "waiver": "id", "capacity": "decision_id"}

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger.
_DECISION = (
    "id = NEW.id OR (body_id = NEW.body_id AND register_number = NEW.register_number)"
    " OR (positive AND voided_at IS NULL AND NEW.positive AND NEW.voided_at IS NULL"
    " AND item_id = NEW.item_id AND (stage = NEW.stage OR (round = NEW.round"
    " AND actor_id = NEW.actor_id{but})))"
)
_STANDING = "positive AND voided_at IS NULL"
_UNWAIVED = f"{_STANDING} AND NOT waived"


def _fire_sqlite(name: str, table: str, fires: str, condition: str) -> None:
    when = f" WHEN {condition}" if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {fires} ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {name}'); END"
    )


def _keep_from_replace(table: str, same: str) -> None:
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 # names above
    _fire_sqlite(f"{table}_no_replace", table, "INSERT", exists)


def _guard_sqlite() -> None:
    for guard in _GUARDS:
        _fire_sqlite(*guard)
    for table, key in _KEPT.items():
        _keep_from_replace(table, f"{key} = NEW.{key}")


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


def _one_stage_each(condition: str) -> None:
    """Make the index anew that says that nobody holds two stages of one round."""
    op.drop_index("uq_decision_one_stage_each", table_name="decision")
    op.create_index(
        "uq_decision_one_stage_each",
        "decision",
        ["item_id", "round", "actor_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def upgrade() -> None:
    """Add the tables and columns; a decision under a waiver may be a second one."""
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("principal_id <> deputy_id", name=op.f("ck_delegation_two_people")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_delegation_days")),
        sa.CheckConstraint("(role IS NULL) = (body_id IS NULL)", name=op.f("ck_delegation_role")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_delegation_ended")
        ),
        *(
            sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_delegation_{column}"))
            for column, there in (
                ("principal_id", "account.id"),
                ("deputy_id", "account.id"),
                ("body_id", "body.id"),
                ("remark_id", "remark.id"),
                ("given_by", "account.id"),
                ("ended_by", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_principal", "delegation", ["principal_id", "over"])
    op.create_index("ix_delegation_deputy", "delegation", ["deputy_id", "over"])
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("own_text", sa.Boolean(), nullable=False),
        sa.Column("two_stages", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("over", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("own_text OR two_stages", name=op.f("ck_waiver_lifts")),
        sa.CheckConstraint("given_by <> account_id", name=op.f("ck_waiver_another")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_waiver_ended")),
        *(
            sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_waiver_{column}"))
            for column, there in (
                ("account_id", "account.id"),
                ("remark_id", "remark.id"),
                ("given_by", "account.id"),
                ("ended_by", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index("ix_waiver_account", "waiver", ["account_id", "over"])
    op.create_table(
        "capacity",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=True),
        sa.Column("waiver_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "principal_id IS NOT NULL OR waiver_id IS NOT NULL", name=op.f("ck_capacity_why")
        ),
        *(
            sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_capacity_{column}"))
            for column, there in (
                ("decision_id", "decision.id"),
                ("principal_id", "account.id"),
                ("waiver_id", "waiver.id"),
            )
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_capacity")),
    )
    op.create_index("ix_capacity_waiver", "capacity", ["waiver_id"])
    op.add_column(
        "decision", sa.Column("waived", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _one_stage_each(_UNWAIVED)
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
        op.execute("DROP TRIGGER decision_no_replace")
        but = " AND NOT waived AND NOT NEW.waived"
        _keep_from_replace("decision", _DECISION.format(but=but))
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their tables."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("DROP TRIGGER decision_waived_stays")
        op.execute("DROP TRIGGER decision_no_replace")
        _keep_from_replace("decision", _DECISION.format(but=""))
    else:
        op.execute("DROP TRIGGER decision_waived_stays ON decision")
    _one_stage_each(_STANDING)
    op.execute("ALTER TABLE decision DROP COLUMN waived")
    op.drop_table("capacity")
    op.drop_table("waiver")
    op.drop_table("delegation")
