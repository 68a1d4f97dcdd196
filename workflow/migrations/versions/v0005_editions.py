"""Editions and retractions, and indexes over everything that was ever public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OPENED = "item_id, corrects_id, number, changed_on, remark_id, opened_by, opened_at"
_ASKED = "id, item_id, kind, amends_id, remark_id, asked_by, asked_at"

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    ("edition_no_update", "edition", f"UPDATE OF {_OPENED}", ""),
    ("edition_no_delete", "edition", "DELETE", ""),
    ("retraction_no_update", "retraction", f"UPDATE OF {_ASKED}", ""),
    ("retraction_no_delete", "retraction", "DELETE", ""),
    (
        "retraction_ended_stays",
        "retraction",
        "UPDATE OF confirmed_by, confirmed_at, called_off_by, called_off_at",
        "OLD.confirmed_at IS NOT NULL OR OLD.called_off_at IS NOT NULL",
    ),
)
_KEPT = ("edition", "retraction")

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger.
_REPLACED = (
    (
        "edition",
        (
            "item_id = NEW.item_id OR (corrects_id = NEW.corrects_id AND dropped_at IS NULL"
            " AND NEW.dropped_at IS NULL)"
        ),
    ),
    (
        "retraction",
        (
            "id = NEW.id OR (item_id = NEW.item_id AND confirmed_at IS NULL AND called_off_at"
            " IS NULL AND NEW.confirmed_at IS NULL AND NEW.called_off_at IS NULL)"
        ),
    ),
)
_ONLINE = "state = 'published'"
_EVER_ONLINE = "state IN ('published', 'retracted', 'superseded')"


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


def _index_published(condition: str) -> None:
    """Make the indexes of what is listed in public anew, over other states."""
    for name, columns in (
        ("ix_item_published", ["published_at", "id"]),
        ("ix_item_published_by_body", ["body_id", "published_at", "id"]),
    ):
        op.drop_index(name, table_name="item")
        op.create_index(
            name,
            "item",
            columns,
            unique=False,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def upgrade() -> None:
    """Add the tables; what is retracted or superseded stays in the lists of the site."""
    op.create_table(
        "edition",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 2", name=op.f("ck_edition_number")),
        sa.CheckConstraint("item_id <> corrects_id", name=op.f("ck_edition_another")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_edition_item_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["item.id"], name=op.f("fk_edition_corrects_id")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_edition_remark_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_edition_opened_by")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_edition")),
    )
    op.create_index(
        "uq_edition_standing",
        "edition",
        ["corrects_id"],
        unique=True,
        sqlite_where=sa.text("dropped_at IS NULL"),
        postgresql_where=sa.text("dropped_at IS NULL"),
    )
    op.create_table(
        "retraction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_by", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('retraction', 'restoration')", name=op.f("ck_retraction_kind")
        ),
        sa.CheckConstraint(
            "amends_id IS NULL OR kind = 'retraction'", name=op.f("ck_retraction_amends")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by",
            name=op.f("ck_retraction_two_people"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_retraction_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR called_off_at IS NULL", name=op.f("ck_retraction_ended_once")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_retraction_item_id")),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["retraction.id"], name=op.f("fk_retraction_amends_id")
        ),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_retraction_remark_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_retraction_asked_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_retraction_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["called_off_by"], ["account.id"], name=op.f("fk_retraction_called_off_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retraction")),
    )
    op.create_index(
        "uq_retraction_open",
        "retraction",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL AND called_off_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL AND called_off_at IS NULL"),
    )
    op.create_index("ix_retraction_item", "retraction", ["item_id", "id"], unique=False)
    op.create_index(
        "ix_retraction_confirmed",
        "retraction",
        ["confirmed_at", "id"],
        unique=False,
        sqlite_where=sa.text("confirmed_at IS NOT NULL"),
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
    _index_published(_EVER_ONLINE)
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Drop what the upgrade added; the guards go with their tables."""
    _index_published(_ONLINE)
    op.drop_table("retraction")
    op.drop_table("edition")
