"""What one act leaves in the trail."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, transaction

from linli.audit.models import Entry, Head, Salt
from linli.audit.queries import verify
from linli.audit.services import Line, commitment, record, record_many
from linli.audit.tests.actors import OTHER_WORKER, TOWN, WORKER


@pytest.mark.django_db
def test_it_says_who_did_what_to_which_matter():
    entry = record("case.closed", "case:1", actor=WORKER, outcome="solved", round=2)
    assert (entry.actor, entry.act, entry.subject) == ("system:worker", "case.closed", "case:1")
    assert json.loads(entry.facts) == {"outcome": "solved", "round": 2}


@pytest.mark.django_db
def test_each_town_has_its_own_chain():
    record("case.closed", "case:1", actor=WORKER)
    other = record("case.closed", "case:2", actor=OTHER_WORKER)
    assert (other.seq, other.previous) == (1, "0" * 64)


@pytest.mark.django_db
def test_personal_values_enter_only_as_commitments():
    entry = record("case.reported", "case:1", actor=WORKER, personal={"phone": "139", "name": ""})
    salt = Salt.objects.get(entry=entry)
    assert "139" not in entry.facts
    assert json.loads(entry.facts)["commitments"] == {"phone": commitment(salt.salt, "139")}


@pytest.mark.django_db
def test_two_equal_values_cannot_be_told_to_be_equal():
    one, two = (record("a.b", "case:1", actor=WORKER, personal={"p": "139"}) for _ in range(2))
    assert one.facts != two.facts


@pytest.mark.django_db
@pytest.mark.parametrize("size", [2, 80])
def test_many_lines_cost_as_much_as_two(size, django_assert_num_queries):
    record("a.b", "case:0", actor=WORKER)
    lines = [Line("a.b", f"case:{number}", {}, {"phone": "139"}) for number in range(size)]
    with django_assert_num_queries(4):
        record_many(lines, actor=WORKER)
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_those_who_act_at_once_or_take_it_back_leave_no_gap():
    def act(number):
        try:
            with suppress(ZeroDivisionError), transaction.atomic():
                record("case.closed", f"case:{number}", actor=WORKER)
                assert 1 / (number % 4)  # every fourth is taken back
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(40)))
    seqs = Entry.objects.filter(township=TOWN).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, 31))
    assert Head.objects.get(township=TOWN).seq == 30
    assert list(verify()) == []
