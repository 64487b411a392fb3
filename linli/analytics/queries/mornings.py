"""The morning brief: what came in, what is due, what is late, what waits, what is on hand."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.kit import clock
from linli.offices.models import Actor


@dataclass(frozen=True)
class Morning:
    """Numbers of cases that the actor sees; `new` came in since the midnight before last."""

    new: int
    due_today: int
    late: int
    to_verify: int
    on_hand: int


def morning(actor: Actor) -> Morning:
    """Return the brief, in one statement."""
    now = clock.now()
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    open_ = ~Q(state=State.CLOSED)
    counts = {
        "new": Q(reported_at__gte=midnight - timedelta(days=1)),
        "due_today": open_ & Q(due_at__gte=now, due_at__lt=midnight + timedelta(days=1)),
        "late": open_ & Q(due_at__lt=now),
        "to_verify": Q(state=State.VERIFYING),
        "on_hand": open_,
    }
    wanted = open_ | counts["new"]
    found = (
        Case.objects.visible_to(actor)
        .filter(wanted)
        .aggregate(**{name: Count("pk", filter=counted) for name, counted in counts.items()})
    )
    return Morning(**found)
