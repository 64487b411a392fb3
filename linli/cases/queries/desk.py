"""The worklist of a desk: where a list begins, and how much waits."""

from collections.abc import Callable, Mapping

from django.db.models import Count, Q

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.queries.cases import list_verifiable
from linli.cases.queries.lists import Cases
from linli.kit import clock
from linli.offices.models import Actor


def _all(actor: Actor) -> Cases:
    return Case.objects.visible_to(actor)


def _of_office(actor: Actor) -> Cases:
    return _all(actor).filter(lead_office=actor.office)


def _mine(actor: Actor) -> Cases:
    return _all(actor).filter(handler=actor.post)


def _objected(actor: Actor) -> Cases:
    return _all(actor).filter(objected=True)


BEGINNINGS: Mapping[str, Callable[[Actor], Cases]] = {
    "": _all,
    "office": _of_office,
    "mine": _mine,
    "verify": list_verifiable,
    "objections": _objected,
}


def begin(actor: Actor, which: str) -> Cases:
    """Return the cases from which a list is narrowed: a key of BEGINNINGS, everything otherwise."""
    return BEGINNINGS.get(which, _all)(actor)


def count_work(actor: Actor) -> dict[str, int]:
    """Return how much waits for an actor, by the lists that the desk offers."""
    now = clock.now()
    is_open = ~Q(state=State.CLOSED)
    counts: dict[str, int] = _all(actor).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_at__lt=now)),
        soon=Count("pk", filter=is_open & Q(yellow_at__lte=now, due_at__gte=now)),
        office=Count("pk", filter=is_open & Q(lead_office=actor.office)),
        mine=Count("pk", filter=is_open & Q(handler=actor.post)),
        objections=Count("pk", filter=Q(objected=True)),
    )
    return {**counts, "verify": list_verifiable(actor).count()}
