"""Sets triggers of append-only tables aside: to empty a test database, or to tamper."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

LIST_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
LIST_POSTGRES = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"


@contextmanager
def set_aside() -> Iterator[None]:
    """Work without triggers inside the block, in one transaction; they stand again afterwards."""
    work = _postgres if connection.vendor == "postgresql" else _sqlite
    with transaction.atomic(), work():
        yield


@contextmanager
def _sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        triggers = cursor.execute(LIST_SQLITE).fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@contextmanager
def _postgres() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tables = [name for (name,) in cursor.execute(LIST_POSTGRES).fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
