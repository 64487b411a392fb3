"""The database refuses to change or remove what was recorded."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from linli.audit.models import Entry, Root
from linli.audit.services import publish_root, record
from linli.audit.tests.actors import TOWN, WORKER
from linli.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail():
    record("case.closed", "case:1", actor=WORKER)
    publish_root(TOWN, timezone.localdate(clock.now()))


def refused(verb):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        verb()


@pytest.mark.parametrize("rows", [Entry, Root])
def test_a_row_is_never_changed(rows):
    refused(lambda: rows.objects.update(township="x"))
    assert rows.objects.get().township == TOWN


@pytest.mark.parametrize("rows", [Entry, Root])
def test_a_row_is_never_removed(rows):
    refused(lambda: rows.objects.all()._raw_delete("default"))
    assert rows.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE.")
@pytest.mark.parametrize("rows", [Entry, Root])
@pytest.mark.parametrize("key", ["id", "id + 1"])
def test_a_row_is_never_replaced(rows, key):
    table = rows._meta.db_table
    columns = ", ".join(field.column for field in rows._meta.fields[1:])
    sql = f"INSERT OR REPLACE INTO {table} (id, {columns}) SELECT {key}, {columns} FROM {table}"  # noqa: S608 - our own names
    refused(lambda: connection.cursor().execute(sql))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE.")
def test_the_table_is_never_emptied():
    refused(lambda: connection.cursor().execute("TRUNCATE audit_root"))


@pytest.mark.django_db(transaction=True)
def test_tests_can_empty_the_tables_all_the_same():
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_again_after_emptying():
    refused(lambda: Entry.objects.update(township="x"))


def test_the_migration_can_be_taken_back(tampering):
    with tampering():
        Entry.objects.update(act="case.opened")
    refused(lambda: Entry.objects.update(act="case.closed"))
