"""Two do something at once: one wins, the other is told what changed; nobody waits for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linli.audit.queries import verify
from linli.cases.models.case import Case
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.tests.test_handling import SOLVED
from linli.cases.tests.town import MONDAY, Town, make_town
from linli.duties.models import Duty
from linli.duties.services.calendars import edit_day
from linli.duties.services.sweeping import sweep
from linli.kit import clock
from linli.kit.errors import Refused, Stale
from linli.offices.models import system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def town() -> Town:
    """The small town, seen by several threads."""
    with clock.at(MONDAY):
        return make_town()


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Do all verbs at the same moment, each in a thread; returns results and refusals in order."""
    begin, results = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int) -> None:
        try:
            begin.wait()
            with clock.at(MONDAY + timedelta(minutes=5)):
                results[place] = verbs[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def made(town: Town, *steps: str) -> Case:
    """Return a new case that went these steps."""
    with clock.at(MONDAY):
        case = town.report(category="0201")
        for step in steps:
            {
                "register": lambda: sorting.register(case.pk, actor=town.intake),
                "dispatch": lambda: dispatching.dispatch(
                    case.pk, actor=town.dispatcher, lead=town.lights
                ),
                "sign": lambda: handling.sign(case.pk, actor=town.handler),
                "reply": lambda: handling.reply(case.pk, actor=town.handler, answer=SOLVED),
            }[step]()
        return Case.objects.get(pk=case.pk)


def whole() -> None:
    """Assert that no trail is broken and no duty is doubled."""
    assert list(verify()) == []
    live = list(Duty.objects.live().values_list("matter_key", "step", "office"))
    assert len(live) == len(set(live))


def test_of_two_verifiers_one_closes(town: Town) -> None:
    case = made(town, "register", "dispatch", "sign", "reply")
    results = at_once(
        lambda: checking.close(case.pk, actor=town.verifier, seen=case.version, method="site"),
        lambda: checking.close(case.pk, actor=town.caller, seen=case.version, method="phone"),
    )
    stale = [one for one in results if isinstance(one, Stale)]
    assert len(stale) == 1, results
    assert stale[0].data["changes"][0]["verb"] == "close"
    whole()


def test_of_two_dispatchers_one_is_told(town: Town) -> None:
    case = made(town, "register")
    results = at_once(
        *(
            lambda lead=lead: dispatching.dispatch(
                case.pk, actor=town.dispatcher, seen=case.version, lead=lead
            )
            for lead in (town.lights, town.roads)
        )
    )
    assert [isinstance(one, Stale) for one in results].count(True) == 1, results
    whole()


def test_a_corrected_category_does_not_hide_the_case_from_who_waits(town: Town) -> None:
    case = made(town)
    reporter = town.reporter(case)
    results = at_once(
        lambda: sorting.classify(case.pk, actor=town.intake, category="0301", reason="是垃圾"),
        lambda: reporting.urge(case.pk, actor=reporter, seen=1),
    )
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Stale)]
    whole()


def test_merging_each_into_the_other_leaves_one(town: Town) -> None:
    first, second = made(town), made(town)
    results = at_once(
        lambda: sorting.merge(first.pk, actor=town.intake, into=second.number),
        lambda: sorting.merge(second.pk, actor=town.intake, into=first.number),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert Case.objects.open().count() == 1
    whole()


@pytest.mark.parametrize("round_", range(4))
def test_the_worker_and_people_do_not_wait_for_each_other(town: Town, round_: int) -> None:
    cases = [made(town, "register", "dispatch") for _ in range(3)]
    later = MONDAY + timedelta(hours=5)
    results = at_once(
        lambda: sweep(later),
        lambda: [reporting.urge(case.pk, actor=town.reporter(case)) for case in cases],
        lambda: edit_day(
            MONDAY.date() + timedelta(days=1), actor=system_admin(town), working=False
        ),
        lambda: [handling.sign(case.pk, actor=town.handler) for case in reversed(cases)],
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    whole()


def system_admin(town: Town):
    """Return the worker, who may load calendars."""
    return system(town.village.township)


def test_a_verb_that_fails_half_way_leaves_nothing(town: Town) -> None:
    case = made(town, "register")

    @transaction.atomic
    def half() -> None:
        dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    again = Case.objects.get(pk=case.pk)
    assert (again.state, again.version) == ("registered", case.version)
    assert not Duty.objects.filter(matter_key=case.pk, step="handle").exists()
    whole()
