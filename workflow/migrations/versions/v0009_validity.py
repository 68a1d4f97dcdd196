"""Validity of public documents, and which of them replace others."""

from __future__ import annotations

import json
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ASKED = "id, item_id, status, from_on, remark_id, asked_by, asked_at"

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    ("validity_change_no_update", "validity_change", f"UPDATE OF {_ASKED}", ""),
    ("validity_change_no_delete", "validity_change", "DELETE", ""),
    (
        "validity_change_ended_stays",
        "validity_change",
        "UPDATE OF confirmed_by, confirmed_at, called_off_by, called_off_at",
        "OLD.confirmed_at IS NOT NULL OR OLD.called_off_at IS NOT NULL",
    ),
    ("replacement_no_update", "replacement", "UPDATE", ""),
    ("replacement_no_delete", "replacement", "DELETE", ""),
)
_KEPT = ("validity_change", "replacement")

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger.
_REPLACED = (
    (
        "validity_change",
        (
            "id = NEW.id OR (item_id = NEW.item_id AND confirmed_at IS NULL AND called_off_at"
            " IS NULL AND NEW.confirmed_at IS NULL AND NEW.called_off_at IS NULL)"
        ),
    ),
    (
        "replacement",
        (
            "id = NEW.id OR (change_id = NEW.change_id AND item_id = NEW.item_id)"
            " OR (change_id IS NULL AND NEW.change_id IS NULL AND item_id = NEW.item_id"
            " AND replaces_id = NEW.replaces_id)"
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
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )


def _tables() -> None:
    op.create_table(
        "validity_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_by", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('in_force', 'amended', 'repealed', 'lapsed')",
            name=op.f("ck_validity_change_status"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by",
            name=op.f("ck_validity_change_two_people"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_validity_change_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR called_off_at IS NULL",
            name=op.f("ck_validity_change_ended_once"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_validity_change_item_id")),
        sa.ForeignKeyConstraint(
            ["remark_id"], ["remark.id"], name=op.f("fk_validity_change_remark_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_validity_change_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_validity_change_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["called_off_by"], ["account.id"], name=op.f("fk_validity_change_called_off_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validity_change")),
    )
    op.create_index(
        "uq_validity_change_open",
        "validity_change",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL AND called_off_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL AND called_off_at IS NULL"),
    )
    op.create_index("ix_validity_change_item", "validity_change", ["item_id", "id"], unique=False)
    op.create_table(
        "validity_term",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("turns_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_validity_term_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_validity_term")),
    )
    op.create_index(
        "ix_validity_term_turns",
        "validity_term",
        ["turns_on", "item_id"],
        unique=False,
        sqlite_where=sa.text("turns_on IS NOT NULL"),
        postgresql_where=sa.text("turns_on IS NOT NULL"),
    )
    op.create_table(
        "replacement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("item_id <> replaces_id", name=op.f("ck_replacement_another")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_replacement_item_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["item.id"], name=op.f("fk_replacement_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["validity_change.id"], name=op.f("fk_replacement_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacement")),
        sa.UniqueConstraint("change_id", "item_id", name=op.f("uq_replacement_change_id_item_id")),
    )
    op.create_index(
        "uq_replacement_entered",
        "replacement",
        ["item_id", "replaces_id"],
        unique=True,
        sqlite_where=sa.text("change_id IS NULL"),
        postgresql_where=sa.text("change_id IS NULL"),
    )
    op.create_index("ix_replacement_item", "replacement", ["item_id"], unique=False)
    op.create_index("ix_replacement_replaces", "replacement", ["replaces_id"], unique=False)


def _terms() -> None:
    """Note the dates of what is public already; what has turned since is written anew once."""
    item = sa.table("item", *map(sa.column, ("id", "revision_id", "published_at")))
    text = sa.table("revision", *map(sa.column, ("id", "canonical")))
    days = (sa.column("effective_on", sa.Date), sa.column("expires_on", sa.Date))
    term = sa.table("validity_term", sa.column("item_id"), *days, sa.column("turns_on", sa.Date))
    found = op.get_bind().execute(
        sa.select(item.c.id, text.c.canonical)
        .join(text, text.c.id == item.c.revision_id)
        .where(
            item.c.published_at.is_not(None),
            sa.or_(
                text.c.canonical.like('%"effective_on":"%'),
                text.c.canonical.like('%"expires_on":"%'),
            ),
        )
        .order_by(item.c.id)
    )
    for row in found.all():
        content = json.loads(row.canonical)
        effective, expires = (
            date.fromisoformat(content[name]) if content.get(name) else None
            for name in ("effective_on", "expires_on")
        )
        turns = [effective] if effective else []
        turns += [expires + timedelta(days=1)] if expires else []
        if turns:
            op.execute(
                sa.insert(term).values(
                    item_id=row.id,
                    effective_on=effective,
                    expires_on=expires,
                    turns_on=min(turns),
                )
            )


def upgrade() -> None:
    """Add the tables, and the dates of what is public."""
    _tables()
    _terms()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their tables."""
    op.drop_table("replacement")
    op.drop_table("validity_term")
    op.drop_table("validity_change")
