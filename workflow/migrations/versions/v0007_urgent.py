"""Which stage of something published ahead of its review is owed, and who asked for that."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BEFORE = "kind IN ('retraction', 'restoration')"
_SINCE = "kind IN ('retraction', 'restoration', 'urgent_publication')"
_OWED = "owed_stage IS NOT NULL"


def _allow_sqlite(kinds: str, instead_of: str) -> None:
    """Make the table anew, with all that belongs to it, because SQLite alters no constraint."""
    bind = op.get_bind()
    own = bind.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'retraction' AND sql IS NOT NULL"
    ).all()
    (made,) = (row.sql for row in own if row.type == "table")
    beside = re.sub(r'^CREATE TABLE "?retraction"?', "CREATE TABLE retraction_anew", made)
    op.execute(beside.replace(instead_of, kinds))
    op.execute(f"INSERT INTO retraction_anew SELECT * FROM retraction WHERE {kinds}")  # noqa: S608 # written above
    op.execute("DROP TABLE retraction")
    op.execute("ALTER TABLE retraction_anew RENAME TO retraction")
    for row in own:
        if row.type != "table":
            op.execute(row.sql)


def _allow(kinds: str, instead_of: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _allow_sqlite(kinds, instead_of)
        return
    op.drop_constraint(op.f("ck_retraction_kind"), "retraction", type_="check")
    # On the way back what is there already stays.
    op.create_check_constraint(
        op.f("ck_retraction_kind"), "retraction", kinds, postgresql_not_valid=kinds == _BEFORE
    )


def upgrade() -> None:
    """Add the column with its index, and one more thing that two people do."""
    op.add_column("item", sa.Column("owed_stage", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_item_owing",
        "item",
        ["owed_stage", "id"],
        unique=False,
        sqlite_where=sa.text(_OWED),
        postgresql_where=sa.text(_OWED),
    )
    _allow(_SINCE, _BEFORE)


def downgrade() -> None:
    """Take both away again."""
    _allow(_BEFORE, _SINCE)
    op.drop_index("ix_item_owing", table_name="item")
    op.drop_column("item", "owed_stage")
