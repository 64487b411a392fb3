"""What every test stands on; the settings of the test process are in tests/settings.py."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests import triggers

hypothesis.settings.register_profile("linli", deadline=None, max_examples=60, database=None)
hypothesis.settings.load_profile("linli")


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Begin every test in the town's language, with nothing remembered about anybody's tries."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let the emptying between transactional tests pass the triggers of append-only tables."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self: Any, statements: list[str]) -> None:
        with triggers.set_aside():
            flush(self, statements)

    operations.execute_sql_flush = flush_without_triggers


@pytest.fixture
def tampering() -> Callable[[], Any]:
    """Give `with tampering(): …`, in which rows of append-only tables can be changed."""
    return triggers.set_aside
