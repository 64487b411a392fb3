"""What the tests of areas share."""

from datetime import UTC, datetime

import pytest

from linli.areas.tests.places import DAY
from linli.kit import clock


@pytest.fixture
def at_day():
    """Let it be noon of the day on which everything happens."""
    with clock.at(datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC)):
        yield DAY
