"""What is due is erased in batches; an eraser that fails is loud and stops nobody else."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from linli.audit.models import Entry, Salt
from linli.audit.queries import verify
from linli.kit import clock, queue
from linli.offices.tests.people import TOWN, make_actor
from linli.privacy import services, tasks
from linli.privacy.choices import KEEP_DAYS
from linli.privacy.models import SubjectRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def erasers(monkeypatch):
    monkeypatch.setattr(services, "_erasers", {"privacy.requests": services.erase_requests})


def answered(days_ago):
    officer = make_actor(f"officer{days_ago}", "R20", second_factor=True)
    with clock.at(clock.now() - timedelta(days=days_ago)):
        asked = services.ask(township=TOWN, kind="erase", text="请删除", contact="13800138000")
        services.answer(asked.pk, "已删除", actor=officer)
    return asked


def test_answered_requests_are_erased_after_their_time():
    old, young = answered(KEEP_DAYS + 1), answered(KEEP_DAYS - 1)
    assert services.erase_due() == {"privacy.requests": 1}
    old.refresh_from_db()
    young.refresh_from_db()
    assert [bool(old.text), bool(old.contact), bool(old.answer)] == [False] * 3
    assert young.contact.open() == "13800138000"
    assert not Salt.objects.filter(entry__subject=old.subject).exists()
    assert Salt.objects.filter(entry__subject=young.subject).exists()
    assert list(verify()) == []


def test_an_open_request_is_never_erased():
    with clock.at(clock.now() - timedelta(days=900)):
        services.ask(township=TOWN, kind="access", text="还没有答复", contact="13800138000")
    assert services.erase_due() == {"privacy.requests": 0}


def test_batches_are_bounded_and_go_on_until_nothing_is_left(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    left, limits = [5], []

    def eraser(_now, limit):
        limits.append(limit)
        erased = min(limit, left[0])
        left[0] -= erased
        return erased

    services.register_eraser("test.rows", eraser)
    assert services.erase_due()["test.rows"] == 5
    assert limits == [2, 2, 2, 2]


def test_a_failing_eraser_is_loud_and_stops_nobody():
    def broken(_now, _limit):
        raise OSError("the disk is gone")

    services.register_eraser("a.broken", broken)
    old = answered(KEEP_DAYS + 1)
    with pytest.raises(ExceptionGroup) as failure:
        tasks.erase_due()
    assert "the disk is gone" in repr(failure.value.exceptions[0])
    old.refresh_from_db()
    assert not old.contact
    facts = json.loads(Entry.objects.get(act="privacy.erased").facts)
    assert facts == {"counts": {"a.broken": 0, "privacy.requests": 1}, "failed": ["a.broken"]}


def test_a_failed_batch_leaves_nothing_half_erased():
    def half(_now, _limit):
        SubjectRequest.objects.update(contact="")
        raise OSError

    services.register_eraser("z.half", half)
    young = answered(1)
    with pytest.raises(ExceptionGroup):
        services.erase_due()
    young.refresh_from_db()
    assert young.contact


def test_an_eraser_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(services, "MOST_BATCHES", 3)
    services.register_eraser("z.endless", lambda _now, _limit: 1)
    with pytest.raises(ExceptionGroup) as failure:
        services.erase_due()
    assert "nothing is left" in str(failure.value.exceptions[0])


def test_twins_are_refused():
    with pytest.raises(ValueError, match="twice"):
        services.register_eraser("privacy.requests", services.erase_requests)


def test_the_command_says_how_many(capsys):
    answered(KEEP_DAYS + 1)
    call_command("erase_due")
    assert "privacy.requests: 1" in capsys.readouterr().out


def test_it_runs_every_night():
    assert "privacy.erase_due" in queue._rules
    assert tasks.erase_due.outside
