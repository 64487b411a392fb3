"""Two administrators at the same time: one wins, the other is told; never an error page."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from linli.areas.models import Area, Responsibility
from linli.areas.services.answering import Rule, set_responsibility
from linli.areas.tests.places import DAY, admin, grid_code, make_area
from linli.kit.errors import Invalid
from linli.offices.tests.people import make_office

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(verb) -> list[str]:
    """Do a verb in four connections at once; return how each ended."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's database in memory has one writer; this needs PostgreSQL")

    def attempt(_number: int) -> str:
        try:
            verb()
        except Invalid:
            return "told"
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(attempt, range(4)))


def test_one_code_is_given_once():
    assert outcomes(lambda: make_area(grid_code(1))) == ["told", "told", "told", "won"]
    assert Area.objects.count() == 1


def test_one_cell_of_the_matrix_is_filled_once():
    lead = make_office("GOV-CJ")
    row = Rule("0202", None, lead.pk, DAY)
    assert outcomes(lambda: set_responsibility(row, actor=admin()))[-1] == "won"
    assert Responsibility.objects.count() == 1
