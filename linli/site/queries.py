"""Reads of the site: is everything there that the installation needs?"""

from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True)
class Check:
    """One thing that must hold; `what` says what is wrong, empty where it holds."""

    name: str
    what: str = ""


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are waiting: run `linli migrate`." if waiting else ""


def check_readiness() -> list[Check]:
    """Return every check; those after the database are left out where it does not answer."""
    database = Check("database", _database())
    if database.what:
        return [database]
    return [database, Check("migrations", _migrations())]
