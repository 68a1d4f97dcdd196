"""Finding items by their words, and bodies that have come to their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow import grams
from workflow.errors import InvalidInput
from workflow.models import Grams
from workflow.revisions import read

revision = "0004"
down_revision = "0003"

_BATCH = 200

# FTS5 over a table of ours: the index holds no text of its own. Its grams come parted by blanks,
# and the tokenizer for ASCII leaves every other character alone. What was taken out stays in old
# segments until they are merged, so whoever empties an entry for good merges them all.
_ANEW = (
    "INSERT INTO search_index (search_index, rowid, grams)"
    " VALUES ('delete', OLD.item_id, OLD.grams);"
    " INSERT INTO search_index (rowid, grams) VALUES (NEW.item_id, NEW.grams);"
)
_MERGE = "INSERT INTO search_index (search_index) VALUES ('optimize');"
_SQLITE = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(grams, content='search_entry',"
        " content_rowid='item_id', tokenize='ascii', detail=none, columnsize=0)"
    ),
    (
        "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
        " INSERT INTO search_index (rowid, grams) VALUES (NEW.item_id, NEW.grams); END"
    ),
    (
        "CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry WHEN NEW.grams <> ''"
        f" BEGIN {_ANEW} END"
    ),
    (
        "CREATE TRIGGER search_entry_emptied AFTER UPDATE ON search_entry WHEN NEW.grams = ''"
        f" BEGIN {_ANEW} {_MERGE} END"
    ),
    (
        "CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN"
        " INSERT INTO search_index (search_index, rowid, grams)"
        " VALUES ('delete', OLD.item_id, OLD.grams); END"
    ),
)


def upgrade() -> None:
    """Add the tables, and make every item that there is findable."""
    op.create_table(
        "body_end",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into <> body_id", name=op.f("ck_body_end_merged_into")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_end_body_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["body.id"], name=op.f("fk_body_end_merged_into")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_body_end")),
    )
    entry = op.create_table(
        "search_entry",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("grams", Grams(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_search_entry_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_search_entry")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
    last = 0
    while batch := connection.execute(
        sa.text(
            "SELECT item.id, revision.canonical FROM item"
            " LEFT JOIN revision ON revision.id = item.revision_id"
            " WHERE item.id > :last ORDER BY item.id LIMIT :batch"
        ),
        {"last": last, "batch": _BATCH},
    ).all():
        connection.execute(sa.insert(entry), [_entry(row.id, row.canonical) for row in batch])
        last = batch[-1].id
    if connection.dialect.name == "postgresql":
        # After the rows, which is quicker.
        op.create_index("ix_search_entry_grams", "search_entry", ["grams"], postgresql_using="gin")


def _entry(item_id: int, form: str | None) -> dict[str, object]:
    """Return what the program of this release would have written; nothing of what is purged."""
    try:
        content = read(form) if form is not None else None
    except (ValueError, KeyError, TypeError, InvalidInput):
        content = None  # Damaged, which is for the self-check to tell and no reason to stop here.
    if content is None:
        return {"item_id": item_id, "headline": "", "words": "", "grams": []}
    headline, words = grams.headline(content), grams.text_of(content)
    found = grams.grams(headline, words)
    return {"item_id": item_id, "headline": headline, "words": words, "grams": found}


def downgrade() -> None:
    """Forget the words, which are all still in the revisions."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entry")
    op.drop_table("body_end")
