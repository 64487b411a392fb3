from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from linli.kit import clock
from linli.kit.models import Heartbeat
from linli.offices.tests.people import make_office
from linli.site import queries


@pytest.fixture
def well(db, monkeypatch):
    make_office()
    Heartbeat.objects.create(worker="one", at=clock.now())
    monkeypatch.setattr(queries, "missing_years", lambda _township: [])


def ready(client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_alive_needs_no_database(client):
    assert client.get("/healthz").status_code == 200


def test_a_complete_installation_is_ready(client, well):
    assert ready(client) == (
        200,
        {"database": "ok", "migrations": "ok", "worker": "ok", "calendar": "ok"},
    )


def test_a_silent_worker_is_named(client, well):
    Heartbeat.objects.all().delete()
    status, checks = ready(client)
    assert status == 503
    assert "linli worker" in checks["worker"]


def test_a_missing_year_is_named(client, well, monkeypatch):
    monkeypatch.setattr(queries, "missing_years", lambda _township: [2027, 2028])
    assert ready(client)[0] == 200
    with clock.at(datetime(2027, 3, 1, tzinfo=UTC)):
        status, checks = ready(client)
    assert status == 503
    assert "2027" in checks["calendar"]


def test_waiting_migrations_are_named(client, well, monkeypatch):
    monkeypatch.setattr(queries.MigrationExecutor, "migration_plan", lambda _self, _nodes: [1, 2])
    status, checks = ready(client)
    assert status == 503
    assert checks == {
        "database": "ok",
        "migrations": "2 migrations are waiting: run `linli migrate`.",
    }


def test_a_silent_database_is_named(client, well, monkeypatch):
    def silent():
        raise DatabaseError

    monkeypatch.setitem(queries._CHECKS, "database", silent)
    assert ready(client) == (503, {"database": "The database does not answer."})
