"""What somebody could do who holds the database's credentials: the triggers are laid off first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from workflow.models import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from workflow.database import Database


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """Open a transaction in which no trigger stands in the way, as the tables' owner can."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            triggers = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            connection.rollback()
            off = [f'DROP TRIGGER "{trigger.name}"' for trigger in triggers]
            on = [trigger.sql for trigger in triggers]
        else:
            tables = [table.name for table in Table.metadata.sorted_tables]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        with connection.begin():
            for statement in off:
                connection.exec_driver_sql(statement)
            yield connection
            for statement in on:
                connection.exec_driver_sql(statement)
