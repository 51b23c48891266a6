"""Alembic's way in: the connection comes from `playground.store.database`."""

from alembic import context

from playground.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
