"""What is owed: on one matter, and as worklists of everything that an actor sees."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.duties.choices import Alarm, DutyState, ExtensionState, Matter
from linli.duties.models import Duty, DutyQuerySet, Escalation, Extension
from linli.duties.rules import access
from linli.duties.rules.clocks import Calendar, office_time
from linli.duties.rules.deadlines import limit_of
from linli.kit import clock
from linli.kit.errors import Unseen
from linli.offices.models import Actor, Office

PAGE = 50
_ROUND = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)


def running(matter: Matter) -> list[Duty]:
    """Return what is still owed on a matter, running or paused, the most urgent first."""
    return list(Duty.objects.of(matter).live().order_by("due_at", "pk"))


def list_for(matter: Matter) -> list[Duty]:
    """Return every duty that a matter ever had, with its pauses and extensions, in order."""
    return _whole(Duty.objects.of(matter))


def list_readable(actor: Actor, kind: str, key: UUID) -> list[Duty]:
    """Return every duty of a matter that its own app lets the actor read; Unseen otherwise."""
    if not access.may_read_matter(actor, kind, key):
        raise Unseen
    return _whole(Duty.objects.filter(township=actor.township, matter_kind=kind, matter_key=key))


def get_duty(actor: Actor, pk: UUID) -> Duty:
    """Return one duty with its whole story; Unseen where it is not the actor's to see."""
    found = _whole(Duty.objects.visible_to(actor).filter(pk=pk))
    if not found:
        raise Unseen
    return found[0]


def _whole(duties: DutyQuerySet) -> list[Duty]:
    rows = duties.select_related("office").order_by("started_at", "pk")
    return list(rows.prefetch_related("pauses", "asked_extensions", "escalations"))


def next_due(matter: Matter) -> tuple[datetime | None, datetime | None]:
    """Return when the first running duty of a matter is due, and when it turns yellow."""
    live = Duty.objects.of(matter).filter(state=DutyState.RUNNING).order_by("due_at", "pk")
    return live.values_list("due_at", "yellow_at").first() or (None, None)


def was_owed(matter: Matter, step: str) -> bool:
    """Say whether a step was ever owed on a matter."""
    return Duty.objects.of(matter).filter(step=step).exists()


def asked_extension(matter: Matter) -> Extension | None:
    """Return the extension of a matter that waits for a decision."""
    waiting = Extension.objects.filter(
        state=ExtensionState.ASKED,
        duty__matter_kind=matter.kind,
        duty__matter_key=matter.key,
        duty__state=DutyState.RUNNING,
    )
    return waiting.select_related("duty").first()


def list_longer(matter: Matter, step: str) -> list[str]:
    """Return how much more time may be asked for: counted as the limit is, at most as long."""
    duty = Duty.objects.of(matter).live().filter(step=step).first()
    if duty is None:
        return []
    own = limit_of(duty)
    counts = {count for count in _ROUND if count < own.count} | {own.count}
    return [f"{count}{own.unit}" for count in sorted(counts)]


def worklist(actor: Actor) -> DutyQuerySet:
    """Return the running duties that an actor sees, the nearest deadline first."""
    seen = Duty.objects.visible_to(actor).filter(state=DutyState.RUNNING)
    return seen.select_related("office").order_by("due_at", "pk")


@dataclass(frozen=True)
class Wanted:
    """The filters of the worklist; blank means all."""

    step: str = ""
    office: UUID | None = None
    urgency: str = ""
    late: bool = False
    after: str = ""


@dataclass(frozen=True)
class Listed:
    """A page of duties, and where the next one begins."""

    duties: list[Duty]
    after: str


def list_duties(actor: Actor, wanted: Wanted) -> Listed:
    """Return a page of the worklist."""
    rows = worklist(actor)
    for name in ("step", "office", "urgency"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.late:
        rows = rows.late(clock.now())
    if place := _place(wanted.after):
        rows = rows.filter(Q(due_at__gt=place[0]) | Q(due_at=place[0], pk__gt=place[1]))
    page = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    after = f"{last.due_at.isoformat()}_{last.pk}" if last and last.due_at else ""
    return Listed(page[:PAGE], after)


def _place(after: str) -> tuple[datetime, UUID] | None:
    moment, _line, key = after.partition("_")
    try:
        due_at, pk = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None
    return (due_at, pk) if due_at.tzinfo and 1900 <= due_at.year <= 2200 else None


@dataclass(frozen=True)
class Overview:
    """What is owed now: by step, by office, and how much of it is late, the most first."""

    steps: list[tuple[str, str]]
    offices: list[Office]
    late: list[tuple[Office, int]]


def get_overview(actor: Actor) -> Overview:
    """Return the kinds, steps and offices of the running duties that an actor sees."""
    late = Count("pk", filter=Q(due_at__lt=clock.now()))
    sums = worklist(actor).order_by().values("matter_kind", "step", "office").annotate(late=late)
    counts: Counter[UUID] = Counter()
    for row in sums:
        counts[row["office"]] += row["late"]
    offices = list(Office.objects.filter(pk__in=counts))
    return Overview(
        steps=sorted({(row["matter_kind"], row["step"]) for row in sums}),
        offices=offices,
        late=sorted(
            ((office, counts[office.pk]) for office in offices if counts[office.pk]),
            key=lambda pair: -pair[1],
        ),
    )


def late_by_office(actor: Actor) -> list[tuple[Office, int]]:
    """Return how many running duties of each office are late, the most first."""
    return get_overview(actor).late


def list_orders(actor: Actor, *, answered: bool = False) -> list[Escalation]:
    """Return the supervision orders that an actor sees: the open ones, or the answered."""
    orders = Escalation.objects.filter(kind=Alarm.ORDER, replied_at__isnull=not answered)
    return list(_of_seen(actor, orders).order_by("-at" if answered else "at")[:200])


def get_order(actor: Actor, pk: UUID) -> Escalation:
    """Return one supervision order; Unseen where the actor does not see its duty."""
    order = Escalation.objects.select_related("duty__office").filter(pk=pk, kind=Alarm.ORDER)
    found = order.first()
    if found is None or not access.may_see(actor, found.duty):
        raise Unseen
    return found


def list_hung(township: str) -> list[Escalation]:
    """Return the hung problems of a township for everybody: number, step, office, condition."""
    hung = Escalation.objects.filter(township=township, kind=Alarm.HANG, lifted_at=None)
    return list(hung.select_related("duty__office").order_by("at")[:200])


def _of_seen(actor: Actor, rows: QuerySet[Escalation]) -> QuerySet[Escalation]:
    seen = Duty.objects.visible_to(actor).values("pk")
    return rows.filter(duty__in=seen).select_related("duty__office")


def spell_left(due_at: datetime, now: datetime, calendar: Calendar) -> str:
    """Say how much time is left, or since when it is late, as offices count: in working time."""
    late = due_at < now
    words = _spell(*((due_at, now) if late else (now, due_at)), calendar)
    if not words:
        return (
            _("less than one working hour late") if late else _("less than one working hour left")
        )
    return (_("%(time)s late") if late else _("%(time)s left")) % {"time": words}


def _spell(start: datetime, end: datetime, calendar: Calendar) -> str:
    if (minutes := int((end - start).total_seconds() // 60)) < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    worked = office_time(start, end, calendar)
    if days := worked // calendar.working_day:
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    if hours := int(worked.total_seconds() // 3600):
        return ngettext("%(n)d working hour", "%(n)d working hours", hours) % {"n": hours}
    return ""
