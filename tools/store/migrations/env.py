"""Alembic's entrance: runs the steps on the connection that ``tools.store.migrate`` hands in."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import tools.store.tables  # noqa: F401  (fills the metadata)
from tools.store.migrate import spell_type

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=spell_type,
)
with context.begin_transaction():
    context.run_migrations()
