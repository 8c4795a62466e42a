"""How Alembic reaches our database and our tables."""

from alembic import context

from app.extensions import db

target_metadata = db.metadata


def run() -> None:
    """Run the migrations in one transaction on our own engine."""
    with db.engine.connect() as connection:
        # SQLite changes a table by making it anew: with foreign keys on, that would
        # empty what points at it. Only outside a transaction can they be switched off.
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if is_sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            compare_type=True,
            # SQLite too takes the making of tables back; Alembic would not ask it to, and a
            # process that is ended half-way would leave half a migration.
            transactional_ddl=True,
            user_module_prefix="app.extensions.",
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"Rows would point nowhere: {broken[:3]}")
        if is_sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")


run()
