"""How Alembic runs here: on the connection and in the transaction that the caller opened."""

from __future__ import annotations

from alembic import context

from workflow.models import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=False,
    compare_type=True,
)
context.run_migrations()
