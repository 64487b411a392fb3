"""A receipt proves that a report stands in a published root."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from linli.audit.models import Root
from linli.audit.queries import get_receipt
from linli.audit.services import publish_root, publish_roots, record
from linli.audit.tests.actors import OTHER_TOWN, OTHER_WORKER, TOWN, WORKER
from linli.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports():
    with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        for number in range(7):
            record("case.reported", f"case:{number}", actor=WORKER)


def test_there_is_none_before_the_day_is_over(reports):
    assert get_receipt("case:3", "case.reported") is None


def test_there_is_none_for_what_never_happened(reports):
    publish_root(TOWN, date(2026, 3, 2))
    assert get_receipt("case:99", "case.reported") is None


@pytest.mark.parametrize("number", range(7))
def test_it_proves_every_report_of_the_day(number, reports):
    root = publish_root(TOWN, date(2026, 3, 2))
    receipt = get_receipt(f"case:{number}", "case.reported")
    assert receipt.holds()
    assert (receipt.root, receipt.index, receipt.size) == (root.root, number, 7)


def test_it_proves_nothing_else(reports):
    publish_root(TOWN, date(2026, 3, 2))
    receipt = get_receipt("case:3", "case.reported")
    for lie in ({"leaf": "00" * 32}, {"index": 4}, {"index": 7}, {"size": 4}, {"root": "00" * 32}):
        assert not replace(receipt, **lie).holds()


def test_the_next_root_begins_where_the_last_one_ended(reports):
    publish_root(TOWN, date(2026, 3, 2))
    with clock.at(datetime(2026, 3, 3, 4, tzinfo=UTC)):
        record("case.closed", "case:3", actor=WORKER)
    root = publish_root(TOWN, date(2026, 3, 3))
    assert (root.first, root.last) == (8, 8)
    assert get_receipt("case:3", "case.closed").holds()


def test_a_root_is_published_once(reports):
    assert publish_root(TOWN, date(2026, 3, 2)) == publish_root(TOWN, date(2026, 3, 2))
    assert publish_root(TOWN, date(2026, 3, 1)) is None
    assert publish_root(TOWN, date(2026, 3, 3)) is None


def test_what_happened_after_midnight_waits_for_the_next_root():
    with clock.at(datetime(2026, 3, 2, 15, 59, tzinfo=UTC)):
        record("case.reported", "case:1", actor=WORKER)
    with clock.at(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)):
        record("case.reported", "case:2", actor=WORKER)
    assert publish_root(TOWN, date(2026, 3, 2)).last == 1


def test_every_town_gets_the_root_of_yesterday(reports):
    with clock.at(datetime(2026, 3, 2, 5, tzinfo=UTC)):
        record("case.reported", "case:9", actor=OTHER_WORKER)
    with clock.at(datetime(2026, 3, 2, 17, tzinfo=UTC)):
        assert publish_roots() == 2
    assert set(Root.objects.values_list("township", "day")) == {
        (TOWN, date(2026, 3, 2)),
        (OTHER_TOWN, date(2026, 3, 2)),
    }
