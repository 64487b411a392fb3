"""Two people do something at once: one wins, the other is told; nothing is lost or done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linli.audit.queries import verify
from linli.duties.models import Duty, Escalation, Extension, Pause
from linli.duties.services import extensions, moves, supervision, sweeping
from linli.duties.tests.matters import THING, WORKER, at, open_handle
from linli.kit import clock
from linli.kit.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
THURSDAY = at("2026-03-05 10:00")


@pytest.fixture(autouse=True)
def owed(wednesday, works):
    return open_handle(works)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Start every verb in a thread of its own at the same moment; returns results and refusals."""
    ready = Barrier(len(verbs))

    def run(verb):
        ready.wait(10)
        try:
            with clock.at(THURSDAY):
                return verb()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def refusals(results: list[object]) -> list[int]:
    return [result.status for result in results if isinstance(result, Refused)]


def pause():
    return moves.pause_duty(THING, "handle", actor=WORKER, reason="weather")


def meet():
    return moves.meet_duty(THING, "handle", actor=WORKER)


def test_two_grants_of_one_extension(li, wang, zhao):
    with clock.at(THURSDAY):
        asked = extensions.ask_extension(THING, "handle", actor=li, limit="3wd", reason="待料")
    results = at_once(
        lambda: extensions.grant_extension(asked.pk, actor=wang),
        lambda: extensions.grant_extension(asked.pk, actor=zhao),
    )
    assert refusals(results) == [409]
    duty = Duty.objects.get()
    assert (duty.extensions, duty.extended.days) == (1, 3)
    assert not list(verify())


def test_a_grant_and_a_refusal(li, wang, zhao):
    with clock.at(THURSDAY):
        asked = extensions.ask_extension(THING, "handle", actor=li, limit="3wd", reason="待料")
    results = at_once(
        lambda: extensions.grant_extension(asked.pk, actor=wang),
        lambda: extensions.refuse_extension(asked.pk, actor=zhao),
    )
    assert refusals(results) == [409]
    granted = Extension.objects.get().state == "granted"
    assert Duty.objects.get().extensions == int(granted)


def test_a_pause_and_the_end_of_the_work():
    results = at_once(pause, meet)
    assert refusals(results) == [409]
    duty = Duty.objects.get()
    assert duty.state in {"paused", "met"}
    assert Pause.objects.count() == (duty.state == "paused")


def test_two_pauses():
    assert refusals(at_once(pause, pause)) == [409]
    assert Pause.objects.count() == 1


def test_met_twice_is_met_once():
    results = at_once(meet, meet)
    assert sum(result is None for result in results) == 1


def test_the_same_step_opened_twice(works, matter):
    Duty.objects.all().delete()
    results = at_once(*[lambda: open_handle(works)] * 3)
    assert refusals(results) == [409, 409]
    assert Duty.objects.count() == 1


def test_two_wishes_for_more_time(li):
    def ask():
        return extensions.ask_extension(THING, "handle", actor=li, limit="3wd", reason="待料")

    assert refusals(at_once(ask, ask)) == [409]
    assert Extension.objects.count() == 1


def test_two_replies_to_one_order(li, qian):
    with clock.at(THURSDAY):
        order = supervision.order_supervision(THING, "handle", actor=qian, text="为何？")
    results = at_once(*[lambda: supervision.reply_order(order.pk, actor=li, text="明日修好")] * 2)
    assert refusals(results) == [409]


def test_two_workers_sweep_and_every_alarm_sounds_once():
    late = at("2026-03-20 08:00")
    at_once(*[lambda: sweeping.sweep(late)] * 3)
    assert sorted(Escalation.objects.values_list("kind", flat=True)) == ["order", "red"]
    assert not list(verify())


def test_a_sweep_and_the_end_of_the_work():
    late = at("2026-03-20 08:00")
    at_once(lambda: sweeping.sweep(late), meet)
    duty = Duty.objects.get()
    assert (duty.state, duty.alarm) == ("met", "")
