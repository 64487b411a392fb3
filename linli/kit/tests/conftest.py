import pytest
from django.db import connection

from linli.kit import queue
from linli.kit.tests import jobs


@pytest.fixture
def effects(transactional_db, monkeypatch):
    """A table for effects, on a database where commits are real, and no tasks but kit's."""
    rules = {name: rule for name, rule in queue._rules.items() if name.startswith("kit.")}
    monkeypatch.setattr(queue, "_rules", rules)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effect (line varchar(100))")
    yield jobs.lines
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effect")
