"""The small town, at nine on a Monday morning."""

from collections.abc import Iterator

import pytest

from linli.cases.tests.town import MONDAY, Town, make_town
from linli.kit import clock


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The small town on Monday, 1 June 2026, 09:00."""
    with clock.at(MONDAY):
        yield make_town()
