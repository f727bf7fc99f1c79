"""Bringing a database to the tables that this version knows (Alembic), safely from several processes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, inspect

from tools.store.engine import Database

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The newest step's number, read from the file names (loading Alembic takes 100 ms)."""
    return max(path.stem.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(connection: Connection) -> str | None:
    """The step that this database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if version is None else str(version)


def upgrade(database: Database) -> None:
    """Bring the tables to the newest step.  Two processes may do this at once: one waits.

    Raises:
        RuntimeError: the database was made by a newer version of this program.
    """
    with database.reading() as connection:
        found = current(connection)
    if found == head():
        return
    if found is not None and found > head():
        raise RuntimeError(f"the database stands at step {found}, newer than this program's {head()}")
    with database.writing() as connection:
        if current(connection) != head():
            _run(connection, "upgrade", "head")


def downgrade(database: Database, step: str) -> None:
    """Take the tables back to ``step`` ("base" removes them all, and what is in them)."""
    with database.writing() as connection:
        _run(connection, "downgrade", step)


def differences(database: Database) -> list[Any]:
    """Where the tables of the database differ from the models: empty when all is well."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    import tools.store.tables  # noqa: F401

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def draft(database: Database, message: str, step: str) -> None:
    """Write a new step that brings the database to the models; for developers."""
    from alembic import command

    with database.writing() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=step)


def spell_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """How our own column types are written in a step: as the plain types under them."""
    if kind != "type":
        return False
    spelled: dict[str, str] = {
        "Scaled": "sa.BigInteger()",
        "UTCDateTime": "sa.DateTime(timezone=True)",
        "WallTime": "sa.DateTime()",
        "AutoString": f"sa.String(length={getattr(item, 'length', None)})",
        "BigInteger": "Identity",
    }
    return spelled.get(type(item).__name__, False)


def _run(connection: Connection, direction: Literal["upgrade", "downgrade"], step: str) -> None:
    from alembic import command

    getattr(command, direction)(_config(connection), step)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
